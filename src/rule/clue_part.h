// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_CLUE_PART_H
#define RULE_CLUE_PART_H

#include "rule/clue.h"

/* What lies below the kernel, as KNOWN, ABSENT or not known.  For
 * clues_gather(), in this order: each looks at the answers before it. */
enum known clue_guest(const struct system *system);
enum known clue_dom0(const struct system *system, const struct clues *clues);
enum known clue_wsl(const struct system *system);

/* Whether acpi=off holds: the last word on it counts, and a log that lists
 * tables knows better. */
bool clue_acpi_off(const struct system *system);

#endif
