// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The transaction: step after step, each written to the journal first and
 * answered before the next; on failure, what was done is taken back, last
 * first.  It neither writes to the machine nor knows who does.
 */
#include "act/transact.h"

#include <errno.h>
#include <string.h>

#include "act/words.h"
#include "base/i18n.h"

void transact_begin(struct transact *transact, const struct plan *plan,
		    struct backend backend, struct journal *journal,
		    struct arena *arena)
{
	*transact = (struct transact){
		.arena = arena, .plan = plan, .backend = backend,
		.journal = journal, .outcome = OUTCOME_RUNNING,
		.verdict = "",
		.progress = arena_array(arena, plan->step_count + 1u,
					sizeof *transact->progress),
	};
	for (unsigned i = 0; i < plan->step_count; i++)
		transact->progress[i].text = "";
	for (unsigned i = 0; plan->resumes && i < plan->done; i++)
		transact->progress[i].state = STEP_DONE;
	transact->step = plan->resumes ? plan->done : 0;
}

bool transact_is_due(const struct transact *transact)
{
	return transact->stage != STAGE_OVER &&
	       transact->stage != STAGE_STARTING && !transact->waiting;
}

static struct progress *current(struct transact *transact)
{
	return &transact->progress[transact->step];
}

static void end(struct transact *transact, enum outcome outcome,
		const char *verdict)
{
	transact->stage = STAGE_OVER;
	transact->waiting = false;
	transact->outcome = outcome;
	transact->verdict = verdict;
}

/* The same, with nothing left to recover. */
static void end_for_good(struct transact *transact, enum outcome outcome,
			 const char *verdict)
{
	end(transact, outcome, verdict);
	if (transact->journal)
		journal_end(transact->journal, (int)outcome);
}

static void end_undone(struct transact *transact)
{
	const char *why = transact->progress[transact->failed].text;

	if (transact->partly)
		end_for_good(transact, OUTCOME_PARTLY,
			     words_partly(transact->failed, why,
					  transact->arena));
	else
		end_for_good(transact, OUTCOME_ROLLED_BACK,
			     words_rolled_back(transact->failed, why,
					       transact->arena));
}

/* Before the first step; an older journal stays what it is: unfinished. */
static void end_unbegun(struct transact *transact, const char *verdict)
{
	if (transact->plan->recovers || transact->plan->resumes)
		end(transact, OUTCOME_DECLINED, verdict);
	else
		end_for_good(transact, OUTCOME_DECLINED, verdict);
}

/* The backend is gone: nothing can be written any more, not even an undo. */
static void end_deserted(struct transact *transact)
{
	const char *last = transact->backend.last_words(transact->backend.self);

	if (transact->stage == STAGE_STARTING) {
		end_unbegun(transact, words_not_started(last,
							transact->arena));
		return;
	}
	current(transact)->state = transact->stage == STAGE_UNDOING ?
					   STEP_UNDO_FAILED : STEP_FAILED;
	current(transact)->text = _("the writer is gone");
	end(transact, OUTCOME_PARTLY,
	    words_deserted(transact->step, last, transact->arena));
}

/* Send a step once the journal holds it. */
static bool send(struct transact *transact, const struct step *step, bool undo)
{
	if (transact->journal &&
	    !journal_step(transact->journal, transact->step,
			  undo ? (int)transact->undo : -1) && !undo) {
		current(transact)->text =
			_("the journal could not be written");
		return false;
	}
	if (!transact->backend.send(transact->backend.self, step)) {
		current(transact)->text = _("the writer does not listen");
		return false;
	}
	transact->waiting = true;
	return true;
}

/* Begin to take back, from @step down. */
static void begin_undo(struct transact *transact, unsigned step)
{
	transact->stage = STAGE_UNDOING;
	transact->step = step;
	transact->undo = 0;
	transact->restarted = false;
}

static void fail_step(struct transact *transact, bool touched)
{
	unsigned step = transact->step;

	transact->failed = step;
	current(transact)->state = STEP_FAILED;
	for (unsigned i = step + 1; i < transact->plan->step_count; i++)
		transact->progress[i].state = STEP_SKIPPED;
	if (touched)
		begin_undo(transact, step);
	else if (step)
		begin_undo(transact, step - 1);
	else
		end_undone(transact);
}

static void send_next(struct transact *transact)
{
	const struct plan *plan = transact->plan;

	if (transact->step == plan->step_count && transact->partly) {
		end_undone(transact);
		return;
	}
	if (transact->step == plan->step_count) {
		end_for_good(transact, OUTCOME_DONE,
			     words_done(plan->title, transact->arena));
		return;
	}
	current(transact)->state = STEP_RUNNING;
	if (!send(transact, &plan->steps[transact->step], false))
		fail_step(transact, false);
}

/* The undo of one step of the plan is over. */
static void finish_undo(struct transact *transact)
{
	struct progress *progress = current(transact);

	if (transact->plan->steps[transact->step].undo_count) {
		if (transact->restarted)
			progress->state = STEP_UNDO_FAILED;
		else if (transact->step != transact->failed)
			progress->state = STEP_UNDONE;
		else
			progress->state = STEP_FAILED;
	}
	if (transact->step)
		begin_undo(transact, transact->step - 1);
	else
		end_undone(transact);
}

static void send_undo(struct transact *transact)
{
	const struct step *step = &transact->plan->steps[transact->step];
	const struct progress *progress = current(transact);
	bool was_done = progress->state != STEP_SKIPPED;

	if (!was_done || transact->undo == step->undo_count) {
		finish_undo(transact);
		return;
	}
	current(transact)->state = STEP_UNDOING;
	if (!send(transact, &step->undo[transact->undo], true))
		end_deserted(transact);
}

static void take_done(struct transact *transact, const struct reply *reply)
{
	if (transact->stage == STAGE_UNDOING) {
		transact->undo++;
		return;
	}
	current(transact)->state = STEP_DONE;
	current(transact)->milliseconds = reply->ms;
	transact->step++;
}

static void take_failed(struct transact *transact, const struct reply *reply)
{
	const struct step *step = &transact->plan->steps[transact->step];
	struct progress *progress = current(transact);

	if (transact->stage == STAGE_UNDOING &&
	    step->undo[transact->undo].may_fail) {
		transact->undo++;
		return;
	}
	if (transact->stage == STAGE_UNDOING) {
		transact->partly = transact->restarted = true;
		if (transact->step != transact->failed)
			progress->text = words_failure(
				&step->undo[transact->undo], reply,
				transact->arena);
		transact->undo++;
		return;
	}
	progress->text = words_failure(step, reply, transact->arena);
	progress->milliseconds = reply->ms;
	if (step->may_fail) {
		progress->state = STEP_SKIPPED;
		transact->step++;
		return;
	}
	if (transact->plan->recovers) {
		progress->state = STEP_FAILED;
		transact->failed = transact->step++;
		transact->partly = true;
		return;
	}
	fail_step(transact, reply->phase != PHASE_REFUSED &&
			    reply->phase != PHASE_SELF &&
			    reply->phase != PHASE_BEFORE);
}

/* The step that was sent last. */
static const struct step *current_step(const struct transact *transact)
{
	const struct step *step = &transact->plan->steps[transact->step];

	return transact->stage == STAGE_UNDOING ?
		       &step->undo[transact->undo] : step;
}

static void take_stuck(struct transact *transact, const struct reply *reply)
{
	struct progress *progress = current(transact);

	progress->state = STEP_STUCK;
	progress->milliseconds = reply->ms;
	progress->text = words_stuck(reply, transact->arena);
	end(transact, OUTCOME_STUCK,
	    words_stuck_verdict(transact->step, current_step(transact), reply,
				progress->text, transact->arena));
}

static void take_reply(struct transact *transact, const struct reply *reply)
{
	if (reply->kind == REPLY_RETURNED) {
		transact->returned = true;
		current(transact)->milliseconds = reply->ms;
		current(transact)->text = _("it came back after all; look "
					    "again before anything else");
		return;
	}
	if (transact->stage == STAGE_STARTING) {
		if (reply->kind == REPLY_READY)
			transact->stage = STAGE_DOING;
		else if (reply->kind == REPLY_BUSY)
			end_unbegun(transact,
				    words_busy(reply, transact->arena));
		return;
	}
	/* An answer that nobody waits for is no answer. */
	if (!transact->waiting || reply->kind == REPLY_READY)
		return;
	transact->waiting = false;
	if (transact->journal)
		journal_answer(transact->journal, reply);
	if (reply->kind == REPLY_STUCK)
		take_stuck(transact, reply);
	else if (reply->kind == REPLY_FAILED)
		take_failed(transact, reply);
	else
		take_done(transact, reply);
}

enum outcome transact_step(struct transact *transact)
{
	struct reply reply;

	if (transact_is_due(transact)) {
		if (transact->stage == STAGE_DOING)
			send_next(transact);
		else
			send_undo(transact);
	}
	if (transact->stage == STAGE_OVER &&
	    transact->outcome != OUTCOME_STUCK)
		return transact->outcome;
	switch (transact->backend.take(transact->backend.self, &reply)) {
	case TAKEN_REPLY:
		take_reply(transact, &reply);
		break;
	case TAKEN_END:
		if (transact->stage != STAGE_OVER)
			end_deserted(transact);
		break;
	case TAKEN_NOTHING:
		break;
	}
	return transact->outcome;
}
