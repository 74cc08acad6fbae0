// SPDX-License-Identifier: GPL-2.0-or-later
/* Words in another language: a catalogue of two, made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

static char folder[] = "/tmp/vfiotop-words-XXXXXX";
static const char *const below[] = { "/zz", "/zz/LC_MESSAGES" };

/* As msgfmt(1) writes it: a head of seven numbers, two tables of lengths and
 * places, the words.  The first is the header, which stands for "". */
static void write_catalogue(void)
{
	static const char words[] =
		"\0Group\0Content-Type: text/plain; charset=UTF-8\n\0Gruppe";
	enum { WORDS = 7 * 4 + 4 * 8, HEADER = 7, TRANSLATED = HEADER + 41 };
	const uint32_t head[7 + 8] = {
		0x950412de, 0, 2, 28, 28 + 16, 0, WORDS,
		0, WORDS, 5, WORDS + 1,
		40, WORDS + HEADER, 6, WORDS + TRANSLATED,
	};
	char path[100];

	snprintf(path, sizeof path, "%s%s/test.mo", folder, below[1]);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(head, sizeof head, 1, file), 1);
	assert_int_equal(fwrite(words, sizeof words, 1, file), 1);
	assert_int_equal(fclose(file), 0);
}

static int start(void **state)
{
	char path[100];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	for (unsigned i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s%s", folder, below[i]);
		if (mkdir(path, 0700) != 0)
			return -1;
	}
	write_catalogue();
	setenv("LANGUAGE", "zz", 1);
	setlocale(LC_ALL, "C.UTF-8");
	bindtextdomain("test", folder);
	textdomain("test");
	return 0;
}

static int stop(void **state)
{
	static const char *const all[] = {
		"/zz/LC_MESSAGES/test.mo", "/zz/LC_MESSAGES", "/zz", "",
	};
	char path[100];

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		snprintf(path, sizeof path, "%s%s", folder, all[i]);
		if (remove(path) != 0)
			return -1;
	}
	return 0;
}

static void words_are_said_in_the_language(void **state)
{
	(void)state;
	/* A C library that has no languages has none to say them in. */
	if (strcmp(gettext("Group"), "Group") == 0)
		skip();
	assert_string_equal(_("Group"), "Gruppe");
}

static void no_words_stay_none(void **state)
{
	(void)state;
	assert_string_equal(_(""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_said_in_the_language),
		cmocka_unit_test(no_words_stay_none),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
