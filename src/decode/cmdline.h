// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_CMDLINE_H
#define DECODE_CMDLINE_H

#include "base/arena.h"
#include "model/system.h"

/*
 * Split a kernel command line into parameters as the kernel does
 * (lib/cmdline.c, next_arg): blanks separate, double quotes hold together
 * and are removed; a lone "--" ends them (the rest is init's).  Returns how
 * many; *out is in @arena.
 */
unsigned cmdline_parse(struct arena *arena, const char *text,
		       const struct parameter **out);

#endif
