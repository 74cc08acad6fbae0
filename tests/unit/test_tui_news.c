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
#include "lib/stage.h"

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

static struct stage *begin_with(const struct made_device *devices)
{
	const struct made_scene made = { "made", devices, "" };
	struct stage *stage = stage_set(80, 24);

	stage->scene = made_scene_of(&stage->arena, &made);
	stage_open(stage);
	return stage;
}

/* The machine is read again, and is so. */
static unsigned renew(struct stage *stage,
		      const struct made_device *devices, const char *edits)
{
	const struct made_scene made = { "made", devices, edits };
	struct scene scene = *app_scene(stage->app);
	struct scene read = made_scene_of(app_spare(stage->app), &made);

	scene.system = read.system;
	scene.findings = read.findings;
	scene.names = read.names;
	unsigned count = app_renew(stage->app, &scene, "14:03:07");
	look(stage);
	return count;
}

/* The line of the screen that holds a text; "" where none does. */
static const char *line_with(struct stage *stage, const char *text)
{
	const char *screen = buf_str(&stage->screen);
	const char *at = strstr(screen, text);

	if (!at)
		return "";
	while (at > screen && at[-1] != '\n')
		at--;
	return arena_copy(&stage->arena, at, strcspn(at, "\n"));
}

static void what_is_plugged_in_appears_and_is_marked_for_a_moment(void **state)
{
	struct stage *stage = begin_with(made_desktop);

	(void)state;
	press(stage, "7 G");
	assert_true(renew(stage, plugged, "") > 0);
	/* A sign, not colour alone. */
	assert_true(text_starts(line_with(stage, "03:00.0"), "+"));
	assert_true(app_has_news(stage->app));
	SEES(stage, "appeared");
	app_settle(stage->app);
	look(stage);
	assert_true(text_starts(line_with(stage, "03:00.0"), " "));
	assert_false(app_has_news(stage->app));
	SEES_NOT(stage, "appeared");
	end(stage);
}

static void the_cursor_stays_on_its_device(void **state)
{
	struct stage *stage = begin_with(made_desktop);

	(void)state;
	/* The last but one, so that what appears is between. */
	press(stage, "7 G Enter");
	SEES(stage, "02:00.0");
	press(stage, "Esc");
	renew(stage, plugged, "");
	press(stage, "Enter");
	SEES(stage, "02:00.0 ");
	end(stage);
}

static void a_name_that_is_loaded_late_is_put_in(void **state)
{
	const struct made_scene made = { "made", plugged, "" };
	struct stage *stage = begin_with(made_desktop);
	struct scene scene = *app_scene(stage->app);
	struct scene read = made_scene_of(app_spare(stage->app), &made);

	(void)state;
	scene.system = read.system;
	scene.findings = read.findings;
	scene.names = NULL;
	app_renew(stage->app, &scene, "14:03:07");
	look(stage);
	SEES(stage, "00:1c.0 8086:7a38: appeared");
	struct device_name *items = arena_array(&stage->arena,
						read.system->device_count,
						sizeof *items);
	for (unsigned i = 0; i < read.system->device_count; i++)
		items[i] = (struct device_name){ "Maker", "Card", "" };
	const struct names names = { items, read.system->device_count };
	app_name(stage->app, &names);
	look(stage);
	SEES(stage, "00:1c.0 Card: appeared");
	press(stage, "C");
	SEES(stage, "03:00.0 Card");
	end(stage);
}

static void what_is_unplugged_is_said(void **state)
{
	struct stage *stage = begin_with(plugged);

	(void)state;
	press(stage, "7");
	renew(stage, made_desktop, "");
	SEES(stage, "- ");
	SEES(stage, "is gone");
	press(stage, "Down");
	SEES_NOT(stage, "is gone");
	end(stage);
}

/* Who reads why a key does nothing is not interrupted, and loses no news. */
static void a_message_stays_until_the_next_stroke(void **state)
{
	struct stage *stage = begin_with(plugged);

	(void)state;
	press(stage, "7");
	app_say(stage->app, MARK_WARN, "A device is stuck.");
	renew(stage, made_desktop, "");
	SEES(stage, "A device is stuck.");
	app_settle(stage->app);
	app_key(stage->app, STROKE_RESIZE);
	look(stage);
	SEES(stage, "A device is stuck.");
	press(stage, "Down");
	SEES(stage, "is gone");
	app_settle(stage->app);
	look(stage);
	SEES(stage, "is gone");
	press(stage, "Down");
	SEES_NOT(stage, "is gone");
	end(stage);
}

static void another_driver_is_a_change(void **state)
{
	struct stage *stage = begin_with(made_desktop);

	(void)state;
	press(stage, "7");
	renew(stage, made_desktop, "dev 02:00.0 driver vfio-pci");
	assert_true(text_starts(line_with(stage, "02:00.0"), "~"));
	SEES(stage, "driver: nvme → vfio-pci");
	end(stage);
}

static void nothing_new_is_no_news(void **state)
{
	struct stage *stage = begin_with(made_desktop);

	(void)state;
	assert_int_equal(renew(stage, made_desktop, ""), 0);
	assert_false(app_has_news(stage->app));
	press(stage, "C");
	SEES(stage, "Nothing has changed since");
	end(stage);
}

static void the_log_keeps_what_changed_newest_first(void **state)
{
	struct stage *stage = begin_with(made_desktop);

	(void)state;
	renew(stage, made_desktop, "dev 02:00.0 driver vfio-pci");
	renew(stage, plugged, "dev 02:00.0 driver vfio-pci");
	press(stage, "C");
	SEES(stage, "14:03:07");
	const char *screen = buf_str(&stage->screen);
	assert_true(strstr(screen, "appeared") < strstr(screen, "nvme"));
	/* Enter opens what it is about. */
	press(stage, "G Enter");
	SEES(stage, "02:00.0");
	SEES(stage, "vfio-pci");
	end(stage);
}

static void a_machine_that_never_rests_does_not_fill_memory(void **state)
{
	struct stage *stage = begin_with(made_desktop);

	(void)state;
	for (unsigned i = 0; i < 1200; i++) {
		struct made_scene made = { "made", made_desktop,
					   i % 2 ? "" : "dev 02:00.0 driver "
							"vfio-pci" };
		struct scene read = made_scene_of(app_spare(stage->app),
						  &made);
		struct scene scene = *app_scene(stage->app);
		scene.system = read.system;
		scene.findings = read.findings;
		app_renew(stage->app, &scene, "14:03:07");
	}
	press(stage, "C");
	SEES(stage, "14:03:07");
	assert_true(app_scene(stage->app)->changes != NULL);
	end(stage);
}

static void another_reading_is_compared_by_name(void **state)
{
	struct stage *stage = begin_with(made_desktop);
	struct arena arena = {0};
	const struct made_scene made = { "made", made_desktop,
					 "dev 02:00.0 driver vfio-pci" };

	(void)state;
	command(stage, "diff");
	SEES(stage, ":diff FILE");
	assert_int_equal(command(stage, "diff yesterday.tar.zst"),
			 EFFECT_COMPARE);
	assert_string_equal(app_words(stage->app), "yesterday.tar.zst");
	struct scene other = made_scene_of(&arena, &made);
	app_compare(stage->app, &other);
	look(stage);
	SEES(stage, "differ");
	SEES(stage, "vfio-pci");
	assert_true(strstr(line_with(stage, "vfio-pci"), "nvme") != NULL);
	end(stage);
	arena_free(&arena);
}

/* The first who wants to know what a restart does waits for the initramfs;
 * what was found stays, and is not looked for again. */
static void the_initramfs_is_looked_into_once(void **state)
{
	static const char ids[] = "modprobe options vfio-pci ids=10de:2684; "
				  "initramfs nvidia ";
	struct stage *stage = begin_with(made_desktop);

	(void)state;
	assert_int_equal(press(stage, "2"), EFFECT_PAINT);
	assert_int_equal(press(stage, "D"), EFFECT_LOOK_INSIDE);
	renew(stage, made_desktop, ids);
	SEES(stage, "Its ids are given to");
	assert_int_equal(press(stage, "2"), EFFECT_PAINT);
	assert_int_equal(press(stage, "D"), EFFECT_PAINT);
	renew(stage, made_desktop, "initramfs ?");
	assert_int_equal(press(stage, "2"), EFFECT_PAINT);
	assert_int_equal(press(stage, "D"), EFFECT_PAINT);
	end(stage);
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
