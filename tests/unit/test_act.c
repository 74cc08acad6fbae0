// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/act.h"
#include "act/history.h"
#include "act/journal.h"
#include "act/kernel.h"
#include "act/rehearse.h"
#include "act/transact.h"
#include "lib/machine.h"
#include "plan/plan.h"

static const struct plan *plan_for(const struct system *system,
				   struct arena *arena, enum intent_kind kind,
				   const char *address)
{
	struct bdf *bdf = arena_alloc(arena, sizeof *bdf);
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct err err = {0};

	assert_true(bdf_parse(address, bdf));
	*intent = (struct intent){ .kind = kind, .devices = bdf,
				   .device_count = 1 };
	const struct plan *plan = plan_make(system, intent, arena, &err);
	if (!plan)
		fail_msg("%s", err.text);
	return plan;
}

/* Do a plan in the model, with a fault; returns the machine afterwards. */
static const struct system *rehearsed(const struct system *system,
				      const struct plan *plan,
				      const struct rehearse_fault *fault,
				      struct transact *transact,
				      struct arena *arena)
{
	struct rehearse *rehearse = rehearse_make(system, fault, arena);
	unsigned turns = 0;

	transact_begin(transact, plan, rehearse_backend(rehearse), NULL,
		       arena);
	while (transact_step(transact) == OUTCOME_RUNNING)
		assert_true(turns++ < 1000);
	return rehearse_result(rehearse, arena);
}

static void assert_same_bindings(const struct system *a,
				 const struct system *b)
{
	assert_int_equal(a->device_count, b->device_count);
	for (unsigned i = 0; i < a->device_count; i++) {
		const struct device *x = &a->devices[i], *y = &b->devices[i];
		assert_int_equal(x->driver.known, y->driver.known);
		assert_string_equal(x->driver.value, y->driver.value);
		assert_int_equal(x->driver_override.known,
				 y->driver_override.known);
		assert_string_equal(x->driver_override.value,
				    y->driver_override.value);
	}
	assert_int_equal(a->vfio.node_count, b->vfio.node_count);
}

static const char *driver_at(const struct system *system, const char *address)
{
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	return system->devices[system_device(system, bdf)].driver.value;
}

static void a_group_goes_to_vfio_and_its_node_appears(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		plan_for(system, &arena, INTENT_BIND, "01:00.0");
	struct transact transact;
	const struct system *after =
		rehearsed(system, plan, NULL, &transact, &arena);

	(void)state;
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	assert_string_equal(driver_at(after, "01:00.0"), "vfio-pci");
	assert_string_equal(driver_at(after, "01:00.1"), "vfio-pci");
	assert_int_equal(after->vfio.node_count, 2);
	assert_string_equal(after->vfio.nodes[1], "13");
	arena_free(&arena);
}

static void restoring_gives_back_the_machine_as_it_was(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	struct transact transact;
	const struct system *given = rehearsed(
		system, plan_for(system, &arena, INTENT_BIND, "01:00.0"), NULL,
		&transact, &arena);
	const struct plan *back =
		plan_for(given, &arena, INTENT_RESTORE, "01:00.1");
	const struct system *after =
		rehearsed(given, back, NULL, &transact, &arena);

	(void)state;
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	assert_same_bindings(system, after);
	arena_free(&arena);
}

static void an_errno_at_any_step_ends_as_it_began(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		plan_for(system, &arena, INTENT_BIND, "01:00.0");

	(void)state;
	for (unsigned k = 0; k < plan->step_count; k++) {
		struct transact transact;
		struct rehearse_fault fault = { FAULT_ERRNO, k, EIO, NULL };
		const struct system *after = rehearsed(system, plan, &fault,
						       &transact, &arena);
		assert_int_equal(transact.outcome, OUTCOME_ROLLED_BACK);
		assert_int_equal(transact.progress[k].state, STEP_FAILED);
		assert_same_bindings(system, after);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_goes_to_vfio_and_its_node_appears),
		cmocka_unit_test(restoring_gives_back_the_machine_as_it_was),
		cmocka_unit_test(an_errno_at_any_step_ends_as_it_began),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
