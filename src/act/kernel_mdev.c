// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of the model that makes and removes mediated devices.  What their
 * parents share among their types it does not know.
 *
 * Source: drivers/vfio/mdev/mdev_core.c, mdev_sysfs.c; samples/vfio-mdev/
 * mtty.c; what kernel 6.12 was seen to do.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "act/kernel_part.h"
#include "base/text.h"
#include "model/grow.h"
#include "model/parts.h"

/* A parent on PCI shows how many it made. */
static void count_items(struct kernel *kernel, int parent)
{
	const struct mdevs *mdevs = &kernel->own->mdevs;
	int device = mdevs->parents[parent].device;
	int64_t count = 0;

	if (device == NONE ||
	    kernel->own->devices[device].mdev_count.known != KNOWN)
		return;
	for (unsigned i = 0; i < mdevs->item_count; i++)
		count += mdevs->items[i].parent == parent;
	kernel->own->devices[device].mdev_count.value = count;
}

/* Parents share what they have among their types: what is left of the others
 * then, only they know. */
static void count_types(struct kernel *kernel, int parent)
{
	struct mdevs *mdevs = &kernel->own->mdevs;
	const struct mdevs *was = &kernel->original->mdevs;
	struct mdev_type *types = arena_array(
		kernel->arena, mdevs->type_count + 1u, sizeof *types);

	for (unsigned i = 0; i < mdevs->type_count; i++) {
		int64_t more = 0, others = 0;
		types[i] = mdevs->types[i];
		if (types[i].parent != parent)
			continue;
		for (unsigned k = 0; k < mdevs->item_count; k++) {
			bool mine = strcmp(mdevs->items[k].type.value,
					   types[i].id) == 0;
			if (mdevs->items[k].parent == parent)
				*(mine ? &more : &others) += 1;
		}
		for (unsigned k = 0; k < was->item_count; k++) {
			bool mine = strcmp(was->items[k].type.value,
					   types[i].id) == 0;
			if (was->items[k].parent == parent)
				*(mine ? &more : &others) -= 1;
		}
		types[i].available = was->types[i].available;
		if (others)
			types[i].available = (struct fact_num){ UNREAD, 0 };
		else
			types[i].available.value -= more;
	}
	mdevs->types = types;
	count_items(kernel, parent);
}

static void keep_items(struct kernel *kernel, const char *without,
		       const struct mdev *more)
{
	struct mdevs *mdevs = &part_own(kernel)->mdevs;
	struct mdev *items = arena_array(kernel->arena,
					 mdevs->item_count + 2u,
					 sizeof *items);
	unsigned count = 0;

	for (unsigned i = 0; i < mdevs->item_count; i++) {
		if (more && strcmp(more->uuid, mdevs->items[i].uuid) < 0) {
			items[count++] = *more;
			more = NULL;
		}
		if (!without || strcmp(mdevs->items[i].uuid, without) != 0)
			items[count++] = mdevs->items[i];
	}
	if (more)
		items[count++] = *more;
	mdevs->items = items;
	mdevs->item_count = count;
	mdevs->items_known = KNOWN;
}

/* The driver that has others of the same parent has the new one too. */
static struct fact_text driver_like(const struct mdevs *mdevs, int parent)
{
	for (unsigned i = 0; i < mdevs->item_count; i++)
		if (mdevs->items[i].parent == parent)
			return mdevs->items[i].driver;
	return (struct fact_text){ UNREAD, "" };
}

static int create(struct kernel *kernel, int type, const char *uuid)
{
	const struct mdev_type *self = &kernel->system->mdevs.types[type];
	int parent = self->parent;

	if (!text_is_uuid(uuid))
		return EINVAL;
	if (parts_mdev(kernel->system, uuid) != NONE)
		return EEXIST;
	if (self->available.known == KNOWN && self->available.value <= 0)
		return EUSERS;
	struct member *member = arena_alloc(kernel->arena, sizeof *member);
	*member = (struct member){
		.name = arena_text(kernel->arena, uuid), .device = NONE,
	};
	const struct group group = {
		.number = system_free_group(kernel->system, 0),
		.name = { UNREAD, "" }, .type = { UNREAD, "" },
		.members_known = KNOWN, .members = member, .member_count = 1,
		.reserved_known = UNREAD,
	};
	const struct mdev mdev = {
		.uuid = member->name, .parent = parent,
		.type = { KNOWN, self->id },
		.driver = driver_like(&kernel->system->mdevs, parent),
		.group = { KNOWN, group.number },
	};
	const struct growth growth = { .groups = &group, .group_count = 1 };
	part_stand(kernel, system_grow(kernel->system, &growth, kernel->arena));
	keep_items(kernel, NULL, &mdev);
	count_types(kernel, parent);
	return 0;
}

static int remove_mdev(struct kernel *kernel, const char *uuid)
{
	int index = parts_mdev(kernel->system, uuid);

	if (index == NONE)
		return ENOENT;
	const struct mdev *mdev = &kernel->system->mdevs.items[index];
	int parent = mdev->parent;
	if (parts_mdev_holder(kernel->system, mdev))
		return KERNEL_BLOCKS;
	const struct growth growth = { .strangers = &mdev->uuid,
				       .stranger_count = 1 };
	part_stand(kernel, system_grow(kernel->system, &growth, kernel->arena));
	keep_items(kernel, uuid, NULL);
	if (parent != NONE)
		count_types(kernel, parent);
	return 0;
}

/* "…/NAME/mdev_supported_types/TYPE/create" */
static int type_of_path(const struct system *system, const char *path)
{
	for (unsigned i = 0; i < system->mdevs.type_count; i++) {
		const struct mdev_type *type = &system->mdevs.types[i];
		char end[192];
		snprintf(end, sizeof end, "/%s/mdev_supported_types/%s/create",
			 system->mdevs.parents[type->parent].name, type->id);
		if (text_ends(path, end))
			return (int)i;
	}
	return NONE;
}

bool mdev_is_path(const char *path)
{
	return text_starts(path, PART_MDEVS) ||
	       strstr(path, "/mdev_supported_types/");
}

int mdev_write(struct kernel *kernel, const char *path, const char *value)
{
	char uuid[64];

	if (!text_starts(path, PART_MDEVS)) {
		int type = type_of_path(kernel->system, path);
		return type == NONE ? ENOENT : create(kernel, type, value);
	}
	path += sizeof PART_MDEVS - 1;
	if (!part_take(&path, uuid, sizeof uuid) ||
	    strcmp(path, "remove") != 0)
		return ENOENT;
	return remove_mdev(kernel, uuid);
}

bool mdev_look(const struct kernel *kernel, const struct expect *expect,
	       char *seen, size_t size)
{
	const char *uuid = expect->path + sizeof PART_MDEVS - 1;
	bool there = parts_mdev(kernel->system, uuid) != NONE;

	snprintf(seen, size, "%.40s", there ? uuid : "");
	return expect->kind == EXPECT_EXISTS ? there :
	       expect->kind == EXPECT_DRIVER &&
		       strcmp(seen, expect->value) == 0;
}
