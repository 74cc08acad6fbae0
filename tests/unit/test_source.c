// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reading door and the readers, on trees made in a folder of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/plant.h"
#include "source/read.h"
#include "source/root.h"
#include "unit/source_made.h"

static void a_directory_reads_as_a_machine(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_machine();
	struct root *root = open_folder();
	check_machine(source_read(root, &arena, AREA_ALL, NULL));
	root_close(root);
	arena_free(&arena);
}

static pid_t start_renaming(void)
{
	char here[512], there[512];
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	plant_path(here, "here");
	plant_path(there, "there");
	while (rename(here, there) == 0 && rename(there, here) == 0)
		;
	_exit(1);
}

/* The kernel gives up a path with ".." in it while anything is renamed. */
static void a_name_is_found_while_others_are_renamed(void **state)
{
	struct buf text = {0};
	unsigned lost = 0;
	int status;

	(void)state;
	put_machine();
	plant_text("here", "");
	pid_t pid = start_renaming();
	struct root *root = open_folder();
	for (unsigned i = 0; i < 5000; i++)
		lost += root_read(root, NULL,
				  "sys/bus/pci/devices/0000:01:00.0/boot_vga",
				  64, &text) != KNOWN;
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(lost, 0);
	root_close(root);
	buf_free(&text);
}

static void a_missing_name_is_absent_only_where_its_folder_is(void **state)
{
	struct buf text = {0};

	(void)state;
	plant_text("sys/bus/pci/devices/0000:00:00.0/uevent",
		   "PCI_CLASS=60000");
	plant_folder("sys/kernel/iommu_groups");
	struct root *root = open_folder();
	assert_int_equal(root_read(root, NULL, "sys/bus/pci/devices/"
				   "0000:00:00.0/reset_method", 9, &text),
			 ABSENT);
	assert_int_equal(root_read(root, NULL, "sys/class/drm/card0/x", 9,
				   &text), UNREAD);
	assert_int_equal(root_read(root, NULL, "proc/cmdline", 9, &text),
			 UNREAD);
	assert_int_equal(root_read(root, NULL, "sys/kernel/iommu_groups/0",
				   9, &text), ABSENT);
	root_close(root);
	buf_free(&text);
}

static void nothing_leads_out_of_the_root(void **state)
{
	struct buf text = {0};

	(void)state;
	plant_link("proc/cmdline", "/etc/passwd");
	plant_link("proc/version", "../../../../../../etc/passwd");
	plant_text("etc/passwd", "inside");
	struct root *root = open_folder();
	assert_int_equal(root_read(root, NULL, "proc/cmdline", 64, &text),
			 KNOWN);
	assert_string_equal(buf_str(&text), "inside");
	assert_int_equal(root_read(root, NULL, "proc/version", 64, &text),
			 KNOWN);
	assert_string_equal(buf_str(&text), "inside");
	root_close(root);
	buf_free(&text);
}

static void a_sleeping_device_is_left_alone(void **state)
{
	static const struct bdf woken = { 0, 1, 0, 0 };
	struct arena arena = {0};

	(void)state;
	put_machine();
	plant_text(GPU "power/runtime_status", "suspended\n");
	plant_text(GPU "max_link_speed", "16.0 GT/s PCIe\n");
	struct root *root = open_folder();
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	assert_true(system->devices[1].asleep);
	assert_int_equal(system->devices[1].config->header, ASLEEP);
	assert_int_equal(system->devices[1].speed_max.known, ASLEEP);
	assert_false(system->devices[0].asleep);
	system = source_read(root, &arena, AREA_ALL, &woken);
	assert_int_equal(system->devices[1].config->vendor, 0x10de);
	plant_text(GPU "power/runtime_status", "active\n");
	plant_text(GPU "power_state", "D3cold\n");
	system = source_read(root, &arena, AREA_ALL, NULL);
	assert_int_equal(system->devices[1].config->header, ASLEEP);
	root_close(root);
	arena_free(&arena);
}

static void an_unreadable_root_is_a_sentence(void **state)
{
	struct err err = {0};
	char path[512];

	(void)state;
	plant_path(path, "nothing-here");
	assert_null(root_open(path, &err));
	assert_non_null(strstr(err.text, "nothing-here"));
	plant_path(path, "junk");
	plant_text("junk", "this is neither tar nor log\n");
	assert_null(root_open(path, &err));
	assert_non_null(strstr(err.text, "neither"));
	plant_text("junk", "");
	assert_null(root_open(path, &err));
}

static void vmd_children_hang_below_their_controller(void **state)
{
	struct arena arena = {0};

	(void)state;
	plant_text(DEVICES "0000:00:0e.0/uevent", "PCI_CLASS=10400\n"
		   "PCI_ID=8086:A77F\n");
	plant_text(DEVICES "0000:00:0e.0/pci10000:e0/10000:e0:06.0/uevent",
		   "PCI_CLASS=60400\nPCI_ID=8086:A74D\n");
	plant_link("sys/bus/pci/devices/0000:00:0e.0",
		   "../../../devices/pci0000:00/0000:00:0e.0");
	plant_link("sys/bus/pci/devices/10000:e0:06.0",
		   "../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/"
		   "10000:e0:06.0");
	struct root *root = open_folder();
	const struct system *system =
		source_read(root, &arena, AREA_DEVICES, NULL);
	assert_int_equal(system->device_count, 2);
	assert_int_equal(system->devices[1].address.domain, 0x10000);
	assert_int_equal(system->devices[1].parent, 0);
	root_close(root);
	arena_free(&arena);
}

static void mounts_routes_and_swap_find_their_device(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_machine();
	plant_text(GPU "block/sda/sda1/dev", "8:1\n");
	plant_text(GPU "net/eth0/operstate", "up\n");
	plant_link("sys/dev/block/8:1", "../../devices/pci0000:00/0000:00:01.0/"
		   "0000:01:00.0/block/sda/sda1");
	plant_link("sys/class/block/sda1", "../../devices/pci0000:00/"
		   "0000:00:01.0/0000:01:00.0/block/sda/sda1");
	plant_text("sys/devices/virtual/block/dm-0/dev", "253:0\n");
	plant_link("sys/devices/virtual/block/dm-0/slaves/sda1",
		   "../../../../pci0000:00/0000:00:01.0/0000:01:00.0/block/sda/"
		   "sda1");
	plant_link("sys/dev/block/253:0", "../../devices/virtual/block/dm-0");
	plant_link("sys/class/net/eth0",
		   "../../devices/pci0000:00/0000:00:01.0/"
		   "0000:01:00.0/net/eth0");
	plant_text("proc/self/mountinfo",
		   "26 1 8:1 / /boot rw - ext4 /dev/sda1 rw\n"
		   "27 1 253:0 / /home\\040dir rw - xfs /dev/mapper/x rw\n"
		   "28 1 0:5 / /proc rw - proc proc rw\n");
	plant_text("proc/swaps", "Filename Type Size Used Priority\n"
		   "/dev/sda1 partition 1 0 -2\n");
	plant_text(
		"proc/net/route",
		"Iface\tDestination\tGateway\tFlags\tRefCnt"
		"\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
		"eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
	struct root *root = open_folder();
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	const struct usage *usage = &system->usage;
	assert_int_equal(usage->storage_known, KNOWN);
	assert_int_equal(usage->storage_count, 3);
	assert_string_equal(usage->storage[0].what, "/boot");
	assert_int_equal(usage->storage[0].device, 1);
	assert_string_equal(usage->storage[1].what, "/home dir");
	assert_string_equal(usage->storage[2].what, "swap");
	assert_int_equal(usage->interface_count, 1);
	assert_true(usage->interfaces[0].default_route);
	assert_int_equal(usage->interfaces[0].device, 1);
	root_close(root);
	arena_free(&arena);
}

static void names_with_escapes_are_made_harmless(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_machine();
	plant_text("sys/class/dmi/id/product_name", "A\x1b]0;gotcha\x07" "B\n");
	struct root *root = open_folder();
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	assert_string_equal(system->host.dmi_product.value,
			    "A^[]0;gotcha^GB");
	root_close(root);
	arena_free(&arena);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, plant_start, plant_stop)
	const struct CMUnitTest tests[] = {
		T(a_directory_reads_as_a_machine),
		T(a_name_is_found_while_others_are_renamed),
		T(a_missing_name_is_absent_only_where_its_folder_is),
		T(nothing_leads_out_of_the_root),
		T(a_sleeping_device_is_left_alone),
		T(an_unreadable_root_is_a_sentence),
		T(vmd_children_hang_below_their_controller),
		T(mounts_routes_and_swap_find_their_device),
		T(names_with_escapes_are_made_harmless),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
