// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_MACHINE_H
#define TESTS_MACHINE_H

#include "base/arena.h"
#include "model/build.h"
#include "model/system.h"

/*
 * Machines made from C tables, for what no one can send: a port without ACS,
 * a group that a stranger shares.  A made machine is a frozen system; nothing
 * is read.  Tests change the plain fields of the builder's system before
 * freezing when they want something odd.
 */
struct made_device {
	const char *address;	/* "01:00.0"; NULL ends a table */
	uint32_t class;		/* 24 bits */
	uint32_t id;		/* vendor << 16 | device */
	const char *driver;	/* NULL: none bound */
	int group;		/* -1: in no group */
	uint8_t pcie_type;	/* enum pcie_type; MADE_PCI: not on PCIe */
	bool multifunction;
	uint8_t secondary;	/* bridges: the bus below; 0 else */
	bool has_acs;
	uint16_t acs_cap, acs_ctrl;
};

enum { MADE_PCI = 0xff };

/* Begin a machine with a healthy host: Intel, VT-d on, groups, interrupt
 * remapping, vfio-pci loaded, an empty and complete log. */
void made_start(struct builder *builder, struct arena *arena);

/* Add the devices of a table, with their groups, drivers and one IOMMU unit. */
void made_devices(struct builder *builder, const struct made_device *table);

/* Both, and freeze. */
const struct system *made_machine(struct arena *arena,
				  const struct made_device *table);

/* A desktop: boot GPU 00:02.0 (i915, group 1), GPU 01:00.0 with audio
 * 01:00.1 behind root port 00:01.0 (nvidia, group 13), NVMe 02:00.0 behind
 * 00:1b.0 (group 14), USB 00:14.0 (group 4), ISA and SMBus 00:1f.0 and .4
 * (group 9). */
extern const struct made_device made_desktop[];

/* A group of three behind a port that keeps nothing apart (group 2): a display
 * 01:00.0 with audio 01:00.1, and a stranger's network card 02:00.0. */
extern const struct made_device made_shared[];

/* A port that keeps apart what is below: a disk 01:00.0 (nvme, group 2) and a
 * network card 02:00.0 (e1000e, group 4).  And the disk with two VFs, whose
 * groups have the lowest numbers that are free, as they would again. */
extern const struct made_device made_parts[];
extern const struct made_device made_with_vfs[];

/* Edits (lib/alter.h): the disk of made_parts can have four VFs; that of
 * made_with_vfs has two; and a parent of mediated devices. */
#define MADE_CAPABLE \
	"dev 01:00.0 sriov_total 4; dev 01:00.0 sriov_num 0;" \
	"dev 01:00.0 sriov_offset 1; dev 01:00.0 sriov_stride 1;" \
	"dev 01:00.0 sriov_device 0x0010; dev 01:00.0 sriov_autoprobe 1;" \
	"vfbar 01:00.0 0xfe800000 0xfe80ffff 0x200;"
#define MADE_TWO \
	MADE_CAPABLE "dev 01:00.0 sriov_num 2; dev 01:00.1 physfn 01:00.0;" \
	"dev 01:00.2 physfn 01:00.0; dev 01:00.2 driver_override vfio-pci;" \
	"dev 01:00.2 modules nvme; vfio nodes vfio 3;"
#define MADE_MTTY \
	"mdevtype mtty mtty-1 24 Single; mdevtype mtty mtty-2 12 Dual;"

#endif
