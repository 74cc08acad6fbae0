// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A monitor's name out of its EDID.  Nothing else of it matters here.
 *
 * VESA E-EDID 1.4, 3.3 to 3.10.
 */
#include "decode/edid.h"

#include <stdbool.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum {
	BLOCK_BYTES = 128,
	VENDOR_AT = 8,		/* 3 letters of 5 bits, big-endian */
	PRODUCT_AT = 10,
	DESCRIPTORS_AT = 54,
	DESCRIPTORS = 4,
	DESCRIPTOR_BYTES = 18,
	TAG_AT = 3,
	TAG_NAME = 0xfc,
	NAME_AT = 5,
	NAME_BYTES = 13,
};

static bool is_edid(const uint8_t *bytes, size_t len)
{
	static const uint8_t head[] = { 0, 255, 255, 255, 255, 255, 255, 0 };
	uint8_t sum = 0;

	if (len < BLOCK_BYTES || memcmp(bytes, head, sizeof head) != 0)
		return false;
	for (size_t i = 0; i < BLOCK_BYTES; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return sum == 0;
}

/* The text ends with a newline, and some fill with NUL instead of blanks. */
static size_t name_len(const uint8_t *name)
{
	size_t len = 0;

	while (len < NAME_BYTES && name[len] != '\n' && name[len])
		len++;
	return len;
}

static const char *name_of(struct arena *arena, const uint8_t *bytes)
{
	for (size_t i = 0; i < DESCRIPTORS; i++) {
		const uint8_t *at = bytes + DESCRIPTORS_AT +
				    i * DESCRIPTOR_BYTES;

		/* A pixel clock other than 0 makes it a video timing. */
		if (at[0] || at[1] || at[2] || at[TAG_AT] != TAG_NAME)
			continue;
		const char *name = text_safe(arena, (const char *)at + NAME_AT,
					     name_len(at + NAME_AT));
		if (*name)
			return name;
	}
	return NULL;
}

static char letter(unsigned bits)
{
	bits &= 31;
	return bits >= 1 && bits <= 26 ? (char)('A' + bits - 1) : '?';
}

const char *edid_monitor(struct arena *arena, const uint8_t *bytes, size_t len)
{
	if (!is_edid(bytes, len))
		return NULL;
	const char *name = name_of(arena, bytes);
	if (name)
		return name;
	unsigned vendor = (unsigned)bytes[VENDOR_AT] << 8 |
			  bytes[VENDOR_AT + 1];
	return arena_printf(arena, "%c%c%c %u", letter(vendor >> 10),
			    letter(vendor >> 5), letter(vendor),
			    num_le16(bytes, len, PRODUCT_AT));
}
