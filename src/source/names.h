// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_NAMES_H
#define SOURCE_NAMES_H

#include "base/arena.h"
#include "model/system.h"

/*
 * Look up the names of all devices of @system in the list of PCI ids
 * (libpci's).  It takes longer than reading a desktop's sysfs, so call it
 * late and once.  Without a list the names are "Device 2684" as libpci says
 * it.  The result is in @arena.
 */
const struct names *names_load(const struct system *system,
			       struct arena *arena);

#endif
