// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules as one table, made of rules.def.
 */
#include "rule/rules.h"

#include "base/i18n.h"

enum { TABLE, ASIDE };

#define AFTER(...) (const char *const[]){ __VA_ARGS__, NULL }
#define FIRST NULL
#define RULE(id_, function, place, scope_, severity_, needs_, title_, well_, \
	     why_, sees_, reference_, after_)                                 \
	{ .id = id_, .scope = SCOPE_##scope_,                                \
	  .severity = SEVERITY_##severity_, .needs = needs_,                  \
	  .aside = place == ASIDE, .title = title_, .well = well_,            \
	  .why = why_, .sees = sees_, .reference = reference_,                \
	  .after = after_, .judge = function },

static const struct rule table[] = {
#include "rule/rules.def"
	{ .id = NULL },
};

const struct rule *rule_table(void)
{
	return table;
}
