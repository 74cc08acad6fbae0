// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parts of devices in the explorer: virtual functions, mediated devices,
 * resets, power; strokes in, what is seen out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>

#include "base/text.h"
#include "lib/alter.h"
#include "lib/stage.h"

#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

/* The machine "parts", with nobody in the way, and changed by @edits. */
static struct stage *begin_parts(const char *edits)
{
	struct stage *stage = stage_set(100, 30);

	stage->scene = made_scene(&stage->arena, "parts");
	stage_system(stage)->usage.holder_count = 0;
	alter(stage_system(stage), edits);
	stage_open(stage);
	return stage;
}

static void carry_out_and_leave(struct stage *stage)
{
	carry_out(stage);
	SEES(stage, "done and verified");
	press(stage, "Esc");
}

static void virtual_functions_are_made_removed_and_taken_back(void **state)
{
	struct stage *stage = begin_parts("");

	(void)state;
	command(stage, "vfs");
	SEES(stage, "2 of 8");
	SEES(stage, "VF 1");
	press(stage, "V");
	SEES(stage, "how many virtual functions");
	type(stage, "4");
	press(stage, "Enter");
	SEES(stage, "2 → 4 virtual functions");
	SEES(stage, "vanishes");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out_and_leave(stage);
	SEES(stage, "4 of 8");
	assert_non_null(device_at(stage, "01:00.4"));
	/* Devices moved, and each kept its name. */
	SEES(stage, "01:00.0 NVMe SSD Controller PM173X");
	press(stage, "7");
	SEES(stage, "I210 Gigabit");
	press(stage, "u");
	SEES(stage, "Take back: Make 4 virtual functions of 01:00.0");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out_and_leave(stage);
	assert_null(device_at(stage, "01:00.4"));
	assert_string_equal(device_at(stage, "01:00.2")->driver.value,
			    "vfio-pci");
	end(stage);
}

static void what_a_guest_has_is_not_taken_from_it(void **state)
{
	struct stage *stage = begin_parts("holder 01:00.2 /dev/vfio/4");

	(void)state;
	command(stage, "vfs");
	press(stage, "V");
	type(stage, "0");
	press(stage, "Enter");
	SEES(stage, "stop the guest first");
	assert_int_not_equal(press(stage, "y"), EFFECT_ACT);
	end(stage);
}

static void what_is_no_number_is_said(void **state)
{
	struct stage *stage = begin_parts("");

	(void)state;
	command(stage, "vfs");
	press(stage, "V");
	type(stage, "many");
	press(stage, "Enter");
	SEES(stage, "\"many\" is no number of virtual functions.");
	press(stage, "V");
	type(stage, "9");
	press(stage, "Enter");
	SEES(stage, "8 virtual functions at most, not 9");
	end(stage);
}

static void what_cannot_have_them_says_so(void **state)
{
	struct stage *stage = begin_parts("");

	(void)state;
	press(stage, "7 G V");
	SEES(stage, "Go to a device with SR-IOV first");
	press(stage, "a");
	SEES(stage, "Go to a type of mediated devices first");
	press(stage, "d");
	SEES(stage, "Go to a mediated device first");
	end(stage);
}

static void mediated_devices_are_made_and_removed(void **state)
{
	struct stage *stage = begin_parts("");
	const struct mdevs *mdevs;

	(void)state;
	command(stage, "mdev");
	SEES(stage, "Single port serial");
	SEES(stage, UUID);
	press(stage, "Down a");
	SEES(stage, "Make a mediated device mtty-1 on mtty");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out_and_leave(stage);
	mdevs = &app_scene(stage->app)->system->mdevs;
	assert_int_equal(mdevs->item_count, 2);
	assert_true(text_is_uuid(mdevs->items[0].uuid));
	press(stage, "G d");
	SEES(stage, "Remove the mediated device " UUID);
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out_and_leave(stage);
	mdevs = &app_scene(stage->app)->system->mdevs;
	assert_int_equal(mdevs->item_count, 1);
	assert_string_not_equal(mdevs->items[0].uuid, UUID);
	end(stage);
}

static void a_mediated_device_has_a_page(void **state)
{
	struct stage *stage = begin_parts("");

	(void)state;
	command(stage, "mdev");
	press(stage, "G Enter");
	SEES(stage, "sysfsdev=/sys/bus/mdev/devices/" UUID);
	press(stage, "d");
	SEES(stage, "Remove the mediated device " UUID);
	end(stage);
}

/* Who holds it could not be seen: then its name is to be typed. */
static void what_is_not_seen_wants_a_word(void **state)
{
	struct stage *stage = begin_parts("holder ?");

	(void)state;
	command(stage, "mdev");
	press(stage, "G d");
	SEES(stage, "could not be read");
	assert_int_not_equal(press(stage, "y"), EFFECT_ACT);
	type(stage, "83b8f4f2");
	assert_int_equal(press(stage, "Enter"), EFFECT_ACT);
	end(stage);
}

static void a_device_is_reset_and_let_sleep(void **state)
{
	struct stage *stage = begin_parts("");

	(void)state;
	command(stage, "vfs");
	press(stage, "Down X");
	SEES(stage, "Reset 01:00.1");
	SEES(stage, "is reset (flr)");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out_and_leave(stage);
	press(stage, "I");
	SEES(stage, "may sleep when idle");
	assert_int_equal(press(stage, "y"), EFFECT_ACT);
	carry_out_and_leave(stage);
	assert_string_equal(device_at(stage, "01:00.1")->runtime_control.value,
			    "auto");
	press(stage, "I");
	SEES(stage, "is kept awake");
	end(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			virtual_functions_are_made_removed_and_taken_back),
		cmocka_unit_test(what_a_guest_has_is_not_taken_from_it),
		cmocka_unit_test(what_is_no_number_is_said),
		cmocka_unit_test(what_cannot_have_them_says_so),
		cmocka_unit_test(mediated_devices_are_made_and_removed),
		cmocka_unit_test(a_mediated_device_has_a_page),
		cmocka_unit_test(what_is_not_seen_wants_a_word),
		cmocka_unit_test(a_device_is_reset_and_let_sleep),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
