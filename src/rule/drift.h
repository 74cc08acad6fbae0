// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_DRIFT_H
#define RULE_DRIFT_H

#include "model/system.h"

/* What a device is now, what it will be after a restart, and why. */
struct drift {
	const char *now;	/* driver, "" for none; NULL: not known */
	const char *next;	/* the same, after a restart */
	const char *why;	/* a sentence */
	const char *source;	/* the file that says so, or "" */
};

/*
 * Foretell the driver of @device from what is written down: driverctl's
 * overrides, ids for vfio-pci on the command line and in modprobe.d, softdep
 * and blacklist, what is built in, what the initramfs loads before all that,
 * and else the modules of its modalias.  .next is NULL where that does not
 * settle it: an initramfs that was not looked into may load modules in another
 * order, and a virtual function is there again only when something makes it.
 * In @arena.
 */
struct drift drift_of(const struct system *system, int device,
		      struct arena *arena);

#endif
