// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_REHEARSE_H
#define ACT_REHEARSE_H

#include "act/backend.h"
#include "model/system.h"

enum fault_kind {
	FAULT_NONE,
	FAULT_ERRNO,	/* the write answers .errnum and does nothing */
	FAULT_DRIVER,	/* another hand puts .driver on the device instead */
	FAULT_VANISH,	/* the device is unplugged while the step runs */
	FAULT_STUCK,	/* the write does not come back */
	FAULT_DEATH,	/* the writer itself is gone */
	FAULT_OOPS,	/* the kernel stumbles over the step */
	FAULT_EXCHANGE,	/* another device is in its place, before the step */
	FAULT_GROW,	/* its group has one more, before the step */
};

/* What goes wrong, for tests: at the @at-th step that is sent, undo steps
 * counted too, from 0. */
struct rehearse_fault {
	enum fault_kind kind;
	unsigned at;
	int errnum;
	const char *driver;
};

struct rehearse;

/*
 * Make a rehearsal of @system in @arena, with a fault or NULL.  Every step is
 * answered at once.
 */
struct rehearse *rehearse_make(const struct system *system,
			       const struct rehearse_fault *fault,
			       struct arena *arena);

struct backend rehearse_backend(struct rehearse *rehearse);

/* Put @driver on a device, as another hand would between two steps. */
void rehearse_disturb(struct rehearse *rehearse, int device,
		      const char *driver);

/* The machine as the steps so far leave it, in @arena. */
const struct system *rehearse_result(const struct rehearse *rehearse,
				     struct arena *arena);

#endif
