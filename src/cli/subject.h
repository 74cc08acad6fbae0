// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include "base/err.h"
#include "model/finding.h"

/*
 * Find what a word names on this machine: an address ("01:00.0",
 * "0000:01:00.0"), "group:N", or "system".  False with *err when the word is
 * none of these, or names nothing here.
 */
bool subject_find(const struct system *system, const char *word,
		  struct subject *subject, struct err *err);

/*
 * Fill @out, which has room for every device of @system, with the addresses
 * that a subject stands for: a device's own, those of a group's endpoints.
 * Returns how many.
 */
unsigned subject_devices(const struct system *system, struct subject subject,
			 struct bdf *out);

#endif
