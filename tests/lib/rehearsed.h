// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_REHEARSED_H
#define TESTS_REHEARSED_H

#include "act/rehearse.h"
#include "act/transact.h"

/* Do a plan in the model of the kernel, with a fault or NULL, and without a
 * journal; returns the machine afterwards, and in *transact how it went. */
const struct system *rehearsed(const struct system *system,
			       const struct plan *plan,
			       const struct rehearse_fault *fault,
			       struct transact *transact, struct arena *arena);

/* The same where it must end as @wanted: else the test fails with the
 * verdict. */
const struct system *done(const struct system *system,
			  const struct plan *plan,
			  const struct rehearse_fault *fault,
			  enum outcome wanted, struct arena *arena);

/* The driver of a device that is there; "" where it has none. */
const char *driver_at(const struct system *system, const char *address);

#endif
