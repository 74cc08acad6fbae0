// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_SELF_H
#define PLAN_SELF_H

#include "plan/plan.h"

/*
 * What a device is, in a few letters, so that the writer can see at the
 * moment of writing that it is the one that was shown, in the group that was
 * shown: "10de:2684 1043:8888 030000 2:8d1f60a3".  The last word is how many
 * the group has and a sum over their names; "-" in no group, "?" where the
 * group does not matter.
 */
enum { SELF_TEXT = 64 };

struct self {
	uint16_t vendor, device, subvendor, subdevice;
	uint32_t class;
	bool grouped;		/* it is in a group */
	bool alone;		/* its group does not matter */
	unsigned members;	/* of the group */
	uint32_t sum;		/* over their names, in any order */
};

/* Add a member of the group by its name in sysfs. */
void self_member(struct self *self, const char *name);

/* Print into @out and return it. */
const char *self_print(const struct self *self, char out[static SELF_TEXT]);

/* Fill what @device is on @system, @alone: without its group.  False when
 * that was not read. */
bool self_of(const struct system *system, int device, bool alone,
	     struct self *self);

/* Whether @text says that the group does not matter. */
bool self_is_alone(const char *text);

/* Whether two texts are of the same kind of device, whatever its group. */
bool self_is_same_kind(const char *a, const char *b);

/* Put the full address that a step is about into @address; false where it is
 * about no device. */
bool self_address(const struct step *step, char address[static BDF_TEXT]);

#endif
