// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds the PCI devices below a block device, by the links of sysfs.  What
 * is mounted there is in read_storage.c.
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

static const char *join(struct reader *reader, const char *before,
			const char *name)
{
	return *before ? arena_printf(reader->arena, "%s, %s", before, name) :
			 arena_text(reader->arena, name);
}

/* Two partitions of one disk are told as one owner, and both by name. */
static void add_owner(struct reader *reader, struct owners *owners, int device,
		      const char *through)
{
	for (unsigned i = 0; i < owners->count; i++) {
		struct owner_of_block *each = &owners->items[i];
		if (each->device != device)
			continue;
		if (*through && !strstr(each->through, through))
			each->through = join(reader, each->through, through);
		return;
	}
	if (owners->count < MOST_OWNERS)
		owners->items[owners->count++] =
			(struct owner_of_block){ device, through };
}

static void find(struct reader *reader, const char *path,
		 const struct trail *trail, struct owners *owners);

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

/* dm, md, bcache name what they stand on in slaves/. */
static void find_below(struct reader *reader, const char *real,
		       const struct trail *trail, struct owners *owners)
{
	struct arena names = {0};
	struct listing listing;
	struct buf path = {0};

	buf_printf(&path, "%s/slaves", real);
	root_list(reader->root, NULL, buf_str(&path), &names, &listing);
	const struct trail next = {
		!trail->depth || !listing.count ? trail->text :
			join(reader, trail->text, name_of(reader, real)),
		trail->depth + 1,
	};
	for (unsigned i = 0; i < listing.count && i < MOST_OWNERS; i++) {
		buf_reset(&path);
		buf_printf(&path, "sys/class/block/%s", listing.names[i]);
		find(reader, buf_str(&path), &next, owners);
	}
	buf_free(&path);
	arena_free(&names);
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
	root_list(reader->root, NULL, buf_str(&folder), &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		if (!text_starts(listing.names[i], "nvme"))
			continue;
		buf_reset(&path);
		buf_printf(&path, "%s/%s", buf_str(&folder),
			   listing.names[i]);
		int device = device_behind(reader, buf_str(&path));
		if (device != NONE)
			add_owner(reader, owners, device, through);
	}
	buf_free(&folder);
	buf_free(&path);
	arena_free(&names);
}

static void find(struct reader *reader, const char *path,
		 const struct trail *trail, struct owners *owners)
{
	struct buf real = {0};

	if (trail->depth > MOST_DEPTH ||
	    root_real(reader->root, NULL, path, &real) != KNOWN)
		goto out;
	int device = device_in_path(reader->system, buf_str(&real));
	const char *through = !trail->depth ? "" :
		join(reader, trail->text, name_of(reader, buf_str(&real)));
	if (device != NONE) {
		add_owner(reader, owners, device, through);
		goto out;
	}
	find_controllers(reader, buf_str(&real), through, owners);
	find_below(reader, buf_str(&real), trail, owners);
out:
	buf_free(&real);
}

void find_block_owners(struct reader *reader, const char *path,
		       struct owners *owners)
{
	find(reader, path, &(struct trail){ "", 0 }, owners);
}
