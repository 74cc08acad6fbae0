// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_EYES_H
#define ACT_EYES_H

#include "act/run.h"

/*
 * Root's eyes: "vfiotop capture -" as a process with more rights, whose
 * capture comes back through a pipe.  It never waits.
 */
struct eyes;

/* Start the first of @ways (run_find_reader); memory is from @arena.  NULL
 * with *err when nothing starts. */
struct eyes *eyes_open(const struct run_ways *ways, struct arena *arena,
		       struct err *err);

/* The descriptor to poll for reading; -1 when it is over. */
int eyes_fd(const struct eyes *eyes);

/* Take what has come; true when it is over. */
bool eyes_step(struct eyes *eyes);

/* Whether the rights were given, or refused: nothing is asked any more. */
bool eyes_have_begun(const struct eyes *eyes);

/* The capture, until eyes_close; false with *err when there is none. */
bool eyes_take(const struct eyes *eyes, const char **bytes, size_t *len,
	       struct err *err);

void eyes_close(struct eyes *eyes);

#endif
