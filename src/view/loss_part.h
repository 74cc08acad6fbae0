// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_LOSS_PART_H
#define VIEW_LOSS_PART_H

#include "view/loss.h"

/* What the files loss*.c share; private to them. */

struct tally {
	const struct scene *scene;
	const struct system *system;
	struct arena *arena;
	const bool *gone;	/* per device: it is taken away */
	bool *told;		/* per device: something was said of it */
	struct loss *items;
	unsigned count;
	size_t room;
};

/* Whether @device (NONE: false) is taken away. */
bool tally_takes(const struct tally *tally, int device);

/* Whether it is taken away and a driver of the host has it now. */
bool tally_uses(const struct tally *tally, int device);

/* Add a loss, and remember that something was said of its device. */
void tally_add(struct tally *tally, const char *kind, enum loss_weight weight,
	       int device, const char *text);

/* Text in the tally's arena. */
#define TELL(...) arena_printf(tally->arena, __VA_ARGS__)

void loss_screens(struct tally *tally);		/* loss_display.c */
void loss_processes(struct tally *tally);
void loss_storage(struct tally *tally);		/* loss_storage.c */
void loss_input(struct tally *tally);		/* loss_usb.c */

#endif
