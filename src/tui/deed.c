// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plan before a person's eyes: made, shown, confirmed, carried out.  What
 * it does is the plan's, how it is done is act/'s.
 */
#include "tui/app_part.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"
#include "rule/engine.h"
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

/*
 * What must be typed: where a gate is open the address of what is given away,
 * so that the hand does not go by itself; then that of each member of the
 * group that nobody named.  "" when there is no more.
 */
static void choose_word(struct deed *deed)
{
	const struct plan *plan = deed->plan;
	unsigned left = deed->typed;

	*deed->word = '\0';
	if (!has_soft_gate(plan) || !plan->intent.device_count)
		return;
	if (!left--) {
		bdf_print_short(plan->intent.devices[0], deed->word);
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

/* Fill @intent with what is marked, or under the cursor; false, and said, when
 * that is nothing. */
static bool choose(struct app *app, struct intent *intent)
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

/* Show the plan for an intent that lives in the plan's arena. */
static enum effect show(struct app *app, const struct intent *intent)
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

/* Say why there is no plan. */
static enum effect give_up(struct app *app, const struct err *err)
{
	app_say(app, MARK_BAD, "%s", err->text);
	deed_free(app);
	return EFFECT_PAINT;
}

static struct intent *start_over(struct app *app)
{
	deed_free(app);
	return arena_alloc(&app->deed.arena, sizeof(struct intent));
}

enum effect deed_plan(struct app *app, enum intent_kind kind,
		      const char *driver)
{
	struct intent *intent = start_over(app);

	*intent = (struct intent){
		.kind = kind,
		.driver = arena_text(&app->deed.arena, driver),
	};
	if (!choose(app, intent))
		return EFFECT_PAINT;
	if (kind == INTENT_RESTORE)
		homes_fill(&app->homes, app->scene.system, intent,
			   &app->deed.arena);
	return show(app, intent);
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
			   past_start(app->scene.pasts, session->name),
			   homes.homes, homes.home_count, arena, intent, err);
}

enum effect deed_toggle(struct app *app, const struct session *session)
{
	struct intent *intent = start_over(app);
	struct err err;

	return fill_toggle(app, session, intent, &err) ? show(app, intent) :
							 give_up(app, &err);
}

enum effect deed_undo(struct app *app)
{
	const struct past *past = past_last(app->scene.pasts);
	struct intent *intent = start_over(app);
	struct err err;

	if (!past)
		return EFFECT_PAINT;
	return past_intent(past, app->scene.system, &app->deed.arena, intent,
			   &err) ? show(app, intent) : give_up(app, &err);
}

enum effect deed_keep(struct app *app, const char *name)
{
	struct intent *intent = start_over(app);
	struct err err;

	if (!choose(app, intent))
		return EFFECT_PAINT;
	if (!session_make(name, app->scene.system, intent->devices,
			  intent->device_count, NULL, app->own, &app->session,
			  &err))
		return give_up(app, &err);
	deed_free(app);
	return EFFECT_KEEP;
}

const struct device *deed_device(struct app *app)
{
	struct intent *intent = start_over(app);
	int index = choose(app, intent) ?
		system_device(app->scene.system, intent->devices[0]) : NONE;

	deed_free(app);
	return index == NONE ? NULL : &app->scene.system->devices[index];
}

static const struct home *copy_homes(const struct intent *intent,
				     struct arena *arena)
{
	struct home *homes = arena_array(arena, intent->home_count + 1u,
					 sizeof *homes);

	for (unsigned i = 0; i < intent->home_count; i++) {
		const struct home *home = &intent->homes[i];
		homes[i] = (struct home){
			home->address, arena_text(arena, home->driver),
			home->override ? arena_text(arena, home->override) :
					 NULL };
	}
	return homes;
}

static const struct target *copy_targets(const struct intent *intent,
					 struct arena *arena)
{
	struct target *targets = arena_array(arena, intent->target_count + 1u,
					     sizeof *targets);

	for (unsigned i = 0; i < intent->target_count; i++) {
		const struct target *target = &intent->targets[i];
		targets[i] = (struct target){
			target->address, arena_text(arena, target->driver),
			arena_text(arena, target->note) };
	}
	return targets;
}

static const char *copy_word(const char *word, struct arena *arena)
{
	return word ? arena_text(arena, word) : NULL;
}

static const struct edit *copy_edit(const struct edit *edit,
				    struct arena *arena)
{
	struct edit *copy = arena_alloc(arena, sizeof *copy);

	*copy = (struct edit){
		.parameter = arena_text(arena, edit->parameter),
		.remove = edit->remove,
		.file = copy_word(edit->file, arena),
		.before = copy_word(edit->before, arena),
		.after = copy_word(edit->after, arena),
	};
	for (unsigned i = 0; i < 4; i++) {
		copy->command[i] = copy_word(edit->command[i], arena);
		copy->undo[i] = copy_word(edit->undo[i], arena);
	}
	return copy;
}

enum effect deed_edit(struct app *app, const struct edit *edit)
{
	struct intent *intent = start_over(app);

	*intent = (struct intent){
		.kind = INTENT_EDIT,
		.edit = copy_edit(edit, &app->deed.arena),
	};
	return show(app, intent);
}

/* What its company points to lives as long as the app. */
static struct intent *copy_intent(const struct intent *intent,
				  struct arena *arena)
{
	struct intent *copy = arena_alloc(arena, sizeof *copy);
	struct bdf *devices = arena_array(arena, intent->device_count + 1u,
					  sizeof *devices);

	if (intent->device_count)
		memcpy(devices, intent->devices,
		       intent->device_count * sizeof *devices);
	*copy = *intent;
	copy->devices = devices;
	copy->homes = copy_homes(intent, arena);
	copy->targets = copy_targets(intent, arena);
	if (intent->title)
		copy->title = arena_text(arena, intent->title);
	if (intent->driver)
		copy->driver = arena_text(arena, intent->driver);
	if (intent->edit)
		copy->edit = copy_edit(intent->edit, arena);
	if (intent->company) {
		struct company *company = arena_alloc(arena, sizeof *company);
		*company = *intent->company;
		copy->company = company;
	}
	return copy;
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

bool app_recheck(struct app *app)
{
	struct arena arena = {0};
	struct err err;

	/* Between yes and now another plan may have been opened. */
	if (!deed_is_asking(app) || !app->deed.confirmed)
		return false;
	const struct plan *before = app->deed.plan;
	struct intent *intent = copy_intent(&before->intent, &arena);
	if (intent->kind == INTENT_RESTORE && !intent->company)
		homes_fill(&app->homes, app->scene.system, intent, &arena);
	const struct plan *plan =
		plan_make(app->scene.system, intent, &arena, &err);
	if (!plan) {
		arena_free(&arena);
		deed_free(app);
		app_say(app, MARK_BAD, "%s", err.text);
		return false;
	}
	bool same = plan_is_same(before, plan);
	replace(app, plan, arena);
	app->deed.confirmed = same;
	if (!same)
		app_say(app, MARK_WARN, "%s",
			_("The machine has changed meanwhile: this is the "
			  "plan now.  Nothing was written."));
	return same;
}

bool deed_is_asking(const struct app *app)
{
	const struct deed *deed = &app->deed;

	return deed->plan && !deed->act && !deed->plan->done_already &&
	       !plan_is_refused(deed->plan);
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

/* The rehearsal leaves a machine of its own; it is judged and shown.  Names
 * stand by index, and a rehearsal moves no device. */
static void take_result(struct app *app)
{
	struct deed *deed = &app->deed;
	const struct system *result = act_result(deed->act, &deed->arena);

	if (!result)
		return;
	homes_remember(&app->homes, deed->system, deed->plan, app->own);
	remember_past(app);
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

static enum mark outcome_mark(enum outcome outcome)
{
	return outcome == OUTCOME_DONE ? MARK_GOOD :
	       outcome == OUTCOME_ROLLED_BACK ? MARK_WARN : MARK_BAD;
}

/* The box of a plan: what scrolls, and what stays below it. */
struct shown_box {
	struct page body, foot;
	struct rect area, inner;
};

static struct plan_shown shown_plan(const struct deed *deed)
{
	struct plan_shown shown = {
		.plan = deed->plan, .steps = deed->steps,
		.word = *deed->word ? deed->word : NULL,
	};

	if (deed->over) {
		shown.outcome = act_verdict(deed->act);
		shown.mark = outcome_mark(deed->outcome);
	}
	return shown;
}

static void lay_box(struct app *app, struct shown_box *box)
{
	const struct plan_shown shown = shown_plan(&app->deed);
	const struct rect body = app->layout.body;
	int columns = (int)app->columns - 6;

	if (columns > 104)
		columns = 104;
	page_start(&box->body, &app->frame, (unsigned)columns);
	page_start(&box->foot, &app->frame, (unsigned)columns);
	plan_page(&app->deed.scene, &shown, &box->body);
	plan_answer(&shown, &box->foot);
	int foot = (int)box->foot.count;
	int rows = (int)box->body.count + foot + 3;
	if (rows > body.rows)
		rows = body.rows;
	box->area = (struct rect){ ((int)app->columns - columns - 4) / 2,
				   body.y + (body.rows - rows) / 2,
				   columns + 4, rows };
	box->inner = (struct rect){ box->area.x + 2, box->area.y + 1,
				    columns + 1, rows - foot - 3 };
	if (box->inner.rows < 1)
		box->inner.rows = 1;
}

/* Keep in sight what is going on. */
static void follow(const struct deed *deed, const struct page *page,
		   struct scroll *scroll, size_t rows)
{
	if (deed->over)
		return;
	for (size_t i = 0; i < page->count; i++)
		for (size_t s = 0; s < page->lines[i].count; s++)
			if (page->lines[i].spans[s].role == ROLE_CHANGED &&
			    i >= scroll->top + rows)
				scroll->top = i - rows + 1;
}

void deed_move(struct app *app, int by)
{
	struct shown_box box;

	lay_box(app, &box);
	page_move(&box.body, &app->deed.scroll, (unsigned)box.inner.rows, by);
}

void deed_paint(struct app *app, struct canvas *canvas)
{
	struct scroll *scroll = &app->deed.scroll;
	struct shown_box box;

	lay_box(app, &box);
	unsigned rows = (unsigned)box.inner.rows;
	if (app->deed.act)
		follow(&app->deed, &box.body, scroll, rows);
	page_keep(&box.body, scroll, rows);
	struct rect strip = { 0, box.area.y, (int)app->columns, box.area.rows };
	canvas_blank(canvas, strip);
	canvas_ground(canvas, strip, GROUND_PLAIN);
	/* On a capture nothing is written, and that must be plain. */
	canvas_box(canvas, box.area,
		   app->deed.system->origin.kind == ORIGIN_LIVE ?
			   app->deed.plan->title :
			   arena_printf(&app->frame, _("%s (rehearsal)"),
					app->deed.plan->title));
	page_paint(&box.body, canvas, box.inner, scroll);
	struct rect foot = { box.inner.x,
			     box.area.y + box.area.rows - 1 -
				     (int)box.foot.count,
			     box.inner.columns, (int)box.foot.count };
	page_paint(&box.foot, canvas, foot, NULL);
}
