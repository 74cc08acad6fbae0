// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hardware known by its ids.  What follows from it is the rules' matter;
 * ids that change groups are model/quirk's.
 *
 * Sources: drivers/vfio/pci/vfio_pci.c, vfio_pci_dev_in_denylist();
 * drivers/pci/quirks.c.  The list of AMD GPUs that do not come back from a
 * reset is the public module vendor-reset's, by families.
 */
#include "model/ids.h"

struct range {
	uint16_t vendor, first, last;
};

#define ONE(vendor, id) { vendor, id, id }

static const struct range denied[] = {
	ONE(0x8086, 0x19e2), ONE(0x8086, 0x19e3), ONE(0x8086, 0x37c8),
	ONE(0x8086, 0x37c9), ONE(0x8086, 0x0435), ONE(0x8086, 0x0443),
	ONE(0x8086, 0x0b25), ONE(0x8086, 0x0cfe), { 0 },
};

static const struct range no_bus_reset[] = {
	ONE(0x168c, 0x0030), { 0x168c, 0x0032, 0x0034 }, ONE(0x168c, 0x003c),
	ONE(0x168c, 0x003e), ONE(0x17cb, 0x1103), ONE(0x17cb, 0x1107),
	ONE(0x17cb, 0x0308), ONE(0x177d, 0xa100), ONE(0x104c, 0xb005),
	ONE(0x1b21, 0x1164), { 0x10de, 0x2340, 0x237f }, ONE(0x10de, 0x22ce),
	ONE(0x10de, 0x22d0), { 0 },
};

static const struct range no_flr[] = {
	ONE(0x1022, 0x1487), ONE(0x1022, 0x148c), ONE(0x1022, 0x149c),
	ONE(0x1022, 0x7901), ONE(0x1022, 0x1502), ONE(0x1022, 0x17f0),
	{ 0x8086, 0x1502, 0x1503 }, ONE(0x14c3, 0x0616), ONE(0x14c3, 0x7925),
	ONE(0xd063, 0x1000), { 0 },
};

static const struct range own_reset[] = {
	ONE(0x8086, 0x0156), ONE(0x8086, 0x0166), ONE(0x144d, 0xa804),
	ONE(0x8086, 0x0953), ONE(0x8086, 0x0a54), ONE(0x025e, 0xf1ac), { 0 },
};

static const struct range intx_broken[] = {
	ONE(0x1425, 0x0030), ONE(0x1814, 0x0601), ONE(0x1b7c, 0x0004),
	ONE(0x1102, 0x000b), ONE(0x10ec, 0x8169), ONE(0x8086, 0x1572),
	ONE(0x8086, 0x1574), { 0x8086, 0x1580, 0x1581 },
	{ 0x8086, 0x1583, 0x158b }, { 0x8086, 0x37d0, 0x37d2 },
	ONE(0x8086, 0x1563), { 0 },
};

static const struct range no_ats[] = {
	ONE(0x1002, 0x98e4), ONE(0x1002, 0x6900), ONE(0x1002, 0x7310),
	ONE(0x1002, 0x7312), { 0x1002, 0x7318, 0x731b },
	{ 0x1002, 0x731e, 0x731f }, { 0x1002, 0x7340, 0x7341 },
	ONE(0x1002, 0x7347), ONE(0x1002, 0x734f), { 0x8086, 0x1451, 0x145c },
	{ 0 },
};

static const struct range amd_reset_bug[] = {
	{ 0x1002, 0x67c0, 0x67ff }, ONE(0x1002, 0x6fdf),
	{ 0x1002, 0x6980, 0x699f }, { 0x1002, 0x6860, 0x687f },
	{ 0x1002, 0x66a0, 0x66af }, { 0x1002, 0x7310, 0x731f },
	{ 0x1002, 0x7340, 0x734f }, { 0x1002, 0x7360, 0x7362 }, { 0 },
};

static const struct range *const lists[] = {
	[IDS_DENIED] = denied, [IDS_NO_BUS_RESET] = no_bus_reset,
	[IDS_NO_FLR] = no_flr, [IDS_OWN_RESET] = own_reset,
	[IDS_INTX_BROKEN] = intx_broken, [IDS_NO_ATS] = no_ats,
	[IDS_AMD_RESET_BUG] = amd_reset_bug,
};

_Static_assert(sizeof lists / sizeof *lists == IDS_COUNT,
	       "every list has its ids");

bool ids_have(enum id_list list, const struct device *device)
{
	for (const struct range *at = lists[list]; at->vendor; at++)
		if (at->vendor == device->vendor &&
		    device->device >= at->first && device->device <= at->last)
			return true;
	return false;
}

bool ids_have_vendor(enum id_list list, const struct device *device)
{
	for (const struct range *at = lists[list]; at->vendor; at++)
		if (at->vendor == device->vendor)
			return true;
	return false;
}
