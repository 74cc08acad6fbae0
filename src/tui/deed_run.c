// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plan being carried out under a person's eyes: how far it has come, what it
 * left, and what the kernel holds.  How it is done is act/'s.
 */
#include "tui/app_part.h"

#include <string.h>

#include "base/i18n.h"
#include "rule/engine.h"

/* Set the rehearsal aside; what it left is still shown. */
static void keep(struct app *app)
{
	struct kept *kept = arena_alloc(app->own, sizeof *kept);

	*kept = (struct kept){ app->deed.act, app->deed.arena, app->kept };
	app->kept = kept;
}

/* Whether the plan shown has a step that the kernel still holds. */
static bool is_stuck(const struct deed *deed)
{
	return deed->act && deed->over && deed->outcome == OUTCOME_STUCK &&
	       !act_has_returned(deed->act);
}

void deed_free(struct app *app)
{
	struct deed *deed = &app->deed;

	if (deed->is_shown) {
		keep(app);
	} else if (is_stuck(deed) && !app->held) {
		app->held = deed->act;
		app->held_arena = deed->arena;
	} else {
		if (deed->act)
			act_end(deed->act);
		arena_free(&deed->arena);
	}
	*deed = (struct deed){0};
}

void deed_let_go(struct app *app)
{
	if (app->held)
		act_end(app->held);
	arena_free(&app->held_arena);
	app->held = NULL;
}

void deed_forget(struct app *app)
{
	for (; app->kept; app->kept = app->kept->before) {
		act_end(app->kept->act);
		arena_free(&app->kept->arena);
	}
}

static void show_step(const struct progress *progress,
		      struct step_shown *step)
{
	static const enum mark marks[] = {
		[STEP_WAITING] = MARK_NONE, [STEP_RUNNING] = MARK_NOTE,
		[STEP_DONE] = MARK_GOOD, [STEP_FAILED] = MARK_BAD,
		[STEP_STUCK] = MARK_BAD, [STEP_UNDOING] = MARK_NOTE,
		[STEP_UNDONE] = MARK_NOTE, [STEP_UNDO_FAILED] = MARK_BAD,
		[STEP_SKIPPED] = MARK_NONE,
	};

	*step = (struct step_shown){
		.mark = marks[progress->state],
		.running = progress->state == STEP_RUNNING ||
			   progress->state == STEP_UNDOING,
		.undone = progress->state == STEP_UNDONE,
		.milliseconds = progress->milliseconds,
		.text = progress->text ? progress->text : "",
	};
}

static void show_steps(struct deed *deed)
{
	for (unsigned i = 0; i < deed->plan->step_count; i++)
		show_step(act_progress(deed->act, i), &deed->steps[i]);
}

void app_begin(struct app *app, bool interactive)
{
	struct deed *deed = &app->deed;
	struct err err;

	if (!deed->plan || deed->act)
		return;
	deed->act = act_start(deed->system, deed->plan, interactive, &err);
	if (!deed->act) {
		app_say(app, MARK_BAD, "%s", err.text);
		return;
	}
	deed->steps = arena_array(&deed->arena, deed->plan->step_count + 1,
				  sizeof *deed->steps);
	show_steps(deed);
}

bool app_is_acting(const struct app *app)
{
	return app->deed.act && !app->deed.over;
}

bool app_is_planning(const struct app *app)
{
	return app->deed.plan != NULL;
}

bool app_has_begun(const struct app *app)
{
	const struct deed *deed = &app->deed;

	if (!app_is_acting(app))
		return true;
	for (unsigned i = 0; i < deed->plan->step_count; i++)
		if (act_progress(deed->act, i)->state != STEP_WAITING)
			return true;
	return false;
}

int app_fd(const struct app *app)
{
	const struct act *act = app_is_acting(app) || is_stuck(&app->deed) ?
					app->deed.act : app->held;

	return act ? act_fd(act) : -1;
}

int app_timeout(const struct app *app)
{
	if (!app_is_acting(app))
		return -1;
	/* Without a descriptor there is work at once. */
	return act_fd(app->deed.act) < 0 ? 0 : act_timeout(app->deed.act);
}

/* What is rehearsed can be taken back as well, while the explorer runs. */
static void remember_past(struct app *app)
{
	const struct deed *deed = &app->deed;
	unsigned count = app->pasts.count;
	struct past *items = arena_array(app->own, count + 1u, sizeof *items);

	items[0] = past_of_plan(deed->system, deed->plan, count + 1,
				(int)deed->outcome, app->own);
	if (count)
		memcpy(items + 1, app->pasts.items, count * sizeof *items);
	past_mark(items, count + 1);
	app->pasts = (struct pasts){ items, count + 1 };
	app->scene.pasts = &app->pasts;
}

/* Names stand by index, and virtual functions that came or went move the
 * others; what came has no name before the machine is read again. */
static const struct names *move_names(const struct names *names,
				      const struct system *before,
				      const struct system *after,
				      struct arena *arena)
{
	if (!names || before->device_count == after->device_count)
		return names;
	struct device_name *items = arena_array(
		arena, after->device_count + 1u, sizeof *items);
	struct names *moved = arena_alloc(arena, sizeof *moved);
	for (unsigned i = 0; i < after->device_count; i++)
		items[i] = names_of(names, system_device(
			before, after->devices[i].address));
	*moved = (struct names){ items, after->device_count };
	return moved;
}

/* The rehearsal leaves a machine of its own; it is judged and shown. */
static void take_result(struct app *app)
{
	struct deed *deed = &app->deed;
	const struct system *result = act_result(deed->act, &deed->arena);

	if (!result)
		return;
	homes_remember(&app->homes, deed->system, deed->plan, app->own);
	remember_past(app);
	app->scene.names = move_names(app->scene.names, app->scene.system,
				      result, &deed->arena);
	app->scene.system = result;
	app->scene.findings = rules_judge(result, &deed->arena);
	deed->is_shown = true;
	screen_rebuild(app);
}

/* A step that was stuck may come back after all, with its plan still before
 * the person's eyes or not. */
static enum effect watch_stuck(struct app *app)
{
	struct act *act = app->held ? app->held : app->deed.act;

	act_step(act);
	if (!act_has_returned(act))
		return EFFECT_NONE;
	app->stuck = false;
	if (app->held)
		deed_let_go(app);
	else
		show_steps(&app->deed);
	app_say(app, MARK_WARN, "%s",
		_("The kernel has come back from the step that was stuck."));
	return EFFECT_CHANGED;
}

enum effect app_tick(struct app *app)
{
	struct deed *deed = &app->deed;

	if (is_stuck(deed) || (app->held && !app_is_acting(app)))
		return watch_stuck(app);
	if (!app_is_acting(app))
		return EFFECT_NONE;
	deed->outcome = act_step(deed->act);
	show_steps(deed);
	if (deed->outcome == OUTCOME_RUNNING)
		return EFFECT_PAINT;
	deed->over = true;
	/* What was said meanwhile, of a plan that goes on, is past. */
	*app->message = '\0';
	if (deed->outcome == OUTCOME_DONE)
		refs_empty(&app->marked);
	app->stuck = deed->outcome == OUTCOME_STUCK;
	app->unread = deed->system->origin.kind == ORIGIN_LIVE;
	if (app->unread)
		return EFFECT_READ;
	take_result(app);
	return EFFECT_PAINT;
}
