// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Edits of alter.c about memory of devices, and what they are given out in.
 */
#include "alter_part.h"

#include <stdint.h>
#include <string.h>

static void edit_bar(const struct edit *edit)
{
	struct device *device = edit_target(edit, 1);
	struct bar *bar = arena_alloc(edit->system->arena, sizeof *bar);

	*bar = (struct bar){
		.start = (uint64_t)edit_number(edit->words[2]),
		.end = (uint64_t)edit_number(edit->words[3]),
		.flags = (uint64_t)edit_number(edit->words[4]),
	};
	device->resources = KNOWN;
	device->bars = bar;
	device->bar_count = 1;
}

static void edit_vfbar(const struct edit *edit)
{
	struct device *device = edit_target(edit, 1);
	struct bar *bar = arena_alloc(edit->system->arena, sizeof *bar);

	*bar = (struct bar){ .start = (uint64_t)edit_number(edit->words[2]),
			     .end = (uint64_t)edit_number(edit->words[3]),
			     .flags = (uint64_t)edit_number(edit->words[4]) };
	device->vf_bars = bar;
	device->vf_bar_count = 1;
}

static int mdev_parent(const struct edit *edit, const char *name)
{
	struct mdevs *mdevs = &edit->system->mdevs;
	struct mdev_parent *all = arena_array(edit->system->arena,
					      mdevs->parent_count + 1u,
					      sizeof *all);
	struct bdf address;

	for (unsigned i = 0; i < mdevs->parent_count; i++) {
		if (strcmp(mdevs->parents[i].name, name) == 0)
			return (int)i;
		all[i] = mdevs->parents[i];
	}
	all[mdevs->parent_count] = (struct mdev_parent){
		name, bdf_parse(name, &address) ?
			system_device(edit->system, address) : NONE, KNOWN };
	mdevs->parents = all;
	mdevs->parents_known = mdevs->items_known = KNOWN;
	return (int)mdevs->parent_count++;
}

/* One type more, of a parent that may be new. */
static void edit_mdevtype(const struct edit *edit)
{
	struct mdevs *mdevs = &edit->system->mdevs;
	int parent = mdev_parent(edit, edit->words[1]);
	struct mdev_type *all = arena_array(edit->system->arena,
					    mdevs->type_count + 1u,
					    sizeof *all);
	const char *left = edit->words[3];

	for (unsigned i = 0; i < mdevs->type_count; i++)
		all[i] = mdevs->types[i];
	all[mdevs->type_count++] = (struct mdev_type){
		.parent = parent,
		.id = edit->words[2],
		.name = { KNOWN, edit->rest[3] },
		.description = { ABSENT, "" },
		.api = { KNOWN, "vfio-pci" },
		.available = { edit_state(left), edit_state(left) == KNOWN
							 ? edit_number(left)
							 : 0 },
	};
	mdevs->types = all;
}

static void edit_mdev(const struct edit *edit)
{
	struct mdevs *mdevs = &edit->system->mdevs;
	struct mdev *all = arena_array(edit->system->arena,
				       mdevs->item_count + 1u, sizeof *all);

	if (*edit->words[1] == '?') {
		mdevs->parents_known = mdevs->items_known = DENIED;
		return;
	}
	for (unsigned i = 0; i < mdevs->item_count; i++)
		all[i] = mdevs->items[i];
	all[mdevs->item_count++] = (struct mdev){
		.uuid = edit->words[1],
		.parent = mdev_parent(edit, edit->words[2]),
		.type = { KNOWN, edit->words[3] },
		.driver = { KNOWN, "vfio_mdev" },
		.group = { KNOWN, edit_number(edit->words[4]) },
	};
	mdevs->items = all;
}

static void edit_uio(const struct edit *edit)
{
	struct system *system = edit->system;
	struct uio_map *map = arena_alloc(system->arena, sizeof *map);
	struct uio *uio = arena_alloc(system->arena, sizeof *uio);

	system->uios_known = edit_state(edit->words[1]);
	if (system->uios_known != KNOWN)
		return;
	*map = (struct uio_map){ { KNOWN, "0000:02:00.0" },
				 { KNOWN, 0xfe000000 }, { KNOWN, 0x4000 } };
	*uio = (struct uio){
		.node = "uio0",
		.name = { KNOWN, "uio_pci_generic" },
		.version = { KNOWN, "0.01.0" },
		.event = { KNOWN, edit_number(edit->words[2]) },
		.device = edit_device(edit, 1),
		.maps_known = KNOWN,
		.maps = map,
		.map_count = 1,
	};
	system->uios = uio;
	system->uio_count = 1;
}

const struct edit_row alter_parts[] = {
	{ "bar", 5, edit_bar }, { "vfbar", 5, edit_vfbar },
	{ "mdevtype", 4, edit_mdevtype }, { "mdev", 2, edit_mdev },
	{ "uio", 2, edit_uio }, { 0 },
};
