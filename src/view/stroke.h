// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_STROKE_H
#define VIEW_STROKE_H

#include <stddef.h>

/*
 * What a person pressed: a character is its code point, everything else has
 * a number behind the last code point.  Only the terminal knows how it was
 * sent.
 */
enum stroke {
	STROKE_NONE = 0,
	STROKE_TAB = '\t',
	STROKE_ENTER = '\r',
	STROKE_ESCAPE = 0x1b,
	STROKE_SPACE = ' ',
	STROKE_BACKSPACE = 0x7f,
	STROKE_FIRST = 0x110000,
	STROKE_UP = STROKE_FIRST,
	STROKE_DOWN,
	STROKE_LEFT,
	STROKE_RIGHT,
	STROKE_PAGE_UP,
	STROKE_PAGE_DOWN,
	STROKE_HOME,
	STROKE_END,
	STROKE_BACKTAB,
	STROKE_DELETE,
	STROKE_F1,
	STROKE_F5,
	STROKE_F10,
	STROKE_MOUSE,		/* see struct mouse */
	STROKE_INTERRUPT,	/* ^C */
	STROKE_SUSPEND,		/* ^Z */
	STROKE_RESIZE,		/* also ^L: draw everything anew */
	STROKE_LAST
};

enum mouse_act { MOUSE_CLICK, MOUSE_DOUBLE, MOUSE_WHEEL_UP,
		 MOUSE_WHEEL_DOWN };

struct mouse {
	enum mouse_act act;
	int x, y;		/* column and row, from 0 */
};

/* Take the next word of *names ("Up k PgUp") as a stroke; STROKE_NONE at the
 * end. */
int stroke_take(const char **names);

/* Whether @stroke is among the strokes that @names lists. */
int stroke_is_among(int stroke, const char *names);

/* Print the first of the strokes in @names as a person reads it ("↑", "Enter",
 * "k"); returns @out. */
char *stroke_first(const char *names, char out[static 12]);

#endif
