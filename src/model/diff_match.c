// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which device of one reading is which of another.  It compares nothing else
 * of them.
 */
#include "model/diff.h"

#include <string.h>

#include "model/topo.h"

struct match {
	const struct system *before, *after;
	const char *const *was, *const *is;	/* places of the devices */
	int *found;		/* as diff_match */
	bool *taken;		/* of after->devices */
};

static const char *const *places(const struct system *system,
				 struct arena *arena)
{
	const char **list = arena_array(arena, system->device_count + 1u,
					sizeof *list);

	for (unsigned i = 0; i < system->device_count; i++)
		list[i] = topo_path(system, (int)i, arena);
	return list;
}

static bool has_serial(const struct device *device)
{
	return device->config->ecaps == KNOWN && device->config->has_serial;
}

static bool is_like(const struct device *a, const struct device *b)
{
	return a->identity == KNOWN && b->identity == KNOWN &&
	       a->vendor == b->vendor && a->device == b->device &&
	       a->subvendor == b->subvendor && a->subdevice == b->subdevice &&
	       a->class == b->class &&
	       !(has_serial(a) && has_serial(b) &&
		 a->config->serial != b->config->serial);
}

/* The same place by the way down to it; by address where a way is not told.
 * A device that is not known to be another one is the one that was there. */
static bool is_same_place(const struct match *match, int before, int after)
{
	const struct device *was = &match->before->devices[before];
	const struct device *is = &match->after->devices[after];
	bool by_path = *match->was[before] && *match->is[after];

	if (by_path ? strcmp(match->was[before], match->is[after]) != 0 :
		      bdf_compare(was->address, is->address) != 0)
		return false;
	return was->identity != KNOWN || is->identity != KNOWN ||
	       is_like(was, is);
}

static bool is_same_card(const struct match *match, int before, int after)
{
	const struct device *was = &match->before->devices[before];
	const struct device *is = &match->after->devices[after];

	return has_serial(was) && has_serial(is) && is_like(was, is) &&
	       was->address.function == is->address.function;
}

static void take(struct match *match, int before, int after)
{
	match->found[before] = after;
	match->taken[after] = true;
}

/* Take for each device the first free one that @fits. */
static void take_first(struct match *match,
		       bool (*fits)(const struct match *match, int before,
				    int after))
{
	for (unsigned i = 0; i < match->before->device_count; i++)
		for (unsigned j = 0; j < match->after->device_count &&
				     match->found[i] == NONE; j++)
			if (!match->taken[j] && fits(match, (int)i, (int)j))
				take(match, (int)i, (int)j);
}

/* Count the free ones that are like @device. */
static unsigned count_like(const struct match *match,
			   const struct device *device, bool now)
{
	const struct system *system = now ? match->after : match->before;
	unsigned count = 0;

	for (unsigned i = 0; i < system->device_count; i++)
		count += !(now ? match->taken[i] : match->found[i] != NONE) &&
			 is_like(device, &system->devices[i]);
	return count;
}

/* Where as many are there as before, nothing tells them apart but their
 * order; where one came or went, nobody can say which. */
static bool is_like_it(const struct match *match, int before, int after)
{
	const struct device *was = &match->before->devices[before];
	const struct device *is = &match->after->devices[after];

	return is_like(was, is) &&
	       was->address.function == is->address.function &&
	       count_like(match, was, false) == count_like(match, was, true);
}

const int *diff_match(const struct system *before, const struct system *after,
		      struct arena *arena)
{
	struct match match = {
		.before = before, .after = after,
		.was = places(before, arena), .is = places(after, arena),
		.found = arena_array(arena, before->device_count + 1u,
				     sizeof *match.found),
		.taken = arena_array(arena, after->device_count + 1u,
				     sizeof *match.taken),
	};

	for (unsigned i = 0; i < before->device_count; i++)
		match.found[i] = NONE;
	take_first(&match, is_same_place);
	take_first(&match, is_same_card);
	take_first(&match, is_like_it);
	return match.found;
}
