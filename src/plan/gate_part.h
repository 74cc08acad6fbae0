// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_GATE_PART_H
#define PLAN_GATE_PART_H

#include "plan/plan_part.h"

/* What the files gate*.c share; private to them. */

/* Everything that a gate looks at about one device. */
struct gate_view {
	struct draft *draft;
	const struct system *system;
	const struct device *device;
	const struct change *change;
	int index;		/* of the device */
	char name[BDF_TEXT];	/* its address, short */
};

/* "/sys/bus/pci/devices/0000:01:00.0/NAME" */
const char *gate_attribute(const struct gate_view *view, const char *name);

/* Let a gate stand. */
void gate_stand(const struct gate_view *view, enum gate_kind kind,
		const char *id, const char *text, const char *source,
		const char *value);

/* Let a soft gate stand for a source that could not be read. */
void gate_unknown(const struct gate_view *view, const char *id,
		  const char *text, const char *source, enum known known);

/* Text in the plan's arena. */
#define SAY(...) arena_printf(view->draft->arena, __VA_ARGS__)

/* Let the gates stand that come from what the host does with a device that is
 * to leave its driver (gate_use.c). */
void gate_use(const struct gate_view *view);

/* The same from what it shows (gate_show.c), and who holds it
 * (gate_hold.c). */
void gate_show(const struct gate_view *view);
void gate_hold(const struct gate_view *view);

#endif
