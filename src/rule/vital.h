// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_VITAL_H
#define RULE_VITAL_H

#include "model/system.h"

/*
 * Whether the host, as far as is known, cannot go on without @device: its
 * system or its swap is on it, or comes through it, or its way into the
 * network or this very session does.
 */
bool vital_is(const struct system *system, int device);

#endif
