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

#include "base/text.h"
#include "lib/scenes.h"
#include "plan/session.h"
#include "tui/app.h"

/* A story: the app, and what it was given. */
struct story {
	struct arena arena;
	struct scene scene;
	struct app *app;
	struct buf screen;
	unsigned columns, rows;
};

static void look(struct story *session)
{
	struct arena frame = {0};
	struct canvas *canvas = canvas_make(&frame, session->columns,
					    session->rows, false);

	app_paint(session->app, canvas);
	buf_reset(&session->screen);
	canvas_text(canvas, &session->screen);
	arena_free(&frame);
}

static struct story *begin(const char *machine)
{
	static struct story session;

	session = (struct story){ .columns = 80, .rows = 24 };
	session.scene = made_scene(&session.arena, machine);
	session.app = app_make(&session.arena, &session.scene);
	look(&session);
	return &session;
}

static void end(struct story *session)
{
	app_free(session->app);
	arena_free(&session->arena);
	buf_free(&session->screen);
}

/* Press strokes named as in commands.def; returns the last effect. */
static enum effect press(struct story *session, const char *names)
{
	enum effect effect = EFFECT_NONE;

	for (int stroke; (stroke = stroke_take(&names)) != STROKE_NONE;) {
		effect = app_key(session->app, stroke);
		look(session);
	}
	return effect;
}

/* Type a text, letter by letter. */
static enum effect type(struct story *session, const char *text)
{
	enum effect effect = EFFECT_NONE;

	for (uint32_t c; (c = text_take(&text)) != 0;)
		effect = app_key(session->app, (int)c);
	look(session);
	return effect;
}

static bool sees(const struct story *session, const char *text)
{
	return strstr(buf_str(&session->screen), text);
}

#define SEES(session, text) \
	do { \
		if (!sees(session, text)) \
			fail_msg("\"%s\" is not on the screen:\n%s", text, \
				 buf_str(&(session)->screen)); \
	} while (0)

#define SEES_NOT(session, text) \
	do { \
		if (sees(session, text)) \
			fail_msg("\"%s\" is on the screen:\n%s", text, \
				 buf_str(&(session)->screen)); \
	} while (0)

/* The line under the cursor, by the role plane's capitals and bars. */
static const char *under_cursor(struct story *session)
{
	struct arena *arena = &session->arena;
	struct canvas *canvas = canvas_make(arena, session->columns,
					    session->rows, false);
	struct buf line = {0};

	app_paint(session->app, canvas);
	for (size_t i = 0; i < (size_t)canvas->columns * canvas->rows; i++) {
		char text[5];
		if (canvas->cells[i].ground == GROUND_SELECTED &&
		    canvas->cells[i].width)
			buf_add(&line, text,
				text_encode(canvas->cells[i].c, text));
	}
	char *copy = arena_text(arena, buf_str(&line));
	buf_free(&line);
	return copy;
}

#define ON(session, text) \
	do { \
		const char *on_line = under_cursor(session); \
		if (!strstr(on_line, text)) \
			fail_msg("the cursor is not on \"%s\" but on \"%s\"", \
				 text, on_line); \
	} while (0)

static const char *driver_of(const struct story *session,
			     const char *address)
{
	const struct system *system = app_scene(session->app)->system;
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	return system->devices[system_device(system, bdf)].driver.value;
}

/* Let a plan that was confirmed run to its end. */
static void carry_out(struct story *session)
{
	app_begin(session->app, false);
	for (int i = 0; i < 100 && app_is_acting(session->app); i++)
		app_tick(session->app);
	assert_false(app_is_acting(session->app));
	look(session);
}


/* Give the app a session of the GPU, as if it were read from a file. */
static void give_session(struct story *session)
{
	static struct sessions all;
	const struct bdf gpu = { .bus = 1 };
	struct arena *arena = &session->arena;
	struct session *kept = arena_alloc(arena, sizeof *kept);

	assert_true(session_make("win11", session->scene.system, &gpu, 1, NULL,
				 arena, kept, NULL));
	kept->file = "/home/me/.config/vfiotop/sessions/win11.json";
	all = (struct sessions){ kept, 1 };
	app_kept(session->app, &all, NULL);
	look(session);
}

static void one_key_starts_a_session_and_the_same_key_ends_it(void **state)
{
	struct story *session = begin("desktop");

	(void)state;
	give_session(session);
	press(session, "9");
	ON(session, "win11");
	SEES(session, "not started");
	press(session, "t");
	SEES(session, "Start the session win11");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	SEES(session, "done and verified");
	press(session, "Esc");
	SEES(session, "started");
	assert_string_equal(driver_of(session, "01:00.0"), "vfio-pci");
	press(session, "t");
	SEES(session, "End the session win11");
	SEES(session, "vfio-pci → nvidia");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	press(session, "Esc");
	SEES(session, "not started");
	assert_string_equal(driver_of(session, "01:00.0"), "nvidia");
	assert_string_equal(driver_of(session, "01:00.1"), "snd_hda_intel");
	end(session);
}

static void the_only_session_is_meant_everywhere(void **state)
{
	struct story *session = begin("desktop");

	(void)state;
	press(session, "2 t");
	SEES(session, "No session is kept yet");
	give_session(session);
	press(session, "1 t");
	SEES(session, "Start the session win11");
	end(session);
}

static void a_session_s_page_says_how_each_device_stands(void **state)
{
	struct story *session = begin("desktop");

	(void)state;
	give_session(session);
	session->columns = 132;
	session->rows = 43;
	press(session, "9 Enter");
	SEES(session, "Session win11: not started");
	SEES(session, "nvidia → vfio-pci");
	SEES(session, "20 s for those who hold a device");
	SEES(session, "win11.json");
	end(session);
}

static void marked_devices_are_kept_under_a_name(void **state)
{
	struct story *session = begin("desktop");

	(void)state;
	press(session, "7 / 0 2 : 0 0 Enter Space M");
	SEES(session, "keep as:");
	type(session, "a b");
	assert_int_equal(press(session, "Enter"), EFFECT_PAINT);
	SEES(session, "will not do as a name");
	press(session, "M");
	type(session, "disk");
	assert_int_equal(press(session, "Enter"), EFFECT_KEEP);
	assert_string_equal(app_session(session->app)->name, "disk");
	assert_int_equal(app_session(session->app)->device_count, 1);
	end(session);
}

static void u_takes_back_what_was_done_last(void **state)
{
	struct story *session = begin("desktop");

	(void)state;
	press(session, "u");
	SEES(session, "There is no action to take back.");
	press(session, "4 b y");
	carry_out(session);
	press(session, "Esc 0");
	SEES(session, "Bind group 13 to vfio-pci");
	SEES(session, "done");
	press(session, "u");
	SEES(session, "Take back: Bind group 13 to vfio-pci");
	SEES(session, "vfio-pci → nvidia");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	SEES(session, "done and verified");
	press(session, "Esc");
	assert_string_equal(driver_of(session, "01:00.0"), "nvidia");
	SEES(session, "taken back later");
	press(session, "u");
	SEES(session, "There is no action to take back.");
	end(session);
}

static void u_goes_back_through_a_restore_too(void **state)
{
	struct story *session = begin("desktop");

	(void)state;
	press(session, "4 b y");
	carry_out(session);
	press(session, "Esc r y");
	carry_out(session);
	assert_string_equal(driver_of(session, "01:00.0"), "nvidia");
	/* What the model of the kernel does not bring back, screens among it,
	 * is not known: a gate. */
	press(session, "Esc u y");
	type(session, "01:00.0");
	assert_int_equal(press(session, "Enter"), EFFECT_ACT);
	carry_out(session);
	assert_string_equal(driver_of(session, "01:00.0"), "vfio-pci");
	press(session, "Esc u y");
	carry_out(session);
	assert_string_equal(driver_of(session, "01:00.0"), "nvidia");
	end(session);
}

static void any_driver_is_offered_and_none_too(void **state)
{
	struct story *session = begin("desktop");

	(void)state;
	press(session, "7 / 0 2 : 0 0 Enter B");
	SEES(session, "driver:");
	SEES(session, "vfio-pci");
	SEES(session, "pci-stub");
	SEES(session, "none");
	type(session, "pc");
	press(session, "Tab");
	SEES(session, "driver: pci-stub");
	press(session, "Enter");
	SEES(session, "nvme → pci-stub");
	press(session, "Esc B");
	type(session, "none");
	press(session, "Enter");
	SEES(session, "nvme → no driver");
	press(session, "Esc B");
	type(session, "no/driver");
	press(session, "Enter");
	SEES(session, "is not the name of a driver");
	end(session);
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
