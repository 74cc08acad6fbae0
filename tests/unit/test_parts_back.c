// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plans of virtual functions and mediated devices, taken back and failing at
 * every step.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>

#include "lib/alter.h"
#include "lib/machine.h"
#include "lib/planned.h"
#include "lib/rehearsed.h"
#include "plan/past.h"
#include "unit/parts_made.h"

static const struct plan *back_of(const struct system *before,
				  const struct plan *plan,
				  const struct system *after,
				  struct arena *arena)
{
	struct past *past = arena_alloc(arena, sizeof *past);
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct err err = {0};

	*past = past_of_plan(before, plan, 1, OUTCOME_DONE, arena);
	if (!past_intent(past, after, arena, intent, &err))
		fail_msg("%s", err.text);
	return planned(after, intent, arena);
}

/* --- there and back, and every step failing --- */

static const struct story stories[] = {
	{ "make VFs", made_parts, MADE_CAPABLE, INTENT_VFS, 4, NULL, NULL, 0,
	  false },
	{ "remove VFs", made_with_vfs, MADE_TWO, INTENT_VFS, 0, NULL, NULL, 0,
	  false },
	{ "change VFs", made_with_vfs, MADE_TWO, INTENT_VFS, 4, NULL, NULL, 0,
	  false },
	{ "fewer VFs", made_with_vfs, MADE_TWO, INTENT_VFS, 1, NULL, NULL, 0,
	  false },
	{ "VFs without a driver", made_with_vfs,
	  MADE_TWO "dev 01:00.1 driver -; dev 01:00.1 modules nvme", INTENT_VFS,
	  0, NULL, NULL, 0, false },
	{ "create", made_parts, MADE_MTTY, INTENT_CREATE, 0, "mtty-2", NULL, 0,
	  false },
	{ "create beside another", made_parts,
	  MADE_MTTY "mdev " OTHER " mtty mtty-1 9", INTENT_CREATE, 0, "mtty-1",
	  NULL, 0, false },
	{ "sleep", made_parts, "", INTENT_POWER, 0, "auto", NULL, 0, false },
	{ "wake", made_parts,
	  "dev 01:00.0 runtime_control auto;"
	  "dev 01:00.0 runtime_status suspended; dev 01:00.0 power_state D3hot",
	  INTENT_POWER, 0, "on", NULL, 0, false },
};

static void for_stories(void (*each)(const struct system *system,
				     const struct plan *plan,
				     struct arena *arena))
{
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		struct arena arena = {0};
		const struct system *system =
			altered(&arena, stories[i].devices, stories[i].edits);
		const struct plan *plan = plan_of(&stories[i], system, &arena);
		print_message("  %s: %u steps\n", stories[i].name,
			      plan->step_count);
		assert_true(plan->step_count > 0);
		each(system, plan, &arena);
		arena_free(&arena);
	}
}

static void there_and_back(const struct system *system,
			   const struct plan *plan, struct arena *arena)
{
	const struct system *after =
		done(system, plan, NULL, OUTCOME_DONE, arena);
	const struct plan *back = back_of(system, plan, after, arena);

	assert_true(back->step_count > 0);
	assert_same(system, done(after, back, NULL, OUTCOME_DONE, arena));
}

static void what_is_taken_back_is_as_it_was(void **state)
{
	(void)state;
	for_stories(there_and_back);
}

static void errno_at_each_step(const struct system *system,
			       const struct plan *plan, struct arena *arena)
{
	for (unsigned k = 0; k < plan->step_count; k++) {
		const struct rehearse_fault fault = { FAULT_ERRNO, k, EIO,
						      NULL };
		assert_same(system, done(system, plan, &fault,
					 OUTCOME_ROLLED_BACK, arena));
	}
}

static void an_errno_at_any_step_ends_as_it_began(void **state)
{
	(void)state;
	for_stories(errno_at_each_step);
}

/* Taking back fails too: nothing is called done that is not. */
static void errno_in_each_undo(const struct system *system,
			       const struct plan *plan, struct arena *arena)
{
	const struct system *after =
		done(system, plan, NULL, OUTCOME_DONE, arena);
	const struct plan *back = back_of(system, plan, after, arena);

	for (unsigned k = 0; k < back->step_count; k++) {
		const struct rehearse_fault fault = { FAULT_ERRNO, k, EIO,
						      NULL };
		struct rehearse *rehearse = rehearse_make(after, &fault,
							  arena);
		struct transact transact;
		transact_begin(&transact, back, rehearse_backend(rehearse),
			       NULL, arena);
		while (transact_step(&transact) == OUTCOME_RUNNING)
			;
		/* What was so already asks for no write. */
		if (transact.outcome == OUTCOME_DONE)
			assert_same(system, rehearse_result(rehearse, arena));
	}
}

static void an_undo_that_fails_is_never_called_success(void **state)
{
	(void)state;
	for_stories(errno_in_each_undo);
}

static void stuck_at_each_step(const struct system *system,
			       const struct plan *plan, struct arena *arena)
{
	for (unsigned k = 0; k < plan->step_count; k++) {
		const struct rehearse_fault fault = { FAULT_STUCK, k, 0,
						      NULL };
		done(system, plan, &fault, OUTCOME_STUCK, arena);
	}
}

static void a_step_that_does_not_come_back_is_stuck(void **state)
{
	(void)state;
	for_stories(stuck_at_each_step);
}

/* Another hand changed the number since: that is not ours to change. */
static void what_another_hand_changed_is_not_taken_back(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_parts, MADE_CAPABLE);
	const struct plan *plan = vfs(system, 2, AUTOPROBE_KEEP, &arena);
	const struct system *two = done(system, plan, NULL, OUTCOME_DONE,
					&arena);
	const struct system *four = done(
		two, vfs(two, 4, AUTOPROBE_KEEP, &arena), NULL, OUTCOME_DONE,
		&arena);

	(void)state;
	done(four, back_of(system, plan, four, &arena), NULL,
	     OUTCOME_ROLLED_BACK, &arena);
	arena_free(&arena);
}

static void the_undo_of_making_meets_the_gates_of_removing(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_parts, MADE_CAPABLE);
	const struct plan *plan = vfs(system, 1, AUTOPROBE_KEEP, &arena);
	struct system *after = (struct system *)(uintptr_t)done(
		system, plan, NULL, OUTCOME_DONE, &arena);
	const struct story mounted = { .name = "undo",
				       .gate = "dev-mounted-fs",
				       .how = GATE_HARD };

	(void)state;
	alter(after, "storage 01:00.1 /srv");
	check_gate(&mounted, back_of(system, plan, after, &arena));
	arena_free(&arena);
}

static void what_is_finished_later_meets_the_gates_of_its_steps(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_with_vfs,
					      MADE_TWO "storage 01:00.1 /home");
	const struct plan *made = vfs(system, 4, AUTOPROBE_KEEP, &arena);
	struct plan plan = { .steps = made->steps, .step_count = 2,
			     .resumes = true };

	(void)state;
	plan_gate_steps(system, &plan, &arena);
	assert_true(plan_is_refused(&plan));
	/* What is done takes nothing away any more. */
	plan = (struct plan){ .steps = made->steps, .step_count = 2,
			      .resumes = true, .done = 1 };
	plan_gate_steps(system, &plan, &arena);
	assert_false(plan_is_refused(&plan));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken_back_is_as_it_was),
		cmocka_unit_test(an_errno_at_any_step_ends_as_it_began),
		cmocka_unit_test(an_undo_that_fails_is_never_called_success),
		cmocka_unit_test(a_step_that_does_not_come_back_is_stuck),
		cmocka_unit_test(what_another_hand_changed_is_not_taken_back),
		cmocka_unit_test(
			the_undo_of_making_meets_the_gates_of_removing),
		cmocka_unit_test(
			what_is_finished_later_meets_the_gates_of_its_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
