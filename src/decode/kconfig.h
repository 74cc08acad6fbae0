// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_KCONFIG_H
#define DECODE_KCONFIG_H

#include "model/system.h"

/*
 * Read the symbols of enum symbol out of a kernel configuration.  Lines are
 * "CONFIG_X=y", "=m", "=n" or "# CONFIG_X is not set"; what is not mentioned
 * is not set.  known becomes KNOWN, or MALFORMED when no line is of that
 * form; source is the caller's.
 */
void kconfig_parse(const char *text, size_t len, struct kconfig *out);

#endif
