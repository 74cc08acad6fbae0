// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The files that a person keeps: sessions, captures, what is handed out.
 */
#include "tui/tui_part.h"

#include "act/history.h"
#include "act/note.h"
#include "act/sessions.h"
#include "base/i18n.h"
#include "plan/session.h"

/* Look again at what is kept in files; what was read before stays, for a plan
 * may still be about it. */
void loop_load(struct loop *loop)
{
	struct arena *arena = &loop->kept;
	struct sessions *sessions = arena_alloc(arena, sizeof *sessions);
	struct pasts *pasts = arena_alloc(arena, sizeof *pasts);
	const char *folders[3];

	*sessions = sessions_read(sessions_where(arena), arena);
	if (app_scene(loop->app)->system->origin.kind == ORIGIN_LIVE) {
		history_folders(folders, arena);
		*pasts = history_pasts(folders, arena);
	}
	app_kept(loop->app, sessions, pasts);
}

void loop_keep(struct loop *loop)
{
	struct session *session = app_session(loop->app);
	struct err err;

	loop->stale = true;
	if (!sessions_save(sessions_where(&loop->kept), session, &loop->kept,
			   &err)) {
		app_say(loop->app, MARK_BAD, "%s", err.text);
		return;
	}
	loop_load(loop);
	app_say(loop->app, MARK_GOOD, _("Kept in %s; 9 shows the sessions."),
		session->file);
}

void loop_compare(struct loop *loop)
{
	const struct tui_config *config = loop->config;
	struct err err = {0};
	const struct scene *other = NULL;

	loop->stale = true;
	if (config->other)
		other = config->other(config->context, app_words(loop->app),
				      &err);
	if (other)
		app_compare(loop->app, other);
	else
		app_say(loop->app, MARK_BAD, "%s", err.text);
}

void loop_hand_out(struct loop *loop)
{
	struct err err;

	loop->stale = true;
	if (note_write(app_words(loop->app), app_handout(loop->app), &err))
		app_say(loop->app, MARK_GOOD, _("Written to %s."),
			app_words(loop->app));
	else
		app_say(loop->app, MARK_BAD, "%s", err.text);
}

/* Write the capture that waits, if one does. */
void loop_write(struct loop *loop)
{
	const struct tui_config *config = loop->config;
	const char *path = loop->capture;
	struct err err = {0};

	if (!path)
		return;
	loop->capture = NULL;
	loop->stale = true;
	if (config->capture(config->context, path, &err))
		app_say(loop->app, MARK_GOOD, _("Written to %s."), path);
	else
		app_say(loop->app, MARK_BAD, "%s", err.text);
}

/* A capture holds what is on the screen, and the initramfs too: where that was
 * not looked into, it waits. */
void loop_capture(struct loop *loop)
{
	const struct system *system = app_scene(loop->app)->system;

	loop->stale = true;
	if (!loop->config->capture) {
		app_say(loop->app, MARK_NOTE, "%s",
			_("This machine cannot be captured from here."));
		return;
	}
	loop->capture = arena_text(&loop->kept, app_words(loop->app));
	if (system->origin.kind == ORIGIN_LIVE &&
	    system->host.initramfs.known == UNREAD)
		loop_look_inside(loop);
	if (loop->purpose != FOR_INSIDE)
		loop_write(loop);
}
