// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_LOGGED_H
#define RULE_LOGGED_H

#include "rule/engine.h"

/*
 * Return the next line of the kernel's log that is about the judge's device
 * and of those that its rule looks for, in the log's order; NULL at the end.
 * *at is NONE at first, and moved along.
 */
const char *logged_next(struct judge *judge, int *at);

#endif
