// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_RECORD_H
#define ACT_RECORD_H

#include "plan/wire.h"

/*
 * A journal as it is read back.  Its lines, fields as on the wire:
 *
 *   vfiotop-journal 1 TIME TITLE
 *   intent KIND DRIVER
 *   session NAME start|end [consoles]     undoes N [FOLDER]
 *   device ADDRESS IDS DRIVER OVERRIDE changed|left
 *   step N …            undo N M …
 *   may-fail N          may-fail N M      what was done goes on without it
 *   begin N             begin N M
 *   recover COUNT       and from there on begin N: the N-th of what takes back
 *                       all that was begun and was not taken back yet
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
	bool *undone;		/* which of them were answered: done */
	unsigned undo_count;
	size_t undo_room, undone_room;
	bool begun;
	bool ended;		/* and answered: done, or left out */
	bool undoing;		/* taking it back was begun */
};

/* One undo step, by its numbers. */
struct record_undo {
	unsigned step, undo;
};

struct record {
	const char *time;	/* ISO 8601, UTC */
	const char *title;
	const char *intent;	/* bind, restore, unbind, load, undo */
	const char *session;	/* "" none */
	bool ends;		/* it ended the session */
	bool consoles;		/* it gave up the screens on purpose */
	unsigned undoes;	/* number in the history; 0 none */
	const char *undoes_in;	/* folder of another history; "" this one's */
	const char *driver;	/* of the intent */
	struct record_device *devices;
	unsigned device_count;
	size_t device_room;
	struct record_step *steps;
	unsigned step_count;
	size_t step_room;
	bool finished;
	int outcome;
	int current;		/* step that is not answered yet; NONE */
	bool recovering;	/* all of it was being taken back later: … */
	const struct record_undo *back;	/* … by these */
	unsigned back_count;
	const struct record_undo *taking;	/* undo step that is not
						 * answered yet; NULL */
	unsigned stuck_pid;	/* of the last answer, when it was STUCK */
};

/* The word of an intent in a journal. */
const char *record_intent(enum intent_kind kind);

/* The intent that a word of a journal stands for; NONE for no such word. */
enum intent_kind record_intent_kind(const char *word);

/* "10de:2684"; in @arena. */
const char *record_ids(const struct device *device, struct arena *arena);

/* Return what takes back all that was begun, last first, without what was
 * taken back already; in @arena. */
const struct record_undo *record_back(const struct record *record,
				      unsigned *count, struct arena *arena);

/*
 * Read a journal's text.  A last line that was cut off is no line: it was
 * being written when the machine or the program stopped.  False when the
 * first line or any whole line is not a journal's.
 */
bool record_parse(const char *text, struct arena *arena,
		  struct record *record);

#endif
