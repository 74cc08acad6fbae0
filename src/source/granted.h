// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_GRANTED_H
#define SOURCE_GRANTED_H

#include <stddef.h>

#include "base/arena.h"
#include "model/grant.h"

/* Return what a record of vfiotop-apply tells (decode/vfio.h), in @arena;
 * NULL when it is none. */
const struct grant *granted_read(const char *record, size_t len,
			       struct arena *arena);

#endif
