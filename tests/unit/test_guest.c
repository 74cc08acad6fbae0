// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "decode/guest.h"

static void expect(const char *words, size_t len, const char *name)
{
	struct arena arena = {0};

	assert_string_equal(guest_name(words, len, &arena), name);
	arena_free(&arena);
}

#define EXPECT(words, name) expect(words, sizeof words - 1, name)

static void the_name_stands_behind_its_option(void **state)
{
	(void)state;
	EXPECT("qemu-system-x86_64\0-name\0guest=win10,debug-threads=on\0-S",
	       "win10");
	EXPECT("qemu\0-name\0win10\0", "win10");
	EXPECT("qemu\0--name\0process=x,guest=a", "a");
	EXPECT("qemu\0-name\0a,process=x\0-name\0guest=b\0", "b");
}

static void a_doubled_comma_is_a_comma(void **state)
{
	(void)state;
	EXPECT("qemu\0-name\0guest=a,,b,debug-threads=on\0", "a,b");
}

static void without_a_name_there_is_none(void **state)
{
	(void)state;
	EXPECT("", "");
	EXPECT("dpdk-testpmd\0-a\0" "0000:01:00.0\0", "");
	EXPECT("qemu\0-name", "");
	EXPECT("qemu\0-name\0debug-threads=on\0", "");
	EXPECT("qemu\0-nameless\0win10\0", "");
}

static void an_escape_in_a_name_is_made_visible(void **state)
{
	(void)state;
	EXPECT("qemu\0-name\0a\033[2J\0", "a^[[2J");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_name_stands_behind_its_option),
		cmocka_unit_test(a_doubled_comma_is_a_comma),
		cmocka_unit_test(without_a_name_there_is_none),
		cmocka_unit_test(an_escape_in_a_name_is_made_visible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
