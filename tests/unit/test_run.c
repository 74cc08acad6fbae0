// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Those who act and look as root, played by scripts: which way is taken, and
 * what of their answers is believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "act/eyes.h"
#include "act/run.h"
#include "act/transact.h"
#include "lib/machine.h"
#include "lib/place.h"
#include "lib/planned.h"
#include "plan/plan.h"

/* The writer as a process: scripts stand for it. */

static const char *make_script(struct place *place, const char *name,
			       const char *text)
{
	const char *path = arena_printf(&place->arena, "%s-%s", place->folder,
					name);
	int file = open(path, O_WRONLY | O_CREAT, 0755);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	close(file);
	return path;
}

static enum outcome run_to_end(struct transact *transact)
{
	for (unsigned turn = 0; turn < 1000; turn++) {
		enum outcome outcome = transact_step(transact);
		if (outcome != OUTCOME_RUNNING)
			return outcome;
		if (transact_is_due(transact))
			continue;
		struct pollfd ready = {
			transact->backend.fd(transact->backend.self), POLLIN, 0,
		};
		if (ready.fd >= 0 && poll(&ready, 1, 20000) != 1)
			fail_msg("no answer");
	}
	fail_msg("no end");
	return OUTCOME_RUNNING;
}

static enum outcome run_scripts(struct place *place,
				const struct run_ways *ways,
				struct transact *transact)
{
	const struct system *system =
		made_machine(&place->arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &place->arena, INTENT_UNBIND, "01:00.0");
	struct err err = {0};
	struct run *run = run_open(ways, system, &place->arena, &err);

	if (!run)
		fail_msg("%s", err.text);
	transact_begin(transact, plan, run_backend(run), NULL, &place->arena);
	enum outcome outcome = run_to_end(transact);
	transact->backend.close(transact->backend.self);
	return outcome;
}

#define LINE(kind, rest)                                                       \
	"printf '" kind "\\trefused\\t0\\t5\\t" rest "\\t\\n'\n"

static void a_writer_that_does_everything_is_done(void **state)
{
	struct transact transact;
	struct run_ways ways = { .count = 1, .quiet = true };

	ways.argv[0][0] = make_script(*state, "good",
		"#!/bin/sh\n" LINE("ready", "0")
		"while read -r line; do\n" LINE("done", "0") "done\n");
	assert_int_equal(run_scripts(*state, &ways, &transact), OUTCOME_DONE);
	assert_int_equal(transact.progress[0].milliseconds, 5);
}

static void a_way_that_is_not_allowed_gives_way_to_the_next(void **state)
{
	struct transact transact;
	struct run_ways ways = { .count = 2, .quiet = true };

	ways.argv[0][0] = make_script(*state, "denied",
		"#!/bin/sh\necho 'not authorized.' >&2\nexit 127\n");
	ways.argv[1][0] = make_script(*state, "good",
		"#!/bin/sh\n" LINE("ready", "0")
		"while read -r line; do\n" LINE("done", "0") "done\n");
	assert_int_equal(run_scripts(*state, &ways, &transact), OUTCOME_DONE);
}

/* It was allowed: to be asked for a password again would be no help. */
static void a_writer_that_is_kept_out_gives_way_to_nobody(void **state)
{
	struct place *place = *state;
	struct transact transact;
	struct run_ways ways = { .count = 2, .quiet = true };

	ways.argv[0][0] = make_script(place, "busy",
		"#!/bin/sh\nprintf 'busy\\trefused\\t0\\t0\\t77\\t0\\n'\n"
		"exit 75\n");
	ways.argv[1][0] = make_script(place, "good",
		"#!/bin/sh\n" LINE("ready", "0")
		"while read -r line; do\n" LINE("done", "0") "done\n");
	assert_int_equal(run_scripts(place, &ways, &transact),
			 OUTCOME_DECLINED);
	assert_string_equal(transact.verdict,
			    "Nothing was done: another vfiotop, started by "
			    "root, is at work on this machine (process 77). "
			    "Wait for it to end.");
}

static void no_way_allowed_means_nothing_was_written(void **state)
{
	struct transact transact;
	struct run_ways ways = { .count = 1, .quiet = true };

	ways.argv[0][0] = make_script(*state, "denied",
		"#!/bin/sh\necho 'a password is required.' >&2\nexit 1\n");
	assert_int_equal(run_scripts(*state, &ways, &transact),
			 OUTCOME_DECLINED);
	assert_string_equal(transact.verdict, "Nothing was written: a "
					      "password is required.");
}

static void a_writer_that_talks_nonsense_is_not_believed(void **state)
{
	struct transact transact;
	struct run_ways ways = { .count = 1, .quiet = true };

	ways.argv[0][0] = make_script(*state, "nonsense",
		"#!/bin/sh\n" LINE("ready", "0")
		"read -r line\necho done\necho 'done 5'\nexit 0\n");
	assert_int_equal(run_scripts(*state, &ways, &transact),
			 OUTCOME_PARTLY);
}

static void a_stuck_writer_that_returns_is_noted(void **state)
{
	struct place *place = *state;
	struct transact transact;
	struct run_ways ways = { .count = 1, .quiet = true };
	const struct system *system =
		made_machine(&place->arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &place->arena, INTENT_UNBIND, "01:00.0");

	ways.argv[0][0] = make_script(place, "stuck",
		"#!/bin/sh\n" LINE("ready", "0") "read -r line\n"
		LINE("stuck", "4711") LINE("returned", "0")
		"read -r line\n");
	struct run *run = run_open(&ways, system, &place->arena, NULL);
	transact_begin(&transact, plan, run_backend(run), NULL, &place->arena);
	assert_int_equal(run_to_end(&transact), OUTCOME_STUCK);
	assert_non_null(strstr(transact.verdict, "4711"));
	const char *before = transact.progress[0].text;
	struct pollfd ready = { run_backend(run).fd(run), POLLIN, 0 };
	poll(&ready, 1, 20000);
	while (transact.progress[0].text == before)
		assert_int_equal(transact_step(&transact), OUTCOME_STUCK);
	assert_non_null(strstr(transact.progress[0].text, "came back"));
	run_backend(run).close(run);
}

#define IN_PLACE(name) \
	cmocka_unit_test_setup_teardown(name, place_start, place_stop)

/* Root's eyes. */

static bool look_by(const char *const *ways, const char **bytes, size_t *len,
		    struct eyes **eyes, struct arena *arena)
{
	struct run_ways run = {0};
	struct err err = {0};

	for (; *ways; ways++) {
		const char **argv = run.argv[run.count++];
		argv[0] = "/bin/sh";
		argv[1] = "-c";
		argv[2] = *ways;
	}
	*eyes = eyes_open(&run, arena, &err);
	if (!*eyes)
		fail_msg("%s", err.text);
	while (!eyes_step(*eyes)) {
		struct pollfd wait = { eyes_fd(*eyes), POLLIN, 0 };
		assert_true(poll(&wait, 1, 30000) >= 0);
	}
	assert_true(eyes_have_begun(*eyes));
	bool good = eyes_take(*eyes, bytes, len, &err);
	assert_true(good || *err.text);
	return good;
}

static void what_root_sees_comes_through_a_pipe(void **state)
{
	static const struct {
		const char *ways[3];
		const char *seen;
	} rows[] = {
		{ { "printf capture", NULL }, "capture" },
		{ { "exit 127", "printf capture" }, "capture" },
		{ { "exit 126", NULL }, NULL },
		/* Half a capture is none, and nobody is asked again. */
		{ { "printf half; exit 1", "printf whole" }, NULL },
		{ { "exit 0", NULL }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct eyes *eyes;
		const char *bytes;
		size_t len;
		bool good = look_by(rows[i].ways, &bytes, &len, &eyes, &arena);
		assert_int_equal(good, rows[i].seen != NULL);
		if (good) {
			assert_int_equal(len, strlen(rows[i].seen));
			assert_memory_equal(bytes, rows[i].seen, len);
		}
		eyes_close(eyes);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_root_sees_comes_through_a_pipe),
		IN_PLACE(a_writer_that_does_everything_is_done),
		IN_PLACE(a_way_that_is_not_allowed_gives_way_to_the_next),
		IN_PLACE(a_writer_that_is_kept_out_gives_way_to_nobody),
		IN_PLACE(no_way_allowed_means_nothing_was_written),
		IN_PLACE(a_writer_that_talks_nonsense_is_not_believed),
		IN_PLACE(a_stuck_writer_that_returns_is_noted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
