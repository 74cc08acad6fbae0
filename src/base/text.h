// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Return @len bytes of a stranger as text that is safe to print: valid UTF-8
 * stays, control characters become ^X, broken bytes become \xNN, blanks at
 * both ends go.  No escape can reach a terminal through it.
 */
char *text_safe(struct arena *arena, const char *bytes, size_t len);

/*
 * Take one character from *@text (NUL-terminated UTF-8) and step past it.
 * A broken byte gives U+FFFD and steps one byte.  0 at the end.
 */
uint32_t text_take(const char **text);

/* Columns that a character covers on a terminal: 0 (combining), 1 or 2;
 * 1 for what the C library does not know. */
unsigned text_char_width(uint32_t c);

/* Columns that UTF-8 @text covers. */
unsigned text_width(const char *text);

/* Bytes of the longest prefix of @text that fits in @columns. */
size_t text_fit(const char *text, unsigned columns);

/* Encode @c as UTF-8 with a NUL behind; returns the bytes, the NUL not
 * counted. */
size_t text_encode(uint32_t c, char out[static 5]);

bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* Whether it is a UUID: 8-4-4-4-12 small hexadecimal digits. */
bool text_is_uuid(const char *text);

/* Whether @part occurs in @text, ASCII letters compared without case. */
bool text_has(const char *text, const char *part);

/* Whether the words are equal with - and _ taken for the same letter, as
 * the kernel compares module and parameter names. */
bool text_same_dashed(const char *a, const char *b, size_t len);

/*
 * Take the next line of @len bytes at *@at; false at the end.  *line is not
 * terminated; *line_len has no newline.
 */
bool text_line(const char **at, const char *end, const char **line,
	       size_t *line_len);

#endif
