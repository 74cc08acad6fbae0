// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_CANVAS_H
#define VIEW_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "view/role.h"

/* One column of one row. */
struct cell {
	uint32_t c;		/* code point; ' ' where nothing stands */
	uint32_t accent;	/* combining character on it, 0 for none */
	uint8_t width;		/* 1 or 2; 0: right half of the one before */
	uint8_t role;		/* enum role */
	uint8_t ground;		/* enum ground */
};

/*
 * A screen as cells with meanings.  Views draw into it and nothing else; the
 * terminal copies it, a test prints it.
 */
struct canvas {
	unsigned columns, rows;
	struct cell *cells;	/* rows * columns of them */
	bool ascii;		/* each sign becomes its ASCII letter */
	int cursor_x, cursor_y;	/* where the person types; -1: nowhere */
};

/* A rectangle of a canvas, in columns and rows from the upper left. */
struct rect {
	int x, y, columns, rows;
};

/* Return an empty canvas in @arena. */
struct canvas *canvas_make(struct arena *arena, unsigned columns,
			   unsigned rows, bool ascii);

/*
 * Draw @text from @x on, at most @columns wide; what does not fit ends in
 * "…".  Nothing is drawn outside the canvas, half a wide character neither.
 * Returns the columns that were used.
 */
int canvas_put(struct canvas *canvas, int x, int y, int columns,
	       enum role role, const char *text);

/* The same for text that the printf format makes; at most 400 bytes. */
int canvas_printf(struct canvas *canvas, int x, int y, int columns,
		  enum role role, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* Put blanks everywhere in @area. */
void canvas_blank(struct canvas *canvas, struct rect area);

/* Lay @ground under @area; the characters stay. */
void canvas_ground(struct canvas *canvas, struct rect area,
		   enum ground ground);

/* Draw a horizontal or vertical line. */
void canvas_rule(struct canvas *canvas, int x, int y, int columns);
void canvas_upright(struct canvas *canvas, int x, int y, int rows);

/* Draw a frame around the inside of @area, with @title in its upper edge,
 * and blank what is inside. */
void canvas_box(struct canvas *canvas, struct rect area, const char *title);

/* Add the characters to @out, a line per row, trailing blanks cut. */
void canvas_text(const struct canvas *canvas, struct buf *out);

/*
 * Add the meanings to @out in the same shape: a letter per role, upper case
 * under the cursor; ' ' for a blank, ':' for one on a band, '_' for one
 * under the cursor.
 */
void canvas_roles(const struct canvas *canvas, struct buf *out);

#endif
