// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IOMMU units as the kernel's log tells of them.  Whether they are at work is
 * told by /sys/class/iommu, not here.
 *
 * Source: alloc_iommu() of drivers/iommu/intel/dmar.c.
 */
#include "decode/kmsg.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum { UNITS_MOST = 256 };

/* Step past @word; false when the text does not go on with it. */
static bool skip(const char **text, const char *word)
{
	if (!text_starts(*text, word))
		return false;
	*text += strlen(word);
	return true;
}

/* "dmar0: reg_base_addr fed90000 ver 4:0 cap 1c0000c40660462 ecap 29a0…" */
static bool take_unit(struct arena *arena, const char *text,
		      struct unit *unit)
{
	uint64_t index, base, major, minor, cap, ecap;

	if (!skip(&text, "dmar") || !num_take(&text, 10, &index) ||
	    !skip(&text, ": reg_base_addr ") || !num_take(&text, 16, &base) ||
	    !skip(&text, " ver ") || !num_take(&text, 10, &major) ||
	    !skip(&text, ":") || !num_take(&text, 10, &minor) ||
	    !skip(&text, " cap ") || !num_take(&text, 16, &cap) ||
	    !skip(&text, " ecap ") || !num_take(&text, 16, &ecap))
		return false;
	*unit = (struct unit){
		.name = arena_printf(arena, "dmar%u", (unsigned)index),
		.kind = "intel",
		.address = { KNOWN, (int64_t)base },
		.cap = { KNOWN, (int64_t)cap },
		.ecap = { KNOWN, (int64_t)ecap },
		.version = { KNOWN, arena_printf(arena, "%u:%u",
						 (unsigned)major,
						 (unsigned)minor) },
	};
	return true;
}

void kmsg_units(struct arena *arena, const struct log *log,
		struct host *host)
{
	struct unit *units = NULL;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < log->count && count < UNITS_MOST; i++) {
		const char *text = log->lines[i].text;
		struct unit unit;
		if (!skip(&text, "DMAR: ") || !take_unit(arena, text, &unit))
			continue;
		units = arena_grow(arena, units, count, &room, sizeof *units);
		units[count++] = unit;
	}
	host->logged_units = units;
	host->logged_unit_count = (unsigned)count;
}
