// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VFIO's own places, read from folders made here: nodes, what its drivers
 * made, what is not on PCI, machines that are no PC.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/plant.h"
#include "model/viable.h"
#include "source/granted.h"
#include "source/read.h"
#include "source/root.h"

#define GPU "sys/devices/pci0000:00/0000:00:02.0/"
#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

/* A function on a vfio driver, in group 7, with a node of its own, and a
 * mediated device below it in group 8. */
static void put_parent(void)
{
	plant_text(GPU "uevent", "DRIVER=vfio-pci\nPCI_CLASS=30000\n"
		   "PCI_ID=8086:1234\nPCI_SUBSYS_ID=0000:0000\n"
		   "PCI_SLOT_NAME=0000:00:02.0\n");
	plant_link("sys/bus/pci/devices/0000:00:02.0",
		   "../../../devices/pci0000:00/0000:00:02.0");
	plant_link(GPU "iommu_group", "../../../kernel/iommu_groups/7");
	plant_link("sys/kernel/iommu_groups/7/devices/0000:00:02.0",
		   "../../../../devices/pci0000:00/0000:00:02.0");
	plant_folder(GPU "vfio-dev/vfio0");
	plant_link("sys/class/vfio-dev/vfio0",
		   "../../devices/pci0000:00/0000:00:02.0/vfio-dev/vfio0");
}

static void put_mediated(void)
{
	plant_folder(GPU UUID "/vfio-dev/vfio1");
	plant_link("sys/class/vfio-dev/vfio1",
		   "../../devices/pci0000:00/0000:00:02.0/" UUID
		   "/vfio-dev/vfio1");
	plant_link(GPU UUID "/driver", "../../../../bus/mdev/drivers/mtty");
	plant_link("sys/kernel/iommu_groups/8/devices/" UUID,
		   "../../../../devices/pci0000:00/0000:00:02.0/" UUID);
}

static const struct system *look(struct arena *arena)
{
	struct err err = {0};
	struct root *root = root_open(plant_root, &err);

	assert_non_null(root);
	const struct system *system =
		source_read(root, arena, AREA_ALL, NULL);
	root_close(root);
	return system;
}

static const struct group *group_at(const struct system *system,
				    unsigned number)
{
	int index = system_group(system, number);

	assert_int_not_equal(index, NONE);
	return &system->groups[index];
}

static void a_mediated_device_is_not_its_parent(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_parent();
	put_mediated();
	const struct system *system = look(&arena);
	assert_int_equal(system->vfio.devices_known, KNOWN);
	assert_int_equal(system->vfio.device_count, 2);
	assert_string_equal(system_vfio_device(system, 0, NULL)->name,
			    "vfio0");
	const struct vfio_device *made = system_vfio_device(system, NONE,
							    UUID);
	assert_string_equal(made->name, "vfio1");
	assert_int_equal(made->device, NONE);
	/* Its group is vfio's, whatever its driver is called. */
	struct viable viable = viable_group(system, group_at(system, 8));
	assert_int_equal(viable.known, KNOWN);
	assert_true(viable.on_vfio);
	assert_string_equal(group_at(system, 8)->members[0].driver.value,
			    "mtty");
	arena_free(&arena);
}

static void an_arm_board_has_devices_that_are_not_on_pci(void **state)
{
	struct arena arena = {0};

	(void)state;
	plant_text("proc/sys/kernel/osrelease", "6.12.1-arm64\n");
	plant_link("sys/devices/platform/fff51000.ethernet/driver",
		   "../../../bus/platform/drivers/vfio-platform");
	plant_link("sys/devices/platform/fff52000.dma/driver",
		   "../../../bus/platform/drivers/pl330");
	plant_link("sys/kernel/iommu_groups/0/devices/fff51000.ethernet",
		   "../../../../devices/platform/fff51000.ethernet");
	plant_link("sys/kernel/iommu_groups/1/devices/fff51000.ethernet",
		   "../../../../devices/platform/fff51000.ethernet");
	plant_link("sys/kernel/iommu_groups/1/devices/fff52000.dma",
		   "../../../../devices/platform/fff52000.dma");
	plant_folder("sys/devices/platform/fff51000.ethernet/vfio-dev/vfio0");
	plant_link("sys/class/vfio-dev/vfio0",
		   "../../devices/platform/fff51000.ethernet/vfio-dev/vfio0");
	const struct system *system = look(&arena);
	assert_int_equal(system->group_count, 2);
	struct viable viable = viable_group(system, group_at(system, 0));
	assert_int_equal(viable.known, KNOWN);
	assert_true(viable.on_vfio);
	viable = viable_group(system, group_at(system, 1));
	assert_int_equal(viable.known, ABSENT);
	assert_string_equal(group_at(system, 1)->members[viable.culprit].name,
			    "fff52000.dma");
	assert_string_equal(system->vfio.devices[0].owner,
			    "fff51000.ethernet");
	assert_int_equal(system->vfio.devices[0].device, NONE);
	arena_free(&arena);
}

static void a_mainframes_channels_are_no_addresses(void **state)
{
	struct arena arena = {0};

	(void)state;
	plant_text("proc/sys/kernel/osrelease", "6.12.1-s390x\n");
	plant_folder("sys/devices/css0/0.0.0313/" UUID "/vfio-dev/vfio0");
	plant_link("sys/class/vfio-dev/vfio0",
		   "../../devices/css0/0.0.0313/" UUID "/vfio-dev/vfio0");
	plant_folder("sys/devices/vfio_ap/matrix/" UUID "/vfio-dev/vfio1");
	plant_link("sys/class/vfio-dev/vfio1",
		   "../../devices/vfio_ap/matrix/" UUID "/vfio-dev/vfio1");
	plant_link("sys/kernel/iommu_groups/0/devices/" UUID,
		   "../../../../devices/css0/0.0.0313/" UUID);
	plant_text("dev/vfio/vfio", "");
	plant_text("dev/vfio/0", "");
	plant_text("dev/vfio/devices/vfio0", "");
	const struct system *system = look(&arena);
	assert_int_equal(system->device_count, 0);
	assert_int_equal(system->vfio.device_count, 2);
	assert_string_equal(system->vfio.devices[1].owner, UUID);
	assert_int_equal(system->vfio.devices[1].device, NONE);
	assert_int_equal(group_at(system, 0)->members[0].device, NONE);
	assert_int_equal(system->vfio.node_count, 3);
	assert_int_equal(system->vfio.cdevs_known, KNOWN);
	arena_free(&arena);
}

static void a_capture_keeps_what_the_container_said(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_parent();
	plant_text("vfiotop/container", "version 0\nextension 1 1\n"
		   "extension 2 0\nextension 3 1\nextension 9 1\n"
		   "extension 77 1\nextension\nelse 5 5\n");
	plant_text("vfiotop/owner/dev/vfio/vfio", "438 0 0\n");
	plant_text("dev/vfio/vfio", "");
	const struct system *system = look(&arena);
	assert_int_equal(system->vfio.extensions_known, KNOWN);
	assert_int_equal(system->vfio.extensions, 0x20a);
	assert_int_equal(system_access(system, "/dev/vfio/vfio")->mode.value,
			 0666);
	assert_null(system_access(system, "/dev/vfio/7"));
	arena_free(&arena);
}

/* A folder is not this machine: its node is not opened. */
static void a_folders_container_is_not_asked(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_parent();
	plant_text("sys/class/misc/vfio/dev", "10:196\n");
	plant_text("dev/vfio/vfio", "");
	const struct system *system = look(&arena);
	assert_int_equal(system->vfio.extensions_known, UNREAD);
	arena_free(&arena);
}

static void parameters_are_those_of_loaded_modules(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_parent();
	plant_text("sys/module/vfio_pci/parameters/disable_idle_d3", "N\n");
	plant_text("sys/module/vfio_pci/parameters/ids\033[2J", "x\n");
	plant_text("sys/module/nvme/parameters/poll_queues", "0\n");
	const struct system *system = look(&arena);
	assert_int_equal(system->vfio.parameter_count, 2);
	assert_string_equal(system->vfio.parameters[0].name,
			    "disable_idle_d3");
	assert_string_equal(system->vfio.parameters[0].value.value, "N");
	assert_string_equal(system->vfio.parameters[1].name, "ids^[[2J");
	arena_free(&arena);
}

static void a_guest_is_named_beside_who_runs_it(void **state)
{
	struct arena arena = {0};
	unsigned from = 0;

	(void)state;
	put_parent();
	plant_text("vfiotop/holders", "12 0\n"
		   "77\t/dev/vfio/7\tqemu-system-x86\twin10\n"
		   "77\t/dev/vfio/vfio\tqemu-system-x86\twin10\n"
		   "80\t/dev/iommu\tcrosvm\n");
	const struct system *system = look(&arena);
	const struct holder *holder =
		system_holder(system, &from, "/dev/vfio/7");
	assert_non_null(holder);
	assert_string_equal(holder->command, "qemu-system-x86");
	assert_string_equal(holder->guest, "win10");
	assert_int_equal(holder->device, 0);
	assert_null(system_holder(system, &from, "/dev/vfio/7"));
	from = 0;
	holder = system_holder(system, &from, "/dev/iommu");
	assert_null(holder->guest);
	assert_int_equal(holder->device, NONE);
	arena_free(&arena);
}

/* The decoder is tried in test_vfio; here, that it is reached. */
static void a_record_is_understood(void **state)
{
	static const char record[] = "api cdev\nstop-bind 0 16\n";
	struct arena arena = {0};
	const struct grant *grant =
		granted_read(record, sizeof record - 1, &arena);

	(void)state;
	assert_int_equal(grant->stage, GRANT_BIND);
	assert_null(granted_read("nonsense", 8, &arena));
	arena_free(&arena);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, plant_start, plant_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_mediated_device_is_not_its_parent),
		TEST(an_arm_board_has_devices_that_are_not_on_pci),
		TEST(a_mainframes_channels_are_no_addresses),
		TEST(a_capture_keeps_what_the_container_said),
		TEST(a_folders_container_is_not_asked),
		TEST(parameters_are_those_of_loaded_modules),
		TEST(a_guest_is_named_beside_who_runs_it),
		TEST(a_record_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
