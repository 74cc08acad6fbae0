// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hardware known by its ids.  What follows from it is the rules' matter;
 * ids that change groups are model/quirk's.
 *
 * Sources: drivers/pci/quirks.c; drivers/vfio/pci/vfio_pci.c,
 * vfio_pci_dev_in_denylist(); drivers/vfio/pci/vfio_pci_core.c,
 * vfio_pci_nointx().  The list of AMD GPUs that do not come back from a
 * reset is the public module vendor-reset's, by families.
 */
#include "model/ids.h"

/* What else must be so, that an id counts. */
enum only {
	ALWAYS,
	BELOW_BRIDGE,		/* it is not on a root bus */
	VGA_BELOW_BRIDGE,	/* the same, and of class VGA */
	NVME,			/* its class is NVMe */
	REVISION,		/* its revision is the row's */
	REVISION_UP_TO,	/* … or an earlier one */
	EMBEDDED_CARD,		/* revision and card of certain Raven boards */
};

struct row {
	uint16_t vendor, first, last;	/* device ids, both included */
	uint8_t list;			/* enum id_list */
	uint8_t only;			/* enum only */
	uint8_t revision;		/* of REVISION…, EMBEDDED_CARD */
};

#define ONE(list, vendor, id) { vendor, id, id, list, ALWAYS, 0 }
#define ALL(list, vendor, first, last) { vendor, first, last, list, ALWAYS, 0 }
#define IF(only, list, vendor, first, last)                                   \
	{ vendor, first, last, list, only, 0 }
#define REV(only, revision, list, vendor, first, last)                        \
	{ vendor, first, last, list, only, revision }

static const struct row rows[] = {
	ALL(IDS_DENIED, 0x8086, 0x19e2, 0x19e3),	/* QAT C3xxx */
	ALL(IDS_DENIED, 0x8086, 0x37c8, 0x37c9),	/* QAT C62x */
	ONE(IDS_DENIED, 0x8086, 0x0435),		/* QAT DH895xCC */
	ONE(IDS_DENIED, 0x8086, 0x0443),
	ONE(IDS_DENIED, 0x8086, 0x0b25),		/* DSA */
	ONE(IDS_DENIED, 0x8086, 0x0cfe),		/* IAX */

	ONE(IDS_NO_BUS_RESET, 0x168c, 0x0030),		/* Atheros */
	ALL(IDS_NO_BUS_RESET, 0x168c, 0x0032, 0x0034),
	ONE(IDS_NO_BUS_RESET, 0x168c, 0x003c),
	ONE(IDS_NO_BUS_RESET, 0x168c, 0x003e),
	ONE(IDS_NO_BUS_RESET, 0x17cb, 0x1103),		/* Qualcomm */
	ONE(IDS_NO_BUS_RESET, 0x17cb, 0x1107),
	ONE(IDS_NO_BUS_RESET, 0x17cb, 0x0308),
	ONE(IDS_NO_BUS_RESET, 0x177d, 0xa100),		/* Cavium CN8xxx */
	ONE(IDS_NO_BUS_RESET, 0x104c, 0xb005),		/* TI C667X */
	ONE(IDS_NO_BUS_RESET, 0x1b21, 0x1164),		/* ASMedia ASM1164 */
	ALL(IDS_NO_BUS_RESET, 0x10de, 0x2340, 0x237f),
	ONE(IDS_NO_BUS_RESET, 0x10de, 0x22ce),		/* GB10's ports */
	ONE(IDS_NO_BUS_RESET, 0x10de, 0x22d0),

	ONE(IDS_NO_FLR, 0x1022, 0x1487),		/* AMD audio */
	ONE(IDS_NO_FLR, 0x1022, 0x148c),		/* AMD USB */
	ONE(IDS_NO_FLR, 0x1022, 0x149c),
	ONE(IDS_NO_FLR, 0x1022, 0x7901),		/* AMD SATA */
	ONE(IDS_NO_FLR, 0x1022, 0x1502),		/* 7.2: AMD NPU */
	ONE(IDS_NO_FLR, 0x1022, 0x17f0),
	ALL(IDS_NO_FLR, 0x8086, 0x1502, 0x1503),	/* 82579 */
	ONE(IDS_NO_FLR, 0x14c3, 0x0616),		/* MT7922; not in 6.1 */
	ONE(IDS_NO_FLR, 0x14c3, 0x7925),
	REV(REVISION, 1, IDS_NO_FLR, 0xd063, 0x1000, 0x1000), /* SNET */

	/* On the root bus a reset of little effect is better than none. */
	IF(VGA_BELOW_BRIDGE, IDS_NO_PM_RESET, 0x1002, 0x0000, 0xffff),
	IF(BELOW_BRIDGE, IDS_NO_PM_RESET, 0x15b3, 0xcb84, 0xcb84), /* Spectrum */
	IF(BELOW_BRIDGE, IDS_NO_PM_RESET, 0x15b3, 0xcf6c, 0xcf6c),
	IF(BELOW_BRIDGE, IDS_NO_PM_RESET, 0x15b3, 0xcf70, 0xcf70),
	IF(BELOW_BRIDGE, IDS_NO_PM_RESET, 0x15b3, 0xcf80, 0xcf80),

	ONE(IDS_OWN_RESET, 0x8086, 0x10ed),		/* 82599 VF */
	ONE(IDS_OWN_RESET, 0x8086, 0x0156),		/* Ivy Bridge */
	ONE(IDS_OWN_RESET, 0x8086, 0x0166),
	IF(NVME, IDS_OWN_RESET, 0x144d, 0xa804, 0xa804), /* Samsung */
	ONE(IDS_OWN_RESET, 0x8086, 0x0953),		/* Intel DC P3700 */
	ONE(IDS_OWN_RESET, 0x8086, 0x0a54),		/* Intel DC P4500 */
	ONE(IDS_OWN_RESET, 0x025e, 0xf1ac),		/* Solidigm */
	ALL(IDS_OWN_RESET, 0x1425, 0x4000, 0x4fff),	/* Chelsio T4 */
	ONE(IDS_OWN_RESET, 0x19e5, 0x375e),		/* HiNIC VF */

	ONE(IDS_INTX_BROKEN, 0x1425, 0x0030),		/* Chelsio T310 */
	ONE(IDS_INTX_BROKEN, 0x1814, 0x0601),		/* Ralink RT2800 */
	ONE(IDS_INTX_BROKEN, 0x1b7c, 0x0004),		/* Ceton InfiniTV4 */
	ONE(IDS_INTX_BROKEN, 0x1102, 0x000b),		/* Creative 20K2 */
	ONE(IDS_INTX_BROKEN, 0x10ec, 0x8169),		/* Realtek RTL8169 */
	ONE(IDS_INTX_BROKEN, 0x8086, 0x1572),		/* Intel X710, XL710 */
	ONE(IDS_INTX_BROKEN, 0x8086, 0x1574),
	ALL(IDS_INTX_BROKEN, 0x8086, 0x1580, 0x1581),
	ALL(IDS_INTX_BROKEN, 0x8086, 0x1583, 0x158b),
	ALL(IDS_INTX_BROKEN, 0x8086, 0x37d0, 0x37d2),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x1003),		/* ConnectX-3 */
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x1007),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x6340),		/* ConnectX, -2 */
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x634a),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x6354),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x6368),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x6372),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x6732),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x673c),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x6746),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x6750),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x675a),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x6764),
	ONE(IDS_INTX_BROKEN, 0x15b3, 0x676e),
	ONE(IDS_INTX_FIRMWARE, 0x15b3, 0x1013),		/* ConnectX-4 */
	ONE(IDS_INTX_FIRMWARE, 0x15b3, 0x1015),		/* ConnectX-4 Lx */
	ONE(IDS_INTX_HIDDEN, 0x8086, 0x1572),
	ONE(IDS_INTX_HIDDEN, 0x8086, 0x1574),
	ALL(IDS_INTX_HIDDEN, 0x8086, 0x1580, 0x1581),
	ALL(IDS_INTX_HIDDEN, 0x8086, 0x1583, 0x158b),
	ALL(IDS_INTX_HIDDEN, 0x8086, 0x37d0, 0x37d2),
	ONE(IDS_INTX_HIDDEN, 0x8086, 0x1563),		/* X550 */

	ONE(IDS_NO_ATS, 0x1002, 0x98e4),		/* Stoney */
	ONE(IDS_NO_ATS, 0x1002, 0x6900),		/* Iceland */
	ONE(IDS_NO_ATS, 0x1002, 0x7310),		/* Navi 10 */
	ONE(IDS_NO_ATS, 0x1002, 0x7312),
	ALL(IDS_NO_ATS, 0x1002, 0x7318, 0x731b),
	ALL(IDS_NO_ATS, 0x1002, 0x731e, 0x731f),
	ALL(IDS_NO_ATS, 0x1002, 0x7340, 0x7341),	/* Navi 14 */
	ONE(IDS_NO_ATS, 0x1002, 0x7347),
	ONE(IDS_NO_ATS, 0x1002, 0x734f),
	REV(EMBEDDED_CARD, 0xcf, IDS_NO_ATS, 0x1002, 0x15d8, 0x15d8),
	REV(REVISION_UP_TO, 0x1f, IDS_NO_ATS, 0x8086, 0x1451, 0x1455),
	REV(REVISION_UP_TO, 0x1f, IDS_NO_ATS, 0x8086, 0x1457, 0x1457),
	REV(REVISION_UP_TO, 0x1f, IDS_NO_ATS, 0x8086, 0x1459, 0x145a),
	REV(REVISION_UP_TO, 0x1f, IDS_NO_ATS, 0x8086, 0x145c, 0x145c),

	ALL(IDS_AMD_RESET_BUG, 0x1002, 0x67c0, 0x67ff),	/* Polaris */
	ONE(IDS_AMD_RESET_BUG, 0x1002, 0x6fdf),
	ALL(IDS_AMD_RESET_BUG, 0x1002, 0x6980, 0x699f),
	ALL(IDS_AMD_RESET_BUG, 0x1002, 0x6860, 0x687f),	/* Vega */
	ALL(IDS_AMD_RESET_BUG, 0x1002, 0x66a0, 0x66af),
	ALL(IDS_AMD_RESET_BUG, 0x1002, 0x7310, 0x731f),	/* Navi 1x */
	ALL(IDS_AMD_RESET_BUG, 0x1002, 0x7340, 0x734f),
	ALL(IDS_AMD_RESET_BUG, 0x1002, 0x7360, 0x7362),
};

enum { ROWS = sizeof rows / sizeof *rows };

static enum known known_if(bool is)
{
	return is ? KNOWN : ABSENT;
}

/* Bus 0 is a root bus; of others without a bridge above, the path tells. */
static enum known is_below_bridge(const struct device *device)
{
	if (device->parent != NONE ||
	    (device->path_known && device->above_known))
		return KNOWN;
	return device->path_known || device->address.bus == 0 ? ABSENT :
								UNREAD;
}

static enum known is_revision(const struct row *row,
			      const struct device *device)
{
	const struct fact_num *revision = &device->revision;

	if (revision->known != KNOWN)
		return revision->known == ABSENT ? UNREAD : revision->known;
	return known_if(row->only == REVISION_UP_TO ?
				revision->value <= row->revision :
				revision->value == row->revision);
}

static enum known is_embedded(const struct row *row,
			      const struct device *device)
{
	return device->subvendor == 0xea50 &&
			       (device->subdevice == 0xce19 ||
				device->subdevice == 0xcc10 ||
				device->subdevice == 0xcc08) ?
		       is_revision(row, device) : ABSENT;
}

static enum known counts(const struct row *row, const struct device *device)
{
	enum { CLASS_VGA = 0x0300, CLASS_NVME = 0x010802 };

	switch ((enum only)row->only) {
	case ALWAYS:
		return KNOWN;
	case BELOW_BRIDGE:
		return is_below_bridge(device);
	case VGA_BELOW_BRIDGE:
		return device->class >> 8 == CLASS_VGA ?
			       is_below_bridge(device) : ABSENT;
	case NVME:
		return known_if(device->class == CLASS_NVME);
	case REVISION:
	case REVISION_UP_TO:
		return is_revision(row, device);
	case EMBEDDED_CARD:
		return is_embedded(row, device);
	}
	return ABSENT;
}

enum known ids_known(enum id_list list, const struct device *device)
{
	if (device->identity != KNOWN)
		return device->identity == ABSENT ? UNREAD : device->identity;
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].list == list && rows[i].vendor == device->vendor &&
		    device->device >= rows[i].first &&
		    device->device <= rows[i].last)
			return counts(&rows[i], device);
	return ABSENT;
}

bool ids_have(enum id_list list, const struct device *device)
{
	return ids_known(list, device) == KNOWN;
}

bool ids_have_vendor(enum id_list list, const struct device *device)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].list == list && rows[i].vendor == device->vendor)
			return true;
	return false;
}
