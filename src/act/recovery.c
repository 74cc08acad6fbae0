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
#include "base/text.h"

static const char drivers_at[] = "/sys/bus/pci/drivers/";

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

/* The driver that the steps give a device to, "" where they give it to none. */
static const char *target_of(const struct record *record, struct bdf device,
			     struct arena *arena)
{
	const char *driver = "";
	char address[BDF_TEXT];

	bdf_print(device, address);
	for (unsigned i = 0; i < record->step_count; i++) {
		const struct step *step = &record->steps[i].step;
		const char *name = step->path + sizeof drivers_at - 1;
		size_t len;
		if (strcmp(step->value, address) != 0 ||
		    !text_starts(step->path, drivers_at))
			continue;
		len = strcspn(name, "/");
		if (strcmp(name + len, "/bind") == 0)
			driver = arena_copy(arena, name, len);
	}
	return driver;
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
	struct target *targets = arena_array(arena, record->device_count + 1u,
					     sizeof *targets);
	bool binds = plan->intent.kind == INTENT_BIND;

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
		const char *to = target_of(record, each->address, arena);
		devices[plan->intent.device_count++] = each->address;
		if (binds)
			targets[plan->intent.target_count++] =
				(struct target){ each->address, to, "" };
		changes[plan->change_count++] = (struct change){
			.device = device, .named = true,
			.from = system->devices[device].driver.known == KNOWN ?
				system->devices[device].driver.value : "",
			.to = binds || plan->intent.kind == INTENT_UNBIND ?
				      to : NULL,
		};
	}
	plan->intent.targets = targets;
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

/* What went along with the devices, as far as gates ask for it; the steps are
 * the journal's. */
static const struct company *company_of(const struct record *record,
					struct arena *arena)
{
	struct company *company = arena_alloc(arena, sizeof *company);

	*company = (struct company){
		.session = *record->session ? record->session : NULL,
		.ends = record->ends, .consoles = record->consoles,
		.undoes = record->undoes, .undoes_in = record->undoes_in,
	};
	return company;
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
	plan->intent.driver = *record.driver ? record.driver : NULL;
	plan->intent.company = company_of(&record, arena);
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

/* The device that a step of taking back would let go of now, or NONE: one that
 * has the driver in the path, or any ("driver/unbind" of the device). */
static int lets_go(const struct system *system, const struct step *step)
{
	struct bdf address;

	if (step->kind != STEP_WRITE || !text_ends(step->path, "/unbind") ||
	    !bdf_parse(step->value, &address))
		return NONE;
	int device = system_device(system, address);
	const struct fact_text *driver =
		device != NONE ? &system->devices[device].driver : NULL;
	if (!driver || (driver->known == KNOWN && !*driver->value) ||
	    driver->known == ABSENT)
		return NONE;
	if (driver->known != KNOWN || !text_starts(step->path, drivers_at))
		return device;
	size_t len = strlen(driver->value);
	const char *name = step->path + sizeof drivers_at - 1;
	return strncmp(name, driver->value, len) == 0 &&
	       strcmp(name + len, "/unbind") == 0 ? device : NONE;
}

static bool is_of(const struct gate *gate, const struct system *system,
		  const struct intent *intent)
{
	for (unsigned i = 0; i < intent->device_count; i++)
		if (gate->device == system_device(system, intent->devices[i]))
			return true;
	return false;
}

/* What would be lost where a device is let go of: since the action stopped a
 * file system may be mounted on it, or a virtual machine have it. */
static bool take_unbind_gates(const struct system *system, struct plan *plan,
			      struct arena *arena, struct err *err)
{
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct bdf *devices = arena_array(arena, plan->step_count + 1u,
					  sizeof *devices);

	*intent = (struct intent){ .kind = INTENT_UNBIND, .devices = devices };
	for (unsigned i = 0; i < plan->step_count; i++) {
		int device = lets_go(system, &plan->steps[i]);
		if (device != NONE)
			devices[intent->device_count++] =
				system->devices[device].address;
	}
	if (!intent->device_count)
		return true;
	const struct plan *today = plan_make(system, intent, arena, err);
	if (!today)
		return false;
	struct gate *gates = arena_array(arena, today->gate_count + 1u,
					 sizeof *gates);
	for (unsigned i = 0; i < today->gate_count; i++)
		if (is_of(&today->gates[i], system, intent))
			gates[plan->gate_count++] = today->gates[i];
	plan->gates = gates;
	return true;
}

const struct plan *recovery_back(const char *folder,
				 const struct system *system,
				 struct arena *arena, struct err *err)
{
	const struct plan *back = history_recovery(folder, arena, err);
	struct plan *plan = arena_alloc(arena, sizeof *plan);

	if (!back)
		return NULL;
	*plan = *back;
	if (!take_unbind_gates(system, plan, arena, err))
		return NULL;
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
