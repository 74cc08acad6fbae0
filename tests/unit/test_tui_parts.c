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
#include <string.h>

#include "base/text.h"
#include "lib/alter.h"
#include "lib/scenes.h"
#include "tui/app.h"

#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

struct session {
	struct arena arena;
	struct scene scene;
	struct app *app;
	struct buf screen;
};

static void look(struct session *session)
{
	struct arena frame = {0};
	struct canvas *canvas = canvas_make(&frame, 100, 30, false);

	app_paint(session->app, canvas);
	buf_reset(&session->screen);
	canvas_text(canvas, &session->screen);
	arena_free(&frame);
}

/* The machine "parts", with nobody in the way, and changed by @edits. */
static struct session *begin(const char *edits)
{
	static struct session session;

	session = (struct session){0};
	session.scene = made_scene(&session.arena, "parts");
	struct system *system =
		(struct system *)(uintptr_t)session.scene.system;
	system->usage.holder_count = 0;
	alter(system, edits);
	session.app = app_make(&session.arena, &session.scene);
	look(&session);
	return &session;
}

static void end(struct session *session)
{
	app_free(session->app);
	arena_free(&session->arena);
	buf_free(&session->screen);
}

static enum effect press(struct session *session, const char *names)
{
	enum effect effect = EFFECT_NONE;

	for (int stroke; (stroke = stroke_take(&names)) != STROKE_NONE;) {
		effect = app_key(session->app, stroke);
		look(session);
	}
	return effect;
}

static enum effect type(struct session *session, const char *text)
{
	enum effect effect = EFFECT_NONE;

	for (uint32_t c; (c = text_take(&text)) != 0;)
		effect = app_key(session->app, (int)c);
	look(session);
	return effect;
}

static void go(struct session *session, const char *view)
{
	press(session, ":");
	type(session, view);
	press(session, "Enter");
}

#define SEES(session, text)                                                \
	do {                                                               \
		if (!strstr(buf_str(&(session)->screen), text))            \
			fail_msg("\"%s\" is not on the screen:\n%s", text, \
				 buf_str(&(session)->screen));             \
	} while (0)

static const struct device *device(const struct session *session,
				   const char *address)
{
	const struct system *system = app_scene(session->app)->system;
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	int index = system_device(system, bdf);
	return index == NONE ? NULL : &system->devices[index];
}

static void carry_out(struct session *session)
{
	app_begin(session->app, false);
	for (int i = 0; i < 100 && app_is_acting(session->app); i++)
		app_tick(session->app);
	assert_false(app_is_acting(session->app));
	look(session);
	SEES(session, "done and verified");
	press(session, "Esc");
}

static void virtual_functions_are_made_removed_and_taken_back(void **state)
{
	struct session *session = begin("");

	(void)state;
	go(session, "vfs");
	SEES(session, "2 of 8");
	SEES(session, "VF 1");
	press(session, "V");
	SEES(session, "how many virtual functions");
	type(session, "4");
	press(session, "Enter");
	SEES(session, "2 → 4 virtual functions");
	SEES(session, "vanishes");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	SEES(session, "4 of 8");
	assert_non_null(device(session, "01:00.4"));
	/* Devices moved, and each kept its name. */
	SEES(session, "01:00.0 NVMe SSD Controller PM173X");
	press(session, "7");
	SEES(session, "I210 Gigabit");
	press(session, "u");
	SEES(session, "Take back: Make 4 virtual functions of 01:00.0");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	assert_null(device(session, "01:00.4"));
	assert_string_equal(device(session, "01:00.2")->driver.value,
			    "vfio-pci");
	end(session);
}

static void what_a_guest_has_is_not_taken_from_it(void **state)
{
	struct session *session = begin("holder 01:00.2 /dev/vfio/4");

	(void)state;
	go(session, "vfs");
	press(session, "V");
	type(session, "0");
	press(session, "Enter");
	SEES(session, "stop the guest first");
	assert_int_not_equal(press(session, "y"), EFFECT_ACT);
	end(session);
}

static void what_is_no_number_is_said(void **state)
{
	struct session *session = begin("");

	(void)state;
	go(session, "vfs");
	press(session, "V");
	type(session, "many");
	press(session, "Enter");
	SEES(session, "\"many\" is no number of virtual functions.");
	press(session, "V");
	type(session, "9");
	press(session, "Enter");
	SEES(session, "8 virtual functions at most, not 9");
	end(session);
}

static void what_cannot_have_them_says_so(void **state)
{
	struct session *session = begin("");

	(void)state;
	press(session, "7 G V");
	SEES(session, "Go to a device with SR-IOV first");
	press(session, "a");
	SEES(session, "Go to a type of mediated devices first");
	press(session, "d");
	SEES(session, "Go to a mediated device first");
	end(session);
}

static void mediated_devices_are_made_and_removed(void **state)
{
	struct session *session = begin("");
	const struct mdevs *mdevs;

	(void)state;
	go(session, "mdev");
	SEES(session, "Single port serial");
	SEES(session, UUID);
	press(session, "Down a");
	SEES(session, "Make a mediated device mtty-1 on mtty");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	mdevs = &app_scene(session->app)->system->mdevs;
	assert_int_equal(mdevs->item_count, 2);
	assert_true(text_is_uuid(mdevs->items[0].uuid));
	press(session, "G d");
	SEES(session, "Remove the mediated device " UUID);
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	mdevs = &app_scene(session->app)->system->mdevs;
	assert_int_equal(mdevs->item_count, 1);
	assert_string_not_equal(mdevs->items[0].uuid, UUID);
	end(session);
}

static void a_mediated_device_has_a_page(void **state)
{
	struct session *session = begin("");

	(void)state;
	go(session, "mdev");
	press(session, "G Enter");
	SEES(session, "sysfsdev=/sys/bus/mdev/devices/" UUID);
	press(session, "d");
	SEES(session, "Remove the mediated device " UUID);
	end(session);
}

/* Who holds it could not be seen: then its name is to be typed. */
static void what_is_not_seen_wants_a_word(void **state)
{
	struct session *session = begin("holder ?");

	(void)state;
	go(session, "mdev");
	press(session, "G d");
	SEES(session, "could not be read");
	assert_int_not_equal(press(session, "y"), EFFECT_ACT);
	type(session, "83b8f4f2");
	assert_int_equal(press(session, "Enter"), EFFECT_ACT);
	end(session);
}

static void a_device_is_reset_and_let_sleep(void **state)
{
	struct session *session = begin("");

	(void)state;
	go(session, "vfs");
	press(session, "Down X");
	SEES(session, "Reset 01:00.1");
	SEES(session, "is reset (flr)");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	press(session, "I");
	SEES(session, "may sleep when idle");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	assert_string_equal(device(session, "01:00.1")->runtime_control.value,
			    "auto");
	press(session, "I");
	SEES(session, "is kept awake");
	end(session);
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
