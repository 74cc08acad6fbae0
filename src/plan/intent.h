// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_INTENT_H
#define PLAN_INTENT_H

#include "base/arena.h"
#include "model/intent.h"

/* Copy an intent and all that it points to into @arena, but what its company
 * points to, which is the caller's. */
struct intent *intent_copy(const struct intent *intent, struct arena *arena);

#endif
