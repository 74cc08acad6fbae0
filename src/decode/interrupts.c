// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc/interrupts, line by line.  Whose interrupt a line is, is found when
 * the system is frozen, and not here.
 *
 * kernel/irq/proc.c, show_interrupts(); arch/x86/kernel/irq.c,
 * arch_show_interrupts().
 */
#include "decode/interrupts.h"

#include <string.h>

#include "base/text.h"

/* What is left of a line. */
struct rest {
	const char *at, *end;
};

/* A word of it. */
struct word {
	const char *at;
	size_t len;
};

static void skip_blanks(struct rest *rest)
{
	while (rest->at < rest->end && (*rest->at == ' ' || *rest->at == '\t'))
		rest->at++;
}

static bool take_word(struct rest *rest, struct word *word)
{
	skip_blanks(rest);
	word->at = rest->at;
	while (rest->at < rest->end && *rest->at != ' ' && *rest->at != '\t')
		rest->at++;
	word->len = (size_t)(rest->at - word->at);
	return word->len != 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool number_of(struct word word, uint64_t *value)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (!is_digit(word.at[i]) || sum > (UINT64_MAX - 9) / 10)
			return false;
		sum = sum * 10 + (uint64_t)(word.at[i] - '0');
	}
	*value = sum;
	return word.len != 0;
}

static unsigned processors(struct rest rest)
{
	unsigned count = 0;
	struct word word;

	while (take_word(&rest, &word))
		if (word.len > 3 && memcmp(word.at, "CPU", 3) == 0)
			count++;
	return count;
}

/* Add up a count per processor; lines such as ERR have fewer. */
static uint64_t take_counts(struct rest *rest, unsigned cpus)
{
	uint64_t sum = 0, count;
	struct rest ahead = *rest;
	struct word word;

	while (cpus-- && take_word(&ahead, &word) && number_of(word, &count)) {
		sum += count;
		*rest = ahead;
	}
	return sum;
}

/* Whether it is "2-edge", "524288", "-event": the hardware's number of the
 * line and how it is triggered. */
static bool is_trigger(struct word word)
{
	size_t i = 0;

	while (i < word.len && is_digit(word.at[i]))
		i++;
	return i == word.len || word.at[i] == '-';
}

static bool is_word(struct word word, const char *text)
{
	return word.len == strlen(text) &&
	       memcmp(word.at, text, word.len) == 0;
}

static void skip_level(struct rest *rest)
{
	struct rest ahead = *rest;
	struct word word;

	if (take_word(&ahead, &word) &&
	    (is_word(word, "Level") || is_word(word, "Edge")))
		*rest = ahead;
}

/* The chip ends where the trigger begins, for its name may have blanks
 * ("RISC-V INTC"); it is one word where no trigger follows. */
static struct word take_chip(struct rest *rest)
{
	enum { WORDS_MOST = 3 };
	struct word chip, word;
	struct rest first, ahead;

	if (!take_word(rest, &chip))
		return chip;
	first = ahead = *rest;
	for (unsigned i = 0; i < WORDS_MOST && take_word(&ahead, &word); i++) {
		if (is_trigger(word)) {
			*rest = ahead;
			skip_level(rest);
			return chip;
		}
		chip.len = (size_t)(ahead.at - chip.at);
	}
	chip.len = (size_t)(first.at - chip.at);
	*rest = first;
	return chip;
}

static bool is_number(struct word word)
{
	uint64_t value;

	return number_of(word, &value);
}

static bool take_line(struct arena *arena, struct rest rest, unsigned cpus,
		      struct interrupt *out)
{
	struct word number, chip = {0};

	skip_blanks(&rest);
	const char *colon = memchr(rest.at, ':', (size_t)(rest.end - rest.at));
	if (!colon || colon == rest.at)
		return false;
	number = (struct word){ rest.at, (size_t)(colon - rest.at) };
	rest.at = colon + 1;
	*out = (struct interrupt){
		.number = text_safe(arena, number.at, number.len),
		.count = take_counts(&rest, cpus),
		.device = NONE,
	};
	if (is_number(number))
		chip = take_chip(&rest);
	out->chip = text_safe(arena, chip.at, chip.len);
	out->actions = text_safe(arena, rest.at,
				 (size_t)(rest.end - rest.at));
	return true;
}

unsigned interrupts_parse(struct arena *arena, const char *text, size_t len,
			  const struct interrupt **out)
{
	const char *at = text, *line;
	struct interrupt *items = NULL;
	size_t count = 0, room = 0, line_len;
	unsigned cpus = 0;

	*out = NULL;
	if (text_line(&at, text + len, &line, &line_len))
		cpus = processors((struct rest){ line, line + line_len });
	if (!cpus)
		return 0;
	while (text_line(&at, text + len, &line, &line_len)) {
		struct rest rest = { line, line + line_len };

		items = arena_grow(arena, items, count, &room, sizeof *items);
		if (take_line(arena, rest, cpus, &items[count]))
			count++;
	}
	*out = items;
	return (unsigned)count;
}
