// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way back of rehearsed plans, remembered while the explorer runs.  It
 * keeps no file; act/ does that for this machine.
 */
#include "tui/homes.h"

#include "act/history.h"
#include "model/topo.h"

static struct home *find(struct homes *homes, struct bdf address)
{
	for (unsigned i = 0; i < homes->count; i++)
		if (bdf_compare(homes->items[i].address, address) == 0)
			return &homes->items[i];
	return NULL;
}

void homes_remember(struct homes *homes, const struct system *system,
		    const struct plan *plan, struct arena *arena)
{
	for (unsigned i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];
		struct bdf address = system->devices[change->device].address;
		if (change->left || topo_is_vfio_driver(change->from))
			continue;
		struct home *home = find(homes, address);
		if (!home) {
			homes->items = arena_grow(arena, homes->items,
						  homes->count, &homes->room,
						  sizeof *homes->items);
			home = &homes->items[homes->count++];
			home->address = address;
		}
		home->driver = arena_text(arena, change->from);
	}
}

void homes_fill(const struct homes *homes, const struct system *system,
		struct intent *intent, struct arena *arena)
{
	if (system->origin.kind != ORIGIN_LIVE) {
		intent->homes = homes->items;
		intent->home_count = homes->count;
		return;
	}
	const char *own = history_folder(arena, NULL);
	const char *const folders[] = { own ? own : HISTORY_ROOT,
					HISTORY_ROOT, NULL };
	history_homes(folders, system, intent, arena);
}
