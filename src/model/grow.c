// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A system with devices and groups more or less.  It copies what has indices
 * and links it again as build.c does; what the new devices are, others say.
 */
#include "model/grow.h"

#include <string.h>

#include "model/build.h"

static int moved(const int *map, int old)
{
	return old == NONE ? NONE : map[old];
}

/* Copy an array whose items are about devices, with their new indices; what
 * hung on a device that is gone is left out, but where others count on its
 * place (@all). */
#define MOVE(map, arena, all, array, count)                                   \
	do {                                                                  \
		size_t size_ = sizeof *(array);                               \
		char *to_ = arena_array(arena, (count) + 1u, size_);          \
		unsigned kept_ = 0;                                           \
		for (unsigned i_ = 0; i_ < (count); i_++) {                   \
			int old_ = (array)[i_].device;                        \
			if (!(all) && old_ != NONE && (map)[old_] == NONE)    \
				continue;                                     \
			memcpy(to_ + kept_ * size_, &(array)[i_], size_);     \
			size_t at_ = (size_t)((const char *)&(array)->device - \
					      (const char *)(array));         \
			*(int *)(void *)(to_ + kept_++ * size_ + at_) =       \
				moved(map, old_);                             \
		}                                                             \
		(array) = (void *)to_;                                        \
		(count) = kept_;                                              \
	} while (0)

/* Copy an array that is sorted or linked in place. */
#define COPY(arena, array, count)                                             \
	do {                                                                  \
		size_t size_ = sizeof *(array) * (count);                     \
		void *to_ = arena_alloc(arena, size_ + 1u);                   \
		if (size_)                                                    \
			memcpy(to_, array, size_);                            \
		(array) = to_;                                                \
	} while (0)

static void unlink_device(struct device *device)
{
	device->parent = device->first_child = device->next_sibling = NONE;
	device->group_index = device->unit_index = device->driver_index = NONE;
}

/* The bridge above is told by address from now on. */
static void name_parent(const struct system *system, struct device *device)
{
	device->path_known = true;
	device->above_known = device->parent != NONE;
	if (device->above_known)
		device->above = system->devices[device->parent].address;
}

static void place_devices(const struct system *system,
			  const struct growth *growth, struct system *result,
			  struct arena *arena)
{
	struct device *devices = arena_array(
		arena, system->device_count + growth->device_count + 1u,
		sizeof *devices);
	unsigned count = 0;

	for (unsigned i = 0; i < system->device_count; i++)
		if (!growth->gone || !growth->gone[i]) {
			devices[count] = system->devices[i];
			/* So that buses renumbered in between mean nothing. */
			if (devices[count].parent != NONE)
				name_parent(system, &devices[count]);
			unlink_device(&devices[count++]);
		}
	for (unsigned i = 0; i < growth->device_count; i++) {
		devices[count] = growth->devices[i];
		name_parent(system, &devices[count]);
		unlink_device(&devices[count++]);
	}
	result->devices = devices;
	result->device_count = count;
}

/* Where each old device is now; devices are sorted. */
static const int *map_of(const struct system *system,
			 const struct system *result, struct arena *arena)
{
	int *map = arena_array(arena, system->device_count + 1u, sizeof *map);

	for (unsigned i = 0; i < system->device_count; i++)
		map[i] = system_device(result, system->devices[i].address);
	return map;
}

static bool is_among(const char *name, const char *const *names,
		     unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool stays(const struct growth *growth, const struct member *member)
{
	if (member->device != NONE)
		return !growth->gone || !growth->gone[member->device];
	return !is_among(member->name, growth->strangers,
			 growth->stranger_count);
}

static unsigned add_new_members(const struct growth *growth,
				unsigned number, struct member *members,
				unsigned count, struct arena *arena)
{
	for (unsigned i = 0; i < growth->device_count; i++) {
		const struct fact_num *group = &growth->devices[i].group;
		char name[BDF_TEXT];
		if (group->known == KNOWN && group->value == (int64_t)number)
			members[count++] = (struct member){
				.name = arena_text(arena, bdf_print(
					growth->devices[i].address, name)),
				.device = NONE,
			};
	}
	return count;
}

/* False when nobody is left in it. */
static bool place_group(const struct growth *growth, struct group *group,
			struct arena *arena)
{
	struct member *members = arena_array(
		arena, group->member_count + growth->device_count + 1u,
		sizeof *members);
	unsigned count = 0;

	for (unsigned i = 0; i < group->member_count; i++)
		if (stays(growth, &group->members[i]))
			members[count++] = group->members[i];
	count = add_new_members(growth, group->number, members, count, arena);
	bool emptied = group->member_count && !count;
	bool listed = group->members_known == KNOWN;
	/* Where nobody listed them, the devices' own links will. */
	group->members = listed ? members : NULL;
	group->member_count = listed ? count : 0;
	return !emptied;
}

static void place_groups(const struct system *system,
			 const struct growth *growth, struct system *result,
			 struct arena *arena)
{
	unsigned all = system->group_count + growth->group_count;
	struct group *groups = arena_array(arena, all + 1u, sizeof *groups);
	unsigned count = 0;

	for (unsigned i = 0; i < all; i++) {
		groups[count] = i < system->group_count ?
			system->groups[i] :
			growth->groups[i - system->group_count];
		count += place_group(growth, &groups[count], arena);
	}
	result->groups = groups;
	result->group_count = count;
}

static void move_all(struct system *result, const int *map,
		     struct arena *arena)
{
	struct host *host = &result->host;
	struct usage *usage = &result->usage;

	MOVE(map, arena, false, result->cards, result->card_count);
	MOVE(map, arena, false, result->connectors, result->connector_count);
	MOVE(map, arena, false, result->framebuffers,
	     result->framebuffer_count);
	MOVE(map, arena, false, result->sysfbs, result->sysfb_count);
	MOVE(map, arena, false, host->backlights, host->backlight_count);
	MOVE(map, arena, false, host->switcheroos, host->switcheroo_count);
	MOVE(map, arena, false, usage->storage, usage->storage_count);
	MOVE(map, arena, false, usage->disks, usage->disk_count);
	MOVE(map, arena, false, usage->interfaces, usage->interface_count);
	MOVE(map, arena, false, usage->stacks, usage->stack_count);
	MOVE(map, arena, false, usage->keyboards, usage->keyboard_count);
	MOVE(map, arena, false, usage->sounds, usage->sound_count);
	MOVE(map, arena, false, usage->sound_cards, usage->sound_card_count);
	MOVE(map, arena, false, usage->gear, usage->gear_count);
	MOVE(map, arena, true, usage->usb_devices, usage->usb_device_count);
	MOVE(map, arena, false, usage->holders, usage->holder_count);
	MOVE(map, arena, false, usage->claims, usage->claim_count);
	MOVE(map, arena, false, result->uios, result->uio_count);
	MOVE(map, arena, true, result->mdevs.parents,
	     result->mdevs.parent_count);
	usage->terminal_device = moved(map, usage->terminal_device);
	for (unsigned i = 0; i < result->device_count; i++)
		result->devices[i].physfn =
			moved(map, result->devices[i].physfn);
}

struct system *system_grow(const struct system *system,
			   const struct growth *growth, struct arena *arena)
{
	struct system *result = arena_alloc(arena, sizeof *result);
	struct builder builder = { .system = result };

	*result = *system;
	result->arena = arena;
	COPY(arena, result->units, result->unit_count);
	for (unsigned i = 0; i < result->unit_count; i++)
		result->units[i].device_count = 0;
	COPY(arena, result->drivers, result->driver_count);
	COPY(arena, result->host.interrupts, result->host.interrupt_count);
	place_devices(system, growth, result, arena);
	place_groups(system, growth, result, arena);
	build_sort(&builder);
	move_all(result, map_of(system, result, arena), arena);
	build_freeze(&builder);
	return result;
}

unsigned system_free_group(const struct system *system, unsigned least)
{
	while (system_group(system, least) != NONE)
		least++;
	return least;
}
