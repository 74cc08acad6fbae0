// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a root begins: which of the four kinds a path is.  The bytes are read
 * by the door.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "source/archive.h"
#include "source/dump.h"
#include "source/manifest.h"
#include "source/parcel.h"
#include "source/root_part.h"
#include "source/unpacked.h"

enum { MOST_CAPTURE_BYTES = 512 * 1024 * 1024 };

static bool load_bytes(struct root *root, const char *name,
		       const struct buf *bytes, struct err *err)
{
	tree_start(&root->tree);
	if (dump_is_dump(buf_str(bytes))) {
		root->kind = ORIGIN_DUMP;
		return dump_load(&root->tree, bytes->data, bytes->len, name,
				 err);
	}
	if (dump_is_log(buf_str(bytes))) {
		root->kind = ORIGIN_DUMP;
		tree_fill(&root->tree,
			  tree_path(&root->tree, "vfiotop/kmsg", NODE_FILE),
			  bytes->data, bytes->len);
		return true;
	}
	root->kind = ORIGIN_CAPTURE;
	return archive_load(&root->tree, bytes->data, bytes->len, name, err);
}

static bool load_file(struct root *root, const char *path, int fd,
		      struct err *err)
{
	struct buf bytes = {0};
	int errnum = folder_drain(fd, MOST_CAPTURE_BYTES, &bytes);
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	bool ok = !errnum && load_bytes(root, name, &bytes, err);

	if (errnum)
		err_set(err, "%s cannot be read: %s.", name, strerror(errnum));
	buf_free(&bytes);
	return ok;
}

static void set_origin(struct root *root, const char *path)
{
	struct tm tm;
	time_t now = time(NULL);
	char text[40] = "";

	root->origin.kind = root->kind;
	root->origin.path = arena_text(&root->arena, path);
	if (root->kind == ORIGIN_LIVE) {
		if (gmtime_r(&now, &tm))
			strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
		root->origin.complete = true;
		root->privileged = geteuid() == 0;
	}
	root->origin.time = arena_text(&root->arena, text);
	if (root->kind != ORIGIN_LIVE)
		manifest_read(root, &root->arena, &root->origin,
			      &root->privileged);
}

/* Whether a folder has any of what is read of a machine: somebody who names
 * the wrong one is not to be told that nothing can be known. */
static bool is_machine(int fd, const char *path, struct err *err)
{
	static const char *const folders[] = {
		"proc", "sys", "vfiotop", "boot", "dev", "etc", "lib", "run",
		"usr", "var",
	};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (faccessat(fd, folders[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	err_set(err, "%s holds nothing of a machine: neither proc nor sys nor "
		"any other folder of one. Name one that does, a capture, a "
		"kernel log, or the output of lspci -xxxx.", path);
	return false;
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
		if (strcmp(path, "/") != 0 && !is_machine(fd, path, err)) {
			close(fd);
			return false;
		}
		root->fd = fd;
		root->kind = strcmp(path, "/") == 0 ? ORIGIN_LIVE :
							     ORIGIN_DIRECTORY;
		tree_start(&root->tree);
		root->unpacked = root->kind == ORIGIN_DIRECTORY &&
				 unpacked_load(&root->tree, fd);
		if (root->unpacked) {
			close(fd);
			root->fd = -1;
		}
		return true;
	}
	bool ok = load_file(root, path, fd, err);
	close(fd);
	return ok;
}

static struct root *new_root(void)
{
	struct arena arena = {0};
	struct root *root = arena_alloc(&arena, sizeof *root);

	root->arena = arena;
	root->fd = -1;
	return root;
}

struct root *root_open(const char *path, struct err *err)
{
	struct root *root = new_root();

	if (!path)
		path = "/";
	if (!open_path(root, path, err)) {
		root_close(root);
		return NULL;
	}
	if (root->unpacked)
		root->kind = ORIGIN_CAPTURE;
	set_origin(root, path);
	if (root->unpacked)
		root->origin.kind = ORIGIN_DIRECTORY;
	return root;
}

struct root *root_open_bytes(const char *name, const char *bytes, size_t len,
			     struct err *err)
{
	struct root *root = new_root();
	struct buf copy = {0};

	buf_add(&copy, bytes, len);
	bool ok = load_bytes(root, name, &copy, err);
	buf_free(&copy);
	if (!ok) {
		root_close(root);
		return NULL;
	}
	set_origin(root, name);
	return root;
}

struct root *root_open_lent(const char *bytes, size_t len, struct err *err)
{
	struct root *root = root_open_bytes(_("root's reading"), bytes, len,
					    err);

	if (!root)
		return NULL;
	root->origin.kind = ORIGIN_LIVE;
	root->origin.path = "/";
	root->origin.lent = true;
	return root;
}

struct root *root_open_parcel(const char *path, const char *bytes, size_t len)
{
	struct root *root = new_root();

	if (!parcel_unpack(&root->tree, bytes, len)) {
		root_close(root);
		return NULL;
	}
	root->kind = path && strcmp(path, "/") ? ORIGIN_DIRECTORY :
						 ORIGIN_LIVE;
	set_origin(root, path ? path : "/");
	root->origin.complete = true;
	/* From here on it is read as what it is: a tree that is whole. */
	root->kind = ORIGIN_CAPTURE;
	return root;
}
