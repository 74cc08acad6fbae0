// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices in parts as sysfs shows them: virtual functions, mediated devices,
 * UIO; read from a directory, and from a capture of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/plant.h"
#include "model/parts.h"
#include "source/archive.h"
#include "source/read.h"

#define PF "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/"
#define VF "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.2/"
#define MTTY "sys/devices/virtual/mtty/mtty/"
#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

static void put_functions(void)
{
	static const char *const numbers[][2] = {
		{ "sriov_totalvfs", "4\n" }, { "sriov_numvfs", "1\n" },
		{ "sriov_offset", "2\n" }, { "sriov_stride", "1\n" },
		{ "sriov_vf_device", "10ca\n" },
		{ "sriov_drivers_autoprobe", "0\n" },
		{ "d3cold_allowed", "1\n" },
	};
	char path[128];

	plant_text(PF "uevent", "PCI_CLASS=20000\nPCI_ID=8086:10C9\n");
	plant_text(VF "uevent", "PCI_CLASS=20000\nPCI_ID=8086:10CA\n");
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		snprintf(path, sizeof path, PF "%s", numbers[i][0]);
		plant_text(path, numbers[i][1]);
	}
	/* Seven lines of its own, then those for its VFs. */
	plant_text(PF "resource",
	    "0xfea00000 0xfea1ffff 0x40200\n0x0 0x0 0x0\n0x0 0x0 0x0\n"
	    "0x0 0x0 0x0\n0x0 0x0 0x0\n0x0 0x0 0x0\n0x0 0x0 0x0\n"
	    "0xfea20000 0xfea3ffff 0x140204\n0x0 0x0 0x0\n0x0 0x0 0x0\n"
	    "0x0 0xffff 0x20140204\n");
	plant_link(VF "physfn", "../0000:01:00.0");
	plant_link(PF "virtfn0", "../0000:01:00.2");
	plant_link("sys/bus/pci/devices/0000:01:00.0",
		   "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
	plant_link("sys/bus/pci/devices/0000:01:00.2",
		   "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.2");
	plant_text("sys/module/vfio_pci/parameters/enable_sriov", "Y\n");
}

static void put_type(const char *type, const char *left)
{
	char path[160];

	snprintf(path, sizeof path, MTTY "mdev_supported_types/%s/", type);
	size_t end = strlen(path);
	snprintf(path + end, sizeof path - end, "available_instances");
	plant_text(path, left);
	snprintf(path + end, sizeof path - end, "device_api");
	plant_text(path, "vfio-pci\n");
	snprintf(path + end, sizeof path - end, "description");
	plant_text(path, "num_heads=4\nmax_instance=8\n");
}

static void put_mediated(void)
{
	put_type("mtty-1", "23\n");
	put_type("mtty-2", "11\n");
	plant_text(MTTY "mdev_supported_types/mtty-1/name",
		   "Single port serial\n");
	plant_text(MTTY UUID "/uevent", "DRIVER=mtty\n");
	plant_link(MTTY UUID "/mdev_type", "../mdev_supported_types/mtty-1");
	plant_link(MTTY UUID "/iommu_group",
		   "../../../../../kernel/iommu_groups/20");
	plant_link(MTTY UUID "/driver", "../../../../../bus/mdev/drivers/mtty");
	plant_link("sys/class/mdev_bus/mtty",
		   "../../devices/virtual/mtty/mtty");
	plant_link("sys/bus/mdev/devices/" UUID,
		   "../../../devices/virtual/mtty/mtty/" UUID);
	/* What is no UUID is no mediated device. */
	plant_link("sys/bus/mdev/devices/stranger",
		   "../../../devices/virtual/mtty/mtty/" UUID);
}

static void put_uio(void)
{
	plant_text(PF "uio/uio3/name", "uio_pci_generic\n");
	plant_text(PF "uio/uio3/version", "0.01.0\n");
	plant_text(PF "uio/uio3/event", "12\n");
	plant_text(PF "uio/uio3/maps/map0/name", "0000:01:00.0\n");
	plant_text(PF "uio/uio3/maps/map0/addr", "0x00000000fea00000\n");
	plant_text(PF "uio/uio3/maps/map0/size", "0x0000000000020000\n");
	plant_link("sys/class/uio/uio3",
		   "../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/uio/"
		   "uio3");
}

static int start(void **state)
{
	if (plant_start(state) != 0)
		return -1;
	put_functions();
	put_mediated();
	put_uio();
	return 0;
}

static struct bdf at(const char *text)
{
	struct bdf address;

	assert_true(bdf_parse(text, &address));
	return address;
}

static void check_functions(const struct system *system)
{
	int physical = system_device(system, at("01:00.0"));
	int virtual = system_device(system, at("01:00.2"));
	const struct device *pf = &system->devices[physical];
	struct bdf first;

	assert_int_equal(pf->sriov_total.value, 4);
	assert_int_equal(pf->sriov_num.value, 1);
	assert_int_equal(pf->sriov_device.value, 0x10ca);
	assert_int_equal(pf->sriov_autoprobe.known, KNOWN);
	assert_int_equal(pf->sriov_autoprobe.value, 0);
	assert_int_equal(pf->d3cold_allowed.value, 1);
	assert_int_equal(pf->bar_count, 1);
	assert_int_equal(pf->vf_bar_count, 2);
	assert_int_equal(pf->vf_bars[0].start, 0xfea20000);
	assert_int_equal(pf->vf_bars[1].index, 3);
	assert_int_equal(system->devices[virtual].physfn, physical);
	assert_int_equal(system->devices[virtual].vf_bar_count, 0);
	assert_int_equal(parts_next_vf(system, physical, NONE), virtual);
	assert_int_equal(parts_next_vf(system, physical, virtual), NONE);
	assert_true(parts_vf_address(pf, 0, &first));
	assert_int_equal(bdf_compare(first, at("01:00.2")), 0);
	assert_int_equal(parts_vf_number(pf, at("01:00.3")), 1);
	assert_int_equal(parts_vf_number(pf, at("01:00.1")), NONE);
	enum parts_lack lack;
	assert_int_equal(parts_room(system, physical, 1, &lack), ABSENT);
	assert_int_equal(lack, LACKS_MEMORY);
	assert_int_equal(system->host.enable_sriov.value, 1);
}

static void check_mediated(const struct system *system)
{
	const struct mdevs *mdevs = &system->mdevs;

	assert_int_equal(mdevs->parents_known, KNOWN);
	assert_int_equal(mdevs->parent_count, 1);
	assert_string_equal(mdevs->parents[0].name, "mtty");
	assert_int_equal(mdevs->parents[0].device, NONE);
	assert_int_equal(mdevs->type_count, 2);
	const struct mdev_type *type = &mdevs->types[parts_type(system, 0,
								"mtty-1")];
	assert_int_equal(type->available.value, 23);
	assert_string_equal(type->name.value, "Single port serial");
	assert_string_equal(type->description.value,
			    "num_heads=4, max_instance=8");
	assert_int_equal(mdevs->types[1].name.known, ABSENT);
	assert_int_equal(mdevs->item_count, 1);
	assert_string_equal(mdevs->items[0].uuid, UUID);
	assert_int_equal(mdevs->items[0].parent, 0);
	assert_string_equal(mdevs->items[0].type.value, "mtty-1");
	assert_string_equal(mdevs->items[0].driver.value, "mtty");
	assert_int_equal(mdevs->items[0].group.value, 20);
}

static void check_uio(const struct system *system)
{
	assert_int_equal(system->uio_count, 1);
	const struct uio *uio = &system->uios[0];
	assert_string_equal(uio->node, "uio3");
	assert_int_equal(uio->event.value, 12);
	assert_int_equal(uio->device, system_device(system, at("01:00.0")));
	assert_int_equal(uio->map_count, 1);
	assert_int_equal(uio->maps[0].address.value, 0xfea00000);
	assert_int_equal(uio->maps[0].size.value, 0x20000);
	assert_ptr_equal(parts_uio(system, uio->device), uio);
}

static void check_all(const struct system *system)
{
	check_functions(system);
	check_mediated(system);
	check_uio(system);
}

static void a_directory_shows_devices_in_parts(void **state)
{
	struct arena arena = {0};
	struct err err = {0};
	struct root *root = root_open(plant_root, &err);

	(void)state;
	assert_non_null(root);
	check_all(source_read(root, &arena, AREA_ALL, NULL));
	root_close(root);
	arena_free(&arena);
}

static void a_capture_holds_them_too(void **state)
{
	struct arena arena = {0};
	struct err err = {0};
	struct root *root = root_open(plant_root, &err);
	char file[128];

	(void)state;
	root_tee(root);
	source_read(root, &arena, AREA_ALL, NULL);
	snprintf(file, sizeof file, "%s/machine.tar.zst", plant_root);
	if (!archive_write(root_tree(root), file, &err))
		fail_msg("%s", err.text);
	root_close(root);
	root = root_open(file, &err);
	assert_non_null(root);
	check_all(source_read(root, &arena, AREA_ALL, NULL));
	root_close(root);
	arena_free(&arena);
}

/* Nobody looked into what is not in a directory: that is not absence. */
static void what_is_missing_is_told_apart(void **state)
{
	struct arena arena = {0};
	struct err err = {0};
	char path[128];

	(void)state;
	snprintf(path, sizeof path, "%s/sys/class/mdev_bus/mtty", plant_root);
	assert_int_equal(unlink(path), 0);
	struct root *root = root_open(plant_root, &err);
	const struct system *system = source_read(root, &arena, AREA_ALL,
						  NULL);
	assert_int_equal(system->mdevs.parents_known, KNOWN);
	assert_int_equal(system->mdevs.parent_count, 0);
	/* The device is there without its parent. */
	assert_int_equal(system->mdevs.item_count, 1);
	assert_int_equal(system->mdevs.items[0].parent, NONE);
	root_close(root);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_directory_shows_devices_in_parts, start, plant_stop),
		cmocka_unit_test_setup_teardown(a_capture_holds_them_too,
						start, plant_stop),
		cmocka_unit_test_setup_teardown(what_is_missing_is_told_apart,
						start, plant_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
