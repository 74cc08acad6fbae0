// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads which file systems and swap the host has on its devices, in every
 * mount namespace that can be looked into.  It asks no daemon and opens no block device.
 *
 * A mount's first line has a number that no other namespace has, so it tells
 * namespaces apart also where /proc/PID/ns may not be read.  A capture keeps
 * what the others hold ("vfiotop/mounts"), not every process's table.
 *
 * Source: proc(5), mountinfo; fs/proc/base.c (readable by everyone);
 * fs/btrfs/sysfs.c; bcachefs names all its devices with colons between.
 */
#include <libmount.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read_netfs.h"
#include "source/read_zfs.h"

enum { MOST_SPACES = 256, KEY_BYTES = 64 };

/* What is filled, and what was looked into. */
struct storage {
	size_t room;
	uint64_t spaces[MOST_SPACES];	/* what tells each apart */
	unsigned space_count;
	unsigned denied;
	bool full;			/* there are more */
	struct netfs netfs;
	struct pools pools;
};

static void add_storage(struct reader *reader, size_t *room,
			const struct storage_use *use,
			const struct owners *owners)
{
	struct usage *usage = &reader->system->usage;

	for (unsigned i = 0; i < owners->count; i++) {
		struct storage_use *uses = arena_grow(
			reader->arena, (void *)(uintptr_t)usage->storage,
			usage->storage_count, room, sizeof *uses);
		usage->storage = uses;
		uses[usage->storage_count] = *use;
		uses[usage->storage_count].through = owners->through[i];
		uses[usage->storage_count++].device = owners->device[i];
	}
}

static const char *safe(struct reader *reader, const char *text)
{
	return text ? text_safe(reader->arena, text, strlen(text)) : "";
}

/* --- one mount --- */

static bool has_name(const struct listing *listing, const char *name)
{
	for (unsigned i = 0; i < listing->count; i++)
		if (strcmp(listing->names[i], name) == 0)
			return true;
	return false;
}

/* The other devices of a btrfs that @name is one of. */
static void find_btrfs(struct reader *reader, const char *name,
		       struct owners *owners)
{
	struct arena names = {0};
	struct listing every, devices;
	struct buf path = {0};

	root_list(reader->root, NULL, "sys/fs/btrfs", &names, &every);
	for (unsigned i = 0; i < every.count; i++) {
		if (!strchr(every.names[i], '-'))
			continue;	/* no UUID */
		buf_reset(&path);
		buf_printf(&path, "sys/fs/btrfs/%s/devices", every.names[i]);
		root_list(reader->root, NULL, buf_str(&path), &names,
			  &devices);
		for (unsigned d = 0; has_name(&devices, name) &&
				     d < devices.count; d++)
			block_named(reader, devices.names[d], owners);
	}
	buf_free(&path);
	arena_free(&names);
}

/* "/dev/sda1", or with colons between: "/dev/sda:/dev/sdb". */
static void find_by_source(struct reader *reader, const char *source,
			   bool btrfs, struct owners *owners)
{
	struct buf name = {0};

	while (text_starts(source, "/dev/")) {
		const char *next = strstr(source, ":/dev/");
		size_t len = next ? (size_t)(next - source) : strlen(source);
		block_name(reader, source, len, &name);
		block_named(reader, buf_str(&name), owners);
		if (btrfs)
			find_btrfs(reader, buf_str(&name), owners);
		source += len + (next != NULL);
	}
	buf_free(&name);
}

static bool is_zfs(struct libmnt_fs *fs)
{
	const char *type = mnt_fs_get_fstype(fs);

	return type && strcmp(type, "zfs") == 0;
}

/* By number; where the file system has a number of its own (btrfs,
 * bcachefs), by the name of its source; ZFS names a pool there. */
static void find_mount_owners(struct reader *reader,
			      const struct storage *storage,
			      struct libmnt_fs *fs, struct owners *owners)
{
	const char *source = mnt_fs_get_source(fs);
	const char *type = mnt_fs_get_fstype(fs);
	dev_t number = mnt_fs_get_devno(fs);
	struct buf path = {0};
	bool lost;

	if (is_zfs(fs)) {
		zfs_find(reader, &storage->pools, source ? source : "",
			 owners);
		return;
	}
	if (number >> 8) {
		buf_printf(&path, "sys/dev/block/%u:%u",
			   (unsigned)(number >> 8 & 0xfff),
			   (unsigned)((number & 0xff) |
				      (number >> 12 & 0xfff00)));
		block_owners(reader, buf_str(&path), owners);
	}
	lost = owners->lost;
	if (owners_none(owners) && source) {
		owners->lost = false;
		find_by_source(reader, source,
			       type && strcmp(type, "btrfs") == 0, owners);
		owners->lost |= lost && owners_none(owners);
	}
	buf_free(&path);
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

/* --- one's own namespace --- */

static struct storage_use use_of(struct reader *reader, struct libmnt_fs *fs)
{
	const char *source = mnt_fs_get_source(fs);
	const char *slash = source && !is_zfs(fs) ? strrchr(source, '/') :
						    NULL;

	return (struct storage_use){
		.block = safe(reader, slash ? slash + 1 : source),
		.what = safe(reader, mnt_fs_get_target(fs)),
		.type = safe(reader, mnt_fs_get_fstype(fs)),
	};
}

static void read_mounts(struct reader *reader, struct storage *storage)
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
	while (table && iter && mnt_table_next_fs(table, iter, &fs) == 0) {
		struct owners owners = {0};
		struct storage_use use = use_of(reader, fs);
		use.source = arena_printf(reader->arena, "/%s", path);
		find_mount_owners(reader, storage, fs, &owners);
		netfs_mount(reader, &storage->netfs, fs, &owners, use.source);
		add_storage(reader, &storage->room, &use, &owners);
	}
	mnt_unref_table(table);
	mnt_free_iter(iter);
}

/* --- the others --- */

/* Whether it is told already, and nothing is lost by not telling it twice. */
static bool is_told(const struct usage *usage, const struct storage_use *use,
		    int device)
{
	for (unsigned i = 0; i < usage->storage_count; i++)
		if (usage->storage[i].device == device &&
		    strcmp(usage->storage[i].block, use->block) == 0)
			return true;
	return false;
}

static void add_foreign(struct reader *reader, struct storage *storage,
			const struct storage_use *use, int device,
			struct buf *note)
{
	const struct owners owner = {
		.device = { device }, .through = { use->through }, .count = 1,
	};
	char address[BDF_TEXT];

	if (is_told(&reader->system->usage, use, device))
		return;
	add_storage(reader, &storage->room, use, &owner);
	if (note)
		buf_printf(note, "%u\t%s\t%s\t%s\t%s\n", use->pid,
			   bdf_print(reader->system->devices[device].address,
				     address),
			   use->block, use->what, use->type);
}

static const char *table_of(struct reader *reader, uint32_t pid)
{
	return arena_printf(reader->arena, "/proc/%u/mountinfo", pid);
}

static void take_space(struct reader *reader, struct storage *storage,
		       uint32_t pid, struct buf *note)
{
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_table *table = parse_table(reader, "mountinfo");
	struct libmnt_fs *fs;

	while (table && iter && mnt_table_next_fs(table, iter, &fs) == 0) {
		struct owners owners = {0};
		find_mount_owners(reader, storage, fs, &owners);
		struct storage_use use = use_of(reader, fs);
		use.source = table_of(reader, pid);
		use.pid = pid;
		for (unsigned i = 0; i < owners.count; i++) {
			use.through = owners.through[i];
			add_foreign(reader, storage, &use, owners.device[i],
				    note);
		}
	}
	mnt_unref_table(table);
	mnt_free_iter(iter);
}

/* Whether the namespace behind the first line of its table is a new one. */
static bool is_new(struct storage *storage, const struct buf *line)
{
	const char *at = buf_str(line);
	uint64_t mount;

	if (!num_take(&at, 10, &mount))
		return false;
	for (unsigned i = 0; i < storage->space_count; i++)
		if (storage->spaces[i] == mount)
			return false;
	if (storage->space_count == MOST_SPACES) {
		storage->full = true;
		return false;
	}
	storage->spaces[storage->space_count++] = mount;
	return true;
}

static void look_into(struct reader *reader, struct storage *storage,
		      const char *pid, uint64_t number, struct buf *note)
{
	char path[64];

	snprintf(path, sizeof path, "proc/%.12s/mountinfo", pid);
	enum known known = root_read(reader->root, NULL, path, KEY_BYTES,
				     &reader->text);
	storage->denied += known == DENIED;
	if (known == KNOWN && is_new(storage, &reader->text) &&
	    read_file(reader, path) == KNOWN && number)
		take_space(reader, storage, (uint32_t)number, note);
}

/* Look into the namespace of every process; one's own is the first. */
static void look_into_all(struct reader *reader, struct storage *storage)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing listing;
	struct buf note = {0}, head = {0};
	bool teed = root_hush(reader->root, true);
	unsigned processes = 0;

	look_into(reader, storage, "self", 0, &note);
	root_list(reader->root, NULL, "proc", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		uint64_t pid;
		if (!num_parse(listing.names[i], 10, &pid) || pid > INT32_MAX)
			continue;
		processes++;
		look_into(reader, storage, listing.names[i], pid, &note);
	}
	root_hush(reader->root, teed);
	if (storage->denied || storage->full)
		usage->spaces_known = DENIED;
	else if (!processes)
		usage->spaces_known = UNREAD;
	buf_printf(&head, "%u %u\n%s", storage->space_count,
		   storage->denied + storage->full, buf_str(&note));
	if (processes)
		root_note(reader->root, "vfiotop/mounts", head.data, head.len);
	arena_free(&names);
	buf_free(&note);
	buf_free(&head);
}

/* "PID<tab>ADDRESS<tab>BLOCK<tab>WHAT<tab>TYPE" */
static void take_foreign(struct reader *reader, struct storage *storage,
			 const char *line, size_t len)
{
	const char *part[5];
	char *copy = arena_copy(reader->arena, line, len);
	struct bdf address;
	uint64_t pid;
	unsigned count = 0;

	for (char *at = copy; count < 5; count++) {
		part[count] = at;
		at += strcspn(at, "\t");
		if (!*at && count < 4)
			return;
		*at++ = '\0';
	}
	if (!num_parse(part[0], 10, &pid) || !pid || pid > INT32_MAX ||
	    !bdf_parse(part[1], &address))
		return;
	int device = system_device(reader->system, address);
	const struct storage_use use = {
		.block = safe(reader, part[2]), .what = safe(reader, part[3]),
		.type = safe(reader, part[4]), .pid = (uint32_t)pid,
		.source = table_of(reader, (uint32_t)pid), .through = "",
	};
	if (device != NONE)
		add_foreign(reader, storage, &use, device, NULL);
}

static void take_kept(struct reader *reader, struct storage *storage)
{
	enum known known = read_file(reader, "vfiotop/mounts");
	uint64_t spaces = 0, missed = 0;
	struct buf text = {0};
	const char *at, *line;
	size_t len;

	/* Captures of old looked at one namespace only. */
	reader->system->usage.spaces_known = known == ABSENT ? UNREAD : known;
	if (known != KNOWN)
		return;
	buf_add(&text, buf_str(&reader->text), reader->text.len);
	at = buf_str(&text);
	if (!num_take(&at, 10, &spaces) || !num_take(&at, 10, &missed))
		reader->system->usage.spaces_known = MALFORMED;
	else if (missed)
		reader->system->usage.spaces_known = DENIED;
	text_line(&at, buf_end(&text), &line, &len);
	while (text_line(&at, buf_end(&text), &line, &len))
		take_foreign(reader, storage, line, len);
	buf_free(&text);
}

static void read_spaces(struct reader *reader, struct storage *storage)
{
	if (read_looks(reader, "vfiotop/mounts"))
		look_into_all(reader, storage);
	else
		take_kept(reader, storage);
}

/* --- swap --- */

/* "/dev/sda2  partition  …": the first word, behind a line of headings. */
static void read_swaps(struct reader *reader, struct storage *storage)
{
	enum known known = read_file(reader, "proc/swaps");
	struct buf text = {0}, block = {0};
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
		block_name(reader, line, width, &block);
		block_named(reader, buf_str(&block), &owners);
		const struct storage_use use = {
			.block = text_safe(reader->arena, name,
					   width - (size_t)(name - line)),
			.what = "swap", .type = "swap",
			.source = "/proc/swaps",
		};
		add_storage(reader, &storage->room, &use, &owners);
		netfs_swap(reader, &storage->netfs, &owners);
	}
	buf_free(&text);
	buf_free(&block);
}

void read_storage(struct reader *reader)
{
	struct storage storage = {0};

	reader->system->usage.spaces_known = KNOWN;
	zfs_look(reader, &storage.pools);
	read_mounts(reader, &storage);
	read_spaces(reader, &storage);
	read_swaps(reader, &storage);
	netfs_tell(reader, &storage.netfs);
	read_stacks(reader, &storage.pools);
}
