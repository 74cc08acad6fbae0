// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_ASK_H
#define PLAN_ASK_H

#include "plan/plan.h"

/* Which of VFIO's two ways to a device. */
enum ask_way { ASK_ANY, ASK_GROUP, ASK_CDEV };

/* What is asked, and by which nodes. */
struct ask {
	struct step step;	/* STEP_ASK */
	int device;		/* into devices; NONE: not on PCI */
	int group;		/* into groups; NONE */
	const char *name;	/* an address or a UUID, in full */
	bool cdev;		/* by its own node */
	bool noiommu;		/* nothing stands between it and all memory */
};

/*
 * Make the step that asks @device (NONE: the mediated device @uuid) what VFIO
 * grants.  With ASK_ANY its own node is taken where there is one and iommufd
 * beside it, else that of its group.  False with *err, a sentence, where it
 * is not on a vfio driver, where another process holds it, or there is no
 * node.  The result is in @arena.
 */
bool ask_make(const struct system *system, int device, const char *uuid,
	      enum ask_way way, struct arena *arena, struct ask *ask,
	      struct err *err);

/* Return what a person must know before: that it is reset, and where it is
 * so, that nothing protects memory. */
const char *ask_warning(const struct ask *ask, struct arena *arena);

#endif
