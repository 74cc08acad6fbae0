// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "view/canvas.h"
#include "view/sign.h"

/* A stretch of a line that means one thing. */
struct span {
	unsigned column;	/* where it begins */
	enum role role;
	const char *text;
};

struct line {
	struct span *spans;
	size_t count, room;
	unsigned columns;	/* that are used so far */
	const char *ref;	/* what Enter opens here; NULL: nothing */
};

/*
 * Flowing text with meanings: what a summary, a detail, a dialog and a
 * report are made of.  Words wrap at .width; what wraps hangs at .hang.
 */
struct page {
	struct arena *arena;
	unsigned width;		/* columns; 0: no limit */
	unsigned indent;	/* where lines begin */
	unsigned hang;		/* where wrapped lines go on */
	const char *ref;	/* given to each line that is begun */
	struct line *lines;
	size_t count, room;
	bool open;		/* the last line may go on */
};

/* Start an empty page. */
void page_start(struct page *page, struct arena *arena, unsigned width);

/* Go on with text; it is broken between words where the line is full.
 * The texts are kept by pointer where they are not wrapped: they must live
 * as long as the page (a table's, the system's, or the same arena). */
void page_add(struct page *page, enum role role, const char *text);
void page_printf(struct page *page, enum role role, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Go on with text that is never wrapped: a command, a path. */
void page_solid(struct page *page, enum role role, const char *text);

/* Go on with text that is cut, with "…", where it is wider than @columns. */
void page_cell(struct page *page, enum role role, unsigned columns,
	       const char *text);

/* Go on at @column, or one blank further where that is passed. */
void page_tab(struct page *page, unsigned column);

/* End the line; end it and leave one empty (never two, none at the top). */
void page_end(struct page *page);
void page_gap(struct page *page);

/* Set where lines begin, and where wrapped ones go on. */
void page_indent(struct page *page, unsigned indent, unsigned hang);

/* A whole line: a title; a sign and a sentence; a label and its value. */
void page_title(struct page *page, const char *text);
void page_marked(struct page *page, enum mark mark, enum role role,
		 const char *text);
void page_pair(struct page *page, const char *label, unsigned columns,
	       enum role role, const char *text);

/* Add the page to @out as plain text. */
void page_text(const struct page *page, bool ascii, struct buf *out);

/* Where one is in a page: its first line on the screen, and the line that
 * the cursor is on, kept by what it refers to. */
struct scroll {
	size_t top;
	size_t at;		/* line; meant where it has a reference */
	char ref[112];		/* of that line; "": none */
};

/* Find the place again after a rebuild, and keep it inside. */
void page_keep(const struct page *page, struct scroll *scroll,
	       unsigned rows);

/* Go by lines: to the next reference if it is in sight, else scroll. */
void page_move(const struct page *page, struct scroll *scroll, unsigned rows,
	       int by);

/* Return the reference under the cursor, or NULL. */
const char *page_ref(const struct page *page, const struct scroll *scroll);

/* Draw what fits in @area; @scroll may be NULL: from the top, no cursor. */
void page_paint(const struct page *page, struct canvas *canvas,
		struct rect area, const struct scroll *scroll);

#endif
