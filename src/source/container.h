// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_CONTAINER_H
#define SOURCE_CONTAINER_H

#include "base/buf.h"

/*
 * Ask VFIO's container node on this machine, below @root, what it can do:
 * "version 0", and a line "extension NUMBER VALUE" for each that has a
 * meaning.  0, or an errno; ENODEV where vfio is not loaded: then the node is
 * not opened, for that would load it.
 *
 * A container that was given no group belongs to nobody and does nothing; the
 * two requests change nothing.  No group and no device is opened.
 *
 * Source: drivers/vfio/container.c, vfio_ioctl_check_extension(); 6.1 to 7.2.
 */
int container_ask(int root, struct buf *out);

#endif
