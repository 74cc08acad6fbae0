// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what stands on which disk: mounted file systems, swap, arrays and
 * volumes.  It opens no block device and asks no daemon; disks themselves
 * are in read_disks.c.
 */
#include <libmount.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "source/read_block.h"

static void add_storage(struct reader *reader, size_t *room,
			const struct storage_use *use,
			const struct owners *owners)
{
	struct usage *usage = &reader->system->usage;

	for (unsigned i = 0; i < owners->count; i++) {
		struct storage_use *uses = arena_grow(
			reader->arena, (void *)(uintptr_t)usage->storage,
			usage->storage_count, room, sizeof *uses);
		struct storage_use *each = &uses[usage->storage_count++];
		usage->storage = uses;
		*each = *use;
		each->device = owners->items[i].device;
		each->through = owners->items[i].through;
	}
}

static const char *safe(struct reader *reader, const char *text)
{
	return text ? text_safe(reader->arena, text, strlen(text)) : "";
}

static void find_named(struct reader *reader, const char *name, size_t len,
		       struct owners *owners)
{
	struct buf path = {0};

	buf_puts(&path, "sys/class/block/");
	buf_add(&path, name, len);
	find_block_owners(reader, buf_str(&path), owners);
	buf_free(&path);
}

/* "/dev/sda1", or all disks of it: "/dev/sda1:/dev/sdb1" (bcachefs). */
static void find_sources(struct reader *reader, const char *source,
			 struct owners *owners)
{
	while (*source) {
		size_t len = strcspn(source, ":");
		size_t name = len;
		while (name && source[name - 1] != '/')
			name--;
		if (text_starts(source, "/dev/"))
			find_named(reader, source + name, len - name, owners);
		source += len + (source[len] == ':');
	}
}

/* Every disk of a btrfs, by the one that was mounted: sys/fs/btrfs/UUID/
 * devices names them all. */
static void find_btrfs(struct reader *reader, const char *source,
		       struct owners *owners)
{
	const char *slash = strrchr(source, '/');
	struct arena names = {0};
	struct listing all, devices;
	struct buf path = {0};

	root_list(reader->root, NULL, "sys/fs/btrfs", &names, &all);
	for (unsigned i = 0; slash && i < all.count; i++) {
		bool ours = false;
		buf_reset(&path);
		buf_printf(&path, "sys/fs/btrfs/%s/devices", all.names[i]);
		if (!strchr(all.names[i], '-') ||
		    root_list(reader->root, NULL, buf_str(&path), &names,
			      &devices) != KNOWN)
			continue;
		for (unsigned d = 0; d < devices.count; d++)
			ours |= strcmp(devices.names[d], slash + 1) == 0;
		for (unsigned d = 0; ours && d < devices.count; d++)
			find_named(reader, devices.names[d],
				   strlen(devices.names[d]), owners);
	}
	buf_free(&path);
	arena_free(&names);
}

/* The disks of a ZFS pool: those whose label is its name. */
static void find_pool(struct reader *reader, const char *source,
		      struct owners *owners)
{
	const struct usage *usage = &reader->system->usage;
	size_t len = strcspn(source, "/");

	for (unsigned i = 0; i < usage->disk_count; i++) {
		const struct disk *disk = &usage->disks[i];
		if (disk->content.known == KNOWN &&
		    strcmp(disk->content.value, "zfs_member") == 0 &&
		    disk->label.known == KNOWN &&
		    strlen(disk->label.value) == len &&
		    memcmp(disk->label.value, source, len) == 0)
			find_named(reader, disk->name, strlen(disk->name),
				   owners);
	}
}

static bool is_type(struct libmnt_fs *fs, const char *type)
{
	const char *own = mnt_fs_get_fstype(fs);

	return own && strcmp(own, type) == 0;
}

/* By number; where the file system has a number of its own, by the name of
 * its source. */
static void find_mount_owners(struct reader *reader, struct libmnt_fs *fs,
			      struct owners *owners)
{
	const char *source = mnt_fs_get_source(fs);
	dev_t number = mnt_fs_get_devno(fs);
	struct usage *usage = &reader->system->usage;

	if (number >> 8) {
		char path[48];
		snprintf(path, sizeof path, "sys/dev/block/%u:%u",
			 (unsigned)(number >> 8 & 0xfff),
			 (unsigned)((number & 0xff) |
				    (number >> 12 & 0xfff00)));
		find_block_owners(reader, path, owners);
	}
	if (owners->count || !source)
		return;
	find_sources(reader, source, owners);
	if (is_type(fs, "btrfs"))
		find_btrfs(reader, source, owners);
	if (is_type(fs, "zfs"))
		find_pool(reader, source, owners);
	if (!owners->count && (is_type(fs, "zfs") || is_type(fs, "btrfs") ||
			       is_type(fs, "bcachefs")))
		usage->storage_lost = arena_printf(
			reader->arena, "%s (%s)", safe(reader, source),
			mnt_fs_get_fstype(fs));
}

/* Parse a table that libmount knows out of reader->text. */
static struct libmnt_table *parse_table(struct reader *reader,
					const char *name)
{
	struct libmnt_table *table = mnt_new_table();
	FILE *file = reader->text.len ?
			     fmemopen(reader->text.data, reader->text.len,
				      "r") : NULL;

	if (table && file && mnt_table_parse_stream(table, file, name)) {
		mnt_unref_table(table);
		table = NULL;
	}
	if (file)
		fclose(file);
	return table;
}

/* The last one mounted on / is the one seen there. */
static void take_root(struct reader *reader, struct libmnt_fs *fs)
{
	bool far = mnt_fs_is_netfs(fs);

	reader->system->usage.network_root = (struct fact_text){
		far ? KNOWN : ABSENT,
		far ? safe(reader, mnt_fs_get_fstype(fs)) : "",
	};
}

static void read_mounts(struct reader *reader, size_t *room)
{
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct usage *usage = &reader->system->usage;
	const char *path = "proc/self/mountinfo";
	struct libmnt_fs *fs;

	usage->storage_known = read_file(reader, path);
	if (usage->storage_known != KNOWN) {
		path = "proc/self/mounts";
		usage->storage_known = read_file(reader, path);
	}
	struct libmnt_table *table = usage->storage_known == KNOWN ?
					     parse_table(reader, path) : NULL;
	usage->network_root.known = usage->storage_known;
	usage->network_root.value = "";
	while (table && iter && mnt_table_next_fs(table, iter, &fs) == 0) {
		struct owners owners = {0};
		const char *target = mnt_fs_get_target(fs);
		if (target && strcmp(target, "/") == 0)
			take_root(reader, fs);
		find_mount_owners(reader, fs, &owners);
		if (!owners.count)
			continue;
		const char *source = mnt_fs_get_source(fs);
		const char *slash = source && *source == '/' ?
			strrchr(source, '/') : NULL;
		const struct storage_use use = {
			.block = safe(reader, slash ? slash + 1 : source),
			.what = safe(reader, mnt_fs_get_target(fs)),
			.type = safe(reader, mnt_fs_get_fstype(fs)),
			.source = arena_printf(reader->arena, "/%s", path),
		};
		add_storage(reader, room, &use, &owners);
	}
	mnt_unref_table(table);
	mnt_free_iter(iter);
}

/* "/dev/sda2  partition  …": the first word, behind a line of headings. */
static void read_swaps(struct reader *reader, size_t *room)
{
	enum known known = read_file(reader, "proc/swaps");
	struct buf text = {0};
	const char *at, *line;
	size_t len;

	if (!known_is_settled(known))
		reader->system->usage.storage_known = known;
	buf_add(&text, buf_str(&reader->text), reader->text.len);
	at = buf_str(&text);
	while (text_line(&at, buf_end(&text), &line, &len)) {
		struct owners owners = {0};
		size_t width = strcspn(line, " \t\n");
		const char *name = line + width;
		if (!text_starts(line, "/dev/") || width > len)
			continue;
		while (name > line && name[-1] != '/')
			name--;
		size_t name_len = width - (size_t)(name - line);
		find_named(reader, name, name_len, &owners);
		const struct storage_use use = {
			.block = text_safe(reader->arena, name, name_len),
			.what = "swap", .type = "swap",
			.source = "/proc/swaps",
		};
		add_storage(reader, room, &use, &owners);
	}
	buf_free(&text);
}

static void add_stack(struct reader *reader, size_t *room, const char *block,
		      const char *holder, int device)
{
	struct usage *usage = &reader->system->usage;
	struct stack_use *stacks = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->stacks,
		usage->stack_count, room, sizeof *stacks);
	struct buf path = {0};

	usage->stacks = stacks;
	buf_printf(&path, "sys/class/block/%s/dm/name", holder);
	struct fact_text what = read_text(reader, NULL, buf_str(&path));
	stacks[usage->stack_count++] = (struct stack_use){
		safe(reader, block), safe(reader, holder), what.value, device,
	};
	buf_free(&path);
}

/* What stands on each block device: dm, md, bcache. */
static void read_stacks(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing blocks, holders;
	struct buf path = {0};
	size_t room = 0;

	usage->stacks_known = root_list(reader->root, NULL, "sys/class/block",
					&names, &blocks);
	for (unsigned i = 0; i < blocks.count; i++) {
		struct owners owners = {0};
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s/holders",
			   blocks.names[i]);
		if (root_list(reader->root, NULL, buf_str(&path), &names,
			      &holders) != KNOWN || !holders.count)
			continue;
		find_named(reader, blocks.names[i], strlen(blocks.names[i]),
			   &owners);
		for (unsigned h = 0; h < holders.count; h++)
			for (unsigned o = 0; o < owners.count; o++)
				add_stack(reader, &room, blocks.names[i],
					  holders.names[h],
					  owners.items[o].device);
	}
	buf_free(&path);
	arena_free(&names);
}

void read_storage(struct reader *reader)
{
	size_t room = 0;

	read_mounts(reader, &room);
	read_swaps(reader, &room);
	read_stacks(reader);
}
