// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_TREE_H
#define SOURCE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "source/folder.h"

/*
 * A file system in memory: what a capture holds, what the tee overhears,
 * what a dump is made into.  Paths have no leading slash.
 */
enum node_kind {
	NODE_DIR,
	NODE_FILE,
	NODE_LINK,
	NODE_PROBLEM,	/* there was a read, and it failed with .errnum; 0:
			 * seen in a listing, never read */
};

struct node {
	enum node_kind kind;
	const char *name;
	struct node *parent;	/* of the root: itself */
	struct node *first, *last, *next; /* children, in order of arrival */
	unsigned count;		/* children */
	const char *bytes;	/* file: content; link: target, NUL behind */
	size_t len;
	uint64_t size;		/* as stat told it; 0: not told */
	int errnum;
	bool listed;		/* dir: all its names are known */
};

struct tree {
	struct arena arena;
	struct node *root;
	struct node **slots;	/* hash of (parent, name) */
	size_t slot_count, node_count;
	size_t bytes;		/* of all files */
};

void tree_start(struct tree *tree);
void tree_free(struct tree *tree);

/* Return the child, or NULL; @len bytes of @name. */
struct node *tree_child(const struct tree *tree, const struct node *parent,
			const char *name, size_t len);

/* Return the child, made as @kind when it is new.  A problem may become
 * anything else; other kinds stay what they are. */
struct node *tree_make(struct tree *tree, struct node *parent,
		       const char *name, size_t len, enum node_kind kind);

/* Make the folders on the way and the last name as @kind; NULL when a name
 * on the way is no folder or is "..". */
struct node *tree_path(struct tree *tree, const char *path,
		       enum node_kind kind);

/* Give a file or link its content; the bytes are copied. */
void tree_fill(struct tree *tree, struct node *node, const char *bytes,
	       size_t len);

/*
 * Look @path up from @at (a folder), following links inside the tree only;
 * ".." at the root stays there.  With @follow the last name's link is
 * followed too.  NULL when it is not there: *above is then the last folder
 * on the way, and *missing_last tells whether only the last name was
 * missing in it.
 */
struct node *tree_find(const struct tree *tree, struct node *at,
		       const char *path, bool follow, struct node **above,
		       bool *missing_last);

/*
 * What a node answers that was asked for its content, its target, its names
 * (in no order), its size; 0 or an errno.
 */
int tree_bytes(const struct node *node, size_t max, struct buf *out);
int tree_target(const struct node *node, struct buf *out);
int tree_names(const struct node *node, struct arena *arena,
	       struct listing *out);
int tree_size(const struct node *node, uint64_t *size);

/* Write the path of @node into @out, without a leading slash. */
void tree_name(const struct node *node, struct buf *out);

#endif
