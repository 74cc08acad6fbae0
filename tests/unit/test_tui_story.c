// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole sessions without a terminal: what is asked for is planned, confirmed
 * and done, or refused; strokes in, what is seen and asked for out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>

#include "lib/alter.h"
#include "lib/stage.h"

static void the_first_screen_holds_answer_proof_and_remedy(void **state)
{
	struct stage *stage = begin("off");

	(void)state;
	SEES(stage, "No device can be passed through.");
	SEES(stage, "no intel_iommu=on in /proc/cmdline");
	SEES(stage, "/sys/kernel/iommu_groups is empty");
	SEES(stage, "update-grub");
	SEES(stage, "✗ IOMMU off");
	end(stage);
}

static void every_screen_says_how_the_machine_stands(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	for (char key[2] = "1"; *key <= '8'; ++*key) {
		press(stage, key);
		SEES(stage, "✓ IOMMU on");
		SEES(stage, "✓ IR");
		SEES(stage, "8 groups");
		SEES(stage, "✓ vfio");
	}
	stage->columns = 40;
	stage->rows = 12;
	press(stage, "2");
	SEES(stage, "✓IOMMU ✓IR 8gr ✓vfio ✗");
	end(stage);
}

static void a_gpu_is_bound_and_brought_back(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "4 b");
	SEES(stage, "Bind group 13 to vfio-pci");
	SEES(stage, "nvidia → vfio-pci");
	SEES(stage, "01:00.1");
	assert_string_equal(driver_of(stage, "01:00.0"), "nvidia");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out(stage);
	SEES(stage, "done and verified");
	assert_string_equal(driver_of(stage, "01:00.0"), "vfio-pci");
	assert_string_equal(driver_of(stage, "01:00.1"), "vfio-pci");
	press(stage, "Esc");
	ON(stage, "01:00.0");
	SEES(stage, "vfio-pci");
	press(stage, "r");
	SEES(stage, "vfio-pci → ");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out(stage);
	assert_string_equal(driver_of(stage, "01:00.0"), "nvidia");
	press(stage, "Enter");
	ON(stage, "01:00.0");
	end(stage);
}

static void a_plan_that_is_left_writes_nothing(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "4 b");
	assert_int_equal(press(stage, "Esc"), EFFECT_PAINT);
	SEES_NOT(stage, "Bind group");
	assert_string_equal(driver_of(stage, "01:00.0"), "nvidia");
	press(stage, "b");
	SEES(stage, "Bind group");
	assert_int_equal(press(stage, "n"), EFFECT_PAINT);
	SEES_NOT(stage, "Bind group");
	end(stage);
}

/* The audio function alone is named; its GPU goes along, which is a soft
 * gate where it is told to be typed. */
static void an_open_gate_wants_a_word(void **state)
{
	struct stage *stage = begin("user");

	(void)state;
	press(stage, "2 / 0 1 : 0 0 . 1 Enter b");
	SEES(stage, "asks for the word 01:00.1");
	assert_int_equal(press(stage, "y"), EFFECT_PAINT);
	SEES(stage, "type 01:00.1 to go on");
	type(stage, "yes");
	assert_int_equal(press(stage, "Enter"), EFFECT_PAINT);
	SEES(stage, "That was not 01:00.1; nothing was done.");
	assert_int_equal(press(stage, "y"), EFFECT_PAINT);
	type(stage, "01:00.1");
	assert_int_equal(press(stage, "Enter"), EFFECT_ACT);
	end(stage);
}

/* Both are marked; one has its driver already. */
static void the_word_is_of_a_device_that_goes(void **state)
{
	struct stage *stage = begin("user");
	const struct system *system = stage->scene.system;
	struct device *gpu = (struct device *)(uintptr_t)&system->devices[
		system_device(system, (struct bdf){ .bus = 1 })];

	(void)state;
	gpu->driver = (struct fact_text){ KNOWN, "vfio-pci" };
	press(stage, "7 / 0 1 : 0 0 . 0 Enter Space / 0 1 : 0 0 . 1 Enter "
		     "Space b");
	SEES(stage, "stays: has this driver already");
	SEES(stage, "asks for the word 01:00.1");
	end(stage);
}

/* Two strangers are in the group: each is to be named. */
static void every_member_is_confirmed_by_name(void **state)
{
	struct stage *stage = begin("shared");
	struct usage *usage = &((struct system *)(uintptr_t)
				stage->scene.system)->usage;

	(void)state;
	usage->storage_count = usage->holder_count = 0;
	((struct system *)(uintptr_t)stage->scene.system)->connector_count =
		0;
	press(stage, "2 / 0 2 : 0 0 Enter b");
	SEES(stage, "asks for the word 02:00.0");
	press(stage, "y");
	type(stage, "02:00.0");
	assert_int_equal(press(stage, "Enter"), EFFECT_PAINT);
	SEES(stage, "type 01:00.0 to go on");
	type(stage, "01:00.0");
	assert_int_equal(press(stage, "Enter"), EFFECT_PAINT);
	SEES(stage, "type 01:00.1 to go on");
	type(stage, "01:00.0");
	assert_int_equal(press(stage, "Enter"), EFFECT_PAINT);
	SEES(stage, "That was not 01:00.1; nothing was done.");
	/* From the beginning, then. */
	press(stage, "y");
	SEES(stage, "type 02:00.0 to go on");
	type(stage, "02:00.0");
	press(stage, "Enter");
	type(stage, "01:00.0");
	press(stage, "Enter");
	type(stage, "01:00.1");
	assert_int_equal(press(stage, "Enter"), EFFECT_ACT);
	end(stage);
}

static void what_is_refused_cannot_be_confirmed(void **state)
{
	struct stage *stage = begin("shared");

	(void)state;
	press(stage, "2 / 0 2 : 0 0 Enter");
	ON(stage, "02:00.0");
	press(stage, "b");
	SEES(stage, "This is refused; nothing can be confirmed.");
	SEES(stage, "/home");
	assert_int_equal(press(stage, "y"), EFFECT_PAINT);
	SEES(stage, "There is nothing to confirm");
	SEES_NOT(stage, "type 02:00.0");
	assert_string_equal(driver_of(stage, "02:00.0"), "nvme");
	end(stage);
}

static void a_driver_is_unloaded_by_one_key_in_the_plan(void **state)
{
	struct stage *stage = stage_set(132, 43);

	(void)state;
	stage->scene = made_scene(&stage->arena, "desktop");
	alter(stage_system(stage), "loaded nvidia 0; loaded nvidia_drm 0;"
				   "users nvidia 0");
	stage_open(stage);
	press(stage, "4 b");
	SEES(stage, "drivers/nvidia/unbind");
	SEES(stage, "m unload modules");
	press(stage, "m");
	SEES(stage, "modprobe -r nvidia_drm");
	SEES(stage, "modprobe -r nvidia ");
	SEES_NOT(stage, "drivers/nvidia/unbind");
	press(stage, "m");
	SEES_NOT(stage, "modprobe -r");
	press(stage, "m");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out(stage);
	SEES(stage, "done and verified");
	assert_string_equal(driver_of(stage, "01:00.0"), "vfio-pci");
	SEES_NOT(stage, "unload modules");
	press(stage, "Esc u");
	SEES_NOT(stage, "unload modules");
	press(stage, "m");
	SEES(stage, "An unload is for nvidia or i915");
	end(stage);
}

static void without_groups_a_bind_says_why_not(void **state)
{
	struct stage *stage = begin("off");

	(void)state;
	press(stage, "2 b");
	SEES(stage, "There are no IOMMU groups; the summary (1) says why.");
	stage->columns = 132;
	stage->rows = 43;
	press(stage, "?");
	SEES(stage, "Moving");
	SEES(stage, "Not now: There are no IOMMU groups");
	end(stage);
}

static void quit_and_read_are_asked_for(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	assert_int_equal(press(stage, "q"), EFFECT_QUIT);
	assert_int_equal(press(stage, "R"), EFFECT_READ);
	assert_int_equal(press(stage, "w"), EFFECT_PAINT);
	end(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_first_screen_holds_answer_proof_and_remedy),
		cmocka_unit_test(every_screen_says_how_the_machine_stands),
		cmocka_unit_test(a_gpu_is_bound_and_brought_back),
		cmocka_unit_test(a_plan_that_is_left_writes_nothing),
		cmocka_unit_test(an_open_gate_wants_a_word),
		cmocka_unit_test(the_word_is_of_a_device_that_goes),
		cmocka_unit_test(every_member_is_confirmed_by_name),
		cmocka_unit_test(what_is_refused_cannot_be_confirmed),
		cmocka_unit_test(a_driver_is_unloaded_by_one_key_in_the_plan),
		cmocka_unit_test(without_groups_a_bind_says_why_not),
		cmocka_unit_test(quit_and_read_are_asked_for),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
