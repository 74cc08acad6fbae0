// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The journal: what was done becomes history, what was not is recovered,
 * finished or forgotten.  Every kind of plan is killed in test_recovery.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act/history.h"
#include "act/journal.h"
#include "act/note.h"
#include "act/recovery.h"
#include "act/rehearse.h"
#include "act/transact.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "lib/place.h"
#include "lib/planned.h"
#include "plan/plan.h"

/* The journal. */

static struct journal *open_journal(struct place *place,
				    const struct system *system,
				    const struct plan *plan)
{
	struct err err = {0};
	struct journal *journal = journal_open(place->folder, system, plan,
					       &place->arena, &err);

	if (!journal)
		fail_msg("%s", err.text);
	return journal;
}

static void a_note_is_a_new_file_or_none(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	const char *path = arena_printf(&place->arena, "%s.txt",
					place->folder);

	assert_true(note_write(path, "words\n", &err));
	assert_false(note_write(path, "others\n", &err));
	assert_non_null(strstr(err.text, "already"));
	FILE *file = fopen(path, "r");
	char line[16] = "";
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	fclose(file);
	assert_string_equal(line, "words\n");
	path = arena_printf(&place->arena, "%s/no/folder", place->folder);
	assert_false(note_write(path, "words\n", &err));
	assert_non_null(strstr(err.text, "could not be written"));
}

static void a_plan_that_is_done_becomes_history(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	struct rehearse *rehearse = rehearse_make(system, NULL, arena);
	const char *const folders[] = { place->folder, NULL };
	struct intent intent = { .kind = INTENT_RESTORE };
	struct transact transact;

	transact_begin(&transact, plan, rehearse_backend(rehearse), journal,
		       arena);
	while (transact_step(&transact) == OUTCOME_RUNNING)
		;
	journal_close(journal);
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	assert_false(history_is_unfinished(place->folder));
	history_homes(folders, system, &intent, arena);
	assert_int_equal(intent.home_count, 2);
	assert_string_equal(intent.homes[0].driver, "nvidia");
	assert_string_equal(intent.homes[1].driver, "snd_hda_intel");
	assert_null(history_recovery(place->folder, arena, NULL));
}

static void another_device_at_the_address_has_no_home(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	const char *const folders[] = { place->folder, NULL };
	struct intent intent = { .kind = INTENT_RESTORE };

	journal_end(journal, OUTCOME_DONE);
	journal_close(journal);
	struct bdf bdf;
	assert_true(bdf_parse("01:00.0", &bdf));
	system->devices[system_device(system, bdf)].device = 0x9999;
	history_homes(folders, system, &intent, arena);
	assert_int_equal(intent.home_count, 1);
	assert_string_equal(intent.homes[0].driver, "snd_hda_intel");
}

/* Another's way of giving it away is none either. */
static void what_gives_away_is_no_home(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const char *const folders[] = { place->folder, NULL };
	struct intent intent = { .kind = INTENT_RESTORE };

	alter((struct system *)(uintptr_t)system,
	      "dev 01:00.0 driver uio_pci_generic");
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);

	journal_end(journal, OUTCOME_DONE);
	journal_close(journal);
	history_homes(folders, system, &intent, arena);
	assert_int_equal(intent.home_count, 1);
	assert_string_equal(intent.homes[0].driver, "snd_hda_intel");
}

static void a_plan_that_was_not_done_tells_no_home(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	const char *const folders[] = { place->folder, NULL };
	struct intent intent = { .kind = INTENT_RESTORE };

	journal_end(journal, OUTCOME_ROLLED_BACK);
	journal_close(journal);
	history_homes(folders, system, &intent, arena);
	assert_int_equal(intent.home_count, 0);
}

static void only_one_acts_at_a_time(void **state)
{
	struct place *place = *state;
	const struct system *system =
		made_machine(&place->arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &place->arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	struct err err = {0};

	assert_false(history_is_unfinished(place->folder));
	assert_null(journal_open(place->folder, system, plan, &place->arena,
				 &err));
	assert_non_null(strstr(err.text, "Another vfiotop"));
	assert_null(history_recovery(place->folder, &place->arena, &err));
	assert_non_null(strstr(err.text, "Another vfiotop"));
	journal_close(journal);
	assert_true(history_is_unfinished(place->folder));
	assert_null(journal_open(place->folder, system, plan, &place->arena,
				 &err));
	assert_non_null(strstr(err.text, "recover"));
}

static enum taken take_end(void *self, struct reply *reply)
{
	(void)self;
	(void)reply;
	return TAKEN_END;
}

static const char *say_nothing(const void *self)
{
	(void)self;
	return "";
}

/* Do @count steps of a plan and die; returns the machine that is left. */
static const struct system *die_after(struct place *place,
				      const struct system *system,
				      const struct plan *plan, unsigned count,
				      struct arena *arena)
{
	struct journal *journal = open_journal(place, system, plan);
	struct rehearse *rehearse = rehearse_make(system, NULL, arena);
	struct transact transact;

	transact_begin(&transact, plan, rehearse_backend(rehearse), journal,
		       arena);
	for (unsigned turn = 0; turn < count + 1; turn++)
		transact_step(&transact);
	journal_close(journal);
	return rehearse_result(rehearse, arena);
}

static void what_is_being_taken_back_is_not_finished(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct err err = {0};
	const struct system *broken =
		die_after(place, system, plan, 3, arena);
	const struct plan *back = history_recovery(place->folder, arena, NULL);

	/* The one who takes it back dies as well. */
	journal_close(open_journal(place, broken, back));
	assert_null(recovery_finish(place->folder, broken, arena, &err));
	assert_non_null(strstr(err.text, "being taken back"));
	assert_non_null(history_recovery(place->folder, arena, NULL));
}

static void another_device_at_the_address_is_not_finished(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	const struct system *broken =
		die_after(place, system, plan, 3, arena);
	struct err err = {0};
	struct bdf bdf;

	assert_true(bdf_parse("01:00.0", &bdf));
	broken->devices[system_device(broken, bdf)].device = 0x9999;
	assert_null(recovery_finish(place->folder, broken, arena, &err));
	assert_non_null(strstr(err.text, "01:00.0 is not the device"));
}

static void what_is_forgotten_stays_as_it_is(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	const char *const folders[] = { place->folder, NULL };
	struct intent intent = { .kind = INTENT_RESTORE };
	struct err err = {0};

	assert_false(recovery_forget(place->folder, &err));
	die_after(place, system, plan, 3, arena);
	assert_true(recovery_forget(place->folder, &err));
	assert_false(history_is_unfinished(place->folder));
	history_homes(folders, system, &intent, arena);
	assert_int_equal(intent.home_count, 0);
}

static void a_writer_that_does_not_start_leaves_the_journal(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	const struct system *broken =
		die_after(place, system, plan, 3, arena);
	const struct plan *ways[] = {
		history_recovery(place->folder, arena, NULL),
		recovery_finish(place->folder, broken, arena, NULL),
	};

	for (unsigned i = 0; i < 2; i++) {
		struct journal *journal =
			open_journal(place, broken, ways[i]);
		struct transact transact;
		transact_begin(&transact, ways[i], (struct backend){
			.take = take_end, .last_words = say_nothing },
			journal, arena);
		assert_int_equal(transact_step(&transact), OUTCOME_DECLINED);
		journal_close(journal);
		assert_true(history_is_unfinished(place->folder));
	}
}

static void a_recovery_that_fails_in_part_says_so_and_ends(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	struct rehearse *rehearse = rehearse_make(system, NULL, arena);
	struct transact transact;

	transact_begin(&transact, plan, rehearse_backend(rehearse), journal,
		       arena);
	for (unsigned turn = 0; turn < 6; turn++)
		transact_step(&transact);
	journal_close(journal);
	const struct system *broken = rehearse_result(rehearse, arena);
	const struct plan *back = history_recovery(place->folder, arena, NULL);
	struct rehearse_fault fault = { FAULT_ERRNO, 1, EIO, NULL };
	rehearse = rehearse_make(broken, &fault, arena);
	journal = open_journal(place, broken, back);
	transact_begin(&transact, back, rehearse_backend(rehearse), journal,
		       arena);
	while (transact_step(&transact) == OUTCOME_RUNNING)
		;
	journal_close(journal);
	assert_int_equal(transact.outcome, OUTCOME_PARTLY);
	assert_false(history_is_unfinished(place->folder));
}

static void a_journal_cut_off_anywhere_is_read_or_refused(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);

	journal_step(journal, 0, -1);
	journal_answer(journal, &(struct reply){ .kind = REPLY_DONE });
	journal_step(journal, 1, -1);
	journal_close(journal);
	const char *path = arena_printf(arena, "%s/journal", place->folder);
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	for (off_t size = info.st_size; size >= 0; size -= 7) {
		assert_int_equal(truncate(path, size), 0);
		const struct plan *back =
			history_recovery(place->folder, arena, NULL);
		if (size == info.st_size)
			assert_int_equal(back->step_count, 2);
		else if (back)
			assert_true(back->step_count <= 2);
	}
}

static void a_stuck_journal_is_not_finished(void **state)
{
	struct place *place = *state;
	struct arena *arena = &place->arena;
	const struct system *system = made_machine(arena, made_desktop);
	const struct plan *plan =
		planned_for(system, arena, INTENT_BIND, "01:00.0");
	struct journal *journal = open_journal(place, system, plan);
	struct rehearse_fault fault = { FAULT_STUCK, 3, 0, NULL };
	struct transact transact;

	transact_begin(&transact, plan,
		       rehearse_backend(rehearse_make(system, &fault, arena)),
		       journal, arena);
	while (transact_step(&transact) == OUTCOME_RUNNING)
		;
	journal_close(journal);
	assert_int_equal(transact.outcome, OUTCOME_STUCK);
	assert_true(history_is_unfinished(place->folder));
}

static void old_history_is_let_go(void **state)
{
	struct place *place = *state;
	const struct system *system =
		made_machine(&place->arena, made_desktop);
	const struct plan *plan =
		planned_for(system, &place->arena, INTENT_UNBIND, "02:00.0");
	unsigned lowest, highest;

	for (unsigned i = 0; i < 70; i++) {
		struct journal *journal = open_journal(place, system, plan);
		journal_end(journal, OUTCOME_DONE);
		journal_close(journal);
	}
	int folder = open(place->folder, O_RDONLY | O_DIRECTORY);
	history_range(folder, &lowest, &highest);
	close(folder);
	assert_int_equal(highest, 70);
	assert_int_equal(lowest, 70 - 64 + 1);
}

/* The writer as a process: scripts stand for it. */

#define IN_PLACE(name) \
	cmocka_unit_test_setup_teardown(name, place_start, place_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_note_is_a_new_file_or_none),
		IN_PLACE(a_plan_that_is_done_becomes_history),
		IN_PLACE(another_device_at_the_address_has_no_home),
		IN_PLACE(what_gives_away_is_no_home),
		IN_PLACE(a_plan_that_was_not_done_tells_no_home),
		IN_PLACE(only_one_acts_at_a_time),
		IN_PLACE(what_is_being_taken_back_is_not_finished),
		IN_PLACE(another_device_at_the_address_is_not_finished),
		IN_PLACE(what_is_forgotten_stays_as_it_is),
		IN_PLACE(a_writer_that_does_not_start_leaves_the_journal),
		IN_PLACE(a_recovery_that_fails_in_part_says_so_and_ends),
		IN_PLACE(a_journal_cut_off_anywhere_is_read_or_refused),
		IN_PLACE(a_stuck_journal_is_not_finished),
		IN_PLACE(old_history_is_let_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
