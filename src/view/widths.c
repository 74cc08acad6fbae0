// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How wide the columns of a list are.  It draws nothing.
 */
#include "view/table.h"

#include "base/i18n.h"
#include "base/text.h"

static bool has_tree(const struct table *table)
{
	for (size_t i = 0; i < table->rows.count; i++)
		if (table->rows.items[i].depth)
			return true;
	return false;
}

/* What a column needs to show everything that is in sight. */
static unsigned need_of(const struct table *table, unsigned column)
{
	unsigned need = text_width(_(table->columns[column].title));
	bool tree = table->columns[column].tree && has_tree(table);

	for (size_t i = 0; i < table->count; i++) {
		const struct row *row = table_row(table, i);
		unsigned width = text_width(row->cells[column].text);
		if (tree)
			width += table_indent(table, i);
		if (width > need)
			need = width;
	}
	return need;
}

static unsigned least_of(const struct table *table, unsigned column,
			 unsigned need)
{
	unsigned least = table->columns[column].least;

	if (!table->columns[column].flexible || need < least)
		return need;
	return least;
}

/* Columns and the blanks between them, each as narrow as it may be. */
static unsigned least_sum(const struct table *table, const unsigned *needs,
			  const unsigned *widths)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < table->column_count; i++)
		if (widths[i])
			sum += least_of(table, i, needs[i]) + 1;
	return sum ? sum - 1 : 0;
}

/* Take away the column that matters least; false when all that is left
 * must stay. */
static bool drop_one(const struct table *table, unsigned *widths)
{
	unsigned worst = table->column_count, priority = 0;

	for (unsigned i = 0; i < table->column_count; i++)
		if (widths[i] && table->columns[i].priority >= priority &&
		    table->columns[i].priority) {
			worst = i;
			priority = table->columns[i].priority;
		}
	if (worst == table->column_count)
		return false;
	widths[worst] = 0;
	return true;
}

/* Widen flexible columns one by one until all fits or nothing is over. */
static void share(const struct table *table, const unsigned *needs,
		  unsigned *widths, unsigned over)
{
	bool given = true;

	while (over && given) {
		given = false;
		for (unsigned i = 0; over && i < table->column_count; i++)
			if (widths[i] && widths[i] < needs[i]) {
				widths[i]++;
				over--;
				given = true;
			}
	}
}

void table_widths(const struct table *table, unsigned available,
		  unsigned widths[static COLUMN_MAX])
{
	unsigned needs[COLUMN_MAX] = {0};

	for (unsigned i = 0; i < COLUMN_MAX; i++)
		widths[i] = 0;
	for (unsigned i = 0; i < table->column_count; i++)
		widths[i] = needs[i] = need_of(table, i);
	if (!available)
		return;
	while (least_sum(table, needs, widths) > available &&
	       drop_one(table, widths))
		;
	unsigned least = least_sum(table, needs, widths);
	for (unsigned i = 0; i < table->column_count; i++)
		if (widths[i])
			widths[i] = least_of(table, i, needs[i]);
	if (least < available)
		share(table, needs, widths, available - least);
}
