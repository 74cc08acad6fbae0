// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The explorer without a terminal, for tests that press keys and look.  What
 * should be on the screen, they say themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "stage.h"

#include "base/text.h"

struct stage *stage_set(unsigned columns, unsigned rows)
{
	static struct stage stage;

	stage = (struct stage){ .columns = columns, .rows = rows };
	return &stage;
}

struct system *stage_system(const struct stage *stage)
{
	return (struct system *)(uintptr_t)stage->scene.system;
}

void stage_open(struct stage *stage)
{
	stage->app = app_make(&stage->arena, &stage->scene);
	look(stage);
}

struct stage *begin(const char *machine)
{
	struct stage *stage = stage_set(80, 24);

	stage->scene = made_scene(&stage->arena, machine);
	stage_open(stage);
	return stage;
}

void end(struct stage *stage)
{
	app_free(stage->app);
	arena_free(&stage->arena);
	buf_free(&stage->screen);
}

void look(struct stage *stage)
{
	struct arena frame = {0};
	struct canvas *canvas =
		canvas_make(&frame, stage->columns, stage->rows, false);

	app_paint(stage->app, canvas);
	buf_reset(&stage->screen);
	canvas_text(canvas, &stage->screen);
	arena_free(&frame);
}

enum effect press(struct stage *stage, const char *names)
{
	enum effect effect = EFFECT_NONE;

	for (int stroke; (stroke = stroke_take(&names)) != STROKE_NONE;) {
		effect = app_key(stage->app, stroke);
		look(stage);
	}
	return effect;
}

enum effect type(struct stage *stage, const char *text)
{
	enum effect effect = EFFECT_NONE;

	for (uint32_t c; (c = text_take(&text)) != 0;)
		effect = app_key(stage->app, (int)c);
	look(stage);
	return effect;
}

enum effect command(struct stage *stage, const char *line)
{
	press(stage, ":");
	type(stage, line);
	return press(stage, "Enter");
}

void carry_out(struct stage *stage)
{
	app_begin(stage->app, false);
	look(stage);	/* before anything has answered */
	for (int i = 0; i < 100 && app_is_acting(stage->app); i++)
		app_tick(stage->app);
	assert_false(app_is_acting(stage->app));
	look(stage);
}

const struct device *device_at(const struct stage *stage, const char *address)
{
	const struct system *system = app_scene(stage->app)->system;
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	int index = system_device(system, bdf);
	return index == NONE ? NULL : &system->devices[index];
}

const char *driver_of(const struct stage *stage, const char *address)
{
	const struct device *device = device_at(stage, address);

	assert_non_null(device);
	return device->driver.value;
}

bool sees(const struct stage *stage, const char *text)
{
	return strstr(buf_str(&stage->screen), text);
}

const char *under_cursor(struct stage *stage)
{
	struct canvas *canvas = canvas_make(&stage->arena, stage->columns,
					    stage->rows, false);
	struct buf line = {0};

	app_paint(stage->app, canvas);
	for (size_t i = 0; i < (size_t)canvas->columns * canvas->rows; i++) {
		char text[5];
		if (canvas->cells[i].ground == GROUND_SELECTED &&
		    canvas->cells[i].width)
			buf_add(&line, text,
				text_encode(canvas->cells[i].c, text));
	}
	char *copy = arena_text(&stage->arena, buf_str(&line));
	buf_free(&line);
	return copy;
}
