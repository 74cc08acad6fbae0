// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UUIDs, by which mediated devices are called.  What they name is others'
 * matter.
 */
#include "act/uuid.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/i18n.h"
#include "base/text.h"

enum { UUID_BYTES = 16, UUID_TEXT = 36 };

/* Where dashes stand before a byte. */
static bool has_dash(int byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

const char *uuid_make(struct arena *arena, struct err *err)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[UUID_BYTES];
	char text[UUID_TEXT + 1], *at = text;

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
		err_set(err, _("The kernel gave no random bytes for a UUID: "
			       "%s. Name one."), strerror(errno));
		return NULL;
	}
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	for (int i = 0; i < UUID_BYTES; i++) {
		if (has_dash(i))
			*at++ = '-';
		*at++ = digits[bytes[i] >> 4];
		*at++ = digits[bytes[i] & 0xf];
	}
	*at = '\0';
	return arena_text(arena, text);
}

const char *uuid_parse(const char *text, struct arena *arena, struct err *err)
{
	char *small = arena_text(arena, text);

	for (char *at = small; *at; at++)
		if (*at >= 'A' && *at <= 'F')
			*at = (char)(*at - 'A' + 'a');
	if (text_is_uuid(small))
		return small;
	err_set(err, _("\"%s\" is no UUID: write it as 8-4-4-4-12 hexadecimal "
		       "digits."), text_safe(arena, text, strlen(text)));
	return NULL;
}
