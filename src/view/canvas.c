// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A screen as cells with meanings.  It knows neither a terminal nor what is
 * drawn on it.
 */
#include "view/canvas.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "view/sign.h"

static const char role_letters[ROLE_COUNT + 1] = {
	[ROLE_TEXT] = 'x', [ROLE_DIM] = 'd', [ROLE_TITLE] = 't',
	[ROLE_HEADING] = 'h', [ROLE_TAB] = 'n', [ROLE_GOOD] = 'g',
	[ROLE_WARN] = 'w', [ROLE_BAD] = 'b', [ROLE_UNKNOWN] = 'u',
	[ROLE_KEY] = 'k', [ROLE_BORDER] = 'l', [ROLE_ADDRESS] = 'a',
	[ROLE_MARKED] = 'm', [ROLE_CHANGED] = 'c',
};

static const struct cell nothing = { .c = ' ', .width = 1 };

struct canvas *canvas_make(struct arena *arena, unsigned columns,
			   unsigned rows, bool ascii)
{
	struct canvas *canvas = arena_alloc(arena, sizeof *canvas);
	size_t count = (size_t)columns * rows;

	*canvas = (struct canvas){
		.columns = columns, .rows = rows, .ascii = ascii,
		.cells = arena_array(arena, count + 1, sizeof *canvas->cells),
		.cursor_x = -1, .cursor_y = -1,
	};
	for (size_t i = 0; i < count; i++)
		canvas->cells[i] = nothing;
	return canvas;
}

static struct cell *cell_at(const struct canvas *canvas, int x, int y)
{
	if (x < 0 || y < 0 || x >= (int)canvas->columns ||
	    y >= (int)canvas->rows)
		return NULL;
	return &canvas->cells[(size_t)y * canvas->columns + (size_t)x];
}

/* Make room for one cell: a wide character that loses a half is gone. */
static void clear_cell(struct canvas *canvas, int x, int y)
{
	struct cell *cell = cell_at(canvas, x, y);
	struct cell *left = cell_at(canvas, x - 1, y);
	struct cell *right = cell_at(canvas, x + 1, y);

	if (!cell)
		return;
	if (cell->width == 0 && left && left->width == 2) {
		left->c = ' ';
		left->width = 1;
	}
	if (cell->width == 2 && right && right->width == 0) {
		right->c = ' ';
		right->width = 1;
	}
	cell->c = ' ';
	cell->accent = 0;
	cell->width = 1;
}

static void put_char(struct canvas *canvas, int x, int y, uint32_t c,
		     unsigned width, enum role role)
{
	struct cell *cell = cell_at(canvas, x, y);

	if (width == 2 && (!cell || !cell_at(canvas, x + 1, y))) {
		put_char(canvas, x, y, ' ', 1, role);
		put_char(canvas, x + 1, y, ' ', 1, role);
		return;
	}
	clear_cell(canvas, x, y);
	if (!cell)
		return;
	cell->c = c;
	cell->role = (uint8_t)role;
	if (width != 2)
		return;
	clear_cell(canvas, x + 1, y);
	cell->width = 2;
	cell[1].width = 0;
	cell[1].c = 0;
	cell[1].role = (uint8_t)role;
}

/* Set a combining character on what stands left of @x. */
static void put_accent(struct canvas *canvas, int x, int y, uint32_t c)
{
	struct cell *cell = cell_at(canvas, x - 1, y);

	if (cell && cell->width == 0)
		cell = cell_at(canvas, x - 2, y);
	if (cell && !cell->accent && !canvas->ascii)
		cell->accent = c;
}

int canvas_put(struct canvas *canvas, int x, int y, int columns,
	       enum role role, const char *text)
{
	int used = 0;

	if (columns <= 0)
		return 0;
	bool cut = text_width(text) > (unsigned)columns;
	int room = cut ? columns - 1 : columns;
	for (uint32_t c; (c = text_take(&text)) != 0;) {
		unsigned width = text_char_width(c);
		if (canvas->ascii) {
			c = sign_ascii(c);
			if (width == 2)
				put_char(canvas, x + used + 1, y, ' ', 1, role);
		}
		if (used + (int)width > room)
			break;
		if (width == 0)
			put_accent(canvas, x + used, y, c);
		else
			put_char(canvas, x + used, y, c,
				 canvas->ascii ? 1 : width, role);
		used += (int)width;
	}
	if (cut) {
		uint32_t more = canvas->ascii ? sign_ascii(0x2026) : 0x2026;
		put_char(canvas, x + used, y, more, 1, role);
		used++;
	}
	return used;
}

int canvas_printf(struct canvas *canvas, int x, int y, int columns,
		  enum role role, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return canvas_put(canvas, x, y, columns, role, text);
}

void canvas_blank(struct canvas *canvas, struct rect area)
{
	for (int y = area.y; y < area.y + area.rows; y++)
		for (int x = area.x; x < area.x + area.columns; x++) {
			struct cell *cell = cell_at(canvas, x, y);
			clear_cell(canvas, x, y);
			if (cell)
				*cell = nothing;
		}
}

void canvas_ground(struct canvas *canvas, struct rect area,
		   enum ground ground)
{
	for (int y = area.y; y < area.y + area.rows; y++)
		for (int x = area.x; x < area.x + area.columns; x++) {
			struct cell *cell = cell_at(canvas, x, y);
			if (cell)
				cell->ground = (uint8_t)ground;
		}
}

void canvas_rule(struct canvas *canvas, int x, int y, int columns)
{
	for (int i = 0; i < columns; i++)
		canvas_put(canvas, x + i, y, 1, ROLE_BORDER, "─");
}

void canvas_upright(struct canvas *canvas, int x, int y, int rows)
{
	for (int i = 0; i < rows; i++)
		canvas_put(canvas, x, y + i, 1, ROLE_BORDER, "│");
}

void canvas_box(struct canvas *canvas, struct rect area, const char *title)
{
	int right = area.x + area.columns - 1;
	int bottom = area.y + area.rows - 1;

	canvas_blank(canvas, area);
	canvas_rule(canvas, area.x, area.y, area.columns);
	canvas_rule(canvas, area.x, bottom, area.columns);
	canvas_upright(canvas, area.x, area.y, area.rows);
	canvas_upright(canvas, right, area.y, area.rows);
	canvas_put(canvas, area.x, area.y, 1, ROLE_BORDER, "┌");
	canvas_put(canvas, right, area.y, 1, ROLE_BORDER, "┐");
	canvas_put(canvas, area.x, bottom, 1, ROLE_BORDER, "└");
	canvas_put(canvas, right, bottom, 1, ROLE_BORDER, "┘");
	if (area.columns < 8 || !*title)
		return;
	int used = canvas_put(canvas, area.x + 3, area.y, area.columns - 6,
			      ROLE_TITLE, title);
	canvas_put(canvas, area.x + 2, area.y, 1, ROLE_BORDER, " ");
	canvas_put(canvas, area.x + 3 + used, area.y, 1, ROLE_BORDER, " ");
}

static void cut_blanks(struct buf *out, size_t from)
{
	while (out->len > from && out->data[out->len - 1] == ' ')
		out->len--;
	buf_putc(out, '\n');
}

void canvas_text(const struct canvas *canvas, struct buf *out)
{
	for (unsigned y = 0; y < canvas->rows; y++) {
		size_t from = out->len;
		for (unsigned x = 0; x < canvas->columns; x++) {
			const struct cell *cell =
				&canvas->cells[y * canvas->columns + x];
			char text[5];
			if (cell->width == 0)
				continue;
			buf_add(out, text, text_encode(cell->c, text));
			if (cell->accent)
				buf_add(out, text,
					text_encode(cell->accent, text));
		}
		cut_blanks(out, from);
	}
}

static char role_letter(const struct cell *cell)
{
	static const char blank[GROUND_COUNT] = {
		[GROUND_PLAIN] = ' ', [GROUND_BAND] = ':',
		[GROUND_SELECTED] = '_',
	};
	char letter = role_letters[cell->role];

	if (cell->c == ' ')
		return blank[cell->ground];
	return cell->ground == GROUND_SELECTED ? (char)(letter - 'a' + 'A') :
						 letter;
}

void canvas_roles(const struct canvas *canvas, struct buf *out)
{
	for (unsigned y = 0; y < canvas->rows; y++) {
		size_t from = out->len;
		for (unsigned x = 0; x < canvas->columns; x++)
			buf_putc(out, role_letter(
				&canvas->cells[y * canvas->columns + x]));
		cut_blanks(out, from);
	}
}
