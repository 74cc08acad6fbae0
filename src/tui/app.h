// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TUI_APP_H
#define TUI_APP_H

#include "act/act.h"
#include "base/arena.h"
#include "base/err.h"
#include "model/grant.h"
#include "view/canvas.h"
#include "view/scene.h"
#include "view/sign.h"
#include "view/stroke.h"

/*
 * The interface without its terminal: strokes in, a canvas out.  Nothing
 * here reads, writes or waits; what must be done outside is asked for by an
 * effect.  The only thing it starts is a plan, through act/act.h, and only
 * when app_begin is called.
 */
struct app;
struct pasts;
struct session;
struct sessions;

enum effect {
	EFFECT_NONE,
	EFFECT_PAINT,		/* what is shown has changed */
	EFFECT_QUIT,
	EFFECT_READ,		/* read the machine again, then app_show */
	EFFECT_CHANGED,		/* the same, once no plan is shown */
	EFFECT_AS_ROOT,		/* the same, with root's eyes */
	EFFECT_LOOK_INSIDE,	/* the same, and into the initramfs */
	EFFECT_WAKE,		/* the same, and read app_device even asleep */
	EFFECT_ACT,		/* call app_begin */
	EFFECT_ASK,		/* call app_ask */
	EFFECT_HEARD,		/* call app_granted with what app_heard means */
	EFFECT_TAKE_BACK,	/* call app_recover with the plan that takes the
				 * interrupted action back */
	EFFECT_FINISH,		/* the same, with the one that finishes it */
	EFFECT_FORGET,		/* forget it, and call app_recover with NULL */
	EFFECT_CAPTURE,		/* write a capture to app_words */
	EFFECT_WRITE,		/* write app_handout to the file app_words */
	EFFECT_COMPARE,		/* read the machine that app_words names, and call
				 * app_compare */
	EFFECT_COPY,		/* give app_words to the clipboard */
	EFFECT_KEEP,		/* keep app_session as a file */
};

/* Make an app in @arena that shows @scene, which stays the caller's and must
 * live as long. */
struct app *app_make(struct arena *arena, const struct scene *scene);
void app_free(struct app *app);

/*
 * Return an empty arena for the next reading.  What is read into it is shown
 * by app_show, which gives up the reading before the last.
 */
struct arena *app_spare(struct app *app);

/* Show another scene: of the same machine, later.  Cursors, marks, folds and
 * opened pages stay on their subjects. */
void app_show(struct app *app, const struct scene *scene);

/*
 * The same with what was read just now, at @when ("14:03:07"): what differs
 * from what was shown is kept in the log of changes and marked for a moment,
 * until app_settle.  Returns how much differs.
 */
unsigned app_renew(struct app *app, const struct scene *scene,
		   const char *when);

/* Whether something is marked as changed; show it as all else again. */
bool app_has_news(const struct app *app);
void app_settle(struct app *app);

/* Whether what is shown now changes without the kernel telling: it should be
 * read again from time to time. */
bool app_is_polled(const struct app *app);

/* Compare with another reading, from now on; it must live as long.  NULL: with
 * none. */
void app_compare(struct app *app, const struct scene *other);

/* Give the names that were loaded late. */
void app_name(struct app *app, const struct names *names);

/* What is shown now, as the app holds it. */
const struct scene *app_scene(const struct app *app);

/* Take a stroke, or what the mouse did. */
enum effect app_key(struct app *app, int stroke);
enum effect app_mouse(struct app *app, struct mouse mouse);

/* Draw everything; the canvas' size is the screen's from now on. */
void app_paint(struct app *app, struct canvas *canvas);

/* What EFFECT_CAPTURE and EFFECT_COPY are about, and EFFECT_WAKE. */
const char *app_words(const struct app *app);
const struct bdf *app_device(const struct app *app);

/* What EFFECT_WRITE is about. */
const char *app_handout(const struct app *app);

/* What EFFECT_KEEP is about; it lives until the next one. */
struct session *app_session(struct app *app);

/* Give the sessions that are kept, and of a live machine what was done; they
 * stay the caller's and must live as long as the app. */
void app_kept(struct app *app, const struct sessions *sessions,
	      const struct pasts *pasts);

/* Say something in the last row, until the next stroke: news of the machine
 * waits for that too. */
void app_say(struct app *app, enum mark mark, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether something stands there that is no news of the machine. */
bool app_is_saying(const struct app *app);

/*
 * Make the plan that was confirmed again, of the machine as it is shown now.
 * False, and the new one is before the person's eyes, when it is another:
 * the machine has changed under them, and they are asked again.
 */
bool app_recheck(struct app *app);

/*
 * Show a plan that recovers an earlier action; it is in @arena, which the app
 * takes over.  NULL: there is none any more.
 */
void app_recover(struct app *app, const struct plan *plan, struct arena arena);

/* Whether the plan shown recovers an earlier action: app_recheck cannot make it
 * again, for its steps are the journal's. */
bool app_is_recovering(const struct app *app);

/* What app_recheck does, for a plan that recovers: @plan is the same, made again
 * in @arena, which the app takes over; NULL, and *err: why it cannot be. */
bool app_recover_again(struct app *app, const struct plan *plan,
		       struct arena arena, const struct err *err);

/* Start the plan that was confirmed; @interactive as for act_start. */
void app_begin(struct app *app, bool interactive);

/* Whether a plan is being carried out; its descriptor and its patience. */
bool app_is_acting(const struct app *app);
int app_fd(const struct app *app);
int app_timeout(const struct app *app);

/* Whether the writer has begun, or is over: it asks for no password any
 * more. */
bool app_has_begun(const struct app *app);

/* Let the plan go on. */
/* Ask the device that was chosen what VFIO grants (EFFECT_ASK); then go on
 * whenever the descriptor (-1: none) is readable. */
void app_ask(struct app *app, bool interactive);
int app_ask_fd(const struct app *app);
enum effect app_ask_tick(struct app *app);

/* Whether rights were given, or refused. */
bool app_ask_has_begun(const struct app *app);

/* What it told, and the arena for what that means (EFFECT_HEARD). */
struct app_heard {
	const char *record;
	size_t len;
	struct arena *arena;
};
struct app_heard app_heard(struct app *app);

/* Show it; NULL: it makes no sense. */
void app_granted(struct app *app, const struct grant *grant);

enum effect app_tick(struct app *app);

/* Whether another reading should not be shown now: a plan is before the
 * person's eyes. */
bool app_is_planning(const struct app *app);

#endif
