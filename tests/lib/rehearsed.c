// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plans done in the model of the kernel, to their end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rehearsed.h"

const struct system *rehearsed(const struct system *system,
			       const struct plan *plan,
			       const struct rehearse_fault *fault,
			       struct transact *transact, struct arena *arena)
{
	struct rehearse *rehearse = rehearse_make(system, fault, arena);
	unsigned turns = 0;

	transact_begin(transact, plan, rehearse_backend(rehearse), NULL,
		       arena);
	while (transact_step(transact) == OUTCOME_RUNNING)
		assert_true(turns++ < 1000);
	return rehearse_result(rehearse, arena);
}

const struct system *done(const struct system *system,
			  const struct plan *plan,
			  const struct rehearse_fault *fault,
			  enum outcome wanted, struct arena *arena)
{
	struct transact transact;
	const struct system *after =
		rehearsed(system, plan, fault, &transact, arena);

	if (transact.outcome != wanted)
		fail_msg("%s", transact.verdict);
	return after;
}

const char *driver_at(const struct system *system, const char *address)
{
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	int index = system_device(system, bdf);
	assert_int_not_equal(index, NONE);
	return system->devices[index].driver.value;
}
