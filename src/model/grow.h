// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_GROW_H
#define MODEL_GROW_H

#include "model/system.h"

/*
 * A system with other devices and groups than before: what plugging does,
 * and the making of virtual functions and mediated devices.  Devices and
 * groups are sorted, so every index into them changes.
 */
struct growth {
	const struct device *devices;	/* new ones; their indices (parent,
					 * physfn, …) are of the old system */
	unsigned device_count;
	const bool *gone;		/* per old device; NULL: none goes */
	const struct group *groups;	/* new ones, without PCI members */
	unsigned group_count;
	const char *const *strangers;	/* names of members that go from their
					 * groups: mediated devices */
	unsigned stranger_count;
};

/*
 * Return @system as it is after @growth, in @arena: sorted and linked; what
 * hung on a device that is gone is gone with it, holders too.  Groups without a
 * member are gone.  New devices join the group that they name by number.
 */
struct system *system_grow(const struct system *system,
			   const struct growth *growth, struct arena *arena);

/* Return the lowest number that no group has, of those from @least on. */
unsigned system_free_group(const struct system *system, unsigned least);

#endif
