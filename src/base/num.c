// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Numbers from text and bytes of strangers.  Everything is bounded; nothing
 * is guessed.
 */
#include "base/num.h"

static const char *skip_blanks(const char *text)
{
	while (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r')
		text++;
	return text;
}

static bool digit_of(char c, unsigned base, unsigned *digit)
{
	if (c >= '0' && c <= '9')
		*digit = (unsigned)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*digit = (unsigned)(c - 'a') + 10;
	else if (c >= 'A' && c <= 'F')
		*digit = (unsigned)(c - 'A') + 10;
	else
		return false;
	return *digit < base;
}

bool num_take(const char **text, unsigned base, uint64_t *value)
{
	const char *at = skip_blanks(*text);
	uint64_t sum = 0;
	unsigned digit;

	if (base == 16 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X') &&
	    digit_of(at[2], base, &digit))
		at += 2;
	if (!digit_of(*at, base, &digit))
		return false;
	for (; digit_of(*at, base, &digit); at++) {
		if (sum > (UINT64_MAX - digit) / base)
			return false;
		sum = sum * base + digit;
	}
	*value = sum;
	*text = at;
	return true;
}

bool num_parse(const char *text, unsigned base, uint64_t *value)
{
	uint64_t sum;

	if (!num_take(&text, base, &sum) || *skip_blanks(text))
		return false;
	*value = sum;
	return true;
}

bool num_parse_signed(const char *text, int64_t *value)
{
	uint64_t sum;

	text = skip_blanks(text);
	bool negative = *text == '-';
	if (negative)
		text++;
	if (*text < '0' || *text > '9' || !num_parse(text, 10, &sum) ||
	    sum > INT64_MAX)
		return false;
	*value = negative ? -(int64_t)sum : (int64_t)sum;
	return true;
}

static uint64_t le(const uint8_t *bytes, size_t len, size_t offset,
		   size_t width)
{
	uint64_t value = 0;

	if (offset > len || len - offset < width)
		return 0;
	for (size_t i = width; i-- > 0;)
		value = value << 8 | bytes[offset + i];
	return value;
}

uint8_t num_le8(const uint8_t *bytes, size_t len, size_t offset)
{
	return (uint8_t)le(bytes, len, offset, 1);
}

uint16_t num_le16(const uint8_t *bytes, size_t len, size_t offset)
{
	return (uint16_t)le(bytes, len, offset, 2);
}

uint32_t num_le32(const uint8_t *bytes, size_t len, size_t offset)
{
	return (uint32_t)le(bytes, len, offset, 4);
}

uint64_t num_le64(const uint8_t *bytes, size_t len, size_t offset)
{
	return le(bytes, len, offset, 8);
}
