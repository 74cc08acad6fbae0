// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads mediated devices: who can make them, which kinds, and which there
 * are.  Parents need be no PCI devices, so they are found by their class.
 *
 * Source: Documentation/driver-api/vfio-mediated-device.rst;
 * drivers/vfio/mdev/mdev_core.c, mdev_sysfs.c.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "model/parts.h"
#include "source/read.h"

#define PARENTS "sys/class/mdev_bus"
#define ITEMS "sys/bus/mdev/devices"

enum { DESCRIPTION_BYTES = 4096, PATH_BYTES = 320, NAME_MOST = 63 };

/* Lines that belong together become one: "num_heads=4, frl_config=60". */
static struct fact_text join_lines(struct reader *reader,
				   const struct place *at, const char *name)
{
	enum known known = root_read(reader->root, at, name,
				     DESCRIPTION_BYTES, &reader->text);
	const char *from = buf_str(&reader->text), *line;
	struct buf joined = {0};
	size_t len;

	if (known != KNOWN)
		return (struct fact_text){ known, "" };
	while (text_line(&from, buf_end(&reader->text), &line, &len)) {
		if (joined.len && len)
			buf_puts(&joined, ", ");
		buf_add(&joined, line, len);
	}
	struct fact_text text = { KNOWN, text_safe(reader->arena,
						   buf_str(&joined),
						   joined.len) };
	buf_free(&joined);
	return text;
}

static struct mdev_type *add_type(struct reader *reader, size_t *room)
{
	struct mdevs *mdevs = &reader->system->mdevs;
	struct mdev_type *types = arena_grow(
		reader->arena, (void *)(uintptr_t)mdevs->types,
		mdevs->type_count, room, sizeof *types);

	mdevs->types = types;
	return &types[mdevs->type_count++];
}

static void read_type(struct reader *reader, const char *folder,
		      const char *name, struct mdev_type *type)
{
	struct place at;
	char path[PATH_BYTES];

	type->id = text_safe(reader->arena, name, strlen(name));
	type->name = type->description = type->api =
		(struct fact_text){ UNREAD, "" };
	snprintf(path, sizeof path, "%s/%s", folder, name);
	enum known known = root_enter(reader->root, NULL, path, &at);
	if (known != KNOWN) {
		type->available.known = known;
		return;
	}
	type->name = read_text(reader, &at, "name");
	type->description = join_lines(reader, &at, "description");
	type->api = read_text(reader, &at, "device_api");
	type->available = read_num(reader, &at, "available_instances", 10);
	root_leave(reader->root, &at);
}

static void read_types(struct reader *reader, int parent, const char *name,
		       size_t *room, struct mdev_parent *self)
{
	struct arena names = {0};
	struct listing listing;
	char folder[PATH_BYTES / 2];

	snprintf(folder, sizeof folder, PARENTS "/%s/mdev_supported_types",
		 name);
	self->types_known = root_list(reader->root, NULL, folder, &names,
				      &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		if (strlen(listing.names[i]) > NAME_MOST)
			continue;
		struct mdev_type *type = add_type(reader, room);
		*type = (struct mdev_type){ .parent = parent };
		read_type(reader, folder, listing.names[i], type);
	}
	arena_free(&names);
}

static void read_parents(struct reader *reader)
{
	struct mdevs *mdevs = &reader->system->mdevs;
	struct arena names = {0};
	struct listing listing;
	size_t room = 0;

	mdevs->parents_known = root_list(reader->root, NULL, PARENTS, &names,
					 &listing);
	struct mdev_parent *parents = arena_array(
		reader->arena, listing.count + 1u, sizeof *parents);
	mdevs->parents = parents;
	for (unsigned i = 0; i < listing.count; i++) {
		const char *name = listing.names[i];
		char path[PATH_BYTES];
		if (strlen(name) > NAME_MOST)
			continue;
		int parent = (int)mdevs->parent_count++;
		snprintf(path, sizeof path, PARENTS "/%s", name);
		parents[parent] = (struct mdev_parent){
			.name = text_safe(reader->arena, name, strlen(name)),
			.device = device_behind(reader, path),
		};
		read_types(reader, parent, name, &room, &parents[parent]);
	}
	arena_free(&names);
}

/* The folder of a mediated device lies in that of its parent. */
static int parent_of(struct reader *reader, const char *path)
{
	struct buf real = {0};
	int parent = NONE;

	if (root_real(reader->root, NULL, path, &real) == KNOWN) {
		char *slash = strrchr(real.data, '/');
		if (slash)
			*slash = '\0';
		const char *name = slash ? strrchr(real.data, '/') : NULL;
		if (name)
			parent = parts_parent(reader->system, name + 1);
	}
	buf_free(&real);
	return parent;
}

static void read_item(struct reader *reader, const char *uuid,
		      struct mdev *mdev)
{
	char path[PATH_BYTES];
	struct place at;
	uint64_t number;

	snprintf(path, sizeof path, ITEMS "/%s", uuid);
	*mdev = (struct mdev){
		.uuid = arena_text(reader->arena, uuid),
		.parent = parent_of(reader, path),
		.type = { UNREAD, "" }, .driver = { UNREAD, "" },
	};
	enum known known = root_enter(reader->root, NULL, path, &at);
	mdev->group.known = known;
	if (known != KNOWN)
		return;
	mdev->type = read_link(reader, &at, "mdev_type");
	mdev->driver = read_link(reader, &at, "driver");
	struct fact_text group = read_link(reader, &at, "iommu_group");
	mdev->group.known = group.known;
	if (group.known == KNOWN && num_parse(group.value, 10, &number))
		mdev->group.value = (int64_t)number;
	else if (group.known == KNOWN)
		mdev->group.known = MALFORMED;
	root_leave(reader->root, &at);
}

static void read_items(struct reader *reader)
{
	struct mdevs *mdevs = &reader->system->mdevs;
	struct arena names = {0};
	struct listing listing;

	mdevs->items_known = root_list(reader->root, NULL, ITEMS, &names,
				       &listing);
	struct mdev *items = arena_array(reader->arena, listing.count + 1u,
					 sizeof *items);
	mdevs->items = items;
	for (unsigned i = 0; i < listing.count; i++)
		if (text_is_uuid(listing.names[i]))
			read_item(reader, listing.names[i],
				  &items[mdevs->item_count++]);
	arena_free(&names);
}

void read_mdevs(struct reader *reader)
{
	read_parents(reader);
	read_items(reader);
}
