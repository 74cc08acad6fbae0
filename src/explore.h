// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef EXPLORE_H
#define EXPLORE_H

#include "cli/options.h"

/* The text interface on this terminal; returns an exit status. */
int explore(const struct options *options);

#endif
