// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_RUN_H
#define ACT_RUN_H

#include "act/backend.h"

/* The writer as a process: vfiotop-apply, started with the rights it needs. */
struct run;

enum { RUN_WORDS = 6, RUN_WAYS = 3 };

/* Ways to start it, tried in order: the next when one ends before it is
 * ready.  Each is an argument vector with an absolute program. */
struct run_ways {
	const char *argv[RUN_WAYS][RUN_WORDS + 1];
	unsigned count;
	const char *agents[RUN_WAYS];	/* for agent_start, NULL: needs none */
	bool quiet;	/* what it says on standard error is kept for
			 * last_words instead of being shown */
};

/*
 * Find the writer (beside this program, else where it was installed) and the
 * ways to start it: as it is for root, else through pkexec or sudo.  With
 * @interactive they may ask on the terminal.  False with *err when there is
 * no writer or no way.
 */
bool run_find(bool interactive, struct run_ways *ways, struct arena *arena,
	      struct err *err);

/* The same for this program itself, to write a capture to its standard
 * output; with @linger it watches for a second who holds devices. */
bool run_find_reader(bool interactive, bool linger, struct run_ways *ways,
		     struct arena *arena, struct err *err);

/* Start, to do what was planned for @system; memory is from @arena.  NULL with
 * *err when nothing starts. */
struct run *run_open(const struct run_ways *ways, const struct system *system,
		     struct arena *arena, struct err *err);

struct backend run_backend(struct run *run);

#endif
