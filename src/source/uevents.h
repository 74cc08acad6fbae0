// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_UEVENTS_H
#define SOURCE_UEVENTS_H

#include <stdbool.h>

enum { UEVENTS_MOST = 64, UEVENT_PATH = 256 };

/*
 * Where the kernel told of something since the machine was last read: the
 * DEVPATH of each uevent, from the top of sysfs:
 * "/devices/pci0000:00/0000:00:03.4/0000:05:00.0".
 */
struct uevents {
	char paths[UEVENTS_MOST][UEVENT_PATH];
	unsigned count;
	unsigned begun;		/* so many were there when the reading that is
				 * under way began */
	bool more, more_begun;	/* than could be kept: it may be anywhere; the
				 * same of the first .begun */
};

void uevents_add(struct uevents *uevents, const char *path);

/* A reading begins, in place of one that is under way; and when it is over, and
 * what it brought is shown: forget what it saw. */
void uevents_begin(struct uevents *uevents);
void uevents_end(struct uevents *uevents);

/* Whether all that was told is here. */
bool uevents_are_whole(const struct uevents *uevents);

#endif
