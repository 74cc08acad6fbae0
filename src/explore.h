// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLORE_H
#define EXPLORE_H

#include "base/arena.h"
#include "cli/options.h"
#include "source/root.h"

/* The text interface on this terminal; returns an exit status. */
int explore(const struct options *options);

/*
 * Read the whole machine with the tee on and write what was read to @path.
 * False with *err when it cannot be written.
 */
bool capture_root(struct root *root, struct arena *arena, const char *path,
		  struct err *err);

#endif
