// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From intent to steps: which, in what order, and when there is no plan.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "lib/planned.h"
#include "plan/choice.h"
#include "plan/plan.h"
#include "unit/plan_machine.h"

/* Whole plans as text: one line a step, so that a change is seen at once. */
static const char *as_text(const struct plan *plan, struct arena *arena)
{
	struct buf buf = {0};

	for (unsigned i = 0; i < plan->step_count; i++) {
		const char *expect = shell_expect(plan, i, arena);
		buf_printf(&buf, "%s%s%s\n", shell_step(plan, i, arena),
			   *expect ? "  # " : "", expect);
	}
	const char *text = arena_text(arena, buf_str(&buf));
	buf_free(&buf);
	return text;
}

static struct intent intent_of(struct arena *arena, enum intent_kind kind,
			       const char *driver, const char *address)
{
	struct bdf *bdf = arena_alloc(arena, sizeof *bdf);

	assert_true(bdf_parse(address, bdf));
	return (struct intent){ .kind = kind, .driver = driver,
				.devices = bdf, .device_count = 1 };
}

#define D "/sys/bus/pci/devices/0000:01:00"
#define R "/sys/bus/pci/drivers/"

static void a_gpu_goes_to_vfio_with_its_whole_group(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &arena, INTENT_BIND, "01:00.0");

	(void)state;
	assert_string_equal(plan->title, "Bind group 13 to vfio-pci");
	assert_string_equal(as_text(plan, &arena),
		"echo vfio-pci > " D ".0/driver_override\n"
		"echo vfio-pci > " D ".1/driver_override\n"
		"echo 0000:01:00.1 > " R "snd_hda_intel/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"echo 0000:01:00.1 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"test -e /dev/vfio/13  # expects /dev/vfio/13\n");
	assert_int_equal(plan->change_count, 2);
	assert_true(plan->changes[0].named);
	assert_false(plan->changes[1].named);
	assert_false(plan_is_refused(plan));
	arena_free(&arena);
}

static void the_module_is_loaded_before_anything_is_let_go(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		planned_for(changed(&arena, made_desktop, without_vfio), &arena,
			    INTENT_BIND, "02:00.0");

	(void)state;
	assert_string_equal(as_text(plan, &arena),
		"modprobe vfio-pci  # expects /sys/bus/pci/drivers/vfio-pci\n"
		"echo vfio-pci > /sys/bus/pci/devices/0000:02:00.0/"
		"driver_override\n"
		"echo 0000:02:00.0 > " R "nvme/unbind  # gives up after 15 s\n"
		"echo 0000:02:00.0 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"test -e /dev/vfio/14  # expects /dev/vfio/14\n");
	assert_false(plan->steps[0].may_fail);
	arena_free(&arena);
}

static void audio_unbound_override_stale(struct builder *builder)
{
	at(builder, "01:00.1")->driver = (struct fact_text){ ABSENT, "" };
	at(builder, "01:00.1")->driver_override =
		(struct fact_text){ KNOWN, "vfio-pci" };
}

static void what_has_no_driver_is_bound_too(void **state)
{
	struct arena arena = {0};
	const struct plan *plan = planned_for(
		changed(&arena, made_desktop, audio_unbound_override_stale),
		&arena, INTENT_BIND, "01:00.0");

	(void)state;
	assert_string_equal(as_text(plan, &arena),
		"echo vfio-pci > " D ".0/driver_override\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"echo 0000:01:00.1 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"test -e /dev/vfio/13  # expects /dev/vfio/13\n");
	arena_free(&arena);
}

static void a_group_that_is_there_already_needs_nothing(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		planned_for(changed(&arena, made_desktop, on_vfio), &arena,
			    INTENT_BIND, "01:00.1");

	(void)state;
	assert_true(plan->done_already);
	assert_int_equal(plan->gate_count, 0);
	assert_true(plan->changes[0].left);
	assert_string_equal(plan->changes[0].why_left,
			    "has this driver already");
	arena_free(&arena);
}

static void restoring_probes_the_display_first(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		planned_for(changed(&arena, made_desktop, on_vfio), &arena,
			    INTENT_RESTORE, "01:00.1");

	(void)state;
	assert_string_equal(plan->title, "Give group 13 back to the host");
	assert_string_equal(as_text(plan, &arena),
		"echo > " D ".0/driver_override\n"
		"echo > " D ".1/driver_override\n"
		"echo 0000:01:00.1 > " R "vfio-pci/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "vfio-pci/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > /sys/bus/pci/drivers_probe"
		"  # expects a driver of the host\n"
		"echo 0000:01:00.1 > /sys/bus/pci/drivers_probe"
		"  # expects a driver of the host\n");
	arena_free(&arena);
}

static void restoring_loads_what_udev_would(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		planned_for(changed(&arena, made_desktop, with_modules_to_load),
			    &arena, INTENT_RESTORE, "01:00.0");

	(void)state;
	/* Several candidates: by alias, so that a blacklist holds. */
	assert_string_equal(shell_step(plan, 0, &arena),
			    "modprobe -b pci:v000010DEd00002684");
	assert_string_equal(shell_step(plan, 1, &arena), "modprobe snd_new");
	assert_true(plan->steps[0].may_fail);
	arena_free(&arena);
}

static void a_home_is_aimed_at_and_then_forgotten(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		changed(&arena, made_desktop, with_modules_to_load);
	struct bdf gpu, audio;

	(void)state;
	assert_true(bdf_parse("01:00.0", &gpu));
	assert_true(bdf_parse("01:00.1", &audio));
	const struct home homes[] = { { gpu, "nova-core", NULL },
				      { audio, "", NULL } };
	const struct intent intent = {
		.kind = INTENT_RESTORE, .devices = &gpu, .device_count = 1,
		.homes = homes, .home_count = 2,
	};
	const struct plan *plan = plan_make(system, &intent, &arena, NULL);
	assert_string_equal(as_text(plan, &arena),
		"modprobe nova_core"
		"  # expects /sys/bus/pci/drivers/nova-core\n"
		"echo nova-core > " D ".0/driver_override\n"
		"echo > " D ".1/driver_override\n"
		"echo 0000:01:00.1 > " R "vfio-pci/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "vfio-pci/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "nova-core/bind"
		"  # expects driver nova-core\n"
		"echo > " D ".0/driver_override\n");
	arena_free(&arena);
}

/* Debian's file is nvidia-current.ko, and the others that an alias names must
 * not come in its place. */
static void a_home_that_was_unloaded_is_loaded_by_its_name(void **state)
{
	struct arena arena = {0};
	struct system *system = altered(&arena, made_desktop,
		"dev 01:00.0 driver vfio-pci;"
		"dev 01:00.0 modules nouveau nvidia_current");
	struct bdf gpu;

	(void)state;
	assert_true(bdf_parse("01:00.0", &gpu));
	const struct home home = { gpu, "nvidia", NULL };
	const struct intent intent = {
		.kind = INTENT_RESTORE, .devices = &gpu, .device_count = 1,
		.homes = &home, .home_count = 1,
	};
	system->driver_count = 0;
	const struct plan *plan = plan_make(system, &intent, &arena, NULL);
	assert_string_equal(shell_step(plan, 0, &arena), "modprobe nvidia");
	assert_false(plan->steps[0].may_fail);
	arena_free(&arena);
}

static void a_host_driver_is_given_to_named_devices_only(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		planned_to(system, &arena, INTENT_BIND, "01:00.0", "nouveau");

	(void)state;
	assert_string_equal(plan->title, "Bind 01:00.0 to nouveau");
	assert_string_equal(as_text(plan, &arena),
		"modprobe nouveau  # expects /sys/bus/pci/drivers/nouveau\n"
		"echo nouveau > " D ".0/driver_override\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "nouveau/bind"
		"  # expects driver nouveau\n");
	assert_true(plan->changes[1].left);
	arena_free(&arena);
}

static void unbinding_only_lets_go(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		planned_for(made_machine(&arena, made_desktop), &arena,
			    INTENT_UNBIND, "01:00.0");

	(void)state;
	assert_string_equal(as_text(plan, &arena),
		"echo 0000:01:00.1 > " R "snd_hda_intel/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind"
		"  # gives up after 15 s\n");
	arena_free(&arena);
}

static void a_module_can_be_loaded_alone(void **state)
{
	struct arena arena = {0};
	const struct intent intent = { .kind = INTENT_LOAD,
				       .driver = "vfio-pci" };
	const struct plan *plan =
		plan_make(changed(&arena, made_desktop, without_vfio),
			  &intent, &arena, NULL);

	(void)state;
	assert_string_equal(as_text(plan, &arena),
		"modprobe vfio-pci  # expects /sys/bus/pci/drivers/vfio-pci\n");
	plan = plan_make(made_machine(&arena, made_desktop), &intent, &arena,
			 NULL);
	assert_true(plan->done_already);
	arena_free(&arena);
}

/* Everything is undone in reverse by what the steps carry. */
static void every_change_knows_its_undo(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		planned_for(made_machine(&arena, made_desktop), &arena,
			    INTENT_BIND, "01:00.0");
	const struct step *unbind = &plan->steps[3];

	(void)state;
	assert_int_equal(unbind->undo_count, 3);
	assert_string_equal(shell_line(&unbind->undo[0], &arena),
			    "echo nvidia > " D ".0/driver_override");
	assert_string_equal(shell_line(&unbind->undo[1], &arena),
			    "echo 0000:01:00.0 > " R "nvidia/bind");
	assert_string_equal(shell_line(&unbind->undo[2], &arena),
			    "echo > " D ".0/driver_override");
	for (unsigned i = 0; i < plan->step_count; i++) {
		const struct step *step = &plan->steps[i];
		assert_true(step->undo_count || step->kind != STEP_WRITE);
		for (unsigned u = 0; u < step->undo_count; u++) {
			assert_true(step->undo[u].ensure);
			assert_int_not_equal(step->undo[u].expect.kind,
					     EXPECT_NOTHING);
		}
	}
	arena_free(&arena);
}

/* Where no plan can be made. */

static const struct made_device no_groups[] = {
	{ "01:00.0", 0x030000, 0x10de2684, "nvidia", -1, PCIE_ENDPOINT, false,
	  0, false, 0, 0 },
	{ 0 },
};

static const struct made_device some_groups[] = {
	{ "00:02.0", 0x030000, 0x80861234, "i915", 1, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "01:00.0", 0x030000, 0x10de2684, "nvidia", -1, PCIE_ENDPOINT, false,
	  0, false, 0, 0 },
	{ 0 },
};

static void group_unreadable(struct builder *builder)
{
	at(builder, "01:00.0")->group.known = DENIED;
}

static void groups_unreadable(struct builder *builder)
{
	builder->system->groups_known = UNREAD;
}

static void driver_unreadable(struct builder *builder)
{
	at(builder, "01:00.0")->driver.known = UNREAD;
}

static void driver_hostile(struct builder *builder)
{
	at(builder, "01:00.0")->driver.value = "x; reboot";
}

static void no_plan_is_made_without_a_reason(void **state)
{
	static const struct {
		const struct made_device *table;
		void (*change)(struct builder *builder);
		const char *driver, *address, *says;
	} cases[] = {
		{ no_groups, NULL, NULL, "01:00.0", "runs no IOMMU" },
		{ no_groups, groups_unreadable, NULL, "01:00.0",
		  "could not be read" },
		{ some_groups, NULL, NULL, "01:00.0", "does not serve it" },
		{ some_groups, group_unreadable, NULL, "01:00.0",
		  "could not be read" },
		{ made_desktop, NULL, NULL, "07:00.0", "no device 07:00.0" },
		{ made_desktop, NULL, "a b", "01:00.0", "not the name" },
		{ made_desktop, NULL, "", "01:00.0", "not the name" },
		{ made_desktop, NULL, "-b", "01:00.0", "not the name" },
		{ made_desktop, driver_unreadable, NULL, "01:00.0",
		  "driver of 01:00.0 could not be read" },
		{ made_desktop, driver_hostile, NULL, "01:00.0",
		  "a name that no driver has" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct err err = {0};
		struct intent intent =
			intent_of(&arena, INTENT_BIND, cases[i].driver,
				  cases[i].address);
		assert_null(plan_make(changed(&arena, cases[i].table,
					      cases[i].change),
				      &intent, &arena, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("\"%s\" lacks \"%s\"", err.text,
				 cases[i].says);
		arena_free(&arena);
	}
}

static void a_device_without_group_can_still_be_let_go(void **state)
{
	struct arena arena = {0};
	const struct plan *plan = planned_for(made_machine(&arena, no_groups),
					      &arena, INTENT_UNBIND, "01:00.0");

	(void)state;
	assert_string_equal(plan->title, "Leave 01:00.0 without a driver");
	assert_int_equal(plan->step_count, 1);
	arena_free(&arena);
}

/* Gates: what is done to the machine, and what must stand then. */

static void a_plan_differs_when_the_machine_has_changed(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &arena, INTENT_BIND, "01:00.0");

	(void)state;
	assert_true(plan_is_same(
		plan, planned_for(system, &arena, INTENT_BIND, "01:00.0")));
	assert_false(plan_is_same(
		plan, planned_for(changed(&arena, made_desktop, on_vfio),
				  &arena, INTENT_BIND, "01:00.0")));
	/* Same steps, but a gate stands that was not shown. */
	assert_false(plan_is_same(
		plan, planned_for(changed(&arena, made_desktop, gpu_held),
				  &arena, INTENT_BIND, "01:00.0")));
	arena_free(&arena);
}

/* Shell lines and the wire. */

static void a_variant_is_offered_and_taken_when_wanted(void **state)
{
	struct arena arena = {0};
	struct system *system = (struct system *)(uintptr_t)made_machine(
		&arena, made_desktop);
	struct bdf nvme = { .bus = 2 };
	struct device *device = &system->devices[system_device(system, nvme)];
	const char *names[CHOICE_MOST];

	(void)state;
	device->variant = (struct fact_text){ KNOWN, "mlx5_vfio_pci" };
	const struct plan *plan =
		planned_for(system, &arena, INTENT_BIND, "02:00.0");
	assert_string_equal(plan->changes[0].to, "vfio-pci");
	assert_non_null(strstr(plan->changes[0].note, "mlx5_vfio_pci"));
	plan = planned_to(system, &arena, INTENT_BIND, "02:00.0", CHOICE_BEST);
	assert_string_equal(plan->changes[0].to, "mlx5_vfio_pci");
	assert_string_equal(plan->changes[0].note, "");
	assert_non_null(strstr(as_text(plan, &arena),
			       "modprobe mlx5_vfio_pci"));
	plan = planned_to(system, &arena, INTENT_BIND, "01:00.0", CHOICE_BEST);
	assert_string_equal(plan->changes[0].to, "vfio-pci");

	device->modules = (struct fact_text){ KNOWN, "nvme other_nvme" };
	choice_drivers(system, device, names, &arena);
	static const char *const wanted[] = {
		"mlx5_vfio_pci", "vfio-pci", "nvme", "other_nvme", "pci-stub",
		"uio_pci_generic", "none" };
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		assert_string_equal(names[i], wanted[i]);
	assert_null(names[sizeof wanted / sizeof *wanted]);
	arena_free(&arena);
}

static void uio_says_that_nothing_protects_the_host(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan = planned_to(system, &arena, INTENT_BIND,
					     "02:00.0", "uio_pci_generic");
	static const char *const accept[] = { "dev-uio-bound", NULL };
	bool stands = false;

	(void)state;
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (strcmp(plan->gates[i].id, "dev-uio-bound") == 0)
			stands |= plan->gates[i].kind == GATE_SOFT &&
				  strstr(plan->gates[i].text, "all memory");
	assert_true(stands);
	assert_false(plan_is_accepted(plan, NULL));
	assert_true(plan_is_accepted(plan, accept));
	assert_non_null(strstr(as_text(plan, &arena),
			       "modprobe uio_pci_generic"));
	assert_null(strstr(as_text(plan, &arena), "/dev/vfio"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gpu_goes_to_vfio_with_its_whole_group),
		cmocka_unit_test(
			the_module_is_loaded_before_anything_is_let_go),
		cmocka_unit_test(what_has_no_driver_is_bound_too),
		cmocka_unit_test(a_group_that_is_there_already_needs_nothing),
		cmocka_unit_test(restoring_probes_the_display_first),
		cmocka_unit_test(restoring_loads_what_udev_would),
		cmocka_unit_test(a_home_is_aimed_at_and_then_forgotten),
		cmocka_unit_test(a_home_that_was_unloaded_is_loaded_by_its_name),
		cmocka_unit_test(a_host_driver_is_given_to_named_devices_only),
		cmocka_unit_test(unbinding_only_lets_go),
		cmocka_unit_test(a_module_can_be_loaded_alone),
		cmocka_unit_test(every_change_knows_its_undo),
		cmocka_unit_test(no_plan_is_made_without_a_reason),
		cmocka_unit_test(a_device_without_group_can_still_be_let_go),
		cmocka_unit_test(a_plan_differs_when_the_machine_has_changed),
		cmocka_unit_test(a_variant_is_offered_and_taken_when_wanted),
		cmocka_unit_test(uio_says_that_nothing_protects_the_host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
