// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A line editor for searches, filters, commands and confirmations.  It does
 * not know what the line is for.
 */
#include "tui/prompt.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "view/stroke.h"

enum { CONTROL_A = 1, CONTROL_E = 5, CONTROL_H = 8, CONTROL_U = 21,
       CONTROL_W = 23 };

void prompt_start(struct prompt *prompt, const char *text)
{
	snprintf(prompt->text, sizeof prompt->text, "%s", text);
	prompt->at = strlen(prompt->text);
}

static bool is_inside(char byte)
{
	return (byte & 0xc0) == 0x80;
}

static size_t before(const struct prompt *prompt)
{
	size_t at = prompt->at;

	while (at && is_inside(prompt->text[--at]))
		;
	return at;
}

static size_t behind(const struct prompt *prompt)
{
	size_t at = prompt->at;

	if (prompt->text[at])
		at++;
	while (is_inside(prompt->text[at]))
		at++;
	return at;
}

static void cut(struct prompt *prompt, size_t from, size_t to)
{
	memmove(prompt->text + from, prompt->text + to,
		strlen(prompt->text + to) + 1);
	prompt->at = from;
}

static void insert(struct prompt *prompt, int stroke)
{
	char letter[5];
	size_t len = text_encode((uint32_t)stroke, letter);
	size_t have = strlen(prompt->text);

	if (have + len >= sizeof prompt->text)
		return;
	memmove(prompt->text + prompt->at + len, prompt->text + prompt->at,
		have - prompt->at + 1);
	memcpy(prompt->text + prompt->at, letter, len);
	prompt->at += len;
}

/* Where the word before the cursor begins. */
static size_t word_start(const struct prompt *prompt)
{
	size_t at = prompt->at;

	while (at && prompt->text[at - 1] == ' ')
		at--;
	while (at && prompt->text[at - 1] != ' ')
		at--;
	return at;
}

static bool is_letter(int stroke)
{
	return stroke >= ' ' && stroke < STROKE_FIRST &&
	       stroke != STROKE_BACKSPACE &&
	       !(stroke >= 0x80 && stroke < 0xa0) &&
	       !(stroke >= 0xd800 && stroke < 0xe000);
}

enum prompt_end prompt_key(struct prompt *prompt, int stroke)
{
	switch (stroke) {
	case STROKE_ENTER:
		return PROMPT_DONE;
	case STROKE_ESCAPE:
		return PROMPT_LEFT;
	case STROKE_BACKSPACE:
	case CONTROL_H:
		if (!*prompt->text)
			return PROMPT_LEFT;
		cut(prompt, before(prompt), prompt->at);
		break;
	case STROKE_DELETE:
		cut(prompt, prompt->at, behind(prompt));
		break;
	case STROKE_LEFT:
		prompt->at = before(prompt);
		break;
	case STROKE_RIGHT:
		prompt->at = behind(prompt);
		break;
	case STROKE_HOME:
	case CONTROL_A:
		prompt->at = 0;
		break;
	case STROKE_END:
	case CONTROL_E:
		prompt->at = strlen(prompt->text);
		break;
	case CONTROL_U:
		cut(prompt, 0, prompt->at);
		break;
	case CONTROL_W:
		cut(prompt, word_start(prompt), prompt->at);
		break;
	default:
		if (is_letter(stroke))
			insert(prompt, stroke);
		break;
	}
	return PROMPT_GOES_ON;
}

bool prompt_complete(struct prompt *prompt, const char *const *words)
{
	size_t len = strlen(prompt->text), shared = 0;
	const char *first = NULL;

	for (; *words; words++) {
		if (!text_starts(*words, prompt->text))
			continue;
		if (!first) {
			first = *words;
			shared = strlen(first);
		}
		size_t same = len;
		while (same < shared && first[same] == (*words)[same])
			same++;
		shared = same;
	}
	if (!first || shared >= sizeof prompt->text)
		return false;
	memmove(prompt->text, first, shared);
	prompt->text[shared] = '\0';
	prompt->at = shared;
	return true;
}

void prompt_paint(const struct prompt *prompt, struct canvas *canvas,
		  struct rect area, const char *label)
{
	char head[sizeof prompt->text];
	int x = area.x;

	x += canvas_put(canvas, x, area.y, area.columns, ROLE_KEY, label);
	int room = area.x + area.columns - x - 1;
	memcpy(head, prompt->text, prompt->at);
	head[prompt->at] = '\0';
	/* A long line is shown from where the cursor is in sight. */
	const char *from = prompt->text;
	const char *mark = head;
	while ((int)text_width(mark) > room && text_take(&mark))
		from = prompt->text + (mark - head);
	canvas_put(canvas, x, area.y, room + 1, ROLE_TEXT, from);
	canvas->cursor_x = x + (int)text_width(mark);
	canvas->cursor_y = area.y;
}
