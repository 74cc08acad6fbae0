// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_PAINT_H
#define VIEW_PAINT_H

#include "view/canvas.h"
#include "view/command.h"
#include "view/view.h"

enum {
	SMALLEST_COLUMNS = 40, SMALLEST_ROWS = 12,
	WIDE = 110,	/* columns from which a detail stands beside */
	BELOW = 8,	/* rows left over in which it stands below */
};

/* Where things are on the screen: for drawing and for the mouse. */
struct layout {
	struct rect status, tabs, body, list, pane, bar;
	struct rect tab[VIEW_TABS];	/* each tab's name */
};

/* Divide a screen; @pane: there is a detail to show beside. */
void paint_layout(struct layout *layout, unsigned columns, unsigned rows,
		  bool pane);

/* Give the rows that a list of @rows leaves free to the detail, when they are
 * enough and it has no place yet. */
void paint_layout_below(struct layout *layout, size_t rows);


/* Draw the line that always says how the machine stands. */
void paint_status(struct canvas *canvas, struct rect area,
		  const struct scene *scene);

/* Draw the names of the views, and note where each is. */
void paint_tabs(struct canvas *canvas, struct layout *layout,
		const struct view *current);

/* What stands before the rows of a list. */
struct paint_marks {
	const struct refs *marked;	/* by the person */
	const char *(*changed)(const void *context, const char *ref);
				/* sign of what is new of the row's subject,
				 * or NULL; may be NULL */
	const void *context;
};

/* Draw a list with its headings; scrolls it to its cursor. */
void paint_table(struct canvas *canvas, struct rect area,
		 struct table *table, const struct paint_marks *marks);

/* Return the row of the list at line @y of the screen, or the table's count
 * when there is none. */
size_t paint_row_at(struct rect area, const struct table *table, int y);

/* Return the column whose heading is at @x, or NONE. */
int paint_column_at(struct rect area, const struct table *table, int x);

/* Draw one line that asks for more room, on a screen too small for all. */
void paint_too_small(struct canvas *canvas);

#endif
