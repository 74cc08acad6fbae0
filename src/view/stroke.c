// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Strokes and their names.  It does not know what they do.
 */
#include "view/stroke.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct {
	const char *name;
	int stroke;
	const char *shown;
} strokes[] = {
	{ "Up", STROKE_UP, "↑" }, { "Down", STROKE_DOWN, "↓" },
	{ "Left", STROKE_LEFT, "←" }, { "Right", STROKE_RIGHT, "→" },
	{ "PgUp", STROKE_PAGE_UP, "PgUp" },
	{ "PgDn", STROKE_PAGE_DOWN, "PgDn" },
	{ "Home", STROKE_HOME, "Home" }, { "End", STROKE_END, "End" },
	{ "Tab", STROKE_TAB, "Tab" },
	{ "BackTab", STROKE_BACKTAB, "Shift-Tab" },
	{ "Enter", STROKE_ENTER, "Enter" },
	{ "Esc", STROKE_ESCAPE, "Esc" }, { "Space", STROKE_SPACE, "Space" },
	{ "F1", STROKE_F1, "F1" }, { "F5", STROKE_F5, "F5" },
	{ "F10", STROKE_F10, "F10" },
};

static int find_stroke(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof strokes / sizeof *strokes; i++)
		if (strlen(strokes[i].name) == len &&
		    memcmp(strokes[i].name, word, len) == 0)
			return strokes[i].stroke;
	return (int)text_take(&word);
}

int stroke_take(const char **names)
{
	*names += strspn(*names, " ");
	size_t len = strcspn(*names, " ");
	if (!len)
		return STROKE_NONE;
	int stroke = find_stroke(*names, len);
	*names += len;
	return stroke;
}

int stroke_is_among(int stroke, const char *names)
{
	for (int each; (each = stroke_take(&names)) != STROKE_NONE;)
		if (each == stroke)
			return 1;
	return 0;
}

char *stroke_first(const char *names, char out[static 12])
{
	int stroke = stroke_take(&names);

	for (size_t i = 0; i < sizeof strokes / sizeof *strokes; i++)
		if (strokes[i].stroke == stroke) {
			snprintf(out, 12, "%s", strokes[i].shown);
			return out;
		}
	text_encode((uint32_t)stroke, out);
	return out;
}
