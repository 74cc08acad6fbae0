// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes a system: collects, sorts, links, freezes.  It reads nothing.
 */
#include "model/build.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"

static const struct config no_config;

void build_start(struct builder *builder, struct arena *arena)
{
	*builder = (struct builder){
		.system = arena_alloc(arena, sizeof *builder->system),
	};
	builder->system->arena = arena;
}

struct device *build_device(struct builder *builder, struct bdf address)
{
	struct system *system = builder->system;

	system->devices = arena_grow(system->arena, system->devices,
				     system->device_count,
				     &builder->device_room,
				     sizeof *system->devices);
	struct device *device = &system->devices[system->device_count++];
	*device = (struct device){
		.address = address,
		.group_index = NONE, .unit_index = NONE, .driver_index = NONE,
		.parent = NONE, .first_child = NONE, .next_sibling = NONE,
		.physfn = NONE,
		.config = &no_config,
	};
	return device;
}

struct group *build_group(struct builder *builder, unsigned number)
{
	struct system *system = builder->system;

	system->groups = arena_grow(system->arena, system->groups,
				    system->group_count, &builder->group_room,
				    sizeof *system->groups);
	struct group *group = &system->groups[system->group_count++];
	*group = (struct group){ .number = number };
	return group;
}

struct unit *build_unit(struct builder *builder, const char *name)
{
	struct system *system = builder->system;

	system->units = arena_grow(system->arena, system->units,
				   system->unit_count, &builder->unit_room,
				   sizeof *system->units);
	struct unit *unit = &system->units[system->unit_count++];
	*unit = (struct unit){ .name = name, .kind = "other" };
	return unit;
}

struct driver *build_driver(struct builder *builder, const char *name)
{
	struct system *system = builder->system;

	system->drivers = arena_grow(system->arena, system->drivers,
				     system->driver_count,
				     &builder->driver_room,
				     sizeof *system->drivers);
	struct driver *driver = &system->drivers[system->driver_count++];
	*driver = (struct driver){ .name = name };
	return driver;
}

/* The rest are plain arrays of values. */
#define ADD_TO(array, type)						\
	do {								\
		struct system *system = builder->system;		\
		type *items = arena_grow(system->arena,			\
			(void *)(uintptr_t)system->array##s,		\
			system->array##_count, &builder->array##_room,	\
			sizeof *items);					\
		system->array##s = items;				\
		return &items[system->array##_count++];			\
	} while (0)

struct card *build_card(struct builder *builder, const char *name)
{
	struct system *system = builder->system;
	struct card *items = arena_grow(system->arena,
					(void *)(uintptr_t)system->cards,
					system->card_count,
					&builder->card_room, sizeof *items);

	system->cards = items;
	items[system->card_count] = (struct card){
		.name = name, .device = NONE,
	};
	return &items[system->card_count++];
}

struct connector *build_connector(struct builder *builder)
{
	ADD_TO(connector, struct connector);
}

struct framebuffer *build_framebuffer(struct builder *builder)
{
	ADD_TO(framebuffer, struct framebuffer);
}

struct vtconsole *build_vtconsole(struct builder *builder)
{
	ADD_TO(vtconsole, struct vtconsole);
}

struct bootfb *build_bootfb(struct builder *builder)
{
	ADD_TO(bootfb, struct bootfb);
}

static struct problem *add_problem(struct builder *builder)
{
	ADD_TO(problem, struct problem);
}

void build_problem(struct builder *builder, const char *path, int errnum)
{
	*add_problem(builder) = (struct problem){ path, errnum };
}

static int order_devices(const void *a, const void *b)
{
	return bdf_compare(((const struct device *)a)->address,
			   ((const struct device *)b)->address);
}

static int order_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

/* dmar2 before dmar10: by length where only digits follow. */
static int order_units(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;
	size_t i = strlen(x->name), j = strlen(y->name);

	if (i != j && strcspn(x->name, "0123456789") ==
			      strcspn(y->name, "0123456789"))
		return i < j ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int order_drivers(const void *a, const void *b)
{
	return strcmp(((const struct driver *)a)->name,
		      ((const struct driver *)b)->name);
}

static void sort(void *items, size_t count, size_t size,
		 int (*order)(const void *, const void *))
{
	if (count > 1)
		qsort(items, count, size, order);
}

void build_sort(struct builder *builder)
{
	struct system *system = builder->system;

	/* Directories list in order more often than not: look first. */
	for (unsigned i = 1; i < system->device_count; i++)
		if (order_devices(&system->devices[i - 1],
				  &system->devices[i]) > 0) {
			sort(system->devices, system->device_count,
			     sizeof *system->devices, order_devices);
			break;
		}
	sort(system->groups, system->group_count, sizeof *system->groups,
	     order_groups);
	sort(system->units, system->unit_count, sizeof *system->units,
	     order_units);
	sort(system->drivers, system->driver_count, sizeof *system->drivers,
	     order_drivers);
}

/* The bus a bridge has below it, by attribute or config; false for none. */
static bool secondary_of(const struct device *device, uint8_t *bus)
{
	if (device->secondary_bus.known == KNOWN) {
		*bus = (uint8_t)device->secondary_bus.value;
		return *bus != 0;
	}
	if (device->config->header == KNOWN &&
	    device->config->header_type != 0) {
		*bus = device->config->secondary;
		return *bus != 0;
	}
	return false;
}

struct bus_owner {
	uint32_t domain;
	uint8_t bus;
	int bridge;
};

static int order_owners(const void *a, const void *b)
{
	const struct bus_owner *x = a, *y = b;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	return x->bus < y->bus ? -1 : x->bus > y->bus;
}

/* Bridges by the bus below them, for devices whose path was not told. */
static void link_by_bus(struct system *system)
{
	struct bus_owner *owners = arena_array(
		system->arena, system->device_count + 1u, sizeof *owners);
	size_t count = 0;

	for (unsigned i = 0; i < system->device_count; i++) {
		uint8_t bus;
		if (secondary_of(&system->devices[i], &bus))
			owners[count++] = (struct bus_owner){
				system->devices[i].address.domain, bus, (int)i,
			};
	}
	sort(owners, count, sizeof *owners, order_owners);
	for (unsigned i = 0; i < system->device_count; i++) {
		struct device *device = &system->devices[i];
		const struct bus_owner key = {
			device->address.domain, device->address.bus, 0,
		};
		const struct bus_owner *owner;
		if (device->path_known || device->parent != NONE || !count)
			continue;
		owner = bsearch(&key, owners, count, sizeof key, order_owners);
		if (owner && owner->bridge != (int)i)
			device->parent = owner->bridge;
	}
}

/* A bus number a stranger wrote can make a bridge its own ancestor. */
static void break_loops(struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++) {
		int slow = (int)i;
		unsigned steps = 0;
		while (slow != NONE && steps++ < 256)
			slow = system->devices[slow].parent;
		if (slow != NONE)
			system->devices[i].parent = NONE;
	}
}

static void link_tree(struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++) {
		struct device *device = &system->devices[i];
		if (device->path_known && device->above_known)
			device->parent = system_device(system, device->above);
		if (device->parent == (int)i)
			device->parent = NONE;
	}
	link_by_bus(system);
	break_loops(system);
	for (unsigned i = system->device_count; i-- > 0;) {
		struct device *device = &system->devices[i];
		if (device->parent == NONE)
			continue;
		struct device *above = &system->devices[device->parent];
		device->next_sibling = above->first_child;
		above->first_child = (int)i;
	}
}

static int order_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	struct bdf p, q;
	bool is_p = bdf_parse(x->name, &p), is_q = bdf_parse(y->name, &q);

	if (is_p && is_q)
		return bdf_compare(p, q);
	return is_p ? -1 : is_q ? 1 : strcmp(x->name, y->name);
}

/* Members whose folder was not read, from the devices' own links. */
static void members_from_devices(struct system *system, unsigned *room)
{
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		char text[BDF_TEXT];
		if (device->group_index == NONE)
			continue;
		struct group *group = &system->groups[device->group_index];
		if (group->members_known == KNOWN)
			continue;
		size_t space = room[device->group_index];
		struct member *members = arena_grow(
			system->arena, (void *)(uintptr_t)group->members,
			group->member_count, &space, sizeof *members);
		room[device->group_index] = (unsigned)space;
		group->members = members;
		members[group->member_count++] = (struct member){
			.name = arena_text(system->arena,
					   bdf_print(device->address, text)),
			.device = (int)i,
		};
	}
}

static void link_groups(struct system *system)
{
	for (unsigned i = 0; i < system->group_count; i++) {
		struct group *group = &system->groups[i];
		struct member *members = (void *)(uintptr_t)group->members;
		sort(members, group->member_count, sizeof *members,
		     order_members);
		for (unsigned m = 0; m < group->member_count; m++) {
			struct bdf address;
			members[m].device = NONE;
			if (!bdf_parse(members[m].name, &address))
				continue;
			int at = system_device(system, address);
			members[m].device = at;
			if (at != NONE)
				system->devices[at].group_index = (int)i;
			/* A member is one, though its own link be missing. */
			if (at != NONE &&
			    system->devices[at].group.known != KNOWN)
				system->devices[at].group = (struct fact_num){
					KNOWN, group->number,
				};
		}
	}
	for (unsigned i = 0; i < system->device_count; i++) {
		struct device *device = &system->devices[i];
		if (device->group_index == NONE && device->group.known == KNOWN)
			device->group_index = system_group(
				system, (unsigned)device->group.value);
	}
	if (system->group_count)
		members_from_devices(system,
				     arena_array(system->arena,
						 system->group_count,
						 sizeof(unsigned)));
}

static void link_units(struct system *system)
{
	for (unsigned u = 0; u < system->unit_count; u++) {
		struct unit *unit = &system->units[u];
		int *served = arena_array(system->arena,
					  system->device_count + 1u,
					  sizeof *served);
		for (unsigned i = 0; i < system->device_count; i++) {
			struct device *device = &system->devices[i];
			if (device->iommu.known != KNOWN ||
			    strcmp(device->iommu.value, unit->name) != 0)
				continue;
			device->unit_index = (int)u;
			served[unit->device_count++] = (int)i;
		}
		unit->devices = served;
	}
}

/* The address in "IR-PCI-MSIX-0000:01:00.0", or the legacy line's owner. */
static int owner_of_interrupt(const struct system *system,
			      const struct interrupt *line)
{
	const char *dash = strrchr(line->chip, '-');
	struct bdf address;
	uint64_t irq;

	if (dash && bdf_parse(dash + 1, &address))
		return system_device(system, address);
	if (!num_parse(line->number, 10, &irq) || !irq)
		return NONE;
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].irq.known == KNOWN &&
		    system->devices[i].irq.value == (int64_t)irq)
			return (int)i;
	return NONE;
}

static void link_interrupts(struct system *system)
{
	struct interrupt *lines =
		(void *)(uintptr_t)system->host.interrupts;

	for (unsigned i = 0; i < system->host.interrupt_count; i++)
		lines[i].device = owner_of_interrupt(system, &lines[i]);
}

const struct system *build_freeze(struct builder *builder)
{
	struct system *system = builder->system;

	build_sort(builder);
	for (unsigned i = 0; i < system->device_count; i++) {
		struct device *device = &system->devices[i];
		if (device->driver.known == KNOWN)
			device->driver_index =
				system_driver(system, device->driver.value);
	}
	link_tree(system);
	link_groups(system);
	link_units(system);
	link_interrupts(system);
	return system;
}
