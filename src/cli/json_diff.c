// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two machines compared, as JSON.
 */
#include "cli/json.h"

#include <string.h>

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* A subject as either machine calls it; null where it is not there. */
static json_t *subject(const struct system *system, enum scope scope,
		       int index)
{
	char text[SUBJECT_TEXT];

	if (index == NONE)
		return json_null();
	return json_string(subject_print(system,
					 (struct subject){ scope, index },
					 text));
}

static json_t *entry(const struct diff *diff,
		     const struct difference *difference)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}",
			 "kind", difference_word(difference->kind),
			 "fact", difference->fact,
			 "name", text_or_null(*difference->name ?
						      difference->name : NULL),
			 "subject_before", subject(diff->before,
						   difference->scope,
						   difference->before),
			 "subject", subject(diff->after, difference->scope,
					    difference->after),
			 "from", text_or_null(difference->from),
			 "to", text_or_null(difference->to));
}

json_t *json_diff(const struct scene *scene, const struct diff *diff)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < diff->count; i++)
		json_array_append_new(list, entry(diff, &diff->items[i]));
	return json_pack("{s:i, s:o, s:o, s:b, s:i, s:o}", "schema", 1,
			 "before", json_origin(scene->other->system),
			 "after", json_origin(scene->system),
			 "same", diff->count == 0,
			 "known_to_one", (int)diff->untold,
			 "differences", list);
}
