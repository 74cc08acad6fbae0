// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_ACT_H
#define ACT_ACT_H

#include "act/progress.h"
#include "base/arena.h"
#include "base/err.h"
#include "plan/plan.h"

/*
 * Doing a plan, step by step, without ever blocking the caller: the writer
 * is another program (vfiotop-apply), or the model of the kernel for a
 * machine that is not this one.
 */
struct act;	/* one plan under way */

/*
 * Begin.  With a live @system the writer is started: directly as root, else
 * through pkexec or sudo (@interactive: they may ask on the terminal), and a
 * journal is kept.  Otherwise the plan is rehearsed.  Gates are the caller's
 * to ask before.  @system and @plan must live until act_end.  NULL with *err
 * when it cannot begin; nothing was written then.
 */
struct act *act_start(const struct system *system, const struct plan *plan,
		      bool interactive, struct err *err);

/* The same on a model of the kernel, whatever @system is: a dry run.  Cannot
 * fail. */
struct act *act_rehearse(const struct system *system, const struct plan *plan);

/* Return the descriptor to poll for reading, or -1 when there is none to
 * wait for (act_step then has work at once). */
int act_fd(const struct act *act);

/* Return the milliseconds until act_step should be called even without
 * input, -1 for none. */
int act_timeout(const struct act *act);

/*
 * Do what can be done now, at most one step; returns OUTCOME_RUNNING until it
 * is over.  After OUTCOME_STUCK it may be called on when the descriptor is
 * readable: the progress of the stuck step then says that it came back.
 */
enum outcome act_step(struct act *act);

/* Return the progress of step @index of the plan. */
const struct progress *act_progress(const struct act *act, unsigned index);

/* Whether the step that was stuck has come back; the journal stays
 * unfinished, for the person to choose (act/history.h). */
bool act_has_returned(const struct act *act);

/* One sentence: what came of it. */
const char *act_verdict(const struct act *act);

/* The machine as the rehearsal leaves it, in @arena; NULL for a live one,
 * which is to be read again.  Some of its texts end with @act. */
const struct system *act_result(const struct act *act, struct arena *arena);

/* End it: forgets the progress; a stuck writer is left to the kernel. */
void act_end(struct act *act);

#endif
