// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_HISTORY_H
#define ACT_HISTORY_H

#include "act/record.h"
#include "plan/past.h"
#include "plan/plan.h"

/* Root's folder; any user may read it. */
#define HISTORY_ROOT "/run/vfiotop"

/*
 * Return the folder where this user's journals are, in @arena: HISTORY_ROOT
 * for root, else vfiotop below $XDG_RUNTIME_DIR.  NULL with *err when there
 * is no such place.  Both are gone after a reboot, as the bindings are.
 */
const char *history_folder(struct arena *arena, struct err *err);

/* Whether an unfinished journal is in @folder and nobody is at work on it. */
bool history_is_unfinished(const char *folder);

/* The same, whoever is at work. */
bool history_is_there(const char *folder);

/*
 * Make the plan that takes back what the unfinished journal of @folder says
 * was begun, last first.  NULL with *err when there is none, another vfiotop
 * is at work, it cannot be read, or what was stuck still is.  Give it to
 * act_start as any plan.
 */
const struct plan *history_recovery(const char *folder, struct arena *arena,
				    struct err *err);

/*
 * Read the unfinished journal of @folder.  False with *err when there is
 * none, another vfiotop is at work, it cannot be read, or what was stuck
 * still is.
 */
bool history_unfinished(const char *folder, struct arena *arena,
			struct record *record, struct err *err);

/*
 * Fill @intent->homes: the driver that each device had before it was last
 * given away by a plan that was done, "" for none.  A device is known by
 * address and ids together.  @folders is NULL-ended; earlier ones win.
 */
void history_homes(const char *const *folders, const struct system *system,
		   struct intent *intent, struct arena *arena);

/*
 * Return the actions of @folders (NULL-ended) that are over, newest first, in
 * @arena.  A journal that cannot be read is left out.
 */
struct pasts history_pasts(const char *const *folders, struct arena *arena);

/* Return where an action's history may be, own first: for root its own alone.
 * Fills @folders, NULL-ended. */
void history_folders(const char *folders[static 3], struct arena *arena);

/* For journal.c: whether somebody else holds the lock of an open journal;
 * takes it when free. */
bool history_is_busy(int file);

/* For journal.c: the lowest and highest number of the history files in an
 * open folder; 0 and 0 when there are none. */
void history_range(int folder, unsigned *lowest, unsigned *highest);

#endif
