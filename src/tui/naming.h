// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TUI_NAMING_H
#define TUI_NAMING_H

#include "base/arena.h"
#include "model/system.h"

/*
 * Carry the names of the devices of @from over to @to, a later reading of the
 * same machine, into @arena; a device that is new or another has none.  NULL
 * where @names is.
 */
const struct names *naming_carry(const struct names *names,
				 const struct system *from,
				 const struct system *to,
				 struct arena *arena);

/* Whether every device of @system that can have a name has one. */
bool naming_is_whole(const struct names *names, const struct system *system);

#endif
