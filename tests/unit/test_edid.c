// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "decode/edid.h"

enum { BLOCK = 128 };

/* Make a block of a DEL 41190 with @name in its third descriptor. */
static void make(uint8_t bytes[BLOCK], const char *name, size_t len)
{
	uint8_t sum = 0;

	memset(bytes, 0, BLOCK);
	memset(bytes + 1, 0xff, 6);
	memcpy(bytes + 8, "\x10\xac\xe6\xa0", 4);
	memcpy(bytes + 54, "\x02\x3a\x80\xfc", 4);	/* a timing, no name */
	if (name) {
		bytes[90 + 3] = 0xfc;
		memset(bytes + 90 + 5, ' ', 13);
		memcpy(bytes + 90 + 5, name, len);
	}
	for (size_t i = 0; i < BLOCK - 1; i++)
		sum = (uint8_t)(sum + bytes[i]);
	bytes[BLOCK - 1] = (uint8_t)-sum;
}

static void expect(const char *name, size_t len, const char *want)
{
	struct arena arena = {0};
	uint8_t bytes[BLOCK];

	make(bytes, name, len);
	assert_string_equal(edid_monitor(&arena, bytes, BLOCK), want);
	arena_free(&arena);
}

static void the_name_ends_with_its_newline(void **state)
{
	(void)state;
	expect("DELL U2720Q\n ", 13, "DELL U2720Q");
	expect("ABCDEFGHIJKLM", 13, "ABCDEFGHIJKLM");
	expect("X34\0\0\0", 6, "X34");
}

static void without_a_name_vendor_and_product_stand(void **state)
{
	(void)state;
	expect(NULL, 0, "DEL 41190");
	expect("   \n", 4, "DEL 41190");
}

/* What panels have instead of a name: free text (FE), a serial number (FF). */
static void other_texts_are_no_name(void **state)
{
	struct arena arena = {0};
	uint8_t bytes[BLOCK];

	(void)state;
	make(bytes, "B156HAN02.1\n", 12);
	bytes[90 + 3] = 0xfe;
	bytes[127] = (uint8_t)(bytes[127] - 2);
	assert_string_equal(edid_monitor(&arena, bytes, BLOCK), "DEL 41190");
	bytes[90 + 3] = 0xff;
	bytes[127]--;
	assert_string_equal(edid_monitor(&arena, bytes, BLOCK), "DEL 41190");
	arena_free(&arena);
}

/* An extension that is cut off takes nothing from the first block. */
static void what_follows_the_first_block_does_not_matter(void **state)
{
	struct arena arena = {0};
	uint8_t bytes[BLOCK + 40];

	(void)state;
	make(bytes, "X34\n", 4);
	bytes[126] = 1;
	bytes[127]--;
	memset(bytes + BLOCK, 0xa5, 40);
	assert_string_equal(edid_monitor(&arena, bytes, sizeof bytes), "X34");
	arena_free(&arena);
}

static void an_escape_in_a_name_is_made_visible(void **state)
{
	(void)state;
	expect("a\033[2Jb\n", 7, "a^[[2Jb");
}

static void what_is_no_edid_has_no_name(void **state)
{
	struct arena arena = {0};
	uint8_t bytes[BLOCK];

	(void)state;
	make(bytes, "X\n", 2);
	assert_null(edid_monitor(&arena, bytes, BLOCK - 1));
	assert_null(edid_monitor(&arena, bytes, 0));
	bytes[127]++;
	assert_null(edid_monitor(&arena, bytes, BLOCK));
	make(bytes, "X\n", 2);
	bytes[0] = 1;
	bytes[127]--;
	assert_null(edid_monitor(&arena, bytes, BLOCK));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_name_ends_with_its_newline),
		cmocka_unit_test(without_a_name_vendor_and_product_stand),
		cmocka_unit_test(other_texts_are_no_name),
		cmocka_unit_test(what_follows_the_first_block_does_not_matter),
		cmocka_unit_test(an_escape_in_a_name_is_made_visible),
		cmocka_unit_test(what_is_no_edid_has_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
