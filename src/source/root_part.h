// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_ROOT_PART_H
#define SOURCE_ROOT_PART_H

#include "source/recall.h"
#include "source/root.h"
#include "source/tee.h"

/*
 * The inside of a root, for root.c, root_copy.c and open.c.
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
	bool privileged;
	struct origin origin;
	struct arena arena;
	struct problem *problems;
	size_t problem_room;
	unsigned problem_count;
};

#endif
