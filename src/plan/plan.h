// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/arena.h"
#include "base/err.h"
#include "model/finding.h"
#include "model/intent.h"
#include "model/system.h"

/* What stands between an intent and its steps. */
enum gate_kind {
	GATE_HARD,	/* refuses; nothing accepts it */
	GATE_SOFT,	/* open until the person accepts it by name */
};

struct gate {
	const char *id;		/* a rule's id: dev-is-bridge, dev-mounted-fs … */
	enum gate_kind kind;
	bool unknown;		/* soft because a source could not be read */
	int device;		/* into system->devices; NONE: the whole */
	const char *text;	/* one sentence: what is lost or wrong */
	const char *source;	/* evidence: path … */
	const char *value;	/* … and what it said */
};

enum step_kind {
	STEP_WRITE,	/* write .value to .path */
	STEP_RUN,	/* run .argv */
};

/* What must be seen after a step; anything else is failure. */
enum expect_kind {
	EXPECT_NOTHING,
	EXPECT_TEXT,	/* .expect_path reads .expect_value */
	EXPECT_DRIVER,	/* the link .expect_path ends in .expect_value; with
			 * "" there is no link */
	EXPECT_EXISTS,	/* .expect_path exists */
};

struct step {
	enum step_kind kind;
	const char *path;	/* absolute, below /sys */
	const char *value;	/* without the newline that is written */
	const char *const *argv;	/* RUN: NULL-ended, fixed programs only */
	enum expect_kind before;	/* what must hold first */
	const char *before_path, *before_value;
	enum expect_kind expect;	/* what must hold afterwards */
	const char *expect_path, *expect_value;
	const char *why;	/* a few words for the person */
	unsigned deadline_s;	/* seconds until it counts as stuck */
	int device;		/* into system->devices; NONE */
	bool may_fail;		/* goes on when it fails (loading a module that
				 * is built in) */
	/* Undo: written when a later step fails; kind as above, no undo where
	 * undo_path is NULL. */
	const char *undo_path, *undo_value;
	enum expect_kind undo_expect;
	const char *undo_expect_path, *undo_expect_value;
};

/* One device and what becomes of it. */
struct change {
	int device;
	const char *from;	/* driver now, "" for none */
	const char *to;		/* driver wanted, "" for none; NULL: whichever
				 * the kernel chooses */
	bool named;		/* the person named it; else it is of the group */
	bool left;		/* stays as it is, and .why_left says why */
	const char *why_left;
};

struct plan {
	struct intent intent;
	const char *title;	/* "Bind group 13 to vfio-pci" */
	const struct change *changes;
	unsigned change_count;
	const struct gate *gates;
	unsigned gate_count;
	const struct step *steps;
	unsigned step_count;
	bool done_already;	/* nothing to do */
};

/*
 * Make the plan for @intent: all endpoints of the groups of the devices
 * named, bridges left alone.  Gates are listed, not decided.  NULL with *err
 * when no plan can be made at all (no such device; no group; nothing to give
 * to).  The result is in @arena and points into @system.
 */
const struct plan *plan_make(const struct system *system,
			     const struct intent *intent, struct arena *arena,
			     struct err *err);

/* Whether a hard gate stands. */
bool plan_is_refused(const struct plan *plan);

/* Whether every soft gate is named in @accept (NULL-ended ids; "all" takes
 * every one). */
bool plan_is_accepted(const struct plan *plan, const char *const *accept);

/* Return step @index as the shell line it equals: "modprobe vfio-pci",
 * "echo vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override". */
const char *shell_step(const struct plan *plan, unsigned index,
		       struct arena *arena);

/* Return what the step expects, in words, or "": "expects driver vfio-pci". */
const char *shell_expect(const struct plan *plan, unsigned index,
			 struct arena *arena);

#endif
