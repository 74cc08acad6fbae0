// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_VIEW_PLAN_H
#define VIEW_VIEW_PLAN_H

#include "plan/plan.h"
#include "view/page.h"
#include "view/scene.h"

/* How far a step has come. */
struct step_shown {
	enum mark mark;		/* NONE: not begun */
	bool running;
	bool undone;		/* taken back after a later one failed */
	unsigned milliseconds;
	const char *text;	/* why it failed; "" else */
};

/* A plan as a person sees it, before, while and after it is done. */
struct plan_shown {
	const struct plan *plan;
	const struct step_shown *steps;	/* NULL: not begun */
	const char *word;	/* to be typed, where a soft gate is open */
	const char *outcome;	/* what came of it; NULL: not over */
	enum mark mark;		/* of the outcome */
};

/* Add the plan to @page: what changes, what stands in the way, every step
 * as the shell line it equals. */
void plan_page(const struct scene *scene, const struct plan_shown *shown,
	       struct page *page);

/* Add what the person can do about it now, or what came of it: a line or
 * two, kept in sight while the plan scrolls. */
void plan_answer(const struct plan_shown *shown, struct page *page);

/* Return the plan as shell lines, one a step, for the clipboard. */
const char *plan_text(const struct plan *plan, struct arena *arena);

#endif
