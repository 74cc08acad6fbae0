// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flowing text with meanings: wrapped, scrolled, drawn or printed.  It does
 * not know what it says.
 */
#include "view/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

void page_start(struct page *page, struct arena *arena, unsigned width)
{
	*page = (struct page){ .arena = arena, .width = width };
}

static struct line *begin_line(struct page *page, unsigned column)
{
	page->lines = arena_grow(page->arena, page->lines, page->count,
				 &page->room, sizeof *page->lines);
	struct line *line = &page->lines[page->count++];
	*line = (struct line){ .columns = column, .ref = page->ref };
	page->open = true;
	return line;
}

static struct line *open_line(struct page *page)
{
	if (page->open)
		return &page->lines[page->count - 1];
	return begin_line(page, page->indent);
}

static void add_span(struct page *page, struct line *line, enum role role,
		     const char *text)
{
	line->spans = arena_grow(page->arena, line->spans, line->count,
				 &line->room, sizeof *line->spans);
	line->spans[line->count++] =
		(struct span){ line->columns, role, text };
	line->columns += text_width(text);
}

/* Marks that may not begin a line: those that close and those that pause. */
static bool closes(uint32_t c)
{
	static const uint32_t marks[] = { 0x3001, 0x3002, 0xff01, 0xff09,
					  0xff0c, 0xff1a, 0xff1b, 0xff1f,
					  0x201d, 0x300b, 0x300d };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i] == c)
			return true;
	return false;
}

static bool opens(uint32_t c)
{
	return c == 0xff08 || c == 0x201c || c == 0x300a || c == 0x300c;
}

/* Wide characters (Chinese, Japanese) have no blanks between words: a line
 * may end beside any of them. */
static bool may_break(uint32_t before, uint32_t after)
{
	if (after == ' ')
		return true;
	return (text_char_width(before) == 2 || text_char_width(after) == 2) &&
	       !closes(after) && !opens(before) && before != ' ';
}

/* Bytes of the longest run of whole words that fits in @room columns;
 * 0 when not even the first does. */
static size_t words_that_fit(const char *text, unsigned room)
{
	size_t fits = text_fit(text, room), last = 0;
	const char *at = text;
	uint32_t before = 0;

	if (!text[fits])
		return fits;
	while ((size_t)(at - text) <= fits) {
		const char *next = at;
		uint32_t c = text_take(&next);
		if (at > text && may_break(before, c))
			last = (size_t)(at - text);
		before = c;
		at = next;
	}
	return last;
}

void page_add(struct page *page, enum role role, const char *text)
{
	struct line *line = open_line(page);

	while (*text) {
		unsigned room = page->width > line->columns ?
					page->width - line->columns : 0;
		size_t take = page->width ? words_that_fit(text, room) :
					    strlen(text);
		unsigned start = page->hang < page->width ? page->hang : 0;
		if (!take && line->columns <= start)
			take = text_fit(text, room ? room : 1);
		if (!take && line->columns <= start)
			take = strlen(text);
		if (take)
			add_span(page, line, role,
				 text[take] ? arena_copy(page->arena, text, take)
					    : text);
		text += take;
		while (text[0] == ' ' && (take || line->columns > start) &&
		       page->width)
			text++;
		if (*text)
			line = begin_line(page, start);
	}
}

void page_printf(struct page *page, enum role role, const char *format, ...)
{
	char text[800];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	page_add(page, role, arena_text(page->arena, text));
}

void page_solid(struct page *page, enum role role, const char *text)
{
	add_span(page, open_line(page), role, text);
}

void page_cell(struct page *page, enum role role, unsigned columns,
	       const char *text)
{
	if (text_width(text) > columns && columns)
		text = arena_printf(page->arena, "%.*s…",
				    (int)text_fit(text, columns - 1), text);
	page_solid(page, role, text);
}

void page_tab(struct page *page, unsigned column)
{
	struct line *line = open_line(page);

	line->columns = line->columns < column ? column : line->columns + 1;
}

void page_end(struct page *page)
{
	open_line(page);
	page->open = false;
}

void page_gap(struct page *page)
{
	page->open = false;
	if (!page->count || !page->lines[page->count - 1].count)
		return;
	const char *ref = page->ref;
	page->ref = NULL;
	begin_line(page, 0);
	page->ref = ref;
	page->open = false;
}

void page_indent(struct page *page, unsigned indent, unsigned hang)
{
	page->indent = indent;
	page->hang = hang;
}

void page_title(struct page *page, const char *text)
{
	page_add(page, ROLE_TITLE, text);
	page_end(page);
}

void page_marked(struct page *page, enum mark mark, enum role role,
		 const char *text)
{
	unsigned hang = page->hang;

	page->hang = page->indent + 2;
	page_solid(page, sign_role(mark), sign_of(mark));
	page_tab(page, page->hang);
	page_add(page, role, text);
	page_end(page);
	page->hang = hang;
}

void page_pair(struct page *page, const char *label, unsigned columns,
	       enum role role, const char *text)
{
	unsigned hang = page->hang;

	page->hang = page->indent + columns;
	page_solid(page, ROLE_DIM, label);
	page_tab(page, page->hang);
	page_add(page, role, text);
	page_end(page);
	page->hang = hang;
}

static void pad(struct buf *out, unsigned *at, unsigned column)
{
	while (*at < column) {
		buf_putc(out, ' ');
		++*at;
	}
}

void page_text(const struct page *page, bool ascii, struct buf *out)
{
	for (size_t i = 0; i < page->count; i++) {
		unsigned at = 0;
		for (size_t s = 0; s < page->lines[i].count; s++) {
			const struct span *span = &page->lines[i].spans[s];
			pad(out, &at, span->column);
			sign_puts(out, span->text, ascii);
			at += text_width(span->text);
		}
		buf_putc(out, '\n');
	}
}

static bool same_ref(const struct page *page, size_t at, const char *ref)
{
	return at < page->count && page->lines[at].ref &&
	       strcmp(page->lines[at].ref, ref) == 0;
}

/* Put the cursor on a line, or nowhere when that has no reference. */
static void stand_on(const struct page *page, struct scroll *scroll,
		     size_t at)
{
	const char *ref = at < page->count ? page->lines[at].ref : NULL;

	scroll->at = at;
	snprintf(scroll->ref, sizeof scroll->ref, "%s", ref ? ref : "");
}

/* The next line with another reference, from the cursor or the edge of
 * what is in sight; page->count when there is none in sight. */
static size_t next_ref(const struct page *page, const struct scroll *scroll,
		       unsigned rows, int by)
{
	size_t end = scroll->top + rows;
	bool on = *scroll->ref && scroll->at >= scroll->top &&
		  scroll->at < end;
	size_t at = on ? scroll->at : by > 0 ? scroll->top - 1 : end;

	for (;;) {
		at += (size_t)by;
		if (at >= page->count || at < scroll->top || at >= end)
			return page->count;
		if (page->lines[at].ref && !(on && same_ref(page, at,
							    scroll->ref)))
			break;
	}
	/* Stand on the first of the lines that wrapped. */
	while (at > scroll->top &&
	       same_ref(page, at - 1, page->lines[at].ref))
		at--;
	return at;
}

static void clamp(const struct page *page, struct scroll *scroll,
		  unsigned rows)
{
	size_t last = page->count > rows ? page->count - rows : 0;

	if (scroll->top > last)
		scroll->top = last;
}

void page_keep(const struct page *page, struct scroll *scroll, unsigned rows)
{
	clamp(page, scroll, rows);
	if (!*scroll->ref || same_ref(page, scroll->at, scroll->ref))
		return;
	for (size_t i = 0; i < page->count; i++)
		if (same_ref(page, i, scroll->ref)) {
			scroll->at = i;
			return;
		}
	*scroll->ref = '\0';
}

static void step(const struct page *page, struct scroll *scroll,
		 unsigned rows, int by)
{
	size_t at = next_ref(page, scroll, rows, by);

	if (at < page->count) {
		stand_on(page, scroll, at);
		return;
	}
	if (by > 0)
		scroll->top++;
	else if (scroll->top)
		scroll->top--;
	clamp(page, scroll, rows);
	at = next_ref(page, scroll, rows, by);
	if (at < page->count)
		stand_on(page, scroll, at);
}

void page_move(const struct page *page, struct scroll *scroll, unsigned rows,
	       int by)
{
	int way = by < 0 ? -1 : 1;

	page_keep(page, scroll, rows);
	if (by == 1 || by == -1) {
		step(page, scroll, rows, way);
		return;
	}
	size_t far = (size_t)(by < 0 ? -(long)by : by);
	if (by < 0)
		scroll->top = scroll->top > far ? scroll->top - far : 0;
	else
		scroll->top += far;
	clamp(page, scroll, rows);
	*scroll->ref = '\0';
	size_t at = next_ref(page, scroll, rows, by < 0 ? 1 : -1);
	if (at < page->count)
		stand_on(page, scroll, at);
}

const char *page_ref(const struct page *page, const struct scroll *scroll)
{
	return *scroll->ref && same_ref(page, scroll->at, scroll->ref) ?
		       page->lines[scroll->at].ref : NULL;
}

static void paint_line(const struct line *line, struct canvas *canvas,
		       struct rect area)
{
	for (size_t i = 0; i < line->count; i++) {
		const struct span *span = &line->spans[i];
		canvas_put(canvas, area.x + (int)span->column, area.y,
			   area.columns - (int)span->column, span->role,
			   span->text);
	}
}

void page_paint(const struct page *page, struct canvas *canvas,
		struct rect area, const struct scroll *scroll)
{
	size_t top = scroll ? scroll->top : 0;

	for (int y = 0; y < area.rows && top + (size_t)y < page->count; y++) {
		size_t at = top + (size_t)y;
		struct rect row = { area.x, area.y + y, area.columns, 1 };
		paint_line(&page->lines[at], canvas, row);
		if (scroll && *scroll->ref && at >= scroll->at &&
		    same_ref(page, at, scroll->ref))
			canvas_ground(canvas, row, GROUND_SELECTED);
	}
	if (area.rows < 1 || area.columns < 8)
		return;
	if (top + (size_t)area.rows < page->count)
		canvas_put(canvas, area.x + area.columns - 1,
			   area.y + area.rows - 1, 1, ROLE_KEY, "↓");
	if (top)
		canvas_put(canvas, area.x + area.columns - 1, area.y, 1,
			   ROLE_KEY, "↑");
}
