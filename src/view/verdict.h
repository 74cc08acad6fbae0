// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_VERDICT_H
#define VIEW_VERDICT_H

#include "base/arena.h"
#include "view/scene.h"
#include "view/sign.h"

/*
 * Findings summed up for one place on the screen.  Rules judge; this only
 * adds up what they said about a machine, a group, a device.
 */

/* Return the first failed finding of that severity about the machine and its
 * units, or NULL. */
const struct finding *verdict_machine_first(const struct scene *scene,
					    enum severity severity);

/* Where the kernel's log alone tells of devices: the first blocker of one or
 * of a group, which is what the log was kept for; else NULL. */
const struct finding *verdict_logged_first(const struct scene *scene);

/* The sign of a group: the worst of what is said of it and its members. */
enum mark verdict_group(const struct scene *scene, int group);

/* The sign of a device: the worst of what is said of it and of its group.
 * NOTE for parts of the platform and bridges, which nobody gives away. */
enum mark verdict_device(const struct scene *scene, int device);

/* Whether a device can be given away, in the words of the JSON. */
enum fitness {
	FITNESS_READY, FITNESS_NEEDS_WORK, FITNESS_BLOCKED, FITNESS_UNKNOWN,
};

/*
 * Judge @device by the findings about the machine, its group and itself.
 * READY where nothing failed; NEEDS_WORK where only warnings did; UNKNOWN
 * where a blocker could not be told.  Fills @reasons with the findings that
 * say so, worst first, at most @room; *count tells how many.
 */
enum fitness verdict_fitness(const struct scene *scene, int device,
			     const struct finding **reasons, unsigned room,
			     unsigned *count);
const char *fitness_word(enum fitness fitness);	/* "needs-work" */
const char *fitness_text(enum fitness fitness);	/* "needs work", translated */
enum mark fitness_mark(enum fitness fitness);

/* How many findings that stand for themselves, and not aside, failed with
 * @severity. */
unsigned verdict_count(const struct scene *scene, enum severity severity);

/* How many could not be told. */
unsigned verdict_count_unknown(const struct scene *scene);

/* The sign of one finding. */
enum mark verdict_mark(const struct finding *finding);

/* The order in which findings are listed: what stands in the way first, of
 * whatever it is; among those of one sign, as the rules stand. */
enum { VERDICT_ORDER = 6 };
extern const enum mark verdict_order[VERDICT_ORDER];

#endif
