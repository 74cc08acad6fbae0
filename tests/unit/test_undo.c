// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * There and back: sessions started and ended, actions taken back, on the model
 * of the kernel and from the journal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "act/history.h"
#include "act/journal.h"
#include "lib/place.h"
#include "lib/planned.h"
#include "lib/rehearsed.h"
#include "plan/session.h"
#include "unit/session_made.h"

/* Do a plan in the model, with a fault or NULL and a journal in @folder. */
static const struct system *kept(const struct system *system,
				 const struct plan *plan,
				 const struct rehearse_fault *fault,
				 const char *folder, enum outcome wanted,
				 struct arena *arena)
{
	struct rehearse *rehearse = rehearse_make(system, fault, arena);
	struct transact transact;
	struct err err = {0};
	struct journal *journal =
		journal_open(folder, system, plan, arena, &err);
	unsigned turns = 0;

	if (!journal)
		fail_msg("%s", err.text);
	transact_begin(&transact, plan, rehearse_backend(rehearse), journal,
		       arena);
	while (transact_step(&transact) == OUTCOME_RUNNING)
		assert_true(turns++ < 1000);
	if (transact.outcome != wanted)
		fail_msg("%s", transact.verdict);
	journal_close(journal);
	return rehearse_result(rehearse, arena);
}

static const struct plan *start_of(const struct session *session,
				   const struct system *system,
				   struct arena *arena)
{
	struct intent *intent = arena_alloc(arena, sizeof *intent);

	assert_true(session_start(session, system, arena, intent, NULL));
	return planned(system, intent, arena);
}

static const struct plan *end_of(const struct session *session,
				 const struct system *system,
				 const struct past *past, struct arena *arena)
{
	struct intent *intent = arena_alloc(arena, sizeof *intent);

	assert_true(session_end(session, system, past, NULL, 0, arena, intent,
				NULL));
	return planned(system, intent, arena);
}

static const struct plan *back_of(const struct past *past,
				  const struct system *system,
				  struct arena *arena)
{
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct err err = {0};

	assert_non_null(past);
	if (!past_intent(past, system, arena, intent, &err))
		fail_msg("%s", err.text);
	return planned(system, intent, arena);
}

static void assert_same(const struct system *a, const struct system *b)
{
	for (unsigned i = 0; i < a->device_count; i++) {
		assert_string_equal(a->devices[i].driver.value,
				    b->devices[i].driver.value);
		assert_string_equal(a->devices[i].driver_override.value,
				    b->devices[i].driver_override.value);
	}
	assert_int_equal(a->vfio.node_count, b->vfio.node_count);
	assert_int_equal(a->host.service_count, b->host.service_count);
	assert_int_equal(a->vtconsole_count, b->vtconsole_count);
	for (unsigned i = 0; i < a->vtconsole_count; i++)
		assert_int_equal(a->vtconsoles[i].bound.value,
				 b->vtconsoles[i].bound.value);
}

static void a_session_started_and_ended_leaves_nothing(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, busy);
	struct session session = saved(system, &arena);
	const struct plan *start = start_of(&session, system, &arena);
	const struct system *given =
		done(system, start, NULL, OUTCOME_DONE, &arena);

	(void)state;
	assert_int_equal(session_state(&session, given), SESSION_STARTED);
	assert_int_equal(given->host.service_count, 0);
	assert_int_equal(given->vtconsoles[0].bound.value, 0);
	assert_int_equal(given->usage.holder_count, 0);
	struct past past = past_of_plan(system, start, 1, OUTCOME_DONE,
					&arena);
	const struct system *after =
		done(given, end_of(&session, given, &past, &arena), NULL,
		     OUTCOME_DONE, &arena);
	assert_same(system, after);
	assert_int_equal(session_state(&session, after), SESSION_ENDED);
	arena_free(&arena);
}

static void a_fault_anywhere_in_a_start_ends_as_it_began(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, busy);
	struct session session = saved(system, &arena);
	const struct plan *start = start_of(&session, system, &arena);

	(void)state;
	for (unsigned k = 0; k < start->step_count; k++) {
		struct rehearse_fault fault = { FAULT_ERRNO, k, EIO, NULL };
		assert_same(system, done(system, start, &fault,
					 OUTCOME_ROLLED_BACK, &arena));
	}
	arena_free(&arena);
}

static void a_holder_that_stays_is_never_ended(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		made(&arena, "holder 01:00.0 /dev/nvidia0");
	const struct bdf gpu = { .bus = 1 };
	struct session session;

	(void)state;
	assert_true(session_make("x", system, &gpu, 1, NULL, &arena, &session,
				 NULL));
	const struct system *after =
		done(system, start_of(&session, system, &arena), NULL,
		     OUTCOME_ROLLED_BACK, &arena);
	assert_same(system, after);
	assert_int_equal(after->usage.holder_count, 1);
	arena_free(&arena);
}

/* --- taking back --- */

static struct intent intent_to(enum intent_kind kind, const char *driver,
			       const char *address, struct arena *arena)
{
	struct bdf *bdf = arena_alloc(arena, sizeof *bdf);

	assert_true(bdf_parse(address, bdf));
	return (struct intent){ .kind = kind, .driver = driver,
				.devices = bdf, .device_count = 1 };
}

static void whatever_was_done_is_taken_back(void **state)
{
	static const struct {
		enum intent_kind kind;
		const char *driver, *address, *given;
	} cases[] = {
		{ INTENT_BIND, "vfio-pci", "01:00.0", NULL },
		{ INTENT_BIND, "pci-stub", "02:00.0", NULL },
		{ INTENT_BIND, "uio_pci_generic", "02:00.0", NULL },
		{ INTENT_UNBIND, NULL, "01:00.0", NULL },
		{ INTENT_RESTORE, NULL, "01:00.0", "01:00.0" },
		{ INTENT_UNBIND, NULL, "01:00.0", "01:00.0" },
		{ INTENT_BIND, "pci-stub", "01:00.0", "01:00.0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		const struct system *system = made(&arena, "");
		if (cases[i].given) {
			struct intent give = intent_to(INTENT_BIND, "vfio-pci",
						       cases[i].given, &arena);
			system = done(system, planned(system, &give, &arena),
				      NULL, OUTCOME_DONE, &arena);
		}
		struct intent intent = intent_to(cases[i].kind,
						 cases[i].driver,
						 cases[i].address, &arena);
		const struct plan *plan = planned(system, &intent, &arena);
		assert_true(plan->step_count > 0);
		const struct system *changed =
			done(system, plan, NULL, OUTCOME_DONE, &arena);
		struct past past = past_of_plan(system, plan, 1, OUTCOME_DONE,
						&arena);
		const struct plan *back = back_of(&past, changed, &arena);
		assert_same(system, done(changed, back, NULL,
					 OUTCOME_DONE, &arena));
		/* A fault in taking back leaves what was done. */
		for (unsigned k = 0; k < back->step_count; k++) {
			struct rehearse_fault fault = { FAULT_ERRNO, k, EIO,
							NULL };
			if (back->steps[k].may_fail)
				continue;
			assert_same(changed, done(changed, back, &fault,
						  OUTCOME_ROLLED_BACK,
						  &arena));
		}
		arena_free(&arena);
	}
}

static void a_start_that_is_taken_back_brings_its_services_back(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, busy);
	struct session session = saved(system, &arena);
	const struct plan *start = start_of(&session, system, &arena);
	const struct system *given =
		done(system, start, NULL, OUTCOME_DONE, &arena);
	struct past past = past_of_plan(system, start, 1, OUTCOME_DONE,
					&arena);

	(void)state;
	assert_same(system, done(given, back_of(&past, given, &arena), NULL,
				 OUTCOME_DONE, &arena));
	arena_free(&arena);
}

static void another_device_in_its_place_is_not_touched(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, "");
	struct intent intent = intent_to(INTENT_BIND, "vfio-pci", "01:00.0",
					 &arena), back;
	struct past past = past_of_plan(
		system, planned(system, &intent, &arena), 1, 0, &arena);
	struct err err = {0};

	(void)state;
	const struct system *other = made(&arena, "dev 01:00.0 id 10de2204");
	assert_false(past_intent(&past, other, &arena, &back, &err));
	assert_non_null(strstr(err.text, "another device now"));
	arena_free(&arena);
}

/* --- journals --- */

static void the_history_remembers_and_is_taken_back_step_by_step(void **state)
{
	struct place *place = *state;
	const char *const folders[] = { place->folder, NULL };
	struct arena arena = {0};
	const struct system *one = made(&arena, busy);
	struct session session = saved(one, &arena);
	const struct system *two =
		kept(one, start_of(&session, one, &arena), NULL,
		     place->folder, OUTCOME_DONE, &arena);
	struct intent other = intent_to(INTENT_BIND, "pci-stub", "02:00.0",
					&arena);
	const struct system *three =
		kept(two, planned(two, &other, &arena), NULL, place->folder,
		     OUTCOME_DONE, &arena);

	struct pasts pasts = history_pasts(folders, &arena);
	assert_int_equal(pasts.count, 2);
	assert_string_equal(pasts.items[0].title, "Bind group 14 to pci-stub");
	assert_string_equal(pasts.items[1].session, "win11");
	assert_int_equal(past_start(&pasts, "win11", &arena)->number,
			 pasts.items[1].number);

	/* The last one first, then the one before it. */
	const struct system *back =
		kept(three, back_of(past_last(&pasts), three, &arena), NULL,
		     place->folder, OUTCOME_DONE, &arena);
	assert_same(two, back);
	pasts = history_pasts(folders, &arena);
	assert_true(pasts.items[1].undone);
	/* Its own folder goes without saying. */
	assert_string_equal(pasts.items[0].undoes_in, "");
	back = kept(back, back_of(past_last(&pasts), back, &arena), NULL,
		    place->folder, OUTCOME_DONE, &arena);
	assert_same(one, back);
	pasts = history_pasts(folders, &arena);
	assert_int_equal(pasts.count, 4);
	assert_null(past_last(&pasts));
	assert_null(past_start(&pasts, "win11", &arena));
	arena_free(&arena);
}

/* Return the action by its folder and number. */
static struct past past_in(const struct pasts *pasts, const char *folder,
			   unsigned number)
{
	for (unsigned i = 0; i < pasts->count; i++)
		if (pasts->items[i].number == number &&
		    strcmp(pasts->items[i].folder, folder) == 0)
			return pasts->items[i];
	fail_msg("no action %u in %s", number, folder);
	return (struct past){0};
}

static void what_is_taken_back_is_told_from_its_namesake(void **state)
{
	struct place *place = *state;
	struct arena arena = {0};
	const char *roots = arena_printf(&arena, "%s-root", place->folder);
	const char *const folders[] = { place->folder, roots, NULL };
	const struct system *one = made(&arena, busy);
	struct intent own = intent_to(INTENT_BIND, "pci-stub", "02:00.0",
				      &arena);
	struct intent root = intent_to(INTENT_UNBIND, NULL, "02:00.0", &arena);

	/* Each of them has a first action; as a user, root's is taken back. */
	const struct system *two =
		kept(one, planned(one, &own, &arena), NULL, place->folder,
		     OUTCOME_DONE, &arena);
	const struct system *three =
		kept(two, planned(two, &root, &arena), NULL, roots,
		     OUTCOME_DONE, &arena);
	struct pasts pasts = history_pasts(folders, &arena);
	struct past first = past_in(&pasts, roots, 1);
	assert_same(two, kept(three, back_of(&first, three, &arena), NULL,
			      place->folder, OUTCOME_DONE, &arena));
	pasts = history_pasts(folders, &arena);
	assert_int_equal(pasts.count, 3);

	/* They were done in one second: put them in order. */
	struct past items[] = { past_in(&pasts, place->folder, 2),
				past_in(&pasts, roots, 1),
				past_in(&pasts, place->folder, 1) };
	items[1].undone = items[2].undone = false;
	past_mark(items, 3);
	assert_true(items[1].undone);
	assert_false(items[2].undone);

	/* A journal of before names no folder: it means its own. */
	items[0].undoes_in = "";
	items[1].undone = false;
	past_mark(items, 3);
	assert_false(items[1].undone);
	assert_true(items[2].undone);
	arena_free(&arena);
}

static void an_end_reads_from_the_journal_what_the_start_stopped(void **state)
{
	struct place *place = *state;
	const char *const folders[] = { place->folder, NULL };
	struct arena arena = {0};
	const struct system *one = made(&arena, busy);
	struct session session = saved(one, &arena);
	const struct system *two =
		kept(one, start_of(&session, one, &arena), NULL,
		     place->folder, OUTCOME_DONE, &arena);
	struct pasts pasts = history_pasts(folders, &arena);
	const struct plan *end = end_of(&session, two,
					past_start(&pasts, "win11", &arena), &arena);

	assert_same(one, kept(two, end, NULL, place->folder, OUTCOME_DONE,
			      &arena));
	pasts = history_pasts(folders, &arena);
	assert_null(past_start(&pasts, "win11", &arena));
	assert_string_equal(pasts.items[0].title, "End the session win11");
	arena_free(&arena);
}

static void assert_driver(const struct system *system, const char *address,
			  const char *driver)
{
	struct bdf at;

	assert_true(bdf_parse(address, &at));
	assert_string_equal(system->devices[system_device(system, at)]
				    .driver.value, driver);
}

/* What a start gave to a driver of the host's has one already. */
static void a_session_that_gives_to_the_host_can_be_ended(void **state)
{
	struct place *place = *state;
	const char *const folders[] = { place->folder, NULL };
	struct arena arena = {0};
	const struct bdf gpu = { .bus = 1 };
	struct session session;
	const struct system *one = made(&arena,
		"dev 01:00.0 driver vfio-pci; dev 01:00.1 driver vfio-pci");

	assert_true(session_make("win11", one, &gpu, 1, "nvidia", &arena,
				 &session, NULL));
	/* Its audio is the guest's, before and after. */
	struct session_device both[] = { session.devices[0],
					 session.devices[1] };
	both[1].target = "vfio-pci";
	session.devices = both;
	const struct system *two =
		kept(one, start_of(&session, one, &arena), NULL,
		     place->folder, OUTCOME_DONE, &arena);
	assert_int_equal(session_state(&session, two), SESSION_STARTED);
	assert_driver(two, "01:00.0", "nvidia");
	struct pasts pasts = history_pasts(folders, &arena);
	const struct plan *end = end_of(&session, two,
					past_start(&pasts, "win11", &arena),
					&arena);
	assert_int_equal(end->change_count, 1);
	assert_string_equal(end->changes[0].to, "vfio-pci");
	const struct system *three = kept(two, end, NULL, place->folder,
					  OUTCOME_DONE, &arena);
	assert_int_equal(session_state(&session, three), SESSION_PARTLY);
	assert_driver(three, "01:00.0", "vfio-pci");
	pasts = history_pasts(folders, &arena);
	assert_null(past_start(&pasts, "win11", &arena));
	arena_free(&arena);
}

static void what_no_start_changed_stays_as_it_is(void **state)
{
	struct place *place = *state;
	const char *const folders[] = { place->folder, NULL };
	struct arena arena = {0};
	const struct system *one = made(&arena,
		"dev 01:00.0 driver nvidia; dev 01:00.1 driver vfio-pci");
	struct session session = saved(one, &arena);
	const struct system *two =
		kept(one, start_of(&session, one, &arena), NULL,
		     place->folder, OUTCOME_DONE, &arena);
	struct pasts pasts = history_pasts(folders, &arena);

	assert_int_equal(session_state(&session, two), SESSION_STARTED);
	const struct plan *end = end_of(&session, two,
					past_start(&pasts, "win11", &arena),
					&arena);
	const struct system *three = kept(two, end, NULL, place->folder,
					  OUTCOME_DONE, &arena);
	assert_driver(three, "01:00.0", "nvidia");
	assert_driver(three, "01:00.1", "vfio-pci");
	/* Nobody knows of a start: then it is for the host, all of it. */
	end = end_of(&session, two, NULL, &arena);
	three = kept(two, end, NULL, place->folder, OUTCOME_DONE, &arena);
	assert_driver(three, "01:00.1", "snd_hda_intel");
	arena_free(&arena);
}

/* Started, one device taken back by hand, and started again. */
static void an_end_is_of_all_the_starts_before_it(void **state)
{
	struct place *place = *state;
	const char *const folders[] = { place->folder, NULL };
	struct arena arena = {0};
	const struct system *one = made(&arena, busy);
	struct session session = saved(one, &arena);
	const struct system *two =
		kept(one, start_of(&session, one, &arena), NULL,
		     place->folder, OUTCOME_DONE, &arena);
	struct intent by_hand = intent_to(INTENT_UNBIND, NULL, "01:00.1",
					  &arena);
	const struct plan *loose = planned(two, &by_hand, &arena);
	const struct system *three = kept(two, loose, NULL, place->folder,
					  OUTCOME_DONE, &arena);
	assert_driver(three, "01:00.1", "");
	const struct system *four =
		kept(three, start_of(&session, three, &arena), NULL,
		     place->folder, OUTCOME_DONE, &arena);
	struct pasts pasts = history_pasts(folders, &arena);
	const struct past *start = past_start(&pasts, "win11", &arena);

	assert_int_equal(session_state(&session, four), SESSION_STARTED);
	assert_string_equal(pasts.items[0].homes[0].driver, "");
	/* What the first one stopped is started, too. */
	assert_int_equal(pasts.items[0].after_count, 0);
	assert_true(start->after_count > 0);
	const struct system *five =
		kept(four, end_of(&session, four, start, &arena), NULL,
		     place->folder, OUTCOME_DONE, &arena);
	assert_driver(five, "01:00.0", one->devices[system_device(one,
			(struct bdf){ .bus = 1 })].driver.value);
	pasts = history_pasts(folders, &arena);
	assert_null(past_start(&pasts, "win11", &arena));
	arena_free(&arena);
}

static void an_action_that_failed_is_history_and_nothing_to_take_back(
	void **state)
{
	struct place *place = *state;
	const char *const folders[] = { place->folder, NULL };
	struct arena arena = {0};
	const struct system *system = made(&arena, "");
	struct intent intent = intent_to(INTENT_BIND, NULL, "01:00.0", &arena);
	struct rehearse_fault fault = { FAULT_ERRNO, 3, EIO, NULL };

	kept(system, planned(system, &intent, &arena), &fault, place->folder,
	     OUTCOME_ROLLED_BACK, &arena);
	struct pasts pasts = history_pasts(folders, &arena);
	assert_int_equal(pasts.count, 1);
	assert_int_equal(pasts.items[0].outcome, OUTCOME_ROLLED_BACK);
	assert_null(past_last(&pasts));
	arena_free(&arena);
}

#define WITH_FOLDER(name) \
	cmocka_unit_test_setup_teardown(name, place_start, place_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_started_and_ended_leaves_nothing),
		cmocka_unit_test(a_fault_anywhere_in_a_start_ends_as_it_began),
		cmocka_unit_test(a_holder_that_stays_is_never_ended),
		cmocka_unit_test(whatever_was_done_is_taken_back),
		cmocka_unit_test(
			a_start_that_is_taken_back_brings_its_services_back),
		cmocka_unit_test(another_device_in_its_place_is_not_touched),
		WITH_FOLDER(
			the_history_remembers_and_is_taken_back_step_by_step),
		WITH_FOLDER(
			what_is_taken_back_is_told_from_its_namesake),
		WITH_FOLDER(
			an_end_reads_from_the_journal_what_the_start_stopped),
		WITH_FOLDER(a_session_that_gives_to_the_host_can_be_ended),
		WITH_FOLDER(what_no_start_changed_stays_as_it_is),
		WITH_FOLDER(an_end_is_of_all_the_starts_before_it),
		WITH_FOLDER(
			an_action_that_failed_is_history_and_nothing_to_take_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
