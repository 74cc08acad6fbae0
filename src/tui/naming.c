// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names carried from one reading to the next, because looking them up takes
 * longer than reading the machine.  It looks up none.
 */
#include "tui/naming.h"

static bool is_same(const struct device *a, const struct device *b)
{
	return a->vendor == b->vendor && a->device == b->device &&
	       a->class == b->class;
}

const struct names *naming_carry(const struct names *names,
				 const struct system *from,
				 const struct system *to,
				 struct arena *arena)
{
	if (!names)
		return NULL;
	struct device_name *items = arena_array(arena, to->device_count + 1,
						sizeof *items);
	for (unsigned i = 0; i < to->device_count; i++) {
		int at = system_device(from, to->devices[i].address);
		struct device_name name = { "", "", "" };
		if (at != NONE && is_same(&from->devices[at],
					  &to->devices[i]))
			name = names_of(names, at);
		items[i] = (struct device_name){
			arena_text(arena, name.vendor),
			arena_text(arena, name.device),
			arena_text(arena, name.class),
		};
	}
	struct names *carried = arena_alloc(arena, sizeof *carried);
	*carried = (struct names){ items, to->device_count };
	return carried;
}

bool naming_is_whole(const struct names *names, const struct system *system)
{
	if (!names)
		return false;
	for (unsigned i = 0; i < system->device_count; i++) {
		struct device_name name = names_of(names, (int)i);
		if (!*name.device && !*name.vendor && !*name.class)
			return false;
	}
	return true;
}
