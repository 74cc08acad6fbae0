// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every view of every made machine at three sizes, as it was once looked at
 * and found good: tests/screens/MACHINE-VIEW.txt holds characters and
 * meanings.  BLESS=1 writes what is drawn now.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/scenes.h"
#include "tui/app.h"
#include "view/candidate.h"
#include "view/detail.h"
#include "view/view.h"

static const struct {
	unsigned columns, rows;
} sizes[] = { { 80, 24 }, { 132, 43 }, { 40, 12 } };

static void draw(struct app *app, unsigned columns, unsigned rows,
		 struct buf *out)
{
	struct arena arena = {0};
	struct canvas *canvas = canvas_make(&arena, columns, rows, false);

	app_paint(app, canvas);
	buf_printf(out, "=== %ux%u, characters\n", columns, rows);
	canvas_text(canvas, out);
	buf_printf(out, "=== %ux%u, meanings\n", columns, rows);
	canvas_roles(canvas, out);
	arena_free(&arena);
}

static void file_name(char *path, size_t room, const char *machine,
		      const char *what)
{
	const char *folder = getenv("srcdir");

	snprintf(path, room, "%s/tests/screens/%s-%s.txt",
		 folder ? folder : ".", machine, what);
}

static void bless(const char *path, const struct buf *drawn)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(drawn->data, 1, drawn->len, file),
			 drawn->len);
	assert_int_equal(fclose(file), 0);
}

static void compare(const char *path, const struct buf *drawn)
{
	FILE *file = fopen(path, "r");
	struct buf golden = {0};
	size_t got;

	if (!file)
		fail_msg("%s is missing; BLESS=1 makes it", path);
	while ((got = fread(buf_room(&golden, 4096), 1, 4096, file)) > 0)
		golden.len += got;
	fclose(file);
	buf_add(&golden, "", 0);
	if (strcmp(buf_str(&golden), buf_str(drawn)) != 0) {
		print_error("%s differs; this is drawn now:\n%s", path,
			    buf_str(drawn));
		fail_msg("%s: look, and if it is good: BLESS=1 make check",
			 path);
	}
	buf_free(&golden);
}

static void check(const char *machine, const char *what,
		  const struct buf *drawn)
{
	char path[512];

	file_name(path, sizeof path, machine, what);
	if (getenv("BLESS"))
		bless(path, drawn);
	else
		compare(path, drawn);
}

/* Draw what the strokes lead to. */
static void check_keys(const char *machine, const char *what,
		       const char *keys)
{
	struct arena arena = {0};
	struct scene scene = made_scene(&arena, machine);
	struct app *app = app_make(&arena, &scene);
	struct buf drawn = {0};

	while (*keys)
		app_key(app, stroke_take(&keys));
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		draw(app, sizes[i].columns, sizes[i].rows, &drawn);
	check(machine, what, &drawn);
	buf_free(&drawn);
	app_free(app);
	arena_free(&arena);
}

static void every_view_of_every_machine_is_as_blessed(void **state)
{
	(void)state;
	for (const struct made_scene *made = made_scenes; made->name; made++)
		for (unsigned i = 0; i < VIEW_TABS; i++) {
			char keys[2] = { view_at(i)->digit, '\0' };
			check_keys(made->name, view_at(i)->id, keys);
		}
}

static void details_findings_plans_and_help_are_as_blessed(void **state)
{
	static const struct {
		const char *machine, *what, *keys;
	} cases[] = {
		{ "off", "cause", "Down Enter" },
		{ "shared", "group", "3 Down Enter" },
		{ "shared", "refused", "2 / 0 2 : 0 0 Enter b" },
		{ "desktop", "device", "4 Enter" },
		{ "desktop", "plan", "4 b" },
		{ "desktop", "help", "2 ?" },
		{ "desktop", "iommus", ": i o m m u s Enter" },
		{ "desktop", "unit", ": i o m m u s Enter Enter" },
		{ "desktop", "config", ": c o n f i g Enter" },
		{ "user", "config", ": c o n f i g Enter" },
		{ "desktop", "log", ": l o g Enter" },
		{ "desktop", "rules", ": r u l e s Enter" },
		{ "desktop", "rule",
		  ": e x p l a i n Space v f i o - n o t - b u i l t Enter" },
		{ "desktop", "acs", ": e x p l a i n Space a c s Enter" },
		{ "desktop", "export",
		  "7 / 0 1 : 0 0 . 0 Enter E q Tab Enter" },
		{ "desktop", "libvirt",
		  "7 / 0 1 : 0 0 . 0 Enter E l Tab Enter" },
		{ "desktop", "topics",
		  ": e x p l a i n Space t o p i c s Enter" },
		{ "busy", "usb", ": u s b Enter" },
		{ "busy", "storage", ": s t o r a g e Enter" },
		{ "busy", "losses", "7 G Space Up Space Up Space Up Space b" },
		{ "shared", "walk",
		  ": e x p l a i n Space g r o u p : 1 Enter" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_keys(cases[i].machine, cases[i].what, cases[i].keys);
}

static void a_comparison_and_the_log_are_as_blessed(void **state)
{
	struct arena arena = {0};
	struct scene before = made_scene(&arena, "desktop");
	struct scene after = made_scene(&arena, "off");
	struct app *app = app_make(&arena, &before);
	static const struct {
		const char *what, *keys;
	} cases[] = {
		{ "diff", ": d i f f Enter" }, { "changes", "C" },
	};

	(void)state;
	app_renew(app, &after, "14:03:07");
	app_settle(app);
	app_compare(app, &before);
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct buf drawn = {0};
		const char *keys = cases[c].keys;
		while (*keys)
			app_key(app, stroke_take(&keys));
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
			draw(app, sizes[i].columns, sizes[i].rows, &drawn);
		check("off", cases[c].what, &drawn);
		buf_free(&drawn);
	}
	app_free(app);
	arena_free(&arena);
}

/* Each GPU in full, in their order, under the sentence about them. */
static void draw_reasons(const struct scene *scene, struct buf *out)
{
	struct arena arena = {0};
	int order[16];
	unsigned count = candidate_order(scene, order, 16);

	buf_printf(out, "%s\n", candidate_advice(scene, &arena).text);
	for (unsigned i = 0; i < count; i++) {
		struct page page;
		buf_printf(out, "\n=== %u\n", i + 1);
		page_start(&page, &arena, 90);
		detail_device(scene, order[i], &page);
		page_text(&page, false, out);
	}
	arena_free(&arena);
}

static void gpus_are_ranked_as_an_expert_would(void **state)
{
	(void)state;
	for (const struct made_scene *made = made_gpu_scenes; made->name;
	     made++) {
		struct arena arena = {0};
		struct scene scene = made_scene(&arena, made->name);
		struct buf drawn = {0};
		check_keys(made->name, "gpus", "4");
		draw_reasons(&scene, &drawn);
		check(made->name, "reasons", &drawn);
		buf_free(&drawn);
		arena_free(&arena);
	}
}

static void ascii_draws_nothing_else(void **state)
{
	struct arena arena = {0};
	struct scene scene = made_scene(&arena, "desktop");
	struct app *app = app_make(&arena, &scene);
	struct canvas *canvas;

	(void)state;
	for (char digit = '1'; digit <= '8'; digit++) {
		app_key(app, digit);
		canvas = canvas_make(&arena, 132, 43, true);
		app_paint(app, canvas);
		for (unsigned i = 0; i < canvas->columns * canvas->rows; i++)
			assert_true(canvas->cells[i].c < 0x7f);
	}
	app_free(app);
	arena_free(&arena);
}

static void no_size_is_too_odd_to_draw(void **state)
{
	struct arena arena = {0};
	struct scene scene = made_scene(&arena, "shared");
	struct app *app = app_make(&arena, &scene);

	(void)state;
	for (unsigned columns = 1; columns < 160; columns += 7)
		for (unsigned rows = 1; rows < 50; rows += 3) {
			struct arena frame = {0};
			app_key(app, '1' + (int)(columns + rows) % 8);
			app_paint(app, canvas_make(&frame, columns, rows,
						   false));
			arena_free(&frame);
		}
	app_free(app);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_view_of_every_machine_is_as_blessed),
		cmocka_unit_test(
			details_findings_plans_and_help_are_as_blessed),
		cmocka_unit_test(a_comparison_and_the_log_are_as_blessed),
		cmocka_unit_test(gpus_are_ranked_as_an_expert_would),
		cmocka_unit_test(ascii_draws_nothing_else),
		cmocka_unit_test(no_size_is_too_odd_to_draw),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
