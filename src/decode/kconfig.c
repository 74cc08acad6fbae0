// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The symbols that matter out of a kernel's configuration.  It does not
 * unpack: the text is plain.
 *
 * Documentation/kbuild/kconfig.rst of the kernel.
 */
#include "decode/kconfig.h"

#include <string.h>

#include "base/text.h"

static const char prefix[] = "CONFIG_";
static const char not_set_start[] = "# CONFIG_";
static const char not_set_end[] = " is not set";

static bool starts(const char *line, size_t len, const char *with)
{
	size_t need = strlen(with);

	return len >= need && memcmp(line, with, need) == 0;
}

static bool ends(const char *line, size_t len, const char *with)
{
	size_t need = strlen(with);

	return len >= need && memcmp(line + len - need, with, need) == 0;
}

/* The symbols with their lengths: a configuration has ten thousand lines, and
 * few of them are about one that is as long. */
struct wanted {
	const char *name[SYMBOL_COUNT];
	size_t len[SYMBOL_COUNT];
};

static void set(const struct wanted *wanted, struct kconfig *out,
		const char *name, size_t len, char value)
{
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		if (wanted->len[i] == len &&
		    memcmp(wanted->name[i], name, len) == 0)
			out->value[i] = value;
}

/* Whether the line says something of a symbol. */
static bool take_line(const struct wanted *wanted, const char *line,
		      size_t len, struct kconfig *out)
{
	if (starts(line, len, not_set_start) && ends(line, len, not_set_end)) {
		set(wanted, out, line + 2, len - 2 - strlen(not_set_end), 'n');
		return true;
	}
	if (!starts(line, len, prefix))
		return false;
	const char *equals = memchr(line, '=', len);
	if (!equals)
		return false;
	size_t name_len = (size_t)(equals - line);
	if (len == name_len + 2 && memchr("ymn", equals[1], 3))
		set(wanted, out, line, name_len, equals[1]);
	return true;
}

void kconfig_parse(const char *text, size_t len, struct kconfig *out)
{
	const char *at = text, *line;
	struct wanted wanted;
	size_t line_len;

	for (unsigned i = 0; i < SYMBOL_COUNT; i++) {
		wanted.name[i] = symbol_name(i);
		wanted.len[i] = strlen(wanted.name[i]);
	}
	out->known = MALFORMED;
	memset(out->value, 'n', sizeof out->value);
	while (text_line(&at, text + len, &line, &line_len)) {
		if (line_len && line[line_len - 1] == '\r')
			line_len--;
		if (take_line(&wanted, line, line_len, out))
			out->known = KNOWN;
	}
}
