// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One plan under way, as the rest of the program sees it: chooses who does
 * it, keeps it, ends it.  The loop itself is in transact.c.
 */
#include "act/act.h"

#include "act/history.h"
#include "act/rehearse.h"
#include "act/run.h"
#include "act/transact.h"

struct act {
	struct arena arena;
	struct transact transact;
	struct rehearse *rehearse;	/* NULL: the real machine */
	struct journal *journal;	/* NULL: rehearsed */
};

static struct act *make(void)
{
	struct arena arena = {0};
	struct act *act = arena_alloc(&arena, sizeof *act);

	act->arena = arena;
	return act;
}

static void forget(struct act *act)
{
	struct arena arena = act->arena;

	if (act->journal)
		journal_close(act->journal);
	arena_free(&arena);
}

struct act *act_rehearse(const struct system *system, const struct plan *plan)
{
	struct act *act = make();

	act->rehearse = rehearse_make(system, NULL, &act->arena);
	transact_begin(&act->transact, plan, rehearse_backend(act->rehearse),
		       NULL, &act->arena);
	return act;
}

/* Everything that can refuse comes before the writer: it is started last. */
static bool begin(struct act *act, const struct system *system,
		  const struct plan *plan, bool interactive, struct err *err)
{
	const char *folder = history_folder(&act->arena, err);
	struct run_ways ways;
	struct run *run;

	if (!folder || !run_find(interactive, &ways, &act->arena, err))
		return false;
	act->journal = journal_open(folder, system, plan, &act->arena, err);
	if (!act->journal)
		return false;
	run = run_open(&ways, system, &act->arena, err);
	if (!run && !plan->recovers && !plan->resumes)
		journal_end(act->journal, OUTCOME_DECLINED);
	if (!run)
		return false;
	transact_begin(&act->transact, plan, run_backend(run), act->journal,
		       &act->arena);
	return true;
}

struct act *act_start(const struct system *system, const struct plan *plan,
		      bool interactive, struct err *err)
{
	if (system->origin.kind != ORIGIN_LIVE)
		return act_rehearse(system, plan);
	struct act *act = make();
	if (begin(act, system, plan, interactive, err))
		return act;
	forget(act);
	return NULL;
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

bool act_has_returned(const struct act *act)
{
	return act->transact.returned;
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
	forget(act);
}
