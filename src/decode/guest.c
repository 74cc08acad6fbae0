// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a command line of QEMU tells of its guest.  Other programs that run
 * guests do not name them so.
 */
#include "decode/guest.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* One option of a list: up to a comma that is not doubled. */
static const char *take_option(const char *at, const char *end,
			       struct buf *option)
{
	buf_reset(option);
	for (; at < end; at++) {
		if (*at == ',' && (at + 1 == end || at[1] != ','))
			return at + 1;
		if (*at == ',')
			at++;
		buf_putc(option, *at);
	}
	return end;
}

/* "guest=NAME" wherever it stands, or a bare NAME in front. */
static void take_value(const char *at, const char *end, struct buf *name)
{
	struct buf option = {0};

	for (bool first = true; at < end; first = false) {
		at = take_option(at, end, &option);
		const char *text = buf_str(&option);
		bool named = text_starts(text, "guest=");
		if (!named && !(first && !strchr(text, '=')))
			continue;
		buf_reset(name);
		buf_puts(name, named ? text + strlen("guest=") : text);
	}
	buf_free(&option);
}

const char *guest_name(const char *words, size_t len, struct arena *arena)
{
	const char *at = words, *end = words + len;
	struct buf name = {0};
	bool next = false;

	while (at < end) {
		const char *nul = memchr(at, '\0', (size_t)(end - at));
		const char *stop = nul ? nul : end;
		size_t width = (size_t)(stop - at);
		if (next)
			take_value(at, stop, &name);
		next = (width == 5 && memcmp(at, "-name", 5) == 0) ||
		       (width == 6 && memcmp(at, "--name", 6) == 0);
		at = nul ? nul + 1 : end;
	}
	const char *safe = text_safe(arena, buf_str(&name), name.len);
	buf_free(&name);
	return safe;
}
