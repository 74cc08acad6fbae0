// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the machine, beside the keys, and shows what was read.
 */
#include "tui/tui_part.h"

#include <poll.h>
#include <time.h>

#include "base/i18n.h"
#include "rule/early.h"
#include "rule/engine.h"
#include "tui/naming.h"
#include "tui/term.h"

/* For how long what is new is marked. */
enum { MOMENT_MS = 6000 };

void loop_name(struct loop *loop)
{
	const struct tui_config *config = loop->config;

	loop->unnamed = false;
	if (!config->names)
		return;
	app_name(loop->app, config->names(config->context,
					  app_scene(loop->app)->system,
					  loop->reading));
	loop->stale = true;
}

/* Where rights must be asked for, the terminal is lent until they are given
 * or refused; the reading itself goes on beside the keys. */
static void lend_to_reader(const struct loop *loop)
{
	const struct tui_config *config = loop->config;

	term_suspend();
	while (!config->read_has_begun(config->context) && !term_is_ending()) {
		struct pollfd reader = { config->read_fd(config->context),
					 POLLIN, 0 };
		poll(&reader, reader.fd >= 0,
		     config->read_timeout(config->context));
		config->read_step(config->context);
	}
	term_resume();
}

/* Begin to read again.  False when the person was told why not. */
bool loop_read(struct loop *loop, enum purpose purpose,
			  enum look look, const struct bdf *wake)
{
	const struct tui_config *config = loop->config;
	struct err err = {0};

	loop->stale = true;
	if (!config->read) {
		app_say(loop->app, MARK_NOTE, "%s",
			_("This is not the live machine: there is nothing to "
			  "read again."));
		return false;
	}
	loop->purpose = FOR_NOTHING;
	loop->looked_ms = loop_now();
	if (!config->read(config->context, look, wake, &err)) {
		app_say(loop->app, MARK_BAD, "%s", err.text);
		return false;
	}
	loop->purpose = purpose;
	if ((look == LOOK_AS_ROOT || look == LOOK_LONG_AS_ROOT) &&
	    config->interactive)
		lend_to_reader(loop);
	return true;
}

/* What was read with root's eyes is looked at again with them. */
enum look loop_look(const struct loop *loop, enum look look)
{
	if (!app_scene(loop->app)->system->origin.lent)
		return look;
	return look == LOOK_LONG ? LOOK_LONG_AS_ROOT : LOOK_AS_ROOT;
}

/* Show it, and for a moment what is new of it; returns how much that is. */
static unsigned renew(struct loop *loop, const struct scene *scene)
{
	time_t now = time(NULL);
	char when[16] = "";
	struct tm parts;

	if (localtime_r(&now, &parts))
		strftime(when, sizeof when, "%H:%M:%S", &parts);
	unsigned count = app_renew(loop->app, scene, when);
	if (count)
		loop->settle_ms = loop_now() + MOMENT_MS;
	return count;
}

/* Show what was read; what cannot be read leaves the old reading on the
 * screen.  False when the person was told why. */
static bool take_reading(struct loop *loop, unsigned *changes)
{
	const struct tui_config *config = loop->config;
	struct scene scene = *app_scene(loop->app);
	const struct system *before = scene.system;
	struct err err = {0};

	loop->stale = true;
	struct arena *arena = app_spare(loop->app);
	const struct system *system =
		config->read_take(config->context, arena, &err);
	if (!system) {
		app_say(loop->app, MARK_BAD, "%s", err.text);
		return false;
	}
	scene.system = system;
	scene.findings = rules_judge(system, arena);
	scene.names = naming_carry(scene.names, before, system, arena);
	loop->reading = arena;
	loop->unnamed = !naming_is_whole(scene.names, system);
	*changes = renew(loop, &scene);
	return true;
}

/* Say what became of the look that the person waited for. */
static void tell_inside(struct loop *loop)
{
	struct arena arena = {0};
	const struct system *system = app_scene(loop->app)->system;

	if (system->host.initramfs.known == KNOWN)
		app_say(loop->app, MARK_GOOD, _("Looked into %s."),
			system->host.initramfs.image);
	else
		app_say(loop->app, MARK_NOTE,
			_("What it does is not known: %s."),
			early_why(system, &arena));
	arena_free(&arena);
}

/* A reading is over: what it was for. */
void loop_take(struct loop *loop)
{
	enum purpose purpose = loop->purpose;
	unsigned changes;

	loop->purpose = FOR_NOTHING;
	/* What a plan was made of stays while the plan is shown. */
	if (app_is_planning(loop->app) && purpose < FOR_RESULT) {
		loop->changed = true;
		loop_write(loop);
		return;
	}
	if (!take_reading(loop, &changes)) {
		loop_write(loop);
		return;
	}
	if (purpose != FOR_NEWS)
		loop->owed_ms = 0;
	else if (!loop->owed_ms)
		loop->owed_ms = loop_now();
	if (purpose == FOR_INSIDE)
		tell_inside(loop);
	else if (purpose == FOR_PERSON && !changes && !app_is_saying(loop->app))
		app_say(loop->app, MARK_GOOD, "%s",
			_("The machine was read again; it is as before."));
	else if (purpose == FOR_PLAN && loop_is_still_so(loop))
		loop_act(loop);
	loop_write(loop);
}

void loop_look_inside(struct loop *loop)
{
	if (loop->config->read &&
	    loop_read(loop, FOR_INSIDE, LOOK_INSIDE, NULL))
		app_say(loop->app, MARK_NOTE, "%s",
			_("Looking into the initramfs…"));
	loop->stale = true;
}

/* Where the initramfs was looked into, a person who reads again wants to see
 * what became of it, too. */
enum look loop_look_for_person(const struct loop *loop)
{
	return app_scene(loop->app)->system->host.initramfs.known == UNREAD ?
		       LOOK_AGAIN : LOOK_INSIDE;
}
