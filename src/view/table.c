// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A list: sorted, filtered, folded, searched, with a cursor that stays on its
 * subject.  It does not build rows and does not draw them.
 */
#include "view/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct row *rows_note(struct rows *rows, const char *name, unsigned depth)
{
	rows->items = arena_grow(rows->arena, rows->items, rows->count,
				 &rows->room, sizeof *rows->items);
	struct row *row = &rows->items[rows->count++];
	*row = (struct row){ .ref = name, .depth = depth, .band = NONE };
	for (unsigned i = 0; i < COLUMN_MAX; i++)
		row->cells[i].text = "";
	return row;
}

struct row *rows_add(struct rows *rows, const struct system *system,
		     struct subject subject, const struct finding *finding,
		     unsigned depth)
{
	char ref[REF_TEXT];

	ref_print(system, subject, finding ? finding->rule : NULL, ref);
	struct row *row = rows_note(rows, arena_text(rows->arena, ref), depth);
	row->subject = subject;
	row->finding = finding;
	return row;
}

void row_set(struct row *row, unsigned column, enum role role,
	     const char *text)
{
	row->cells[column] = (struct text){ text, role };
}

static char *find_ref(const struct refs *refs, const char *ref)
{
	char line[REF_TEXT + 3];

	snprintf(line, sizeof line, "\n%s\n", ref);
	return refs->text.data ? strstr(refs->text.data, line) : NULL;
}

bool refs_has(const struct refs *refs, const char *ref)
{
	return refs->count && find_ref(refs, ref);
}

void refs_turn(struct refs *refs, const char *ref)
{
	struct buf *text = &refs->text;
	char *at = find_ref(refs, ref);

	if (!at) {
		buf_printf(text, "%s%s\n", text->len ? "" : "\n", ref);
		refs->count++;
		return;
	}
	size_t len = strlen(ref) + 1;
	size_t from = (size_t)(at - text->data);
	memmove(at, at + len, text->len - from - len + 1);
	text->len -= len;
	refs->count--;
}

void refs_empty(struct refs *refs)
{
	buf_reset(&refs->text);
	if (refs->text.data)
		*refs->text.data = '\0';
	refs->count = 0;
}

void refs_free(struct refs *refs)
{
	buf_free(&refs->text);
	refs->count = 0;
}

static const struct row *row_at(const struct table *table, size_t at)
{
	return &table->rows.items[table->order[at]];
}

/* One past the last row below @at in build order. */
static size_t end_of(const struct rows *rows, size_t at)
{
	unsigned depth = rows->items[at].depth;
	size_t end = at + 1;

	while (end < rows->count && rows->items[end].depth > depth)
		end++;
	return end;
}

static bool row_holds(const struct table *table, const struct row *row,
		      const char *text)
{
	for (unsigned i = 0; i < table->column_count; i++)
		if (text_has(row->cells[i].text, text))
			return true;
	return text_has(row->ref, text);
}

/* Whether the row or one below it holds the filter's text. */
static bool is_wanted(const struct table *table, size_t at)
{
	size_t end = end_of(&table->rows, at);

	if (!*table->filter)
		return true;
	for (; at < end; at++)
		if (row_holds(table, &table->rows.items[at], table->filter))
			return true;
	return false;
}

/* Compare as a person counts: "dmar2" before "dmar10". */
static int compare_natural(const char *a, const char *b)
{
	while (*a && *b) {
		if (*a >= '0' && *a <= '9' && *b >= '0' && *b <= '9') {
			char *a_end, *b_end;
			unsigned long x = strtoul(a, &a_end, 10);
			unsigned long y = strtoul(b, &b_end, 10);
			if (x != y)
				return x < y ? -1 : 1;
			a = a_end;
			b = b_end;
		} else if (*a != *b) {
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		} else {
			a++;
			b++;
		}
	}
	return *a ? 1 : *b ? -1 : 0;
}

static int compare_rows(const struct table *table, unsigned a, unsigned b)
{
	const struct column *column = &table->columns[table->sort];
	int order = 0;

	if (!column->by_order)
		order = compare_natural(
			table->rows.items[a].cells[table->sort].text,
			table->rows.items[b].cells[table->sort].text);
	else
		order = a < b ? -1 : 1;
	if (table->descending)
		order = -order;
	return order ? order : a < b ? -1 : 1;
}

/* Sort siblings by insertion: lists are short and mostly in order. */
static void sort_rows(const struct table *table, unsigned *items, size_t count)
{
	if (table->sort == NONE)
		return;
	for (size_t i = 1; i < count; i++) {
		unsigned item = items[i];
		size_t j = i;
		while (j && compare_rows(table, item, items[j - 1]) < 0) {
			items[j] = items[j - 1];
			j--;
		}
		items[j] = item;
	}
}

/* Put the rows of [at, end), all siblings and what is below them, in sight.
 * Depth is bounded by the rows: each level is a row deeper. */
static void arrange(struct table *table, size_t at, size_t end)
{
	const struct rows *rows = &table->rows;
	unsigned *siblings = arena_array(rows->arena, end - at + 1,
					 sizeof *siblings);
	size_t count = 0;

	for (size_t i = at; i < end; i = end_of(rows, i))
		if (is_wanted(table, i))
			siblings[count++] = (unsigned)i;
	sort_rows(table, siblings, count);
	for (size_t i = 0; i < count; i++) {
		size_t parent = siblings[i];
		table->order[table->count++] = (unsigned)parent;
		/* A filter looks into what is folded. */
		if (*table->filter ||
		    !refs_has(&table->folded, rows->items[parent].ref))
			arrange(table, parent + 1, end_of(rows, parent));
	}
}

/* Lay a band under every other run of rows that go together. */
static void lay_bands(struct table *table)
{
	bool band = true;

	for (size_t i = 0; i < table->count; i++) {
		int here = row_at(table, i)->band;
		if (i == 0 || here == NONE ||
		    here != row_at(table, i - 1)->band)
			band = !band;
		table->band[i] = here != NONE && band;
	}
}

static size_t find_row(const struct table *table, const char *ref)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(row_at(table, i)->ref, ref) == 0)
			return i;
	return table->count;
}

/* Put the cursor where its subject is now; else on what hides it, else on
 * its old place. */
static void keep_cursor(struct table *table)
{
	size_t at = find_row(table, table->cursor);

	if (at == table->count && table->at < table->count)
		at = table->at;
	if (at >= table->count)
		at = table->count ? table->count - 1 : 0;
	table_to(table, at);
}

static void rebuild(struct table *table)
{
	table->count = 0;
	arrange(table, 0, table->rows.count);
	lay_bands(table);
	keep_cursor(table);
}

void table_take(struct table *table, const struct column *columns,
		unsigned column_count, const struct rows *rows)
{
	if (!table->columns)
		table->sort = NONE;
	table->columns = columns;
	table->column_count = column_count;
	table->rows = *rows;
	table->order = arena_array(rows->arena, rows->count + 1,
				   sizeof *table->order);
	table->band = arena_array(rows->arena, rows->count + 1,
				  sizeof *table->band);
	rebuild(table);
}

void table_sort(struct table *table, int column, bool descending)
{
	table->sort = column;
	table->descending = descending;
	rebuild(table);
}

void table_filter(struct table *table, const char *text)
{
	snprintf(table->filter, sizeof table->filter, "%s", text);
	rebuild(table);
}

bool table_is_parent(const struct table *table, size_t at)
{
	size_t row = at < table->count ? table->order[at] : table->rows.count;

	return row + 1 < table->rows.count &&
	       table->rows.items[row + 1].depth > table->rows.items[row].depth;
}

bool table_is_folded(const struct table *table, size_t at)
{
	return at < table->count && !*table->filter &&
	       refs_has(&table->folded, row_at(table, at)->ref);
}

/* Go to the row that the cursor's row is below. */
static void to_parent(struct table *table)
{
	unsigned depth = row_at(table, table->at)->depth;

	for (size_t i = table->at; i-- > 0;)
		if (row_at(table, i)->depth < depth) {
			table_to(table, i);
			return;
		}
}

void table_fold(struct table *table, bool fold)
{
	if (!table->count)
		return;
	bool folded = table_is_folded(table, table->at);
	if (table_is_parent(table, table->at) && fold != folded) {
		refs_turn(&table->folded, row_at(table, table->at)->ref);
		rebuild(table);
	} else if (fold) {
		to_parent(table);
	}
}

void table_to(struct table *table, size_t at)
{
	if (at >= table->count)
		at = table->count ? table->count - 1 : 0;
	table->at = at;
	if (table->count)
		snprintf(table->cursor, sizeof table->cursor, "%s",
			 row_at(table, at)->ref);
}

void table_move(struct table *table, long by)
{
	long at = (long)table->at + by;

	table_to(table, at < 0 ? 0 : (size_t)at);
}

/* Unfold every row above the one at @at of the build. */
static void unfold_above(struct table *table, size_t at)
{
	const struct row *items = table->rows.items;
	unsigned depth = items[at].depth;

	while (at-- > 0 && depth)
		if (items[at].depth < depth) {
			depth = items[at].depth;
			if (refs_has(&table->folded, items[at].ref))
				refs_turn(&table->folded, items[at].ref);
		}
}

bool table_seek(struct table *table, const char *ref)
{
	size_t at = find_row(table, ref);

	for (size_t i = 0; at == table->count && i < table->rows.count; i++)
		if (strcmp(table->rows.items[i].ref, ref) == 0) {
			unfold_above(table, i);
			rebuild(table);
			at = find_row(table, ref);
			break;
		}
	if (at == table->count)
		return false;
	table_to(table, at);
	return true;
}

bool table_search(struct table *table, const char *text, bool back)
{
	size_t count = table->count;

	for (size_t i = 1; *text && i <= count; i++) {
		size_t at = (table->at + (back ? count - i : i)) % count;
		if (row_holds(table, row_at(table, at), text)) {
			table_to(table, at);
			return true;
		}
	}
	return false;
}

const struct row *table_row(const struct table *table, size_t at)
{
	return at < table->count ? row_at(table, at) : NULL;
}

const struct row *table_current(const struct table *table)
{
	return table_row(table, table->at);
}

void table_show(struct table *table, unsigned rows)
{
	if (!rows)
		return;
	if (table->top + rows > table->count)
		table->top = table->count > rows ? table->count - rows : 0;
	if (table->at < table->top)
		table->top = table->at;
	if (table->at >= table->top + rows)
		table->top = table->at - rows + 1;
}

unsigned table_indent(const struct table *table, size_t at)
{
	return 2 * row_at(table, at)->depth + 2;
}

void table_free(struct table *table)
{
	refs_free(&table->folded);
	*table = (struct table){0};
}
