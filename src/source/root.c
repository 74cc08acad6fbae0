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

#include "source/archive.h"
#include "source/dump.h"
#include "source/manifest.h"

enum {
	MOST_CAPTURE_BYTES = 512 * 1024 * 1024,
	MOST_LOG_BYTES = 64 * 1024 * 1024,
};

struct root {
	int fd;			/* of a directory; -1: a tree */
	struct tree tree;	/* what is read, or what the tee overhears */
	bool tee;
	bool hushed;		/* the tee looks away */
	bool privileged;
	struct origin origin;
	struct arena arena;
	struct problem *problems;
	size_t problem_room;
	unsigned problem_count;
};

static bool is_teed(const struct root *root)
{
	return root->tee && !root->hushed;
}

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

static enum known known_of(struct root *root, const struct place *at,
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
	default:
		remember_problem(root, at, path, errnum);
		return UNREAD;
	}
}

/* Join a place and a path below it, as the tee and messages name them. */
static void full_path(const struct place *at, const char *path,
		      struct buf *out)
{
	buf_reset(out);
	if (at && *at->path) {
		buf_puts(out, at->path);
		buf_putc(out, '/');
	}
	buf_puts(out, path);
}

/* --- directories --- */

static int open_at(const struct root *root, const struct place *at,
		   const char *path, int flags)
{
	const struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = at ? RESOLVE_BENEATH : RESOLVE_IN_ROOT,
	};

	return (int)syscall(SYS_openat2, at ? at->fd : root->fd, path, &how,
			    sizeof how);
}

static int read_whole(int fd, size_t max, struct buf *out)
{
	while (out->len < max) {
		size_t want = max - out->len < 4096 ? max - out->len : 4096;
		ssize_t got = read(fd, buf_room(out, want), want);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return out->len ? 0 : errno;
		if (got == 0)
			break;
		out->len += (size_t)got;
		out->data[out->len] = '\0';
		/* An attribute of sysfs comes in one piece. */
		if ((size_t)got < want && max <= 4096)
			break;
	}
	return 0;
}

static int folder_read(struct root *root, const struct place *at,
		       const char *path, size_t max, struct buf *out)
{
	int fd = open_at(root, at, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return errno;
	int errnum = read_whole(fd, max, out);
	close(fd);
	return errnum;
}

/* A link's own text; links on the way to it are followed inside the root. */
static int folder_link(struct root *root, const struct place *at,
		       const char *path, struct buf *out)
{
	const char *slash = strrchr(path, '/');
	const char *last = slash ? slash + 1 : path;
	int folder = at ? at->fd : root->fd;
	bool opened = false;

	if (slash) {
		struct buf above = {0};
		buf_add(&above, path, (size_t)(slash - path));
		folder = open_at(root, at, buf_str(&above), O_PATH);
		buf_free(&above);
		if (folder < 0)
			return errno;
		opened = true;
	}
	ssize_t got = readlinkat(folder, last, buf_room(out, 4096), 4096);
	int errnum = got < 0 ? errno : 0;
	if (opened)
		close(folder);
	if (errnum)
		return errnum;
	out->len = (size_t)got;
	out->data[out->len] = '\0';
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int folder_list(struct root *root, const struct place *at,
		       const char *path, struct arena *arena,
		       struct listing *out)
{
	int fd = open_at(root, at, path, O_RDONLY | O_DIRECTORY);
	size_t room = 0;

	if (fd < 0)
		return errno;
	DIR *folder = fdopendir(fd);
	if (!folder) {
		int errnum = errno;
		close(fd);
		return errnum;
	}
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		out->names = arena_grow(arena, out->names, out->count, &room,
					sizeof *out->names);
		out->names[out->count++] = arena_text(arena, entry->d_name);
	}
	closedir(folder);
	return 0;
}

static int folder_size(struct root *root, const struct place *at,
		       const char *path, uint64_t *size)
{
	struct stat st;

	if (at && !strchr(path, '/')) {
		if (fstatat(at->fd, path, &st, AT_SYMLINK_NOFOLLOW))
			return errno;
	} else {
		int fd = open_at(root, at, path, O_PATH | O_NOFOLLOW);
		if (fd < 0)
			return errno;
		int failed = fstat(fd, &st) ? errno : 0;
		close(fd);
		if (failed)
			return failed;
	}
	*size = (uint64_t)st.st_size;
	return 0;
}

/* Where a path really is, below the root. */
static int real_path(const struct root *root, const struct place *at,
		     const char *path, struct buf *out)
{
	char link[32], base[4096], real[4096];
	int fd = open_at(root, at, path, O_PATH);

	if (fd < 0)
		return errno;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t len = readlink(link, real, sizeof real - 1);
	close(fd);
	snprintf(link, sizeof link, "/proc/self/fd/%d", root->fd);
	ssize_t skip = readlink(link, base, sizeof base - 1);
	if (len < 0 || skip < 0)
		return EIO;
	real[len] = '\0';
	if (skip == 1)
		skip = 0;	/* "/" itself */
	if (len > skip)
		buf_puts(out, real + skip + 1);
	return 0;
}

/*
 * A name that is missing in a directory somebody made: absent when its
 * folder is there, unless that folder is one of those that are never whole.
 */
static int missing_in_folder(struct root *root, const struct place *at,
			     const char *path)
{
	struct buf above = {0}, real = {0};
	const char *slash = strrchr(path, '/');
	struct node *node, *last;
	bool missing_last;
	int answer = ENOENT;

	if (root->origin.kind == ORIGIN_LIVE)
		return ENOENT;
	full_path(at, path, &above);
	node = tree_find(&root->tree, root->tree.root, buf_str(&above), false,
			 &last, &missing_last);
	if (node && node->kind == NODE_PROBLEM) {
		answer = node->errnum ? node->errnum : ENODATA;
	} else {
		buf_reset(&above);
		buf_add(&above, path, slash ? (size_t)(slash - path) : 0);
		if (!above.len)
			buf_putc(&above, '.');
		if (real_path(root, at, buf_str(&above), &real) ||
		    is_grab_bag(buf_str(&real)))
			answer = ENODATA;
	}
	buf_free(&above);
	buf_free(&real);
	return answer;
}

/* --- trees --- */

/* Find a node, or the errno that stands for its absence; ENODATA: unknown. */
static int tree_look(struct root *root, const struct place *at,
		     const char *path, bool follow, struct node **node)
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
	if (root->origin.complete || root->origin.kind == ORIGIN_DUMP)
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
	int errnum = tree_look(root, at, path, true, &node);

	if (errnum)
		return errnum;
	if (node->kind != NODE_FILE)
		return EISDIR;
	buf_add(out, node->bytes, node->len < max ? node->len : max);
	return 0;
}

static int memory_link(struct root *root, const struct place *at,
		       const char *path, struct buf *out)
{
	struct node *node;
	int errnum = tree_look(root, at, path, false, &node);

	if (errnum)
		return errnum;
	if (node->kind != NODE_LINK)
		return EINVAL;
	buf_add(out, node->bytes, node->len);
	return 0;
}

static int memory_list(struct root *root, const struct place *at,
		       const char *path, struct arena *arena,
		       struct listing *out)
{
	struct node *node;
	int errnum = tree_look(root, at, path, true, &node);

	if (errnum)
		return errnum;
	if (node->kind != NODE_DIR)
		return ENOTDIR;
	/* A folder of a capture that nobody listed may hold more. */
	if (!node->listed && root->origin.complete)
		return ENODATA;
	out->names = arena_array(arena, node->count, sizeof *out->names);
	for (struct node *child = node->first; child; child = child->next)
		if (child->kind != NODE_PROBLEM || child->errnum != ENOENT)
			out->names[out->count++] = child->name;
	return 0;
}

static int memory_size(struct root *root, const struct place *at,
		       const char *path, uint64_t *size)
{
	struct node *node;
	int errnum = tree_look(root, at, path, false, &node);

	/* Seen in a listing but never read: it is there. */
	if (errnum && !(node && node->kind == NODE_PROBLEM &&
			node->errnum != ENOENT))
		return errnum;
	*size = node->kind == NODE_FILE ? node->len : 0;
	return 0;
}

/* --- the tee --- */

/* Walk to the folder of @path as the machine has it, keeping each folder and
 * link on the way, and return the node its last name hangs below. */
static struct node *tee_folder(struct root *root, const char *path,
			       const char **last, unsigned *links)
{
	struct node *at = root->tree.root;
	struct buf real = {0}, target = {0};

	for (;;) {
		path += strspn(path, "/");
		size_t len = strcspn(path, "/");
		if (!path[len + strspn(path + len, "/")]) {
			*last = path;
			break;
		}
		if (len == 2 && path[0] == '.' && path[1] == '.') {
			at = at->parent;
			path += len;
			continue;
		}
		struct node *child = tree_child(&root->tree, at, path, len);
		if (!child || child->kind == NODE_PROBLEM) {
			buf_reset(&real);
			buf_reset(&target);
			tree_name(at, &real);
			if (real.len)
				buf_putc(&real, '/');
			buf_add(&real, path, len);
			int no_link = folder_link(root, NULL, buf_str(&real),
						  &target);
			if (no_link && no_link != EINVAL) {
				at = NULL;
				break;
			}
			child = tree_make(&root->tree, at, path, len,
					  no_link ? NODE_DIR : NODE_LINK);
			if (!no_link)
				tree_fill(&root->tree, child, target.data,
					  target.len);
		}
		path += len;
		if (child->kind == NODE_LINK && ++*links < 40) {
			struct buf joined = {0};
			struct buf whole = {0};
			if (child->bytes[0] != '/') {
				tree_name(at, &whole);
				buf_putc(&whole, '/');
			}
			buf_puts(&joined, buf_str(&whole));
			buf_puts(&joined, child->bytes);
			buf_puts(&joined, path);
			char *again = arena_text(&root->tree.arena,
						 buf_str(&joined));
			buf_free(&joined);
			buf_free(&whole);
			buf_free(&real);
			buf_free(&target);
			return tee_folder(root, again, last, links);
		}
		at = child;
	}
	buf_free(&real);
	buf_free(&target);
	return at && at->kind == NODE_DIR ? at : NULL;
}

/* Keep a folder and every link on the way to it. */
static struct node *tee_follow(struct root *root, const struct place *at,
			       const char *path)
{
	struct buf inside = {0};
	unsigned links = 0;
	const char *last;

	full_path(at, path, &inside);
	buf_puts(&inside, "/.");
	struct node *folder =
		tee_folder(root, buf_str(&inside), &last, &links);
	buf_free(&inside);
	return folder;
}

/* Keep what became of a read of @path; NULL when it cannot be placed. */
static struct node *tee_node(struct root *root, const struct place *at,
			     const char *path, enum node_kind kind, int errnum)
{
	struct buf whole = {0};
	unsigned links = 0;
	const char *last;
	struct node *node = NULL;

	full_path(at, path, &whole);
	struct node *folder = tee_folder(root, buf_str(&whole), &last, &links);
	size_t len = folder ? strcspn(last, "/") : 0;
	if (folder && len) {
		bool is_new = !tree_child(&root->tree, folder, last, len);
		node = tree_make(&root->tree, folder, last, len,
				 errnum ? NODE_PROBLEM : kind);
		if (errnum && is_new)
			node->errnum = errnum;
	} else if (folder) {
		node = folder;
	}
	buf_free(&whole);
	return node;
}

static void tee_bytes(struct root *root, const struct place *at,
		      const char *path, enum node_kind kind, int errnum,
		      const struct buf *bytes)
{
	struct buf target = {0}, whole = {0};

	full_path(at, path, &whole);
	/* A file reached through a link is kept as the link and the file. */
	if (kind == NODE_FILE && !errnum &&
	    !folder_link(root, NULL, buf_str(&whole), &target)) {
		struct node *link = tee_node(root, at, path, NODE_LINK, 0);
		if (link && link->kind == NODE_LINK && !link->len)
			tree_fill(&root->tree, link, target.data, target.len);
		struct buf real = {0};
		if (!real_path(root, at, path, &real))
			tee_bytes(root, NULL, buf_str(&real), kind, 0, bytes);
		buf_free(&real);
	} else {
		struct node *node = tee_node(root, at, path, kind, errnum);
		if (node && node->kind == kind && !errnum && !node->len)
			tree_fill(&root->tree, node, buf_str(bytes),
				  bytes->len);
	}
	buf_free(&target);
	buf_free(&whole);
}

static void tee_listing(struct root *root, const struct place *at,
			const char *path, const struct listing *listing)
{
	struct node *folder = tee_follow(root, at, path);

	if (!folder)
		return;
	folder->listed = true;
	for (unsigned i = 0; i < listing->count; i++)
		tree_make(&root->tree, folder, listing->names[i],
			  strlen(listing->names[i]), NODE_PROBLEM);
}

void root_tee(struct root *root)
{
	if (root->fd >= 0)
		root->tee = true;
}

bool root_hush(struct root *root, bool quiet)
{
	bool was = root->hushed;

	root->hushed = quiet;
	return was;
}

struct tree *root_tree(struct root *root)
{
	return &root->tree;
}

void root_note(struct root *root, const char *path, const char *text,
	       size_t len)
{
	if (!root->tee)
		return;
	struct node *node = tree_path(&root->tree, path, NODE_FILE);
	if (node && node->kind == NODE_FILE)
		tree_fill(&root->tree, node, text, len);
}

/* --- the door --- */

enum known root_enter(struct root *root, const struct place *at,
		      const char *path, struct place *out)
{
	int errnum = 0;

	*out = (struct place){ .fd = -1 };
	if (root->fd >= 0) {
		out->fd = open_at(root, at, path, O_RDONLY | O_DIRECTORY);
		errnum = out->fd < 0 ? errno : 0;
	} else {
		errnum = tree_look(root, at, path, true, &out->node);
		if (!errnum && out->node->kind != NODE_DIR)
			errnum = ENOTDIR;
	}
	if (errnum == ENOENT && root->fd >= 0)
		errnum = missing_in_folder(root, at, path);
	if (errnum == 0) {
		struct buf whole = {0};
		if (!is_teed(root) || real_path(root, at, path, &whole))
			full_path(at, path, &whole);
		out->path = arena_text(&root->arena, buf_str(&whole));
		buf_free(&whole);
	}
	if (is_teed(root) && errnum)
		tee_node(root, at, path, NODE_DIR, errnum);
	else if (is_teed(root))
		tee_follow(root, at, path);
	return known_of(root, at, path, errnum);
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
	buf_reset(out);
	int errnum = root->fd >= 0 ? folder_read(root, at, path, max, out) :
				     memory_read(root, at, path, max, out);
	if (errnum == ENOENT && root->fd >= 0)
		errnum = missing_in_folder(root, at, path);
	if (is_teed(root))
		tee_bytes(root, at, path, NODE_FILE, errnum, out);
	return known_of(root, at, path, errnum);
}

enum known root_link(struct root *root, const struct place *at,
		     const char *path, struct buf *out)
{
	buf_reset(out);
	int errnum = root->fd >= 0 ? folder_link(root, at, path, out) :
				     memory_link(root, at, path, out);
	if (errnum == ENOENT && root->fd >= 0)
		errnum = missing_in_folder(root, at, path);
	if (is_teed(root))
		tee_bytes(root, at, path, NODE_LINK, errnum, out);
	return known_of(root, at, path, errnum);
}

enum known root_list(struct root *root, const struct place *at,
		     const char *path, struct arena *arena,
		     struct listing *out)
{
	*out = (struct listing){0};
	int errnum = root->fd >= 0 ? folder_list(root, at, path, arena, out) :
				     memory_list(root, at, path, arena, out);
	if (errnum == ENOENT && root->fd >= 0)
		errnum = missing_in_folder(root, at, path);
	if (errnum == 0 && out->count > 1)
		qsort(out->names, out->count, sizeof *out->names, by_bytes);
	if (is_teed(root)) {
		if (errnum)
			tee_node(root, at, path, NODE_DIR, errnum);
		else
			tee_listing(root, at, path, out);
	}
	return known_of(root, at, path, errnum);
}

enum known root_size(struct root *root, const struct place *at,
		     const char *path, uint64_t *size)
{
	int errnum = root->fd >= 0 ? folder_size(root, at, path, size) :
				     memory_size(root, at, path, size);
	if (errnum == ENOENT && root->fd >= 0)
		errnum = missing_in_folder(root, at, path);
	if (is_teed(root) && errnum)
		tee_node(root, at, path, NODE_FILE, errnum);
	else if (is_teed(root))
		tee_node(root, at, path, NODE_PROBLEM, 0);
	return known_of(root, at, path, errnum);
}

enum known root_real(struct root *root, const struct place *at,
		     const char *path, struct buf *out)
{
	struct node *node;
	int errnum;

	buf_reset(out);
	if (root->fd >= 0) {
		errnum = real_path(root, at, path, out);
	} else {
		errnum = tree_look(root, at, path, true, &node);
		if (!errnum)
			tree_name(node, out);
	}
	if (is_teed(root) && errnum)
		tee_node(root, at, path, NODE_DIR, errnum);
	else if (is_teed(root))
		tee_follow(root, at, path);
	return known_of(root, at, path, errnum);
}

/* --- the kernel's log --- */

/* Records of /dev/kmsg come one per read; EPIPE: overtaken, go on. */
static int read_kmsg(struct root *root, struct buf *out)
{
	int fd = open_at(root, NULL, "dev/kmsg", O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		return errno;
	while (out->len < MOST_LOG_BYTES) {
		ssize_t got = read(fd, buf_room(out, 8192), 8192);
		if (got < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (got <= 0)
			break;
		out->len += (size_t)got;
		out->data[out->len] = '\0';
	}
	int errnum = out->len ? 0 : errno;
	close(fd);
	return errnum;
}

enum known root_log(struct root *root, struct buf *out, const char **source)
{
	static const char *const files[] = { "vfiotop/kmsg", "dmesg",
					     "dmesg.txt", "var/log/dmesg",
					     "var/log/kern.log" };

	buf_reset(out);
	*source = "/dev/kmsg";
	if (root->origin.kind == ORIGIN_LIVE) {
		int errnum = read_kmsg(root, out);
		if (is_teed(root) && !errnum)
			root_note(root, "vfiotop/kmsg", out->data, out->len);
		else if (is_teed(root))
			tee_node(root, NULL, "dev/kmsg", NODE_FILE, errnum);
		return known_of(root, NULL, "dev/kmsg", errnum);
	}
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		*source = i ? files[i] : "kernel log";
		if (root_read(root, NULL, files[i], MOST_LOG_BYTES, out) ==
		    KNOWN)
			return KNOWN;
	}
	*source = "kernel log";
	struct node *node;
	int errnum = root->fd < 0 ?
			     tree_look(root, NULL, "dev/kmsg", true, &node) :
			     ENODATA;
	return errnum == EACCES || errnum == EPERM ? DENIED : UNREAD;
}

/* --- opening --- */

static bool load_file(struct root *root, const char *path, int fd,
		      struct err *err)
{
	struct buf bytes = {0};
	int errnum = read_whole(fd, MOST_CAPTURE_BYTES, &bytes);
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	bool ok;

	if (errnum) {
		err_set(err, "%s cannot be read: %s.", name, strerror(errnum));
		buf_free(&bytes);
		return false;
	}
	tree_start(&root->tree);
	if (dump_is_dump(buf_str(&bytes))) {
		root->origin.kind = ORIGIN_DUMP;
		ok = dump_load(&root->tree, bytes.data, bytes.len, name, err);
	} else if (dump_is_log(buf_str(&bytes))) {
		root->origin.kind = ORIGIN_DUMP;
		ok = true;
		tree_fill(&root->tree,
			  tree_path(&root->tree, "vfiotop/kmsg", NODE_FILE),
			  bytes.data, bytes.len);
	} else {
		root->origin.kind = ORIGIN_CAPTURE;
		ok = archive_load(&root->tree, bytes.data, bytes.len, name,
				  err);
	}
	buf_free(&bytes);
	return ok;
}

static void set_origin(struct root *root, const char *path)
{
	struct tm tm;
	time_t now = time(NULL);
	char text[40] = "";

	root->origin.path = arena_text(&root->arena, path);
	if (root->origin.kind == ORIGIN_LIVE) {
		if (gmtime_r(&now, &tm))
			strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
		root->origin.complete = true;
		root->privileged = geteuid() == 0;
	}
	root->origin.time = arena_text(&root->arena, text);
	if (root->origin.kind != ORIGIN_LIVE)
		manifest_read(root, &root->arena, &root->origin,
			      &root->privileged);
}

static bool open_path(struct root *root, const char *path, struct err *err)
{
	if (strcmp(path, "-") == 0)
		return load_file(root, path, STDIN_FILENO, err);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st)) {
		err_set(err, "%s cannot be opened: %s. Name a directory, a "
			"capture, or the output of lspci -xxxx.", path,
			strerror(errno));
		return false;
	}
	if (S_ISDIR(st.st_mode)) {
		root->fd = fd;
		root->origin.kind = strcmp(path, "/") == 0 ? ORIGIN_LIVE :
							     ORIGIN_DIRECTORY;
		tree_start(&root->tree);
		return true;
	}
	bool ok = load_file(root, path, fd, err);
	close(fd);
	return ok;
}

struct root *root_open(const char *path, struct err *err)
{
	struct arena arena = {0};
	struct root *root = arena_alloc(&arena, sizeof *root);

	root->arena = arena;
	root->fd = -1;
	if (!path)
		path = "/";
	if (!open_path(root, path, err)) {
		root_close(root);
		return NULL;
	}
	set_origin(root, path);
	return root;
}

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
	return root->origin.kind;
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
