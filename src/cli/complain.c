// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one way in which a command says that something is wrong.
 */
#include "cli/complain.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

int complain(const struct err *err, int status)
{
	struct arena arena = {0};

	fprintf(stderr, "vfiotop: %s\n",
		text_safe(&arena, err->text, strlen(err->text)));
	arena_free(&arena);
	return status;
}
