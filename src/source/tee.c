// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tee in the reading door: keeps every folder, link, file and failure
 * that a reader met, as the machine had it.  It looks only to find out what
 * a name on the way is.
 */
#include "source/tee.h"

#include <errno.h>
#include <string.h>

bool tee_is_on(const struct tee *tee)
{
	return tee->on && !tee->hushed;
}

/* Whether a name is a link: 0 and its target in @out, or an errno, EINVAL for
 * what is none.  @path is from the root, without links on the way. */
static int look_for_link(struct tee *tee, const char *path, struct buf *out)
{
	const struct node *node =
		tee->recall ? recall_find(tee->recall, path, false) : NULL;

	if (!node || node->kind == NODE_PROBLEM)
		return folder_link(tee->fd, NULL, path, out);
	if (node->kind != NODE_LINK)
		return EINVAL;
	buf_reset(out);
	buf_add(out, node->bytes, node->len);
	return 0;
}

/* Walk to the folder of @path as the machine has it, keeping each folder and
 * link on the way, and return the node its last name hangs below. */
static struct node *tee_folder(struct tee *tee, const char *path,
			       const char **last, unsigned *links)
{
	struct node *at = tee->tree->root;
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
		struct node *child = tree_child(tee->tree, at, path, len);
		if (!child || child->kind == NODE_PROBLEM) {
			buf_reset(&real);
			buf_reset(&target);
			tree_name(at, &real);
			if (real.len)
				buf_putc(&real, '/');
			buf_add(&real, path, len);
			int no_link = look_for_link(tee, buf_str(&real),
						    &target);
			if (no_link && no_link != EINVAL) {
				child = tree_make(tee->tree, at, path, len,
						  NODE_PROBLEM);
				if (child->kind == NODE_PROBLEM)
					child->errnum = no_link;
				at = NULL;
				break;
			}
			child = tree_make(tee->tree, at, path, len,
					  no_link ? NODE_DIR : NODE_LINK);
			if (!no_link)
				tree_fill(tee->tree, child, target.data,
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
			char *again = arena_text(&tee->tree->arena,
						 buf_str(&joined));
			buf_free(&joined);
			buf_free(&whole);
			buf_free(&real);
			buf_free(&target);
			return tee_folder(tee, again, last, links);
		}
		at = child;
	}
	buf_free(&real);
	buf_free(&target);
	return at && at->kind == NODE_DIR ? at : NULL;
}

/* Keep a folder and every link on the way to it. */
struct node *tee_follow(struct tee *tee, const struct place *at,
			       const char *path)
{
	struct buf inside = {0};
	unsigned links = 0;
	const char *last;

	place_path(at, path, &inside);
	buf_puts(&inside, "/.");
	struct node *folder =
		tee_folder(tee, buf_str(&inside), &last, &links);
	buf_free(&inside);
	return folder;
}

/* Keep what became of a read of @path; NULL when it cannot be placed. */
struct node *tee_node(struct tee *tee, const struct place *at,
			     const char *path, enum node_kind kind, int errnum)
{
	struct buf whole = {0};
	unsigned links = 0;
	const char *last;
	struct node *node = NULL;

	place_path(at, path, &whole);
	struct node *folder = tee_folder(tee, buf_str(&whole), &last, &links);
	size_t len = folder ? strcspn(last, "/") : 0;
	if (folder && len) {
		node = tree_make(tee->tree, folder, last, len,
				 errnum ? NODE_PROBLEM : kind);
		/* It may have been seen in a listing before. */
		if (node->kind == NODE_PROBLEM && !node->errnum)
			node->errnum = errnum;
	} else if (folder) {
		node = folder;
	}
	buf_free(&whole);
	return node;
}

void tee_bytes(struct tee *tee, const struct place *at,
		      const char *path, enum node_kind kind, int errnum,
		      const struct buf *bytes)
{
	struct buf target = {0}, whole = {0};

	place_path(at, path, &whole);
	/* A file reached through a link is kept as the link and the file. */
	if (kind == NODE_FILE && !errnum &&
	    !look_for_link(tee, buf_str(&whole), &target)) {
		struct node *link = tee_node(tee, at, path, NODE_LINK, 0);
		if (link && link->kind == NODE_LINK && !link->len)
			tree_fill(tee->tree, link, target.data, target.len);
		struct buf real = {0};
		if (!folder_real(tee->fd, at, path, &real))
			tee_bytes(tee, NULL, buf_str(&real), kind, 0, bytes);
		buf_free(&real);
	} else {
		struct node *node = tee_node(tee, at, path, kind, errnum);
		if (node && node->kind == kind && !errnum && !node->len)
			tree_fill(tee->tree, node, buf_str(bytes),
				  bytes->len);
	}
	buf_free(&target);
	buf_free(&whole);
}

void tee_listing(struct tee *tee, const struct place *at,
			const char *path, const struct listing *listing)
{
	struct node *folder = tee_follow(tee, at, path);

	if (!folder)
		return;
	folder->listed = true;
	for (unsigned i = 0; i < listing->count; i++)
		tree_make(tee->tree, folder, listing->names[i],
			  strlen(listing->names[i]), NODE_PROBLEM);
}
