// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_CANDIDATE_H
#define VIEW_CANDIDATE_H

#include "base/arena.h"
#include "view/scene.h"
#include "view/table.h"

/*
 * Put the displays of the machine in order, the best to give away first: by
 * verdict, then by how little stands in its way, then by how little the host
 * would miss it.  A management controller's display comes last.  Fills @order
 * with devices and returns how many; at most @room.
 */
unsigned candidate_order(const struct scene *scene, int *order, unsigned room);

/*
 * Say in a sentence which to give away and why, or why none; "" where there
 * is no display.
 */
struct text candidate_advice(const struct scene *scene, struct arena *arena);

/* Say how two GPUs share a laptop's panel; NULL where they do not. */
const char *candidate_hybrid(const struct scene *scene, int device,
			     struct arena *arena);

#endif
