// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_ROOT_PART_H
#define SOURCE_ROOT_PART_H

#include "source/recall.h"
#include "source/root.h"
#include "source/tee.h"

/*
 * The inside of a root, for root.c, root_copy.c, root_image.c and open.c.
 */
struct root {
	int fd;			/* of a directory; -1: a tree */
	enum origin_kind kind;	/* how it is read; origin.kind: what it is */
	struct tree tree;	/* what is read, or what the tee overhears */
	struct tee tee;
	root_note_fn *note;	/* told of each look; NULL: nobody */
	void *note_context;
	const struct silence *silence;	/* not to be asked; NULL: nothing */
	struct recall *recall;	/* need not be asked; NULL: nothing */
	bool unpacked;		/* a capture, as a folder */
	bool imaged;		/* .tree has what was kept of an initramfs */
	bool privileged;
	struct origin origin;
	struct arena arena;
	struct problem *problems;
	size_t problem_room;
	unsigned problem_count;
};

/* Say that @path is about to be looked at, and that it was; false when it must
 * not be. */
bool root_may_look(struct root *root, const struct place *at, const char *path,
		   bool content);
void root_looked(struct root *root);

/* What an errno means; of a missing name in a folder that somebody made, the
 * errno that says whether its absence is known. */
enum known root_known_of(struct root *root, const struct place *at,
			 const char *path, int errnum);
int root_missing(struct root *root, const struct place *at, const char *path);

/* Find a node, or the errno that stands for its absence; ENODATA: unknown. */
int root_tree_look(struct root *root, const struct place *at, const char *path,
		   bool follow, struct node **node);

#endif
