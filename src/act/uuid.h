// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_UUID_H
#define ACT_UUID_H

#include "base/arena.h"
#include "base/err.h"

/* Return a new random UUID (version 4, small letters) in @arena; NULL with
 * *err when the kernel has no random bytes.  Source: RFC 4122, 4.4. */
const char *uuid_make(struct arena *arena, struct err *err);

/* Return @text as a UUID in small letters, in @arena; NULL with *err when it
 * is none. */
const char *uuid_parse(const char *text, struct arena *arena, struct err *err);

#endif
