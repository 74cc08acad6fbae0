// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_EXPLAINED_H
#define TESTS_EXPLAINED_H

#include <string.h>

#include "base/buf.h"
#include "view/scene.h"

/* What a test makes is in here, until cmocka cleans up behind it. */
extern struct arena arena;
extern struct buf out;
int clean(void **state);

/* A made machine with a few things changed, and judged anew. */
struct scene scene_with(const char *machine, const char *edits);

/* What the program says to a word, as text of that width; in `out'. */
const char *explained(const struct scene *scene, const char *word,
		      unsigned columns);

#define assert_says(text, part) \
	do { \
		if (!strstr(text, part)) \
			fail_msg("\"%s\" is not in:\n%s", part, text); \
	} while (0)

#define assert_silent(text, part) assert_null(strstr(text, part))

#endif
