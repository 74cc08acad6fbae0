// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every finding, worst first, what it explains folded below it.  The rules
 * themselves are in another list.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "view/verdict.h"
#include "view/view_finding.h"

enum { COL_TITLE, COL_SUBJECT, COL_RULE };

static const struct column columns[] = {
	[COL_TITLE] = { .id = "finding", .title = N_("Finding"), .least = 20,
		.flexible = true, .tree = true, .by_order = true },
	[COL_SUBJECT] = { .id = "subject", .title = N_("About"), .least = 7,
		.flexible = true },
	[COL_RULE] = { .id = "rule", .title = N_("Rule"), .least = 12,
		.flexible = true, .priority = 1 },
};

static void add_finding(const struct scene *scene, struct rows *rows,
			const struct finding *finding, unsigned depth)
{
	enum mark mark = verdict_mark(finding);
	struct row *row = rows_add(rows, scene->system, finding->subject,
				   finding, depth);

	row_set(row, COL_TITLE,
		mark == MARK_NOTE ? ROLE_TEXT : sign_role(mark),
		arena_printf(rows->arena, "%s %s", sign_of(mark),
			     finding_title(finding)));
	row_set(row, COL_SUBJECT, ROLE_ADDRESS,
		finding_subject(scene, finding, rows->arena));
	row_set(row, COL_RULE, ROLE_DIM, finding->rule);
}

static bool is_shown(const struct finding *finding)
{
	return finding->verdict == VERDICT_FAIL ||
	       finding->verdict == VERDICT_CANNOT_TELL;
}

/* What a cause explains stands below the first finding of its rule. */
static bool is_first_of_rule(const struct findings *findings,
			     const struct finding *finding)
{
	for (unsigned i = 0; &findings->items[i] < finding; i++)
		if (strcmp(findings->items[i].rule, finding->rule) == 0)
			return false;
	return true;
}

/* Rules explain one another in the order of their table, so no cause is
 * below itself; the limit holds even where a table were wrong. */
enum { DEEPEST = 4 };

static void add_with_effects(const struct scene *scene, struct rows *rows,
			     const struct finding *cause, unsigned depth)
{
	const struct findings *all = scene->findings;

	add_finding(scene, rows, cause, depth);
	if (depth == DEEPEST || !is_first_of_rule(all, cause))
		return;
	for (unsigned i = 0; i < all->count; i++) {
		const struct finding *effect = &all->items[i];
		if (effect->under && is_shown(effect) &&
		    strcmp(effect->under, cause->rule) == 0)
			add_with_effects(scene, rows, effect, depth + 1);
	}
}

static void add_marked(const struct scene *scene, struct rows *rows,
		       enum mark wanted)
{
	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		if (!finding->under && is_shown(finding) &&
		    verdict_mark(finding) == wanted)
			add_with_effects(scene, rows, finding, 0);
	}
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < VERDICT_ORDER; i++)
		add_marked(scene, rows, verdict_order[i]);
}

const struct view view_findings = {
	.id = "findings", .title = N_("Findings"), .digit = '8',
	VIEW_COLUMNS(columns), .build = build,
	.empty = N_("Nothing deserves a word: every rule passed."),
};
