// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What each command does to what is shown, or asks for outside.  Which stroke
 * gives it is not known here.
 */
#include "tui/app_part.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "view/ref.h"
#include "view/view.h"
#include "view/view_sessions.h"

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
	int view = ref ? view_of_ref(ref) : NONE;

	if (view != NONE)
		screen_go(app, (unsigned)view);
	else if (ref)
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

enum effect order_search(struct app *app, bool back)
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
	return order_search(app, false);
}

static enum effect do_search_back(struct app *app)
{
	return order_search(app, true);
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

static enum effect do_recover(struct app *app)
{
	(void)app;
	return EFFECT_TAKE_BACK;
}

static enum effect do_finish(struct app *app)
{
	(void)app;
	return EFFECT_FINISH;
}

static enum effect do_forget(struct app *app)
{
	return ask(app, ASKING_FORGET, "");
}

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
	return deed_plan(app, INTENT_BIND, "vfio-pci");
}

static enum effect do_restore(struct app *app)
{
	return deed_plan(app, INTENT_RESTORE, "");
}

static enum effect do_bind_to(struct app *app)
{
	return ask(app, ASKING_DRIVER, "");
}

static enum effect do_keep(struct app *app)
{
	return ask(app, ASKING_NAME, "");
}

static enum effect do_set_vfs(struct app *app)
{
	return ask(app, ASKING_VFS, "");
}

static enum effect do_reset(struct app *app)
{
	return deed_plan(app, INTENT_RESET, "");
}

static enum effect do_export(struct app *app)
{
	return ask(app, ASKING_EXPORT, "");
}

static enum effect do_undo(struct app *app)
{
	return deed_undo(app);
}

static enum effect go_to(struct app *app, unsigned view);

static enum effect do_toggle(struct app *app)
{
	const struct sessions *sessions = app->scene.sessions;
	const struct session *session =
		session_of_ref(&app->scene, screen_ref(app));

	if (!session && sessions && sessions->count == 1)
		session = &sessions->items[0];
	if (session)
		return deed_toggle(app, session);
	app_say(app, MARK_NOTE, "%s", sessions && sessions->count ?
		_("Choose one here; t starts and ends it.") :
		_("No session is kept yet: mark devices with Space and keep "
		  "them with M."));
	for (unsigned i = 0; view_at(i); i++)
		if (strcmp(view_at(i)->id, "sessions") == 0)
			return go_to(app, i);
	return EFFECT_PAINT;
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

static enum effect do_inspect(struct app *app)
{
	return query_begin(app);
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

/* The first remedy that vfiotop can do itself. */
static const struct edit *edit_of(const struct finding *finding)
{
	for (unsigned i = 0; finding && i < finding->remedy_count; i++)
		if (finding->remedies[i].edit)
			return finding->remedies[i].edit;
	return NULL;
}

static enum effect do_fix(struct app *app)
{
	const struct finding *finding = worth_explaining(app, screen_ref(app));
	const struct edit *edit = edit_of(finding);

	if (!edit)
		edit = edit_of(findings_cause(app->scene.findings));
	if (edit)
		return deed_edit(app, edit);
	app_say(app, MARK_WARN, "%s",
		_("There is nothing here that vfiotop could write: e says "
		  "what helps."));
	return EFFECT_PAINT;
}

static enum effect do_persist(struct app *app)
{
	return deed_plan(app, INTENT_KEEP, "");
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
	if (handout_is_shown(app)) {
		buf_puts(&app->words, app_handout(app));
		app_say(app, MARK_GOOD, "%s",
			_("Copied, if the terminal allows it (OSC 52)."));
		return EFFECT_COPY;
	}
	bool named = ref && ref_find(&app->scene, ref, &subject, &finding);
	if (!named)
		finding = findings_cause(app->scene.findings);
	if (finding)
		copy_commands(app, finding);
	if (!app->words.len && named)
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

static enum effect do_as_root(struct app *app)
{
	(void)app;
	return EFFECT_AS_ROOT;
}

static enum effect do_read(struct app *app)
{
	(void)app;
	return EFFECT_READ;
}

/* --- views --- */

/* What a restart makes of devices begins in the initramfs, which takes a while
 * to unpack: only who wants to know waits for it, and only once. */
static bool wants_inside(const struct app *app, unsigned view)
{
	const struct system *system = app->scene.system;

	return strcmp(view_at(view)->id, "drift") == 0 &&
	       system->host.initramfs.known == UNREAD &&
	       (system->origin.kind == ORIGIN_LIVE ||
		system->origin.kind == ORIGIN_DIRECTORY);
}

static enum effect go_to(struct app *app, unsigned view)
{
	if (!view_at(view))
		return EFFECT_PAINT;
	screen_go(app, view);
	return wants_inside(app, view) ? EFFECT_LOOK_INSIDE : EFFECT_PAINT;
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
	[COMMAND_BIND_TO] = do_bind_to, [COMMAND_KEEP] = do_keep,
	[COMMAND_SET_VFS] = do_set_vfs, [COMMAND_CREATE] = deed_create,
	[COMMAND_REMOVE] = deed_remove, [COMMAND_RESET] = do_reset,
	[COMMAND_POWER] = deed_power,
	[COMMAND_EXPORT] = do_export,
	[COMMAND_TOGGLE] = do_toggle, [COMMAND_UNDO] = do_undo,
	[COMMAND_RESTORE] = do_restore, [COMMAND_EXPLAIN] = do_explain,
	[COMMAND_MARK] = do_mark, [COMMAND_WAKE] = do_wake,
	[COMMAND_AS_ROOT] = do_as_root, [COMMAND_INSPECT] = do_inspect,
	[COMMAND_PERSIST] = do_persist, [COMMAND_FIX] = do_fix,
	[COMMAND_SEARCH] = do_search, [COMMAND_SEARCH_NEXT] = do_search_next,
	[COMMAND_SEARCH_BACK] = do_search_back,
	[COMMAND_FILTER] = do_filter, [COMMAND_SORT] = do_sort,
	[COMMAND_SORT_TURN] = do_sort_turn, [COMMAND_COPY] = do_copy,
	[COMMAND_CAPTURE] = do_capture, [COMMAND_READ] = do_read,
	[COMMAND_NEXT_VIEW] = do_next_view,
	[COMMAND_PREVIOUS_VIEW] = do_previous_view,
	[COMMAND_UNLOAD] = deed_unload,
	[COMMAND_CONFIRM] = deed_confirm, [COMMAND_COPY_PLAN] = do_copy_plan,
	[COMMAND_RECOVER] = do_recover, [COMMAND_TAKE_BACK] = do_recover,
	[COMMAND_FINISH] = do_finish, [COMMAND_FORGET] = do_forget,
	[COMMAND_LEAVE] = deed_leave, [COMMAND_COMMAND] = do_command,
	[COMMAND_HELP] = do_help, [COMMAND_QUIT] = do_quit,
	/* A command without a row here goes to the view of its name. */
};

enum effect order_give(struct app *app, enum command_id id)
{
	struct situation situation = screen_situation(app);
	const char *why = command_refusal(id, &situation);

	if (why) {
		app_say(app, MARK_WARN, "%s", why);
		return EFFECT_PAINT;
	}
	return doers[id] ? doers[id](app) : do_view(app, id);
}
