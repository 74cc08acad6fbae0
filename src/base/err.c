// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Errors as sentences.  It prints nothing but the last words of err_die.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_INTERNAL = 70 };

static void (*die_hook)(void);

void err_set(struct err *err, const char *format, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
}

void err_prefix(struct err *err, const char *format, ...)
{
	va_list args;
	struct err old;

	if (!err)
		return;
	old = *err;
	va_start(args, format);
	int len = vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	if (len < 0 || (size_t)len + 3 > sizeof err->text)
		return;
	size_t room = sizeof err->text - (size_t)len - 3;
	size_t keep = strnlen(old.text, sizeof old.text - 1);
	if (keep > room)
		keep = room;
	memcpy(err->text + len, ": ", 2);
	memcpy(err->text + len + 2, old.text, keep);
	err->text[(size_t)len + 2 + keep] = '\0';
}

void err_on_die(void (*hook)(void))
{
	die_hook = hook;
}

void err_die(const char *format, ...)
{
	void (*hook)(void) = die_hook;
	va_list args;

	die_hook = NULL;
	if (hook)
		hook();
	fputs("vfiotop: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_INTERNAL);
}
