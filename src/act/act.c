// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One plan under way, as the rest of the program sees it: chooses who does
 * it, keeps it, ends it.  The loop itself is in transact.c.
 */
#include "act/act.h"

#include "act/rehearse.h"
#include "act/transact.h"
#include "base/i18n.h"

struct act {
	struct arena arena;
	struct transact transact;
	struct rehearse *rehearse;	/* NULL: the real machine */
};

static struct act *make(void)
{
	struct arena arena = {0};
	struct act *act = arena_alloc(&arena, sizeof *act);

	act->arena = arena;
	return act;
}

struct act *act_start(const struct system *system, const struct plan *plan,
		      bool interactive, struct err *err)
{
	struct act *act = make();

	(void)interactive;
	(void)err;
	act->rehearse = rehearse_make(system, NULL, &act->arena);
	transact_begin(&act->transact, plan, rehearse_backend(act->rehearse),
		       NULL, &act->arena);
	return act;
}

int act_fd(const struct act *act)
{
	return act->transact.backend.fd(act->transact.backend.self);
}

int act_timeout(const struct act *act)
{
	const struct transact *transact = &act->transact;

	if (transact->stage == STAGE_OVER)
		return -1;
	return act_fd(act) < 0 || transact_is_due(transact) ? 0 : -1;
}

enum outcome act_step(struct act *act)
{
	return transact_step(&act->transact);
}

const struct progress *act_progress(const struct act *act, unsigned index)
{
	return &act->transact.progress[index];
}

const char *act_verdict(const struct act *act)
{
	return act->transact.verdict;
}

const struct system *act_result(const struct act *act, struct arena *arena)
{
	return act->rehearse ? rehearse_result(act->rehearse, arena) : NULL;
}

void act_end(struct act *act)
{
	act->transact.backend.close(act->transact.backend.self);
	struct arena arena = act->arena;
	arena_free(&arena);
}
