// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"
#include "base/text.h"

static void numbers_are_whole_or_refused(void **state)
{
	uint64_t value = 7;

	(void)state;
	assert_true(num_parse("0x1a\n", 16, &value));
	assert_int_equal(value, 0x1a);
	assert_true(num_parse(" 42 ", 10, &value));
	assert_int_equal(value, 42);
	assert_true(num_parse("18446744073709551615", 10, &value));
	assert_true(value == UINT64_MAX);
	assert_false(num_parse("18446744073709551616", 10, &value));
	assert_false(num_parse("", 10, &value));
	assert_false(num_parse("-1", 10, &value));
	assert_false(num_parse("1x", 10, &value));
	assert_false(num_parse("0x", 16, &value));
	assert_true(value == UINT64_MAX);
}

static void signed_numbers_know_minus_one(void **state)
{
	int64_t value = 0;

	(void)state;
	assert_true(num_parse_signed("-1\n", &value));
	assert_int_equal(value, -1);
	assert_true(num_parse_signed("3", &value));
	assert_int_equal(value, 3);
	assert_false(num_parse_signed("--1", &value));
	assert_false(num_parse_signed("9223372036854775808", &value));
}

static void numbers_are_taken_one_by_one(void **state)
{
	const char *text = "0x10 0x20 x";
	uint64_t value;

	(void)state;
	assert_true(num_take(&text, 16, &value));
	assert_int_equal(value, 0x10);
	assert_true(num_take(&text, 16, &value));
	assert_int_equal(value, 0x20);
	assert_false(num_take(&text, 16, &value));
	assert_string_equal(text, " x");
}

static void little_endian_reads_never_pass_the_end(void **state)
{
	static const uint8_t bytes[] = { 0x86, 0x80, 0x34, 0x12 };

	(void)state;
	assert_int_equal(num_le16(bytes, 4, 0), 0x8086);
	assert_int_equal(num_le32(bytes, 4, 0), 0x12348086);
	assert_int_equal(num_le16(bytes, 4, 3), 0);
	assert_int_equal(num_le64(bytes, 4, 0), 0);
	assert_int_equal(num_le8(bytes, 4, SIZE_MAX), 0);
}

static void strangers_text_cannot_reach_the_terminal(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_string_equal(text_safe(&arena, " a\x1b[31mb\n", 8), "a^[[31mb");
	assert_string_equal(text_safe(&arena, "\xff\x41", 2), "\\xffA");
	assert_string_equal(text_safe(&arena, "\xc2\x9b" "1m", 4),
			    "\\u009b1m");
	assert_string_equal(text_safe(&arena, "a\x7f", 2), "a^?");
	assert_string_equal(text_safe(&arena, "\xe2\x80\xae" "x", 4),
			    "\\u202ex");
	assert_string_equal(text_safe(&arena, "\xe4\xbd\xa0", 3),
			    "\xe4\xbd\xa0");
	assert_string_equal(text_safe(&arena, "", 0), "");
	/* An overlong form of '/' is not a character. */
	assert_string_equal(text_safe(&arena, "\xc0\xaf", 2), "\\xc0\\xaf");
	arena_free(&arena);
}

static void text_is_measured_in_columns(void **state)
{
	(void)state;
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("\xe4\xbd\xa0\xe5\xa5\xbd"), 4);
	assert_int_equal(text_width("e\xcc\x81"), 1);
	assert_int_equal(text_fit("\xe4\xbd\xa0\xe5\xa5\xbd", 3), 3);
	assert_int_equal(text_fit("abc", 2), 2);
	assert_int_equal(text_fit("abc", 9), 3);
}

static void characters_survive_the_round_trip(void **state)
{
	static const uint32_t all[] = { 'a', 0xe9, 0x2713, 0x1f600 };
	char out[5];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const char *at = out;
		size_t len = text_encode(all[i], out);
		assert_int_equal(text_take(&at), all[i]);
		assert_int_equal((size_t)(at - out), len);
	}
}

static void parts_are_found_without_case(void **state)
{
	(void)state;
	assert_true(text_has("NVIDIA Corp", "vidia c"));
	assert_false(text_has("NVIDIA", "amd"));
	assert_true(text_has("x", ""));
	assert_true(text_same_dashed("vfio-pci", "vfio_pci", 8));
	assert_true(text_ends("card0-DP-1", "-1"));
}

static void lines_are_taken_without_terminators(void **state)
{
	const char text[] = "one\n\ntwo", *at = text, *line;
	const char *end = text + sizeof text - 1;
	size_t len;

	(void)state;
	assert_true(text_line(&at, end, &line, &len));
	assert_int_equal(len, 3);
	assert_true(text_line(&at, end, &line, &len));
	assert_int_equal(len, 0);
	assert_true(text_line(&at, end, &line, &len));
	assert_memory_equal(line, "two", 3);
	assert_false(text_line(&at, end, &line, &len));
}

static void arenas_keep_what_grows(void **state)
{
	struct arena arena = {0};
	size_t room = 0;
	int *items = NULL;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		items = arena_grow(&arena, items, (size_t)i, &room,
				   sizeof *items);
		items[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	char *big = arena_alloc(&arena, 1 << 20);
	assert_int_equal(big[(1 << 20) - 1], 0);
	assert_string_equal(arena_printf(&arena, "%s-%d", "a", 5), "a-5");
	arena_free(&arena);
	assert_null(arena.head);
}

static void buffers_end_in_a_nul(void **state)
{
	struct buf buf = {0};

	(void)state;
	assert_string_equal(buf_str(&buf), "");
	buf_puts(&buf, "ab");
	buf_putc(&buf, 'c');
	buf_printf(&buf, "%03d", 7);
	assert_string_equal(buf_str(&buf), "abc007");
	buf_reset(&buf);
	assert_string_equal(buf_str(&buf), "");
	/* Whoever walks from buf_str to data + len stays inside. */
	assert_ptr_equal(buf_str(&buf), buf.data);
	buf_free(&buf);
	buf_add(&buf, "", 0);
	assert_string_equal(buf_str(&buf), "");
	assert_ptr_equal(buf_str(&buf), buf.data);
	buf_free(&buf);
}

static void errors_gain_context_on_the_way_up(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, "no such file");
	err_prefix(&err, "reading %s", "x");
	assert_string_equal(err.text, "reading x: no such file");
	err_set(NULL, "ignored");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_whole_or_refused),
		cmocka_unit_test(signed_numbers_know_minus_one),
		cmocka_unit_test(numbers_are_taken_one_by_one),
		cmocka_unit_test(little_endian_reads_never_pass_the_end),
		cmocka_unit_test(strangers_text_cannot_reach_the_terminal),
		cmocka_unit_test(text_is_measured_in_columns),
		cmocka_unit_test(characters_survive_the_round_trip),
		cmocka_unit_test(parts_are_found_without_case),
		cmocka_unit_test(lines_are_taken_without_terminators),
		cmocka_unit_test(arenas_keep_what_grows),
		cmocka_unit_test(buffers_end_in_a_nul),
		cmocka_unit_test(errors_gain_context_on_the_way_up),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
