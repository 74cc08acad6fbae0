// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plans carried out on the model of the kernel, with a fault at every step: what
 * is taken back, and what is never called success.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "act/rehearse.h"
#include "act/transact.h"
#include "lib/machine.h"
#include "lib/planned.h"
#include "lib/rehearsed.h"
#include "plan/plan.h"

static void assert_same_devices(const struct system *a, const struct system *b)
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
}

static void assert_same_bindings(const struct system *a,
				 const struct system *b)
{
	assert_same_devices(a, b);
	assert_int_equal(a->vfio.node_count, b->vfio.node_count);
}

static void a_group_goes_to_vfio_and_its_node_appears(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &arena, INTENT_BIND, "01:00.0");
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
		system, planned_for(system, &arena, INTENT_BIND, "01:00.0"),
		NULL, &transact, &arena);
	const struct plan *back =
		planned_for(given, &arena, INTENT_RESTORE, "01:00.1");
	const struct system *after =
		rehearsed(given, back, NULL, &transact, &arena);

	(void)state;
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	assert_same_bindings(system, after);
	arena_free(&arena);
}

/* Machines whose plans differ: name, table, device, what to do. */

/* Where octal is a trap: buses 08 and 09; and where a domain is not 0000. */
static const struct made_device octal[] = {
	{ "08:09.0", 0x020000, 0x80861533, "igb", 8, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "09:08.0", 0x030000, 0x10020001, "amdgpu", 9, PCIE_ENDPOINT, true, 0,
	  false, 0, 0 },
	{ "09:08.1", 0x040300, 0x10020002, "snd_hda_intel", 9, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "10000:e1:00.0", 0x010802, 0x144da80c, "nvme", 10, PCIE_ENDPOINT,
	  false, 0, false, 0, 0 },
	{ 0 },
};

static const struct story {
	const char *name;
	const struct made_device *machine;
	enum intent_kind kind;
	const char *address;
	const char *given;	/* bound to vfio before, or NULL */
	const char *driver;	/* to be bound to; NULL: vfio-pci */
	const char *override;	/* that stands there from before; NULL */
} stories[] = {
	{ "bind a gpu", made_desktop, INTENT_BIND, "01:00.0", NULL, NULL,
	  NULL },
	{ "bind an nvme", made_desktop, INTENT_BIND, "02:00.0", NULL, NULL,
	  NULL },
	{ "bind a shared group", made_shared, INTENT_BIND, "01:00.1", NULL,
	  NULL, NULL },
	{ "unbind a gpu", made_desktop, INTENT_UNBIND, "01:00.0", NULL, NULL,
	  NULL },
	{ "restore a gpu", made_desktop, INTENT_RESTORE, "01:00.0", "01:00.0",
	  NULL, NULL },
	{ "restore a shared group", made_shared, INTENT_RESTORE, "02:00.0",
	  "02:00.0", NULL, NULL },
	{ "unbind from vfio", made_shared, INTENT_UNBIND, "01:00.0", "02:00.0",
	  NULL, NULL },
	{ "bind on bus 08", octal, INTENT_BIND, "08:09.0", NULL, NULL, NULL },
	{ "bind on bus 09", octal, INTENT_BIND, "09:08.0", NULL, NULL, NULL },
	{ "restore on bus 09", octal, INTENT_RESTORE, "09:08.1", "09:08.0",
	  NULL, NULL },
	{ "bind in another domain", octal, INTENT_BIND, "10000:e1:00.0", NULL,
	  NULL, NULL },
	{ "unbind in another domain", octal, INTENT_UNBIND, "10000:e1:00.0",
	  NULL, NULL, NULL },
	{ "bind to uio", made_desktop, INTENT_BIND, "02:00.0", NULL,
	  "uio_pci_generic", NULL },
	{ "bind to pci-stub", made_desktop, INTENT_BIND, "01:00.0", NULL,
	  "pci-stub", NULL },
	{ "bind to the host's own", made_desktop, INTENT_BIND, "01:00.0",
	  "01:00.0", "nvidia", NULL },
	{ "bind with an override left", made_desktop, INTENT_BIND, "01:00.0",
	  NULL, NULL, "nouveau" },
	{ "bind with the override there", made_desktop, INTENT_BIND, "01:00.0",
	  NULL, NULL, "vfio-pci" },
	{ "restore with an override left", made_desktop, INTENT_RESTORE,
	  "02:00.0", "02:00.0", NULL, "pci-stub" },
};

static const struct system *machine_of(const struct story *story,
				       struct arena *arena)
{
	const struct system *system = made_machine(arena, story->machine);
	struct transact transact;

	if (story->given)
		system = rehearsed(system,
				   planned_for(system, arena, INTENT_BIND,
					    story->given),
				   NULL, &transact, arena);
	if (story->override) {
		struct bdf bdf;
		assert_true(bdf_parse(story->address, &bdf));
		system->devices[system_device(system, bdf)].driver_override =
			(struct fact_text){ KNOWN, story->override };
	}
	return system;
}

static void for_stories(void (*each)(const struct story *story,
				     const struct system *system,
				     const struct plan *plan,
				     struct arena *arena))
{
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		struct arena arena = {0};
		const struct system *system = machine_of(&stories[i], &arena);
		const struct plan *plan = planned_to(system, &arena,
						  stories[i].kind,
						  stories[i].address,
						  stories[i].driver);
		print_message("  %s: %u steps\n", stories[i].name,
			      plan->step_count);
		assert_true(plan->step_count > 0);
		each(&stories[i], system, plan, &arena);
		arena_free(&arena);
	}
}

static void errno_at_each_step(const struct story *story,
			       const struct system *system,
			       const struct plan *plan, struct arena *arena)
{
	(void)story;
	static const int errors[] = { EIO, EBUSY, ENODEV, EINVAL, ENOENT,
				      EPERM };

	for (unsigned n = 0; n < plan->step_count *
				 (sizeof errors / sizeof *errors); n++) {
		unsigned k = n % plan->step_count;
		struct transact transact;
		struct rehearse_fault fault = {
			FAULT_ERRNO, k, errors[n / plan->step_count], NULL };
		/* What need not work ends nothing (loading a module). */
		if (plan->steps[k].may_fail)
			continue;
		const struct system *after = rehearsed(system, plan, &fault,
						       &transact, arena);
		assert_int_equal(transact.outcome, OUTCOME_ROLLED_BACK);
		assert_int_equal(transact.progress[k].state, STEP_FAILED);
		assert_true(*transact.progress[k].text);
		if (k + 1 < plan->step_count)
			assert_int_equal(transact.progress[k + 1].state,
					 STEP_SKIPPED);
		assert_same_bindings(system, after);
	}
}

static void an_errno_at_any_step_ends_as_it_began(void **state)
{
	(void)state;
	for_stories(errno_at_each_step);
}

/* What the plan did not do itself it does not take back: the stranger stays,
 * and everything else is as it was. */
static void driver_at_each_step(const struct story *story,
				const struct system *system,
				const struct plan *plan, struct arena *arena)
{
	(void)story;
	for (unsigned k = 0; k < plan->step_count; k++) {
		struct transact transact;
		struct rehearse_fault fault = { FAULT_DRIVER, k, 0,
						"stranger" };
		int device = plan->steps[k].device;
		/* Where the kernel may choose, any driver will do. */
		if (device == NONE ||
		    plan->steps[k].expect.kind == EXPECT_OTHER ||
		    plan->steps[k].expect.kind == EXPECT_NOTHING)
			continue;
		const struct system *after = rehearsed(system, plan, &fault,
						       &transact, arena);
		assert_int_not_equal(transact.outcome, OUTCOME_RUNNING);
		assert_int_not_equal(transact.outcome, OUTCOME_DONE);
		assert_string_equal(after->devices[device].driver.value,
				    "stranger");
		((struct device *)(uintptr_t)&after->devices[device])->driver =
			system->devices[device].driver;
		assert_same_devices(system, after);
	}
}

static void a_driver_that_sneaks_in_is_never_called_success(void **state)
{
	(void)state;
	for_stories(driver_at_each_step);
}

static void vanish_at_each_step(const struct story *story,
				const struct system *system,
				const struct plan *plan, struct arena *arena)
{
	(void)story;
	for (unsigned k = 0; k < plan->step_count; k++) {
		struct transact transact;
		struct rehearse_fault fault = { FAULT_VANISH, k, 0, NULL };
		int device = plan->steps[k].device;
		if (device == NONE)
			continue;
		const struct system *after = rehearsed(system, plan, &fault,
						       &transact, arena);
		assert_int_not_equal(transact.outcome, OUTCOME_RUNNING);
		/* The others are as they were, unless it went unnoticed: an
		 * unbind of what is gone is done. */
		for (unsigned i = 0; i < system->device_count; i++)
			if ((int)i != device &&
			    transact.outcome != OUTCOME_DONE)
				assert_string_equal(
					after->devices[i].driver.value,
					system->devices[i].driver.value);
	}
}

static void a_device_that_vanishes_takes_no_other_along(void **state)
{
	(void)state;
	for_stories(vanish_at_each_step);
}

static void stuck_at_each_step(const struct story *story,
			       const struct system *system,
			       const struct plan *plan, struct arena *arena)
{
	(void)story;
	for (unsigned k = 0; k < plan->step_count; k++) {
		struct transact transact;
		struct rehearse_fault fault = { FAULT_STUCK, k, 0, NULL };
		rehearsed(system, plan, &fault, &transact, arena);
		assert_int_equal(transact.outcome, OUTCOME_STUCK);
		assert_int_equal(transact.progress[k].state, STEP_STUCK);
		for (unsigned i = k + 1; i < plan->step_count; i++)
			assert_int_equal(transact.progress[i].state,
					 STEP_WAITING);
		for (unsigned i = 0; i < k; i++)
			assert_int_equal(transact.progress[i].state,
					 STEP_DONE);
	}
}

/* An oops is no failure to take back: locks may be held for good. */
static void oops_at_each_step(const struct story *story,
			      const struct system *system,
			      const struct plan *plan, struct arena *arena)
{
	(void)story;
	for (unsigned k = 0; k < plan->step_count; k++) {
		struct transact transact;
		struct rehearse_fault fault = { FAULT_OOPS, k, 0, NULL };
		rehearsed(system, plan, &fault, &transact, arena);
		assert_int_equal(transact.outcome, OUTCOME_STUCK);
		assert_non_null(strstr(transact.verdict, "oops"));
		assert_non_null(strstr(transact.verdict, "reboot"));
		for (unsigned i = k + 1; i < plan->step_count; i++)
			assert_int_equal(transact.progress[i].state,
					 STEP_WAITING);
	}
}

static void an_oops_stops_everything_where_it_is(void **state)
{
	(void)state;
	for_stories(oops_at_each_step);
}

/* The group has one more from step k on: what was done before is taken back,
 * for that asks the devices only what they are. */
static void grown_at_each_step(const struct story *story,
			       const struct system *system,
			       const struct plan *plan, struct arena *arena)
{
	(void)story;
	for (unsigned k = 0; k < plan->step_count; k++) {
		struct transact transact;
		struct rehearse_fault fault = { FAULT_GROW, k, 0, NULL };
		const struct system *after = rehearsed(system, plan, &fault,
						       &transact, arena);
		/* Looking for the node is about no device, and comes last. */
		if (!*plan->steps[k].self && k + 1 == plan->step_count)
			continue;
		assert_int_equal(transact.outcome, OUTCOME_ROLLED_BACK);
		assert_non_null(strstr(transact.verdict, "other members"));
		assert_same_bindings(system, after);
	}
}

static void a_group_that_grows_ends_as_it_began(void **state)
{
	(void)state;
	for_stories(grown_at_each_step);
}

/* Another card in the place: nothing more is written to it, not even to take
 * back. */
static void exchanged_at_each_step(const struct story *story,
				   const struct system *system,
				   const struct plan *plan,
				   struct arena *arena)
{
	(void)story;
	for (unsigned k = 0; k < plan->step_count; k++) {
		struct transact transact;
		struct rehearse_fault fault = { FAULT_EXCHANGE, k, 0, NULL };
		const struct system *after = rehearsed(system, plan, &fault,
						       &transact, arena);
		if (!*plan->steps[k].self && k + 1 == plan->step_count)
			continue;
		assert_non_null(strstr(transact.verdict, "another device"));
		assert_int_not_equal(transact.outcome, OUTCOME_DONE);
		if (k == 0)
			assert_same_bindings(system, after);
	}
}

static void an_exchanged_device_is_not_written_to(void **state)
{
	(void)state;
	for_stories(exchanged_at_each_step);
}

static void a_stuck_step_stops_everything_where_it_is(void **state)
{
	(void)state;
	for_stories(stuck_at_each_step);
}

static void a_writer_that_dies_leaves_no_success(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &arena, INTENT_BIND, "01:00.0");

	(void)state;
	for (unsigned k = 0; k < plan->step_count; k++) {
		struct transact transact;
		struct rehearse_fault fault = { FAULT_DEATH, k, 0, NULL };
		rehearsed(system, plan, &fault, &transact, &arena);
		assert_int_equal(transact.outcome, OUTCOME_PARTLY);
		assert_non_null(strstr(transact.verdict, "recover"));
	}
	arena_free(&arena);
}

static void an_undo_that_fails_is_said_and_the_rest_is_undone(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &arena, INTENT_BIND, "01:00.0");
	struct rehearse *rehearse =
		rehearse_make(system, &(struct rehearse_fault){
			FAULT_ERRNO, plan->step_count - 1, EIO, NULL }, &arena);
	struct transact transact;

	(void)state;
	transact_begin(&transact, plan, rehearse_backend(rehearse), NULL,
		       &arena);
	while (transact.stage != STAGE_UNDOING)
		transact_step(&transact);
	/* Now the audio function is pulled out by a stranger. */
	struct bdf audio;
	assert_true(bdf_parse("01:00.1", &audio));
	rehearse_disturb(rehearse, system_device(system, audio), "stranger");
	while (transact_step(&transact) == OUTCOME_RUNNING)
		;
	const struct system *after = rehearse_result(rehearse, &arena);
	assert_int_equal(transact.outcome, OUTCOME_PARTLY);
	assert_string_equal(driver_at(after, "01:00.0"), "nvidia");
	assert_string_equal(driver_at(after, "01:00.1"), "stranger");
	arena_free(&arena);
}

static void homes_that_the_kernel_would_not_choose_are_aimed_at(void **state)
{
	static const struct made_device two_drivers[] = {
		{ "01:00.0", 0x030000, 0x10de2684, "nouveau", 3, PCIE_ENDPOINT,
		  false, 0, false, 0, 0 },
		{ "02:00.0", 0x030000, 0x10de2685, "nvidia", 4, PCIE_ENDPOINT,
		  false, 0, false, 0, 0 },
		{ 0 },
	};
	struct arena arena = {0};
	struct builder builder;
	struct bdf bdf;
	struct transact transact;

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, two_drivers);
	builder.system->devices[0].modules =
		(struct fact_text){ KNOWN, "nouveau nvidia" };
	const struct system *system = build_freeze(&builder);
	const struct system *given = rehearsed(
		system, planned_for(system, &arena, INTENT_BIND, "01:00.0"),
		NULL, &transact, &arena);
	assert_true(bdf_parse("01:00.0", &bdf));
	const struct home home = { bdf, "nvidia", NULL };
	const struct intent intent = { .kind = INTENT_RESTORE,
				       .devices = &bdf, .device_count = 1,
				       .homes = &home, .home_count = 1 };
	const struct plan *plan = plan_make(given, &intent, &arena, NULL);
	const struct system *after =
		rehearsed(given, plan, NULL, &transact, &arena);
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	assert_string_equal(driver_at(after, "01:00.0"), "nvidia");
	assert_int_equal(after->devices[0].driver_override.known, ABSENT);
	arena_free(&arena);
}

static void vfio_that_takes_it_again_is_no_return(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	struct transact transact;
	const struct system *given = rehearsed(
		system, planned_for(system, &arena, INTENT_BIND, "02:00.0"),
		NULL, &transact, &arena);
	const struct plan *plan =
		planned_for(given, &arena, INTENT_RESTORE, "02:00.0");
	unsigned probe = plan->step_count - 1;
	struct rehearse_fault fault = { FAULT_DRIVER, probe, 0, "vfio-pci" };

	(void)state;
	assert_int_equal(plan->steps[probe].expect.kind, EXPECT_OTHER);
	rehearsed(given, plan, &fault, &transact, &arena);
	assert_int_equal(transact.outcome, OUTCOME_ROLLED_BACK);
	assert_non_null(strstr(transact.verdict, "ids="));
	arena_free(&arena);
}

static void a_module_that_does_not_load_is_no_end(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	struct transact transact;
	const struct system *given = rehearsed(
		system, planned_for(system, &arena, INTENT_BIND, "02:00.0"),
		NULL, &transact, &arena);
	struct bdf bdf;

	(void)state;
	assert_true(bdf_parse("02:00.0", &bdf));
	struct device *nvme = &given->devices[system_device(given, bdf)];
	nvme->modules = (struct fact_text){ KNOWN, "nvme_new nvme_old" };
	const struct home home = { bdf, "nvme", NULL };
	const struct intent intent = { .kind = INTENT_RESTORE,
				       .devices = &bdf, .device_count = 1 };
	const struct plan *plan = plan_make(given, &intent, &arena, NULL);
	struct rehearse_fault fault = { FAULT_ERRNO, 0, 0, NULL };

	assert_true(plan->steps[0].may_fail);
	assert_string_equal(shell_step(plan, 0, &arena),
			    "modprobe -b pci:v0000144Dd0000A80C");
	rehearsed(given, plan, &fault, &transact, &arena);
	assert_int_equal(transact.progress[0].state, STEP_SKIPPED);
	assert_int_equal(transact.progress[1].state, STEP_UNDONE);
	/* With the home known there is no need of it. */
	struct intent known = intent;
	known.homes = &home;
	known.home_count = 1;
	plan = plan_make(given, &known, &arena, NULL);
	rehearsed(given, plan, NULL, &transact, &arena);
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_goes_to_vfio_and_its_node_appears),
		cmocka_unit_test(restoring_gives_back_the_machine_as_it_was),
		cmocka_unit_test(an_errno_at_any_step_ends_as_it_began),
		cmocka_unit_test(
			a_driver_that_sneaks_in_is_never_called_success),
		cmocka_unit_test(a_device_that_vanishes_takes_no_other_along),
		cmocka_unit_test(a_stuck_step_stops_everything_where_it_is),
		cmocka_unit_test(an_oops_stops_everything_where_it_is),
		cmocka_unit_test(a_group_that_grows_ends_as_it_began),
		cmocka_unit_test(an_exchanged_device_is_not_written_to),
		cmocka_unit_test(a_writer_that_dies_leaves_no_success),
		cmocka_unit_test(
			an_undo_that_fails_is_said_and_the_rest_is_undone),
		cmocka_unit_test(
			homes_that_the_kernel_would_not_choose_are_aimed_at),
		cmocka_unit_test(vfio_that_takes_it_again_is_no_return),
		cmocka_unit_test(a_module_that_does_not_load_is_no_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
