// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Has plans done and devices asked; where rights must be asked for, the terminal
 * is lent.
 */
#include "tui/tui_part.h"

#include <poll.h>

#include "act/elsewhere.h"
#include "act/history.h"
#include "act/recovery.h"
#include "base/i18n.h"
#include "tui/term.h"

/* Where rights must be asked for, the terminal is lent until they are
 * given or refused. */
static void lend_terminal(struct loop *loop)
{
	term_suspend();
	app_begin(loop->app, true);
	while (app_is_acting(loop->app) && !app_has_begun(loop->app) &&
	       !term_is_ending()) {
		struct pollfd writer = { app_fd(loop->app), POLLIN, 0 };
		poll(&writer, writer.fd >= 0, app_timeout(loop->app));
		enum effect effect = app_tick(loop->app);
		if (effect == EFFECT_READ || effect == EFFECT_CHANGED) {
			loop->changed = true;
			loop_load(loop);
		}
	}
	term_resume();
}

/* Go on with a device that is asked. */
void loop_hear(struct loop *loop)
{
	enum effect effect = app_ask_tick(loop->app);

	if (effect == EFFECT_NONE)
		return;
	loop->stale = true;
	if (effect != EFFECT_HEARD)
		return;
	struct app_heard heard = app_heard(loop->app);
	app_granted(loop->app, loop->config->grant(heard.record, heard.len,
						   heard.arena));
}

/* Have the plan done. */
void loop_act(struct loop *loop)
{
	loop->stale = true;
	if (app_scene(loop->app)->system->origin.kind == ORIGIN_LIVE &&
	    loop->config->interactive)
		lend_terminal(loop);
	else
		app_begin(loop->app, false);
}

/* Have a device asked; rights are asked for as for a plan. */
void loop_ask(struct loop *loop)
{
	bool lend = loop->config->interactive;

	loop->stale = true;
	if (lend)
		term_suspend();
	app_ask(loop->app, lend);
	while (lend && !app_ask_has_begun(loop->app) && !term_is_ending()) {
		struct pollfd asked = { app_ask_fd(loop->app), POLLIN, 0 };
		poll(&asked, 1, -1);
		loop_hear(loop);
	}
	if (lend)
		term_resume();
}

static const struct plan *make_recovery(const struct loop *loop,
					struct arena *arena, struct err *err)
{
	const struct system *system = app_scene(loop->app)->system;
	const char *folder = history_folder(arena, NULL);

	if (system->origin.kind != ORIGIN_LIVE)
		err_set(err, _("Only this machine can be recovered, not a "
				"capture of one."));
	else if (!folder || !history_is_there(folder))
		err_set(err, _("No action was left unfinished."));
	else
		return loop->finishes ?
			       recovery_finish(folder, system, arena, err) :
			       recovery_back(folder, system, arena, err);
	return NULL;
}

/* What it says after a stuck step stays said. */
static const char *say_choice(const struct loop *loop, bool refused)
{
	if (refused)
		return _("An earlier action is unfinished, and this cannot be "
			 "done now: t takes it back, f finishes it, x forgets "
			 "it.");
	return loop->returned ?
		_("The kernel has come back: y does this, f finishes it, x "
		  "forgets it.") :
		_("An earlier action is unfinished: y does this, f finishes "
		  "it, x forgets it.");
}

/* Show what can be done about an action that did not come to its end. */
void loop_recover(struct loop *loop, bool finish)
{
	struct arena arena = {0};
	struct err err = {0};

	loop->stale = true;
	loop->finishes = finish;
	const struct plan *plan = make_recovery(loop, &arena, &err);
	if (!plan) {
		app_say(loop->app, MARK_WARN, "%s", err.text);
		arena_free(&arena);
		return;
	}
	bool refused = plan_is_refused(plan);
	app_recover(loop->app, plan, arena);
	app_say(loop->app, MARK_WARN, "%s", say_choice(loop, refused));
	loop->returned = false;
}

/* Whether the plan that was confirmed is the same for the machine as it was
 * read now. */
bool loop_is_still_so(struct loop *loop)
{
	struct arena arena = {0};
	struct err err = {0};

	if (!app_is_recovering(loop->app))
		return app_recheck(loop->app);
	const struct plan *plan = make_recovery(loop, &arena, &err);
	return app_recover_again(loop->app, plan, arena, &err);
}

/* Ask by itself, once, where there is something to ask. */
void loop_offer(struct loop *loop)
{
	struct arena arena = {0};
	const char *folder = history_folder(&arena, NULL);
	bool live = app_scene(loop->app)->system->origin.kind == ORIGIN_LIVE;
	const char *others = live ? elsewhere_here(&arena) : "";

	loop->offer = false;
	if (live && folder && history_is_unfinished(folder))
		loop_recover(loop, false);
	else if (*others)
		app_say(loop->app, MARK_WARN, "%s", others);
	arena_free(&arena);
}

void loop_forget(struct loop *loop)
{
	struct arena arena = {0};
	struct err err = {0};
	const char *folder = history_folder(&arena, &err);

	loop->stale = true;
	if (folder && recovery_forget(folder, &err)) {
		app_recover(loop->app, NULL, (struct arena){0});
		app_say(loop->app, MARK_NOTE, "%s",
			_("Forgotten: the devices stay as they are."));
	} else {
		app_say(loop->app, MARK_BAD, "%s", err.text);
	}
	arena_free(&arena);
}

/* The plan was confirmed for the machine as it was shown; it is done only to
 * a machine that still is so. */
void loop_confirm(struct loop *loop)
{
	if (app_scene(loop->app)->system->origin.kind != ORIGIN_LIVE ||
	    !loop->config->read)
		loop_act(loop);
	else if (loop_read(loop, FOR_PLAN, loop_look(loop, LOOK_LONG), NULL))
		app_say(loop->app, MARK_NOTE, "%s",
			_("Looking once more before anything is written…"));
}
