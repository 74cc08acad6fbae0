// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtual functions made and removed: the plans, their gates, and what the
 * model of the kernel makes of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/alter.h"
#include "lib/machine.h"
#include "lib/rehearsed.h"
#include "unit/parts_made.h"

/* --- virtual functions --- */

static void vfs_come_where_the_kernel_puts_them(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_parts, MADE_CAPABLE);
	const struct system *after = done(
		system, vfs(system, 3, AUTOPROBE_KEEP, &arena), NULL,
		OUTCOME_DONE, &arena);

	(void)state;
	assert_int_equal(after->device_count, system->device_count + 3);
	assert_int_equal(device(after, "01:00.0")->sriov_num.value, 3);
	const struct device *vf = device(after, "01:00.3");
	assert_string_equal(vf->driver.value, "nvme");
	assert_int_equal(vf->physfn, system_device(after, at("01:00.0")));
	assert_int_equal(vf->parent, system_device(after, at("00:01.0")));
	/* The lowest numbers that are free. */
	assert_int_equal(device(after, "01:00.1")->group.value, 0);
	assert_int_equal(device(after, "01:00.2")->group.value, 3);
	assert_int_equal(vf->group.value, 5);
	assert_int_equal(after->groups[vf->group_index].member_count, 1);
	/* Others kept their places. */
	assert_string_equal(device(after, "02:00.0")->driver.value, "e1000e");
	assert_int_equal(device(after, "02:00.0")->group.value, 4);
	arena_free(&arena);
}

static void without_acs_above_vfs_join_the_port(void **state)
{
	struct made_device open[] = {
		made_parts[0], made_parts[1], made_parts[2], { 0 }
	};
	struct arena arena = {0};

	(void)state;
	open[0].has_acs = false;
	open[1].group = 1;
	const struct system *system = altered(&arena, open, MADE_CAPABLE);
	const struct system *after = done(
		system, vfs(system, 1, AUTOPROBE_KEEP, &arena), NULL,
		OUTCOME_DONE, &arena);
	assert_int_equal(device(after, "01:00.1")->group.value, 1);
	assert_int_equal(after->group_count, system->group_count);
	arena_free(&arena);
}

static void a_number_that_is_not_zero_is_set_to_zero_first(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_with_vfs, MADE_TWO);
	const struct plan *plan = vfs(system, 4, AUTOPROBE_KEEP, &arena);

	(void)state;
	assert_int_equal(plan->step_count, 2);
	assert_string_equal(plan->steps[0].value, "0");
	assert_string_equal(plan->steps[1].value, "4");
	const struct system *after = done(system, plan, NULL, OUTCOME_DONE,
					  &arena);
	assert_string_equal(device(after, "01:00.2")->driver.value, "nvme");
	assert_string_equal(device(after, "01:00.4")->driver.value, "nvme");
	arena_free(&arena);
}

static void the_same_number_is_nothing_to_do(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_with_vfs, MADE_TWO);

	(void)state;
	assert_true(vfs(system, 2, AUTOPROBE_KEEP, &arena)->done_already);
	arena_free(&arena);
}

static void without_autoprobe_no_driver_takes_them(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_parts, MADE_CAPABLE);
	const struct plan *plan = vfs(system, 2, AUTOPROBE_OFF, &arena);
	const struct system *after = done(system, plan, NULL, OUTCOME_DONE,
					  &arena);

	(void)state;
	assert_int_equal(plan->step_count, 2);
	assert_int_equal(device(after, "01:00.1")->driver.known, ABSENT);
	assert_int_equal(device(after, "01:00.0")->sriov_autoprobe.value, 0);
	arena_free(&arena);
}

static void a_driver_that_nobody_can_foretell_is_unknown(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		altered(&arena, made_parts,
			MADE_CAPABLE "dev 01:00.0 sriov_device 0x1520");
	const struct system *after = done(
		system, vfs(system, 1, AUTOPROBE_KEEP, &arena), NULL,
		OUTCOME_DONE, &arena);

	(void)state;
	assert_int_equal(device(after, "01:00.1")->device, 0x1520);
	assert_int_equal(device(after, "01:00.1")->driver.known, UNREAD);
	arena_free(&arena);
}

static void vfs_of_a_pf_on_vfio_go_to_vfio(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		altered(&arena, made_parts,
			MADE_CAPABLE "dev 01:00.0 driver vfio-pci;"
				     "host enable_sriov 1");
	const struct plan *plan = vfs(system, 1, AUTOPROBE_KEEP, &arena);
	const struct system *after = done(system, plan, NULL, OUTCOME_DONE,
					  &arena);

	(void)state;
	assert_non_null(strstr(plan->changes[0].note, "token"));
	assert_string_equal(device(after, "01:00.1")->driver.value,
			    "vfio-pci");
	assert_string_equal(device(after, "01:00.1")->driver_override.value,
			    "vfio-pci");
	arena_free(&arena);
}

/* --- what cannot be asked for --- */

static const struct {
	const char *edits;
	unsigned count;
	const char *why;
} refusals[] = {
	{ "", 1, "does not know SR-IOV" },
	{ MADE_CAPABLE "dev 01:00.0 sriov_num ?", 1, "could not be read" },
	{ MADE_CAPABLE, 5, "4 virtual functions at most" },
	{ MADE_CAPABLE "dev 01:00.0 driver -", 1, "has no driver" },
	{ MADE_CAPABLE "dev 01:00.0 driver ?", 1, "could not be read" },
	{ MADE_CAPABLE "dev 01:00.0 driver vfio-pci", 1, "enable_sriov=1" },
	{ MADE_CAPABLE "dev 01:00.0 driver pci-stub", 1, "cannot make" },
};

static void what_the_kernel_would_refuse_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		struct arena arena = {0};
		const struct system *system =
			altered(&arena, made_parts, refusals[i].edits);
		struct intent *intent = intent_of(INTENT_VFS, "01:00.0",
						  &arena);
		struct err err = {0};
		intent->count = refusals[i].count;
		assert_null(plan_make(system, intent, &arena, &err));
		if (!strstr(err.text, refusals[i].why))
			fail_msg("%s: %s", refusals[i].why, err.text);
		arena_free(&arena);
	}
}

static void the_choice_needs_its_switch(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		altered(&arena, made_parts,
			MADE_CAPABLE "dev 01:00.0 sriov_autoprobe -");
	struct intent *intent = intent_of(INTENT_VFS, "01:00.0", &arena);
	struct err err = {0};

	(void)state;
	intent->count = 1;
	intent->autoprobe = AUTOPROBE_OFF;
	assert_null(plan_make(system, intent, &arena, &err));
	assert_non_null(strstr(err.text, "sriov_drivers_autoprobe"));
	arena_free(&arena);
}

/* --- gates --- */

static const struct story gated[] = {
	{ "room", made_parts, MADE_CAPABLE, INTENT_VFS, 4, NULL, NULL, 0,
	  false },
	{ "no addresses", made_parts,
	  MADE_CAPABLE "vfbar 01:00.0 0 0xffff 0x20000200", INTENT_VFS, 1, NULL,
	  "dev-sriov-no-resources", GATE_HARD, false },
	{ "no buses", made_parts, MADE_CAPABLE "dev 01:00.0 sriov_offset 256",
	  INTENT_VFS, 1, NULL, "dev-sriov-no-resources", GATE_HARD, false },
	{ "room not told", made_parts,
	  MADE_CAPABLE "dev 01:00.0 sriov_offset ?", INTENT_VFS, 1, NULL,
	  "dev-sriov-no-resources", GATE_SOFT, true },
	{ "a VF that the host drives", made_with_vfs, MADE_TWO, INTENT_VFS, 0,
	  NULL, "dev-sriov-pf-vfs-enabled", GATE_SOFT, false },
	{ "a VF with a file system", made_with_vfs,
	  MADE_TWO "storage 01:00.1 /home", INTENT_VFS, 0, NULL,
	  "dev-mounted-fs", GATE_HARD, false },
	{ "a VF in a guest", made_with_vfs,
	  MADE_TWO "holder 01:00.2 /dev/vfio/3", INTENT_VFS, 0, NULL,
	  "group-in-use-by-vm", GATE_HARD, false },
	{ "holders not seen", made_with_vfs, MADE_TWO "holder ?", INTENT_VFS, 4,
	  NULL, "group-in-use-by-vm", GATE_SOFT, true },
	{ "a VF's driver not told", made_with_vfs,
	  MADE_TWO "dev 01:00.1 driver ?", INTENT_VFS, 0, NULL,
	  "dev-sriov-pf-vfs-enabled", GATE_SOFT, true },
	{ "a PF that is stuck", made_parts, MADE_CAPABLE "dev 01:00.0 silent 1",
	  INTENT_VFS, 1, NULL, "dev-stuck", GATE_HARD, false },

	{ "a reset of what is free", made_parts, "dev 01:00.0 driver -",
	  INTENT_RESET, 0, NULL, NULL, 0, false },
	{ "a reset under a driver", made_parts, "", INTENT_RESET, 0, NULL,
	  "dev-bound-to-host-driver", GATE_SOFT, false },
	{ "a reset of a mounted disk", made_parts, "storage 01:00.0 /",
	  INTENT_RESET, 0, NULL, "dev-root-fs", GATE_HARD, false },
	{ "a reset under a guest", made_parts,
	  "dev 01:00.0 driver vfio-pci; holder 01:00.0 /dev/vfio/2",
	  INTENT_RESET, 0, NULL, "group-in-use-by-vm", GATE_HARD, false },
	{ "no reset", made_parts,
	  "dev 01:00.0 driver -; dev 01:00.0 reset_method -;"
	  "dev 01:00.0 reset_file -",
	  INTENT_RESET, 0, NULL, "dev-no-reset", GATE_HARD, false },
	{ "reset not told", made_parts,
	  "dev 01:00.0 driver -; dev 01:00.0 reset_file ?", INTENT_RESET, 0,
	  NULL, "dev-no-reset", GATE_SOFT, true },
	{ "a reset of a PF with VFs", made_with_vfs, MADE_TWO, INTENT_RESET, 0,
	  NULL, "dev-sriov-pf-vfs-enabled", GATE_SOFT, false },
	{ "a reset of a VF's PF", made_with_vfs,
	  MADE_TWO "holder 01:00.2 /dev/vfio/3", INTENT_RESET, 0, NULL,
	  "group-in-use-by-vm", GATE_HARD, false },

	{ "more mediated devices", made_parts, MADE_MTTY, INTENT_CREATE, 0,
	  "mtty-1", NULL, 0, false },
	{ "no more of them", made_parts, "mdevtype mtty mtty-1 0",
	  INTENT_CREATE, 0, "mtty-1", "dev-mdev-capable", GATE_HARD, false },
	{ "how many not told", made_parts, "mdevtype mtty mtty-1 ?",
	  INTENT_CREATE, 0, "mtty-1", "dev-mdev-capable", GATE_SOFT, true },
	{ "a free one", made_parts, MADE_MTTY "mdev " UUID " mtty mtty-1 9",
	  INTENT_REMOVE, 0, NULL, NULL, 0, false },
	{ "one in a guest", made_parts,
	  MADE_MTTY "mdev " UUID " mtty mtty-1 9; holder - /dev/vfio/9",
	  INTENT_REMOVE, 0, NULL, "group-in-use-by-vm", GATE_HARD, false },
	{ "another group in a guest", made_parts,
	  MADE_MTTY "mdev " UUID " mtty mtty-1 9; holder - /dev/vfio/90",
	  INTENT_REMOVE, 0, NULL, NULL, 0, false },
	{ "who holds it not told", made_parts,
	  MADE_MTTY "mdev " UUID " mtty mtty-1 9; holder ?", INTENT_REMOVE, 0,
	  NULL, "group-in-use-by-vm", GATE_SOFT, true },
	{ "power", made_parts, "", INTENT_POWER, 0, "auto", NULL, 0, false },
	{ "power of what is stuck", made_parts, "dev 01:00.0 silent 1",
	  INTENT_POWER, 0, "auto", "dev-stuck", GATE_HARD, false },
};

static void gates_stand_where_something_would_be_lost(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof gated / sizeof *gated; i++) {
		struct arena arena = {0};
		const struct system *system =
			altered(&arena, gated[i].devices, gated[i].edits);
		check_gate(&gated[i], plan_of(&gated[i], system, &arena));
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vfs_come_where_the_kernel_puts_them),
		cmocka_unit_test(without_acs_above_vfs_join_the_port),
		cmocka_unit_test(
			a_number_that_is_not_zero_is_set_to_zero_first),
		cmocka_unit_test(the_same_number_is_nothing_to_do),
		cmocka_unit_test(without_autoprobe_no_driver_takes_them),
		cmocka_unit_test(a_driver_that_nobody_can_foretell_is_unknown),
		cmocka_unit_test(vfs_of_a_pf_on_vfio_go_to_vfio),
		cmocka_unit_test(what_the_kernel_would_refuse_is_refused),
		cmocka_unit_test(the_choice_needs_its_switch),
		cmocka_unit_test(gates_stand_where_something_would_be_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
