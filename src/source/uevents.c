// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel told, kept until it was read.  It does not listen.
 */
#include "source/uevents.h"

#include <string.h>

void uevents_add(struct uevents *uevents, const char *path)
{
	/* What a reading under way is about may change once more behind it. */
	for (unsigned i = uevents->begun; i < uevents->count; i++)
		if (strcmp(uevents->paths[i], path) == 0)
			return;
	size_t len = strlen(path);
	if (uevents->count == UEVENTS_MOST || len >= UEVENT_PATH) {
		uevents->more = true;
		return;
	}
	memcpy(uevents->paths[uevents->count++], path, len + 1);
}

void uevents_begin(struct uevents *uevents)
{
	uevents->begun = uevents->count;
	uevents->more_begun |= uevents->more;
	uevents->more = false;
}

void uevents_end(struct uevents *uevents)
{
	uevents->count -= uevents->begun;
	memmove(uevents->paths, uevents->paths[uevents->begun],
		uevents->count * sizeof uevents->paths[0]);
	uevents->begun = 0;
	uevents->more_begun = false;
}

bool uevents_are_whole(const struct uevents *uevents)
{
	return !uevents->more && !uevents->more_begun;
}
