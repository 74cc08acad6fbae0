// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef APPLY_WRITE_H
#define APPLY_WRITE_H

#include <sys/types.h>

#include "apply/probe.h"
#include "plan/wire.h"

/* Where steps are done. */
struct writer {
	const char *root;	/* "": the machine; else, for tests only, a
				 * canonical folder that stands for / */
	unsigned settle_ms;	/* how long what is expected may take to show */
	void (*started)(void *context, pid_t pid); /* told of a program that
				 * is run; may be NULL */
	void (*found)(void *context, const char *text);	/* told what a device
				 * that was asked said; NULL: none is asked */
	void *context;
	const struct probe_kernel *kernel;	/* who is asked; NULL: the one
				 * that runs here */
};

/*
 * Do one step that allow_step has passed: look at what must hold before,
 * change, look at what must be seen afterwards.  Fills @reply with DONE, KEPT
 * or FAILED.  It may never return: call it in a process that can be spared.
 */
void write_step(const struct writer *writer, const struct step *step,
		struct reply *reply);

/* Whether the machine is in @boot (plan/wire.h). */
bool write_is_in(const struct writer *writer, const char *boot);

/* How many oopses the kernel has counted; where it does not count, whether
 * there was one. */
unsigned long write_oopses(const struct writer *writer);

#endif
