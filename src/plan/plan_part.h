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

/* Add the gates (gate.c). */
void gate_all(struct draft *draft);

#endif
