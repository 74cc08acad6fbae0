// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rest of an unfinished journal as a plan, and the decision to let it be.
 * It is read in history.c and written in journal.c.
 */
#include "act/recovery.h"

#include <string.h>

#include "act/history.h"
#include "act/journal.h"
#include "act/progress.h"
#include "base/i18n.h"

/* How many steps are behind us, and whether the next one was begun. */
static unsigned count_done(const struct record *record, bool *begun)
{
	unsigned done = 0;

	*begun = false;
	for (unsigned i = 0; i < record->step_count; i++)
		if (record->steps[i].begun) {
			done = i + record->steps[i].ended;
			*begun = !record->steps[i].ended;
		}
	return done;
}

static bool is_being_undone(const struct record *record)
{
	for (unsigned i = 0; i < record->step_count; i++)
		if (record->steps[i].undoing)
			return true;
	return record->recovering;
}

static const struct step *take_steps(const struct record *record,
				     unsigned done, bool begun,
				     struct arena *arena)
{
	struct step *steps = arena_array(arena, record->step_count + 1u,
					 sizeof *steps);

	for (unsigned i = 0; i < record->step_count; i++) {
		steps[i] = record->steps[i].step;
		steps[i].undo = record->steps[i].undo;
		steps[i].undo_count = record->steps[i].undo_count;
		/* It may have happened before anybody could be told. */
		steps[i].ensure |= i == done && begun;
	}
	return steps;
}

/* The devices of the journal, each still the one it was. */
static bool take_devices(const struct record *record,
			 const struct system *system, struct plan *plan,
			 struct arena *arena, struct err *err)
{
	struct bdf *devices = arena_array(arena, record->device_count + 1u,
					  sizeof *devices);
	struct change *changes = arena_array(arena, record->device_count + 1u,
					     sizeof *changes);

	for (unsigned i = 0; i < record->device_count; i++) {
		const struct record_device *each = &record->devices[i];
		int device = system_device(system, each->address);
		char name[BDF_TEXT];
		if (each->left)
			continue;
		if (device == NONE ||
		    strcmp(record_ids(&system->devices[device], arena),
			   each->ids) != 0) {
			err_set(err, _("%s is not the device that the action "
				       "was begun with: it cannot be "
				       "finished."),
				bdf_print_short(each->address, name));
			return false;
		}
		devices[plan->intent.device_count++] = each->address;
		changes[plan->change_count++] = (struct change){
			.device = device, .named = true,
			.from = system->devices[device].driver.known == KNOWN ?
				system->devices[device].driver.value : "",
			.to = strcmp(record->intent, "bind") == 0 ?
				      record->driver :
			      strcmp(record->intent, "unbind") == 0 ? "" : NULL,
		};
	}
	plan->intent.devices = devices;
	plan->changes = changes;
	return true;
}

/* Whether a journal tells all of an intent: devices and a driver.  Gates of
 * the others come from their steps alone. */
static bool is_told(enum intent_kind kind)
{
	return kind == INTENT_BIND || kind == INTENT_RESTORE ||
	       kind == INTENT_UNBIND || kind == INTENT_LOAD ||
	       kind == INTENT_KEEP || kind == INTENT_UNDO;
}

/* What stands in the way of the same intent today. */
static void take_gates(const struct system *system, struct plan *plan,
		       struct arena *arena)
{
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct err err;

	if (!is_told(plan->intent.kind))
		return;
	*intent = plan->intent;
	const struct plan *today = plan_make(system, intent, arena, &err);
	if (!today)
		return;
	plan->gates = today->gates;
	plan->gate_count = today->gate_count;
}

const struct plan *recovery_finish(const char *folder,
				   const struct system *system,
				   struct arena *arena, struct err *err)
{
	struct plan *plan = arena_alloc(arena, sizeof *plan);
	struct record record;
	bool begun;

	if (!history_unfinished(folder, arena, &record, err))
		return NULL;
	if (is_being_undone(&record)) {
		err_set(err, _("It was being taken back when it stopped: that "
			       "can be finished, the action itself cannot."));
		return NULL;
	}
	plan->intent.kind = record_intent_kind(record.intent);
	plan->intent.driver = record.driver;
	plan->title = arena_printf(arena, _("Finish: %s"), record.title);
	if (!take_devices(&record, system, plan, arena, err))
		return NULL;
	take_gates(system, plan, arena);
	plan->resumes = true;
	plan->done = count_done(&record, &begun);
	plan->steps = take_steps(&record, plan->done, begun, arena);
	plan->step_count = record.step_count;
	plan_gate_steps(system, plan, arena);
	return plan;
}

bool recovery_forget(const char *folder, struct err *err)
{
	static const struct plan nothing = { .resumes = true };
	struct arena arena = {0};
	struct journal *journal =
		journal_open(folder, NULL, &nothing, &arena, err);

	if (journal) {
		journal_end(journal, OUTCOME_PARTLY);
		journal_close(journal);
	}
	arena_free(&arena);
	return journal != NULL;
}
