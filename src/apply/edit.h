// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef APPLY_EDIT_H
#define APPLY_EDIT_H

#include "plan/plan.h"

/*
 * Files of configuration, below @root ("" but in tests).  The folder must be
 * where its name says, and the file no link.
 */

/* Whether @expect, of kind LINE, FILE or GONE, holds; @seen gets the file's
 * first line. */
bool edit_holds(const char *root, const struct expect *expect, char *seen,
		size_t size);

/*
 * Do a STEP_FILE: the new file is written beside the old one, forced to disk
 * and put in its place; unless @step is an undo, the old one is kept under its
 * name with ".vfiotop-old" behind.  Returns 0 or an errno.
 */
int edit_do(const char *root, const struct step *step);

#endif
