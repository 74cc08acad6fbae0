// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_DIFF_H
#define MODEL_DIFF_H

#include "model/finding.h"
#include "model/system.h"

/*
 * Two readings compared: of one machine at two times, or of two machines.
 * Devices are matched by what they are and where they sit, not by address,
 * for an address moves when a card is added.
 */
enum difference_kind {
	DIFFERENCE_APPEARED,	/* only in the later one */
	DIFFERENCE_GONE,	/* only in the earlier one */
	DIFFERENCE_MOVED,	/* the same device or group, called otherwise */
	DIFFERENCE_EXCHANGED,	/* another device in the same place */
	DIFFERENCE_CHANGED,	/* the same thing says something else */
};

struct difference {
	enum difference_kind kind;
	const char *fact;	/* what differs: "device", "driver",
				 * "parameter"…: the manual lists them */
	enum scope scope;	/* of what it is about */
	int before, after;	/* index in either's array; NONE: not there */
	const char *name;	/* which of several: a parameter, a table, a
				 * rule's id; or "" */
	const char *from, *to;	/* as texts; NULL: not there */
};

struct diff {
	const struct system *before, *after;
	const struct difference *items;	/* devices that came, went or moved,
					 * the machine, findings, groups, what
					 * devices say */
	unsigned count;
	unsigned untold;	/* facts that only one of the two knows: they
				 * were not compared */
};

/*
 * Compare.  With findings of both (either may be NULL: not compared), what
 * came to stand in the way and what no longer does.  A fact that one of the
 * two does not know is no difference.  In @arena; points into both systems.
 */
struct diff diff_make(const struct system *before, const struct system *after,
		      const struct findings *found_before,
		      const struct findings *found_after,
		      struct arena *arena);

/*
 * Say which device of @after each of @before is: an array as long as
 * before->devices, NONE for those that are gone.  The same place and ids
 * first, then a serial number, then ids that as many devices have as before.
 */
const int *diff_match(const struct system *before, const struct system *after,
		      struct arena *arena);

/* Return the subject as the later machine calls it (the earlier one where it
 * is gone): "0000:01:00.0", "group:13", "system". */
char *difference_subject(const struct diff *diff,
			 const struct difference *difference,
			 char out[static SUBJECT_TEXT]);

/* Short word for a kind: "appeared"; for JSON. */
const char *difference_word(enum difference_kind kind);

#endif
