// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Strokes, clicks and sizes as bytes: whatever is pressed, the interface
 * draws, stays inside its canvas, and shows nothing that could move a cursor.
 */
#include "fuzz.h"

#include <locale.h>

#include "lib/scenes.h"
#include "tui/app.h"

enum { KEYS_MOST = 400, STEPS_MOST = 200 };

static const int odd_strokes[] = {
	STROKE_TAB, STROKE_ENTER, STROKE_ESCAPE, STROKE_BACKSPACE, STROKE_UP,
	STROKE_DOWN, STROKE_LEFT, STROKE_RIGHT, STROKE_PAGE_UP,
	STROKE_PAGE_DOWN, STROKE_HOME, STROKE_END, STROKE_BACKTAB,
	STROKE_DELETE, STROKE_F1, STROKE_RESIZE, STROKE_LAST, 0x5668, 0x301,
	0x10ffff,
};

enum { ODD = sizeof odd_strokes / sizeof *odd_strokes };

static void draw(struct app *app, unsigned columns, unsigned rows)
{
	struct arena frame = {0};
	struct canvas *canvas = canvas_make(&frame, columns, rows,
					    columns % 2);

	app_paint(app, canvas);
	for (size_t i = 0; i < (size_t)columns * rows; i++) {
		const struct cell *cell = &canvas->cells[i];
		FUZZ_CHECK(cell->width <= 2);
		FUZZ_CHECK(!cell->width || cell->c >= ' ');
		FUZZ_CHECK(cell->c != 0x7f);
		FUZZ_CHECK(!canvas->ascii || cell->c < 0x80);
	}
	FUZZ_CHECK(canvas->cursor_x < (int)columns);
	arena_free(&frame);
}

/* A plan that was confirmed is rehearsed to its end. */
static void carry_out(struct app *app)
{
	app_begin(app, false);
	for (int i = 0; i < STEPS_MOST && app_is_acting(app); i++)
		app_tick(app);
	FUZZ_CHECK(!app_is_acting(app));
}

static enum effect press(struct app *app, const uint8_t *bytes)
{
	if (bytes[0] < 0x80)
		return app_key(app, bytes[0]);
	if (bytes[0] < 0x80 + ODD)
		return app_key(app, odd_strokes[bytes[0] - 0x80]);
	if (bytes[0] >= 0xf0)
		return app_mouse(app, (struct mouse){ bytes[0] % 4, bytes[1],
						      bytes[2] });
	draw(app, bytes[1], bytes[2]);
	return EFFECT_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = {0};
	size_t machines = 0;

	if (len < 4)
		return 0;
	setlocale(LC_ALL, "C.UTF-8");
	while (made_scenes[machines].name)
		machines++;
	struct scene scene = made_scene(
		&arena, made_scenes[bytes[0] % machines].name);
	struct app *app = app_make(&arena, &scene);
	for (size_t i = 1; i + 3 <= len && i < KEYS_MOST; i++) {
		if (press(app, bytes + i) == EFFECT_ACT)
			carry_out(app);
		draw(app, 80, 24);
	}
	app_free(app);
	arena_free(&arena);
	return 0;
}
