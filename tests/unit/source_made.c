// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two functions, one behind the other, as a machine has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/source_made.h"

#include "lib/plant.h"
#include "source/root.h"

void put_machine(void)
{
	uint8_t config[256] = { [0] = 0xde, 0x10, 0x84, 0x26, [0x0a] = 0x00,
				0x03 };

	plant_text(PORT "uevent", "DRIVER=pcieport\nPCI_CLASS=60400\n"
		   "PCI_ID=8086:A70D\nPCI_SUBSYS_ID=0000:0000\n"
		   "PCI_SLOT_NAME=0000:00:01.0\n");
	plant_text(PORT "secondary_bus_number", "1\n");
	plant_text(GPU "uevent", "DRIVER=nouveau\nPCI_CLASS=30000\n"
		   "PCI_ID=10DE:2684\nPCI_SUBSYS_ID=1043:8888\n"
		   "PCI_SLOT_NAME=0000:01:00.0\nMODALIAS=pci:v000010DE\n");
	plant_bytes(GPU "config", (char *)config, sizeof config);
	plant_text(GPU "resource",
		   "0x00000000c0000000 0x00000000c0ffffff 0x0000000000040200\n"
		 "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
	plant_text(GPU "boot_vga", "1\n");
	plant_text(GPU "driver_override", "(null)\n");
	plant_text(GPU "power/runtime_status", "active\n");
	plant_link("sys/bus/pci/devices/0000:00:01.0",
		   "../../../devices/pci0000:00/0000:00:01.0");
	plant_link("sys/bus/pci/devices/0000:01:00.0",
		   "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
	plant_link(GPU "iommu_group",
		   "../../../../kernel/iommu_groups/13");
	plant_link("sys/kernel/iommu_groups/13/devices/0000:01:00.0",
		   "../../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
	plant_text("sys/kernel/iommu_groups/13/type", "DMA-FQ\n");
	plant_text("sys/kernel/iommu_groups/13/reserved_regions",
		   "0x00000000fee00000 0x00000000feefffff msi\n");
}

struct root *open_folder(void)
{
	struct err err = {0};
	struct root *root = root_open(plant_root, &err);

	assert_non_null(root);
	return root;
}

void check_machine(const struct system *system)
{
	struct bdf address;

	assert_int_equal(system->device_count, 2);
	assert_true(bdf_parse("01:00.0", &address));
	const struct device *gpu =
		&system->devices[system_device(system, address)];
	assert_int_equal(gpu->class, 0x030000);
	assert_int_equal(gpu->vendor, 0x10de);
	assert_int_equal(gpu->subdevice, 0x8888);
	assert_string_equal(gpu->driver.value, "nouveau");
	assert_int_equal(gpu->driver_override.known, ABSENT);
	assert_int_equal(gpu->boot_vga.value, 1);
	assert_int_equal(gpu->parent, 0);
	assert_int_equal(gpu->bar_count, 1);
	assert_int_equal(gpu->bars[0].end, 0xc0ffffff);
	assert_int_equal(gpu->group.value, 13);
	assert_int_equal(gpu->config->vendor, 0x10de);
	assert_int_equal(gpu->reset_method.known, ABSENT);
	assert_int_equal(system->group_count, 1);
	assert_string_equal(system->groups[0].type.value, "DMA-FQ");
	assert_int_equal(system->groups[0].reserved[0].end, 0xfeefffff);
	assert_string_equal(system->groups[0].reserved[0].type, "msi");
}
