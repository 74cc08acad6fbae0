// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef APPLY_PROBE_H
#define APPLY_PROBE_H

#include "plan/plan.h"

/* The kernel that is asked; in tests, one that lies. */
struct probe_kernel {
	void *context;
	/* Open a node for reading and writing.  A descriptor, or -1: errno. */
	int (*open)(void *context, const char *path);
	/* Make a request.  What it returned, or -1: errno. */
	int (*request)(void *context, int fd, unsigned long request,
		       void *argument);
	void (*close)(void *context, int fd);
};

/* The kernel that runs here. */
extern const struct probe_kernel probe_kernel;

/*
 * Do a STEP_ASK: take the device .value through the node .path, ask for all
 * that VFIO grants, and give it back.  Opening the device resets it, and so
 * does giving it back.  @say gets the record, piece by piece
 * (decode/vfio.h); how far it came is in the record, also where the kernel
 * said no.
 */
void probe_device(const struct probe_kernel *kernel, const struct step *step,
		void (*say)(void *context, const char *text), void *context);

#endif
