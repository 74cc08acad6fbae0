// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_STORAGE_H
#define MODEL_STORAGE_H

#include "model/system.h"

/* What disks are to their host.  Indices are into usage->disks. */

/* Whether the host itself runs from what is mounted there: "/", "/usr" …,
 * not swap. */
bool storage_is_system(const char *mount_point);

/* The same, or swap. */
bool storage_is_vital(const char *mount_point);

/* Return the first of what the host runs from at or behind @index of
 * usage->net_mounts: it comes over the network; NULL: there is no more. */
const struct net_mount *storage_far(const struct usage *usage, unsigned index);

/* Whether the device may have disks below it: by its class, or because that
 * is not known.  One that a vfio driver has is known to have none. */
bool storage_may_be_on(const struct device *device);

/* Whether something is mounted from, swapped to, or stands on a whole disk or
 * one of its partitions, as far as was seen. */
bool storage_disk_is_used(const struct system *system, int disk);

/* Whether @name is that of one of several in a list "luks-x (LUKS), sda2". */
bool storage_goes_through(const char *list, const char *name);

#endif
