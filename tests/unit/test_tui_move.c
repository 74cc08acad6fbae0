// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Moving about in the explorer: views and their subject, filters, searches,
 * marks, the mouse, folding and sorting; strokes in, what is seen out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>

#include "lib/stage.h"

static void views_keep_the_subject_under_the_cursor(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "2 / R T X Enter");
	ON(stage, "01:00.0");
	for (const char *view = "3457"; *view; view++) {
		char key[2] = { *view, '\0' };
		press(stage, key);
		ON(stage, "01:00.0");
	}
	end(stage);
}

static void tab_goes_around(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "Tab");
	SEES(stage, "Address");
	press(stage, "BackTab BackTab");
	SEES(stage, "Finding");
	press(stage, "Tab");
	SEES(stage, "Devices can be passed through");
	end(stage);
}

static void a_filter_shows_its_effect_while_typed(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "2 f");
	type(stage, "nvme");
	SEES(stage, "02:00.0");
	SEES_NOT(stage, "01:00.0");
	press(stage, "Enter");
	SEES(stage, "filter: nvme");
	press(stage, "Esc");
	SEES(stage, "01:00.0");
	press(stage, "f");
	type(stage, "no such thing");
	SEES(stage, "Nothing holds \"no such thing\"");
	press(stage, "Esc");
	SEES(stage, "01:00.0");
	end(stage);
}

static void a_search_goes_on_and_back(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "2 / R a p t o r Enter");
	ON(stage, "00:01.0");
	press(stage, "n");
	ON(stage, "00:14.0");
	press(stage, "N");
	ON(stage, "00:01.0");
	press(stage, "/");
	type(stage, "matrox");
	press(stage, "Enter");
	SEES(stage, "Nothing here holds \"matrox\".");
	end(stage);
}

static void marks_are_seen_in_every_view_and_bound_together(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "2 / X H C I Enter Space / R T X Enter Space");
	SEES(stage, "2 marked");
	press(stage, "7");
	SEES(stage, "*00:14.0");
	SEES(stage, "*01:00.0");
	press(stage, "b");
	SEES(stage, "xhci_hcd → vfio-pci");
	SEES(stage, "nvidia → vfio-pci");
	press(stage, "Esc Esc");
	SEES_NOT(stage, "marked");
	end(stage);
}

static void a_screen_too_small_says_so_and_comes_back(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	stage->columns = 39;
	press(stage, "2");
	look(stage);
	SEES(stage, "vfiotop needs 40x12");
	assert_int_equal(press(stage, "b"), EFFECT_NONE);
	assert_int_equal(press(stage, "q"), EFFECT_QUIT);
	stage->columns = 132;
	stage->rows = 43;
	look(stage);
	SEES(stage, "Address");
	end(stage);
}

static void names_that_come_late_change_no_place(void **state)
{
	struct stage *stage = begin("desktop");
	const struct names *names = stage->scene.names;
	struct scene nameless = stage->scene;

	(void)state;
	nameless.names = NULL;
	app_show(stage->app, &nameless);
	press(stage, "2 Down Down");
	SEES(stage, "10de:2684");
	ON(stage, "01:00.0");
	app_name(stage->app, names);
	look(stage);
	SEES(stage, "GeForce RTX 4090");
	ON(stage, "01:00.0");
	end(stage);
}

static void what_is_gone_after_a_reading_is_said_to_be_gone(void **state)
{
	struct stage *stage = begin("desktop");
	struct scene other = made_scene(&stage->arena, "shared");

	(void)state;
	press(stage, "2 / U H D Enter Enter");
	SEES(stage, "UHD Graphics 770");
	app_show(stage->app, &other);
	look(stage);
	SEES(stage, "0000:00:02.0 is no longer there.");
	press(stage, "Esc");
	SEES(stage, "Address");
	end(stage);
}

static void the_mouse_chooses_opens_and_scrolls(void **state)
{
	struct stage *stage = begin("desktop");
	struct mouse mouse = { MOUSE_CLICK, 0, 1 };

	(void)state;
	/* The tab of the tree, then the third row, then its page. */
	mouse.x = 12;
	app_mouse(stage->app, mouse);
	look(stage);
	SEES(stage, "Address");
	mouse.y = 6;
	app_mouse(stage->app, mouse);
	ON(stage, "01:00.0");
	mouse.act = MOUSE_DOUBLE;
	app_mouse(stage->app, mouse);
	look(stage);
	SEES(stage, "NVIDIA AD102");
	press(stage, "Esc");
	mouse.act = MOUSE_WHEEL_DOWN;
	app_mouse(stage->app, mouse);
	ON(stage, "00:14.0");
	/* A heading sorts by its column. */
	mouse = (struct mouse){ MOUSE_CLICK, 2, 3 };
	app_mouse(stage->app, mouse);
	app_mouse(stage->app, mouse);
	look(stage);
	SEES(stage, "Address▼");
	end(stage);
}

static void folding_hides_and_shows_a_branch(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "2 / R T X Enter Left");
	ON(stage, "00:01.0");
	press(stage, "Left");
	SEES_NOT(stage, "01:00.1");
	SEES(stage, "▸");
	press(stage, "Right");
	SEES(stage, "01:00.1");
	press(stage, "z");
	SEES_NOT(stage, "01:00.1");
	end(stage);
}

static void sorting_is_told_and_turned(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "7 s s s s s");
	SEES(stage, "Sorted by: Name.");
	press(stage, "S");
	SEES(stage, "Name▼");
	end(stage);
}

static void a_key_without_a_meaning_says_so(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "Z");
	SEES(stage, "Z does nothing here; ? lists the keys.");
	press(stage, "Down");
	SEES_NOT(stage, "does nothing");
	end(stage);
}

/* Its end says what to do. */
static void a_long_message_is_shown_whole(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	app_say(stage->app, MARK_BAD, "%s", "The file /home/somebody/a/rather/"
		"long/name/of/a/file.vfiotop.tar.zst cannot be written to: No "
		"space is left on the device. Make room, or give another "
		"name.");
	look(stage);
	SEES(stage, "\n ✗ The file /home");
	SEES(stage, "\n   ");
	SEES(stage, "name.\n");
	press(stage, "Down");
	SEES_NOT(stage, "name.");
	SEES(stage, "q quit");
	end(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_keep_the_subject_under_the_cursor),
		cmocka_unit_test(tab_goes_around),
		cmocka_unit_test(a_filter_shows_its_effect_while_typed),
		cmocka_unit_test(a_search_goes_on_and_back),
		cmocka_unit_test(
			marks_are_seen_in_every_view_and_bound_together),
		cmocka_unit_test(a_screen_too_small_says_so_and_comes_back),
		cmocka_unit_test(names_that_come_late_change_no_place),
		cmocka_unit_test(
			what_is_gone_after_a_reading_is_said_to_be_gone),
		cmocka_unit_test(the_mouse_chooses_opens_and_scrolls),
		cmocka_unit_test(folding_hides_and_shows_a_branch),
		cmocka_unit_test(sorting_is_told_and_turned),
		cmocka_unit_test(a_key_without_a_meaning_says_so),
		cmocka_unit_test(a_long_message_is_shown_whole),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
