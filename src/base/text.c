// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text of strangers made safe, and text measured for a terminal.  It does
 * not lay anything out.
 */
#include "base/text.h"

#include <string.h>
#include <wchar.h>

#include "base/buf.h"

/* Decode one character of at most @len bytes; 0 when it is broken. */
static size_t decode(const uint8_t *bytes, size_t len, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need = bytes[0] < 0x80	       ? 1 :
		      (bytes[0] & 0xe0) == 0xc0 ? 2 :
		      (bytes[0] & 0xf0) == 0xe0 ? 3 :
		      (bytes[0] & 0xf8) == 0xf0 ? 4 : 0;

	if (!need || need > len)
		return 0;
	uint32_t sum = need == 1 ? bytes[0] : bytes[0] & (0x7fu >> need);
	for (size_t i = 1; i < need; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		sum = sum << 6 | (bytes[i] & 0x3f);
	}
	if (sum < least[need] || sum > 0x10ffff ||
	    (sum >= 0xd800 && sum <= 0xdfff))
		return 0;
	*c = sum;
	return need;
}

/* C0, DEL, C1, and the marks that turn or hide text. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

char *text_safe(struct arena *arena, const char *bytes, size_t len)
{
	struct buf out = {0};

	while (len && (*bytes == ' ' || *bytes == '\n' || *bytes == '\t'))
		bytes++, len--;
	while (len && (bytes[len - 1] == ' ' || bytes[len - 1] == '\n' ||
		       bytes[len - 1] == '\t' || bytes[len - 1] == '\0'))
		len--;
	while (len) {
		uint32_t c = 0;
		size_t step = decode((const uint8_t *)bytes, len, &c);

		if (!step) {
			step = 1;
			buf_printf(&out, "\\x%02x", (uint8_t)*bytes);
		} else if (c == '\t' || c == '\n') {
			buf_putc(&out, ' ');
		} else if (c < 0x20 || c == 0x7f) {
			buf_printf(&out, "^%c", (char)(c ^ 0x40));
		} else if (is_control(c)) {
			buf_printf(&out, "\\u%04x", c);
		} else {
			buf_add(&out, bytes, step);
		}
		bytes += step;
		len -= step;
	}
	char *safe = arena_copy(arena, buf_str(&out), out.len);
	buf_free(&out);
	return safe;
}

uint32_t text_take(const char **text)
{
	uint32_t c = 0;

	if (!**text)
		return 0;
	size_t step = decode((const uint8_t *)*text, strnlen(*text, 4), &c);
	if (!step) {
		step = 1;
		c = 0xfffd;
	}
	*text += step;
	return c;
}

unsigned text_char_width(uint32_t c)
{
	if (c < 0x7f)
		return 1;
	int width = wcwidth((wchar_t)c);
	return width < 0 ? 1 : (unsigned)width;
}

unsigned text_width(const char *text)
{
	unsigned columns = 0;

	for (uint32_t c; (c = text_take(&text)) != 0;)
		columns += text_char_width(c);
	return columns;
}

size_t text_fit(const char *text, unsigned columns)
{
	const char *at = text;
	unsigned used = 0;

	for (;;) {
		const char *next = at;
		uint32_t c = text_take(&next);
		if (!c)
			break;
		used += text_char_width(c);
		if (used > columns)
			break;
		at = next;
	}
	return (size_t)(at - text);
}

size_t text_encode(uint32_t c, char out[static 5])
{
	size_t len;

	if (c < 0x80) {
		out[0] = (char)c;
		len = 1;
	} else if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		len = 2;
	} else if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		len = 3;
	} else {
		out[0] = (char)(0xf0 | (c >> 18 & 7));
		len = 4;
	}
	for (size_t i = 1; i < len; i++)
		out[i] = (char)(0x80 | (c >> (6 * (len - 1 - i)) & 0x3f));
	out[len] = '\0';
	return len;
}

bool text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), tail = strlen(suffix);

	return len >= tail && strcmp(text + len - tail, suffix) == 0;
}

bool text_is_uuid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	for (i = 0; form[i] && text[i]; i++)
		if (form[i] == '-' ? text[i] != '-' :
				     !strchr("0123456789abcdef", text[i]))
			return false;
	return !form[i] && !text[i];
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_has(const char *text, const char *part)
{
	for (;; text++) {
		size_t i = 0;
		while (part[i] && lower(text[i]) == lower(part[i]))
			i++;
		if (!part[i])
			return true;
		if (!*text)
			return false;
	}
}

bool text_same_dashed(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char x = a[i] == '-' ? '_' : a[i];
		char y = b[i] == '-' ? '_' : b[i];
		if (x != y)
			return false;
	}
	return true;
}

bool text_line(const char **at, const char *end, const char **line,
	       size_t *line_len)
{
	if (*at >= end)
		return false;
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));
	*line = *at;
	*line_len = (size_t)((stop ? stop : end) - *at);
	*at = stop ? stop + 1 : end;
	return true;
}
