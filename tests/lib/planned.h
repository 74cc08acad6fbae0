// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_PLANNED_H
#define TESTS_PLANNED_H

#include "plan/plan.h"

/* Plans that must be possible: where one is not, the test fails with the
 * reason. */
const struct plan *planned(const struct system *system,
			   const struct intent *intent, struct arena *arena);

/* For one device; the second binds to a driver, NULL being vfio-pci. */
const struct plan *planned_for(const struct system *system,
			       struct arena *arena, enum intent_kind kind,
			       const char *address);
const struct plan *planned_to(const struct system *system,
			      struct arena *arena, enum intent_kind kind,
			      const char *address, const char *driver);

#endif
