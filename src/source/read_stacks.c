// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what stands on block devices besides file systems: dm (LUKS, LVM),
 * md, bcache, loops, pools of ZFS.  It opens no block device.
 *
 * Source: Documentation/ABI/stable/sysfs-block; udev(7), the database below
 * /run/udev/data; OpenZFS, module/os/linux/spl/spl-kstat.c.
 */
#include <string.h>

#include "base/text.h"
#include "source/read_block.h"

static const char *safe(struct reader *reader, const char *text)
{
	return text ? text_safe(reader->arena, text, strlen(text)) : "";
}

static void add_stack(struct reader *reader, size_t *room, const char *block,
		      const char *holder, const char *what)
{
	struct usage *usage = &reader->system->usage;
	struct owners owners = {0};

	block_named(reader, block, &owners);
	for (unsigned i = 0; i < owners.count; i++) {
		struct stack_use *stacks = arena_grow(
			reader->arena, (void *)(uintptr_t)usage->stacks,
			usage->stack_count, room, sizeof *stacks);
		usage->stacks = stacks;
		stacks[usage->stack_count++] = (struct stack_use){
			safe(reader, block), safe(reader, holder),
			safe(reader, what), owners.device[i],
		};
	}
}

/* dm, md and bcache are listed in the folder of what they stand on. */
static void read_holding(struct reader *reader, const char *block,
			 struct arena *names, size_t *room)
{
	struct listing holders;
	struct buf path = {0};

	buf_printf(&path, "sys/class/block/%s/holders", block);
	root_list(reader->root, NULL, buf_str(&path), names, &holders);
	for (unsigned i = 0; i < holders.count; i++) {
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s/dm/name",
			   holders.names[i]);
		struct fact_text name =
			read_text(reader, NULL, buf_str(&path));
		add_stack(reader, room, block, holders.names[i], name.value);
	}
	buf_free(&path);
}

/* A loop over a device is not listed there. */
static void read_looped(struct reader *reader, const char *loop, size_t *room)
{
	struct buf path = {0}, block = {0};

	buf_printf(&path, "sys/class/block/%s/loop/backing_file", loop);
	struct fact_text file = read_text(reader, NULL, buf_str(&path));
	if (file.known == KNOWN && text_starts(file.value, "/dev/")) {
		block_name(reader, file.value, strlen(file.value), &block);
		add_stack(reader, room, buf_str(&block), loop, "");
	}
	buf_free(&path);
	buf_free(&block);
}

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

/*
 * The pool that a block device is a part of, as udev saw by its label; NULL
 * where it is of none that is imported.  ZFS tells nobody which devices it
 * holds, and its labels are not read here.
 */
static const char *pool_of(struct reader *reader, const char *block,
			   const struct listing *pools)
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
	for (unsigned i = 0; label && i < pools->count; i++)
		if (strlen(pools->names[i]) == len &&
		    memcmp(pools->names[i], label, len) == 0)
			return pools->names[i];
	return NULL;
}

/* Imported pools have a folder with "state" in it. */
static unsigned read_pools(struct reader *reader, struct arena *names,
			   struct listing *pools)
{
	unsigned kept = 0;

	root_list(reader->root, NULL, "proc/spl/kstat/zfs", names, pools);
	for (unsigned i = 0; i < pools->count; i++) {
		struct buf path = {0};
		uint64_t size;
		buf_printf(&path, "proc/spl/kstat/zfs/%s/state",
			   pools->names[i]);
		if (root_size(reader->root, NULL, buf_str(&path), &size) ==
		    KNOWN)
			pools->names[kept++] = pools->names[i];
		buf_free(&path);
	}
	pools->count = kept;
	return kept;
}

void read_stacks(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing blocks, pools;
	unsigned found = 0;
	size_t room = 0;

	usage->stacks_known = root_list(reader->root, NULL, "sys/class/block",
					&names, &blocks);
	unsigned count = read_pools(reader, &names, &pools);
	for (unsigned i = 0; i < blocks.count; i++) {
		const char *block = blocks.names[i];
		const char *pool = count ? pool_of(reader, block, &pools) :
					   NULL;
		read_holding(reader, block, &names, &room);
		if (text_starts(block, "loop"))
			read_looped(reader, block, &room);
		if (!pool)
			continue;
		found++;
		add_stack(reader, &room, block, "zfs",
			  arena_printf(reader->arena, "zfs %s", pool));
	}
	/* Pools rest on something, and nobody said on what. */
	if (count && !found && usage->stacks_known == KNOWN)
		usage->stacks_known = UNREAD;
	arena_free(&names);
}
