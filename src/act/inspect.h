// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_INSPECT_H
#define ACT_INSPECT_H

#include "act/act.h"
#include "act/run.h"

/*
 * A device being asked what VFIO grants: the writer opens it, with the rights
 * it needs, asks, closes it, and tells.  Nothing is planned, nothing is
 * written to the journal, for nothing is left to take back.
 */
struct inspect;

/* Begin, for a @step planned of @system; all memory is from @arena, and @step
 * must live as long.  NULL with *err when nobody can be asked. */
struct inspect *inspect_start(const struct run_ways *ways,
			      const struct system *system,
			      const struct step *step, struct arena *arena,
			      struct err *err);

/* The same with anyone who does steps; for tests. */
struct inspect *inspect_with(struct backend backend, const struct step *step,
			     struct arena *arena);

/* What to poll for reading. */
int inspect_fd(const struct inspect *inspect);

/* Go on; RUNNING until it is over, then DONE, or ROLLED_BACK where it failed,
 * or STUCK. */
enum outcome inspect_step(struct inspect *inspect);

/* Whether the writer was ready: rights were given. */
bool inspect_has_begun(const struct inspect *inspect);

/* What it told (decode/vfio.h); empty unless DONE. */
const struct buf *inspect_record(const struct inspect *inspect);

/* Why it failed, a sentence; "" when it did not. */
const char *inspect_failure(const struct inspect *inspect);

void inspect_end(struct inspect *inspect);

#endif
