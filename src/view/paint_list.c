// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A list on the canvas: headings, rows, the tree in front of them.  The order
 * and the widths are the table's.
 */
#include "view/paint.h"

#include "base/i18n.h"
#include "base/text.h"

enum { MARGIN = 1 };	/* for the mark of chosen rows */

static bool has_depth(const struct table *table)
{
	for (size_t i = 0; i < table->rows.count; i++)
		if (table->rows.items[i].depth)
			return true;
	return false;
}

static void draw_headings(struct canvas *canvas, struct rect area,
			  const struct table *table, const unsigned *widths)
{
	int x = area.x + MARGIN;

	for (unsigned i = 0; i < table->column_count; i++) {
		const char *title = _(table->columns[i].title);
		int width = (int)widths[i], used = (int)text_width(title);
		if (!width)
			continue;
		int at = table->columns[i].right && used < width ?
				 x + width - used : x;
		canvas_put(canvas, at, area.y, width, ROLE_HEADING, title);
		if (table->sort == (int)i)
			canvas_put(canvas, at + (used < width ? used : width),
				   area.y, 1, ROLE_KEY,
				   table->descending ? "▼" : "▲");
		x += width + 1;
	}
}

/* The sign before a row that others hang below. */
static const char *fold_sign(const struct table *table, size_t at)
{
	if (!table_is_parent(table, at))
		return " ";
	return table_is_folded(table, at) ? "▸" : "▾";
}

static void draw_row(struct canvas *canvas, struct rect row,
		     const struct table *table, size_t at,
		     const unsigned *widths, bool deep, bool changed)
{
	const struct row *item = table_row(table, at);
	int x = row.x + MARGIN;

	for (unsigned i = 0; i < table->column_count; i++) {
		const struct column *column = &table->columns[i];
		int width = (int)widths[i], indent = 0;
		if (!width)
			continue;
		if (column->tree && deep) {
			indent = (int)table_indent(table, at);
			canvas_put(canvas, x + indent - 2, row.y, 1,
				   ROLE_BORDER, fold_sign(table, at));
		}
		int used = (int)text_width(item->cells[i].text);
		int push = column->right && used < width ? width - used : 0;
		canvas_put(canvas, x + indent + push, row.y, width - indent,
			   changed ? ROLE_CHANGED : item->cells[i].role,
			   item->cells[i].text);
		x += width + 1;
	}
}

static struct rect rows_area(struct rect area)
{
	return (struct rect){ area.x, area.y + 1, area.columns,
			      area.rows - 1 };
}

void paint_table(struct canvas *canvas, struct rect area,
		 struct table *table, const struct paint_marks *marks)
{
	struct rect inner = rows_area(area);
	unsigned widths[COLUMN_MAX];
	bool deep = has_depth(table);

	if (area.columns <= MARGIN || inner.rows < 1)
		return;
	table_widths(table, (unsigned)(area.columns - MARGIN), widths);
	table_show(table, (unsigned)inner.rows);
	draw_headings(canvas, area, table, widths);
	for (int y = 0; y < inner.rows; y++) {
		size_t at = table->top + (size_t)y;
		struct rect row = { inner.x, inner.y + y, inner.columns, 1 };
		if (at >= table->count)
			break;
		const char *ref = table_row(table, at)->ref;
		const char *changed = marks->changed ?
			marks->changed(marks->context, ref) : NULL;
		draw_row(canvas, row, table, at, widths, deep, changed);
		if (changed)
			canvas_put(canvas, row.x, row.y, 1, ROLE_CHANGED,
				   changed);
		if (refs_has(marks->marked, ref))
			canvas_put(canvas, row.x, row.y, 1, ROLE_MARKED, "*");
		if (at == table->at)
			canvas_ground(canvas, row, GROUND_SELECTED);
		else if (table->band[at])
			canvas_ground(canvas, row, GROUND_BAND);
	}
}

size_t paint_row_at(struct rect area, const struct table *table, int y)
{
	struct rect inner = rows_area(area);

	if (y < inner.y || y >= inner.y + inner.rows)
		return table->count;
	size_t at = table->top + (size_t)(y - inner.y);
	return at < table->count ? at : table->count;
}

int paint_column_at(struct rect area, const struct table *table, int x)
{
	unsigned widths[COLUMN_MAX];
	int from = area.x + MARGIN;

	table_widths(table, (unsigned)(area.columns - MARGIN), widths);
	for (unsigned i = 0; i < table->column_count; i++) {
		if (!widths[i])
			continue;
		if (x >= from && x < from + (int)widths[i])
			return (int)i;
		from += (int)widths[i] + 1;
	}
	return NONE;
}
