// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names for ids, through libpci.  It scans no bus and reads no device.
 */
#include "source/names.h"

#include <pci/pci.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

__attribute__((format(printf, 1, 2)))
static void say_nothing(char *format, ...)
{
	(void)format;
}

static void give_up(char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* libpci gives up only without memory. */
static void give_up(char *format, ...)
{
	(void)format;
	err_die("memory: the list of PCI ids could not be loaded");
}

static const char *look_up(struct pci_access *access, struct arena *arena,
			   int kind, int first, int second)
{
	char text[256];
	const char *name = kind == PCI_LOOKUP_DEVICE ?
		pci_lookup_name(access, text, sizeof text, kind, first, second) :
		pci_lookup_name(access, text, sizeof text, kind, first);

	return name ? text_safe(arena, name, strlen(name)) : "";
}

const struct names *names_load(const struct system *system,
			       struct arena *arena)
{
	struct names *names = arena_alloc(arena, sizeof *names);
	struct device_name *items = arena_array(
		arena, system->device_count + 1u, sizeof *items);
	struct pci_access *access = pci_alloc();

	/* udev's list says the same, and libpci 3.9 loses memory where there
	 * is none. */
	char no_hwdb[] = "hwdb.disable", yes[] = "1";
	pci_set_param(access, no_hwdb, yes);
	/* No scan, hence no pci_init: the list is loaded at the first look. */
	access->error = give_up;
	access->warning = say_nothing;
	access->debug = say_nothing;
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		items[i] = (struct device_name){ "", "", "" };
		if (device->identity != KNOWN)
			continue;
		items[i] = (struct device_name){
			look_up(access, arena, PCI_LOOKUP_VENDOR,
				device->vendor, 0),
			look_up(access, arena, PCI_LOOKUP_DEVICE,
				device->vendor, device->device),
			look_up(access, arena, PCI_LOOKUP_CLASS,
				(int)(device->class >> 8), 0),
		};
	}
	pci_cleanup(access);
	*names = (struct names){ items, system->device_count };
	return names;
}
