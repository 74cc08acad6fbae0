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
#include "base/num.h"
#include "base/text.h"
#include "plan/choice.h"
#include "tui/app_part.h"
#include "view/explain.h"
#include "view/ref.h"

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
	query_free(app);
	deed_free(app);
	deed_let_go(app);
	deed_forget(app);
	news_free(app);
	handout_free(app);
	for (unsigned i = 0; i < VIEW_COUNT; i++) {
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
	query_follow(app);
	app->unread = false;
	screen_rebuild(app);
	if (!app->deed.is_shown)
		deed_forget(app);
}

struct session *app_session(struct app *app)
{
	return &app->session;
}

void app_kept(struct app *app, const struct sessions *sessions,
	      const struct pasts *pasts)
{
	app->scene.sessions = sessions;
	if (app->scene.system->origin.kind == ORIGIN_LIVE)
		app->scene.pasts = pasts;
	screen_rebuild(app);
}

void app_name(struct app *app, const struct names *names)
{
	app->scene.names = names;
	news_name(app);
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

const char *app_handout(const struct app *app)
{
	return buf_str(&app->handout);
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
	app->news.is_said = false;
}

bool app_is_saying(const struct app *app)
{
	return *app->message && !app->news.is_said;
}

/* Commands that take a word. */
static const char explain[] = "explain ", diff[] = "diff ",
		  export[] = "export ";

/* Complete what stands behind a command. */
static void complete_word(struct app *app, const char *command,
			  const char *const *words)
{
	size_t count = 0;

	while (words[count])
		count++;
	const char **lines = arena_array(&app->frame, count + 1,
					 sizeof *lines);
	for (size_t i = 0; i < count; i++)
		lines[i] = arena_printf(&app->frame, "%s%s", command,
					words[i]);
	prompt_complete(&app->prompt, lines);
}

static void complete_command(struct app *app)
{
	const char *names[COMMAND_COUNT + 1] = {0};

	for (int i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i].name;
	if (text_starts(app->prompt.text, explain))
		complete_word(app, explain, explain_words(&app->frame));
	else if (text_starts(app->prompt.text, export))
		complete_word(app, export, handout_words(app));
	else
		prompt_complete(&app->prompt, names);
}

/* ":explain acs" opens a page; false when the word is nothing here. */
static bool run_explain(struct app *app, const char *word)
{
	char ref[REF_TEXT];

	if (!explain_knows(&app->scene, word))
		return false;
	snprintf(ref, sizeof ref, EXPLAIN_REF "%.90s", word);
	screen_open(app, ref);
	return true;
}

/* ":diff FILE" compares with it and goes to the view. */
static enum effect run_diff(struct app *app, const char *path)
{
	order_give(app, COMMAND_DIFF);
	buf_reset(&app->words);
	buf_puts(&app->words, path + strspn(path, " "));
	return EFFECT_COMPARE;
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
		return order_give(app, id);
	if (text_starts(text, export))
		return handout_make(app, text + strlen(export));
	if (text_starts(text, diff))
		return run_diff(app, text + strlen(diff));
	if (text_starts(text, explain) &&
	    run_explain(app, text + strlen(explain)))
		return EFFECT_PAINT;
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

static void complete_driver(struct app *app)
{
	const char *names[CHOICE_MOST] = {0};
	const struct device *device = deed_device(app);

	if (device)
		choice_drivers(app->scene.system, device, names, &app->frame);
	prompt_complete(&app->prompt, names);
}

static enum effect take_driver(struct app *app)
{
	const char *name = arena_text(&app->frame, app->prompt.text);

	if (!*name)
		return EFFECT_PAINT;
	if (strcmp(name, CHOICE_NONE) == 0)
		return deed_plan(app, INTENT_UNBIND, "");
	return deed_plan(app, INTENT_BIND, name);
}

static enum effect take_count(struct app *app)
{
	uint64_t count;

	if (num_parse(app->prompt.text, 10, &count) && count <= UINT16_MAX)
		return deed_vfs(app, (unsigned)count);
	if (*app->prompt.text)
		app_say(app, MARK_WARN, _("\"%s\" is no number of virtual "
					  "functions."), app->prompt.text);
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
		return *app->search ? order_search(app, false) : EFFECT_PAINT;
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
	case ASKING_DRIVER:
		return take_driver(app);
	case ASKING_EXPORT:
		return *app->prompt.text ?
			       handout_make(app, arena_text(&app->frame,
							    app->prompt.text)) :
			       EFFECT_PAINT;
	case ASKING_NAME:
		return *app->prompt.text ?
			       deed_keep(app, app->prompt.text) : EFFECT_PAINT;
	case ASKING_VFS:
		return take_count(app);
	case ASKING_QUERY:
		return query_answer(app);
	case ASKING_FORGET:
		if (strcmp(app->prompt.text, "forget") == 0)
			return EFFECT_FORGET;
		app_say(app, MARK_NOTE, "%s", _("Nothing was forgotten."));
		return EFFECT_PAINT;
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
	if (app->asking == ASKING_EXPORT && stroke == STROKE_TAB) {
		prompt_complete(&app->prompt, handout_words(app));
		return EFFECT_PAINT;
	}
	if (app->asking == ASKING_DRIVER && stroke == STROKE_TAB) {
		complete_driver(app);
		return EFFECT_PAINT;
	}
	switch (prompt_key(&app->prompt, stroke)) {
	case PROMPT_DONE:
		return answer(app);
	case PROMPT_LEFT:
		if (app->asking == ASKING_FILTER)
			table_filter(screen_table(app), "");
		if (app->asking == ASKING_QUERY)
			query_leave(app);
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

static enum effect take_stroke(struct app *app, int stroke)
{
	if (stroke == STROKE_INTERRUPT)
		return order_give(app, COMMAND_QUIT);
	if (is_too_small(app))
		return stroke == 'q' ? order_give(app, COMMAND_QUIT) :
				       EFFECT_NONE;
	if (app->asking)
		return key_in_prompt(app, stroke);
	enum command_id id = command_of_stroke(stroke, screen_where(app));
	if (id != COMMAND_NONE)
		return order_give(app, id);
	if (stroke > ' ' && stroke < 0x7f)
		app_say(app, MARK_NOTE,
			_("%c does nothing here; ? lists the keys."), stroke);
	return EFFECT_PAINT;
}

enum effect app_key(struct app *app, int stroke)
{
	arena_free(&app->frame);
	if (stroke == STROKE_RESIZE)
		return EFFECT_PAINT;
	*app->message = '\0';
	enum effect effect = take_stroke(app, stroke);
	news_tell(app);
	return effect;
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
	return mouse.act == MOUSE_DOUBLE ? order_give(app, COMMAND_OPEN) : EFFECT_PAINT;
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
	return mouse.act == MOUSE_DOUBLE ? order_give(app, COMMAND_OPEN) : EFFECT_PAINT;
}

static enum effect wheel(struct app *app, int by)
{
	for (int i = 0; i < 3; i++)
		order_give(app, by < 0 ? COMMAND_UP : COMMAND_DOWN);
	return EFFECT_PAINT;
}

static enum effect take_mouse(struct app *app, struct mouse mouse)
{
	if (is_too_small(app) || app->asking)
		return EFFECT_NONE;
	if (mouse.act == MOUSE_WHEEL_UP)
		return wheel(app, -1);
	if (mouse.act == MOUSE_WHEEL_DOWN)
		return wheel(app, 1);
	if (app->deed.plan)
		return EFFECT_NONE;
	for (unsigned i = 0; i < VIEW_TABS; i++)
		if (is_in(app->layout.tab[i], mouse)) {
			screen_go(app, i);
			return EFFECT_PAINT;
		}
	if (screen_is_list(app) && is_in(app->layout.list, mouse))
		return click_list(app, mouse);
	if (!screen_is_list(app) && is_in(app->opened_count ?
						  app->layout.body :
						  app->layout.list, mouse))
		return click_page(app, mouse);
	return EFFECT_NONE;
}

enum effect app_mouse(struct app *app, struct mouse mouse)
{
	arena_free(&app->frame);
	*app->message = '\0';
	enum effect effect = take_mouse(app, mouse);
	news_tell(app);
	return effect;
}

void app_paint(struct app *app, struct canvas *canvas)
{
	arena_free(&app->frame);
	screen_paint(app, canvas);
}
