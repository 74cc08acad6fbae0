// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds the PCI devices that a block device rests on: through partitions,
 * dm (LUKS, LVM), md, bcache, loop and NVMe multipath; read_far.c tells where
 * a way leads out of the machine.  It opens no block device.
 *
 * Source: Documentation/ABI/stable/sysfs-block; drivers/nvme/host/multipath.c;
 * drivers/block/loop.c, loop_attr_backing_file_show().
 */
#include "source/read_block.h"

#include <string.h>

#include "base/text.h"

enum { MOST_DEPTH = 8 };

/* A way down: the names met so far, the top left out. */
struct trail {
	const char *text;
	unsigned depth;
};

static void find_owners(struct reader *reader, const char *path,
			const struct trail *trail, struct owners *owners);

static const char *join(struct reader *reader, const char *before,
			const char *name)
{
	return *before ? arena_printf(reader->arena, "%s, %s", before, name) :
			 arena_text(reader->arena, name);
}

void owners_add(struct reader *reader, struct owners *owners, int device,
		const char *through)
{
	for (unsigned i = 0; i < owners->count; i++) {
		if (owners->device[i] != device)
			continue;
		if (*through && !strstr(owners->through[i], through))
			owners->through[i] = join(reader, owners->through[i],
						  through);
		return;
	}
	if (owners->count == MOST_OWNERS) {
		owners->lost = true;
		return;
	}
	owners->through[owners->count] = through;
	owners->device[owners->count++] = device;
}

/* What device mapper calls it and what made it, else the kernel's name. */
static const char *name_of(struct reader *reader, const char *real)
{
	static const struct { const char *prefix, *word; } makers[] = {
		{ "CRYPT-", "LUKS" }, { "LVM-", "LVM" },
		{ "mpath-", "multipath" },
	};
	const char *slash = strrchr(real, '/');
	const char *kernel = slash ? slash + 1 : real;
	struct buf path = {0};

	if (!text_starts(kernel, "dm-"))
		return text_safe(reader->arena, kernel, strlen(kernel));
	buf_printf(&path, "%s/dm/name", real);
	struct fact_text name = read_text(reader, NULL, buf_str(&path));
	buf_reset(&path);
	buf_printf(&path, "%s/dm/uuid", real);
	struct fact_text uuid = read_text(reader, NULL, buf_str(&path));
	buf_free(&path);
	if (name.known != KNOWN || !*name.value)
		return text_safe(reader->arena, kernel, strlen(kernel));
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (uuid.known == KNOWN &&
		    text_starts(uuid.value, makers[i].prefix))
			return arena_printf(reader->arena, "%s (%s)",
					    name.value, makers[i].word);
	return name.value;
}

/* The way one step further down, from the device at @real. */
static struct trail step_down(struct reader *reader, const char *real,
			      const struct trail *trail)
{
	return (struct trail){
		trail->depth ? join(reader, trail->text,
				    name_of(reader, real)) : trail->text,
		trail->depth + 1,
	};
}

/* dm, md and bcache name what they stand on in slaves/. */
static void find_below(struct reader *reader, const char *real,
		       const struct trail *trail, struct owners *owners)
{
	struct arena names = {0};
	struct listing listing;
	struct buf path = {0};

	buf_printf(&path, "%s/slaves", real);
	owners->lost |= !known_is_settled(root_list(
		reader->root, NULL, buf_str(&path), &names, &listing));
	struct trail next = { "", 0 };
	if (listing.count)
		next = step_down(reader, real, trail);
	owners->lost |= listing.count > MOST_OWNERS;
	for (unsigned i = 0; i < listing.count && i < MOST_OWNERS; i++) {
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s", listing.names[i]);
		find_owners(reader, buf_str(&path), &next, owners);
	}
	buf_free(&path);
	arena_free(&names);
}

/* What a link among those of a subsystem leads to: a controller of this
 * machine, or one over the network. */
static void take_controller(struct reader *reader, const char *path,
			    const char *through, struct owners *owners)
{
	struct buf real = {0};

	enum known known = root_real(reader->root, NULL, path, &real);
	owners->lost |= !known_is_settled(known);
	if (known == KNOWN) {
		int device = device_in_path(reader->system, buf_str(&real));
		if (device != NONE)
			owners_add(reader, owners, device, through);
		else
			far_find(reader, buf_str(&real), through, owners);
	}
	buf_free(&real);
}

/* With NVMe multipath the disk hangs under a subsystem, whose links name the
 * controllers. */
static void find_controllers(struct reader *reader, const char *real,
			     const char *through, struct owners *owners)
{
	const char *subsystem = strstr(real, "/nvme-subsys");
	const char *slash = subsystem ? strchr(subsystem + 1, '/') : NULL;
	struct arena names = {0};
	struct listing listing;
	struct buf folder = {0}, path = {0};

	if (!slash)
		return;
	/* …/nvme-subsystem/nvme-subsys0/nvme0n1 */
	if (text_starts(subsystem, "/nvme-subsystem/"))
		slash = strchr(slash + 1, '/');
	if (!slash)
		return;
	buf_add(&folder, real, (size_t)(slash - real));
	owners->lost |= !known_is_settled(root_list(
		reader->root, NULL, buf_str(&folder), &names, &listing));
	for (unsigned i = 0; i < listing.count; i++) {
		if (!text_starts(listing.names[i], "nvme"))
			continue;
		buf_reset(&path);
		buf_printf(&path, "%s/%s", buf_str(&folder),
			   listing.names[i]);
		take_controller(reader, buf_str(&path), through, owners);
	}
	buf_free(&folder);
	buf_free(&path);
	arena_free(&names);
}

/* A loop that was laid over a device; one over a file is used like the file
 * system that the file is in. */
static void find_looped(struct reader *reader, const char *real,
			const struct trail *trail, struct owners *owners)
{
	struct buf path = {0};

	buf_printf(&path, "%s/loop/backing_file", real);
	struct fact_text file = read_text(reader, NULL, buf_str(&path));
	if (file.known == KNOWN && text_starts(file.value, "/dev/")) {
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s",
			   strrchr(file.value, '/') + 1);
		const struct trail next = step_down(reader, real, trail);
		find_owners(reader, buf_str(&path), &next, owners);
	}
	buf_free(&path);
}

static void find_owners(struct reader *reader, const char *path,
			const struct trail *trail, struct owners *owners)
{
	struct buf real = {0};

	enum known known = trail->depth > MOST_DEPTH ?
		UNREAD : root_real(reader->root, NULL, path, &real);
	owners->lost |= !known_is_settled(known);
	if (known != KNOWN)
		goto out;
	int device = device_in_path(reader->system, buf_str(&real));
	const char *through = !trail->depth ? "" :
		join(reader, trail->text, name_of(reader, buf_str(&real)));
	if (device != NONE) {
		owners_add(reader, owners, device, through);
		goto out;
	}
	far_find(reader, buf_str(&real), through, owners);
	find_controllers(reader, buf_str(&real), through, owners);
	find_below(reader, buf_str(&real), trail, owners);
	if (strstr(buf_str(&real), "/block/loop"))
		find_looped(reader, buf_str(&real), trail, owners);
out:
	buf_free(&real);
}

void block_owners(struct reader *reader, const char *path,
		  struct owners *owners)
{
	find_owners(reader, path, &(struct trail){ "", 0 }, owners);
}

/* dm-3 by the name that its mapper gave it; "" for none. */
static void find_mapped(struct reader *reader, const char *wanted,
			struct buf *name)
{
	struct arena names = {0};
	struct listing listing;
	struct buf path = {0};

	buf_reset(name);
	root_list(reader->root, NULL, "sys/class/block", &names, &listing);
	for (unsigned i = 0; i < listing.count && !name->len; i++) {
		if (!text_starts(listing.names[i], "dm-"))
			continue;
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s/dm/name",
			   listing.names[i]);
		struct fact_text mapped =
			read_text(reader, NULL, buf_str(&path));
		if (mapped.known == KNOWN && strcmp(mapped.value, wanted) == 0)
			buf_puts(name, listing.names[i]);
	}
	buf_free(&path);
	arena_free(&names);
}

void block_name(struct reader *reader, const char *node, size_t len,
		struct buf *name)
{
	const char *last = node + len;

	buf_reset(name);
	while (last > node && last[-1] != '/')
		last--;
	buf_add(name, last, len - (size_t)(last - node));
	if (!text_starts(node, "/dev/mapper/"))
		return;
	struct buf mapped = {0};
	find_mapped(reader, buf_str(name), &mapped);
	if (mapped.len) {
		buf_reset(name);
		buf_puts(name, buf_str(&mapped));
	}
	buf_free(&mapped);
}

void block_named(struct reader *reader, const char *name,
		 struct owners *owners)
{
	struct buf path = {0};

	buf_printf(&path, "sys/class/block/%s", name);
	block_owners(reader, buf_str(&path), owners);
	buf_free(&path);
}
