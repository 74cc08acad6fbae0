// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include <string.h>

#include "lib/scenes.h"
#include "tui/app.h"

/*
 * The explorer without a terminal: an app on a made machine, and what is on
 * its screen.  Needs cmocka.h, and what cmocka wants before it, included first.
 */
struct stage {
	struct arena arena;
	struct scene scene;	/* what the app was given */
	struct app *app;
	struct buf screen;	/* characters, as of the last look */
	unsigned columns, rows;	/* of the next look */
};

/* An empty stage of that size, for a scene that is made in its arena.  There
 * is one stage: the last must have been ended. */
struct stage *stage_set(unsigned columns, unsigned rows);

/* The machine of the scene, to be changed before the stage is opened. */
struct system *stage_system(const struct stage *stage);

/* Give an app the scene, and look. */
void stage_open(struct stage *stage);

/* All of it at 80x24, with a machine of lib/scenes.h; and its end. */
struct stage *begin(const char *machine);
void end(struct stage *stage);

/* Paint the screen; what is done to the app past these functions is seen only
 * then. */
void look(struct stage *stage);

/* Press strokes named as in commands.def, looking after each; type a text,
 * letter by letter.  Both return the last effect. */
enum effect press(struct stage *stage, const char *names);
enum effect type(struct stage *stage, const char *text);

/* Give a line of words to ':'. */
enum effect command(struct stage *stage, const char *line);

/* Let a plan that was confirmed be rehearsed to its end. */
void carry_out(struct stage *stage);

/* Of the machine as the app has it now: a device or NULL, its driver. */
const struct device *device_at(const struct stage *stage,
			       const char *address);
const char *driver_of(const struct stage *stage, const char *address);

bool sees(const struct stage *stage, const char *text);

/* What is selected, painted anew; in the stage's arena. */
const char *under_cursor(struct stage *stage);

#define SEES(stage, text) \
	do { \
		if (!sees(stage, text)) \
			fail_msg("\"%s\" is not on the screen:\n%s", text, \
				 buf_str(&(stage)->screen)); \
	} while (0)

#define SEES_NOT(stage, text) \
	do { \
		if (sees(stage, text)) \
			fail_msg("\"%s\" is on the screen:\n%s", text, \
				 buf_str(&(stage)->screen)); \
	} while (0)

#define ON(stage, text) \
	do { \
		const char *on_line = under_cursor(stage); \
		if (!strstr(on_line, text)) \
			fail_msg("the cursor is not on \"%s\" but on \"%s\"", \
				 text, on_line); \
	} while (0)

#endif
