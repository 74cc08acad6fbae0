// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads which pools of ZFS are imported, and what they stand on.  It opens no
 * block device.
 *
 * Source: OpenZFS, module/os/linux/spl/spl-kstat.c; udev(7), the database
 * below /run/udev/data.
 */
#include "source/read_zfs.h"

#include <string.h>

#include "base/text.h"

/* Return the value of "E:NAME=value" in reader->text, or NULL; its length in
 * *len. */
static const char *udev_value(const struct reader *reader, const char *name,
			      size_t *len)
{
	const char *at = buf_str(&reader->text), *line;
	size_t width = strlen(name), line_len;

	while (text_line(&at, buf_end(&reader->text), &line, &line_len))
		if (line_len >= width && memcmp(line, name, width) == 0) {
			*len = line_len - width;
			return line + width;
		}
	return NULL;
}

/* Return the imported pool that a block device is a part of, or NULL. */
static const char *pool_of(struct reader *reader, const char *block,
			   const struct listing *imported)
{
	struct buf path = {0};
	size_t len;

	buf_printf(&path, "sys/class/block/%s/dev", block);
	struct fact_text number = read_text(reader, NULL, buf_str(&path));
	buf_reset(&path);
	buf_printf(&path, "run/udev/data/b%.20s", number.value);
	enum known known = number.known == KNOWN ?
				   read_file(reader, buf_str(&path)) : UNREAD;
	buf_free(&path);
	if (known != KNOWN || !udev_value(reader, "E:ID_FS_TYPE=zfs_member",
					  &len))
		return NULL;
	const char *label = udev_value(reader, "E:ID_FS_LABEL=", &len);
	for (unsigned i = 0; label && i < imported->count; i++)
		if (strlen(imported->names[i]) == len &&
		    memcmp(imported->names[i], label, len) == 0)
			return imported->names[i];
	return NULL;
}

/* Imported pools have a folder with "state" in it. */
static void read_imported(struct reader *reader, struct arena *names,
			  struct listing *imported)
{
	unsigned kept = 0;

	root_list(reader->root, NULL, "proc/spl/kstat/zfs", names, imported);
	for (unsigned i = 0; i < imported->count; i++) {
		struct buf path = {0};
		uint64_t size;
		buf_printf(&path, "proc/spl/kstat/zfs/%s/state",
			   imported->names[i]);
		if (root_size(reader->root, NULL, buf_str(&path), &size) ==
		    KNOWN)
			imported->names[kept++] = imported->names[i];
		buf_free(&path);
	}
	imported->count = kept;
}

static bool has_part(const struct pools *pools, const char *pool, size_t len)
{
	for (unsigned i = 0; i < pools->count; i++)
		if (strlen(pools->parts[i].pool) == len &&
		    memcmp(pools->parts[i].pool, pool, len) == 0)
			return true;
	return false;
}

void zfs_look(struct reader *reader, struct pools *pools)
{
	struct arena names = {0};
	struct listing blocks, imported;
	size_t room = 0;

	*pools = (struct pools){0};
	read_imported(reader, &names, &imported);
	if (imported.count)
		root_list(reader->root, NULL, "sys/class/block", &names,
			  &blocks);
	for (unsigned i = 0; imported.count && i < blocks.count; i++) {
		const char *block = blocks.names[i];
		const char *pool = pool_of(reader, block, &imported);
		if (!pool)
			continue;
		struct pool_part *parts = arena_grow(
			reader->arena, (void *)(uintptr_t)pools->parts,
			pools->count, &room, sizeof *parts);
		pools->parts = parts;
		parts[pools->count++] = (struct pool_part){
			text_safe(reader->arena, pool, strlen(pool)),
			text_safe(reader->arena, block, strlen(block)),
		};
	}
	for (unsigned i = 0; i < imported.count; i++)
		pools->lost |= !has_part(pools, imported.names[i],
					 strlen(imported.names[i]));
	arena_free(&names);
}

void zfs_find(struct reader *reader, const struct pools *pools,
	      const char *dataset, struct owners *owners)
{
	size_t len = strcspn(dataset, "/");

	owners->lost |= !has_part(pools, dataset, len);
	for (unsigned i = 0; i < pools->count; i++) {
		const struct pool_part *part = &pools->parts[i];
		unsigned before = owners->count;
		if (strlen(part->pool) != len ||
		    memcmp(part->pool, dataset, len) != 0)
			continue;
		block_named(reader, part->block, owners);
		/* It is not the dataset itself. */
		for (unsigned o = before; o < owners->count; o++)
			if (!*owners->through[o])
				owners->through[o] = part->block;
	}
}
