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
	STEP_CHECK,	/* change nothing, only look */
	STEP_FILE,	/* change a file of configuration, whole or not at all,
			 * and keep the old one beside it.  By what is expected
			 * afterwards: FILE: .value is the whole text; LINE:
			 * .value stands where the line of .before stood; GONE:
			 * it is removed */
	STEP_ASK,	/* open the device .value through the VFIO node .path
			 * and ask what it grants; part of no plan */
};

/* Something to see on the machine; anything else is failure. */
enum expect_kind {
	EXPECT_NOTHING,
	EXPECT_TEXT,	/* .path reads .value */
	EXPECT_DRIVER,	/* the link .path, a device's driver or a mediated
			 * device, ends in .value; with "" there is no link */
	EXPECT_OTHER,	/* the link .path is there and ends in anything but
			 * .value: "whichever driver the kernel chooses" */
	EXPECT_EXISTS,	/* .path exists */
	EXPECT_FREE,	/* no process holds the device node .path open; waited
			 * for as many seconds as .value says */
	EXPECT_LINE,	/* the file .path has the line .value, once */
	EXPECT_FILE,	/* the file .path is .value, with a newline behind */
	EXPECT_GONE,	/* there is no file .path */
	EXPECT_SPARE,	/* nobody uses the module .path (its refcnt is 0), and
			 * the driver that .value begins with drives no device
			 * but those behind it */
	EXPECT_UNLOADED, /* there is no module .path */
};

struct expect {
	enum expect_kind kind;
	const char *path;	/* absolute; "" with NOTHING */
	const char *value;	/* "" where the kind has none */
};

enum { STEP_WORDS = 3 };	/* of a command, at most */

struct step {
	enum step_kind kind;
	const char *path;	/* WRITE: absolute, below /sys; FILE: below
				 * /etc; ASK: below /dev/vfio; else "" */
	const char *value;	/* WRITE, FILE: without the newline behind;
				 * ASK: an address or a UUID */
	const char *argv[STEP_WORDS + 1];	/* RUN: NULL-ended */
	const char *self;	/* what the device must be at the moment of
				 * doing: see self.h; "": not asked */
	struct expect before;	/* must hold at the moment of doing */
	struct expect expect;	/* must be seen afterwards */
	const char *why;	/* a few words for the person */
	unsigned deadline_s;	/* seconds until it counts as stuck */
	int device;		/* into system->devices; NONE */
	bool may_fail;		/* the plan goes on when it fails (loading a
				 * module that is built in) */
	bool ensure;		/* not done where .expect holds already; every
				 * undo step is so */
	/* What takes it back when a later step fails, or itself half-way: in
	 * this order. */
	const struct step *undo;
	unsigned undo_count;
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
	const char *note;	/* for the person, or "" */
	const char *deed;	/* what else than its driver changes, and then
				 * it is .left; NULL: nothing */
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
	bool recovers;		/* made from a journal: goes on past a step
				 * that fails, and is not itself taken back */
	bool resumes;		/* made from a journal, which goes on; the
				 * first .done steps were done before */
	unsigned done;
};

/*
 * Make the plan for @intent: all endpoints of the groups of the devices
 * named, bridges left alone.  Giving to a host's own driver (BIND, neither
 * vfio nor pci-stub) concerns the named devices only, and says so of the
 * others; what is no change of drivers (VFS, RESET, POWER, CREATE, REMOVE)
 * knows no groups.  Gates are listed, not decided.  NULL with *err when no plan can
 * be made at all (no such device; no group; nothing to give to).  The result
 * is in @arena and points into @system and @intent.
 */
const struct plan *plan_make(const struct system *system,
			     const struct intent *intent, struct arena *arena,
			     struct err *err);

/* Whether a driver may be called so; false with *err.  "best" and "none" are
 * names too. */
bool plan_driver_is_name(const char *driver, struct err *err);

/* Add to @plan, whose steps were made earlier, the gates that those from
 * .done on stand for today by themselves: what is written to no driver; and
 * take away those that these steps see to: holders that are waited for. */
void plan_gate_steps(const struct system *system, struct plan *plan,
		     struct arena *arena);

/* Whether a hard gate stands. */
bool plan_is_refused(const struct plan *plan);

/* Whether every soft gate is named in @accept (NULL-ended ids; "all" takes
 * every one). */
bool plan_is_accepted(const struct plan *plan, const char *const *accept);

/* Whether a driver is one that lets go by being unloaded: its module bears its
 * name, by an alias at least. */
bool plan_is_unloaded(const char *driver);

/* Whether a device would be let go by unloading its driver's modules, if the
 * intent asked for that: one to bind or unbind, of no session. */
bool plan_can_unload(const struct system *system, const struct plan *plan);

/*
 * Whether two plans would do the same: made of the machine as shown and as
 * read again just before doing, a difference means that it has changed under
 * the person's eyes.  Compares steps (which say what the devices are) and
 * changes, and finds no gate in @b that did not stand in @a.
 */
bool plan_is_same(const struct plan *a, const struct plan *b);

/* Return step @index as the shell line it equals: "modprobe vfio-pci",
 * "echo vfio-pci > /sys/bus/pci/devices/0000:01:00.0/driver_override". */
const char *shell_step(const struct plan *plan, unsigned index,
		       struct arena *arena);

/* Return the same for a step that is in no plan, such as an undo. */
const char *shell_line(const struct step *step, struct arena *arena);

/* Return what the step expects, in words, or "": "expects driver vfio-pci". */
const char *shell_expect(const struct plan *plan, unsigned index,
			 struct arena *arena);

#endif
