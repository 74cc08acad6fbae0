// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act/act.h"
#include "act/eyes.h"
#include "act/history.h"
#include "act/journal.h"
#include "act/kernel.h"
#include "act/note.h"
#include "act/recovery.h"
#include "act/rehearse.h"
#include "act/run.h"
#include "act/transact.h"
#include "lib/machine.h"
#include "lib/place.h"
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

/* The kernel's answers. */

static void bind_answers_as_the_kernel_does(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	struct kernel *kernel = kernel_make(system, &arena);
	static const struct {
		const char *path, *value;
		int answer;
	} cases[] = {
		/* Not matching comes before busy. */
		{ "drivers/vfio-pci/bind", "0000:01:00.0", ENODEV },
		{ "drivers/nvidia/bind", "0000:01:00.0", EBUSY },
		{ "drivers/nvidia/bind", "0000:07:00.0", ENODEV },
		{ "drivers/nouveau/bind", "0000:01:00.0", ENOENT },
		{ "drivers/vfio-pci/unbind", "0000:01:00.0", ENODEV },
		{ "drivers/nvidia/unbind", "0000:01:00.0", 0 },
		{ "drivers/nvidia/unbind", "0000:01:00.0", ENODEV },
		{ "drivers_probe", "0000:07:00.0", ENODEV },
		{ "devices/0000:01:00.0/driver_override", "none", 0 },
		/* Nothing matches, and that is no error. */
		{ "drivers_probe", "0000:01:00.0", 0 },
		{ "drivers/nvidia/bind", "0000:01:00.0", ENODEV },
		{ "devices/0000:01:00.0/driver_override", "vfio-pci", 0 },
		{ "drivers/vfio-pci/bind", "0000:01:00.0", 0 },
		{ "drivers/vfio-pci/bind", "0000:01:00.0", EBUSY },
		/* A bridge is refused by vfio's probe. */
		{ "drivers/pcieport/unbind", "0000:00:01.0", 0 },
		{ "devices/0000:00:01.0/driver_override", "vfio-pci", 0 },
		{ "drivers/vfio-pci/bind", "0000:00:01.0", EINVAL },
		{ "devices/0000:07:00.0/driver_override", "x", ENOENT },
		{ "devices/0000:01:00.0/config", "x", ENOENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *path = arena_printf(&arena, "/sys/bus/pci/%s",
						cases[i].path);
		int answer = kernel_write(kernel, path, cases[i].value);
		if (answer != cases[i].answer)
			fail_msg("%s <- %s: %d", path, cases[i].value, answer);
	}
	arena_free(&arena);
}

static void a_device_without_group_is_refused_by_vfio(void **state)
{
	static const struct made_device bare[] = {
		{ "01:00.0", 0x020000, 0x80861533, NULL, -1, PCIE_ENDPOINT,
		  false, 0, false, 0, 0 },
		{ 0 },
	};
	struct arena arena = {0};
	struct kernel *kernel =
		kernel_make(made_machine(&arena, bare), &arena);

	(void)state;
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/devices/"
				      "0000:01:00.0/driver_override",
				      "vfio-pci"), 0);
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/drivers/vfio-pci/"
				      "bind", "0000:01:00.0"), EINVAL);
	arena_free(&arena);
}

static void unbinding_what_a_guest_holds_blocks(void **state)
{
	struct arena arena = {0};
	struct transact transact;
	const struct system *system = made_machine(&arena, made_desktop);
	struct system *given = (struct system *)(uintptr_t)rehearsed(
		system, planned_for(system, &arena, INTENT_BIND, "01:00.0"),
		NULL, &transact, &arena);
	struct bdf bdf;

	(void)state;
	assert_true(bdf_parse("01:00.0", &bdf));
	const struct holder qemu = {
		.pid = 77, .command = "qemu", .node = "/dev/vfio/13",
		.device = system_device(given, bdf),
	};
	given->usage.holders = &qemu;
	given->usage.holder_count = 1;
	struct kernel *kernel = kernel_make(given, &arena);
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/drivers/vfio-pci/"
				      "unbind", "0000:01:00.0"),
			 KERNEL_BLOCKS);
	arena_free(&arena);
}

static void a_host_driver_is_refused_while_a_guest_holds_the_group(void **s)
{
	struct arena arena = {0};
	struct transact transact;
	const struct system *system = made_machine(&arena, made_desktop);
	struct system *given = (struct system *)(uintptr_t)rehearsed(
		system, planned_for(system, &arena, INTENT_BIND, "01:00.0"),
		NULL, &transact, &arena);
	struct bdf bdf;

	(void)s;
	assert_true(bdf_parse("01:00.0", &bdf));
	const struct holder qemu = {
		.pid = 77, .command = "qemu", .node = "/dev/vfio/13",
		.device = system_device(given, bdf),
	};
	given->usage.holders = &qemu;
	given->usage.holder_count = 1;
	struct kernel *kernel = kernel_make(given, &arena);
	static const char audio[] = "0000:01:00.1";
	kernel_write(kernel, "/sys/bus/pci/drivers/vfio-pci/unbind", audio);
	kernel_write(kernel, "/sys/bus/pci/devices/0000:01:00.1/"
		     "driver_override", "");
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/drivers/"
				      "snd_hda_intel/bind", audio), EINVAL);
	/* drivers_probe says nothing of it. */
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/drivers_probe",
				      audio), 0);
	assert_string_equal(driver_at(kernel_result(kernel, &arena),
				      "01:00.1"), "");
	arena_free(&arena);
}

static void loading_a_module_binds_what_is_free(void **state)
{
	struct arena arena = {0};
	struct builder builder;
	static const char *const words[] = { "modprobe", "snd-hda-intel",
					     NULL };

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, made_shared);
	builder.system->devices[2].modules =
		(struct fact_text){ KNOWN, "snd_hda_intel" };
	struct kernel *kernel = kernel_make(build_freeze(&builder), &arena);
	assert_int_equal(kernel_run(kernel, words), 0);
	const struct system *after = kernel_result(kernel, &arena);
	assert_string_equal(driver_at(after, "01:00.1"), "snd-hda-intel");
	assert_true(system_driver(after, "snd-hda-intel") != NONE);
	static const char *const absent[] = { "modprobe", "no_such_module",
					      NULL };
	assert_int_equal(kernel_run(kernel, absent), 1);
	arena_free(&arena);
}

static void what_hung_on_the_old_driver_is_gone(void **state)
{
	struct arena arena = {0};
	struct builder builder;
	struct transact transact;

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, made_desktop);
	build_sort(&builder);
	struct bdf bdf;
	assert_true(bdf_parse("01:00.0", &bdf));
	int gpu = system_device(builder.system, bdf);
	build_card(&builder, "card1")->device = gpu;
	*build_connector(&builder) = (struct connector){
		.card = "card1", .name = "DP-1", .device = gpu };
	const struct system *system = build_freeze(&builder);
	const struct system *after = rehearsed(
		system, planned_for(system, &arena, INTENT_BIND, "01:00.0"),
		NULL, &transact, &arena);
	assert_int_equal(after->card_count, 0);
	assert_int_equal(after->connector_count, 0);
	assert_int_equal(system->card_count, 1);
	arena_free(&arena);
}

/* The journal. */

static struct journal *open_journal(struct place *place,
				    const struct system *system,
				    const struct plan *plan)
{
	struct err err = {0};
	struct journal *journal = journal_open(place->folder, system, plan,
					       &place->arena, &err);

	if (!journal)
		fail_msg("%s", err.text);
	return journal;
}

static void a_note_is_a_new_file_or_none(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	const char *path = arena_printf(&place->arena, "%s.txt",
					place->folder);

	assert_true(note_write(path, "words\n", &err));
	assert_false(note_write(path, "others\n", &err));
	assert_non_null(strstr(err.text, "already"));
	FILE *file = fopen(path, "r");
	char line[16] = "";
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	fclose(file);
	assert_string_equal(line, "words\n");
	path = arena_printf(&place->arena, "%s/no/folder", place->folder);
	assert_false(note_write(path, "words\n", &err));
	assert_non_null(strstr(err.text, "could not be written"));
}

static void a_plan_that_is_done_becomes_history(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	struct rehearse *rehearse = rehearse_make(system, NULL, arena);
	const char *const folders[] = { place->folder, NULL };
	struct intent intent = { .kind = INTENT_RESTORE };
	struct transact transact;

	transact_begin(&transact, plan, rehearse_backend(rehearse), journal,
		       arena);
	while (transact_step(&transact) == OUTCOME_RUNNING)
		;
	journal_close(journal);
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	assert_false(history_is_unfinished(place->folder));
	history_homes(folders, system, &intent, arena);
	assert_int_equal(intent.home_count, 2);
	assert_string_equal(intent.homes[0].driver, "nvidia");
	assert_string_equal(intent.homes[1].driver, "snd_hda_intel");
	assert_null(history_recovery(place->folder, arena, NULL));
}

static void another_device_at_the_address_has_no_home(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	const char *const folders[] = { place->folder, NULL };
	struct intent intent = { .kind = INTENT_RESTORE };

	journal_end(journal, OUTCOME_DONE);
	journal_close(journal);
	struct bdf bdf;
	assert_true(bdf_parse("01:00.0", &bdf));
	system->devices[system_device(system, bdf)].device = 0x9999;
	history_homes(folders, system, &intent, arena);
	assert_int_equal(intent.home_count, 1);
	assert_string_equal(intent.homes[0].driver, "snd_hda_intel");
}

static void a_plan_that_was_not_done_tells_no_home(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	const char *const folders[] = { place->folder, NULL };
	struct intent intent = { .kind = INTENT_RESTORE };

	journal_end(journal, OUTCOME_ROLLED_BACK);
	journal_close(journal);
	history_homes(folders, system, &intent, arena);
	assert_int_equal(intent.home_count, 0);
}

static void only_one_acts_at_a_time(void **state)
{
	struct place *place = *state;
	const struct system *system =
		made_machine(&place->arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &place->arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	struct err err = {0};

	assert_false(history_is_unfinished(place->folder));
	assert_null(journal_open(place->folder, system, plan, &place->arena,
				 &err));
	assert_non_null(strstr(err.text, "Another vfiotop"));
	assert_null(history_recovery(place->folder, &place->arena, &err));
	assert_non_null(strstr(err.text, "Another vfiotop"));
	journal_close(journal);
	assert_true(history_is_unfinished(place->folder));
	assert_null(journal_open(place->folder, system, plan, &place->arena,
				 &err));
	assert_non_null(strstr(err.text, "recover"));
}

static enum taken take_end(void *self, struct reply *reply)
{
	(void)self;
	(void)reply;
	return TAKEN_END;
}

static const char *say_nothing(const void *self)
{
	(void)self;
	return "";
}

/* Do @count steps of a plan and die; returns the machine that is left. */
static const struct system *die_after(struct place *place,
				      const struct system *system,
				      const struct plan *plan, unsigned count,
				      struct arena *arena)
{
	struct journal *journal = open_journal(place, system, plan);
	struct rehearse *rehearse = rehearse_make(system, NULL, arena);
	struct transact transact;

	transact_begin(&transact, plan, rehearse_backend(rehearse), journal,
		       arena);
	for (unsigned turn = 0; turn < count + 1; turn++)
		transact_step(&transact);
	journal_close(journal);
	return rehearse_result(rehearse, arena);
}

static void what_is_being_taken_back_is_not_finished(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct err err = {0};
	const struct system *broken =
		die_after(place, system, plan, 3, arena);
	const struct plan *back = history_recovery(place->folder, arena, NULL);

	/* The one who takes it back dies as well. */
	journal_close(open_journal(place, broken, back));
	assert_null(recovery_finish(place->folder, broken, arena, &err));
	assert_non_null(strstr(err.text, "being taken back"));
	assert_non_null(history_recovery(place->folder, arena, NULL));
}

static void another_device_at_the_address_is_not_finished(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	const struct system *broken =
		die_after(place, system, plan, 3, arena);
	struct err err = {0};
	struct bdf bdf;

	assert_true(bdf_parse("01:00.0", &bdf));
	broken->devices[system_device(broken, bdf)].device = 0x9999;
	assert_null(recovery_finish(place->folder, broken, arena, &err));
	assert_non_null(strstr(err.text, "01:00.0 is not the device"));
}

static void what_is_forgotten_stays_as_it_is(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	const char *const folders[] = { place->folder, NULL };
	struct intent intent = { .kind = INTENT_RESTORE };
	struct err err = {0};

	assert_false(recovery_forget(place->folder, &err));
	die_after(place, system, plan, 3, arena);
	assert_true(recovery_forget(place->folder, &err));
	assert_false(history_is_unfinished(place->folder));
	history_homes(folders, system, &intent, arena);
	assert_int_equal(intent.home_count, 0);
}

static void a_writer_that_does_not_start_leaves_the_journal(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	const struct system *broken =
		die_after(place, system, plan, 3, arena);
	const struct plan *ways[] = {
		history_recovery(place->folder, arena, NULL),
		recovery_finish(place->folder, broken, arena, NULL),
	};

	for (unsigned i = 0; i < 2; i++) {
		struct journal *journal =
			open_journal(place, broken, ways[i]);
		struct transact transact;
		transact_begin(&transact, ways[i], (struct backend){
			.take = take_end, .last_words = say_nothing },
			journal, arena);
		assert_int_equal(transact_step(&transact), OUTCOME_DECLINED);
		journal_close(journal);
		assert_true(history_is_unfinished(place->folder));
	}
}

static void a_recovery_that_fails_in_part_says_so_and_ends(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	struct rehearse *rehearse = rehearse_make(system, NULL, arena);
	struct transact transact;

	transact_begin(&transact, plan, rehearse_backend(rehearse), journal,
		       arena);
	for (unsigned turn = 0; turn < 6; turn++)
		transact_step(&transact);
	journal_close(journal);
	const struct system *broken = rehearse_result(rehearse, arena);
	const struct plan *back = history_recovery(place->folder, arena, NULL);
	struct rehearse_fault fault = { FAULT_ERRNO, 1, EIO, NULL };
	rehearse = rehearse_make(broken, &fault, arena);
	journal = open_journal(place, broken, back);
	transact_begin(&transact, back, rehearse_backend(rehearse), journal,
		       arena);
	while (transact_step(&transact) == OUTCOME_RUNNING)
		;
	journal_close(journal);
	assert_int_equal(transact.outcome, OUTCOME_PARTLY);
	assert_false(history_is_unfinished(place->folder));
}

static void a_journal_cut_off_anywhere_is_read_or_refused(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);

	journal_step(journal, 0, -1);
	journal_answer(journal, &(struct reply){ .kind = REPLY_DONE });
	journal_step(journal, 1, -1);
	journal_close(journal);
	const char *path = arena_printf(arena, "%s/journal", place->folder);
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	for (off_t size = info.st_size; size >= 0; size -= 7) {
		assert_int_equal(truncate(path, size), 0);
		const struct plan *back =
			history_recovery(place->folder, arena, NULL);
		if (size == info.st_size)
			assert_int_equal(back->step_count, 2);
		else if (back)
			assert_true(back->step_count <= 2);
	}
}

static void a_stuck_journal_is_not_finished(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	struct rehearse_fault fault = { FAULT_STUCK, 3, 0, NULL };
	struct transact transact;

	transact_begin(&transact, plan,
		       rehearse_backend(rehearse_make(system, &fault, arena)),
		       journal, arena);
	while (transact_step(&transact) == OUTCOME_RUNNING)
		;
	journal_close(journal);
	assert_int_equal(transact.outcome, OUTCOME_STUCK);
	assert_true(history_is_unfinished(place->folder));
}

static void old_history_is_let_go(void **state)
{
	struct place *place = *state;
	const struct system *system =
		made_machine(&place->arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &place->arena, INTENT_UNBIND, "02:00.0");
	unsigned lowest, highest;

	for (unsigned i = 0; i < 70; i++) {
		struct journal *journal = open_journal(place, system, plan);
		journal_end(journal, OUTCOME_DONE);
		journal_close(journal);
	}
	int folder = open(place->folder, O_RDONLY | O_DIRECTORY);
	history_range(folder, &lowest, &highest);
	close(folder);
	assert_int_equal(highest, 70);
	assert_int_equal(lowest, 70 - 64 + 1);
}

/* The writer as a process: scripts stand for it. */

static const char *make_script(struct place *place, const char *name,
			       const char *text)
{
	const char *path = arena_printf(&place->arena, "%s-%s", place->folder,
					name);
	int file = open(path, O_WRONLY | O_CREAT, 0755);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	close(file);
	return path;
}

static enum outcome run_to_end(struct transact *transact)
{
	for (unsigned turn = 0; turn < 1000; turn++) {
		enum outcome outcome = transact_step(transact);
		if (outcome != OUTCOME_RUNNING)
			return outcome;
		if (transact_is_due(transact))
			continue;
		struct pollfd ready = {
			transact->backend.fd(transact->backend.self), POLLIN, 0,
		};
		if (ready.fd >= 0 && poll(&ready, 1, 20000) != 1)
			fail_msg("no answer");
	}
	fail_msg("no end");
	return OUTCOME_RUNNING;
}

static enum outcome run_scripts(struct place *place,
				const struct run_ways *ways,
				struct transact *transact)
{
	const struct system *system =
		made_machine(&place->arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &place->arena, INTENT_UNBIND, "01:00.0");
	struct err err = {0};
	struct run *run = run_open(ways, &place->arena, &err);

	if (!run)
		fail_msg("%s", err.text);
	transact_begin(transact, plan, run_backend(run), NULL, &place->arena);
	enum outcome outcome = run_to_end(transact);
	transact->backend.close(transact->backend.self);
	return outcome;
}

#define LINE(kind, rest)                                                       \
	"printf '" kind "\\trefused\\t0\\t5\\t" rest "\\t\\n'\n"

static void a_writer_that_does_everything_is_done(void **state)
{
	struct transact transact;
	struct run_ways ways = { .count = 1, .quiet = true };

	ways.argv[0][0] = make_script(*state, "good",
		"#!/bin/sh\n" LINE("ready", "0")
		"while read -r line; do\n" LINE("done", "0") "done\n");
	assert_int_equal(run_scripts(*state, &ways, &transact), OUTCOME_DONE);
	assert_int_equal(transact.progress[0].milliseconds, 5);
}

static void a_way_that_is_not_allowed_gives_way_to_the_next(void **state)
{
	struct transact transact;
	struct run_ways ways = { .count = 2, .quiet = true };

	ways.argv[0][0] = make_script(*state, "denied",
		"#!/bin/sh\necho 'not authorized.' >&2\nexit 127\n");
	ways.argv[1][0] = make_script(*state, "good",
		"#!/bin/sh\n" LINE("ready", "0")
		"while read -r line; do\n" LINE("done", "0") "done\n");
	assert_int_equal(run_scripts(*state, &ways, &transact), OUTCOME_DONE);
}

static void no_way_allowed_means_nothing_was_written(void **state)
{
	struct transact transact;
	struct run_ways ways = { .count = 1, .quiet = true };

	ways.argv[0][0] = make_script(*state, "denied",
		"#!/bin/sh\necho 'a password is required.' >&2\nexit 1\n");
	assert_int_equal(run_scripts(*state, &ways, &transact),
			 OUTCOME_DECLINED);
	assert_string_equal(transact.verdict, "Nothing was written: a "
					      "password is required.");
}

static void a_writer_that_talks_nonsense_is_not_believed(void **state)
{
	struct transact transact;
	struct run_ways ways = { .count = 1, .quiet = true };

	ways.argv[0][0] = make_script(*state, "nonsense",
		"#!/bin/sh\n" LINE("ready", "0")
		"read -r line\necho done\necho 'done 5'\nexit 0\n");
	assert_int_equal(run_scripts(*state, &ways, &transact),
			 OUTCOME_PARTLY);
}

static void a_stuck_writer_that_returns_is_noted(void **state)
{
	struct place *place = *state;
	struct transact transact;
	struct run_ways ways = { .count = 1, .quiet = true };
	const struct system *system =
		made_machine(&place->arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &place->arena, INTENT_UNBIND, "01:00.0");

	ways.argv[0][0] = make_script(place, "stuck",
		"#!/bin/sh\n" LINE("ready", "0") "read -r line\n"
		LINE("stuck", "4711") LINE("returned", "0")
		"read -r line\n");
	struct run *run = run_open(&ways, &place->arena, NULL);
	transact_begin(&transact, plan, run_backend(run), NULL, &place->arena);
	assert_int_equal(run_to_end(&transact), OUTCOME_STUCK);
	assert_non_null(strstr(transact.verdict, "4711"));
	const char *before = transact.progress[0].text;
	struct pollfd ready = { run_backend(run).fd(run), POLLIN, 0 };
	poll(&ready, 1, 20000);
	while (transact.progress[0].text == before)
		assert_int_equal(transact_step(&transact), OUTCOME_STUCK);
	assert_non_null(strstr(transact.progress[0].text, "came back"));
	run_backend(run).close(run);
}

#define IN_PLACE(name) \
	cmocka_unit_test_setup_teardown(name, place_start, place_stop)

/* Root's eyes. */

static bool look_by(const char *const *ways, const char **bytes, size_t *len,
		    struct eyes **eyes, struct arena *arena)
{
	struct run_ways run = {0};
	struct err err = {0};

	for (; *ways; ways++) {
		const char **argv = run.argv[run.count++];
		argv[0] = "/bin/sh";
		argv[1] = "-c";
		argv[2] = *ways;
	}
	*eyes = eyes_open(&run, arena, &err);
	if (!*eyes)
		fail_msg("%s", err.text);
	while (!eyes_step(*eyes)) {
		struct pollfd wait = { eyes_fd(*eyes), POLLIN, 0 };
		assert_true(poll(&wait, 1, 30000) >= 0);
	}
	assert_true(eyes_have_begun(*eyes));
	bool good = eyes_take(*eyes, bytes, len, &err);
	assert_true(good || *err.text);
	return good;
}

static void what_root_sees_comes_through_a_pipe(void **state)
{
	static const struct {
		const char *ways[3];
		const char *seen;
	} rows[] = {
		{ { "printf capture", NULL }, "capture" },
		{ { "exit 127", "printf capture" }, "capture" },
		{ { "exit 126", NULL }, NULL },
		/* Half a capture is none, and nobody is asked again. */
		{ { "printf half; exit 1", "printf whole" }, NULL },
		{ { "exit 0", NULL }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct eyes *eyes;
		const char *bytes;
		size_t len;
		bool good = look_by(rows[i].ways, &bytes, &len, &eyes, &arena);
		assert_int_equal(good, rows[i].seen != NULL);
		if (good) {
			assert_int_equal(len, strlen(rows[i].seen));
			assert_memory_equal(bytes, rows[i].seen, len);
		}
		eyes_close(eyes);
		arena_free(&arena);
	}
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
		cmocka_unit_test(what_root_sees_comes_through_a_pipe),
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
		cmocka_unit_test(bind_answers_as_the_kernel_does),
		cmocka_unit_test(a_device_without_group_is_refused_by_vfio),
		cmocka_unit_test(unbinding_what_a_guest_holds_blocks),
		cmocka_unit_test(
			a_host_driver_is_refused_while_a_guest_holds_the_group),
		cmocka_unit_test(loading_a_module_binds_what_is_free),
		cmocka_unit_test(what_hung_on_the_old_driver_is_gone),
		IN_PLACE(a_note_is_a_new_file_or_none),
		IN_PLACE(a_plan_that_is_done_becomes_history),
		IN_PLACE(another_device_at_the_address_has_no_home),
		IN_PLACE(a_plan_that_was_not_done_tells_no_home),
		IN_PLACE(only_one_acts_at_a_time),
		IN_PLACE(what_is_being_taken_back_is_not_finished),
		IN_PLACE(another_device_at_the_address_is_not_finished),
		IN_PLACE(what_is_forgotten_stays_as_it_is),
		IN_PLACE(a_writer_that_does_not_start_leaves_the_journal),
		IN_PLACE(a_recovery_that_fails_in_part_says_so_and_ends),
		IN_PLACE(a_journal_cut_off_anywhere_is_read_or_refused),
		IN_PLACE(a_stuck_journal_is_not_finished),
		IN_PLACE(old_history_is_let_go),
		IN_PLACE(a_writer_that_does_everything_is_done),
		IN_PLACE(a_way_that_is_not_allowed_gives_way_to_the_next),
		IN_PLACE(no_way_allowed_means_nothing_was_written),
		IN_PLACE(a_writer_that_talks_nonsense_is_not_believed),
		IN_PLACE(a_stuck_writer_that_returns_is_noted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
