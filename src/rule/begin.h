// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_BEGIN_H
#define RULE_BEGIN_H

#include "rule/clue.h"
#include "rule/engine.h"

/*
 * How a rule begins that explains why there are no groups.  True: there are
 * none, go on and find out.  False: *verdict is the answer, PASS where there
 * are groups (judging by effect), CANNOT_TELL where that is not known.
 */
bool begin_groupless(struct judge *judge, enum verdict *verdict);

/* The same for a rule of one maker's processors: NOT_HERE on another's. */
bool begin_groupless_on(struct judge *judge, enum cpu_maker maker,
			enum verdict *verdict);

#endif
