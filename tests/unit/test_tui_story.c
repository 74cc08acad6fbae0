// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole sessions without a terminal: strokes in, what is seen and asked for
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
#include "lib/stage.h"
#include "model/topo.h"

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

static void a_command_is_completed_and_given(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, ":");
	type(stage, "gr");
	SEES(stage, ":gr");
	SEES(stage, "groups");
	press(stage, "Tab Enter");
	SEES(stage, "Group");
	ON(stage, "00:00.0");
	command(stage, "01:00.0");
	SEES(stage, "NVIDIA AD102");
	press(stage, "Esc :");
	type(stage, "group:13");
	press(stage, "Enter");
	SEES(stage, "Group 13");
	command(stage, "passthrough");
	SEES(stage, "There is no command, device or group \"passthrough\"");
	command(stage, "iommus");
	SEES(stage, "dmar0");
	end(stage);
}

static void a_word_is_explained_and_completed(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, ":");
	type(stage, "explain interrupt-r");
	SEES(stage, "interrupt-remapping");
	press(stage, "Tab Enter");
	SEES(stage, "What is interrupt remapping");
	SEES(stage, "Here: interrupts are remapped.");
	press(stage, "Esc :");
	type(stage, "explain vfio-not-built");
	press(stage, "Enter");
	SEES(stage, "passes when");
	press(stage, "Esc :");
	type(stage, "explain group:13");
	press(stage, "Enter");
	SEES(stage, "Group 13");
	press(stage, "G");
	SEES(stage, "What is well");
	press(stage, "Esc :");
	type(stage, "explain nonsense");
	press(stage, "Enter");
	SEES(stage, "There is no command, device or group");
	end(stage);
}

static void help_leads_to_the_topics(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "? G");
	SEES(stage, "myths");
	press(stage, "Enter");
	SEES(stage, "What is said, and is not so");
	press(stage, "Esc");
	SEES(stage, "myths");
	end(stage);
}

static void the_chain_leads_to_its_views(void **state)
{
	struct stage *stage = begin("off");

	(void)state;
	press(stage, "Down Down Enter");
	SEES(stage, "IOMMUs");
	press(stage, "1 Down Enter");
	SEES(stage, "Kernel configuration");
	end(stage);
}

static void a_rule_is_opened_from_the_list_of_rules(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, ":");
	type(stage, "rules");
	press(stage, "Enter Down Enter");
	SEES(stage, "wsl-no-iommu  blocker, about the machine");
	SEES(stage, "Nothing: what it asks about is not here.");
	press(stage, "b");
	SEES(stage, "Go to a device or a group first");
	end(stage);
}

static void pages_open_over_one_another_and_close(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "4 Enter");
	SEES(stage, "NVIDIA AD102");
	/* From link to link: the group of the device. */
	press(stage, "Down Enter");
	SEES(stage, "Group 13");
	press(stage, "Esc");
	SEES(stage, "NVIDIA AD102");
	press(stage, "Esc");
	SEES(stage, "Verdict");
	assert_int_equal(press(stage, "Esc"), EFFECT_NONE);
	end(stage);
}

static void a_finding_is_opened_from_the_summary(void **state)
{
	struct stage *stage = begin("off");

	(void)state;
	press(stage, "Down Enter");
	SEES(stage, "intel-iommu-default-off");
	SEES(stage, "What shows it");
	press(stage, "Esc 2 e");
	SEES(stage, "What shows it");
	end(stage);
}

static void a_remedy_is_copied(void **state)
{
	struct stage *stage = begin("off");

	(void)state;
	assert_int_equal(press(stage, "y"), EFFECT_COPY);
	assert_true(text_starts(app_words(stage->app), "update-grub\n"));
	press(stage, "2");
	assert_int_equal(press(stage, "y"), EFFECT_COPY);
	assert_string_equal(app_words(stage->app), "0000:00:00.0");
	end(stage);
}

static void a_plan_is_copied_as_shell(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "4 b");
	assert_int_equal(press(stage, "c"), EFFECT_COPY);
	assert_non_null(strstr(app_words(stage->app),
			       "echo vfio-pci > /sys/bus/pci/devices/"
			       "0000:01:00.0/driver_override\n"));
	end(stage);
}

static void a_capture_goes_where_it_is_told(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "c");
	SEES(stage, "capture to: made.vfiotop.tar.zst");
	app_key(stage->app, 21);
	type(stage, "/tmp/x");
	assert_int_equal(press(stage, "Enter"), EFFECT_CAPTURE);
	assert_string_equal(app_words(stage->app), "/tmp/x");
	press(stage, "c");
	assert_int_equal(press(stage, "Esc"), EFFECT_PAINT);
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

static void an_export_is_a_page_to_copy_and_to_write(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "7 / 0 1 : 0 0 . 0 Enter E");
	SEES(stage, "export:");
	SEES(stage, "libvirt");
	type(stage, "q");
	press(stage, "Tab");
	SEES(stage, "export: qemu");
	press(stage, "Enter");
	SEES(stage, "host=0000:01:00.0,");
	SEES(stage, "# Options of QEMU");
	assert_int_equal(press(stage, "y"), EFFECT_COPY);
	assert_non_null(strstr(app_words(stage->app), "multifunction=on"));
	/* Another one is of the same devices; this one is written. */
	press(stage, ":");
	type(stage, "export dr");
	press(stage, "Tab Enter");
	SEES(stage, "driverctl set-override 0000:01:00.1 vfio-pci");
	assert_int_equal(command(stage, "export driverctl vm.sh"), EFFECT_WRITE);
	assert_string_equal(app_words(stage->app), "vm.sh");
	assert_true(text_starts(app_handout(stage->app), "# Takes effect"));
	end(stage);
}

static void what_cannot_be_exported_says_why(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "7 / 0 0 : 0 1 . 0 Enter E");
	type(stage, "qemu");
	press(stage, "Enter");
	SEES(stage, "is a bridge");
	press(stage, "E");
	type(stage, "horses");
	press(stage, "Enter");
	SEES(stage, "One of: qemu");
	end(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_screen_holds_answer_proof_and_remedy),
		cmocka_unit_test(every_screen_says_how_the_machine_stands),
		cmocka_unit_test(a_gpu_is_bound_and_brought_back),
		cmocka_unit_test(a_plan_that_is_left_writes_nothing),
		cmocka_unit_test(an_open_gate_wants_a_word),
		cmocka_unit_test(every_member_is_confirmed_by_name),
		cmocka_unit_test(what_is_refused_cannot_be_confirmed),
		cmocka_unit_test(without_groups_a_bind_says_why_not),
		cmocka_unit_test(views_keep_the_subject_under_the_cursor),
		cmocka_unit_test(tab_goes_around),
		cmocka_unit_test(a_filter_shows_its_effect_while_typed),
		cmocka_unit_test(a_search_goes_on_and_back),
		cmocka_unit_test(marks_are_seen_in_every_view_and_bound_together),
		cmocka_unit_test(a_command_is_completed_and_given),
		cmocka_unit_test(a_word_is_explained_and_completed),
		cmocka_unit_test(help_leads_to_the_topics),
		cmocka_unit_test(the_chain_leads_to_its_views),
		cmocka_unit_test(a_rule_is_opened_from_the_list_of_rules),
		cmocka_unit_test(pages_open_over_one_another_and_close),
		cmocka_unit_test(a_finding_is_opened_from_the_summary),
		cmocka_unit_test(a_remedy_is_copied),
		cmocka_unit_test(a_plan_is_copied_as_shell),
		cmocka_unit_test(a_capture_goes_where_it_is_told),
		cmocka_unit_test(quit_and_read_are_asked_for),
		cmocka_unit_test(a_screen_too_small_says_so_and_comes_back),
		cmocka_unit_test(names_that_come_late_change_no_place),
		cmocka_unit_test(what_is_gone_after_a_reading_is_said_to_be_gone),
		cmocka_unit_test(the_mouse_chooses_opens_and_scrolls),
		cmocka_unit_test(folding_hides_and_shows_a_branch),
		cmocka_unit_test(sorting_is_told_and_turned),
		cmocka_unit_test(a_key_without_a_meaning_says_so),
		cmocka_unit_test(an_export_is_a_page_to_copy_and_to_write),
		cmocka_unit_test(what_cannot_be_exported_says_why),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
