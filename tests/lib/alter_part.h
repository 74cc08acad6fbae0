// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_ALTER_PART_H
#define TESTS_ALTER_PART_H

#include <stdint.h>

#include "alter.h"

/* What the files alter*.c share; private to them. */

enum { WORDS = 6 };

/* One edit in progress: its words, and where the rest of the line begins
 * behind each. */
struct edit {
	struct system *system;
	const char *words[WORDS];
	const char *rest[WORDS];
	unsigned count;
};

/* What a word stands for: '?' is DENIED, '-' ABSENT. */
enum known edit_state(const char *value);
int64_t edit_number(const char *value);
struct fact_text edit_text(const struct edit *edit, unsigned word);

/* The device whose address is that word; ends the test where it is none. */
int edit_device(const struct edit *edit, unsigned word);
struct device *edit_target(const struct edit *edit, unsigned word);

/* A word and what it does. */
struct edit_row {
	const char *word;	/* NULL ends a table */
	unsigned words;		/* at least, itself included */
	void (*edit)(const struct edit *edit);
};

extern const struct edit_row alter_fields[], alter_host[], alter_desk[],
	alter_parts[], alter_taken[], alter_use[];

#endif
