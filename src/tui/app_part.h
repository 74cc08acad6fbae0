// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TUI_APP_PART_H
#define TUI_APP_PART_H

#include "model/grant.h"
#include "plan/ask.h"
#include "plan/plan.h"
#include "plan/session.h"
#include "tui/app.h"
#include "tui/homes.h"
#include "tui/prompt.h"
#include "view/command.h"
#include "view/contrast.h"
#include "view/page.h"
#include "view/paint.h"
#include "view/view.h"
#include "view/view_plan.h"

/* The inside of struct app, for the files of this floor that are parts of
 * it: app.c (strokes), orders.c (commands), screen.c (what is seen), deed.c
 * (plans), deed_run.c (plans under way), deed_box.c (plans as they are
 * seen). */

enum { OPENED_MAX = 16 };

/* A page that was opened over the view. */
struct opened {
	char ref[REF_TEXT];	/* what it shows; "help" for the help */
	struct scroll scroll;
};

/* What is meant by a command. */
struct meant {
	struct arena *arena;		/* of the arrays */
	struct bdf *devices;
	size_t count, room;
	const char **mdevs;		/* mediated devices: UUIDs, the system's */
	size_t mdev_count, mdev_room;
};

/* What a page of handout.c is opened by: "export:qemu". */
#define HANDOUT_REF "export:"

/* What the last row asks for. */
enum asking {
	ASKING_NOTHING, ASKING_SEARCH, ASKING_FILTER, ASKING_COMMAND,
	ASKING_CAPTURE, ASKING_WORD, ASKING_DRIVER, ASKING_NAME,
	ASKING_FORGET, ASKING_EXPORT, ASKING_VFS,
	ASKING_QUERY,
};

/* The reference of the page of a device that is asked. */
#define QUERY_REF "inspect"

/* A device being asked what VFIO grants, or that was. */
struct query {
	struct arena arena;
	bool is_chosen;			/* .ask is made */
	struct ask ask;
	struct bdf address;
	struct inspect *inspect;	/* NULL: not under way */
	const char *record;		/* what it told */
	size_t record_len;
	const struct grant *grant;	/* what that means… */
	const char *failure;		/* …or why there is nothing */
};

/* A plan before the person's eyes, and how it goes. */
struct deed {
	struct arena arena;
	const struct plan *plan;	/* NULL: none */
	const struct system *system;	/* that it was made for */
	struct scene scene;		/* the same, with names */
	char word[BDF_TEXT];		/* to be typed; "": y is enough */
	unsigned typed;			/* how many words have been */
	bool confirmed;			/* it may be begun */
	struct act *act;		/* NULL: not begun */
	struct step_shown *steps;
	bool over;
	bool is_shown;			/* what it left is on the screen */
	enum outcome outcome;
	struct scroll scroll;
};

/* A rehearsal whose result is shown, or led to it: what it left shares its
 * texts with the machine before and with the plan. */
struct kept {
	struct act *act;
	struct arena arena;
	struct kept *before;
};

/* What changed while one looked. */
enum { FRESH_MOST = 64, CHANGES_MOST = 500 };

struct fresh {
	char ref[REF_TEXT];	/* of the subject */
	enum difference_kind kind;
};

struct news {
	struct arena arena;
	struct contrast *items;	/* oldest first */
	size_t room;
	unsigned count;
	struct changes changes;	/* the same for the view */
	struct fresh fresh[FRESH_MOST];
	unsigned fresh_count;
	bool is_said;		/* the message is about them: */
	bool waits;		/* to be said: another message stands there */
	unsigned said, more;	/* this one, and so many beside it */
};

struct app {
	struct arena *own;		/* lives as long as the app */
	struct scene scene;
	struct kept *kept;
	struct homes homes;		/* of what was rehearsed */
	struct pasts pasts;		/* what was, newest first */
	struct news news;
	struct buf handout;		/* what was last exported */
	struct session session;		/* to keep */
	struct arena spare[2];		/* readings after the first, in turn */
	unsigned turn;
	unsigned view;			/* index of the view shown */
	struct table tables[VIEW_COUNT];
	struct arena built[VIEW_COUNT];	/* rows of each table */
	bool is_built[VIEW_COUNT];
	struct scroll scrolls[VIEW_COUNT];	/* of views that are pages */
	struct opened opened[OPENED_MAX];
	unsigned opened_count;
	struct refs marked;
	enum asking asking;
	struct prompt prompt;
	char search[64];
	char message[400];
	enum mark message_mark;
	struct buf words;		/* to copy; file to capture to */
	struct bdf device;		/* to wake */
	struct deed deed;
	struct query query;
	bool stuck;			/* a step did not come back: nothing is
					 * written from then on */
	bool unread;			/* a plan was carried out, and the
					 * machine shown is the one before it:
					 * no other plan is made of that */
	struct act *held;		/* the plan of that step, once its box
					 * is closed; NULL: none */
	struct arena held_arena;
	struct arena frame;		/* pages of this stroke or painting */
	struct layout layout;
	unsigned columns, rows;		/* of the screen */
};

/* --- screen.c --- */

const struct view *screen_view(const struct app *app);
bool screen_is_list(const struct app *app);
unsigned screen_where(const struct app *app);

/* The table of the view shown, with its rows built. */
struct table *screen_table(struct app *app);

/* The page shown (the view's, or the one opened), and where one is in it. */
struct scroll *screen_page(struct app *app, struct page *page);

/* What is under the cursor as a reference in the frame's arena; NULL. */
const char *screen_ref(struct app *app);

struct situation screen_situation(struct app *app);

/* Rows that the page or the list has on the screen. */
unsigned screen_rows(const struct app *app);

/* Forget all rows: the scene has changed. */
void screen_rebuild(struct app *app);

/* Go to a view, and there to the subject that was under the cursor. */
void screen_go(struct app *app, unsigned view);

/* Open a page over the view. */
void screen_open(struct app *app, const char *ref);

void screen_paint(struct app *app, struct canvas *canvas);

/* --- orders.c --- */

/* Carry a command out, or say why not. */
enum effect order_give(struct app *app, enum command_id id);

/* Go to the next row that holds what was last searched for. */
enum effect order_search(struct app *app, bool back);

/* --- meant.c --- */

/* Add the marked devices, else those under the cursor. */
void meant_find(struct app *app, struct meant *meant);

/* --- handout.c --- */

/* Export what is meant: "qemu", or "qemu FILE". */
enum effect handout_make(struct app *app, const char *words);
bool handout_is_shown(const struct app *app);
const char *const *handout_words(struct app *app);	/* NULL-ended */
void handout_page(struct app *app, struct page *page);
void handout_free(struct app *app);

/* --- news.c --- */

/* Give names to what was told before they were loaded. */
void news_name(struct app *app);

/* After a stroke: say what waited for it, where that says nothing itself. */
void news_tell(struct app *app);

/* Return what the row of @ref is marked with as changed, or NULL. */
const char *news_sign(const struct app *app, const char *ref);
void news_free(struct app *app);

/* --- query.c --- */

/* Choose what is under the cursor, and ask whether it may be opened. */
enum effect query_begin(struct app *app);
enum effect query_answer(struct app *app);	/* the answer was typed */
void query_leave(struct app *app);		/* Esc instead */
void query_page(struct app *app, struct page *page);
void query_follow(struct app *app);	/* the scene has changed */
void query_free(struct app *app);

/* The device that it is about, as a reference in the frame's arena; NULL. */
const char *query_ref(struct app *app);

/* --- deed.c --- */

/* For those who make plans (deed_parts.c): an empty intent in the plan's
 * arena; fill it with what is marked, or under the cursor, or say that there
 * is nothing; show its plan; or say why there is none. */
struct intent *deed_start(struct app *app);
bool deed_choose(struct app *app, struct intent *intent);
enum effect deed_show(struct app *app, const struct intent *intent);
enum effect deed_give_up(struct app *app, const struct err *err);

/* Make the plan for what is marked, or under the cursor, and show it;
 * @driver of BIND. */
enum effect deed_plan(struct app *app, enum intent_kind kind,
		      const char *driver);
enum effect deed_edit(struct app *app, const struct edit *edit);
enum effect deed_toggle(struct app *app, const struct session *session);
enum effect deed_undo(struct app *app);

/* The same for what changes no driver (deed_parts.c). */
enum effect deed_vfs(struct app *app, unsigned count);
enum effect deed_power(struct app *app);
enum effect deed_create(struct app *app);
enum effect deed_remove(struct app *app);

/* Make a session of what is marked, or under the cursor. */
enum effect deed_keep(struct app *app, const char *name);

/* The first device that is marked, or under the cursor; NULL. */
const struct device *deed_device(struct app *app);
bool deed_is_asking(const struct app *app);	/* whether it can be done */
bool deed_can_unload(const struct app *app);	/* by modules, if asked */
enum effect deed_unload(struct app *app);	/* m */
enum effect deed_confirm(struct app *app);	/* y */
enum effect deed_word(struct app *app);		/* the word was typed */
enum effect deed_leave(struct app *app);	/* Esc */

/* Whether the plan shown recovers an earlier action and is not begun. */
bool deed_is_recovery(const struct app *app);

/* --- deed_box.c --- */

void deed_move(struct app *app, int by);
void deed_paint(struct app *app, struct canvas *canvas);

/* --- deed_run.c --- */

void deed_free(struct app *app);

/* Give up watching the step that is stuck. */
void deed_let_go(struct app *app);

/* Give up all rehearsals: nothing of them is shown any more. */
void deed_forget(struct app *app);

#endif
