// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_DUMP_H
#define SOURCE_DUMP_H

#include "base/err.h"
#include "source/tree.h"

/* Whether the text looks like what `lspci -x`, `-xxx` or `-xxxx` prints;
 * whether it looks like a kernel log. */
bool dump_is_dump(const char *text);
bool dump_is_log(const char *text);

/*
 * Read an lspci dump through libpci into @tree, as the files that sysfs
 * would show: config and uevent of each function.  False with *err when it
 * holds no device.
 */
bool dump_load(struct tree *tree, const char *text, size_t len,
	       const char *name, struct err *err);

#endif
