// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_NOTE_H
#define ACT_NOTE_H

#include <stdbool.h>

#include "base/err.h"

/* Make the file @path hold @text, on the disk.  False with errno set; a file
 * that is there already is left as it is. */
bool note_put(const char *path, const char *text);

/* The same for a person, who is told in *err why not. */
bool note_write(const char *path, const char *text, struct err *err);

#endif
