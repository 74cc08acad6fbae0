// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_PAST_H
#define PLAN_PAST_H

#include "plan/plan.h"

/* Outcomes by which something of an action stands. */
enum { PAST_DONE = 0, PAST_PARTLY = 12 };

/*
 * An action that is over, with what takes it back: from a journal of this
 * machine, or from a plan that was rehearsed.
 */
struct past {
	unsigned number;	/* in the history; counts up */
	const char *folder;	/* of the history; "" rehearsed */
	const char *time;	/* ISO 8601, UTC; "" not told */
	const char *title;
	int outcome;		/* enum outcome of act/progress.h: PAST_DONE … */
	const char *session;	/* that it started or ended; "" none */
	bool ends;		/* it ended it */
	unsigned undoes;	/* number of what it took back; 0: none */
	const char *undoes_in;	/* folder of that; NULL or "": its own */
	bool undone;		/* a later one took it back */
	const struct home *homes;	/* of the devices that it changed */
	const char *const *ids;	/* of each: "10de:2684" */
	unsigned home_count;
	const struct step *first;	/* take back what is no device: what was
					 * done behind the devices, … */
	unsigned first_count;
	const struct step *after;	/* … and before them */
	unsigned after_count;
};

/* All of them, newest first. */
struct pasts {
	const struct past *items;
	unsigned count;
};

/* "10de:2684"; in @arena. */
const char *past_ids(const struct device *device, struct arena *arena);

/* Collect into @past what takes back those of @steps that are about no
 * device, last first; *arena holds it. */
void past_others(struct past *past, const struct step *steps, unsigned count,
		struct arena *arena);

/* Describe a plan that was done to @system, number @number.  In @arena, all
 * texts copied. */
struct past past_of_plan(const struct system *system, const struct plan *plan,
			 unsigned number, int outcome, struct arena *arena);

/* Mark, newest first, what later ones took back. */
void past_mark(struct past *items, unsigned count);

/* Return what would be taken back next: the newest that was done, is no
 * taking back itself and was not taken back; NULL when there is none. */
const struct past *past_last(const struct pasts *pasts);

/*
 * Return the start of the session that still stands, if only in part: taken
 * back in part, or forgotten; or NULL.  In @arena: where it was started
 * several times since it was ended last, what all of these changed, as it was
 * before; else it is that of the newest.
 */
const struct past *past_start(const struct pasts *pasts, const char *session,
			      struct arena *arena);

/* Whether it changed the driver of a device; @past may be NULL. */
bool past_changed(const struct past *past, struct bdf address);

/*
 * Fill @intent so that its plan takes @past back.  False with *err when a
 * device is gone or is another one.  Texts are of @past, the rest is in
 * @arena.
 */
bool past_intent(const struct past *past, const struct system *system,
		 struct arena *arena, struct intent *intent, struct err *err);

#endif
