// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's lists of hardware that isolates without ACS, or speaks under
 * another's id.  What follows for groups is in topo_acs.c and topo_join.c;
 * quirks of resets and interrupts are the rules'.
 *
 * Source: drivers/pci/quirks.c.
 */
#include "model/quirk.h"

enum {
	/* PCIe types as bits; 0 stands for any, also for plain PCI. */
	ANY = 0,
	ROOT_PORTS = 1 << PCIE_ROOT_PORT,
	PORTS = 1 << PCIE_ROOT_PORT | 1 << PCIE_DOWNSTREAM,
	INTEGRATED = 1 << PCIE_RC_ENDPOINT,
};

struct acs_row {
	uint16_t vendor, first, last;	/* device ids, both included */
	uint16_t step;			/* 2: even ones only; else 0 */
	uint16_t types;
	uint8_t quirk;			/* enum acs_quirk */
};

#define ONE(vendor, id, quirk) { vendor, id, id, 0, ANY, quirk }
#define ALL(vendor, first, last, quirk) { vendor, first, last, 0, ANY, quirk }
#define PCH(first, last) { 0x8086, first, last, 0, ROOT_PORTS, QUIRK_PCH }
#define PCH_EVEN(first, last)                                                 \
	{ 0x8086, first, last, 2, ROOT_PORTS, QUIRK_PCH }
#define DWORDS(first, last)                                                   \
	{ 0x8086, first, last, 0, ROOT_PORTS, QUIRK_DWORDS }

/* In the kernel's order where it matters: the first that applies decides. */
static const struct acs_row acs_rows[] = {
	/* AMD: says that its southbridges have no way between functions */
	ALL(0x1002, 0x4383, 0x4385, QUIRK_SOUTHBRIDGE),
	ONE(0x1002, 0x4399, QUIRK_SOUTHBRIDGE),
	ALL(0x1002, 0x439c, 0x439d, QUIRK_SOUTHBRIDGE),
	ONE(0x1022, 0x7809, QUIRK_SOUTHBRIDGE),
	ONE(0x1022, 0x780f, QUIRK_SOUTHBRIDGE),
	/* Solarflare */
	ONE(0x1924, 0x0903, QUIRK_FUNCTIONS),
	ONE(0x1924, 0x0923, QUIRK_FUNCTIONS),
	ONE(0x1924, 0x0a03, QUIRK_FUNCTIONS),
	/* Intel 82598, 82599, X520, X540 */
	ONE(0x8086, 0x10c6, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x10db, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x10dd, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x10e1, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x10f1, QUIRK_FUNCTIONS),
	ALL(0x8086, 0x10f7, 0x10fc, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x1507, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x1514, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x151c, QUIRK_FUNCTIONS),
	ALL(0x8086, 0x1529, 0x152a, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x154d, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x154f, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x1551, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x1558, QUIRK_FUNCTIONS),
	/* Intel 82580 */
	ONE(0x8086, 0x1509, QUIRK_FUNCTIONS),
	ALL(0x8086, 0x150e, 0x1511, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x1516, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x1527, QUIRK_FUNCTIONS),
	/* Intel 82576 */
	ONE(0x8086, 0x10c9, QUIRK_FUNCTIONS),
	ALL(0x8086, 0x10e6, 0x10e8, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x150a, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x150d, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x1518, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x1526, QUIRK_FUNCTIONS),
	/* Intel 82575, I350, 82571, I219 */
	ONE(0x8086, 0x10a7, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x10a9, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x10d6, QUIRK_FUNCTIONS),
	ALL(0x8086, 0x1521, 0x1524, QUIRK_FUNCTIONS),
	ALL(0x8086, 0x105e, 0x1060, QUIRK_FUNCTIONS),
	ONE(0x8086, 0x10d9, QUIRK_FUNCTIONS),
	ALL(0x8086, 0x15b7, 0x15b8, QUIRK_FUNCTIONS),
	{ 0x8086, 0x0000, 0xffff, 0, INTEGRATED, QUIRK_INTEGRATED },
	/* Root ports of Ibex Peak, Cougar Point, Panther Point … */
	PCH(0x3b42, 0x3b51), PCH(0x1c10, 0x1c1f), PCH(0x1e10, 0x1e1f),
	/* … Lynx Point, Wildcat Point, Patsburg, Wellsburg, 9 series */
	PCH(0x8c10, 0x8c1f), PCH(0x9c10, 0x9c1b), PCH(0x9c90, 0x9c9b),
	PCH_EVEN(0x1d10, 0x1d1e), PCH(0x8d10, 0x8d1e),
	PCH_EVEN(0x8c90, 0x8c9e),
	/* Sunrise Point, Union Point, 7th and 8th generation mobile */
	DWORDS(0xa110, 0xa11f), DWORDS(0xa167, 0xa16a),
	DWORDS(0xa290, 0xa29f), DWORDS(0xa2e7, 0xa2ee),
	DWORDS(0x9d10, 0x9d1b),
	/* Qualcomm, HXT */
	ALL(0x17cb, 0x0400, 0x0401, QUIRK_PORT),
	ONE(0x17cb, 0x0111, QUIRK_PORT), ONE(0x17cb, 0x0115, QUIRK_PORT),
	ONE(0x17cb, 0x0120, QUIRK_PORT), ONE(0x1dbf, 0x0401, QUIRK_PORT),
	/* Emulex BE3-R, Skyhawk-R */
	ONE(0x19a2, 0x0710, QUIRK_FUNCTIONS),
	ONE(0x10df, 0x0720, QUIRK_FUNCTIONS),
	/* Cavium ThunderX: ports, and chips of several functions */
	{ 0x177d, 0xa000, 0xa7ff, 0, ROOT_PORTS, QUIRK_PORT },
	{ 0x177d, 0xaf84, 0xaf84, 0, ROOT_PORTS, QUIRK_PORT },
	{ 0x177d, 0xb884, 0xb884, 0, ROOT_PORTS, QUIRK_PORT },
	ONE(0x177d, 0xa026, QUIRK_FUNCTIONS),
	ONE(0x177d, 0xa059, QUIRK_FUNCTIONS),
	ONE(0x177d, 0xa060, QUIRK_FUNCTIONS),
	/* X-Gene, Ampere, Broadcom iProc */
	ONE(0x10e8, 0xe004, QUIRK_PORT),
	ALL(0x1def, 0xe005, 0xe00c, QUIRK_PORT),
	ONE(0x14e4, 0xd714, QUIRK_PORT),
	/* Broadcom network chips */
	ONE(0x14e4, 0x16d7, QUIRK_FUNCTIONS),
	ALL(0x14e4, 0x1750, 0x1752, QUIRK_FUNCTIONS),
	ALL(0x14e4, 0x1760, 0x1763, QUIRK_FUNCTIONS),
	/* Loongson */
	ONE(0x0014, 0x3c09, QUIRK_PORT), ONE(0x0014, 0x3c19, QUIRK_PORT),
	ONE(0x0014, 0x3c29, QUIRK_PORT), ONE(0x0014, 0x7a09, QUIRK_PORT),
	ONE(0x0014, 0x7a19, QUIRK_PORT), ONE(0x0014, 0x7a29, QUIRK_PORT),
	ONE(0x0014, 0x7a39, QUIRK_PORT), ONE(0x0014, 0x7a49, QUIRK_PORT),
	ONE(0x0014, 0x7a59, QUIRK_PORT), ONE(0x0014, 0x7a69, QUIRK_PORT),
	/* Amazon Annapurna Labs */
	{ 0x1c36, 0x0031, 0x0031, 0, ROOT_PORTS, QUIRK_PORT },
	/* NXP LX2 */
	ALL(0x1957, 0x8d80, 0x8d83, QUIRK_PORT),
	ALL(0x1957, 0x8d88, 0x8d8b, QUIRK_PORT),
	ALL(0x1957, 0x8d90, 0x8d93, QUIRK_PORT),
	ALL(0x1957, 0x8d98, 0x8d9b, QUIRK_PORT),
	ALL(0x1957, 0x8da0, 0x8da1, QUIRK_PORT),
	ALL(0x1957, 0x8da8, 0x8da9, QUIRK_PORT),
	ALL(0x1957, 0x8db0, 0x8db1, QUIRK_PORT),
	ALL(0x1957, 0x8db8, 0x8db9, QUIRK_PORT),
	/* Zhaoxin: chips of several functions; ports; other ports are held
	 * for not isolated, their ACS notwithstanding */
	ONE(0x1d17, 0x3038, QUIRK_FUNCTIONS),
	ONE(0x1d17, 0x3104, QUIRK_FUNCTIONS),
	ONE(0x1d17, 0x9083, QUIRK_FUNCTIONS),
	{ 0x1d17, 0x0710, 0x071e, 0, PORTS, QUIRK_PORT },
	{ 0x1d17, 0x0721, 0x0721, 0, PORTS, QUIRK_PORT },
	{ 0x1d17, 0x0723, 0x0752, 0, PORTS, QUIRK_PORT },
	{ 0x1d17, 0x0000, 0xffff, 0, PORTS, QUIRK_REFUSED },
	/* Wangxun network chips, and all else of that maker */
	ALL(0x8088, 0x0100, 0x010f, QUIRK_FUNCTIONS),
	ONE(0x8088, 0x1001, QUIRK_FUNCTIONS),
	ONE(0x8088, 0x2001, QUIRK_FUNCTIONS),
	ONE(0x8088, 0x5010, QUIRK_FUNCTIONS),
	ONE(0x8088, 0x5025, QUIRK_FUNCTIONS),
	ONE(0x8088, 0x5040, QUIRK_FUNCTIONS),
	ONE(0x8088, 0x5110, QUIRK_FUNCTIONS),
	ONE(0x8088, 0x5125, QUIRK_FUNCTIONS),
	ONE(0x8088, 0x5140, QUIRK_FUNCTIONS),
	ALL(0x8088, 0x0000, 0xffff, QUIRK_REFUSED),
};

static bool has_id(const struct acs_row *row, const struct device *device)
{
	return row->vendor == device->vendor &&
	       device->device >= row->first && device->device <= row->last &&
	       !(row->step && (device->device - row->first) % row->step);
}

/* ABSENT: not of the row's types, or no PCIe device. */
static enum known has_type(const struct acs_row *row,
			   const struct device *device)
{
	const struct config *config = device->config;

	if (row->types == ANY)
		return KNOWN;
	if (config->header == KNOWN && config->has_pcie)
		return row->types >> config->pcie_type & 1 ? KNOWN : ABSENT;
	return config->header == KNOWN && known_is_settled(config->caps) ?
		       ABSENT : UNREAD;
}

enum acs_quirk quirk_acs(const struct device *device, bool *sure)
{
	*sure = device->identity == KNOWN;
	for (size_t i = 0; i < sizeof acs_rows / sizeof *acs_rows; i++) {
		if (!has_id(&acs_rows[i], device))
			continue;
		enum known type = has_type(&acs_rows[i], device);
		if (type == ABSENT)
			continue;
		*sure = *sure && type == KNOWN;
		return (enum acs_quirk)acs_rows[i].quirk;
	}
	return QUIRK_NONE;
}

const char *quirk_name(enum acs_quirk quirk)
{
	static const char *const names[] = {
		[QUIRK_NONE] = NULL,
		[QUIRK_FUNCTIONS] = "multifunction chip",
		[QUIRK_SOUTHBRIDGE] = "AMD southbridge",
		[QUIRK_INTEGRATED] = "Intel RCiEP",
		[QUIRK_PCH] = "Intel PCH root port",
		[QUIRK_DWORDS] = "Intel SPT PCH root port",
		[QUIRK_PORT] = "port without peers",
		[QUIRK_REFUSED] = "not trusted by the kernel",
	};

	return names[quirk];
}

bool quirk_lacks_validation(const struct device *device)
{
	return device->vendor == 0x111d &&	/* IDT */
	       (device->device == 0x80b5 || device->device == 0x8090);
}

/* Which ids a chip uses besides its own. */
enum alias {
	ALIAS_FUNCTION_0,	/* of its own slot */
	ALIAS_FUNCTION_1,
	ALIAS_FIXED,		/* 01.0: Adaptec 3405 and 3805 */
	ALIAS_MIC,		/* three slots: Xeon Phi x200 */
	ALIAS_VCA,		/* functions 0 to 4 of every slot */
	ALIAS_ALL,		/* all of the bus: a PLX switch that is no
				 * bridge */
};

struct alias_row {
	uint16_t vendor, first, last;
	uint8_t alias;
};

static const struct alias_row alias_rows[] = {
	{ 0x1180, 0xe832, 0xe832, ALIAS_FUNCTION_0 },	/* Ricoh */
	{ 0x1180, 0xe476, 0xe476, ALIAS_FUNCTION_0 },
	{ 0x6766, 0x3d40, 0x3d41, ALIAS_FUNCTION_0 },	/* Glenfly */
	{ 0x1b4b, 0x9120, 0x9120, ALIAS_FUNCTION_1 },	/* Marvell */
	{ 0x1b4b, 0x9123, 0x9123, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9125, 0x9125, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9128, 0x9128, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9130, 0x9130, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9170, 0x9170, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9172, 0x9172, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x917a, 0x917a, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9182, 0x9183, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x91a0, 0x91a0, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9215, 0x9215, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9220, 0x9220, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9230, 0x9230, ALIAS_FUNCTION_1 },
	{ 0x1b4b, 0x9235, 0x9235, ALIAS_FUNCTION_1 },
	{ 0x1103, 0x0642, 0x0642, ALIAS_FUNCTION_1 },	/* HighPoint */
	{ 0x1103, 0x0645, 0x0645, ALIAS_FUNCTION_1 },
	{ 0x197b, 0x2392, 0x2392, ALIAS_FUNCTION_1 },	/* JMicron JMB388 */
	{ 0x1c28, 0x0122, 0x0122, ALIAS_FUNCTION_1 },	/* Plextor M6E */
	{ 0x9005, 0x0285, 0x0285, ALIAS_FIXED },
	{ 0x8086, 0x2260, 0x2260, ALIAS_MIC },
	{ 0x8086, 0x2264, 0x2264, ALIAS_MIC },
	{ 0x8086, 0x2954, 0x2956, ALIAS_VCA },
	{ 0x8086, 0x2958, 0x295a, ALIAS_VCA },
	{ 0x10b5, 0x87b0, 0x87b1, ALIAS_ALL },
};

/* The Adaptec cards are told from others by their subsystem. */
static bool is_adaptec(const struct device *device)
{
	return device->subvendor == 0x9005 &&
	       (device->subdevice == 0x02bb || device->subdevice == 0x02bc);
}

static const struct alias_row *alias_of(const struct device *device)
{
	for (size_t i = 0; i < sizeof alias_rows / sizeof *alias_rows; i++) {
		const struct alias_row *row = &alias_rows[i];
		if (row->vendor == device->vendor &&
		    device->device >= row->first &&
		    device->device <= row->last &&
		    (row->alias != ALIAS_FIXED || is_adaptec(device)))
			return row;
	}
	return NULL;
}

bool quirk_has_alias(const struct device *device)
{
	return alias_of(device) != NULL;
}

bool quirk_aliases(const struct device *device, unsigned slot,
		   unsigned function)
{
	const struct alias_row *row = alias_of(device);
	struct bdf self = device->address;

	if (!row || (slot == self.device && function == self.function))
		return false;
	switch ((enum alias)row->alias) {
	case ALIAS_FUNCTION_0:
		return slot == self.device && function == 0;
	case ALIAS_FUNCTION_1:
		return slot == self.device && function == 1;
	case ALIAS_FIXED:
		return slot == 1 && function == 0;
	case ALIAS_MIC:
		return (slot == 0x10 && function == 0) ||
		       (slot == 0x11 && function == 0) ||
		       (slot == 0x12 && function == 3);
	case ALIAS_VCA:
		return function < 5;
	case ALIAS_ALL:
		return true;
	}
	return false;
}

bool quirk_is_hidden_pcie(const struct device *bridge)
{
	switch ((uint32_t)bridge->vendor << 16 | bridge->device) {
	case 0x1b211080:	/* ASMedia ASM1083, ASM1085 */
	case 0x10e38113:	/* Tundra */
	case 0x12838892:	/* ITE */
	case 0x12838893:
	case 0x8086244e:	/* Intel 82801 */
		return true;
	default:
		return false;
	}
}

bool quirk_passes_ids(const struct device *bridge)
{
	return bridge->vendor == 0x1a03 && bridge->device == 0x1150;
}

bool quirk_ends_walk(const struct device *bridge)
{
	return bridge->vendor == 0x14e4 &&
	       (bridge->device == 0x9000 || bridge->device == 0x9084);
}
