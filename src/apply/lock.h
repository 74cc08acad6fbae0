// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef APPLY_LOCK_H
#define APPLY_LOCK_H

#include <sys/types.h>

#include "plan/wire.h"

/*
 * Take the lock of the machine, /run/vfiotop/lock below @root: one writer at
 * a time, whoever's it is.  Returns the descriptor that holds it until it is
 * closed here and in all that was forked: a step that is stuck keeps it.  -1
 * with *busy, a REPLY_BUSY: with .pid and, in .detail, the number of its user
 * where another one has the lock and says so; else .errnum.
 */
int lock_take(const char *root, struct reply *busy);

/* Say that @pid is at work, for whoever is refused: what is stuck may wait on
 * when its writer is gone. */
void lock_tell(int lock, pid_t pid);

#endif
