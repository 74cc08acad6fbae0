// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_RECOVERY_H
#define ACT_RECOVERY_H

#include "plan/plan.h"

/*
 * What can be done about an action that did not come to its end: taking it
 * back, going on with it, and leaving it as it is.
 */

/*
 * Make the plan of history_recovery, with the gates that letting go of its
 * devices meets on @system as it is now: it may be long since the action
 * stopped.  NULL with *err as there.  Everything is in @arena.
 */
const struct plan *recovery_back(const char *folder,
				 const struct system *system,
				 struct arena *arena, struct err *err);

/*
 * Make the plan that does the rest of the unfinished journal of @folder and,
 * where that fails, takes all of it back.  Its gates are those that the same
 * intent meets on @system as it is now.  NULL with *err when taking back was
 * begun, a device is not the one it was, or as for history_unfinished.
 * Everything is in @arena.
 */
const struct plan *recovery_finish(const char *folder,
				   const struct system *system,
				   struct arena *arena, struct err *err);

/* Leave everything as it is and make the journal of @folder history.  False
 * with *err. */
bool recovery_forget(const char *folder, struct err *err);

#endif
