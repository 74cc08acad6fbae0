// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_DIFF_PART_H
#define MODEL_DIFF_PART_H

#include "model/diff.h"

/* A comparison in the making; private to model/diff*. */
struct compare {
	const struct system *before, *after;
	const int *match;	/* as diff_match */
	const int *back;	/* the other way round */
	struct arena *arena;
	struct difference *items;
	unsigned count;
	size_t room;
	unsigned untold;
};

void compare_add(struct compare *compare, struct difference difference);

/* Compare a text (NULL: not there) that both know; adds what differs. */
void compare_texts(struct compare *compare, struct difference about,
		   const char *from, const char *to);

/* Whether both know; counts it where only one does. */
bool compare_is_told(struct compare *compare, enum known before,
		     enum known after);

/* What single devices and the machine say (diff_facts.c). */
void compare_device(struct compare *compare, int before, int after);
void compare_host(struct compare *compare);

/* What there can be several of (diff_sets.c). */
void compare_sets(struct compare *compare);

#endif
