// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_NODE_H
#define VIEW_NODE_H

#include "view/scene.h"
#include "view/sign.h"
#include "view/table.h"

/*
 * VFIO's nodes before a person.  Texts live in @arena or longer.
 */

/* Return the node of a group by its full path, "/dev/vfio/13" or
 * "/dev/vfio/noiommu-0"; NULL where it has none, or nobody looked. */
const char *node_of_group(const struct system *system,
			  const struct group *group, struct arena *arena);

/* Return why a group has no node, a sentence. */
const char *node_why(const struct scene *scene, const struct group *group,
		     struct arena *arena);

/* Return who may open a node: "root only (0600)", "anyone (0666)"; NULL where
 * nobody looked. */
const char *node_access(const struct system *system, const char *node,
			struct arena *arena);

/* Return who has a node open: "qemu-system-x86 (1203), guest win10", several
 * with semicolons between; "" for nobody who was seen. */
const char *node_holders(const struct system *system, const char *node,
			 struct arena *arena);

/* Whether a group could be given out, in a few words, and its sign. */
struct text node_viable(const struct system *system,
			const struct group *group, enum mark *mark,
			struct arena *arena);

#endif
