// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_GUEST_H
#define DECODE_GUEST_H

#include <stddef.h>

#include "base/arena.h"

/*
 * Return the name of the guest in QEMU's command line, words with a NUL
 * behind each as /proc/PID/cmdline has them: "-name win10", "-name
 * guest=win10,debug-threads=on".  "" when there is none.  The last one
 * counts.  Safe to print, in @arena.
 *
 * Source: qemu(1), -name; a comma in a name is written twice.
 */
const char *guest_name(const char *words, size_t len, struct arena *arena);

#endif
