// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reading door of an initramfs: has it walked, so that it can be asked as
 * a folder.  Which image, and what is in it, is the readers' matter.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "source/initramfs.h"
#include "source/root_part.h"

/* The image while it is walked. */
struct image {
	struct root *root;
	const char *path;
	int fd;
};

/* Each piece is a look of its own: whoever watches sees that it goes on. */
static long read_piece(void *context, uint64_t at, char *room, size_t len)
{
	struct image *image = context;
	long got = -1;

	if (root_may_look(image->root, NULL, image->path, true))
		got = folder_piece(image->fd, at, room, len);
	root_looked(image->root);
	return got;
}

static int open_image(struct image *image)
{
	struct root *root = image->root;

	if (!root_may_look(root, NULL, image->path, true))
		return ETIMEDOUT;
	image->fd = folder_open_file(root->fd, image->path);
	int errnum = image->fd < 0 ? errno : 0;
	root_looked(root);
	return errnum == ENOENT ? root_missing(root, NULL, image->path) :
				  errnum;
}

static int walk(struct root *root, const char *path)
{
	struct image image = { root, path, -1 };
	const struct initramfs_bytes bytes = { &image, read_piece };
	int errnum = open_image(&image);

	if (errnum)
		return errnum;
	initramfs_keep(&root->tree, path, &bytes);
	root->imaged = true;
	close(image.fd);
	return 0;
}

/* A capture has what was kept, or says why nothing was. */
static int recall(struct root *root, const char *path)
{
	struct node *node;
	int errnum = root_tree_look(root, NULL, INITRAMFS_KEPT "/image", true,
				    &node);

	if (errnum)
		errnum = root_tree_look(root, NULL, path, true, &node);
	else
		return 0;
	return errnum ? errnum : ENODATA;
}

static enum known answer(struct root *root, const char *path, int errnum)
{
	if (errnum && tee_is_on(&root->tee))
		tee_node(&root->tee, NULL, path, NODE_FILE, errnum);
	return root_known_of(root, NULL, path, errnum);
}

enum known root_initramfs(struct root *root, const char *path)
{
	return answer(root, path, root->fd >= 0 ? walk(root, path) :
						  recall(root, path));
}

enum known root_initramfs_is_for(struct root *root, const char *path,
				 const char *release)
{
	struct image image = { root, path, -1 };
	const struct initramfs_bytes bytes = { &image, read_piece };
	struct node *node;
	int errnum = root->fd >= 0 ? open_image(&image) :
		     root_tree_look(root, NULL, path, true, &node);

	if (errnum)
		return answer(root, path, errnum);
	if (root->fd < 0)
		return UNREAD;
	enum known known = initramfs_is_for(&bytes, release);
	close(image.fd);
	return known;
}

/* --- from an earlier reading --- */

static void copy(struct tree *tree, struct node *to, const struct node *from)
{
	to->listed = from->listed;
	for (const struct node *child = from->first; child;
	     child = child->next) {
		struct node *made = tree_make(tree, to, child->name,
					      strlen(child->name),
					      child->kind);
		if (child->kind == NODE_DIR)
			copy(tree, made, child);
		else
			tree_fill(tree, made, child->bytes, child->len);
	}
}

void root_carry_initramfs(struct root *root, const struct root *from)
{
	struct node *above;
	bool last;
	const struct node *kept = tree_find(&from->tree, from->tree.root,
					    INITRAMFS_KEPT, false, &above,
					    &last);

	if (!kept || kept->kind != NODE_DIR ||
	    tree_find(&root->tree, root->tree.root, INITRAMFS_KEPT, false,
		      &above, &last))
		return;
	struct node *to = tree_path(&root->tree, INITRAMFS_KEPT, NODE_DIR);
	if (!to || to->kind != NODE_DIR)
		return;
	copy(&root->tree, to, kept);
	root->imaged = true;
}
