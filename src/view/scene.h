// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_SCENE_H
#define VIEW_SCENE_H

#include <stdbool.h>

#include "model/finding.h"
#include "model/system.h"

struct changes;
struct pasts;
struct sessions;

/* What there is to show: the machine, what is thought of it, its names. */
struct scene {
	const struct system *system;
	const struct findings *findings;
	const struct names *names;	/* NULL: not loaded yet */
	const struct sessions *sessions;	/* NULL: none are kept */
	const struct pasts *pasts;	/* what was done; NULL: nothing */
	const struct changes *changes;	/* seen while one looked; NULL: none */
	const struct scene *other;	/* an earlier machine that this one is
					 * compared with; NULL: none */
	bool ascii;			/* the terminal shows ASCII only */
};

#endif
