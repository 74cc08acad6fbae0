// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_JOURNAL_H
#define ACT_JOURNAL_H

#include "plan/wire.h"

/*
 * What is being done, on disk before it is done: the intent, what every
 * device had, each step with its undo, when it began and how it ended.
 * Lines of text, only ever added to.  A finished journal becomes history;
 * one that is found unfinished tells how to get back.
 */
struct journal;

/*
 * Begin a journal in @folder, which is made when missing.  A plan that
 * recovers or resumes goes on with the unfinished one.  NULL with *err when an
 * unfinished one is there, another vfiotop is at work, or it cannot be
 * written.  All memory is from @arena.
 */
struct journal *journal_open(const char *folder, const struct system *system,
			     const struct plan *plan, struct arena *arena,
			     struct err *err);

/* Write that step @step begins, or with @undo >= 0 that undo step of it.
 * False when it is not on disk. */
bool journal_step(struct journal *journal, unsigned step, int undo);

/* Write what came of the last one. */
void journal_answer(struct journal *journal, const struct reply *reply);

/* Write the outcome and make it history. */
void journal_end(struct journal *journal, int outcome);

/* Let go of it; without journal_end before, it stays as unfinished. */
void journal_close(struct journal *journal);

#endif
