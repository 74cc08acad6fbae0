// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The signs and their ASCII letters.  It does not decide where they stand.
 */
#include "view/sign.h"

#include <stddef.h>

#include "base/text.h"

static const struct {
	const char *sign;
	enum role role;
} marks[] = {
	[MARK_NONE] = { " ", ROLE_TEXT },
	[MARK_GOOD] = { SIGN_GOOD, ROLE_GOOD },
	[MARK_WARN] = { SIGN_WARN, ROLE_WARN },
	[MARK_BAD] = { SIGN_BAD, ROLE_BAD },
	[MARK_UNKNOWN] = { SIGN_UNKNOWN, ROLE_UNKNOWN },
	[MARK_NOTE] = { SIGN_NOTE, ROLE_DIM },
};

const char *sign_of(enum mark mark)
{
	return marks[mark].sign;
}

enum role sign_role(enum mark mark)
{
	return marks[mark].role;
}

static const struct {
	uint32_t c;
	char letter;
} letters[] = {
	{ 0x00a0, ' ' }, { 0x00b7, '.' }, { 0x00d7, 'x' }, { 0x2010, '-' },
	{ 0x2011, '-' }, { 0x2013, '-' }, { 0x2014, '-' }, { 0x2018, '\'' },
	{ 0x2019, '\'' }, { 0x201c, '"' }, { 0x201d, '"' }, { 0x2022, '*' },
	{ 0x2026, '~' }, { 0x2190, '<' }, { 0x2191, '^' }, { 0x2192, '>' },
	{ 0x2193, 'v' }, { 0x21c5, 'N' }, { 0x2264, '<' }, { 0x2265, '>' },
	{ 0x2500, '-' }, { 0x2502, '|' }, { 0x250c, '+' }, { 0x2510, '+' },
	{ 0x2514, '`' }, { 0x2518, '+' }, { 0x251c, '|' }, { 0x2524, '+' },
	{ 0x252c, '+' }, { 0x2534, '+' }, { 0x25b2, '^' }, { 0x25b8, '+' },
	{ 0x25bc, 'v' }, { 0x25be, '-' }, { 0x25c9, 'S' }, { 0x25cc, 'o' },
	{ 0x2699, 'H' }, { 0x26c1, 'F' }, { 0x2713, '+' }, { 0x2717, 'x' },
};

uint32_t sign_ascii(uint32_t c)
{
	if (c < 0x80)
		return c;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (letters[i].c == c)
			return (uint32_t)letters[i].letter;
	return '?';
}

void sign_puts(struct buf *out, const char *text, bool ascii)
{
	if (!ascii) {
		buf_puts(out, text);
		return;
	}
	for (uint32_t c; (c = text_take(&text)) != 0;)
		if (text_char_width(c) > 0)
			buf_putc(out, (char)sign_ascii(c));
}
