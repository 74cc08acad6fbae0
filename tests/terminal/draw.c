// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints what the explorer would draw of a machine, without a terminal: the
 * yardstick of tests/terminal/run.
 *
 * usage: draw PATH COLUMNS ROWS [STROKE]...
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "rule/engine.h"
#include "source/names.h"
#include "source/read.h"
#include "tui/app.h"
#include "view/canvas.h"
#include "view/stroke.h"

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct buf text = {0};
	struct err err;

	setlocale(LC_ALL, "");
	if (argc < 4) {
		fprintf(stderr, "usage: draw PATH COLUMNS ROWS [STROKE]...\n");
		return 64;
	}
	struct root *root = root_open(argv[1], &err);
	if (!root) {
		fprintf(stderr, "draw: %s\n", err.text);
		return 74;
	}
	unsigned columns = (unsigned)strtoul(argv[2], NULL, 10);
	unsigned rows = (unsigned)strtoul(argv[3], NULL, 10);
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	struct scene scene = {
		.system = system,
		.findings = rules_judge(system, &arena),
		.names = names_load(system, &arena),
	};
	struct app *app = app_make(&arena, &scene);
	struct canvas *canvas = canvas_make(&arena, columns, rows, false);
	app_paint(app, canvas);
	for (int i = 4; i < argc; i++) {
		const char *name = argv[i];
		app_key(app, stroke_take(&name));
		canvas = canvas_make(&arena, columns, rows, false);
		app_paint(app, canvas);
	}
	canvas_text(canvas, &text);
	fputs(buf_str(&text), stdout);
	buf_free(&text);
	app_free(app);
	root_close(root);
	arena_free(&arena);
	return 0;
}
