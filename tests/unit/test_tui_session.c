// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions, drivers by choice, taking back: strokes in, what is seen and done
 * out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "lib/stage.h"
#include "plan/session.h"

/* Give the app a session of the GPU, as if it were read from a file. */
static void give_session(struct stage *stage)
{
	static struct sessions all;
	const struct bdf gpu = { .bus = 1 };
	struct arena *arena = &stage->arena;
	struct session *kept = arena_alloc(arena, sizeof *kept);

	assert_true(session_make("win11", stage->scene.system, &gpu, 1, NULL,
				 arena, kept, NULL));
	kept->file = "/home/me/.config/vfiotop/sessions/win11.json";
	all = (struct sessions){ kept, 1 };
	app_kept(stage->app, &all, NULL);
	look(stage);
}

static void one_key_starts_a_session_and_the_same_key_ends_it(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	give_session(stage);
	press(stage, "9");
	ON(stage, "win11");
	SEES(stage, "not started");
	press(stage, "t");
	SEES(stage, "Start the session win11");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out(stage);
	SEES(stage, "done and verified");
	press(stage, "Esc");
	SEES(stage, "started");
	assert_string_equal(driver_of(stage, "01:00.0"), "vfio-pci");
	press(stage, "t");
	SEES(stage, "End the session win11");
	SEES(stage, "vfio-pci → nvidia");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out(stage);
	press(stage, "Esc");
	SEES(stage, "not started");
	assert_string_equal(driver_of(stage, "01:00.0"), "nvidia");
	assert_string_equal(driver_of(stage, "01:00.1"), "snd_hda_intel");
	end(stage);
}

static void the_only_session_is_meant_everywhere(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "2 t");
	SEES(stage, "No session is kept yet");
	give_session(stage);
	press(stage, "1 t");
	SEES(stage, "Start the session win11");
	end(stage);
}

static void a_session_s_page_says_how_each_device_stands(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	give_session(stage);
	stage->columns = 132;
	stage->rows = 43;
	press(stage, "9 Enter");
	SEES(stage, "Session win11: not started");
	SEES(stage, "nvidia → vfio-pci");
	SEES(stage, "20 s for those who hold a device");
	SEES(stage, "win11.json");
	end(stage);
}

static void marked_devices_are_kept_under_a_name(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "7 / 0 2 : 0 0 Enter Space M");
	SEES(stage, "keep as:");
	type(stage, "a b");
	assert_int_equal(press(stage, "Enter"), EFFECT_PAINT);
	SEES(stage, "will not do as a name");
	press(stage, "M");
	type(stage, "disk");
	assert_int_equal(press(stage, "Enter"), EFFECT_KEEP);
	assert_string_equal(app_session(stage->app)->name, "disk");
	assert_int_equal(app_session(stage->app)->device_count, 1);
	end(stage);
}

static void u_takes_back_what_was_done_last(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "u");
	SEES(stage, "There is no action to take back.");
	press(stage, "4 b y");
	carry_out(stage);
	press(stage, "Esc 0");
	SEES(stage, "Bind group 13 to vfio-pci");
	SEES(stage, "done");
	/* What it was, below the list and as a page, with ways to go on. */
	SEES(stage, "nvidia before, vfio-pci now");
	SEES(stage, "u takes it back");
	press(stage, "Enter");
	SEES(stage, "Bind group 13 to vfio-pci: done");
	press(stage, "Down Enter");
	SEES(stage, "10de:");
	press(stage, "Esc Esc u");
	SEES(stage, "Take back: Bind group 13 to vfio-pci");
	SEES(stage, "vfio-pci → nvidia");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out(stage);
	SEES(stage, "done and verified");
	press(stage, "Esc");
	assert_string_equal(driver_of(stage, "01:00.0"), "nvidia");
	SEES(stage, "taken back later");
	SEES_NOT(stage, "u takes it back");
	press(stage, "u");
	SEES(stage, "There is no action to take back.");
	end(stage);
}

static void u_goes_back_through_a_restore_too(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "4 b y");
	carry_out(stage);
	press(stage, "Esc r y");
	carry_out(stage);
	assert_string_equal(driver_of(stage, "01:00.0"), "nvidia");
	/* What the model of the kernel does not bring back, screens among it,
	 * is not known: a gate. */
	press(stage, "Esc u y");
	type(stage, "01:00.0");
	assert_int_equal(press(stage, "Enter"), EFFECT_ACT);
	carry_out(stage);
	assert_string_equal(driver_of(stage, "01:00.0"), "vfio-pci");
	press(stage, "Esc u y");
	carry_out(stage);
	assert_string_equal(driver_of(stage, "01:00.0"), "nvidia");
	end(stage);
}

static void any_driver_is_offered_and_none_too(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "7 / 0 2 : 0 0 Enter B");
	SEES(stage, "driver:");
	SEES(stage, "vfio-pci");
	SEES(stage, "pci-stub");
	SEES(stage, "none");
	type(stage, "pc");
	press(stage, "Tab");
	SEES(stage, "driver: pci-stub");
	press(stage, "Enter");
	SEES(stage, "nvme → pci-stub");
	press(stage, "Esc B");
	type(stage, "none");
	press(stage, "Enter");
	SEES(stage, "nvme → no driver");
	press(stage, "Esc B");
	type(stage, "no/driver");
	press(stage, "Enter");
	SEES(stage, "is not the name of a driver");
	end(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			one_key_starts_a_session_and_the_same_key_ends_it),
		cmocka_unit_test(the_only_session_is_meant_everywhere),
		cmocka_unit_test(a_session_s_page_says_how_each_device_stands),
		cmocka_unit_test(marked_devices_are_kept_under_a_name),
		cmocka_unit_test(u_takes_back_what_was_done_last),
		cmocka_unit_test(u_goes_back_through_a_restore_too),
		cmocka_unit_test(any_driver_is_offered_and_none_too),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
