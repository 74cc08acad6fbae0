// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plan before a person's eyes: made, shown, confirmed.  What it does is the
 * plan's.
 */
#include "tui/app_part.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "plan/intent.h"
#include "view/ref.h"

static bool has_soft_gate(const struct plan *plan)
{
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (plan->gates[i].kind == GATE_SOFT)
			return true;
	return false;
}

/* Whether the device goes along though nobody named it. */
static bool is_stranger(const struct plan *plan, const struct change *change)
{
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (plan->gates[i].device == change->device &&
		    !plan->gates[i].unknown && !change->named &&
		    strcmp(plan->gates[i].id, "group-shared-endpoints") == 0)
			return true;
	return false;
}

/* The device of the first open gate where an earlier action is recovered:
 * nobody names a device for that.  NONE: there is none. */
static int open_device(const struct plan *plan)
{
	if (!plan->recovers && !plan->resumes)
		return NONE;
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (plan->gates[i].kind == GATE_SOFT &&
		    plan->gates[i].device != NONE)
			return plan->gates[i].device;
	return NONE;
}

/* Of the devices that were named: one that stays as it is is no matter. */
static struct bdf first_meant(const struct deed *deed)
{
	const struct plan *plan = deed->plan;

	for (unsigned i = 0; i < plan->change_count; i++)
		if (plan->changes[i].named && !plan->changes[i].left)
			return deed->system->devices[plan->changes[i].device]
				.address;
	return plan->intent.devices[0];
}

/*
 * What must be typed: where a gate is open the address of what is given away (the
 * beginning of a UUID), so that the hand does not go by itself; then that of each member of the
 * group that nobody named.  "" when there is no more.
 */
static void choose_word(struct deed *deed)
{
	const struct plan *plan = deed->plan;
	unsigned left = deed->typed;

	*deed->word = '\0';
	if (has_soft_gate(plan) && plan->intent.uuid && !left)
		snprintf(deed->word, sizeof deed->word, "%.8s",
			 plan->intent.uuid);
	if (has_soft_gate(plan) && !plan->intent.device_count && !left &&
	    open_device(plan) != NONE)
		bdf_print_short(deed->system->devices[open_device(plan)]
					.address, deed->word);
	if (!has_soft_gate(plan) || !plan->intent.device_count)
		return;
	if (!left--) {
		bdf_print_short(first_meant(deed), deed->word);
		return;
	}
	for (unsigned i = 0; i < plan->change_count; i++)
		if (is_stranger(plan, &plan->changes[i]) && !left--) {
			bdf_print_short(
				deed->system->devices[plan->changes[i].device]
					.address, deed->word);
			return;
		}
}

bool deed_choose(struct app *app, struct intent *intent)
{
	struct meant meant = { .arena = &app->deed.arena };

	meant_find(app, &meant);
	intent->devices = meant.devices;
	intent->device_count = (unsigned)meant.count;
	if (!meant.count)
		app_say(app, MARK_WARN, "%s",
			_("There is no device to give away here."));
	return meant.count > 0;
}

enum effect deed_show(struct app *app, const struct intent *intent)
{
	struct deed *deed = &app->deed;
	struct err err;

	deed->plan = plan_make(app->scene.system, intent, &deed->arena, &err);
	if (!deed->plan) {
		app_say(app, MARK_BAD, "%s", err.text);
		deed_free(app);
		return EFFECT_PAINT;
	}
	deed->system = app->scene.system;
	deed->scene = app->scene;
	deed->typed = 0;
	choose_word(deed);
	return EFFECT_PAINT;
}

enum effect deed_give_up(struct app *app, const struct err *err)
{
	app_say(app, MARK_BAD, "%s", err->text);
	deed_free(app);
	return EFFECT_PAINT;
}

struct intent *deed_start(struct app *app)
{
	deed_free(app);
	return arena_alloc(&app->deed.arena, sizeof(struct intent));
}

enum effect deed_plan(struct app *app, enum intent_kind kind,
		      const char *driver)
{
	struct intent *intent = deed_start(app);

	*intent = (struct intent){
		.kind = kind,
		.driver = arena_text(&app->deed.arena, driver),
	};
	if (!deed_choose(app, intent))
		return EFFECT_PAINT;
	if (kind == INTENT_RESTORE)
		homes_fill(&app->homes, app->scene.system, intent,
			   &app->deed.arena);
	return deed_show(app, intent);
}

/* Ends it where it is started; else starts it, also what is missing of it. */
static bool fill_toggle(struct app *app, const struct session *session,
			struct intent *intent, struct err *err)
{
	const struct system *system = app->scene.system;
	struct arena *arena = &app->deed.arena;
	struct intent homes = {0};

	if (session_state(session, system) != SESSION_STARTED)
		return session_start(session, system, arena, intent, err);
	homes_fill(&app->homes, system, &homes, arena);
	return session_end(session, system,
			   past_start(app->scene.pasts, session->name, arena),
			   homes.homes, homes.home_count, arena, intent, err);
}

enum effect deed_toggle(struct app *app, const struct session *session)
{
	struct intent *intent = deed_start(app);
	struct err err;

	return fill_toggle(app, session, intent, &err) ? deed_show(app, intent) :
							 deed_give_up(app, &err);
}

enum effect deed_undo(struct app *app)
{
	const struct past *past = past_last(app->scene.pasts);
	struct intent *intent = deed_start(app);
	struct err err;

	if (!past)
		return EFFECT_PAINT;
	return past_intent(past, app->scene.system, &app->deed.arena, intent,
			   &err) ? deed_show(app, intent) : deed_give_up(app, &err);
}

enum effect deed_keep(struct app *app, const char *name)
{
	struct intent *intent = deed_start(app);
	struct err err;

	if (!deed_choose(app, intent))
		return EFFECT_PAINT;
	if (!session_make(name, app->scene.system, intent->devices,
			  intent->device_count, NULL, app->own, &app->session,
			  &err))
		return deed_give_up(app, &err);
	deed_free(app);
	return EFFECT_KEEP;
}

const struct device *deed_device(struct app *app)
{
	struct intent *intent = deed_start(app);
	int index = deed_choose(app, intent) ?
		system_device(app->scene.system, intent->devices[0]) : NONE;

	deed_free(app);
	return index == NONE ? NULL : &app->scene.system->devices[index];
}

enum effect deed_edit(struct app *app, const struct edit *edit)
{
	deed_free(app);
	return deed_show(app, intent_copy(&(struct intent){
		.kind = INTENT_EDIT, .edit = edit }, &app->deed.arena));
}

/* Put another plan in the place of the one that is shown. */
static void replace(struct app *app, const struct plan *plan,
		    struct arena arena)
{
	struct deed *deed = &app->deed;

	arena_free(&deed->arena);
	*deed = (struct deed){
		.arena = arena, .plan = plan, .system = app->scene.system,
		.scene = app->scene, .scroll = deed->scroll,
	};
	choose_word(deed);
}

bool deed_is_recovery(const struct app *app)
{
	return app_is_recovering(app) && !app->deed.act;
}

bool app_is_recovering(const struct app *app)
{
	const struct plan *plan = app->deed.plan;

	return plan && (plan->recovers || plan->resumes);
}

void app_recover(struct app *app, const struct plan *plan, struct arena arena)
{
	deed_free(app);
	if (plan)
		replace(app, plan, arena);
	else
		arena_free(&arena);
}

/* Between yes and now another plan may have been opened. */
static bool is_confirmed(const struct app *app)
{
	return deed_is_asking(app) && app->deed.confirmed;
}

/* Put the plan that was confirmed, made again, in its place; *err: why there is
 * none. */
static bool take_again(struct app *app, const struct plan *plan,
		       struct arena arena, const struct err *err)
{
	if (!plan) {
		arena_free(&arena);
		deed_give_up(app, err);
		return false;
	}
	bool same = plan_is_same(app->deed.plan, plan);
	replace(app, plan, arena);
	app->deed.confirmed = same;
	if (!same)
		app_say(app, MARK_WARN, "%s",
			_("The machine has changed meanwhile: this is the "
			  "plan now.  Nothing was written."));
	return same;
}

bool app_recheck(struct app *app)
{
	struct arena arena = {0};
	struct err err;

	if (!is_confirmed(app))
		return false;
	const struct plan *before = app->deed.plan;
	struct intent *intent = intent_copy(&before->intent, &arena);
	if (intent->kind == INTENT_RESTORE && !intent->company)
		homes_fill(&app->homes, app->scene.system, intent, &arena);
	const struct plan *plan =
		plan_make(app->scene.system, intent, &arena, &err);
	return take_again(app, plan, arena, &err);
}

bool app_recover_again(struct app *app, const struct plan *plan,
		       struct arena arena, const struct err *err)
{
	if (is_confirmed(app) && app_is_recovering(app))
		return take_again(app, plan, arena, err);
	arena_free(&arena);
	return false;
}

bool deed_is_asking(const struct app *app)
{
	const struct deed *deed = &app->deed;

	return deed->plan && !deed->act && !deed->plan->done_already &&
	       !plan_is_refused(deed->plan);
}

bool deed_can_unload(const struct app *app)
{
	const struct deed *deed = &app->deed;

	return deed->plan && !deed->act && !app_is_recovering(app) &&
	       plan_can_unload(deed->system, deed->plan);
}

enum effect deed_unload(struct app *app)
{
	struct arena arena = {0};
	struct intent *intent = intent_copy(&app->deed.plan->intent, &arena);
	struct company *company = arena_alloc(&arena, sizeof *company);
	struct err err;

	*company = (struct company){
		.unload = !intent->company || !intent->company->unload,
	};
	intent->company = company;
	const struct plan *plan =
		plan_make(app->scene.system, intent, &arena, &err);
	if (plan) {
		replace(app, plan, arena);
	} else {
		arena_free(&arena);
		app_say(app, MARK_BAD, "%s", err.text);
	}
	return EFFECT_PAINT;
}

enum effect deed_confirm(struct app *app)
{
	app->deed.typed = 0;
	choose_word(&app->deed);
	if (!*app->deed.word) {
		app->deed.confirmed = true;
		return EFFECT_ACT;
	}
	app->asking = ASKING_WORD;
	prompt_start(&app->prompt, "");
	return EFFECT_PAINT;
}

enum effect deed_word(struct app *app)
{
	struct deed *deed = &app->deed;

	if (strcmp(app->prompt.text, deed->word) != 0) {
		app_say(app, MARK_WARN, _("That was not %s; nothing was done."),
			deed->word);
		return EFFECT_PAINT;
	}
	deed->typed++;
	choose_word(deed);
	if (!*deed->word) {
		deed->confirmed = true;
		return EFFECT_ACT;
	}
	app->asking = ASKING_WORD;
	prompt_start(&app->prompt, "");
	return EFFECT_PAINT;
}

enum effect deed_leave(struct app *app)
{
	if (app->deed.act && !app->deed.over) {
		app_say(app, MARK_WARN, "%s",
			_("The plan is being carried out; it ends by itself, "
			  "done or taken back."));
		return EFFECT_PAINT;
	}
	deed_free(app);
	return EFFECT_PAINT;
}
