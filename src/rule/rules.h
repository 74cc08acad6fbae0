// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_RULES_H
#define RULE_RULES_H

#include "rule/engine.h"

/* The functions of rules.def, one per row: each looks at the judge's subject
 * and answers, with evidence, and a remedy where it fails. */
#define RULE(id, function, ...) enum verdict function(struct judge *judge);
#include "rule/rules.def"
#undef RULE

#endif
