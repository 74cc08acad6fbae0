// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of views, and views as plain text.  What a view shows is in its
 * own file.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

static const struct view *const views[] = {
	&view_summary, &view_tree, &view_groups, &view_gpus,
	&view_interrupts, &view_vfio, &view_devices, &view_findings,
	&view_iommus, &view_holders, &view_rules, &view_sessions,
	&view_history, &view_config, &view_log, &view_drift,
	&view_diff, &view_changes, &view_usb, &view_storage,
};

_Static_assert(sizeof views / sizeof *views == VIEW_COUNT,
	       "VIEW_COUNT is the number of views");

const struct view *view_at(unsigned index)
{
	return index < VIEW_COUNT ? views[index] : NULL;
}

const struct view *view_find(const char *id)
{
	for (size_t i = 0; i < VIEW_COUNT; i++)
		if (strcmp(views[i]->id, id) == 0)
			return views[i];
	return NULL;
}

int view_of_ref(const char *ref)
{
	if (!text_starts(ref, VIEW_REF))
		return NONE;
	for (size_t i = 0; i < VIEW_COUNT; i++)
		if (strcmp(views[i]->id, ref + strlen(VIEW_REF)) == 0)
			return (int)i;
	return NONE;
}

const char *view_empty(const struct view *view, const struct scene *scene,
		       struct arena *arena)
{
	enum known known = view->known ? view->known(scene->system) : KNOWN;

	if (view->nothing)
		return view->nothing(scene, arena);
	if (known_is_settled(known))
		return view->empty ? _(view->empty) : "";
	return arena_printf(arena, _("Not known: %s."), known_why(known));
}

static void add_blanks(struct buf *out, unsigned count)
{
	while (count--)
		buf_putc(out, ' ');
}

/* Add a cell, cut and padded to its column. */
static void add_cell(struct buf *out, const struct column *column,
		     unsigned width, unsigned indent, const char *text,
		     bool ascii)
{
	unsigned room = width > indent ? width - indent : 0;
	unsigned used = text_width(text);
	struct buf cut = {0};

	if (used > room) {
		buf_add(&cut, text, text_fit(text, room ? room - 1 : 0));
		buf_puts(&cut, room ? "…" : "");
		text = buf_str(&cut);
		used = text_width(text);
	}
	add_blanks(out, indent < width ? indent : width);
	if (column->right)
		add_blanks(out, room - used);
	sign_puts(out, text, ascii);
	if (!column->right)
		add_blanks(out, room - used);
	buf_free(&cut);
}

static void end_row(struct buf *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_putc(out, '\n');
}

/* Whether nobody looked at what a column shows: `list devices` reads less
 * than the screen does, and leaves such columns out. */
static bool is_unread(const struct table *table, unsigned column)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table_row(table, i)->cells[column].text, "?") != 0)
			return false;
	return true;
}

static void list_text(const struct table *table, bool ascii,
		      unsigned columns, struct buf *out)
{
	unsigned widths[COLUMN_MAX];

	table_widths(table, columns, widths);
	for (unsigned c = 0; c < table->column_count; c++)
		if (is_unread(table, c))
			widths[c] = 0;
	for (unsigned c = 0; c < table->column_count; c++)
		if (widths[c]) {
			add_cell(out, &table->columns[c], widths[c], 0,
				 _(table->columns[c].title), ascii);
			buf_putc(out, ' ');
		}
	end_row(out);
	for (size_t i = 0; i < table->count; i++) {
		const struct row *row = table_row(table, i);
		for (unsigned c = 0; c < table->column_count; c++) {
			unsigned indent = table->columns[c].tree ?
						  2 * row->depth : 0;
			if (!widths[c])
				continue;
			add_cell(out, &table->columns[c], widths[c], indent,
				 row->cells[c].text, ascii);
			buf_putc(out, ' ');
		}
		end_row(out);
	}
}

/* The sentence above a list. */
static void head_text(const struct view *view, const struct scene *scene,
		      struct page *page, struct buf *out)
{
	if (!view->head)
		return;
	page_add(page, ROLE_TEXT, view->head(scene, page->arena).text);
	page_end(page);
	page_text(page, scene->ascii, out);
	buf_putc(out, '\n');
}

void view_text(const struct view *view, const struct scene *scene,
	       unsigned columns, struct buf *out)
{
	struct arena arena = {0};
	struct table table = {0};
	struct page page;

	page_start(&page, &arena, columns);
	if (view->page) {
		view->page(scene, &page);
		page_text(&page, scene->ascii, out);
	} else {
		struct rows rows = { .arena = &arena };
		view->build(scene, &rows);
		table_take(&table, view->columns, view->column_count, &rows);
		if (table.count) {
			head_text(view, scene, &page, out);
			list_text(&table, scene->ascii, columns, out);
		} else {
			page_add(&page, ROLE_TEXT,
				 view_empty(view, scene, &arena));
			page_end(&page);
			page_text(&page, scene->ascii, out);
		}
	}
	table_free(&table);
	arena_free(&arena);
}
