// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "view/canvas.h"
#include "view/page.h"

static struct arena arena;
static struct buf out;

static const char *characters(const struct canvas *canvas)
{
	buf_reset(&out);
	canvas_text(canvas, &out);
	return buf_str(&out);
}

static const char *meanings(const struct canvas *canvas)
{
	buf_reset(&out);
	canvas_roles(canvas, &out);
	return buf_str(&out);
}

static struct canvas *make(unsigned columns, unsigned rows)
{
	return canvas_make(&arena, columns, rows, false);
}

static int clean(void **state)
{
	(void)state;
	arena_free(&arena);
	buf_free(&out);
	return 0;
}

static void text_is_cut_where_its_place_ends(void **state)
{
	struct canvas *canvas = make(10, 2);

	(void)state;
	assert_int_equal(canvas_put(canvas, 0, 0, 5, ROLE_TEXT, "passthrough"),
			 5);
	assert_int_equal(canvas_put(canvas, 0, 1, 5, ROLE_TEXT, "group"), 5);
	assert_string_equal(characters(canvas), "pass…\ngroup\n");
}

static void nothing_is_drawn_outside(void **state)
{
	struct canvas *canvas = make(4, 2);

	(void)state;
	canvas_put(canvas, -2, 0, 20, ROLE_TEXT, "abcdefgh");
	canvas_put(canvas, 0, 7, 20, ROLE_TEXT, "below");
	canvas_put(canvas, 3, -1, 20, ROLE_TEXT, "above");
	canvas_put(canvas, 0, 1, -3, ROLE_TEXT, "no room");
	canvas_ground(canvas, (struct rect){ -5, -5, 50, 50 }, GROUND_BAND);
	canvas_box(canvas, (struct rect){ 2, 1, 9, 9 }, "title");
	assert_string_equal(characters(canvas), "cdef\n  ┌─\n");
}

static void wide_characters_keep_both_halves_or_none(void **state)
{
	struct canvas *canvas = make(6, 3);

	(void)state;
	assert_int_equal(canvas_put(canvas, 0, 0, 6, ROLE_TEXT, "显示器"), 6);
	assert_int_equal(canvas_put(canvas, 0, 1, 5, ROLE_TEXT, "显示器"), 5);
	canvas_put(canvas, 5, 2, 4, ROLE_TEXT, "卡");
	assert_string_equal(characters(canvas), "显示器\n显示…\n\n");
	/* Over the right half of the first, then the left of the second. */
	canvas_put(canvas, 1, 0, 1, ROLE_TEXT, "x");
	canvas_put(canvas, 2, 0, 1, ROLE_TEXT, "y");
	assert_string_equal(characters(canvas), " xy 器\n显示…\n\n");
}

static void combining_characters_stay_on_their_letter(void **state)
{
	struct canvas *canvas = make(6, 1);

	(void)state;
	assert_int_equal(canvas_put(canvas, 0, 0, 6, ROLE_TEXT, "e\u0301a"),
			 2);
	assert_string_equal(characters(canvas), "e\u0301a\n");
}

static void ascii_has_a_letter_for_each_sign(void **state)
{
	struct canvas *canvas = canvas_make(&arena, 14, 2, true);

	(void)state;
	canvas_put(canvas, 0, 0, 14, ROLE_TEXT, "✓✗◉◌⛁▾▸…→卡é");
	canvas_put(canvas, 0, 1, 4, ROLE_TEXT, "abcdef");
	assert_string_equal(characters(canvas), "+xSoF-+~>? ?\nabc~\n");
}

static void meanings_tell_roles_and_grounds(void **state)
{
	struct canvas *canvas = make(8, 3);

	(void)state;
	canvas_put(canvas, 0, 0, 8, ROLE_GOOD, "ok");
	canvas_put(canvas, 0, 1, 8, ROLE_BAD, "no");
	canvas_put(canvas, 0, 2, 8, ROLE_TEXT, "so");
	canvas_ground(canvas, (struct rect){ 0, 1, 4, 1 }, GROUND_SELECTED);
	canvas_ground(canvas, (struct rect){ 0, 2, 4, 1 }, GROUND_BAND);
	assert_string_equal(meanings(canvas), "gg\nBB__\nxx::\n");
}

static void a_box_carries_its_title(void **state)
{
	struct canvas *canvas = make(14, 3);

	(void)state;
	canvas_box(canvas, (struct rect){ 0, 0, 14, 3 }, "Plan");
	assert_string_equal(characters(canvas),
			    "┌─ Plan ─────┐\n│            │\n"
			    "└────────────┘\n");
}

static const char *page_lines(const struct page *page)
{
	buf_reset(&out);
	page_text(page, false, &out);
	return buf_str(&out);
}

static void words_wrap_and_hang(void **state)
{
	struct page page;

	(void)state;
	page_start(&page, &arena, 16);
	page_indent(&page, 1, 3);
	page_add(&page, ROLE_TEXT, "the group is the unit of passing");
	page_end(&page);
	assert_string_equal(page_lines(&page),
			    " the group is\n   the unit of\n   passing\n");
}

static void chinese_breaks_between_characters_not_before_a_stop(void **state)
{
	struct buf shown = {0};
	struct page page;

	(void)state;
	page_start(&page, &arena, 10);
	/* 内核没有启用。好 in ten columns: the stop stays with its word. */
	page_add(&page, ROLE_TEXT, "\u5185\u6838\u6ca1\u6709\u542f"
				   "\u3002\u597d");
	page_end(&page);
	page_text(&page, false, &shown);
	assert_string_equal(buf_str(&shown), "\u5185\u6838\u6ca1\u6709\n"
					   "\u542f\u3002\u597d\n");
	buf_free(&shown);
}

static void a_word_longer_than_the_line_is_broken(void **state)
{
	struct page page;

	(void)state;
	page_start(&page, &arena, 8);
	page_add(&page, ROLE_TEXT, "/sys/kernel/iommu");
	page_end(&page);
	assert_string_equal(page_lines(&page), "/sys/ker\nnel/iomm\nu\n");
}

static void without_a_width_nothing_wraps(void **state)
{
	struct page page;

	(void)state;
	page_start(&page, &arena, 0);
	page_pair(&page, "driver", 11, ROLE_TEXT, "nvidia, or nouveau");
	page_gap(&page);
	page_gap(&page);
	page_title(&page, "End");
	assert_string_equal(page_lines(&page),
			    "driver     nvidia, or nouveau\n\nEnd\n");
}

static void no_width_is_too_small_for_a_page(void **state)
{
	(void)state;
	for (unsigned width = 1; width < 12; width++) {
		struct page page;
		page_start(&page, &arena, width);
		page_indent(&page, 5, 9);
		page_marked(&page, MARK_BAD, ROLE_BAD, "a 显示器 was seen");
		page_pair(&page, "label", 11, ROLE_TEXT, "some more text");
		assert_true(page.count > 0 && page.count < 60);
	}
}

/* Ten lines; the third and the ninth lead somewhere. */
static void fill(struct page *page)
{
	page_start(page, &arena, 20);
	for (int i = 0; i < 10; i++) {
		page->ref = i == 2 ? "group:1" : i == 8 ? "group:2" : NULL;
		page_title(page, "line");
	}
}

static void the_cursor_goes_from_link_to_link_in_sight(void **state)
{
	struct scroll scroll = {0};
	struct page page;

	(void)state;
	fill(&page);
	assert_null(page_ref(&page, &scroll));
	page_move(&page, &scroll, 5, 1);
	assert_string_equal(page_ref(&page, &scroll), "group:1");
	assert_int_equal(scroll.top, 0);
	/* The next is out of sight: scroll until it comes. */
	for (int i = 0; i < 4; i++)
		page_move(&page, &scroll, 5, 1);
	assert_string_equal(page_ref(&page, &scroll), "group:2");
	page_move(&page, &scroll, 5, 100);
	assert_int_equal(scroll.top, 5);
	page_move(&page, &scroll, 5, -100);
	assert_int_equal(scroll.top, 0);
	assert_string_equal(page_ref(&page, &scroll), "group:1");
}

static void the_cursor_finds_its_link_in_a_page_rebuilt(void **state)
{
	struct scroll scroll = {0};
	struct page page;

	(void)state;
	fill(&page);
	page_move(&page, &scroll, 10, 1);
	page_start(&page, &arena, 20);
	page_title(&page, "news");
	page_title(&page, "more news");
	page.ref = "group:2";
	page_title(&page, "line");
	page.ref = "group:1";
	page_title(&page, "line");
	page_keep(&page, &scroll, 10);
	assert_string_equal(page_ref(&page, &scroll), "group:1");
	assert_int_equal(scroll.at, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cut_where_its_place_ends),
		cmocka_unit_test(nothing_is_drawn_outside),
		cmocka_unit_test(wide_characters_keep_both_halves_or_none),
		cmocka_unit_test(combining_characters_stay_on_their_letter),
		cmocka_unit_test(ascii_has_a_letter_for_each_sign),
		cmocka_unit_test(meanings_tell_roles_and_grounds),
		cmocka_unit_test(a_box_carries_its_title),
		cmocka_unit_test(words_wrap_and_hang),
		cmocka_unit_test(
			chinese_breaks_between_characters_not_before_a_stop),
		cmocka_unit_test(a_word_longer_than_the_line_is_broken),
		cmocka_unit_test(without_a_width_nothing_wraps),
		cmocka_unit_test(no_width_is_too_small_for_a_page),
		cmocka_unit_test(the_cursor_goes_from_link_to_link_in_sight),
		cmocka_unit_test(the_cursor_finds_its_link_in_a_page_rebuilt),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, clean);
}
