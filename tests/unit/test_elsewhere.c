// SPDX-License-Identifier: GPL-2.0-or-later
/* What others left unfinished: seen, and not waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act/elsewhere.h"
#include "lib/place.h"

static const char *folder_in(struct place *place, const char *path)
{
	const char *full =
		arena_printf(&place->arena, "%s/%s", place->folder, path);

	assert_int_equal(mkdir(full, 0755), 0);
	return full;
}

/* Make vfiotop's folder of a user below a place that stands for /run, and an
 * unfinished journal in it; returns the journal. */
static int begin(struct place *place, unsigned user)
{
	char name[64];

	assert_int_equal(mkdir(place->folder, 0755), 0);
	folder_in(place, "user");
	snprintf(name, sizeof name, "user/%u", user);
	folder_in(place, name);
	snprintf(name, sizeof name, "user/%u/vfiotop", user);
	const char *folder = folder_in(place, name);
	int file = open(arena_printf(&place->arena, "%s/journal", folder),
			O_RDWR | O_CREAT, 0644);
	assert_true(file >= 0);
	return file;
}

static void root_is_told_of_a_user(void **state)
{
	struct place *place = *state;
	int journal = begin(place, getuid());

	assert_non_null(strstr(elsewhere_unfinished(place->folder, true,
						    &place->arena),
			       "was left unfinished"));
	/* That is a plan under way. */
	assert_int_equal(flock(journal, LOCK_EX), 0);
	assert_string_equal(elsewhere_unfinished(place->folder, true,
						 &place->arena), "");
	close(journal);
	/* No user is told of another one. */
	assert_string_equal(elsewhere_unfinished(place->folder, false,
						 &place->arena), "");
}

static void what_another_one_put_there_is_not_believed(void **state)
{
	struct place *place = *state;

	close(begin(place, getuid() + 1));
	assert_string_equal(elsewhere_unfinished(place->folder, true,
						 &place->arena), "");
}

static void a_link_is_not_followed(void **state)
{
	struct place *place = *state;
	char folder[256], aside[256];

	close(begin(place, getuid()));
	snprintf(folder, sizeof folder, "%s/user/%u/vfiotop", place->folder,
		 (unsigned)getuid());
	snprintf(aside, sizeof aside, "%s/aside", place->folder);
	assert_int_equal(rename(folder, aside), 0);
	assert_int_equal(symlink(aside, folder), 0);
	assert_string_equal(elsewhere_unfinished(place->folder, true,
						 &place->arena), "");
}

static void a_user_is_told_of_root(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir(place->folder, 0755), 0);
	folder_in(place, "vfiotop");
	assert_string_equal(elsewhere_unfinished(place->folder, false,
						 &place->arena), "");
	int file = open(arena_printf(&place->arena, "%s/vfiotop/journal",
				     place->folder), O_RDWR | O_CREAT, 0644);
	close(file);
	assert_non_null(strstr(elsewhere_unfinished(place->folder, false,
						    &place->arena),
			       "sudo vfiotop recover"));
	/* Root's own is not another's. */
	assert_string_equal(elsewhere_unfinished(place->folder, true,
						 &place->arena), "");
}

#define IN_PLACE(name)                                                         \
	cmocka_unit_test_setup_teardown(name, place_start, place_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(root_is_told_of_a_user),
		IN_PLACE(what_another_one_put_there_is_not_believed),
		IN_PLACE(a_link_is_not_followed),
		IN_PLACE(a_user_is_told_of_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
