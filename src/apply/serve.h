// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef APPLY_SERVE_H
#define APPLY_SERVE_H

#include "apply/write.h"

/*
 * Read steps from @in, one line each, do them one at a time, and answer each
 * on @out (plan/wire.h), until @in ends.  After a step that is stuck every
 * further one is refused; where another writer is at work, all are.  @deadline_ms: 0 for what the step says.  Returns
 * the exit status.
 */
int serve(const struct writer *writer, int in, int out, int deadline_ms);

#endif
