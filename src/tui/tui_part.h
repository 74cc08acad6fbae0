// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TUI_TUI_PART_H
#define TUI_TUI_PART_H

#include <stdint.h>

#include "base/arena.h"
#include "tui/app.h"
#include "tui/tui.h"

/*
 * The inside of the loop, for its files: tui.c (waits, and does what the app
 * wants), tui_read.c (reads the machine), tui_wait.c (when that is), tui_act.c
 * (plans, and the terminal that is lent), tui_keep.c (files).
 */

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
	bool returned;			/* the kernel came back from a stuck
					 * step, and that was not asked about
					 * yet */
	bool finishes;			/* what is shown of an unfinished action
					 * is its rest, else its way back */
	unsigned looks;			/* since then, at a device that has not
					 * answered again */
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

/* Now, by a clock that is never set; how long it is until then, 0 when that is
 * past.  In milliseconds. */
int64_t loop_now(void);
int loop_until(int64_t then_ms);

/* --- reading --- */

/* Begin to read again.  False when the person was told why not. */
bool loop_read(struct loop *loop, enum purpose purpose, enum look look,
	       const struct bdf *wake);
void loop_look_inside(struct loop *loop);

/* How to look: what was read with root's eyes is looked at again with them;
 * a person who reads again wants to see what became of the initramfs, too,
 * where that was looked into. */
enum look loop_look(const struct loop *loop, enum look look);
enum look loop_look_for_person(const struct loop *loop);

/* A reading is over: show it, and do what it was for. */
void loop_take(struct loop *loop);

/* Load the names that the devices of the reading still lack. */
void loop_name(struct loop *loop);

/* --- waiting --- */

/* For how many milliseconds there is nothing to do; -1: for good. */
int loop_patience(const struct loop *loop);

/* Take news of the machine, where the kernel @told some, and begin to read what
 * is due. */
void loop_take_news(struct loop *loop, bool told);

/* Changes are marked for a moment only. */
void loop_settle(struct loop *loop);

/* Whether a device still does not answer though the kernel has come back: then
 * it is looked at again before anything is asked about it, not for ever. */
bool loop_awaits_answer(struct loop *loop);

/* --- acting --- */

/* A plan was confirmed for the machine as it was shown: look once more, and
 * have it done to a machine that still is so; or at once. */
void loop_confirm(struct loop *loop);
bool loop_is_still_so(struct loop *loop);
void loop_act(struct loop *loop);

/* Have a device asked, and go on with that. */
void loop_ask(struct loop *loop);
void loop_hear(struct loop *loop);

/* An action that did not come to its end: show what can be done, ask by itself
 * where there is one, forget it. */
void loop_recover(struct loop *loop, bool finish);
void loop_offer(struct loop *loop);
void loop_forget(struct loop *loop);

/* --- files --- */

/* Look again at the sessions and at what was done. */
void loop_load(struct loop *loop);

/* Keep a session; write what is handed out; compare with another reading. */
void loop_keep(struct loop *loop);
void loop_hand_out(struct loop *loop);
void loop_compare(struct loop *loop);

/* A capture holds what is on the screen, and the initramfs too: where that was
 * not looked into, it waits.  Write the one that waits, if one does. */
void loop_capture(struct loop *loop);
void loop_write(struct loop *loop);

#endif
