// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_LOSS_H
#define VIEW_LOSS_H

#include "plan/plan.h"
#include "view/role.h"
#include "view/scene.h"

/*
 * What the host would lose with devices that are taken from it, in words: one
 * module for detail, confirmation, explain and JSON.  It says what is, not
 * whether that is allowed.
 */

enum loss_weight {
	LOSS_GRAVE,		/* data, the way in, the only one of its kind */
	LOSS_FELT,		/* somebody uses it */
	LOSS_UNKNOWN,		/* a source could not be read */
	LOSS_HARMLESS,		/* nobody uses it now */
};

struct loss {
	const char *kind;	/* word of the JSON: "file-system" */
	enum loss_weight weight;
	int device;		/* into system->devices */
	const char *text;	/* no sentence but its end: "the only keyboard,
				 * K120, at USB port 1-4" */
};

/* Gravest first. */
struct losses {
	const struct loss *items;
	unsigned count;
	bool used;		/* the host drives one of them at all */
};

/*
 * Say what goes with @devices (indices, @count of them) all at once: what two
 * of them hold together is told once, and "the only one" means that none is
 * left outside.  A bridge stands for all below it.  Texts are in @arena.
 */
struct losses loss_of(const struct scene *scene, const int *devices,
		      unsigned count, struct arena *arena);

/* The same of a device or a group, and of what a plan takes from the host. */
struct losses loss_of_subject(const struct scene *scene,
			      struct subject subject, struct arena *arena);
struct losses loss_of_plan(const struct scene *scene, const struct plan *plan,
			   struct arena *arena);

/* "The host loses: a GPU without a screen; a sound card (silent now)." */
const char *loss_sentence(const struct losses *losses, struct arena *arena);

const char *loss_weight_word(enum loss_weight weight);	/* "grave" */
enum role loss_role(enum loss_weight weight);

#endif
