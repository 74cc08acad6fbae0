// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_WORDS_H
#define ACT_WORDS_H

#include "plan/wire.h"

/*
 * What a person is told about a plan under way; all texts in @arena.  Steps
 * are counted from 0 here and from 1 for people.
 */

/* Why a step failed: a clause without a full stop. */
const char *words_failure(const struct step *step, const struct reply *reply,
			  struct arena *arena);

/* Where a step waits. */
const char *words_stuck(const struct reply *reply, struct arena *arena);

/* Verdicts, whole sentences. */
const char *words_done(const char *title, struct arena *arena);
const char *words_rolled_back(unsigned step, const char *why,
			      struct arena *arena);
const char *words_partly(unsigned step, const char *why, struct arena *arena);
const char *words_stuck_verdict(unsigned step, const struct step *stuck,
				const struct reply *reply, const char *why, struct arena *arena);
const char *words_not_started(const char *why, struct arena *arena);
const char *words_busy(const struct reply *reply, struct arena *arena);
const char *words_deserted(unsigned step, const char *why,
			   struct arena *arena);

#endif
