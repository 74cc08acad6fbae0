// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_WALK_H
#define VIEW_WALK_H

#include "model/topo.h"
#include "view/page.h"
#include "view/scene.h"

enum { WALK_STEPS = 32 };	/* more bridges above one another than any
				 * machine has */

/* Add the way from each slot of a group to its root, what the kernel thinks
 * of every step, where they are joined, and what would separate them. */
void walk_page(const struct scene *scene, int group, struct page *page);

/* Return why a step isolates or not, as a sentence. */
const char *walk_reason(const struct topo_step *step, struct arena *arena);

/* Return the word of it for other programs: "acs-off". */
const char *walk_word(enum acs_why why);

/* Return the names of ACS bits: "SV, RR"; "none" for 0. */
const char *walk_bits(unsigned bits, struct arena *arena);

#endif
