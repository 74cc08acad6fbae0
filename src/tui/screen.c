// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is seen: the view, the page opened over it, the detail beside it.  It
 * takes no strokes.
 */
#include "tui/app_part.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "plan/choice.h"
#include "view/detail.h"
#include "view/explain.h"
#include "view/ref.h"
#include "view/topic.h"
#include "view/view.h"
#include "view/view_history.h"
#include "view/view_mdev.h"

const struct view *screen_view(const struct app *app)
{
	return view_at(app->view);
}

bool screen_is_list(const struct app *app)
{
	return !app->opened_count && !screen_view(app)->page;
}

unsigned screen_where(const struct app *app)
{
	if (deed_is_recovery(app))
		return WHERE_PLAN | WHERE_RECOVERY;
	if (app->deed.plan)
		return WHERE_PLAN;
	return screen_is_list(app) ? WHERE_LIST : WHERE_PAGE;
}

void screen_rebuild(struct app *app)
{
	memset(app->is_built, 0, sizeof app->is_built);
}

static void build_table(struct app *app, unsigned index)
{
	const struct view *view = view_at(index);
	struct arena old = app->built[index];
	struct rows rows = { .arena = &app->built[index] };

	app->built[index] = (struct arena){0};
	view->build(&app->scene, &rows);
	table_take(&app->tables[index], view->columns, view->column_count,
		   &rows);
	app->is_built[index] = true;
	arena_free(&old);
}

struct table *screen_table(struct app *app)
{
	if (!app->is_built[app->view])
		build_table(app, app->view);
	return &app->tables[app->view];
}

/* Columns that a page has: the list's side where a detail stands beside. */
static unsigned page_columns(const struct app *app)
{
	int columns = app->opened_count ? app->layout.body.columns :
					  app->layout.list.columns;

	/* Long lines tire; a page needs no more than a book's two. */
	if (columns > 120)
		columns = 120;
	return columns > 2 ? (unsigned)columns - 1 : 1;
}

static void build_page(struct app *app, struct page *page)
{
	if (!app->opened_count) {
		screen_view(app)->page(&app->scene, page);
		return;
	}
	const struct opened *opened = &app->opened[app->opened_count - 1];
	if (strcmp(opened->ref, "help") == 0) {
		/* What is possible is told for what the help covers. */
		app->opened_count--;
		struct situation situation = screen_situation(app);
		app->opened_count++;
		command_help(&situation, page);
		page_gap(page);
		page_indent(page, 1, 1);
		page_title(page, _("Questions"));
		page_indent(page, 2, 2);
		topic_list(page);
		return;
	}
	if (handout_is_shown(app)) {
		handout_page(app, page);
		return;
	}
	page_indent(page, 1, 1);
	if (strcmp(opened->ref, QUERY_REF) == 0)
		query_page(app, page);
	else
		explain_open(&app->scene, opened->ref, page);
}

struct scroll *screen_page(struct app *app, struct page *page)
{
	struct scroll *scroll = app->opened_count ?
		&app->opened[app->opened_count - 1].scroll :
		&app->scrolls[app->view];

	page_start(page, &app->frame, page_columns(app));
	build_page(app, page);
	page_keep(page, scroll, screen_rows(app));
	return scroll;
}

/* A row's subject; a row that is about none has no reference. */
static const char *row_ref(struct app *app, const struct row *row)
{
	char ref[REF_TEXT];

	if (row->open)
		return row->open;
	if (text_starts(row->ref, "session:") || mdev_is_ref(row->ref) ||
	    text_starts(row->ref, PAST_REF))
		return row->ref;
	if (!row->finding && row->subject.scope == SCOPE_SYSTEM)
		return NULL;
	ref_print(app->scene.system,
		  row->finding ? row->finding->subject : row->subject,
		  row->finding ? row->finding->rule : NULL, ref);
	return arena_text(&app->frame, ref);
}

const char *screen_ref(struct app *app)
{
	struct page page;

	if (screen_is_list(app)) {
		const struct row *row = table_current(screen_table(app));
		return row ? row_ref(app, row) : NULL;
	}
	struct scroll *scroll = screen_page(app, &page);
	const char *ref = page_ref(&page, scroll);
	if (ref)
		return ref;
	/* An opened page is about something even between its links. */
	const char *about = app->opened_count ?
		app->opened[app->opened_count - 1].ref : "help";
	if (strcmp(about, QUERY_REF) == 0)
		return query_ref(app);
	return strcmp(about, "help") != 0 ? about : NULL;
}

struct situation screen_situation(struct app *app)
{
	return (struct situation){
		.scene = &app->scene, .where = screen_where(app),
		.ref = app->deed.plan ? NULL : screen_ref(app),
		.marked = app->marked.count,
		.busy = app_is_acting(app), .stuck = app->stuck,
		.unread = app->unread,
		.asked = deed_is_asking(app),
		.modules = deed_can_unload(app),
	};
}

/* Whether a sentence stands above the list. */
static bool has_head(const struct app *app)
{
	return screen_is_list(app) && screen_view(app)->head != NULL;
}

unsigned screen_rows(const struct app *app)
{
	int rows = app->layout.body.rows - (screen_is_list(app) ? 1 : 0) -
		   has_head(app);

	return rows > 0 ? (unsigned)rows : 1;
}

void screen_go(struct app *app, unsigned view)
{
	const char *ref = screen_ref(app);

	app->opened_count = 0;
	app->view = view;
	if (ref && !screen_view(app)->page)
		table_seek(screen_table(app), ref);
}

void screen_open(struct app *app, const char *ref)
{
	if (app->opened_count && strcmp(app->opened[app->opened_count - 1].ref,
					ref) == 0)
		return;
	if (app->opened_count == OPENED_MAX) {
		memmove(app->opened, app->opened + 1,
			sizeof app->opened - sizeof *app->opened);
		app->opened_count--;
	}
	struct opened *opened = &app->opened[app->opened_count++];
	*opened = (struct opened){0};
	snprintf(opened->ref, sizeof opened->ref, "%s", ref);
}

/* The detail of what is under the cursor, beside the list or below it. */
static void paint_pane(struct app *app, struct canvas *canvas,
		       const char *ref)
{
	struct rect area = app->layout.pane;
	bool beside = area.x > 0;
	struct page page;

	if (beside)
		canvas_upright(canvas, area.x - 1, area.y, area.rows);
	else
		canvas_rule(canvas, area.x, area.y - 1, area.columns);
	/* What a view has is seen in it. */
	if (ref && view_of_ref(ref) != NONE)
		ref = NULL;
	page_start(&page, &app->frame, (unsigned)area.columns - 2);
	explain_open(&app->scene, ref ? ref : "system", &page);
	area.x++;
	area.columns -= 2 - beside;
	page_paint(&page, canvas, area, NULL);
}

/* Why a list is empty; where the machine is to blame, the cause as well. */
static void explain_empty(struct app *app, struct page *page)
{
	const struct view *view = screen_view(app);

	if (*screen_table(app)->filter) {
		page_printf(page, ROLE_TEXT,
			    _("Nothing holds \"%s\"; Esc shows all again."),
			    screen_table(app)->filter);
		page_end(page);
		return;
	}
	page_add(page, ROLE_TEXT, view_empty(view, &app->scene, &app->frame));
	page_end(page);
	if (app->layout.pane.columns ||
	    findings_overall(app->scene.findings, NULL) != OVERALL_BLOCKED)
		return;
	page_gap(page);
	detail_page(&app->scene, "system", page);
}

/* Draw the sentence above a list, and give the list the rest. */
static void paint_head(struct app *app, struct canvas *canvas)
{
	struct rect *area = &app->layout.list;
	struct text head = screen_view(app)->head(&app->scene, &app->frame);

	canvas_put(canvas, area->x + 1, area->y, area->columns - 2, head.role,
		   head.text);
	area->y++;
	area->rows--;
}

static const char *sign_of_row(const void *context, const char *ref)
{
	return news_sign(context, ref);
}

static void paint_list(struct app *app, struct canvas *canvas)
{
	struct table *table = screen_table(app);
	struct rect area = app->layout.list;
	struct page page;

	if (table->count) {
		const struct paint_marks marks = {
			.marked = &app->marked, .changed = sign_of_row,
			.context = app,
		};
		paint_table(canvas, area, table, &marks);
		return;
	}
	page_start(&page, &app->frame, (unsigned)area.columns - 2);
	page_indent(&page, 1, 1);
	explain_empty(app, &page);
	page_paint(&page, canvas, area, NULL);
}

static void paint_page(struct app *app, struct canvas *canvas)
{
	struct rect area = app->opened_count ? app->layout.body :
					       app->layout.list;
	struct page page;
	struct scroll *scroll = screen_page(app, &page);

	page_paint(&page, canvas, area, scroll);
}

static const char *const labels[] = {
	[ASKING_SEARCH] = "/", [ASKING_FILTER] = N_("filter: "),
	[ASKING_COMMAND] = ":", [ASKING_CAPTURE] = N_("capture to: "),
	[ASKING_DRIVER] = N_(" driver: "), [ASKING_NAME] = N_(" keep as: "),
	[ASKING_VFS] = N_(" how many virtual functions (0: none): "),
	[ASKING_EXPORT] = N_(" export: "),
};

/* The commands that begin with what was typed, beside it. */
static void paint_candidates(struct app *app, struct canvas *canvas)
{
	struct rect area = app->layout.bar;
	int x = canvas->cursor_x + 3, end = area.x + area.columns;

	if (text_starts(app->prompt.text, "explain "))
		for (const struct topic *topic = topics; topic->id && x < end;
		     topic++)
			if (text_starts(topic->id, app->prompt.text +
						   strlen("explain ")))
				x += 2 + canvas_put(canvas, x, area.y, end - x,
						    ROLE_DIM, topic->id);
	for (int i = 0; *app->prompt.text && i < COMMAND_COUNT && x < end; i++)
		if (text_starts(commands[i].name, app->prompt.text))
			x += 2 + canvas_put(canvas, x, area.y, end - x,
					    ROLE_DIM, commands[i].name);
}

/* Of what could be meant, what begins with what was typed. */
static void paint_words(struct app *app, struct canvas *canvas,
			const char *const *words)
{
	struct rect area = app->layout.bar;
	int x = canvas->cursor_x + 3, end = area.x + area.columns;

	for (; *words && x < end; words++)
		if (text_starts(*words, app->prompt.text))
			x += 2 + canvas_put(canvas, x, area.y, end - x,
					    ROLE_DIM, *words);
}

static void paint_drivers(struct app *app, struct canvas *canvas)
{
	const char *names[CHOICE_MOST] = {0};
	const struct device *device = deed_device(app);

	if (device)
		choice_drivers(app->scene.system, device, names, &app->frame);
	paint_words(app, canvas, names);
}

/* In the bar, and as far above it as a long one needs: its end says what to
 * do. */
static void paint_message(struct app *app, struct canvas *canvas)
{
	enum { MOST_ROWS = 6 };
	struct rect area = app->layout.bar;
	struct page page;

	page_start(&page, &app->frame, (unsigned)area.columns - 2);
	page_marked(&page, app->message_mark, sign_role(app->message_mark),
		    app->message);
	area.rows = page.count < MOST_ROWS ? (int)page.count : MOST_ROWS;
	area.y -= area.rows - 1;
	canvas_blank(canvas, area);
	area.x++;
	area.columns -= 2;
	page_paint(&page, canvas, area, NULL);
}

static void paint_bar(struct app *app, struct canvas *canvas)
{
	struct rect area = app->layout.bar;
	struct situation situation = screen_situation(app);

	if (app->asking == ASKING_WORD) {
		char label[64];
		snprintf(label, sizeof label, _(" type %s to go on: "),
			 app->deed.word);
		prompt_paint(&app->prompt, canvas, area, label);
	} else if (app->asking == ASKING_QUERY) {
		prompt_paint(&app->prompt, canvas, area,
			     _(" open it, and so reset it? type y: "));
	} else if (app->asking == ASKING_FORGET) {
		prompt_paint(&app->prompt, canvas, area,
			     _(" type forget to go on: "));
	} else if (app->asking) {
		prompt_paint(&app->prompt, canvas, area,
			     _(labels[app->asking]));
		if (app->asking == ASKING_COMMAND)
			paint_candidates(app, canvas);
		if (app->asking == ASKING_DRIVER)
			paint_drivers(app, canvas);
		if (app->asking == ASKING_EXPORT)
			paint_words(app, canvas, handout_words(app));
	} else if (*app->message) {
		paint_message(app, canvas);
	} else {
		command_bar(canvas, area, &situation);
	}
}

/* What narrows the list and how much of it is out of sight, where it would
 * be missed. */
static void paint_state(struct app *app, struct canvas *canvas)
{
	struct rect area = app->layout.tabs;
	struct table *table = screen_is_list(app) ? screen_table(app) : NULL;
	struct buf text = {0};

	if (app->marked.count)
		buf_printf(&text, _(" %u marked "), app->marked.count);
	if (table && *table->filter)
		buf_printf(&text, _(" filter: %s "), table->filter);
	if (table && (*table->filter || table->count > screen_rows(app)))
		buf_printf(&text, " %zu/%zu ",
			   table->count ? table->at + 1 : 0, table->count);
	int columns = (int)text_width(buf_str(&text));
	int y = app->layout.body.y - 1;
	if (columns)
		canvas_put(canvas, area.x + area.columns - columns, y, columns,
			   ROLE_MARKED, buf_str(&text));
	buf_free(&text);
}

void screen_paint(struct app *app, struct canvas *canvas)
{
	app->columns = canvas->columns;
	app->rows = canvas->rows;
	if (canvas->columns < SMALLEST_COLUMNS ||
	    canvas->rows < SMALLEST_ROWS) {
		paint_too_small(canvas);
		return;
	}
	paint_layout(&app->layout, canvas->columns, canvas->rows,
		     !app->opened_count);
	if (screen_is_list(app) && screen_table(app)->count)
		paint_layout_below(&app->layout, screen_table(app)->count + 1 +
							 has_head(app));
	paint_status(canvas, app->layout.status, &app->scene);
	paint_tabs(canvas, &app->layout, screen_view(app));
	if (has_head(app) && screen_table(app)->count)
		paint_head(app, canvas);
	if (screen_is_list(app))
		paint_list(app, canvas);
	else
		paint_page(app, canvas);
	if (app->layout.pane.columns)
		paint_pane(app, canvas, screen_ref(app));
	paint_state(app, canvas);
	if (app->deed.plan)
		deed_paint(app, canvas);
	paint_bar(app, canvas);
}
