// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A capture that somebody unpacked: a folder with a label in it.  What the
 * label says was denied, or seen and not read, has no file, so the folder alone
 * would tell less than the capture, and some of it wrongly.  It is taken into a
 * tree, as the capture is.
 */
#include "source/unpacked.h"

#include <string.h>

#include "base/buf.h"

enum {
	DEPTH_MOST = 32,
	NODES_MOST = 1 << 20,
	FILE_BYTES_MOST = 64 << 20,
	BYTES_MOST = 512 << 20,
};

struct scoop {
	struct tree *tree;
	int fd;
	struct buf bytes;
};

static void scoop_folder(struct scoop *scoop, const char *path,
			 unsigned depth);

static void scoop_name(struct scoop *scoop, const char *path, unsigned depth)
{
	struct tree *tree = scoop->tree;
	enum node_kind kind = NODE_FILE;

	if (tree->node_count >= NODES_MOST || tree->bytes >= BYTES_MOST)
		return;
	buf_reset(&scoop->bytes);
	if (folder_link(scoop->fd, NULL, path, &scoop->bytes) == 0)
		kind = NODE_LINK;
	else if (folder_read(scoop->fd, NULL, path, FILE_BYTES_MOST,
			     &scoop->bytes) != 0)
		kind = NODE_DIR;
	struct node *node = tree_path(tree, path, kind);
	if (!node)
		return;
	if (kind == NODE_DIR)
		scoop_folder(scoop, path, depth + 1);
	else
		tree_fill(tree, node, scoop->bytes.data, scoop->bytes.len);
}

static void scoop_folder(struct scoop *scoop, const char *path, unsigned depth)
{
	struct arena names = {0};
	struct listing listing = {0};
	struct buf below = {0};

	if (depth < DEPTH_MOST &&
	    folder_list(scoop->fd, NULL, path, &names, &listing) == 0)
		for (unsigned i = 0; i < listing.count; i++) {
			buf_reset(&below);
			buf_printf(&below, "%s%s%s",
				   strcmp(path, ".") ? path : "",
				   strcmp(path, ".") ? "/" : "",
				   listing.names[i]);
			scoop_name(scoop, buf_str(&below), depth);
		}
	buf_free(&below);
	arena_free(&names);
}

bool unpacked_load(struct tree *tree, int fd)
{
	struct scoop scoop = { .tree = tree, .fd = fd };
	uint64_t size;

	if (folder_size(fd, NULL, "vfiotop/manifest.json", &size) != 0)
		return false;
	scoop_folder(&scoop, ".", 0);
	buf_free(&scoop.bytes);
	return true;
}
