// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_RECORD_H
#define ACT_RECORD_H

#include "plan/wire.h"

/*
 * A journal as it is read back.  Its lines, fields as on the wire:
 *
 *   vfiotop-journal 1 TIME TITLE
 *   intent KIND DRIVER
 *   session NAME start|end     undoes N
 *   device ADDRESS IDS DRIVER OVERRIDE changed|left
 *   step N …            undo N M …
 *   begin N             begin N M
 *   end …               outcome N
 */
struct record_device {
	struct bdf address;
	const char *ids;	/* "10de:2684" */
	const char *driver;	/* before; "" for none */
	const char *override;	/* before; "" for none */
	bool left;
};

struct record_step {
	struct step step;
	struct step *undo;
	unsigned undo_count;
	size_t undo_room;
	bool begun;
};

struct record {
	const char *time;	/* ISO 8601, UTC */
	const char *title;
	const char *intent;	/* bind, restore, unbind, load, undo */
	const char *session;	/* "" none */
	bool ends;		/* it ended the session */
	unsigned undoes;	/* number in the history; 0 none */
	struct record_device *devices;
	unsigned device_count;
	size_t device_room;
	struct record_step *steps;
	unsigned step_count;
	size_t step_room;
	bool finished;
	int outcome;
	unsigned stuck_pid;	/* of the last answer, when it was STUCK */
};

/* The word of an intent in a journal. */
const char *record_intent(enum intent_kind kind);

/*
 * Read a journal's text.  A last line that was cut off is no line: it was
 * being written when the machine or the program stopped.  False when the
 * first line or any whole line is not a journal's.
 */
bool record_parse(const char *text, struct arena *arena,
		  struct record *record);

#endif
