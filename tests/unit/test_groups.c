// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's groups of captured machines, made again by the model: every
 * device whose place can be told must be with those the kernel put it to, and
 * with no others.  Arguments, if any, are machines to try instead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/topo.h"
#include "source/read.h"
#include "source/root.h"

static char **files;
static size_t file_count;

static bool is_compared(const struct system *system, const int *heads,
			unsigned i)
{
	return heads[i] != NONE && system->devices[i].group_index != NONE;
}

/* Print two devices about which model and kernel disagree. */
static void say_pair(const struct system *system, const char *file,
		     unsigned i, unsigned j, bool together)
{
	char one[BDF_TEXT], two[BDF_TEXT];

	print_message("%s: %s and %s are %s, not %s\n", file,
		      bdf_print(system->devices[i].address, one),
		      bdf_print(system->devices[j].address, two),
		      together ? "together" : "apart",
		      together ? "apart" : "together");
}

static unsigned disagreements(const struct system *system, const int *heads,
			      const char *file)
{
	unsigned count = 0;

	for (unsigned i = 0; i < system->device_count; i++)
		for (unsigned j = 0; j < i; j++) {
			if (!is_compared(system, heads, i) ||
			    !is_compared(system, heads, j))
				continue;
			bool together = system->devices[i].group_index ==
					system->devices[j].group_index;
			if (together == (heads[i] == heads[j]))
				continue;
			say_pair(system, file, j, i, together);
			count++;
		}
	return count;
}

/* Whether every shared group has a cause, where all could be read. */
static unsigned causeless(const struct system *system, const char *file)
{
	unsigned count = 0;

	for (unsigned i = 0; i < system->group_count; i++) {
		struct shared shared =
			topo_shared(system, &system->groups[i]);
		if (shared.cause != SHARED_UNKNOWN ||
		    shared.why_unknown != KNOWN)
			continue;
		print_message("%s: group %u is shared for no reason\n", file,
			      system->groups[i].number);
		count++;
	}
	return count;
}

static unsigned try_machine(const char *file, unsigned *compared)
{
	struct arena arena = {0};
	struct err err = {0};
	struct root *root = root_open(file, &err);
	unsigned wrong = 1;

	if (root) {
		const struct system *system =
			source_read(root, &arena, AREA_ALL, NULL);
		int *heads = arena_array(&arena, system->device_count + 1u,
					 sizeof *heads);
		topo_predict(system, heads);
		wrong = disagreements(system, heads, file) +
			causeless(system, file);
		for (unsigned i = 0; i < system->device_count; i++)
			*compared += is_compared(system, heads, i);
	} else {
		print_message("%s: %s\n", file, err.text);
	}
	root_close(root);
	arena_free(&arena);
	return wrong;
}

static void the_model_makes_the_groups_that_the_kernel_made(void **state)
{
	unsigned wrong = 0, compared = 0;

	(void)state;
	assert_true(file_count > 0);
	for (size_t i = 0; i < file_count; i++)
		wrong += try_machine(files[i], &compared);
	print_message("%zu machines, %u devices compared\n", file_count,
		      compared);
	assert_true(compared > 0);
	assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_model_makes_the_groups_that_the_kernel_made),
	};
	const char *top = getenv("srcdir");
	char pattern[512];
	glob_t found = {0};

	snprintf(pattern, sizeof pattern, "%s/tests/machines/*.tar.*",
		 top ? top : ".");
	if (argc > 1) {
		files = argv + 1;
		file_count = (size_t)argc - 1;
	} else if (glob(pattern, 0, NULL, &found) == 0) {
		files = found.gl_pathv;
		file_count = found.gl_pathc;
	}
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	globfree(&found);
	return failed;
}
