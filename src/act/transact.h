// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_TRANSACT_H
#define ACT_TRANSACT_H

#include "act/backend.h"
#include "act/journal.h"
#include "act/progress.h"

enum stage {
	STAGE_STARTING,		/* the backend has not said that it is ready */
	STAGE_DOING,
	STAGE_UNDOING,
	STAGE_OVER,
};

/* A plan under way, whoever does it. */
struct transact {
	struct arena *arena;
	const struct plan *plan;
	struct backend backend;
	struct journal *journal;	/* NULL: none is kept */
	struct progress *progress;	/* one per step of the plan */
	enum stage stage;
	bool waiting;			/* for an answer */
	unsigned step;			/* being done, or being undone */
	unsigned undo;			/* of its undo steps, the next */
	unsigned failed;		/* the step that failed */
	bool partly;			/* something could not be taken back */
	bool restarted;			/* an undo of .step has failed */
	bool returned;			/* what was stuck has come back */
	enum outcome outcome;
	const char *verdict;
};

/* Begin; everything is taken from @arena.  The backend and the journal stay
 * the caller's to close. */
void transact_begin(struct transact *transact, const struct plan *plan,
		    struct backend backend, struct journal *journal,
		    struct arena *arena);

/* Send one step, or take one answer; see act_step. */
enum outcome transact_step(struct transact *transact);

/* Whether transact_step has work without any input. */
bool transact_is_due(const struct transact *transact);

#endif
