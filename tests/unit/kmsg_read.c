// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logs taken apart, for tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/kmsg_read.h"

#include <string.h>

#include "decode/kmsg.h"

struct log parse(struct arena *arena, const char *text)
{
	struct log log = {0};

	kmsg_parse(arena, text, strlen(text), &log);
	return log;
}

struct host facts(struct arena *arena, const char *text)
{
	struct log log = parse(arena, text);
	struct host host = {0};

	kmsg_facts(arena, &log, &host);
	return host;
}
