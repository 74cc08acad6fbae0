// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reading door: every byte of the machine comes through here, from this
 * machine, a directory, or a tree in memory.  It does not know what the
 * bytes mean, and it never writes.
 *
 * Look-ups in a directory stay inside it: openat2(2), RESOLVE_IN_ROOT.
 */
#include "source/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "source/container.h"
#include "source/initramfs.h"
#include "source/root_part.h"

enum {
	MOST_LOG_BYTES = 64 * 1024 * 1024,
};

/* --- what a failure means --- */

/*
 * Folders that a hand-made tree holds in part: a name missing in one of them
 * proves nothing, unlike a name missing in a device's own folder.
 */
static bool is_grab_bag(const char *folder)
{
	static const char *const bags[] = {
		"", "boot", "dev", "etc", "lib", "lib/modules", "proc",
		"proc/sys", "proc/sys/kernel", "run", "sys", "sys/bus",
		"sys/bus/pci", "sys/bus/pci/drivers", "sys/class",
		"sys/devices", "sys/firmware", "sys/firmware/acpi",
		"sys/hypervisor", "sys/kernel", "sys/kernel/security",
		"sys/module", "usr", "usr/lib", "usr/lib/modules", "var",
		"var/log",
	};

	for (size_t i = 0; i < sizeof bags / sizeof *bags; i++)
		if (strcmp(folder, bags[i]) == 0)
			return true;
	return false;
}

static void remember_problem(struct root *root, const struct place *at,
			     const char *path, int errnum)
{
	root->problems = arena_grow(&root->arena, root->problems,
				    root->problem_count, &root->problem_room,
				    sizeof *root->problems);
	root->problems[root->problem_count++] = (struct problem){
		at ? arena_printf(&root->arena, "/%s/%s", at->path, path) :
		     arena_printf(&root->arena, "/%s", path),
		errnum,
	};
}

enum known root_known_of(struct root *root, const struct place *at,
			 const char *path, int errnum)
{
	switch (errnum) {
	case 0:
		return KNOWN;
	case ENOENT:
	case ENOTDIR:
	case ENODEV:
	case ENXIO:
		return ABSENT;
	case EACCES:
	case EPERM:
		remember_problem(root, at, path, errnum);
		return DENIED;
	case ENODATA:		/* our own: nobody can say */
		return UNREAD;
	case ETIMEDOUT:		/* our own: silence */
		remember_problem(root, at, path, errnum);
		return SILENT;
	default:
		remember_problem(root, at, path, errnum);
		return UNREAD;
	}
}

/*
 * A name that is missing in a directory somebody made: absent when its
 * folder is there, unless that folder is one of those that are never whole.
 */
int root_missing(struct root *root, const struct place *at, const char *path)
{
	struct buf above = {0}, real = {0};
	const char *slash = strrchr(path, '/');
	struct node *node, *last;
	bool missing_last;
	int answer = ENOENT;

	if (root->kind == ORIGIN_LIVE)
		return ENOENT;
	place_path(at, path, &above);
	node = tree_find(&root->tree, root->tree.root, buf_str(&above), false,
			 &last, &missing_last);
	if (node && node->kind == NODE_PROBLEM) {
		answer = node->errnum ? node->errnum : ENODATA;
	} else {
		buf_reset(&above);
		buf_add(&above, path, slash ? (size_t)(slash - path) : 0);
		if (!above.len)
			buf_putc(&above, '.');
		if (folder_real(root->fd, at, buf_str(&above), &real) ||
		    is_grab_bag(buf_str(&real)))
			answer = ENODATA;
	}
	buf_free(&above);
	buf_free(&real);
	return answer;
}

/* --- trees --- */

int root_tree_look(struct root *root, const struct place *at, const char *path,
		   bool follow, struct node **node)
{
	struct node *above;
	bool missing_last;

	*node = tree_find(&root->tree, at ? at->node : root->tree.root, path,
			  follow, &above, &missing_last);
	if (*node && (*node)->kind == NODE_PROBLEM)
		return (*node)->errnum ? (*node)->errnum : ENODATA;
	if (*node)
		return 0;
	if (above->kind == NODE_PROBLEM)
		return above->errnum == ENOENT ? ENOENT : ENODATA;
	if (above->listed)
		return ENOENT;
	if (root->origin.complete || root->kind == ORIGIN_DUMP)
		return ENODATA;
	if (!missing_last)
		return ENODATA;
	struct buf name = {0};
	tree_name(above, &name);
	bool bag = is_grab_bag(buf_str(&name));
	buf_free(&name);
	return bag ? ENODATA : ENOENT;
}

static int memory_read(struct root *root, const struct place *at,
		       const char *path, size_t max, struct buf *out)
{
	struct node *node;
	int errnum = root_tree_look(root, at, path, true, &node);

	return errnum ? errnum : tree_bytes(node, max, out);
}

static int memory_link(struct root *root, const struct place *at,
		       const char *path, struct buf *out)
{
	struct node *node;
	int errnum = root_tree_look(root, at, path, false, &node);

	return errnum ? errnum : tree_target(node, out);
}

static int memory_list(struct root *root, const struct place *at,
		       const char *path, struct arena *arena,
		       struct listing *out)
{
	struct node *node;
	int errnum = root_tree_look(root, at, path, true, &node);

	if (errnum)
		return errnum;
	if (node->kind != NODE_DIR)
		return ENOTDIR;
	/* A folder of a capture that nobody listed may hold more. */
	if (!node->listed && root->origin.complete)
		return ENODATA;
	return tree_names(node, arena, out);
}

static int memory_size(struct root *root, const struct place *at,
		       const char *path, uint64_t *size)
{
	struct node *node;
	int errnum = root_tree_look(root, at, path, false, &node);

	/* Seen in a listing but never read: it is there. */
	if (errnum && !(node && node->kind == NODE_PROBLEM &&
			node->errnum != ENOENT))
		return errnum;
	tree_size(node, size);
	return 0;
}

/* --- the door --- */

/* Whether it is asked of .tree, not of the folder: all of a capture, and what
 * was kept of an initramfs. */
static bool is_in_tree(const struct root *root, const struct place *at,
		       const char *path)
{
	return root->fd < 0 ||
	       (root->imaged && !at && text_starts(path, INITRAMFS_KEPT "/"));
}

bool root_may_look(struct root *root, const struct place *at, const char *path,
		   bool content)
{
	struct buf whole = {0};

	if (!root->note)
		return true;
	place_path(at, path, &whole);
	bool may = !silence_covers(root->silence, buf_str(&whole), content);
	if (may)
		root->note(root->note_context, buf_str(&whole), true);
	buf_free(&whole);
	return may;
}

/* What an earlier reading heard; NULL where it is to be asked. */
static const struct node *heard(struct root *root, const struct place *at,
				const char *path, bool follow)
{
	struct buf whole = {0};
	const struct node *node = NULL;

	if (root->recall) {
		place_path(at, path, &whole);
		node = recall_find(root->recall, buf_str(&whole), follow);
		buf_free(&whole);
	}
	return node;
}

void root_looked(struct root *root)
{
	if (root->note)
		root->note(root->note_context, "", false);
}

enum known root_enter(struct root *root, const struct place *at,
		      const char *path, struct place *out)
{
	const struct node *told = heard(root, at, path, true);
	int errnum = 0;

	*out = (struct place){ .fd = -1 };
	if (told && told->kind != NODE_DIR) {
		errnum = told->errnum ? told->errnum : ENOTDIR;
	} else if (!root_may_look(root, at, path, false)) {
		errnum = ETIMEDOUT;
	} else if (root->fd >= 0) {
		out->fd = folder_open(root->fd, at, path, O_RDONLY | O_DIRECTORY);
		errnum = out->fd < 0 ? errno : 0;
		root_looked(root);
	} else {
		errnum = root_tree_look(root, at, path, true, &out->node);
		if (!errnum && out->node->kind != NODE_DIR)
			errnum = ENOTDIR;
	}
	if (errnum == ENOENT && root->fd >= 0 && !told)
		errnum = root_missing(root, at, path);
	if (errnum == 0) {
		struct buf whole = {0};
		if (told)
			tree_name(told, &whole);
		else if (!tee_is_on(&root->tee) ||
			 folder_real(root->fd, at, path, &whole))
			place_path(at, path, &whole);
		out->path = arena_text(&root->arena, buf_str(&whole));
		buf_free(&whole);
	}
	if (tee_is_on(&root->tee) && errnum)
		tee_node(&root->tee, at, path, NODE_DIR, errnum);
	else if (tee_is_on(&root->tee))
		tee_follow(&root->tee, at, path);
	return root_known_of(root, at, path, errnum);
}

void root_leave(struct root *root, struct place *place)
{
	(void)root;
	if (place->fd >= 0)
		close(place->fd);
	*place = (struct place){ .fd = -1 };
}

enum known root_read(struct root *root, const struct place *at,
		     const char *path, size_t max, struct buf *out)
{
	const struct node *told = heard(root, at, path, true);
	bool here = is_in_tree(root, at, path);

	buf_reset(out);
	int errnum = told ? tree_bytes(told, max, out) :
		     !root_may_look(root, at, path, true) ? ETIMEDOUT :
		     here ? memory_read(root, at, path, max, out) :
			    folder_read(root->fd, at, path, max, out);
	root_looked(root);
	if (errnum == ENOENT && !here && !told)
		errnum = root_missing(root, at, path);
	if (tee_is_on(&root->tee) && !here)
		tee_bytes(&root->tee, at, path, NODE_FILE, errnum, out);
	return root_known_of(root, at, path, errnum);
}

enum known root_link(struct root *root, const struct place *at,
		     const char *path, struct buf *out)
{
	const struct node *told = heard(root, at, path, false);

	buf_reset(out);
	int errnum = told ? tree_target(told, out) :
		     !root_may_look(root, at, path, false) ? ETIMEDOUT :
		     root->fd >= 0 ? folder_link(root->fd, at, path, out) :
				     memory_link(root, at, path, out);
	root_looked(root);
	if (errnum == ENOENT && root->fd >= 0 && !told)
		errnum = root_missing(root, at, path);
	if (tee_is_on(&root->tee))
		tee_bytes(&root->tee, at, path, NODE_LINK, errnum, out);
	return root_known_of(root, at, path, errnum);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum known root_list(struct root *root, const struct place *at,
		     const char *path, struct arena *arena,
		     struct listing *out)
{
	const struct node *told = NULL;
	bool here = is_in_tree(root, at, path);
	struct buf whole = {0};

	*out = (struct listing){0};
	if (root->recall) {
		place_path(at, path, &whole);
		told = recall_names(root->recall, buf_str(&whole));
		buf_free(&whole);
	}
	int errnum = told ? tree_names(told, arena, out) :
		     !root_may_look(root, at, path, false) ? ETIMEDOUT :
		     here ? memory_list(root, at, path, arena, out) :
			    folder_list(root->fd, at, path, arena, out);
	root_looked(root);
	if (errnum == ENOENT && !here && !told)
		errnum = root_missing(root, at, path);
	if (errnum == 0 && out->count > 1)
		qsort(out->names, out->count, sizeof *out->names, by_bytes);
	if (tee_is_on(&root->tee) && !here) {
		if (errnum)
			tee_node(&root->tee, at, path, NODE_DIR, errnum);
		else
			tee_listing(&root->tee, at, path, out);
	}
	return root_known_of(root, at, path, errnum);
}

enum known root_size(struct root *root, const struct place *at,
		     const char *path, uint64_t *size)
{
	const struct node *told = heard(root, at, path, false);
	int errnum = told ? tree_size(told, size) :
		     !root_may_look(root, at, path, false) ? ETIMEDOUT :
		     root->fd >= 0 ? folder_size(root->fd, at, path, size) :
				     memory_size(root, at, path, size);
	root_looked(root);
	if (errnum == ENOENT && root->fd >= 0 && !told)
		errnum = root_missing(root, at, path);
	if (tee_is_on(&root->tee)) {
		struct node *node = tee_node(&root->tee, at, path,
					     errnum ? NODE_FILE : NODE_PROBLEM,
					     errnum);
		if (node && !errnum)
			node->size = *size;
	}
	return root_known_of(root, at, path, errnum);
}

static int kept_owner(struct root *root, const char *note,
		      struct owner *owner)
{
	struct buf text = {0};
	uint64_t mode, uid, gid;
	enum known known = root_read(root, NULL, note, 64, &text);
	const char *at = buf_str(&text);
	bool ok = known == KNOWN && num_take(&at, 10, &mode) &&
		  num_take(&at, 10, &uid) && num_take(&at, 10, &gid);

	if (ok)
		*owner = (struct owner){ (uint32_t)mode, (uint32_t)uid,
					 (uint32_t)gid };
	buf_free(&text);
	return ok ? 0 : ENODATA;
}

enum known root_owner(struct root *root, const char *path,
		      struct owner *owner)
{
	struct buf note = {0}, text = {0};
	int errnum;

	buf_printf(&note, "vfiotop/owner/%s", path);
	if (root_recalls(root, buf_str(&note)))
		errnum = kept_owner(root, buf_str(&note), owner);
	else if (!root_may_look(root, NULL, path, false))
		errnum = ETIMEDOUT;
	else if (root->kind == ORIGIN_LIVE)
		errnum = folder_owner(root->fd, path, owner);
	else
		errnum = kept_owner(root, buf_str(&note), owner);
	root_looked(root);
	if (!errnum && tee_is_on(&root->tee)) {
		buf_printf(&text, "%u %u %u\n", owner->mode, owner->uid,
			   owner->gid);
		root_note(root, buf_str(&note), text.data, text.len);
	}
	buf_free(&note);
	buf_free(&text);
	return root_known_of(root, NULL, path, errnum);
}

enum known root_container(struct root *root, struct buf *out)
{
	static const char note[] = "vfiotop/container";
	int errnum = ETIMEDOUT;

	buf_reset(out);
	if (root->kind != ORIGIN_LIVE || root_recalls(root, note))
		return root_read(root, NULL, note, 4096, out);
	if (root_may_look(root, NULL, "dev/vfio/vfio", true))
		errnum = container_ask(root->fd, out);
	root_looked(root);
	if (!errnum && tee_is_on(&root->tee))
		root_note(root, note, out->data, out->len);
	return root_known_of(root, NULL, "dev/vfio/vfio", errnum);
}

enum known root_real(struct root *root, const struct place *at,
		     const char *path, struct buf *out)
{
	const struct node *told = heard(root, at, path, true);
	struct node *node;
	int errnum;

	buf_reset(out);
	if (told && told->kind != NODE_PROBLEM) {
		tree_name(told, out);
		errnum = 0;
	} else if (!root_may_look(root, at, path, false)) {
		errnum = ETIMEDOUT;
	} else if (root->fd >= 0) {
		errnum = folder_real(root->fd, at, path, out);
		root_looked(root);
		if (errnum == ENOENT)
			errnum = root_missing(root, at, path);
	} else {
		errnum = root_tree_look(root, at, path, true, &node);
		if (!errnum)
			tree_name(node, out);
	}
	if (tee_is_on(&root->tee) && errnum)
		tee_node(&root->tee, at, path, NODE_DIR, errnum);
	else if (tee_is_on(&root->tee))
		tee_follow(&root->tee, at, path);
	return root_known_of(root, at, path, errnum);
}

/* --- the kernel's log --- */

enum known root_log(struct root *root, struct buf *out, const char **source)
{
	static const char *const files[] = { "vfiotop/kmsg", "dmesg",
					     "dmesg.txt", "var/log/dmesg",
					     "var/log/kern.log" };

	/* Another process may have read it for us. */
	const char *told = root->origin.kind == ORIGIN_LIVE ? "/dev/kmsg" :
							      "kernel log";

	buf_reset(out);
	*source = "/dev/kmsg";
	if (root_recalls(root, files[0]))
		return root_read(root, NULL, files[0], MOST_LOG_BYTES, out);
	if (root->kind == ORIGIN_LIVE) {
		int errnum = root_may_look(root, NULL, "dev/kmsg", true) ?
				     folder_kmsg(root->fd, out) : ETIMEDOUT;
		root_looked(root);
		if (tee_is_on(&root->tee) && !errnum)
			root_note(root, "vfiotop/kmsg", out->data, out->len);
		else if (tee_is_on(&root->tee))
			tee_node(&root->tee, NULL, "dev/kmsg", NODE_FILE, errnum);
		return root_known_of(root, NULL, "dev/kmsg", errnum);
	}
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		*source = i ? files[i] : told;
		if (root_read(root, NULL, files[i], MOST_LOG_BYTES, out) ==
		    KNOWN)
			return KNOWN;
	}
	*source = told;
	struct node *node;
	int errnum = root->fd < 0 ?
			     root_tree_look(root, NULL, "dev/kmsg", true, &node) :
			     ENODATA;
	if (root->origin.kind == ORIGIN_LIVE)
		return root_known_of(root, NULL, "dev/kmsg", errnum);
	return errnum == EACCES || errnum == EPERM ? DENIED : UNREAD;
}

/* --- the end --- */

void root_close(struct root *root)
{
	struct arena arena;

	if (!root)
		return;
	if (root->fd >= 0)
		close(root->fd);
	tree_free(&root->tree);
	arena = root->arena;
	arena_free(&arena);
}

enum origin_kind root_kind(const struct root *root)
{
	return root->kind;
}

const struct origin *root_origin(const struct root *root)
{
	return &root->origin;
}

bool root_is_privileged(const struct root *root)
{
	return root->privileged;
}

const struct problem *root_problems(const struct root *root, unsigned *count)
{
	*count = root->problem_count;
	return root->problems;
}
