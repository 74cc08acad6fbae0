// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_SILENCE_H
#define SOURCE_SILENCE_H

#include <stdbool.h>

/*
 * What did not answer when it was asked, so that it is not asked again.  A
 * file of a PCI device that hangs tells that something holds the device's
 * lock, and most of its other files would hang as well: then only its links,
 * its folder, and the files that need no lock are still looked at
 * (drivers/base/core.c, uevent_show; drivers/pci/pci-sysfs.c,
 * driver_override_show).
 */
enum { SILENCE_MOST = 16, SILENCE_PATH = 512 };

struct silence {
	char paths[SILENCE_MOST][SILENCE_PATH];	/* from the root, without a
						 * leading slash */
	unsigned count;
};

/* Remember @path; false when there are too many, or it is too long. */
bool silence_add(struct silence *silence, const char *path);

/* Forget it: it answered after all. */
void silence_remove(struct silence *silence, const char *path);

/* Whether @path must not be asked; @content: the bytes of a file are wanted,
 * not a link, a folder's names or what stat tells. */
bool silence_covers(const struct silence *silence, const char *path,
		    bool content);

#endif
