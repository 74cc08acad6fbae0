// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_KMSG_READ_H
#define TESTS_KMSG_READ_H

#include "decode/kmsg.h"

/* A text taken apart as a log; and what that tells of a machine of which
 * nothing else is known. */
struct log parse(struct arena *arena, const char *text);
struct host facts(struct arena *arena, const char *text);

#endif
