// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What single lines of the kernel's log mean.  It judges no machine: a rule
 * looks at the whole.
 */
#include "rule/line.h"

#include <string.h>

#include "base/i18n.h"
#include "rule/clue.h"

const struct line_kind line_kinds[] = {
#define LINE(part, rule, tone, many, says) \
	{ part, rule, LINE_##tone, LINE_##many, says },
#include "rule/lines.def"
#undef LINE
	{ 0 },
};

const struct line_kind *line_kind_of(const char *text)
{
	for (const struct line_kind *kind = line_kinds; kind->part; kind++)
		if (clue_line_has(text, kind->part))
			return kind;
	return NULL;
}

int line_device(const struct system *system, const char *text)
{
	while (*text) {
		char word[BDF_TEXT + 1];
		struct bdf address;
		size_t len = strcspn(text, " ,=([])");
		size_t bare = len;
		while (bare && (text[bare - 1] == ':' ||
				text[bare - 1] == '.'))
			bare--;
		if (bare && bare < sizeof word) {
			memcpy(word, text, bare);
			word[bare] = '\0';
			if (bdf_parse(word, &address))
				return system_device(system, address);
		}
		text += len + (text[len] != '\0');
	}
	return NONE;
}
