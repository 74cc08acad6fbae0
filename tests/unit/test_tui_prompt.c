// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "tui/prompt.h"
#include "view/stroke.h"

static void type(struct prompt *prompt, const char *letters)
{
	for (; *letters; letters++)
		assert_int_equal(prompt_key(prompt, *letters),
				 PROMPT_GOES_ON);
}

static void letters_go_where_the_cursor_is(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_start(&prompt, "");
	type(&prompt, "vfo");
	prompt_key(&prompt, STROKE_LEFT);
	type(&prompt, "i");
	assert_string_equal(prompt.text, "vfio");
	prompt_key(&prompt, STROKE_END);
	type(&prompt, "-pci");
	prompt_key(&prompt, STROKE_HOME);
	prompt_key(&prompt, STROKE_DELETE);
	assert_string_equal(prompt.text, "fio-pci");
}

static void letters_of_any_script_are_whole(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_start(&prompt, "显示");
	prompt_key(&prompt, 0x5668);
	assert_string_equal(prompt.text, "显示器");
	prompt_key(&prompt, STROKE_LEFT);
	prompt_key(&prompt, STROKE_BACKSPACE);
	assert_string_equal(prompt.text, "显器");
	prompt_key(&prompt, STROKE_RIGHT);
	prompt_key(&prompt, STROKE_RIGHT);
	assert_int_equal(prompt.at, strlen("显器"));
}

static void words_and_lines_are_cut(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_start(&prompt, "one two  ");
	prompt_key(&prompt, 23);
	assert_string_equal(prompt.text, "one ");
	prompt_key(&prompt, 21);
	assert_string_equal(prompt.text, "");
}

static void backspace_in_an_empty_line_leaves_it(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_start(&prompt, "a");
	assert_int_equal(prompt_key(&prompt, STROKE_BACKSPACE),
			 PROMPT_GOES_ON);
	assert_int_equal(prompt_key(&prompt, STROKE_BACKSPACE), PROMPT_LEFT);
	assert_int_equal(prompt_key(&prompt, STROKE_ESCAPE), PROMPT_LEFT);
	assert_int_equal(prompt_key(&prompt, STROKE_ENTER), PROMPT_DONE);
}

static void a_line_never_outgrows_its_room(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_start(&prompt, "");
	for (int i = 0; i < 1000; i++)
		prompt_key(&prompt, 0x10ffff);
	assert_true(strlen(prompt.text) < sizeof prompt.text);
	assert_int_equal(strlen(prompt.text) % 4, 0);
}

static void keys_that_are_no_letters_write_nothing(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_start(&prompt, "");
	for (int stroke = 2; stroke < 32; stroke++)
		prompt_key(&prompt, stroke);
	prompt_key(&prompt, 0x85);
	prompt_key(&prompt, 0xd800);
	prompt_key(&prompt, STROKE_MOUSE);
	prompt_key(&prompt, STROKE_LAST);
	assert_string_equal(prompt.text, "");
}

static void completion_goes_as_far_as_is_sure(void **state)
{
	static const char *const words[] = { "search", "search-next", "sort",
					     "groups", NULL };
	struct prompt prompt;

	(void)state;
	prompt_start(&prompt, "g");
	assert_true(prompt_complete(&prompt, words));
	assert_string_equal(prompt.text, "groups");
	prompt_start(&prompt, "se");
	assert_true(prompt_complete(&prompt, words));
	assert_string_equal(prompt.text, "search");
	prompt_start(&prompt, "s");
	assert_true(prompt_complete(&prompt, words));
	assert_string_equal(prompt.text, "s");
	prompt_start(&prompt, "x");
	assert_false(prompt_complete(&prompt, words));
	assert_string_equal(prompt.text, "x");
}

static void a_long_line_is_shown_where_the_cursor_is(void **state)
{
	struct arena arena = {0};
	struct canvas *canvas = canvas_make(&arena, 12, 1, false);
	struct buf out = {0};
	struct prompt prompt;

	(void)state;
	prompt_start(&prompt, "0123456789abcdef");
	prompt_paint(&prompt, canvas, (struct rect){ 0, 0, 12, 1 }, "/");
	canvas_text(canvas, &out);
	assert_string_equal(buf_str(&out), "/6789abcdef\n");
	assert_int_equal(canvas->cursor_x, 11);
	buf_free(&out);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_go_where_the_cursor_is),
		cmocka_unit_test(letters_of_any_script_are_whole),
		cmocka_unit_test(words_and_lines_are_cut),
		cmocka_unit_test(backspace_in_an_empty_line_leaves_it),
		cmocka_unit_test(a_line_never_outgrows_its_room),
		cmocka_unit_test(keys_that_are_no_letters_write_nothing),
		cmocka_unit_test(completion_goes_as_far_as_is_sure),
		cmocka_unit_test(a_long_line_is_shown_where_the_cursor_is),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
