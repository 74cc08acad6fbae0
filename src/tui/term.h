// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>

#include "base/err.h"
#include "view/canvas.h"
#include "view/stroke.h"

/*
 * The screen door: the one place that knows the terminal.  Roles become
 * colours or attributes here, keys become strokes.
 */
enum term_color { TERM_COLOR_AUTO, TERM_COLOR_NEVER, TERM_COLOR_ALWAYS };

/*
 * Take the terminal.  False with *err when there is none, or one that cannot
 * move its cursor.  It is given back by term_close, and by err_die, and by
 * the signals that end a program.
 */
bool term_open(enum term_color color, struct err *err);
void term_close(void);

/* Whether the locale's character set can show the signs of view/sign.h. */
bool term_is_utf8(void);

/* How large the screen is now. */
void term_size(unsigned *columns, unsigned *rows);

/* Make the screen look like @canvas; only what differs is sent. */
void term_paint(const struct canvas *canvas);

/* Take the next stroke without waiting: STROKE_NONE when there is none;
 * *mouse is filled with STROKE_MOUSE. */
int term_key(struct mouse *mouse);

/* The descriptor to poll for strokes. */
int term_fd(void);

/* Whether a signal asked the program to end. */
bool term_is_ending(void);

/* Give the terminal to another program for a while, and take it again. */
void term_suspend(void);
void term_resume(void);

/* Give it back and stop, as ^Z does, until the shell goes on with us. */
void term_stop(void);

/* Give @text to the terminal's clipboard (OSC 52); most obey, none says. */
void term_copy(const char *text);

#endif
