// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which drivers a device could be given to.  It does not say which is right.
 *
 * Source: drivers/pci/pci-driver.c, pci_match_device(): a driver that is named
 * by driver_override takes any device; the aliases "vfio_pci:" of
 * modules.alias name the variants.
 */
#include "plan/choice.h"

#include <string.h>

#include "base/text.h"

/* Modules are named with _, and a few drivers otherwise. */
static const char *driver_of_module(const struct system *system,
				    const char *module, size_t len,
				    struct arena *arena)
{
	const char *driver = system_driver_of(system, module, len);

	return driver ? driver : arena_copy(arena, module, len);
}

const char *choice_best(const struct device *device, struct arena *arena)
{
	if (device->variant.known != KNOWN || !*device->variant.value ||
	    text_same_dashed(device->variant.value, "vfio_pci",
			     sizeof "vfio_pci"))
		return "vfio-pci";
	/* Of all variants this one alone is spelled otherwise. */
	if (strcmp(device->variant.value, "xe_vfio_pci") == 0)
		return "xe-vfio-pci";
	return arena_text(arena, device->variant.value);
}

static void add(const char **names, const char *name)
{
	unsigned count = 0;

	for (; names[count]; count++)
		if (strcmp(names[count], name) == 0)
			return;
	if (count + 1 < CHOICE_MOST) {
		names[count] = name;
		names[count + 1] = NULL;
	}
}

void choice_drivers(const struct system *system, const struct device *device,
		    const char *names[static CHOICE_MOST],
		    struct arena *arena)
{
	const char *at = device->modules.known == KNOWN ?
				 device->modules.value : "";

	names[0] = NULL;
	add(names, choice_best(device, arena));
	add(names, "vfio-pci");
	for (;;) {
		at += strspn(at, " ");
		size_t len = strcspn(at, " ");
		if (!len)
			break;
		add(names, driver_of_module(system, at, len, arena));
		at += len;
	}
	if (device->driver.known == KNOWN)
		add(names, device->driver.value);
	add(names, "pci-stub");
	add(names, "uio_pci_generic");
	add(names, CHOICE_NONE);
}
