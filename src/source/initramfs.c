// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Walks an initramfs and keeps the few files of it that tell which driver
 * comes first.  It opens nothing, and does not judge.
 *
 * Source: Documentation/driver-api/early-userspace/buffer-format.rst;
 * initramfs-tools, scripts/functions, load_modules(); dracut, parse-kernel.sh.
 */
#include "source/initramfs.h"

#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "decode/cpio.h"
#include "decode/pe.h"
#include "source/archive.h"

enum {
	MOST_ENTRIES = 1000000,
	MOST_FILES = 1000,
	MOST_RELEASE = 512,		/* bytes: of a kernel's name, filled up */
	MOST_FILE = 64 * 1024,		/* of a file that is kept */
	MOST_NAMES = 4 * 1024 * 1024,	/* of all modules */
};
static const uint64_t MOST_BYTES = 4ull << 30;	/* of all that is unpacked */

struct walk {
	struct tree *tree;
	const struct initramfs_bytes *bytes;
	const char *flaw;	/* NULL: none */
	uint64_t at;		/* of the image: where is read next… */
	uint64_t end;		/* …and up to where; 0: to its end */
	uint64_t unpacked;
	unsigned files;
	struct buf modules;
	struct buf content;	/* of the file at hand */
	struct buf path;
	struct cpio inside;	/* of what is packed */
};

/* --- what is kept --- */

static bool is_kept(const char *name)
{
	static const char *const patterns[] = {
		"etc/modprobe.d/*.conf", "run/modprobe.d/*.conf",
		"lib/modprobe.d/*.conf", "usr/lib/modprobe.d/*.conf",
		"usr/local/lib/modprobe.d/*.conf",
		"etc/modules-load.d/*.conf", "run/modules-load.d/*.conf",
		"lib/modules-load.d/*.conf", "usr/lib/modules-load.d/*.conf",
		"etc/cmdline.d/*.conf", "usr/lib/cmdline.d/*.conf",
		"conf/modules", "config",
	};

	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		if (fnmatch(patterns[i], name, FNM_PATHNAME) == 0)
			return true;
	return false;
}

static bool is_printable(const char *name)
{
	for (; *name; name++)
		if ((unsigned char)*name < 0x20 || *name == 0x7f)
			return false;
	return true;
}

/* "usr/lib/modules/6.1.0/kernel/drivers/vfio/vfio.ko.zst": "vfio" */
static void note_module(struct walk *walk, const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *last = slash ? slash + 1 : name;
	const char *dot = strstr(last, ".ko");

	if (!dot || dot == last || (dot[3] && dot[3] != '.') ||
	    !strstr(name, "lib/modules/") || !is_printable(last))
		return;
	if (walk->modules.len > MOST_NAMES) {
		walk->flaw = N_("it holds too many names");
		return;
	}
	buf_add(&walk->modules, last, (size_t)(dot - last));
	buf_putc(&walk->modules, '\n');
}

static struct node *put(struct tree *tree, const char *path, const char *bytes,
			size_t len)
{
	struct buf whole = {0};

	buf_printf(&whole, INITRAMFS_KEPT "/%s", path);
	struct node *node = tree_path(tree, buf_str(&whole), NODE_FILE);
	if (node && node->kind == NODE_FILE)
		tree_fill(tree, node, bytes, len);
	buf_free(&whole);
	return node;
}

static void finish_file(struct walk *walk)
{
	if (walk->path.len)
		put(walk->tree, buf_str(&walk->path),
		    buf_str(&walk->content), walk->content.len);
	buf_reset(&walk->path);
	buf_reset(&walk->content);
}

static bool begin_entry(void *context, const char *name, uint32_t mode,
			uint32_t size)
{
	struct walk *walk = context;

	finish_file(walk);
	if (!S_ISREG(mode))
		return false;
	note_module(walk, name);
	if (!is_kept(name) || !is_printable(name))
		return false;
	/* Other tools than mkinitcpio may mean anything by that name. */
	if (size > MOST_FILE && strcmp(name, "config") == 0)
		return false;
	if (size > MOST_FILE || ++walk->files > MOST_FILES) {
		walk->flaw = N_("what it says of modules is longer than any "
				"file of that kind");
		return false;
	}
	buf_printf(&walk->path, "files/%s", name);
	return true;
}

static void take_content(void *context, const char *bytes, size_t len)
{
	struct walk *walk = context;

	buf_add(&walk->content, bytes, len);
}

/* --- the walk --- */

/* Whether it may go on; else .flaw says why not. */
static bool push(struct walk *walk, struct cpio *cpio, const char *bytes,
		 size_t len, size_t *used)
{
	*used = cpio_push(cpio, bytes, len);
	if (!walk->flaw && cpio->state == CPIO_BAD)
		walk->flaw = cpio->flaw;
	if (!walk->flaw && cpio->entries > MOST_ENTRIES)
		walk->flaw = N_("it holds too many names");
	return !walk->flaw;
}

static long read_on(const struct walk *walk, char *room, size_t len)
{
	if (walk->end && walk->at >= walk->end)
		return 0;
	if (walk->end && len > walk->end - walk->at)
		len = (size_t)(walk->end - walk->at);
	return walk->bytes->read(walk->bytes->context, walk->at, room, len);
}

static long feed(void *context, char *room, size_t len)
{
	struct walk *walk = context;
	long got = read_on(walk, room, len);

	if (got > 0)
		walk->at += (uint64_t)got;
	return got;
}

static bool take(void *context, const char *bytes, size_t len)
{
	struct walk *walk = context;
	size_t used;

	walk->unpacked += len;
	if (walk->unpacked > MOST_BYTES)
		walk->flaw = N_("it is larger than any initramfs");
	if (!walk->flaw && push(walk, &walk->inside, bytes, len, &used) &&
	    walk->inside.state == CPIO_OTHER)
		walk->flaw = N_("what is packed in it is no archive of cpio");
	return !walk->flaw;
}

/* What begins here is packed. */
static void walk_packed(struct walk *walk, const struct cpio_ways *ways)
{
	const struct archive_ways packed = { walk, feed, take };
	uint64_t begin = walk->at, used = 0;

	cpio_start(&walk->inside, ways);
	enum archive_end end = archive_stream(&packed, &used);
	if (!walk->flaw && end == ARCHIVE_UNKNOWN)
		walk->flaw = N_("it is packed in a way that is not known");
	else if (!walk->flaw && end == ARCHIVE_DAMAGED)
		walk->flaw = N_("it ends early or is damaged");
	else if (!walk->flaw && (walk->inside.state != CPIO_BETWEEN || !used))
		walk->flaw = N_("it ends early or is damaged");
	walk->at = begin + used;
}

/* Fill @room from @at on, as far as there are bytes; returns how many. */
static size_t read_whole(const struct initramfs_bytes *bytes, uint64_t at,
			 void *room, size_t size)
{
	size_t len = 0;
	long got;

	do {
		got = bytes->read(bytes->context, at + len, (char *)room + len,
				  size - len);
		len += got > 0 ? (size_t)got : 0;
	} while (got > 0 && len < size);
	return len;
}

/* In a unified kernel image only one section is the initramfs. */
static void find_section(struct walk *walk)
{
	uint8_t head[PE_HEAD];
	struct pe_section section;
	size_t len = read_whole(walk->bytes, 0, head, sizeof head);

	if (!pe_is(head, len))
		return;
	if (pe_find(head, len, ".initrd", &section)) {
		walk->at = section.offset;
		walk->end = section.offset + section.size;
	} else {
		walk->flaw = N_("it is a program for the firmware, and holds "
				"no initramfs");
	}
}

static void walk_image(struct walk *walk)
{
	const struct cpio_ways ways = { walk, begin_entry, take_content };
	struct cpio plain;
	char room[65536];
	long got = 1;

	cpio_start(&plain, &ways);
	while (!walk->flaw && got > 0) {
		size_t used;
		got = read_on(walk, room, sizeof room);
		if (got <= 0 || !push(walk, &plain, room, (size_t)got, &used))
			break;
		walk->at += used;
		if (plain.state != CPIO_OTHER)
			continue;
		walk_packed(walk, &ways);
		plain.state = CPIO_BETWEEN;
	}
	finish_file(walk);
	if (!walk->flaw && got < 0)
		walk->flaw = N_("its bytes could not be read");
	else if (!walk->flaw && plain.state != CPIO_BETWEEN)
		walk->flaw = N_("it ends early or is damaged");
	else if (!walk->flaw && !plain.entries && !walk->inside.entries)
		walk->flaw = N_("it is empty");
}

/* --- in the tree --- */

static void mark_listed(struct node *node)
{
	node->listed = true;
	for (struct node *child = node->first; child; child = child->next)
		if (child->kind == NODE_DIR)
			mark_listed(child);
}

/* An earlier walk's files stay nodes, without content. */
static void empty(struct tree *tree, struct node *node)
{
	for (struct node *child = node->first; child; child = child->next)
		if (child->kind == NODE_DIR)
			empty(tree, child);
		else if (child->kind == NODE_FILE)
			tree_fill(tree, child, "", 0);
}

void initramfs_keep(struct tree *tree, const char *name,
		    const struct initramfs_bytes *bytes)
{
	struct walk walk = { .tree = tree, .bytes = bytes };
	struct node *top = tree_path(tree, INITRAMFS_KEPT "/files", NODE_DIR);

	if (!top || top->kind != NODE_DIR)
		return;
	empty(tree, top->parent);
	find_section(&walk);
	walk_image(&walk);
	put(tree, "image", name, strlen(name));
	put(tree, "modules", buf_str(&walk.modules), walk.modules.len);
	if (walk.flaw)
		put(tree, "flaw", walk.flaw, strlen(walk.flaw));
	mark_listed(top->parent);
	buf_free(&walk.modules);
	buf_free(&walk.content);
	buf_free(&walk.path);
}

enum known initramfs_is_for(const struct initramfs_bytes *bytes,
			    const char *release)
{
	uint8_t head[PE_HEAD];
	char name[MOST_RELEASE];
	struct pe_section section;
	size_t len = read_whole(bytes, 0, head, sizeof head);

	if (!pe_find(head, len, ".uname", &section) ||
	    section.size > sizeof name)
		return UNREAD;
	len = read_whole(bytes, section.offset, name, (size_t)section.size);
	if (len < section.size)
		return UNREAD;
	/* Zeros or a newline may follow. */
	while (len && (!name[len - 1] || strchr(" \n", name[len - 1])))
		len--;
	return !len ? UNREAD :
	       len == strlen(release) && memcmp(name, release, len) == 0 ?
	       KNOWN : ABSENT;
}
