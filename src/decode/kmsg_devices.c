// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PCI devices as the kernel's log tells of them.  What became of one later,
 * its driver among it, is not told here.
 *
 * Sources: drivers/pci/probe.c, pci_setup_device() and __pci_read_base();
 * drivers/pci/setup-res.c; drivers/pci/setup-bus.c; lib/vsprintf.c,
 * resource_string(); drivers/iommu/iommu.c, iommu_group_add_device().
 */
#include "decode/kmsg.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum {
	DEVICES_MOST = 1 << 16,
	REG_BAR0 = 0x10, REG_ROM = 0x30,
	ROM = 6,		/* the ROM's place among the BARs */
	RES_IO = 0x100,		/* IORESOURCE_*, as in model/system.h */
	RES_MEM = 0x200,
	RES_PREFETCH = 0x2000,
	RES_MEM_64 = 0x100000,
};

static bool skip(const char **text, const char *word)
{
	if (!text_starts(*text, word))
		return false;
	*text += strlen(word);
	return true;
}

const char *kmsg_speaks_of(const char *text, struct bdf *address)
{
	size_t name = strcspn(text, " :");
	char word[BDF_TEXT];

	if (!name || text[name] != ' ')
		return NULL;
	text += name + 1;
	size_t len = strcspn(text, " ");
	if (len < 2 || len > sizeof word || text[len - 1] != ':')
		return NULL;
	memcpy(word, text, len - 1);
	word[len - 1] = '\0';
	if (!bdf_parse(word, address))
		return NULL;
	return text + len + (text[len] == ' ');
}

/* "[10de:1b80] type 00 class 0x030000", since 6.9 with " PCIe Endpoint" and
 * the like behind. */
static bool take_identity(const char *text, struct logged_device *device)
{
	uint64_t vendor, id, type, class;

	if (!skip(&text, "[") || !num_take(&text, 16, &vendor) ||
	    !skip(&text, ":") || !num_take(&text, 16, &id) ||
	    !skip(&text, "] type ") || !num_take(&text, 16, &type) ||
	    !skip(&text, " class 0x") || !num_take(&text, 16, &class) ||
	    vendor > 0xffff || id > 0xffff || type > 0x7f || class > 0xffffff)
		return false;
	device->vendor = (uint16_t)vendor;
	device->device = (uint16_t)id;
	device->header_type = (uint8_t)type;
	device->class = (uint32_t)class;
	return true;
}

/* "mem 0xe0000000-0xefffffff 64bit pref]".  False where it has no address:
 * "mem size 0x10000000", and what is cut. */
static bool take_range(const char *text, struct bar *bar)
{
	bool io = skip(&text, "io ");

	if (!io && !skip(&text, "mem "))
		return false;
	text += strspn(text, " ");
	if (!skip(&text, "0x") || !num_take(&text, 16, &bar->start))
		return false;
	bar->end = bar->start;
	if (skip(&text, "-0x") && !num_take(&text, 16, &bar->end))
		return false;
	const char *close = strchr(text, ']');
	if (!close || bar->end < bar->start)
		return false;
	bar->flags = io ? RES_IO : RES_MEM;
	for (; text < close; text++) {
		if (text_starts(text, "64bit"))
			bar->flags |= RES_MEM_64;
		if (text_starts(text, "pref"))
			bar->flags |= RES_PREFETCH;
	}
	return true;
}

/*
 * The BAR that a line is about, BARS_LOGGED for none, and its range:
 *     reg 0x10: [mem …]		to 6.8, as read
 *     BAR 0 [mem …]			since 6.9, as read
 *     BAR 0: assigned [mem …]		to 6.8, as given
 *     BAR 0 [mem …]: assigned		since 6.9, as given
 * *range is NULL where the line says that it has none.
 */
static unsigned take_place(const char *text, const char **range)
{
	uint64_t number;
	bool rom = skip(&text, "ROM ");

	*range = NULL;
	if (skip(&text, "reg 0x")) {
		if (!num_take(&text, 16, &number) || !skip(&text, ": ["))
			return BARS_LOGGED;
		*range = text;
		if (number == REG_ROM)
			return ROM;
		return number < REG_BAR0 || (number - REG_BAR0) % 4 ||
				       (number - REG_BAR0) / 4 >= ROM ?
			       BARS_LOGGED :
			       (unsigned)(number - REG_BAR0) / 4;
	}
	number = ROM;
	if (!rom && (!skip(&text, "BAR ") || !num_take(&text, 10, &number) ||
		     number > ROM))
		return BARS_LOGGED;
	text += strspn(text, " ");
	if (skip(&text, "[")) {
		const char *behind = strchr(text, ']');
		if (behind && (!behind[1] ||
			       strcmp(behind + 1, ": assigned") == 0))
			*range = text;
	} else if (skip(&text, ": assigned [")) {
		*range = text;
	}
	return (unsigned)number;
}

static void take_bar(const char *text, struct logged_device *device)
{
	const char *range;
	unsigned at = take_place(text, &range);
	struct bar bar = { .index = (uint8_t)at };

	/* Of a bridge numbers beyond 1 are its windows' in old kernels. */
	if (at >= BARS_LOGGED || (device->header_type && at > 1 && at != ROM))
		return;
	if (range && take_range(range, &bar))
		device->bars[at] = bar;
	else
		device->bars[at].flags = 0;
}

/* "PCI bridge to [bus 01-04]" */
static bool take_buses(const char *text, struct logged_device *device)
{
	uint64_t first, last;

	if (!skip(&text, "PCI bridge to [bus ") ||
	    !num_take(&text, 16, &first))
		return false;
	last = first;
	if (skip(&text, "-") && !num_take(&text, 16, &last))
		return false;
	if (*text != ']' || first > 0xff || last > 0xff)
		return false;
	device->bridges = true;
	device->secondary = (uint8_t)first;
	device->subordinate = (uint8_t)last;
	return true;
}

static bool take_group(const char *text, struct logged_device *device)
{
	uint64_t number;

	if (skip(&text, "Removing from iommu group ")) {
		device->grouped = false;
		return true;
	}
	if (!skip(&text, "Adding to iommu group ") ||
	    !num_take(&text, 10, &number) || number > UINT32_MAX)
		return false;
	device->grouped = true;
	device->group = (uint32_t)number;
	return true;
}

static void take_line(const char *text, struct logged_device *device)
{
	struct logged_device again = *device;

	if (take_identity(text, &again)) {
		/* Found anew: what is said of it begins anew. */
		memset(again.bars, 0, sizeof again.bars);
		again.bridges = false;
		*device = again;
	} else if (!take_buses(text, device) && !take_group(text, device)) {
		take_bar(text, device);
	}
}

static int order(const void *a, const void *b)
{
	return bdf_compare(((const struct logged_device *)a)->address,
			   ((const struct logged_device *)b)->address);
}

/* One per address, sorted, of those whose ids the log tells. */
static unsigned name_devices(struct arena *arena, const struct log *log,
			     struct logged_device **out)
{
	struct logged_device *devices = NULL;
	size_t count = 0, room = 0, kept = 0;

	for (size_t i = 0; i < log->count && count < DEVICES_MOST; i++) {
		struct logged_device device = { .header_type = 0 };
		const char *rest = kmsg_speaks_of(log->lines[i].text,
						  &device.address);
		if (!rest || !take_identity(rest, &device))
			continue;
		devices = arena_grow(arena, devices, count, &room,
				     sizeof *devices);
		devices[count++] = device;
	}
	if (count > 1)
		qsort(devices, count, sizeof *devices, order);
	for (size_t i = 0; i < count; i++)
		if (!kept || order(&devices[kept - 1], &devices[i]) != 0)
			devices[kept++] = devices[i];
	*out = devices;
	return (unsigned)kept;
}

unsigned kmsg_devices(struct arena *arena, const struct log *log,
		      const struct logged_device **out, bool *whole)
{
	struct logged_device *devices;
	unsigned count = name_devices(arena, log, &devices);

	*out = devices;
	*whole = count && log->complete;
	for (size_t i = 0; count && i < log->count; i++) {
		struct logged_device key = { .header_type = 0 }, *found;
		const char *rest = kmsg_speaks_of(log->lines[i].text,
						  &key.address);
		if (!rest)
			continue;
		found = bsearch(&key, devices, count, sizeof *devices, order);
		if (found)
			take_line(rest, found);
		else
			*whole = false;
	}
	return count;
}
