// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_INITRAMFS_H
#define SOURCE_INITRAMFS_H

#include <stdint.h>

#include "model/known.h"
#include "source/tree.h"

/*
 * An initramfs: one or more archives of cpio, the first of them often plain
 * (microcode), zeros, and the same packed; or the section of a unified kernel
 * image that is one.  It is walked once, in pieces;
 * nothing is kept of it but what tells the order of drivers, as files below
 * INITRAMFS_KEPT:
 *
 *   image        what was walked: a path, as it was named
 *   flaw         why it could not be walked to its end, if it could not
 *   modules      the names of the modules in it (*.ko*), one a line
 *   files/…      modprobe.d, modules-load.d, conf/modules, etc/cmdline.d and
 *                mkinitcpio's "config", as they stand in it
 *
 * Names and sizes are a stranger's: what climbs ("..") or would move a
 * terminal's cursor is left out, and what is larger than any image is refused.
 */
#define INITRAMFS_KEPT "vfiotop/initramfs"

/* Where the bytes come from: at most @len of them into @room, from @at of the
 * whole on.  Returns how many, 0 at the end, -1 when they cannot be read. */
struct initramfs_bytes {
	void *context;
	long (*read)(void *context, uint64_t at, char *room, size_t len);
};

/* Walk the image @name and keep of it in @tree; what an earlier walk kept is
 * replaced. */
void initramfs_keep(struct tree *tree, const char *name,
		    const struct initramfs_bytes *bytes);

/* Whether an image says that it was made for the kernel @release, as a unified
 * one may.  KNOWN: it does, ABSENT: for another, UNREAD: it does not say. */
enum known initramfs_is_for(const struct initramfs_bytes *bytes,
			    const char *release);

#endif
