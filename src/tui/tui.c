// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loop: waits for a stroke, the writer or news of the machine, and
 * otherwise sleeps.  What a stroke means is app.c's.
 */
#include "tui/tui.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "act/history.h"
#include "act/note.h"
#include "act/recovery.h"
#include "act/sessions.h"
#include "base/i18n.h"
#include "plan/session.h"
#include "rule/early.h"
#include "rule/engine.h"
#include "tui/app.h"
#include "tui/naming.h"

/* What a reading under way is for; a later one stands above an earlier. */
enum purpose {
	FOR_NOTHING,		/* none is under way */
	FOR_LOOK,		/* of what changes without news */
	FOR_INSIDE,		/* to know the initramfs */
	FOR_REST,		/* of all that a brief one left out */
	FOR_NEWS,		/* the kernel told of a change */
	FOR_PERSON,		/* who asked for it */
	FOR_RESULT,		/* of a plan that is over and still shown */
	FOR_PLAN,		/* that was confirmed and is to be done */
};

/* In milliseconds: for how long after a reading the kernel must be quiet before
 * what it told is looked at again, and how long that waits at most; how long at
 * least between two such readings, for some kernels never rest; how long a
 * change is marked; how often a view is read again that no news reaches; for
 * how long the rest may be put off for further news. */
enum { BUSY_MS = 2000, QUIET_MS = 100, QUIET_MOST_MS = 400, REST_MS = 500,
       MOMENT_MS = 6000, LOOK_MS = 5000, OWED_MS = 5000 };

struct loop {
	const struct tui_config *config;
	enum purpose purpose;
	struct app *app;
	struct arena names;		/* of the first reading */
	struct arena kept;		/* sessions, and what was done */
	struct arena *reading;		/* where today's machine lives */
	bool ascii;			/* the terminal shows no more */
	bool stale;			/* the screen is not what app holds */
	bool unnamed;			/* names are still to be loaded */
	bool offer;			/* ask what becomes of an action that did
					 * not come to its end, if there is one */
	bool changed;			/* the machine has, while a plan was
					 * before the person's eyes */
	int64_t first_ms, latest_ms;	/* when the news came that .changed is
					 * about; 0: long ago */
	int64_t settle_ms;		/* when changes are marked no more */
	int64_t looked_ms;		/* when the machine was last read */
	int64_t owed_ms;		/* when it was read briefly, and not as
					 * a whole since; 0: never */
	const char *capture;		/* the file that waits for a reading to
					 * be written; NULL: none does */
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void paint(struct loop *loop)
{
	struct arena frame = {0};
	unsigned columns, rows;

	term_size(&columns, &rows);
	struct canvas *canvas = canvas_make(&frame, columns, rows,
					    loop->ascii);
	app_paint(loop->app, canvas);
	term_paint(canvas);
	arena_free(&frame);
	loop->stale = false;
}

static void load_names(struct loop *loop)
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
static bool begin_reading(struct loop *loop, enum purpose purpose,
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
	loop->looked_ms = now_ms();
	if (!config->read(config->context, look, wake, &err)) {
		app_say(loop->app, MARK_BAD, "%s", err.text);
		return false;
	}
	loop->purpose = purpose;
	if (look == LOOK_AS_ROOT && config->interactive)
		lend_to_reader(loop);
	return true;
}

/* What was read with root's eyes is looked at again with them. */
static enum look look_of(const struct loop *loop, enum look look)
{
	return app_scene(loop->app)->system->origin.lent ? LOOK_AS_ROOT : look;
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
		loop->settle_ms = now_ms() + MOMENT_MS;
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

/* Look again at what is kept in files; what was read before stays, for a plan
 * may still be about it. */
static void load_kept(struct loop *loop)
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

static void keep_session(struct loop *loop)
{
	struct session *session = app_session(loop->app);
	struct err err;

	loop->stale = true;
	if (!sessions_save(sessions_where(&loop->kept), session, &loop->kept,
			   &err)) {
		app_say(loop->app, MARK_BAD, "%s", err.text);
		return;
	}
	load_kept(loop);
	app_say(loop->app, MARK_GOOD, _("Kept in %s; 9 shows the sessions."),
		session->file);
}

static void compare(struct loop *loop)
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

static void write_handout(struct loop *loop)
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
static void write_capture(struct loop *loop)
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
			load_kept(loop);
		}
	}
	term_resume();
}

/* Go on with a device that is asked. */
static void take_heard(struct loop *loop)
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
static void begin_plan(struct loop *loop)
{
	loop->stale = true;
	if (app_scene(loop->app)->system->origin.kind == ORIGIN_LIVE &&
	    loop->config->interactive)
		lend_terminal(loop);
	else
		app_begin(loop->app, false);
}

/* Have a device asked; rights are asked for as for a plan. */
static void begin_asking(struct loop *loop)
{
	bool lend = loop->config->interactive;

	loop->stale = true;
	if (lend)
		term_suspend();
	app_ask(loop->app, lend);
	while (lend && !app_ask_has_begun(loop->app) && !term_is_ending()) {
		struct pollfd asked = { app_ask_fd(loop->app), POLLIN, 0 };
		poll(&asked, 1, -1);
		take_heard(loop);
	}
	if (lend)
		term_resume();
}

/* Show what can be done about an action that did not come to its end. */
static void recover(struct loop *loop, bool finish)
{
	struct arena arena = {0};
	struct err err = {0};
	const char *folder = history_folder(&arena, NULL);
	const struct plan *plan = NULL;

	loop->stale = true;
	if (app_scene(loop->app)->system->origin.kind != ORIGIN_LIVE)
		err_set(&err, _("Only this machine can be recovered, not a "
				"capture of one."));
	else if (!folder || !history_is_there(folder))
		err_set(&err, _("No action was left unfinished."));
	else
		plan = finish ? recovery_finish(folder,
						app_scene(loop->app)->system,
						&arena, &err) :
				history_recovery(folder, &arena, &err);
	if (!plan) {
		app_say(loop->app, MARK_WARN, "%s", err.text);
		arena_free(&arena);
		return;
	}
	app_recover(loop->app, plan, arena);
	app_say(loop->app, MARK_WARN, "%s",
		_("An earlier action did not come to its end: y does what is "
		  "shown, f finishes it, x forgets it, Esc leaves it for "
		  "later."));
}

/* Ask by itself, once, where there is something to ask. */
static void offer(struct loop *loop)
{
	struct arena arena = {0};
	const char *folder = history_folder(&arena, NULL);

	loop->offer = false;
	if (app_scene(loop->app)->system->origin.kind == ORIGIN_LIVE &&
	    folder && history_is_unfinished(folder))
		recover(loop, false);
	arena_free(&arena);
}

static void forget(struct loop *loop)
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
static void confirm(struct loop *loop)
{
	if (app_scene(loop->app)->system->origin.kind != ORIGIN_LIVE ||
	    !loop->config->read || app_is_recovering(loop->app))
		begin_plan(loop);
	else if (begin_reading(loop, FOR_PLAN, look_of(loop, LOOK_LONG), NULL))
		app_say(loop->app, MARK_NOTE, "%s",
			_("Looking once more before anything is written…"));
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
static void finish_reading(struct loop *loop)
{
	enum purpose purpose = loop->purpose;
	unsigned changes;

	loop->purpose = FOR_NOTHING;
	/* What a plan was made of stays while the plan is shown. */
	if (app_is_planning(loop->app) && purpose < FOR_RESULT) {
		loop->changed = true;
		write_capture(loop);
		return;
	}
	if (!take_reading(loop, &changes)) {
		write_capture(loop);
		return;
	}
	if (purpose != FOR_NEWS)
		loop->owed_ms = 0;
	else if (!loop->owed_ms)
		loop->owed_ms = now_ms();
	if (purpose == FOR_INSIDE)
		tell_inside(loop);
	else if (purpose == FOR_PERSON && !changes && !app_is_saying(loop->app))
		app_say(loop->app, MARK_GOOD, "%s",
			_("The machine was read again; it is as before."));
	else if (purpose == FOR_PLAN && app_recheck(loop->app))
		begin_plan(loop);
	write_capture(loop);
}

static void look_inside(struct loop *loop)
{
	if (loop->config->read &&
	    begin_reading(loop, FOR_INSIDE, LOOK_INSIDE, NULL))
		app_say(loop->app, MARK_NOTE, "%s",
			_("Looking into the initramfs…"));
	loop->stale = true;
}

/* A capture holds what is on the screen, and the initramfs too: where that was
 * not looked into, it waits. */
static void capture(struct loop *loop)
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
		look_inside(loop);
	if (loop->purpose != FOR_INSIDE)
		write_capture(loop);
}

/* Where the initramfs was looked into, a person who reads again wants to see
 * what became of it, too. */
static enum look look_for_person(const struct loop *loop)
{
	return app_scene(loop->app)->system->host.initramfs.known == UNREAD ?
		       LOOK_AGAIN : LOOK_INSIDE;
}

/* Do what the app asks for; false when it wants to end. */
static bool follow(struct loop *loop, enum effect effect)
{
	switch (effect) {
	case EFFECT_NONE:
		break;
	case EFFECT_QUIT:
		return false;
	case EFFECT_READ:
		load_kept(loop);
		begin_reading(loop, app_is_planning(loop->app) ? FOR_RESULT :
								 FOR_PERSON,
			      look_for_person(loop), NULL);
		break;
	case EFFECT_TAKE_BACK:
		recover(loop, false);
		break;
	case EFFECT_FINISH:
		recover(loop, true);
		break;
	case EFFECT_FORGET:
		forget(loop);
		break;
	case EFFECT_CHANGED:
		loop->changed = loop->stale = true;
		break;
	case EFFECT_AS_ROOT:
		begin_reading(loop, FOR_PERSON, LOOK_AS_ROOT, NULL);
		break;
	case EFFECT_LOOK_INSIDE:
		look_inside(loop);
		break;
	case EFFECT_WAKE:
		begin_reading(loop, FOR_PERSON, LOOK_AGAIN,
			      app_device(loop->app));
		break;
	case EFFECT_ACT:
		confirm(loop);
		break;
	case EFFECT_ASK:
		begin_asking(loop);
		break;
	case EFFECT_HEARD:	/* is taken where it comes from */
		break;
	case EFFECT_CAPTURE:
		capture(loop);
		break;
	case EFFECT_WRITE:
		write_handout(loop);
		break;
	case EFFECT_COMPARE:
		compare(loop);
		break;
	case EFFECT_KEEP:
		keep_session(loop);
		break;
	case EFFECT_COPY:
		term_copy(app_words(loop->app));
		loop->stale = true;
		break;
	case EFFECT_PAINT:
		loop->stale = true;
		break;
	}
	return true;
}

/* Take every stroke that is there. */
static bool take_keys(struct loop *loop)
{
	struct mouse mouse;

	for (int stroke; (stroke = term_key(&mouse)) != STROKE_NONE;) {
		/* The writer would wait for us: not while a plan runs. */
		if (stroke == STROKE_SUSPEND && !app_is_acting(loop->app)) {
			term_stop();
			stroke = STROKE_RESIZE;
		}
		enum effect effect = stroke == STROKE_MOUSE ?
					     app_mouse(loop->app, mouse) :
					     app_key(loop->app, stroke);
		if (!follow(loop, effect))
			return false;
	}
	return !term_is_ending();
}

static int sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int until(int64_t then_ms)
{
	int64_t left = then_ms - now_ms();

	return left > 0 ? (int)left : 0;
}

/* When what the kernel told is looked at: the first of a flock of events at
 * once, so that it is seen soon; then the flock. */
static int64_t news_ms(const struct loop *loop)
{
	if (loop->first_ms - loop->looked_ms > BUSY_MS)
		return loop->first_ms;
	int64_t quiet = loop->latest_ms + QUIET_MS;
	int64_t most = loop->first_ms + QUIET_MOST_MS;
	int64_t rest = loop->looked_ms + REST_MS;
	int64_t due = quiet < most ? quiet : most;

	return due > rest ? due : rest;
}

/* Whether news may be looked at now.  A reading that nobody asked for, and
 * that began before them, is given up for one that has them; where news never
 * end, one comes to its end all the same. */
static bool is_free(const struct loop *loop)
{
	if (app_is_planning(loop->app))
		return false;
	return loop->purpose <= FOR_LOOK ||
	       (loop->purpose == FOR_REST && until(loop->owed_ms + OWED_MS));
}

static bool is_polled(const struct loop *loop)
{
	return !loop->purpose && is_free(loop) && loop->config->watch &&
	       !app_scene(loop->app)->system->origin.lent &&
	       app_is_polled(loop->app);
}

/* How long to sleep: not at all with names to load, for good where nothing
 * is awaited. */
static int patience(const struct loop *loop)
{
	int left = app_timeout(loop->app);

	if (loop->unnamed)
		return 0;
	if (loop->purpose)
		left = sooner(left, loop->config->read_timeout(
					    loop->config->context));
	if (loop->changed && is_free(loop))
		left = sooner(left, until(news_ms(loop)));
	if (app_has_news(loop->app))
		left = sooner(left, until(loop->settle_ms));
	if (is_polled(loop))
		left = sooner(left, until(loop->looked_ms + LOOK_MS));
	return left;
}

enum { KEYS, WRITER, WATCH, READER, ASKED, DESCRIPTORS };

/* Root is not asked again and again, and what root saw stays. */
static void look_again(struct loop *loop)
{
	if (!app_scene(loop->app)->system->origin.lent) {
		begin_reading(loop, FOR_NEWS, LOOK_BRIEFLY, NULL);
		return;
	}
	app_say(loop->app, MARK_NOTE, "%s",
		_("The machine has changed: P looks again with root's eyes, "
		  "R with your own."));
	loop->stale = true;
}

static void take_news(struct loop *loop, const struct pollfd *watch)
{
	if (watch->revents && loop->config->watch(loop->config->context)) {
		loop->latest_ms = now_ms();
		if (!loop->changed)
			loop->first_ms = loop->latest_ms;
		loop->changed = true;
	}
	if (!is_free(loop))
		return;
	if (loop->changed && !until(news_ms(loop))) {
		loop->changed = false;
		loop->first_ms = loop->latest_ms = 0;
		look_again(loop);
	} else if (loop->owed_ms && !loop->purpose) {
		/* It sees whatever else was told until now. */
		loop->changed = false;
		loop->first_ms = loop->latest_ms = 0;
		if (!begin_reading(loop, FOR_REST, LOOK_AGAIN, NULL))
			loop->owed_ms = 0;
	} else if (is_polled(loop) && !until(loop->looked_ms + LOOK_MS)) {
		begin_reading(loop, FOR_LOOK, LOOK_AGAIN, NULL);
	}
}

/* Changes are marked for a moment only. */
static void settle(struct loop *loop)
{
	if (!app_has_news(loop->app) || until(loop->settle_ms))
		return;
	app_settle(loop->app);
	loop->stale = true;
}

/* Let the plan go on; when it ends badly, ask what becomes of it. */
static bool tick(struct loop *loop)
{
	enum effect effect = app_tick(loop->app);

	if (effect == EFFECT_READ || effect == EFFECT_CHANGED)
		loop->offer = true;
	return follow(loop, effect);
}

static bool turn(struct loop *loop)
{
	const struct tui_config *config = loop->config;
	struct pollfd fds[DESCRIPTORS] = {
		[KEYS] = { term_fd(), POLLIN, 0 },
		[WRITER] = { app_fd(loop->app), POLLIN, 0 },
		[WATCH] = { config->watch ? config->watch_fd : -1, POLLIN, 0 },
		[READER] = { loop->purpose ? config->read_fd(config->context) :
					     -1, POLLIN, 0 },
		[ASKED] = { app_ask_fd(loop->app), POLLIN, 0 },
	};

	if (loop->stale)
		paint(loop);
	int ready = poll(fds, DESCRIPTORS, patience(loop));
	if (ready < 0 && errno != EINTR)
		return false;
	if (ready < 0)
		fds[WATCH].revents = 0;
	/* The terminal has gone away. */
	if (ready > 0 && fds[KEYS].revents & (POLLHUP | POLLERR | POLLNVAL))
		return false;
	/* A signal may have left a stroke, such as a new size. */
	if (!take_keys(loop))
		return false;
	if (app_fd(loop->app) >= 0 || app_is_acting(loop->app))
		if (!tick(loop))
			return false;
	take_heard(loop);
	if (loop->purpose && config->read_step(config->context))
		finish_reading(loop);
	if (ready == 0 && loop->unnamed && !loop->stale)
		load_names(loop);
	take_news(loop, &fds[WATCH]);
	settle(loop);
	if (loop->offer && !loop->purpose && !app_is_planning(loop->app))
		offer(loop);
	return true;
}

/* A plan that was begun ends done or taken back, even where the terminal has
 * gone away: each of its steps has a deadline. */
static void finish(struct app *app)
{
	while (app_is_acting(app)) {
		struct pollfd writer = { app_fd(app), POLLIN, 0 };
		poll(&writer, writer.fd >= 0, app_timeout(app));
		app_tick(app);
	}
}

bool tui_run(const struct tui_config *config, struct err *err)
{
	struct arena arena = {0};
	struct loop loop = {
		.config = config, .reading = &loop.names, .stale = true,
		.unnamed = !config->scene->names, .offer = true,
	};

	if (!term_open(config->color, err))
		return false;
	loop.ascii = config->scene->ascii || !term_is_utf8();
	loop.app = app_make(&arena, config->scene);
	load_kept(&loop);
	while (turn(&loop))
		;
	write_capture(&loop);
	term_close();
	finish(loop.app);
	app_free(loop.app);
	arena_free(&loop.names);
	arena_free(&loop.kept);
	arena_free(&arena);
	return true;
}
