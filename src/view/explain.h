// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_EXPLAIN_H
#define VIEW_EXPLAIN_H

#include "rule/engine.h"
#include "view/page.h"
#include "view/scene.h"

/* What a page that explains is opened by: "explain:acs". */
#define EXPLAIN_REF "explain:"

/*
 * Add what there is to say about @word: "topics", a topic, a rule, a device, a
 * group, a unit, a line of the log ("line:12").  False, with nothing added, when it is none of these here.
 */
bool explain_page(const struct scene *scene, const char *word,
		  struct page *page);

/* Whether it would. */
bool explain_knows(const struct scene *scene, const char *word);

/* Add what @ref opens: a page that explains, else that of detail_page(). */
bool explain_open(const struct scene *scene, const char *ref,
		  struct page *page);

/* Return the words that need no machine, NULL-ended: topics, then rules. */
const char *const *explain_words(struct arena *arena);

/* Add all of a rule, and what it says here. */
void explain_rule(const struct scene *scene, const struct rule *rule,
		  struct page *page);

#endif
