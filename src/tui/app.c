// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Strokes into commands, commands into a change of what is shown or an effect
 * outside.  It reads nothing and draws nothing itself.
 */
#include "tui/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/app_part.h"
#include "view/label.h"
#include "view/ref.h"
#include "view/verdict.h"
#include "view/view.h"

struct app *app_make(struct arena *arena, const struct scene *scene)
{
	struct app *app = arena_alloc(arena, sizeof *app);

	app->own = arena;
	app->scene = *scene;
	app->columns = 80;
	app->rows = 24;
	paint_layout(&app->layout, app->columns, app->rows, true);
	return app;
}

void app_free(struct app *app)
{
	deed_free(app);
	deed_forget(app);
	for (unsigned i = 0; i < VIEW_MAX; i++) {
		table_free(&app->tables[i]);
		arena_free(&app->built[i]);
	}
	arena_free(&app->spare[0]);
	arena_free(&app->spare[1]);
	arena_free(&app->frame);
	refs_free(&app->marked);
	buf_free(&app->words);
}

struct arena *app_spare(struct app *app)
{
	app->turn = !app->turn;
	arena_free(&app->spare[app->turn]);
	return &app->spare[app->turn];
}

void app_show(struct app *app, const struct scene *scene)
{
	app->scene = *scene;
	screen_rebuild(app);
	if (!app->deed.is_shown)
		deed_forget(app);
}

void app_name(struct app *app, const struct names *names)
{
	app->scene.names = names;
	screen_rebuild(app);
}

const struct scene *app_scene(const struct app *app)
{
	return &app->scene;
}

const char *app_words(const struct app *app)
{
	return buf_str(&app->words);
}

const struct bdf *app_device(const struct app *app)
{
	return &app->device;
}

void app_say(struct app *app, enum mark mark, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(app->message, sizeof app->message, format, args);
	va_end(args);
	app->message_mark = mark;
}

static enum effect ask(struct app *app, enum asking asking, const char *text)
{
	app->asking = asking;
	prompt_start(&app->prompt, text);
	return EFFECT_PAINT;
}

/* --- moving --- */

static enum effect move(struct app *app, int by)
{
	struct page page;

	if (app->deed.plan) {
		deed_move(app, by);
	} else if (screen_is_list(app)) {
		table_move(screen_table(app), by);
	} else {
		struct scroll *scroll = screen_page(app, &page);
		page_move(&page, scroll, screen_rows(app), by);
	}
	return EFFECT_PAINT;
}

enum { VERY_FAR = 1 << 20 };

static enum effect do_up(struct app *app) { return move(app, -1); }
static enum effect do_down(struct app *app) { return move(app, 1); }
static enum effect do_first(struct app *app) { return move(app, -VERY_FAR); }
static enum effect do_last(struct app *app) { return move(app, VERY_FAR); }

static enum effect do_page_up(struct app *app)
{
	return move(app, -(int)(screen_rows(app) > 2 ? screen_rows(app) - 1 :
						       2));
}

static enum effect do_page_down(struct app *app)
{
	return move(app, screen_rows(app) > 2 ? (int)screen_rows(app) - 1 : 2);
}

static enum effect do_open(struct app *app)
{
	const char *ref = screen_ref(app);

	if (ref)
		screen_open(app, ref);
	return EFFECT_PAINT;
}

/* Esc takes back one thing at a time, the last one first. */
static enum effect do_back(struct app *app)
{
	if (app->deed.plan)
		return deed_leave(app);
	if (app->opened_count) {
		app->opened_count--;
	} else if (screen_is_list(app) && *screen_table(app)->filter) {
		table_filter(screen_table(app), "");
	} else if (app->marked.count) {
		refs_empty(&app->marked);
	} else {
		return EFFECT_NONE;
	}
	return EFFECT_PAINT;
}

static enum effect do_fold(struct app *app)
{
	table_fold(screen_table(app), true);
	return EFFECT_PAINT;
}

static enum effect do_unfold(struct app *app)
{
	table_fold(screen_table(app), false);
	return EFFECT_PAINT;
}

static enum effect do_fold_turn(struct app *app)
{
	struct table *table = screen_table(app);

	table_fold(table, !table_is_folded(table, table->at));
	return EFFECT_PAINT;
}

/* --- lists --- */

static enum effect do_search(struct app *app)
{
	return ask(app, ASKING_SEARCH, "");
}

static enum effect search(struct app *app, bool back)
{
	if (!*app->search)
		return ask(app, ASKING_SEARCH, "");
	if (!table_search(screen_table(app), app->search, back))
		app_say(app, MARK_WARN, _("Nothing here holds \"%s\"."),
			app->search);
	return EFFECT_PAINT;
}

static enum effect do_search_next(struct app *app)
{
	return search(app, false);
}

static enum effect do_search_back(struct app *app)
{
	return search(app, true);
}

static enum effect do_filter(struct app *app)
{
	return ask(app, ASKING_FILTER, screen_table(app)->filter);
}

static enum effect do_sort(struct app *app)
{
	struct table *table = screen_table(app);
	int next = table->sort + 1;

	if (next >= (int)table->column_count)
		next = NONE;
	table_sort(table, next, false);
	if (next == NONE)
		app_say(app, MARK_NOTE, "%s", _("As the machine has it."));
	else
		app_say(app, MARK_NOTE, _("Sorted by: %s."),
			*table->columns[next].title ?
				_(table->columns[next].title) :
				table->columns[next].id);
	return EFFECT_PAINT;
}

static enum effect do_sort_turn(struct app *app)
{
	struct table *table = screen_table(app);

	table_sort(table, table->sort == NONE ? 0 : table->sort,
		   !table->descending);
	return EFFECT_PAINT;
}

/* --- devices --- */

static enum effect do_mark(struct app *app)
{
	const struct row *row = table_current(screen_table(app));

	if (row)
		refs_turn(&app->marked, row->ref);
	table_move(screen_table(app), 1);
	return EFFECT_PAINT;
}

static enum effect do_bind(struct app *app)
{
	return deed_plan(app, INTENT_BIND);
}

static enum effect do_restore(struct app *app)
{
	return deed_plan(app, INTENT_RESTORE);
}

static enum effect do_wake(struct app *app)
{
	const struct finding *finding;
	const char *ref = screen_ref(app);
	struct subject subject;

	if (!ref || !ref_find(&app->scene, ref, &subject, &finding))
		return EFFECT_NONE;
	app->device = app->scene.system->devices[subject.index].address;
	return EFFECT_WAKE;
}

/* What most deserves to be explained about what is under the cursor. */
static const struct finding *worth_explaining(struct app *app,
					      const char *ref)
{
	const struct findings *findings = app->scene.findings;
	const struct finding *named, *best = NULL;
	struct subject subject;

	if (!ref || !ref_find(&app->scene, ref, &subject, &named))
		return findings_cause(findings);
	if (named)
		return named;
	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *each = &findings->items[i];
		bool bad = each->verdict == VERDICT_FAIL ||
			   each->verdict == VERDICT_CANNOT_TELL;
		if (each->under || !bad ||
		    !findings_concern(findings, each, subject))
			continue;
		/* Its own come before those of the machine. */
		if (subject_is_same(each->subject, subject))
			return each;
		if (!best)
			best = each;
	}
	return best;
}

static enum effect do_explain(struct app *app)
{
	const struct finding *finding = worth_explaining(app, screen_ref(app));
	char ref[REF_TEXT];

	if (!finding) {
		app_say(app, MARK_GOOD, "%s",
			_("Nothing is said against this."));
		return EFFECT_PAINT;
	}
	ref_print(app->scene.system, finding->subject, finding->rule, ref);
	screen_open(app, ref);
	return EFFECT_PAINT;
}

/* --- the machine --- */

static void copy_commands(struct app *app, const struct finding *finding)
{
	for (unsigned i = 0; i < finding->remedy_count; i++)
		for (unsigned c = 0; c < finding->remedies[i].command_count;
		     c++)
			buf_printf(&app->words, "%s\n",
				   finding->remedies[i].commands[c]);
}

static enum effect do_copy(struct app *app)
{
	const char *ref = screen_ref(app);
	const struct finding *finding = NULL;
	struct subject subject;

	buf_reset(&app->words);
	if (ref)
		ref_find(&app->scene, ref, &subject, &finding);
	else
		finding = findings_cause(app->scene.findings);
	if (finding)
		copy_commands(app, finding);
	if (!app->words.len && ref)
		buf_puts(&app->words, ref);
	if (!app->words.len) {
		app_say(app, MARK_NOTE, "%s", _("There is nothing to copy."));
		return EFFECT_PAINT;
	}
	app_say(app, MARK_GOOD, "%s",
		_("Copied, if the terminal allows it (OSC 52)."));
	return EFFECT_COPY;
}

static enum effect do_copy_plan(struct app *app)
{
	buf_reset(&app->words);
	buf_puts(&app->words, plan_text(app->deed.plan, &app->frame));
	app_say(app, MARK_GOOD, "%s",
		_("Copied, if the terminal allows it (OSC 52)."));
	return EFFECT_COPY;
}

static enum effect do_capture(struct app *app)
{
	const struct host *host = &app->scene.system->host;
	const char *name = host->hostname.known == KNOWN ?
				   host->hostname.value : "machine";

	return ask(app, ASKING_CAPTURE,
		   arena_printf(&app->frame, "%.60s.vfiotop.tar.zst", name));
}

static enum effect do_read(struct app *app)
{
	(void)app;
	return EFFECT_READ;
}

/* --- views --- */

static enum effect go_to(struct app *app, unsigned view)
{
	if (view_at(view))
		screen_go(app, view);
	return EFFECT_PAINT;
}

static enum effect do_next_view(struct app *app)
{
	return go_to(app, app->view < VIEW_TABS - 1 ? app->view + 1 : 0);
}

static enum effect do_previous_view(struct app *app)
{
	return go_to(app, app->view && app->view < VIEW_TABS ?
				  app->view - 1 : VIEW_TABS - 1);
}

static enum effect do_view(struct app *app, enum command_id id)
{
	for (unsigned i = 0; view_at(i); i++)
		if (strcmp(view_at(i)->id, commands[id].name) == 0)
			return go_to(app, i);
	return EFFECT_NONE;
}

/* --- the program --- */

static enum effect do_command(struct app *app)
{
	return ask(app, ASKING_COMMAND, "");
}

static enum effect do_help(struct app *app)
{
	if (!app->deed.plan)
		screen_open(app, "help");
	else
		app_say(app, MARK_NOTE, "%s",
			_("y does it, Esc leaves it, c copies it as shell; "
			  "arrows scroll."));
	return EFFECT_PAINT;
}

static enum effect do_quit(struct app *app)
{
	if (!app_is_acting(app))
		return EFFECT_QUIT;
	app_say(app, MARK_WARN, "%s",
		_("The plan is being carried out; it ends by itself, done or "
		  "taken back."));
	return EFFECT_PAINT;
}

static enum effect (*const doers[COMMAND_COUNT])(struct app *) = {
	[COMMAND_UP] = do_up, [COMMAND_DOWN] = do_down,
	[COMMAND_PAGE_UP] = do_page_up, [COMMAND_PAGE_DOWN] = do_page_down,
	[COMMAND_FIRST] = do_first, [COMMAND_LAST] = do_last,
	[COMMAND_OPEN] = do_open, [COMMAND_BACK] = do_back,
	[COMMAND_FOLD] = do_fold, [COMMAND_UNFOLD] = do_unfold,
	[COMMAND_FOLD_TURN] = do_fold_turn, [COMMAND_BIND] = do_bind,
	[COMMAND_RESTORE] = do_restore, [COMMAND_EXPLAIN] = do_explain,
	[COMMAND_MARK] = do_mark, [COMMAND_WAKE] = do_wake,
	[COMMAND_SEARCH] = do_search, [COMMAND_SEARCH_NEXT] = do_search_next,
	[COMMAND_SEARCH_BACK] = do_search_back,
	[COMMAND_FILTER] = do_filter, [COMMAND_SORT] = do_sort,
	[COMMAND_SORT_TURN] = do_sort_turn, [COMMAND_COPY] = do_copy,
	[COMMAND_CAPTURE] = do_capture, [COMMAND_READ] = do_read,
	[COMMAND_NEXT_VIEW] = do_next_view,
	[COMMAND_PREVIOUS_VIEW] = do_previous_view,
	[COMMAND_CONFIRM] = deed_confirm, [COMMAND_COPY_PLAN] = do_copy_plan,
	[COMMAND_LEAVE] = deed_leave, [COMMAND_COMMAND] = do_command,
	[COMMAND_HELP] = do_help, [COMMAND_QUIT] = do_quit,
	/* A command without a row here goes to the view of its name. */
};

static enum effect carry_out(struct app *app, enum command_id id)
{
	struct situation situation = screen_situation(app);
	const char *why = command_refusal(id, &situation);

	if (why) {
		app_say(app, MARK_WARN, "%s", why);
		return EFFECT_PAINT;
	}
	return doers[id] ? doers[id](app) : do_view(app, id);
}

static void complete_command(struct app *app)
{
	const char *names[COMMAND_COUNT + 1] = {0};

	for (int i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i].name;
	prompt_complete(&app->prompt, names);
}

/* ":" takes a command, or an address or group to go to. */
static enum effect run_line(struct app *app)
{
	const char *text = app->prompt.text;
	const struct finding *finding;
	struct subject subject;
	struct bdf address;
	char ref[REF_TEXT];

	enum command_id id = command_of_name(text);
	if (id != COMMAND_NONE)
		return carry_out(app, id);
	snprintf(ref, sizeof ref, "%s", text);
	if (bdf_parse(text, &address))
		bdf_print(address, ref);
	if (*text && ref_find(&app->scene, ref, &subject, &finding)) {
		screen_open(app, ref);
		return EFFECT_PAINT;
	}
	if (*text)
		app_say(app, MARK_WARN,
			_("There is no command, device or group \"%s\"; ? "
			  "lists the commands."), text);
	return EFFECT_PAINT;
}

static enum effect answer(struct app *app)
{
	enum asking asking = app->asking;

	app->asking = ASKING_NOTHING;
	switch (asking) {
	case ASKING_SEARCH:
		snprintf(app->search, sizeof app->search, "%s",
			 app->prompt.text);
		return *app->search ? search(app, false) : EFFECT_PAINT;
	case ASKING_COMMAND:
		return run_line(app);
	case ASKING_CAPTURE:
		if (!*app->prompt.text)
			return EFFECT_PAINT;
		buf_reset(&app->words);
		buf_puts(&app->words, app->prompt.text);
		return EFFECT_CAPTURE;
	case ASKING_WORD:
		return deed_word(app);
	default:
		return EFFECT_PAINT;
	}
}

static enum effect key_in_prompt(struct app *app, int stroke)
{
	if (app->asking == ASKING_COMMAND && stroke == STROKE_TAB) {
		complete_command(app);
		return EFFECT_PAINT;
	}
	switch (prompt_key(&app->prompt, stroke)) {
	case PROMPT_DONE:
		return answer(app);
	case PROMPT_LEFT:
		if (app->asking == ASKING_FILTER)
			table_filter(screen_table(app), "");
		app->asking = ASKING_NOTHING;
		break;
	case PROMPT_GOES_ON:
		/* A filter shows its effect while it is typed. */
		if (app->asking == ASKING_FILTER)
			table_filter(screen_table(app), app->prompt.text);
		break;
	}
	return EFFECT_PAINT;
}

static bool is_too_small(const struct app *app)
{
	return app->columns < SMALLEST_COLUMNS || app->rows < SMALLEST_ROWS;
}

enum effect app_key(struct app *app, int stroke)
{
	arena_free(&app->frame);
	*app->message = '\0';
	if (stroke == STROKE_RESIZE)
		return EFFECT_PAINT;
	if (stroke == STROKE_INTERRUPT)
		return do_quit(app);
	if (is_too_small(app))
		return stroke == 'q' ? do_quit(app) : EFFECT_NONE;
	if (app->asking)
		return key_in_prompt(app, stroke);
	enum command_id id = command_of_stroke(stroke, screen_where(app));
	if (id != COMMAND_NONE)
		return carry_out(app, id);
	if (stroke > ' ' && stroke < 0x7f)
		app_say(app, MARK_NOTE,
			_("%c does nothing here; ? lists the keys."), stroke);
	return EFFECT_PAINT;
}

/* --- the mouse --- */

static bool is_in(struct rect area, struct mouse mouse)
{
	return mouse.x >= area.x && mouse.x < area.x + area.columns &&
	       mouse.y >= area.y && mouse.y < area.y + area.rows;
}

static enum effect click_list(struct app *app, struct mouse mouse)
{
	struct table *table = screen_table(app);
	struct rect area = app->layout.list;
	size_t at = paint_row_at(area, table, mouse.y);

	if (mouse.y == area.y) {
		int column = paint_column_at(area, table, mouse.x);
		if (column != NONE)
			table_sort(table, column, table->sort == column &&
							  !table->descending);
		return EFFECT_PAINT;
	}
	if (at >= table->count)
		return EFFECT_NONE;
	table_to(table, at);
	return mouse.act == MOUSE_DOUBLE ? do_open(app) : EFFECT_PAINT;
}

static enum effect click_page(struct app *app, struct mouse mouse)
{
	struct page page;
	struct scroll *scroll = screen_page(app, &page);
	size_t at = scroll->top + (size_t)(mouse.y - app->layout.body.y);

	if (at >= page.count || !page.lines[at].ref)
		return EFFECT_NONE;
	while (at && page.lines[at - 1].ref &&
	       strcmp(page.lines[at - 1].ref, page.lines[at].ref) == 0)
		at--;
	scroll->at = at;
	snprintf(scroll->ref, sizeof scroll->ref, "%s", page.lines[at].ref);
	return mouse.act == MOUSE_DOUBLE ? do_open(app) : EFFECT_PAINT;
}

static enum effect wheel(struct app *app, int by)
{
	for (int i = 0; i < 3; i++)
		move(app, by);
	return EFFECT_PAINT;
}

enum effect app_mouse(struct app *app, struct mouse mouse)
{
	arena_free(&app->frame);
	*app->message = '\0';
	if (is_too_small(app) || app->asking)
		return EFFECT_NONE;
	if (mouse.act == MOUSE_WHEEL_UP)
		return wheel(app, -1);
	if (mouse.act == MOUSE_WHEEL_DOWN)
		return wheel(app, 1);
	if (app->deed.plan)
		return EFFECT_NONE;
	for (unsigned i = 0; i < VIEW_TABS; i++)
		if (is_in(app->layout.tab[i], mouse))
			return go_to(app, i);
	if (screen_is_list(app) && is_in(app->layout.list, mouse))
		return click_list(app, mouse);
	if (!screen_is_list(app) && is_in(app->opened_count ?
						  app->layout.body :
						  app->layout.list, mouse))
		return click_page(app, mouse);
	return EFFECT_NONE;
}

void app_paint(struct app *app, struct canvas *canvas)
{
	arena_free(&app->frame);
	screen_paint(app, canvas);
}
