// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TUI_HOMES_H
#define TUI_HOMES_H

#include "base/arena.h"
#include "model/intent.h"
#include "plan/plan.h"

/*
 * What drove devices before they were given away: on this machine its
 * history tells; of a machine that is rehearsed, the explorer remembers.
 */
struct homes {
	struct home *items;
	unsigned count;
	size_t room;
};

/* Remember, in @arena, what a rehearsed plan takes devices from. */
void homes_remember(struct homes *homes, const struct system *system,
		    const struct plan *plan, struct arena *arena);

/* Fill what an INTENT_RESTORE wants to know; the result is in @arena and
 * points into @homes. */
void homes_fill(const struct homes *homes, const struct system *system,
		struct intent *intent, struct arena *arena);

#endif
