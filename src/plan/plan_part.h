// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_PLAN_PART_H
#define PLAN_PLAN_PART_H

#include "plan/plan.h"

/*
 * A plan in the making; private to plan/.  The devices are chosen first
 * (changes), then steps and gates follow from them.
 */
struct draft {
	const struct system *system;
	const struct intent *intent;
	struct arena *arena;
	const char *driver;	/* to bind to, where no target says otherwise;
				 * "" for RESTORE and UNBIND */
	bool best;		/* to the best that vfio has for each device */
	const char *title;	/* NULL: by what is done to drivers */
	bool gives_away;	/* to vfio, so that a guest may drive it */
	struct change *changes;
	unsigned change_count;
	size_t change_room;
	struct gate *gates;
	unsigned gate_count;
	size_t gate_room;
	struct step *steps;
	unsigned step_count;
	size_t step_room;
};

/* Return the device that a change is about. */
const struct device *draft_device(const struct draft *draft,
				  const struct change *change);

/* Add a step; what is NULL in it becomes "". */
void draft_step(struct draft *draft, struct step step);

/* Add a gate, the same sentence only once. */
void draft_gate(struct draft *draft, struct gate gate);

/* Return where the journal says the device comes from, or NULL. */
const char *draft_home(const struct draft *draft, struct bdf address);

/* Add the steps that INTENT_BIND, _RESTORE, _UNBIND and _LOAD need
 * (plan_bind.c). */
void bind_steps(struct draft *draft);

/*
 * What is no change of drivers: virtual functions (plan_vfs.c), mediated
 * devices (plan_mdev.c), reset and power (plan_reset.c).  False with *err when
 * there can be no plan.
 */
bool vfs_plan(struct draft *draft, struct err *err);
bool mdev_plan(struct draft *draft, struct err *err);
bool reset_plan(struct draft *draft, struct err *err);

/* Add a device that stays as it is driven, with what else becomes of it. */
void draft_deed(struct draft *draft, int device, bool named,
		const char *deed, const char *note);

/* "/sys/bus/pci/devices/0000:01:00.0/NAME" */
const char *draft_attribute(const struct draft *draft,
			    const struct device *device, const char *name);

/* Return a step that writes @value to a file which then reads so. */
struct step draft_write(const char *path, const char *value, const char *why,
			unsigned deadline_s, int device);

/* Return what a step says that its device must be at the moment of writing;
 * @alone: without its group (plan/self.h). */
const char *draft_self(const struct draft *draft, int device, bool alone);

/* Give a step what takes it back, in this order. */
void draft_undo(const struct draft *draft, struct step *step,
		const struct step *undo, unsigned count);

/* Return the steps that give a device another driver_override, bind it to a
 * driver, or unbind it from one; the path of a driver's file, or with "" of
 * its folder (plan_bind.c). */
struct step bind_override(const struct draft *draft,
			  const struct device *device, const char *driver);
struct step bind_driver(const struct draft *draft,
			const struct device *device, const char *driver);
struct step bind_unbind(const struct draft *draft,
			const struct device *device, const char *driver);
const char *bind_path(const struct draft *draft, const char *driver,
		      const char *name);
/* Return what stands in a device's driver_override, "" for nothing. */
const char *bind_override_now(const struct device *device);

/* Add the step that loads a driver: the one named, a change's target or home,
 * what udev would load beside a home (plan_load.c).  Nothing is added for what
 * is registered. */
void load_driver(struct draft *draft, const char *driver);
void load_target(struct draft *draft, const struct change *change);
void load_home(struct draft *draft, const struct change *change);
void load_helpers(struct draft *draft, const struct change *change);
/* Whether a device that nobody drives is to go to a driver that is not loaded
 * yet, and takes it while it is: then its override is aimed first. */
bool load_is_free(const struct draft *draft, const struct change *change);

/* Whether the modules of a driver are unloaded, in place of unbinding. */
bool module_unloads(const struct draft *draft, const char *driver);
/* Whether they are by what goes before the devices. */
bool module_went(const struct draft *draft, const char *driver);
/* Add the steps that do it, and the gates for it (plan_module.c). */
void module_steps(struct draft *draft);
void module_gates(struct draft *draft);
/* Whether a module stands on the driver's own, in its family. */
bool module_helps(const char *driver, const char *module);

/* Add those of INTENT_KEEP, and what stands in their way; those of
 * INTENT_EDIT (plan_keep.c). */
void keep_steps(struct draft *draft);
void keep_gates(struct draft *draft);
void edit_steps(struct draft *draft);

/* Add the steps that go before the devices and behind them, and judge the
 * gates again that they stand for (plan_session.c). */
void company_before(struct draft *draft);
void company_after(struct draft *draft);
void company_gates(struct draft *draft);

/* Return the driver that is wanted for a device, "" for none. */
const char *draft_wanted(const struct draft *draft,
			 const struct change *change);

/* Return what the journal says of a device, or NULL. */
const struct home *draft_origin(const struct draft *draft,
				struct bdf address);

/* Whether a process that holds a node stands in the way of the device: it is
 * the device's own, its group's, or one that all cards of a driver share
 * (gate_hold.c). */
bool gate_concerns(const struct system *system, const struct holder *holder,
		   int device);

/* Add the gates of what devices go to (gate_target.c). */
void gate_targets(struct draft *draft);

/* Add the gates of steps that write to no driver: whatever plan they stand
 * in (gate_parts.c). */
void gate_steps(struct draft *draft);

/* Add the gates (gate.c). */
void gate_all(struct draft *draft);

#endif
