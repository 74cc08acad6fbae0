// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loop: waits for a stroke, the writer or news of the machine, and
 * otherwise sleeps.  What a stroke means is app.c's.
 */
#include "tui/tui_part.h"

#include <errno.h>
#include <poll.h>

#include "tui/term.h"

enum { KEYS, WRITER, WATCH, READER, ASKED, DESCRIPTORS };

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

/* Do what the app asks for; false when it wants to end. */
static bool follow(struct loop *loop, enum effect effect)
{
	switch (effect) {
	case EFFECT_NONE:
		break;
	case EFFECT_QUIT:
		return false;
	case EFFECT_READ:
		loop_load(loop);
		loop_read(loop, app_is_planning(loop->app) ? FOR_RESULT :
								 FOR_PERSON,
			      loop_look_for_person(loop), NULL);
		break;
	case EFFECT_TAKE_BACK:
		loop_recover(loop, false);
		break;
	case EFFECT_FINISH:
		loop_recover(loop, true);
		break;
	case EFFECT_FORGET:
		loop_forget(loop);
		break;
	case EFFECT_CHANGED:
		loop->changed = loop->stale = true;
		break;
	case EFFECT_AS_ROOT:
		loop_read(loop, FOR_PERSON, LOOK_AS_ROOT, NULL);
		break;
	case EFFECT_LOOK_INSIDE:
		loop_look_inside(loop);
		break;
	case EFFECT_WAKE:
		loop_read(loop, FOR_PERSON, LOOK_AGAIN,
			      app_device(loop->app));
		break;
	case EFFECT_ACT:
		loop_confirm(loop);
		break;
	case EFFECT_ASK:
		loop_ask(loop);
		break;
	case EFFECT_HEARD:	/* is taken where it comes from */
		break;
	case EFFECT_CAPTURE:
		loop_capture(loop);
		break;
	case EFFECT_WRITE:
		loop_hand_out(loop);
		break;
	case EFFECT_COMPARE:
		loop_compare(loop);
		break;
	case EFFECT_KEEP:
		loop_keep(loop);
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

/* Let the plan go on; when it ends badly, ask what becomes of it. */
static bool tick(struct loop *loop)
{
	enum effect effect = app_tick(loop->app);

	if (effect == EFFECT_READ || effect == EFFECT_CHANGED)
		loop->offer = true;
	if (effect == EFFECT_CHANGED) {
		loop->returned = true;
		loop->looks = 0;
	}
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
	int ready = poll(fds, DESCRIPTORS, loop_patience(loop));
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
	loop_hear(loop);
	if (loop->purpose && config->read_step(config->context))
		loop_take(loop);
	if (ready == 0 && loop->unnamed && !loop->stale)
		loop_name(loop);
	loop_take_news(loop, fds[WATCH].revents != 0);
	loop_settle(loop);
	if (loop->offer && !loop->purpose && !app_is_planning(loop->app) &&
	    !loop_awaits_answer(loop))
		loop_offer(loop);
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
	loop_load(&loop);
	while (turn(&loop))
		;
	loop_write(&loop);
	term_close();
	finish(loop.app);
	app_free(loop.app);
	arena_free(&loop.names);
	arena_free(&loop.kept);
	arena_free(&arena);
	return true;
}
