// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_ELSEWHERE_H
#define ACT_ELSEWHERE_H

#include "base/arena.h"

/*
 * Return a sentence about an action that another user left unfinished, and
 * how that is recovered; "" where none is seen.  @run: the folder that has
 * vfiotop (root's journals) and user/NUMBER/vfiotop (the others').  Root looks
 * for the others', a user for root's: other users' folders are closed to it.
 */
const char *elsewhere_unfinished(const char *run, bool root,
				 struct arena *arena);

/* The same for whoever this is, on this machine. */
const char *elsewhere_here(struct arena *arena);

#endif
