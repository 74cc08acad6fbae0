// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was done: when, what, and what came of it.  It takes nothing back.
 */
#include "view/view_history.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "view/label.h"
#include "view/ref.h"
#include "view/sign.h"
#include "view/view.h"

enum { COL_TIME, COL_MARK, COL_WHAT, COL_RESULT };

static const struct column columns[] = {
	[COL_TIME] = { .id = "time", .title = N_("When (UTC)"), .least = 10,
		.flexible = true, .priority = 1 },
	[COL_MARK] = { .id = "mark", .title = "", .least = 1 },
	[COL_WHAT] = { .id = "what", .title = N_("What"), .least = 20,
		.flexible = true },
	[COL_RESULT] = { .id = "result", .title = N_("Result"), .least = 10,
		.flexible = true },
};

/* Values are those of enum outcome, which this floor does not know. */
static const struct {
	int outcome;
	enum mark mark;
	const char *text;
} results[] = {
	{ 0, MARK_GOOD, N_("done") },
	{ 11, MARK_WARN, N_("rolled back") },
	{ 12, MARK_BAD, N_("partly rolled back") },
	{ 13, MARK_BAD, N_("stuck") },
	{ 14, MARK_NOTE, N_("not begun") },
};

static const char *result_of(const struct past *past, enum mark *mark)
{
	*mark = MARK_NOTE;
	if (past->undone)
		return _("taken back later");
	for (size_t i = 0; i < sizeof results / sizeof *results; i++)
		if (results[i].outcome == past->outcome) {
			*mark = results[i].mark;
			return _(results[i].text);
		}
	*mark = MARK_UNKNOWN;
	return "?";
}

static const char *ref_of(const struct past *past, struct arena *arena)
{
	return arena_printf(arena, PAST_REF "%s/%u", past->folder,
			    past->number);
}

const struct past *past_of_ref(const struct scene *scene, const char *ref)
{
	const struct pasts *pasts = scene->pasts;
	const struct past *found = NULL;
	struct arena scratch = {0};

	if (!ref || !text_starts(ref, PAST_REF))
		return NULL;
	for (unsigned i = 0; pasts && !found && i < pasts->count; i++)
		if (strcmp(ref_of(&pasts->items[i], &scratch), ref) == 0)
			found = &pasts->items[i];
	arena_free(&scratch);
	return found;
}

static void build(const struct scene *scene, struct rows *rows)
{
	const struct pasts *pasts = scene->pasts;

	for (unsigned i = 0; pasts && i < pasts->count; i++) {
		const struct past *past = &pasts->items[i];
		struct row *row = rows_note(rows, ref_of(past, rows->arena),
					    0);
		enum mark mark;
		const char *result = result_of(past, &mark);
		row_set(row, COL_TIME, ROLE_DIM,
			*past->time ? past->time : _("rehearsed"));
		row_set(row, COL_WHAT, ROLE_TEXT, past->title);
		row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
		row_set(row, COL_RESULT, sign_role(mark), result);
	}
}

/* "01:00.1 High Definition Audio  snd_hda_intel before, vfio-pci now" */
static void add_device(const struct scene *scene, const struct past *past,
		       unsigned at, struct page *page)
{
	const struct system *system = scene->system;
	int index = system_device(system, past->homes[at].address);
	const char *driver = past->homes[at].driver;
	char address[BDF_TEXT], ref[REF_TEXT];

	if (!*driver)
		driver = _("no driver");
	if (index == NONE) {
		page_printf(page, ROLE_DIM, _("%s (%s)  %s before, not there "
					      "now"),
			    bdf_print_short(past->homes[at].address, address),
			    past->ids[at], driver);
		page_end(page);
		return;
	}
	page->ref = arena_text(page->arena,
			       ref_print(system, (struct subject){
						 SCOPE_DEVICE, index }, NULL,
					 ref));
	page_add(page, ROLE_TEXT, label_device(scene, index, page->arena));
	page_printf(page, ROLE_DIM, _("  %s before, %s now"), driver,
		    label_driver(&system->devices[index]).text);
	page_end(page);
	page->ref = NULL;
}

/* What else than drivers it changed, as the lines that take it back. */
static void add_steps(const struct step *steps, unsigned count,
		      struct page *page)
{
	for (unsigned i = 0; i < count; i++) {
		page_solid(page, ROLE_TEXT, shell_line(&steps[i],
						       page->arena));
		page_end(page);
	}
}

void past_page(const struct scene *scene, const struct past *past,
	       struct page *page)
{
	enum mark mark;
	const char *result = result_of(past, &mark);
	const struct past *last = past_last(scene->pasts);

	page_marked(page, mark, ROLE_TITLE,
		    arena_printf(page->arena, _("%s: %s"), past->title,
				 result));
	page_gap(page);
	for (unsigned i = 0; i < past->home_count; i++)
		add_device(scene, past, i, page);
	if (past->first_count || past->after_count) {
		page_gap(page);
		page_title(page, _("What takes back the rest"));
		add_steps(past->first, past->first_count, page);
		add_steps(past->after, past->after_count, page);
	}
	page_gap(page);
	if (past == last)
		page_add(page, ROLE_TEXT, _("u takes it back; the plan is shown "
					    "first."));
	page_end(page);
}

const struct view view_history = {
	.id = "history", .title = N_("History"), VIEW_COLUMNS(columns),
	.build = build,
	.empty = N_("Nothing was done since the machine was started."),
};
