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
#include "lib/scenes.h"
#include "model/topo.h"
#include "tui/app.h"

/* A session: the app, and what it was given. */
struct session {
	struct arena arena;
	struct scene scene;
	struct app *app;
	struct buf screen;
	unsigned columns, rows;
};

static void look(struct session *session)
{
	struct arena frame = {0};
	struct canvas *canvas = canvas_make(&frame, session->columns,
					    session->rows, false);

	app_paint(session->app, canvas);
	buf_reset(&session->screen);
	canvas_text(canvas, &session->screen);
	arena_free(&frame);
}

static struct session *begin(const char *machine)
{
	static struct session session;

	session = (struct session){ .columns = 80, .rows = 24 };
	session.scene = made_scene(&session.arena, machine);
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

/* Press strokes named as in commands.def; returns the last effect. */
static enum effect press(struct session *session, const char *names)
{
	enum effect effect = EFFECT_NONE;

	for (int stroke; (stroke = stroke_take(&names)) != STROKE_NONE;) {
		effect = app_key(session->app, stroke);
		look(session);
	}
	return effect;
}

/* Type a text, letter by letter. */
static enum effect type(struct session *session, const char *text)
{
	enum effect effect = EFFECT_NONE;

	for (uint32_t c; (c = text_take(&text)) != 0;)
		effect = app_key(session->app, (int)c);
	look(session);
	return effect;
}

static bool sees(const struct session *session, const char *text)
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
static const char *under_cursor(struct session *session)
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

static const char *driver_of(const struct session *session,
			     const char *address)
{
	const struct system *system = app_scene(session->app)->system;
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	return system->devices[system_device(system, bdf)].driver.value;
}

/* Let a plan that was confirmed run to its end. */
static void carry_out(struct session *session)
{
	app_begin(session->app, false);
	look(session);	/* before anything has answered */
	for (int i = 0; i < 100 && app_is_acting(session->app); i++)
		app_tick(session->app);
	assert_false(app_is_acting(session->app));
	look(session);
}

static void the_first_screen_holds_answer_proof_and_remedy(void **state)
{
	struct session *session = begin("off");

	(void)state;
	SEES(session, "No device can be passed through.");
	SEES(session, "no intel_iommu=on in /proc/cmdline");
	SEES(session, "/sys/kernel/iommu_groups is empty");
	SEES(session, "update-grub");
	SEES(session, "✗ IOMMU off");
	end(session);
}

static void every_screen_says_how_the_machine_stands(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	for (char key[2] = "1"; *key <= '8'; ++*key) {
		press(session, key);
		SEES(session, "✓ IOMMU on");
		SEES(session, "✓ IR");
		SEES(session, "8 groups");
		SEES(session, "✓ vfio");
	}
	session->columns = 40;
	session->rows = 12;
	press(session, "2");
	SEES(session, "✓IOMMU ✓IR 8gr ✓vfio ✗");
	end(session);
}

static void a_gpu_is_bound_and_brought_back(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "4 b");
	SEES(session, "Bind group 13 to vfio-pci");
	SEES(session, "nvidia → vfio-pci");
	SEES(session, "01:00.1");
	assert_string_equal(driver_of(session, "01:00.0"), "nvidia");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	SEES(session, "done and verified");
	assert_string_equal(driver_of(session, "01:00.0"), "vfio-pci");
	assert_string_equal(driver_of(session, "01:00.1"), "vfio-pci");
	press(session, "Esc");
	ON(session, "01:00.0");
	SEES(session, "vfio-pci");
	press(session, "r");
	SEES(session, "vfio-pci → ");
	assert_int_equal(press(session, "y"), EFFECT_ACT);
	carry_out(session);
	assert_string_equal(driver_of(session, "01:00.0"), "nvidia");
	press(session, "Enter");
	ON(session, "01:00.0");
	end(session);
}

static void a_plan_that_is_left_writes_nothing(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "4 b");
	assert_int_equal(press(session, "Esc"), EFFECT_PAINT);
	SEES_NOT(session, "Bind group");
	assert_string_equal(driver_of(session, "01:00.0"), "nvidia");
	press(session, "b");
	SEES(session, "Bind group");
	assert_int_equal(press(session, "n"), EFFECT_PAINT);
	SEES_NOT(session, "Bind group");
	end(session);
}

/* The audio function alone is named; its GPU goes along, which is a soft
 * gate where it is told to be typed. */
static void an_open_gate_wants_a_word(void **state)
{
	struct session *session = begin("user");

	(void)state;
	press(session, "2 / 0 1 : 0 0 . 1 Enter b");
	SEES(session, "asks for the word 01:00.1");
	assert_int_equal(press(session, "y"), EFFECT_PAINT);
	SEES(session, "type 01:00.1 to go on");
	type(session, "yes");
	assert_int_equal(press(session, "Enter"), EFFECT_PAINT);
	SEES(session, "That was not 01:00.1; nothing was done.");
	assert_int_equal(press(session, "y"), EFFECT_PAINT);
	type(session, "01:00.1");
	assert_int_equal(press(session, "Enter"), EFFECT_ACT);
	end(session);
}

/* Two strangers are in the group: each is to be named. */
static void every_member_is_confirmed_by_name(void **state)
{
	struct session *session = begin("shared");
	struct usage *usage = &((struct system *)(uintptr_t)
				session->scene.system)->usage;

	(void)state;
	usage->storage_count = usage->holder_count = 0;
	((struct system *)(uintptr_t)session->scene.system)->connector_count =
		0;
	press(session, "2 / 0 2 : 0 0 Enter b");
	SEES(session, "asks for the word 02:00.0");
	press(session, "y");
	type(session, "02:00.0");
	assert_int_equal(press(session, "Enter"), EFFECT_PAINT);
	SEES(session, "type 01:00.0 to go on");
	type(session, "01:00.0");
	assert_int_equal(press(session, "Enter"), EFFECT_PAINT);
	SEES(session, "type 01:00.1 to go on");
	type(session, "01:00.0");
	assert_int_equal(press(session, "Enter"), EFFECT_PAINT);
	SEES(session, "That was not 01:00.1; nothing was done.");
	/* From the beginning, then. */
	press(session, "y");
	SEES(session, "type 02:00.0 to go on");
	type(session, "02:00.0");
	press(session, "Enter");
	type(session, "01:00.0");
	press(session, "Enter");
	type(session, "01:00.1");
	assert_int_equal(press(session, "Enter"), EFFECT_ACT);
	end(session);
}

static void what_is_refused_cannot_be_confirmed(void **state)
{
	struct session *session = begin("shared");

	(void)state;
	press(session, "2 / 0 2 : 0 0 Enter");
	ON(session, "02:00.0");
	press(session, "b");
	SEES(session, "This is refused; nothing can be confirmed.");
	SEES(session, "/home");
	assert_int_equal(press(session, "y"), EFFECT_PAINT);
	SEES(session, "There is nothing to confirm");
	SEES_NOT(session, "type 02:00.0");
	assert_string_equal(driver_of(session, "02:00.0"), "nvme");
	end(session);
}

static void without_groups_a_bind_says_why_not(void **state)
{
	struct session *session = begin("off");

	(void)state;
	press(session, "2 b");
	SEES(session, "There are no IOMMU groups; the summary (1) says why.");
	session->columns = 132;
	session->rows = 43;
	press(session, "?");
	SEES(session, "Moving");
	SEES(session, "Not now: There are no IOMMU groups");
	end(session);
}

static void views_keep_the_subject_under_the_cursor(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "2 / R T X Enter");
	ON(session, "01:00.0");
	for (const char *view = "3457"; *view; view++) {
		char key[2] = { *view, '\0' };
		press(session, key);
		ON(session, "01:00.0");
	}
	end(session);
}

static void tab_goes_around(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "Tab");
	SEES(session, "Address");
	press(session, "BackTab BackTab");
	SEES(session, "Finding");
	press(session, "Tab");
	SEES(session, "Devices can be passed through");
	end(session);
}

static void a_filter_shows_its_effect_while_typed(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "2 f");
	type(session, "nvme");
	SEES(session, "02:00.0");
	SEES_NOT(session, "01:00.0");
	press(session, "Enter");
	SEES(session, "filter: nvme");
	press(session, "Esc");
	SEES(session, "01:00.0");
	press(session, "f");
	type(session, "no such thing");
	SEES(session, "Nothing holds \"no such thing\"");
	press(session, "Esc");
	SEES(session, "01:00.0");
	end(session);
}

static void a_search_goes_on_and_back(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "2 / R a p t o r Enter");
	ON(session, "00:01.0");
	press(session, "n");
	ON(session, "00:14.0");
	press(session, "N");
	ON(session, "00:01.0");
	press(session, "/");
	type(session, "matrox");
	press(session, "Enter");
	SEES(session, "Nothing here holds \"matrox\".");
	end(session);
}

static void marks_are_seen_in_every_view_and_bound_together(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "2 / X H C I Enter Space / R T X Enter Space");
	SEES(session, "2 marked");
	press(session, "7");
	SEES(session, "*00:14.0");
	SEES(session, "*01:00.0");
	press(session, "b");
	SEES(session, "xhci_hcd → vfio-pci");
	SEES(session, "nvidia → vfio-pci");
	press(session, "Esc Esc");
	SEES_NOT(session, "marked");
	end(session);
}

static void a_command_is_completed_and_given(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, ":");
	type(session, "gr");
	SEES(session, ":gr");
	SEES(session, "groups");
	press(session, "Tab Enter");
	SEES(session, "Group");
	ON(session, "00:00.0");
	press(session, ":");
	type(session, "01:00.0");
	press(session, "Enter");
	SEES(session, "NVIDIA AD102");
	press(session, "Esc :");
	type(session, "group:13");
	press(session, "Enter");
	SEES(session, "Group 13");
	press(session, ":");
	type(session, "passthrough");
	press(session, "Enter");
	SEES(session, "There is no command, device or group \"passthrough\"");
	press(session, ":");
	type(session, "iommus");
	press(session, "Enter");
	SEES(session, "dmar0");
	end(session);
}

static void a_word_is_explained_and_completed(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, ":");
	type(session, "explain interrupt-r");
	SEES(session, "interrupt-remapping");
	press(session, "Tab Enter");
	SEES(session, "What is interrupt remapping");
	SEES(session, "Here: interrupts are remapped.");
	press(session, "Esc :");
	type(session, "explain vfio-not-built");
	press(session, "Enter");
	SEES(session, "passes when");
	press(session, "Esc :");
	type(session, "explain group:13");
	press(session, "Enter");
	SEES(session, "Group 13");
	press(session, "G");
	SEES(session, "What is well");
	press(session, "Esc :");
	type(session, "explain nonsense");
	press(session, "Enter");
	SEES(session, "There is no command, device or group");
	end(session);
}

static void help_leads_to_the_topics(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "? G");
	SEES(session, "myths");
	press(session, "Enter");
	SEES(session, "What is said, and is not so");
	press(session, "Esc");
	SEES(session, "myths");
	end(session);
}

static void the_chain_leads_to_its_views(void **state)
{
	struct session *session = begin("off");

	(void)state;
	press(session, "Down Down Enter");
	SEES(session, "IOMMUs");
	press(session, "1 Down Enter");
	SEES(session, "Kernel configuration");
	end(session);
}

static void a_rule_is_opened_from_the_list_of_rules(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, ":");
	type(session, "rules");
	press(session, "Enter Down Enter");
	SEES(session, "wsl-no-iommu  blocker, about the machine");
	SEES(session, "Nothing: what it asks about is not here.");
	press(session, "b");
	SEES(session, "Go to a device or a group first");
	end(session);
}

static void pages_open_over_one_another_and_close(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "4 Enter");
	SEES(session, "NVIDIA AD102");
	/* From link to link: the group of the device. */
	press(session, "Down Enter");
	SEES(session, "Group 13");
	press(session, "Esc");
	SEES(session, "NVIDIA AD102");
	press(session, "Esc");
	SEES(session, "Verdict");
	assert_int_equal(press(session, "Esc"), EFFECT_NONE);
	end(session);
}

static void a_finding_is_opened_from_the_summary(void **state)
{
	struct session *session = begin("off");

	(void)state;
	press(session, "Down Enter");
	SEES(session, "intel-iommu-default-off");
	SEES(session, "What shows it");
	press(session, "Esc 2 e");
	SEES(session, "What shows it");
	end(session);
}

static void a_remedy_is_copied(void **state)
{
	struct session *session = begin("off");

	(void)state;
	assert_int_equal(press(session, "y"), EFFECT_COPY);
	assert_true(text_starts(app_words(session->app), "update-grub\n"));
	press(session, "2");
	assert_int_equal(press(session, "y"), EFFECT_COPY);
	assert_string_equal(app_words(session->app), "0000:00:00.0");
	end(session);
}

static void a_plan_is_copied_as_shell(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "4 b");
	assert_int_equal(press(session, "c"), EFFECT_COPY);
	assert_non_null(strstr(app_words(session->app),
			       "echo vfio-pci > /sys/bus/pci/devices/"
			       "0000:01:00.0/driver_override\n"));
	end(session);
}

static void a_capture_goes_where_it_is_told(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "c");
	SEES(session, "capture to: made.vfiotop.tar.zst");
	app_key(session->app, 21);
	type(session, "/tmp/x");
	assert_int_equal(press(session, "Enter"), EFFECT_CAPTURE);
	assert_string_equal(app_words(session->app), "/tmp/x");
	press(session, "c");
	assert_int_equal(press(session, "Esc"), EFFECT_PAINT);
	end(session);
}

static void quit_and_read_are_asked_for(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	assert_int_equal(press(session, "q"), EFFECT_QUIT);
	assert_int_equal(press(session, "R"), EFFECT_READ);
	assert_int_equal(press(session, "w"), EFFECT_PAINT);
	end(session);
}

static void a_screen_too_small_says_so_and_comes_back(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	session->columns = 39;
	press(session, "2");
	look(session);
	SEES(session, "vfiotop needs 40x12");
	assert_int_equal(press(session, "b"), EFFECT_NONE);
	assert_int_equal(press(session, "q"), EFFECT_QUIT);
	session->columns = 132;
	session->rows = 43;
	look(session);
	SEES(session, "Address");
	end(session);
}

static void names_that_come_late_change_no_place(void **state)
{
	struct session *session = begin("desktop");
	const struct names *names = session->scene.names;
	struct scene nameless = session->scene;

	(void)state;
	nameless.names = NULL;
	app_show(session->app, &nameless);
	press(session, "2 Down Down");
	SEES(session, "10de:2684");
	ON(session, "01:00.0");
	app_name(session->app, names);
	look(session);
	SEES(session, "GeForce RTX 4090");
	ON(session, "01:00.0");
	end(session);
}

static void what_is_gone_after_a_reading_is_said_to_be_gone(void **state)
{
	struct session *session = begin("desktop");
	struct scene other = made_scene(&session->arena, "shared");

	(void)state;
	press(session, "2 / U H D Enter Enter");
	SEES(session, "UHD Graphics 770");
	app_show(session->app, &other);
	look(session);
	SEES(session, "0000:00:02.0 is no longer there.");
	press(session, "Esc");
	SEES(session, "Address");
	end(session);
}

static void the_mouse_chooses_opens_and_scrolls(void **state)
{
	struct session *session = begin("desktop");
	struct mouse mouse = { MOUSE_CLICK, 0, 1 };

	(void)state;
	/* The tab of the tree, then the third row, then its page. */
	mouse.x = 12;
	app_mouse(session->app, mouse);
	look(session);
	SEES(session, "Address");
	mouse.y = 6;
	app_mouse(session->app, mouse);
	ON(session, "01:00.0");
	mouse.act = MOUSE_DOUBLE;
	app_mouse(session->app, mouse);
	look(session);
	SEES(session, "NVIDIA AD102");
	press(session, "Esc");
	mouse.act = MOUSE_WHEEL_DOWN;
	app_mouse(session->app, mouse);
	ON(session, "00:14.0");
	/* A heading sorts by its column. */
	mouse = (struct mouse){ MOUSE_CLICK, 2, 3 };
	app_mouse(session->app, mouse);
	app_mouse(session->app, mouse);
	look(session);
	SEES(session, "Address▼");
	end(session);
}

static void folding_hides_and_shows_a_branch(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "2 / R T X Enter Left");
	ON(session, "00:01.0");
	press(session, "Left");
	SEES_NOT(session, "01:00.1");
	SEES(session, "▸");
	press(session, "Right");
	SEES(session, "01:00.1");
	press(session, "z");
	SEES_NOT(session, "01:00.1");
	end(session);
}

static void sorting_is_told_and_turned(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "7 s s s s s");
	SEES(session, "Sorted by: Name.");
	press(session, "S");
	SEES(session, "Name▼");
	end(session);
}

static void a_key_without_a_meaning_says_so(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "X");
	SEES(session, "X does nothing here; ? lists the keys.");
	press(session, "Down");
	SEES_NOT(session, "does nothing");
	end(session);
}

static void an_export_is_a_page_to_copy_and_to_write(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "7 / 0 1 : 0 0 . 0 Enter E");
	SEES(session, "export:");
	SEES(session, "libvirt");
	type(session, "q");
	press(session, "Tab");
	SEES(session, "export: qemu");
	press(session, "Enter");
	SEES(session, "host=0000:01:00.0,");
	SEES(session, "# Options of QEMU");
	assert_int_equal(press(session, "y"), EFFECT_COPY);
	assert_non_null(strstr(app_words(session->app), "multifunction=on"));
	/* Another one is of the same devices; this one is written. */
	press(session, ":");
	type(session, "export dr");
	press(session, "Tab Enter");
	SEES(session, "driverctl set-override 0000:01:00.1 vfio-pci");
	press(session, ":");
	type(session, "export driverctl vm.sh");
	assert_int_equal(press(session, "Enter"), EFFECT_WRITE);
	assert_string_equal(app_words(session->app), "vm.sh");
	assert_true(text_starts(app_handout(session->app), "# Takes effect"));
	end(session);
}

static void what_cannot_be_exported_says_why(void **state)
{
	struct session *session = begin("desktop");

	(void)state;
	press(session, "7 / 0 0 : 0 1 . 0 Enter E");
	type(session, "qemu");
	press(session, "Enter");
	SEES(session, "is a bridge");
	press(session, "E");
	type(session, "horses");
	press(session, "Enter");
	SEES(session, "One of: qemu");
	end(session);
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
