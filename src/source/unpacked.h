// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_UNPACKED_H
#define SOURCE_UNPACKED_H

#include "source/folder.h"
#include "source/tree.h"

/* Take an unpacked capture, a folder open as @fd, into @tree; false where it
 * bears no capture's label.  Depth, number and size of files are bounded. */
bool unpacked_load(struct tree *tree, int fd);

#endif
