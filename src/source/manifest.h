// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_MANIFEST_H
#define SOURCE_MANIFEST_H

#include "base/arena.h"
#include "base/err.h"
#include "model/system.h"
#include "source/root.h"

/*
 * What a capture says of itself: vfiotop/manifest.json (version, time,
 * kernel, whether it is whole, with whose rights it was read, which folders
 * were listed) and vfiotop/problems (reads that failed, "ERRNO path").
 */

/* Take over what is there into the origin and the root's tree; a tree
 * without a manifest is left as it is, and is not complete. */
void manifest_read(struct root *root, struct arena *arena,
		   struct origin *origin, bool *privileged);

/* Put both into the tree that the tee filled. */
void manifest_write(struct tree *tree, const struct system *system);

#endif
