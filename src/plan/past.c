// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Actions that are over, and the intent that takes one back.  It reads no
 * journal: act/ does.
 */
#include "plan/past.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

const char *past_ids(const struct device *device, struct arena *arena)
{
	return arena_printf(arena, "%04x:%04x", device->vendor,
			    device->device);
}

/* What drives a device is put back by its home. */
static bool is_about_driver(const struct step *step)
{
	return text_starts(step->path, "/sys/bus/pci/drivers") ||
	       (text_starts(step->path, "/sys/bus/pci/devices/") &&
		(text_ends(step->path, "/driver_override") ||
		 text_ends(step->path, "/driver/unbind")));
}

static struct expect copy_expect(const struct expect *expect,
				 struct arena *arena)
{
	return (struct expect){ expect->kind, arena_text(arena, expect->path),
				arena_text(arena, expect->value) };
}

static struct step copy_step(const struct step *step, struct arena *arena)
{
	struct step copy = *step;

	copy.path = arena_text(arena, step->path);
	copy.value = arena_text(arena, step->value);
	for (unsigned i = 0; i < STEP_WORDS && step->argv[i]; i++)
		copy.argv[i] = arena_text(arena, step->argv[i]);
	copy.self = arena_text(arena, step->self ? step->self : "");
	copy.before = copy_expect(&step->before, arena);
	copy.expect = copy_expect(&step->expect, arena);
	copy.why = step->why ? arena_text(arena, step->why) : "";
	copy.device = NONE;
	copy.undo = NULL;
	copy.undo_count = 0;
	return copy;
}

/* What takes back a step, with the step itself to take that back again. */
static void take_back(struct step *to, const struct step *undo,
		      const struct step *step, struct arena *arena)
{
	struct step *again = arena_alloc(arena, sizeof *again);

	*again = copy_step(step, arena);
	again->ensure = true;
	/* A file is changed from what it was, or not at all; and a module goes
	 * only when it is spare, and may stay. */
	again->may_fail = step->expect.kind == EXPECT_UNLOADED;
	if (step->kind != STEP_FILE && !again->may_fail)
		again->before = (struct expect){ EXPECT_NOTHING, "", "" };
	*to = copy_step(undo, arena);
	/* What was left must still be so: a number of VFs that another hand
	 * changed since is not ours to change. */
	if (to->before.kind == EXPECT_NOTHING &&
	    step->expect.kind == EXPECT_TEXT &&
	    strcmp(to->path, step->path) == 0)
		to->before = copy_expect(&step->expect, arena);
	if (to->expect.kind == EXPECT_UNLOADED)
		to->may_fail = false;
	to->ensure = true;
	to->undo = again;
	to->undo_count = 1;
}

/* Collect what takes back the steps of [@from; @to) that are about no
 * driver, the last first. */
static const struct step *collect(const struct step *steps, unsigned from,
				  unsigned to, unsigned *count,
				  struct arena *arena)
{
	struct step *found;
	unsigned most = 0;

	for (unsigned i = from; i < to; i++)
		most += steps[i].undo_count;
	found = arena_array(arena, most + 1u, sizeof *found);
	for (unsigned i = to; i-- > from;)
		for (unsigned u = 0; u < steps[i].undo_count; u++)
			if (!is_about_driver(&steps[i]) &&
			    !(steps[i].kind == STEP_RUN &&
			      is_about_driver(&steps[i].undo[u])))
				take_back(&found[(*count)++],
					  &steps[i].undo[u], &steps[i], arena);
	return found;
}

void past_others(struct past *past, const struct step *steps, unsigned count,
		 struct arena *arena)
{
	unsigned behind = count;

	while (behind && !is_about_driver(&steps[behind - 1]))
		behind--;
	if (!behind)
		behind = count;
	past->first = collect(steps, behind, count, &past->first_count, arena);
	past->after = collect(steps, 0, behind, &past->after_count, arena);
}

static void take_homes(struct past *past, const struct system *system,
		       const struct plan *plan, struct arena *arena)
{
	struct home *homes = arena_array(arena, plan->change_count + 1u,
					 sizeof *homes);
	const char **ids = arena_array(arena, plan->change_count + 1u,
				       sizeof *ids);

	for (unsigned i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];
		const struct device *device = &system->devices[change->device];
		if (change->left)
			continue;
		ids[past->home_count] = past_ids(device, arena);
		homes[past->home_count++] = (struct home){
			device->address, arena_text(arena, change->from),
			device->driver_override.known == KNOWN ?
				arena_text(arena,
					   device->driver_override.value) : "",
		};
	}
	past->homes = homes;
	past->ids = ids;
}

struct past past_of_plan(const struct system *system, const struct plan *plan,
			 unsigned number, int outcome, struct arena *arena)
{
	const struct company *company = plan->intent.company;
	struct past past = {
		.number = number, .folder = "", .time = "",
		.title = arena_text(arena, plan->title), .outcome = outcome,
		.session = "",
	};

	if (company && company->session)
		past.session = arena_text(arena, company->session);
	past.ends = company && company->ends;
	past.undoes = company ? company->undoes : 0;
	take_homes(&past, system, plan, arena);
	past_others(&past, plan->steps, plan->step_count, arena);
	return past;
}

/* Numbers are of a folder, and there are two: a user's and root's. */
static bool takes_back(const struct past *back, const struct past *past)
{
	const char *folder = back->undoes_in && *back->undoes_in ?
				     back->undoes_in : back->folder;

	return !back->outcome && past->number &&
	       back->undoes == past->number &&
	       strcmp(folder, past->folder) == 0;
}

void past_mark(struct past *items, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		for (unsigned k = 0; k < i; k++)
			if (takes_back(&items[k], &items[i]))
				items[i].undone = true;
}

const struct past *past_last(const struct pasts *pasts)
{
	for (unsigned i = 0; pasts && i < pasts->count; i++) {
		const struct past *past = &pasts->items[i];
		if (!past->outcome && !past->undoes && !past->undone &&
		    (past->home_count || past->first_count ||
		     past->after_count))
			return past;
	}
	return NULL;
}

/* Return .home_count where it has none for the device. */
static unsigned home_at(const struct past *past, struct bdf address)
{
	unsigned at = 0;

	while (at < past->home_count &&
	       bdf_compare(past->homes[at].address, address))
		at++;
	return at;
}

bool past_changed(const struct past *past, struct bdf address)
{
	return past && home_at(past, address) < past->home_count;
}

/* Add what @older did before @past: a device that both changed goes to the
 * driver it had before the later one, if it had one.  A service may be started
 * twice then; it is asked for what holds already. */
static void add_older(struct past *past, const struct past *older,
		      struct arena *arena)
{
	unsigned homes = past->home_count, steps = past->after_count;
	struct home *all = arena_array(arena, homes + older->home_count + 1u,
				       sizeof *all);
	const char **ids = arena_array(arena, homes + older->home_count + 1u,
				       sizeof *ids);
	struct step *after = arena_array(
		arena, steps + older->after_count + 1u, sizeof *after);

	for (unsigned i = 0; i < homes; i++) {
		all[i] = past->homes[i];
		ids[i] = past->ids[i];
	}
	for (unsigned i = 0; i < older->home_count; i++) {
		unsigned at = home_at(past, older->homes[i].address);
		if (at < past->home_count && *past->homes[at].driver)
			continue;
		at = at < past->home_count ? at : homes++;
		all[at] = older->homes[i];
		ids[at] = older->ids[i];
	}
	for (unsigned i = 0; i < steps; i++)
		after[i] = past->after[i];
	for (unsigned i = 0; i < older->after_count; i++)
		after[steps++] = older->after[i];
	past->homes = all;
	past->ids = ids;
	past->home_count = homes;
	past->after = after;
	past->after_count = steps;
}

const struct past *past_start(const struct pasts *pasts, const char *session,
			      struct arena *arena)
{
	struct past *start = NULL;

	for (unsigned i = 0; pasts && i < pasts->count; i++) {
		const struct past *past = &pasts->items[i];
		bool partly = past->outcome == PAST_PARTLY && !past->ends;
		if ((past->outcome != PAST_DONE && !partly) || past->undone ||
		    past->undoes || strcmp(past->session, session) != 0)
			continue;
		if (past->ends)
			break;
		if (start) {
			add_older(start, past, arena);
			continue;
		}
		start = arena_alloc(arena, sizeof *start);
		*start = *past;
	}
	return start;
}

static bool check_device(const struct past *past, unsigned at,
			 const struct system *system, struct err *err)
{
	int index = system_device(system, past->homes[at].address);
	struct arena scratch = {0};
	char address[BDF_TEXT];

	bdf_print_short(past->homes[at].address, address);
	if (index == NONE) {
		err_set(err, _("%s is not there any more: \"%s\" cannot be "
			       "taken back."), address, past->title);
		return false;
	}
	bool same = strcmp(past_ids(&system->devices[index], &scratch),
			   past->ids[at]) == 0;
	arena_free(&scratch);
	if (!same)
		err_set(err, _("%s is another device now (it was %s): \"%s\" "
			       "cannot be taken back."), address,
			past->ids[at], past->title);
	return same;
}

bool past_intent(const struct past *past, const struct system *system,
		 struct arena *arena, struct intent *intent, struct err *err)
{
	struct company *company = arena_alloc(arena, sizeof *company);
	struct bdf *devices = arena_array(arena, past->home_count + 1u,
					  sizeof *devices);

	for (unsigned i = 0; i < past->home_count; i++) {
		if (!check_device(past, i, system, err))
			return false;
		devices[i] = past->homes[i].address;
	}
	*company = (struct company){
		.first = past->first, .first_count = past->first_count,
		.after = past->after, .after_count = past->after_count,
		.undoes = past->number, .undoes_in = past->folder,
	};
	*intent = (struct intent){
		.kind = INTENT_UNDO,
		.title = arena_printf(arena, _("Take back: %s"), past->title),
		.devices = devices, .device_count = past->home_count,
		.homes = past->homes, .home_count = past->home_count,
		.company = company,
	};
	return true;
}
