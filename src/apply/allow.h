// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef APPLY_ALLOW_H
#define APPLY_ALLOW_H

#include "plan/plan.h"

/*
 * Whether the writer does such a step at all, judged by its text alone: the
 * paths it may write to, the values that fit them, the paths it may look at,
 * the programs it may run.  False with *err otherwise.
 */
bool allow_step(const struct step *step, struct err *err);

/* Whether @text is a PCI address in full, as sysfs writes it. */
bool allow_address(const char *text);

/* Whether the value of a step that allow_step passed is an address. */
bool allow_value_is_address(const struct step *step);

#endif
