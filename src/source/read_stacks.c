// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what stands on block devices besides file systems: dm (LUKS, LVM),
 * md, bcache, loops, pools of ZFS.  It opens no block device.
 *
 * Source: Documentation/ABI/stable/sysfs-block.
 */
#include <string.h>

#include "base/text.h"
#include "source/read_zfs.h"

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

void read_stacks(struct reader *reader, const struct pools *pools)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing blocks;
	size_t room = 0;

	usage->stacks_known = root_list(reader->root, NULL, "sys/class/block",
					&names, &blocks);
	for (unsigned i = 0; i < blocks.count; i++) {
		const char *block = blocks.names[i];
		read_holding(reader, block, &names, &room);
		if (text_starts(block, "loop"))
			read_looped(reader, block, &room);
	}
	for (unsigned i = 0; i < pools->count; i++)
		add_stack(reader, &room, pools->parts[i].block, "zfs",
			  arena_printf(reader->arena, "zfs %s",
				       pools->parts[i].pool));
	/* A pool rests on something, and nobody said on what. */
	if (pools->lost && usage->stacks_known == KNOWN)
		usage->stacks_known = UNREAD;
	arena_free(&names);
}
