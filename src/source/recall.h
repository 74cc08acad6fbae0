// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_RECALL_H
#define SOURCE_RECALL_H

#include <stdbool.h>

#include "source/tree.h"
#include "source/uevents.h"

/*
 * What an earlier reading of the same machine heard, so that a brief reading
 * asks again only for what may have changed by the news that the kernel told.
 * It is no longer true than until the next whole reading, which whoever reads
 * briefly owes: of what the kernel tells no news of, the screen goes on to show
 * what it has shown already.
 *
 * Always asked for are: what lies in the folder of news, under whatever name
 * it is reached; what stands in the folder above (a port's link, when what is
 * behind it goes); the groups of devices in the news, whose numbers are used
 * again; the names in folders that list devices, drivers, modules, groups; that
 * a name is still missing there; modules and their parameters, and interrupts,
 * which change with what is in the news.
 */
struct recall {
	const struct tree *tree;	/* what was heard */
	const struct uevents *news;
	const char **groups;		/* numbers, of devices in the news */
	unsigned group_count;
};

/* Whether @path, from the root, is about something in the news. */
bool recall_is_news(const struct recall *recall, const char *path);

/*
 * What was heard of @path: a file, a link (which @follow follows), a folder, or
 * a problem with its errno.  NULL where it must be asked for.
 */
const struct node *recall_find(const struct recall *recall, const char *path,
			       bool follow);

/* The folder at @path with all its names; NULL where they must be asked for. */
const struct node *recall_names(const struct recall *recall, const char *path);

#endif
