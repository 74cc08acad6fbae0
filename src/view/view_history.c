// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was done: when, what, and what came of it.  It takes nothing back.
 */
#include "view/view.h"

#include "base/i18n.h"
#include "plan/past.h"
#include "view/sign.h"

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

static void add_result(const struct past *past, struct row *row)
{
	enum mark mark = MARK_UNKNOWN;
	const char *text = "?";

	for (size_t i = 0; i < sizeof results / sizeof *results; i++)
		if (results[i].outcome == past->outcome) {
			mark = results[i].mark;
			text = _(results[i].text);
		}
	if (past->undone) {
		mark = MARK_NOTE;
		text = _("taken back later");
	}
	row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
	row_set(row, COL_RESULT, sign_role(mark), text);
}

static void build(const struct scene *scene, struct rows *rows)
{
	const struct pasts *pasts = scene->pasts;

	for (unsigned i = 0; pasts && i < pasts->count; i++) {
		const struct past *past = &pasts->items[i];
		struct row *row = rows_note(
			rows, arena_printf(rows->arena, "past:%s/%u",
					   past->folder, past->number), 0);
		row_set(row, COL_TIME, ROLE_DIM,
			*past->time ? past->time : _("rehearsed"));
		row_set(row, COL_WHAT, ROLE_TEXT, past->title);
		add_result(past, row);
	}
}

const struct view view_history = {
	.id = "history", .title = N_("History"), VIEW_COLUMNS(columns),
	.build = build,
	.empty = N_("Nothing was done since the machine was started."),
};
