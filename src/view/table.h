// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_TABLE_H
#define VIEW_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/finding.h"
#include "view/ref.h"
#include "view/role.h"

enum { COLUMN_MAX = 12 };

/* A column of a list: the whole truth about it. */
struct column {
	const char *id;		/* "driver" */
	const char *title;	/* N_(): "Driver" */
	unsigned least;		/* columns it is useful with */
	bool flexible;		/* shrinks to .least and takes what is over */
	bool right;		/* numbers */
	bool tree;		/* carries the indentation */
	bool by_order;		/* sorts as built: addresses */
	unsigned priority;	/* 0 always shown; higher ones go first where
				 * it is narrow */
};

struct text {
	const char *text;	/* never NULL */
	enum role role;
};

/* One line of a list, and what it is about. */
struct row {
	const char *ref;	/* unlike every other row's; view/ref.h */
	struct subject subject;
	const struct finding *finding;	/* that it shows, else NULL */
	const char *open;	/* what Enter opens instead of these; NULL */
	unsigned depth;		/* 0: on its own; 1: below the one before … */
	int band;		/* rows with the same number go together; NONE */
	struct text cells[COLUMN_MAX];
};

/* What a view builds: all its rows, parents before children. */
struct rows {
	struct arena *arena;
	struct row *items;
	size_t count, room;
};

/* Add a row about @subject (and @finding, or NULL) and return it; valid
 * until the next is added. */
struct row *rows_add(struct rows *rows, const struct system *system,
		     struct subject subject, const struct finding *finding,
		     unsigned depth);

/* Add a row about no subject: a module, a file.  @name makes it unlike
 * others. */
struct row *rows_note(struct rows *rows, const char *name, unsigned depth);

/* Fill one cell; the text must live as long as the rows. */
void row_set(struct row *row, unsigned column, enum role role,
	     const char *text);

/* A set of references that the person chose: marked, folded. */
struct refs {
	struct buf text;	/* "\nref\nref\n" */
	unsigned count;
};

bool refs_has(const struct refs *refs, const char *ref);
void refs_turn(struct refs *refs, const char *ref);	/* in or out */
void refs_empty(struct refs *refs);
void refs_free(struct refs *refs);

/*
 * A list on the screen: rows in an order, some of them hidden, one under the
 * cursor.  The cursor stays on its subject through every rebuild; where that
 * is gone, on its place.
 */
struct table {
	const struct column *columns;
	unsigned column_count;
	struct rows rows;
	unsigned *order;	/* rows in sight, by index */
	bool *band;		/* whether the row in sight is banded */
	size_t count;		/* of rows in sight */
	int sort;		/* column; NONE: as built */
	bool descending;
	char filter[64];
	struct refs folded;
	char cursor[REF_TEXT];	/* reference of the row it is on */
	size_t at;		/* that row among those in sight */
	size_t top;		/* the first on the screen */
};

/* Give it freshly built rows (which stay the caller's). */
void table_take(struct table *table, const struct column *columns,
		unsigned column_count, const struct rows *rows);

/* Change what is in sight; the cursor stays on its subject where it can. */
void table_sort(struct table *table, int column, bool descending);
void table_filter(struct table *table, const char *text);
void table_fold(struct table *table, bool fold);	/* the cursor's row */
bool table_is_folded(const struct table *table, size_t at);
bool table_is_parent(const struct table *table, size_t at);

/* Move the cursor; past the ends it stops. */
void table_move(struct table *table, long by);
void table_to(struct table *table, size_t at);

/* Put the cursor on the row with @ref, unfolding what hides it; false when
 * there is none. */
bool table_seek(struct table *table, const char *ref);

/* Go to the next (or, with @back, the one before) row that holds @text,
 * around the ends; false when there is none. */
bool table_search(struct table *table, const char *text, bool back);

/* Return the row at @at of those in sight, and the one under the cursor;
 * NULL when there is none. */
const struct row *table_row(const struct table *table, size_t at);
const struct row *table_current(const struct table *table);

/* Scroll so that the cursor is among @rows rows. */
void table_show(struct table *table, unsigned rows);

/*
 * Divide @available columns among the table's columns, one blank between
 * two; 0 gives each what it needs.  A width of 0: the column is not shown.
 */
void table_widths(const struct table *table, unsigned available,
		  unsigned widths[static COLUMN_MAX]);

/* Return the columns that the tree takes before the text of row @at. */
unsigned table_indent(const struct table *table, size_t at);

void table_free(struct table *table);

#endif
