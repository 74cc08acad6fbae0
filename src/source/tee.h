// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_TEE_H
#define SOURCE_TEE_H

#include "source/folder.h"
#include "source/recall.h"
#include "source/tree.h"

/* What is met in a directory, kept in a tree. */
struct tee {
	int fd;			/* of the directory */
	struct tree *tree;
	bool on;
	bool hushed;		/* looks away for a while */
	const struct recall *recall;	/* knows what names are; NULL */
};

bool tee_is_on(const struct tee *tee);

/* Keep a folder and every link on the way to it; returns it. */
struct node *tee_follow(struct tee *tee, const struct place *at,
			const char *path);

/* Keep what became of a look at @path: a node of @kind, or with @errnum a
 * problem.  NULL when it cannot be placed. */
struct node *tee_node(struct tee *tee, const struct place *at,
		      const char *path, enum node_kind kind, int errnum);

/* The same with the bytes of a file or the target of a link. */
void tee_bytes(struct tee *tee, const struct place *at, const char *path,
	       enum node_kind kind, int errnum, const struct buf *bytes);

/* Keep that a folder was listed, and its names. */
void tee_listing(struct tee *tee, const struct place *at, const char *path,
		 const struct listing *listing);

#endif
