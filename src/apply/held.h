// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef APPLY_HELD_H
#define APPLY_HELD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether some process holds the device node at @path open or mapped, by number
 * and not by name, so that a node of a container counts too.  @who gets the first of
 * them: "Xorg (1203)".  A node that is not there is held by nobody.  @root
 * stands before /proc: "" but in tests.
 */
bool held_by(const char *root, const char *path, char *who, size_t size);

#endif
