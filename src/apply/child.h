// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef APPLY_CHILD_H
#define APPLY_CHILD_H

#include <time.h>

#include "apply/write.h"

/*
 * A step done in a process of its own, so that a write which never returns
 * holds up nobody.  It is never killed: a signal cannot end a wait in the
 * kernel, and can make it worse.
 */
struct child {
	pid_t pid;		/* 0: none */
	pid_t waits;		/* who waits: itself, or the program it runs */
	int fd;			/* what it says; poll it for reading */
	struct timespec started;
	/* Given each piece of what was found, while it is waited for; may be
	 * NULL. */
	void (*found)(void *context, const struct reply *reply);
	void *context;
};

/* Start doing @step.  @spare are descriptors that the child must not keep.
 * False when there is no process to be had: errno. */
bool child_start(struct child *child, const struct writer *writer,
		 const struct step *step, const int spare[static 2]);

/*
 * Wait for it, at most @timeout_ms (-1: without end).  False when it is not
 * over.  Else *reply is its answer, with the time that it took; a child that
 * ended without a word is FAILED, EIO.
 */
bool child_wait(struct child *child, int timeout_ms, struct reply *reply);

/* Fill the reply for one that does not come back: who waits, and where in
 * the kernel. */
void child_describe(const struct child *child, struct reply *reply);

#endif
