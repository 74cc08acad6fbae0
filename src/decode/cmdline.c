// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel command line as the kernel splits it.  What a parameter means
 * is not known here.
 *
 * lib/cmdline.c, next_arg(); kernel/params.c, parse_args().
 */
#include "decode/cmdline.h"

#include <string.h>

#include "base/text.h"

/* The kernel's isspace also takes the Latin-1 no-break space. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\xa0';
}

/* One word: its ends, and its first '=', NULL when there is none. */
struct word {
	const char *start, *end, *equals;
};

/* Take the next word at *@at; quotes stay in it for now. */
static bool take_word(const char **at, struct word *word)
{
	bool quoted = false;

	while (is_space(**at))
		(*at)++;
	if (!**at)
		return false;
	*word = (struct word){ .start = *at };
	for (; **at && (quoted || !is_space(**at)); (*at)++) {
		if (**at == '=' && !word->equals && *at > word->start)
			word->equals = *at;
		if (**at == '"')
			quoted = !quoted;
	}
	word->end = *at;
	return true;
}

/* Quotes go at the front of the word or of the value, and at the end where
 * one of those was; others are part of the value. */
static struct parameter split(struct arena *arena, struct word word)
{
	bool quoted = *word.start == '"';

	if (quoted)
		word.start++;
	const char *value = word.equals ? word.equals + 1 : word.start;
	if (word.equals && value < word.end && *value == '"') {
		quoted = true;
		value++;
	}
	if (quoted && word.end > value && word.end[-1] == '"')
		word.end--;
	const char *name_end = word.equals ? word.equals : word.end;
	struct parameter parameter = {
		.name = text_safe(arena, word.start,
				  (size_t)(name_end - word.start)),
	};
	if (word.equals)
		parameter.value = text_safe(arena, value,
					    (size_t)(word.end - value));
	return parameter;
}

unsigned cmdline_parse(struct arena *arena, const char *text,
		       const struct parameter **out)
{
	struct parameter *items = NULL;
	size_t count = 0, room = 0;
	struct word word;

	while (take_word(&text, &word)) {
		struct parameter parameter = split(arena, word);

		if (!parameter.value && strcmp(parameter.name, "--") == 0)
			break;
		items = arena_grow(arena, items, count, &room, sizeof *items);
		items[count++] = parameter;
	}
	*out = items;
	return (unsigned)count;
}
