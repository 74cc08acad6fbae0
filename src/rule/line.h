// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_LINE_H
#define RULE_LINE_H

#include "model/system.h"

/* How a line of the kernel's log is meant. */
enum line_tone { LINE_GOOD, LINE_NOTE, LINE_WARN, LINE_BAD };

/* How many of a kind there may be. */
enum line_many { LINE_ONE, LINE_MANY, LINE_FAULT };

/* A kind of line that matters here; lines.def has them all. */
struct line_kind {
	const char *part;	/* as clue_line_has() compares */
	const char *rule;	/* that it speaks to, or "" */
	enum line_tone tone;
	enum line_many many;	/* FAULT: of a device, counted by device */
	const char *says;	/* N_() */
};

/* Every kind; ends with part NULL. */
extern const struct line_kind line_kinds[];

/* Return the kind of a line, or NULL: it is of no account here. */
const struct line_kind *line_kind_of(const char *text);

/* Return the device that a line names, by its first address, or NONE. */
int line_device(const struct system *system, const char *text);

#endif
