// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules that this program knows, and what each said of this machine.
 * What they found is in the list of findings.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "rule/engine.h"
#include "view/explain.h"
#include "view/verdict.h"

enum { COL_RULE, COL_MARK, COL_SCOPE, COL_SEVERITY, COL_TITLE, COL_SEES };

static const struct column columns[] = {
	[COL_RULE] = { .id = "rule", .title = N_("Rule"), .least = 12 },
	[COL_MARK] = { .id = "state", .title = "", .least = 1 },
	[COL_SCOPE] = { .id = "scope", .title = N_("About"), .least = 6,
		.priority = 1 },
	[COL_SEVERITY] = { .id = "severity", .title = N_("At most"),
		.least = 7, .priority = 2 },
	[COL_TITLE] = { .id = "title", .title = N_("What it looks for"),
		.least = 20, .flexible = true },
	[COL_SEES] = { .id = "sees", .title = N_("Looks at"), .least = 20,
		.flexible = true, .priority = 3 },
};

/* The first thing that it said and that is not "does not apply". */
static const struct finding *said(const struct findings *findings,
				  const char *rule)
{
	for (unsigned i = 0; i < findings->count; i++)
		if (strcmp(findings->items[i].rule, rule) == 0)
			return &findings->items[i];
	return NULL;
}

static void build(const struct scene *scene, struct rows *rows)
{
	static const char *const scopes[] = {
		[SCOPE_SYSTEM] = N_("machine"), [SCOPE_IOMMU] = N_("IOMMU"),
		[SCOPE_GROUP] = N_("group"), [SCOPE_DEVICE] = N_("device"),
	};

	static const char *const severities[] = {
		[SEVERITY_INFO] = N_("note"),
		[SEVERITY_WARNING] = N_("warning"),
		[SEVERITY_BLOCKER] = N_("blocker"),
	};

	for (const struct rule *rule = rule_table(); rule->id; rule++) {
		struct row *row = rows_note(rows, rule->id, 0);
		row->finding = said(scene->findings, rule->id);
		row->open = arena_printf(rows->arena, EXPLAIN_REF "%s",
					 rule->id);
		enum mark mark = row->finding ? verdict_mark(row->finding) :
						MARK_NONE;
		row_set(row, COL_RULE, ROLE_ADDRESS, rule->id);
		row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
		row_set(row, COL_SCOPE, ROLE_TEXT, _(scopes[rule->scope]));
		row_set(row, COL_SEVERITY, ROLE_TEXT,
			_(severities[rule->severity]));
		row_set(row, COL_TITLE, ROLE_TEXT, _(rule->title));
		row_set(row, COL_SEES, ROLE_DIM,
			rule->sees ? _(rule->sees) : "");
	}
}

const struct view view_rules = {
	.id = "rules", .title = N_("Rules"), VIEW_COLUMNS(columns),
	.build = build,
};
