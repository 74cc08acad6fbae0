// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "decode/cmdline.h"

/* One expected parameter; value NULL: none. */
struct want {
	const char *name, *value;
};

static void expect(const char *text, const struct want *want, unsigned count)
{
	struct arena arena = {0};
	const struct parameter *got;

	assert_int_equal(cmdline_parse(&arena, text, &got), count);
	for (unsigned i = 0; i < count; i++) {
		assert_string_equal(got[i].name, want[i].name);
		if (want[i].value)
			assert_string_equal(got[i].value, want[i].value);
		else
			assert_null(got[i].value);
	}
	arena_free(&arena);
}

static void words_are_names_with_or_without_values(void **state)
{
	static const struct want want[] = {
		{ "BOOT_IMAGE", "/vmlinuz" }, { "ro", NULL },
		{ "intel_iommu", "on" }, { "root", "UUID=1-2" }, { "x", "" },
	};

	(void)state;
	expect("BOOT_IMAGE=/vmlinuz ro  intel_iommu=on\troot=UUID=1-2 x=\n",
	       want, 5);
}

static void quotes_hold_together(void **state)
{
	static const struct want want[] = {
		{ "dyndbg", "file a +p" }, { "b", "c d" }, { "e f", NULL },
	};

	(void)state;
	expect("dyndbg=\"file a +p\" \"b=c d\" \"e f\"",
	       want, 3);
}

static void inner_quotes_stay(void **state)
{
	static const struct want want[] = {
		{ "a", "b\"c d\"e" }, { "f", NULL },
	};

	(void)state;
	expect("a=b\"c d\"e f", want, 2);
}

static void an_open_quote_takes_the_rest(void **state)
{
	static const struct want want[] = { { "a", "b c" } };
	static const struct want lone[] = { { "x", "" } };

	(void)state;
	expect("a=\"b c", want, 1);
	expect("x=\"", lone, 1);
}

static void init_has_what_follows_two_dashes(void **state)
{
	static const struct want want[] = {
		{ "quiet", NULL }, { "--", "x" },
	};

	(void)state;
	expect("quiet --=x -- intel_iommu=on", want, 2);
}

static void an_equals_sign_in_front_makes_no_value(void **state)
{
	static const struct want want[] = { { "=a", NULL }, { "=b", "c" } };

	(void)state;
	expect("=a =b=c", want, 2);
}

static void nothing_gives_nothing(void **state)
{
	static const struct want quote[] = { { "", NULL } };

	(void)state;
	expect("", NULL, 0);
	expect(" \n", NULL, 0);
	expect("\"\"", quote, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_names_with_or_without_values),
		cmocka_unit_test(quotes_hold_together),
		cmocka_unit_test(inner_quotes_stay),
		cmocka_unit_test(an_open_quote_takes_the_rest),
		cmocka_unit_test(init_has_what_follows_two_dashes),
		cmocka_unit_test(an_equals_sign_in_front_makes_no_value),
		cmocka_unit_test(nothing_gives_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
