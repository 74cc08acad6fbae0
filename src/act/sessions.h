// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_SESSIONS_H
#define ACT_SESSIONS_H

#include "plan/session.h"

/*
 * Sessions as files, one each: NAME.json, made to be read and changed by a
 * person.
 */
struct session_folders {
	const char *own;	/* where this user's are saved; NULL: nowhere */
	const char *common;	/* the machine's */
};

/*
 * Return the folders: $XDG_CONFIG_HOME or ~/.config for a user, and
 * SYSCONFDIR, where root saves too unless XDG_CONFIG_HOME is set.  In @arena.
 */
struct session_folders sessions_where(struct arena *arena);

/*
 * Read all sessions, by name; one's own hide the machine's of the same name.
 * A file that is no session is among them, with its problem.  In @arena.
 */
struct sessions sessions_read(struct session_folders folders,
			      struct arena *arena);

/* Parse the text of a file; the result is in @arena and has a problem when
 * it is no session. */
struct session sessions_parse(const char *name, const char *file,
			      const char *text, size_t len,
			      struct arena *arena);

/* Return the text of a file, in @arena. */
const char *sessions_text(const struct session *session, struct arena *arena);

/*
 * Write a session to one's own folder, whole or not at all, and set its .file.
 * Where there is one of that name already, its services, consoles and wait
 * are kept.  False with *err when it cannot be written.
 */
bool sessions_save(struct session_folders folders, struct session *session,
		   struct arena *arena, struct err *err);

#endif
