// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine changes while one looks: what is marked, what is said, what is
 * kept; and the machine compared with another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "base/text.h"
#include "lib/machine.h"
#include "lib/scenes.h"
#include "tui/app.h"

/* The made desktop with a card more. */
static const struct made_device plugged[] = {
	{ "00:00.0", 0x060000, 0x8086a700, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 12, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:02.0", 0x030000, 0x8086a780, "i915", 1, PCIE_RC_ENDPOINT, false,
	  0, false, 0, 0 },
	{ "00:14.0", 0x0c0330, 0x80867a60, "xhci_hcd", 4, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ "00:1b.0", 0x060400, 0x80867a40, "pcieport", 8, PCIE_ROOT_PORT,
	  false, 2, true, 0x1f, 0x1d },
	{ "00:1c.0", 0x060400, 0x80867a38, "pcieport", 10, PCIE_ROOT_PORT,
	  false, 3, true, 0x1f, 0x1d },
	{ "00:1f.0", 0x060100, 0x80867a04, NULL, 9, MADE_PCI, true, 0, false,
	  0, 0 },
	{ "00:1f.4", 0x0c0500, 0x80867a23, "i801_smbus", 9, MADE_PCI, true, 0,
	  false, 0, 0 },
	{ "01:00.0", 0x030000, 0x10de2684, "nvidia", 13, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x10de22ba, "snd_hda_intel", 13, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "02:00.0", 0x010802, 0x144da80c, "nvme", 14, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "03:00.0", 0x020000, 0x80861533, "igb", 15, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

struct session {
	struct arena arena;
	struct scene scene;
	struct app *app;
	struct buf screen;
};

static void look(struct session *session)
{
	struct arena frame = {0};
	struct canvas *canvas = canvas_make(&frame, 80, 24, false);

	app_paint(session->app, canvas);
	buf_reset(&session->screen);
	canvas_text(canvas, &session->screen);
	arena_free(&frame);
}

static struct session *begin(const struct made_device *devices)
{
	static struct session session;
	const struct made_scene made = { "made", devices, "" };

	session = (struct session){0};
	session.scene = made_scene_of(&session.arena, &made);
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

	for (int stroke; (stroke = stroke_take(&names)) != STROKE_NONE;)
		effect = app_key(session->app, stroke);
	look(session);
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

/* The machine is read again, and is so. */
static unsigned renew(struct session *session,
		      const struct made_device *devices, const char *edits)
{
	const struct made_scene made = { "made", devices, edits };
	struct scene scene = *app_scene(session->app);
	struct scene read = made_scene_of(app_spare(session->app), &made);

	scene.system = read.system;
	scene.findings = read.findings;
	scene.names = read.names;
	unsigned count = app_renew(session->app, &scene, "14:03:07");
	look(session);
	return count;
}

/* The line of the screen that holds a text; "" where none does. */
static const char *line_with(struct session *session, const char *text)
{
	const char *screen = buf_str(&session->screen);
	const char *at = strstr(screen, text);

	if (!at)
		return "";
	while (at > screen && at[-1] != '\n')
		at--;
	return arena_copy(&session->arena, at, strcspn(at, "\n"));
}

#define SEES(session, text) \
	do { \
		if (!strstr(buf_str(&(session)->screen), text)) \
			fail_msg("\"%s\" is not on the screen:\n%s", text, \
				 buf_str(&(session)->screen)); \
	} while (0)

static void what_is_plugged_in_appears_and_is_marked_for_a_moment(void **state)
{
	struct session *session = begin(made_desktop);

	(void)state;
	press(session, "7 G");
	assert_true(renew(session, plugged, "") > 0);
	/* A sign, not colour alone. */
	assert_true(text_starts(line_with(session, "03:00.0"), "+"));
	assert_true(app_has_news(session->app));
	SEES(session, "appeared");
	app_settle(session->app);
	look(session);
	assert_true(text_starts(line_with(session, "03:00.0"), " "));
	assert_false(app_has_news(session->app));
	assert_null(strstr(buf_str(&session->screen), "appeared"));
	end(session);
}

static void the_cursor_stays_on_its_device(void **state)
{
	struct session *session = begin(made_desktop);

	(void)state;
	/* The last but one, so that what appears is between. */
	press(session, "7 G Enter");
	SEES(session, "02:00.0");
	press(session, "Esc");
	renew(session, plugged, "");
	press(session, "Enter");
	SEES(session, "02:00.0 ");
	end(session);
}

static void a_name_that_is_loaded_late_is_put_in(void **state)
{
	const struct made_scene made = { "made", plugged, "" };
	struct session *session = begin(made_desktop);
	struct scene scene = *app_scene(session->app);
	struct scene read = made_scene_of(app_spare(session->app), &made);

	(void)state;
	scene.system = read.system;
	scene.findings = read.findings;
	scene.names = NULL;
	app_renew(session->app, &scene, "14:03:07");
	look(session);
	SEES(session, "00:1c.0 8086:7a38: appeared");
	struct device_name *items = arena_array(&session->arena,
						read.system->device_count,
						sizeof *items);
	for (unsigned i = 0; i < read.system->device_count; i++)
		items[i] = (struct device_name){ "Maker", "Card", "" };
	const struct names names = { items, read.system->device_count };
	app_name(session->app, &names);
	look(session);
	SEES(session, "00:1c.0 Card: appeared");
	press(session, "C");
	SEES(session, "03:00.0 Card");
	end(session);
}

static void what_is_unplugged_is_said(void **state)
{
	struct session *session = begin(plugged);

	(void)state;
	press(session, "7");
	renew(session, made_desktop, "");
	SEES(session, "- ");
	SEES(session, "is gone");
	press(session, "Down");
	assert_null(strstr(buf_str(&session->screen), "is gone"));
	end(session);
}

/* Who reads why a key does nothing is not interrupted, and loses no news. */
static void a_message_stays_until_the_next_stroke(void **state)
{
	struct session *session = begin(plugged);

	(void)state;
	press(session, "7");
	app_say(session->app, MARK_WARN, "A device is stuck.");
	renew(session, made_desktop, "");
	SEES(session, "A device is stuck.");
	app_settle(session->app);
	app_key(session->app, STROKE_RESIZE);
	look(session);
	SEES(session, "A device is stuck.");
	press(session, "Down");
	SEES(session, "is gone");
	app_settle(session->app);
	look(session);
	SEES(session, "is gone");
	press(session, "Down");
	assert_null(strstr(buf_str(&session->screen), "is gone"));
	end(session);
}

static void another_driver_is_a_change(void **state)
{
	struct session *session = begin(made_desktop);

	(void)state;
	press(session, "7");
	renew(session, made_desktop, "dev 02:00.0 driver vfio-pci");
	assert_true(text_starts(line_with(session, "02:00.0"), "~"));
	SEES(session, "driver: nvme → vfio-pci");
	end(session);
}

static void nothing_new_is_no_news(void **state)
{
	struct session *session = begin(made_desktop);

	(void)state;
	assert_int_equal(renew(session, made_desktop, ""), 0);
	assert_false(app_has_news(session->app));
	press(session, "C");
	SEES(session, "Nothing has changed since");
	end(session);
}

static void the_log_keeps_what_changed_newest_first(void **state)
{
	struct session *session = begin(made_desktop);

	(void)state;
	renew(session, made_desktop, "dev 02:00.0 driver vfio-pci");
	renew(session, plugged, "dev 02:00.0 driver vfio-pci");
	press(session, "C");
	SEES(session, "14:03:07");
	const char *screen = buf_str(&session->screen);
	assert_true(strstr(screen, "appeared") < strstr(screen, "nvme"));
	/* Enter opens what it is about. */
	press(session, "G Enter");
	SEES(session, "02:00.0");
	SEES(session, "vfio-pci");
	end(session);
}

static void a_machine_that_never_rests_does_not_fill_memory(void **state)
{
	struct session *session = begin(made_desktop);

	(void)state;
	for (unsigned i = 0; i < 1200; i++) {
		struct made_scene made = { "made", made_desktop,
					   i % 2 ? "" : "dev 02:00.0 driver "
							"vfio-pci" };
		struct scene read = made_scene_of(app_spare(session->app),
						  &made);
		struct scene scene = *app_scene(session->app);
		scene.system = read.system;
		scene.findings = read.findings;
		app_renew(session->app, &scene, "14:03:07");
	}
	press(session, "C");
	SEES(session, "14:03:07");
	assert_true(app_scene(session->app)->changes != NULL);
	end(session);
}

static void another_reading_is_compared_by_name(void **state)
{
	struct session *session = begin(made_desktop);
	struct arena arena = {0};
	const struct made_scene made = { "made", made_desktop,
					 "dev 02:00.0 driver vfio-pci" };

	(void)state;
	press(session, ":");
	type(session, "diff");
	press(session, "Enter");
	SEES(session, ":diff FILE");
	press(session, ":");
	type(session, "diff yesterday.tar.zst");
	assert_int_equal(press(session, "Enter"), EFFECT_COMPARE);
	assert_string_equal(app_words(session->app), "yesterday.tar.zst");
	struct scene other = made_scene_of(&arena, &made);
	app_compare(session->app, &other);
	look(session);
	SEES(session, "differ");
	SEES(session, "vfio-pci");
	assert_true(strstr(line_with(session, "vfio-pci"), "nvme") != NULL);
	end(session);
	arena_free(&arena);
}

/* The first who wants to know what a restart does waits for the initramfs;
 * what was found stays, and is not looked for again. */
static void the_initramfs_is_looked_into_once(void **state)
{
	static const char ids[] = "modprobe options vfio-pci ids=10de:2684; "
				  "initramfs nvidia ";
	struct session *session = begin(made_desktop);

	(void)state;
	assert_int_equal(press(session, "2"), EFFECT_PAINT);
	assert_int_equal(press(session, "D"), EFFECT_LOOK_INSIDE);
	renew(session, made_desktop, ids);
	SEES(session, "Its ids are given to");
	assert_int_equal(press(session, "2"), EFFECT_PAINT);
	assert_int_equal(press(session, "D"), EFFECT_PAINT);
	renew(session, made_desktop, "initramfs ?");
	assert_int_equal(press(session, "2"), EFFECT_PAINT);
	assert_int_equal(press(session, "D"), EFFECT_PAINT);
	end(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_is_plugged_in_appears_and_is_marked_for_a_moment),
		cmocka_unit_test(the_cursor_stays_on_its_device),
		cmocka_unit_test(a_name_that_is_loaded_late_is_put_in),
		cmocka_unit_test(what_is_unplugged_is_said),
		cmocka_unit_test(a_message_stays_until_the_next_stroke),
		cmocka_unit_test(another_driver_is_a_change),
		cmocka_unit_test(nothing_new_is_no_news),
		cmocka_unit_test(the_log_keeps_what_changed_newest_first),
		cmocka_unit_test(
			a_machine_that_never_rests_does_not_fill_memory),
		cmocka_unit_test(another_reading_is_compared_by_name),
		cmocka_unit_test(the_initramfs_is_looked_into_once),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
