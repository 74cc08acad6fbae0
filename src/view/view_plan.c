// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plan before a person's eyes: what changes, what is lost, every step and
 * how it went.  It decides nothing and does nothing.
 */
#include "view/view_plan.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"
#include "view/label.h"
#include "view/loss.h"
#include "view/sign.h"

static const char *driver_word(const char *driver)
{
	return !driver ? _("whichever driver fits") :
	       *driver ? driver : _("no driver");
}

static void add_change(const struct scene *scene, const struct change *change,
		       unsigned columns, struct page *page)
{
	page_indent(page, 1, columns + 3);
	page_cell(page, ROLE_TEXT, columns,
		  label_device(scene, change->device, page->arena));
	page_tab(page, columns + 3);
	if (change->left) {
		page_printf(page, ROLE_DIM, _("stays: %s"), change->why_left);
		page_end(page);
		return;
	}
	page_add(page, ROLE_TEXT, driver_word(change->from));
	page_add(page, ROLE_TEXT, " → ");
	page_add(page, ROLE_CHANGED, driver_word(change->to));
	if (!change->named)
		page_add(page, ROLE_WARN, _("  (same group)"));
	page_end(page);
	if (change->note && *change->note) {
		page_indent(page, columns + 3, columns + 3);
		page_add(page, ROLE_DIM, change->note);
		page_end(page);
	}
}

static void add_changes(const struct scene *scene, const struct plan *plan,
			struct page *page)
{
	unsigned widest = 0, most = page->width ? page->width * 4 / 10 : 60;

	for (unsigned i = 0; i < plan->change_count; i++) {
		unsigned width = text_width(
			label_device(scene, plan->changes[i].device,
				     page->arena));
		if (width > widest)
			widest = width;
	}
	for (unsigned i = 0; i < plan->change_count; i++)
		add_change(scene, &plan->changes[i],
			   widest < most ? widest : most, page);
}

static void add_gate(const struct gate *gate, struct page *page)
{
	enum mark mark = gate->kind == GATE_HARD ? MARK_BAD :
			 gate->unknown ? MARK_UNKNOWN : MARK_WARN;

	page_indent(page, 1, 3);
	page_solid(page, sign_role(mark), sign_of(mark));
	page_tab(page, 3);
	page_add(page, sign_role(mark), gate->text);
	if (gate->source && *gate->source)
		page_printf(page, ROLE_DIM, "  (%s%s%s)", gate->source,
			    gate->value && *gate->value ? ": " : "",
			    gate->value ? gate->value : "");
	page_end(page);
}

/* What refuses it, then what must be accepted. */
static void add_gates(const struct plan *plan, enum gate_kind kind,
		      struct page *page)
{
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (plan->gates[i].kind == kind)
			add_gate(&plan->gates[i], page);
}

/* The long folders of sysfs say nothing that the rest does not say. */
static const char *shorten(const char *line, unsigned room,
			   struct arena *arena)
{
	static const char *const folders[] = {
		"/sys/bus/pci/devices/", "/sys/bus/pci/drivers/",
	};

	if (!room)
		return line;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *at = strstr(line, folders[i]);
		if (at)
			return arena_printf(arena, "%.*s…/%s",
					    (int)(at - line), line,
					    at + strlen(folders[i]));
	}
	return line;
}

static const char *took(const struct step_shown *step, struct arena *arena)
{
	if (step->running)
		return _("running…");
	if (step->undone)
		return _("taken back");
	if (step->mark != MARK_GOOD)
		return "";
	return step->milliseconds < 1000 ?
		arena_printf(arena, _("%u ms"), step->milliseconds) :
		arena_printf(arena, _("%u.%u s"), step->milliseconds / 1000,
			     step->milliseconds % 1000 / 100);
}

static void add_step(const struct plan_shown *shown, unsigned index,
		     struct page *page)
{
	const struct step_shown *step = shown->steps ? &shown->steps[index] :
						       NULL;
	const char *expect = step ? took(step, page->arena) :
		shell_expect(shown->plan, index, page->arena);
	unsigned room = page->width > 6 ? page->width - 6 : 0;
	unsigned right = text_width(expect);
	unsigned own = room > right + 2 ? room - right - 2 : room;
	const char *shell = shell_step(shown->plan, index, page->arena);
	const char *line = *shell ? shorten(shell, room < 96 ? own : 0,
					    page->arena) :
				    shown->plan->steps[index].why;

	/* What an earlier run did is done, whether begun again or not. */
	enum mark mark = step ? step->mark :
			 shown->plan->resumes && index < shown->plan->done ?
				MARK_GOOD : MARK_NONE;

	page_indent(page, 1, 6);
	page_solid(page, sign_role(mark), sign_of(mark));
	page_printf(page, ROLE_DIM, "%2u", index + 1);
	page_tab(page, 6);
	page_solid(page, ROLE_TEXT, line);
	if (*expect) {
		/* Right beside it, or below where the line is long. */
		if (room && text_width(line) > own) {
			page_end(page);
			page_indent(page, 6, 6);
		}
		page_tab(page, room && 6 + room > right ?
				       6 + room - right : 0);
		page_solid(page, step && step->running ? ROLE_CHANGED :
							 ROLE_DIM, expect);
	}
	page_end(page);
	if (step && step->text && *step->text) {
		page_indent(page, 6, 6);
		page_add(page, sign_role(step->mark), step->text);
		page_end(page);
	}
}

/* What the host is about to do without; a plan that gives back, or does
 * nothing, takes nothing. */
static void add_losses(const struct scene *scene, const struct plan *plan,
		       struct page *page)
{
	struct losses losses = loss_of_plan(scene, plan, page->arena);

	if (!losses.used || plan->done_already)
		return;
	page_indent(page, 1, 3);
	page_add(page, losses.count ? loss_role(losses.items[0].weight) :
				      ROLE_TEXT,
		 loss_sentence(&losses, page->arena));
	page_end(page);
	page_gap(page);
}

static void add_lines(const char *sign, enum role role, const char *text,
		      struct page *page)
{
	const char *end = text + strlen(text), *line;
	size_t len;

	while (text_line(&text, end, &line, &len)) {
		page_indent(page, 3, 7);
		page_solid(page, role, sign);
		page_add(page, role, arena_copy(page->arena, line, len));
		page_end(page);
	}
}

/* What stands in a file, and what will. */
static void add_diff(const struct step *step, struct page *page)
{
	if (step->kind != STEP_FILE)
		return;
	page_indent(page, 1, 3);
	page_add(page, ROLE_DIM, step->path);
	page_end(page);
	add_lines("- ", ROLE_BAD, step->before.value, page);
	add_lines("+ ", ROLE_GOOD, step->expect.value, page);
	page_gap(page);
}

void plan_page(const struct scene *scene, const struct plan_shown *shown,
	       struct page *page)
{
	const struct plan *plan = shown->plan;

	add_changes(scene, plan, page);
	page_gap(page);
	/* What was accepted is behind us once it goes. */
	if (!shown->steps) {
		add_losses(scene, plan, page);
		add_gates(plan, GATE_HARD, page);
		add_gates(plan, GATE_SOFT, page);
		page_gap(page);
		for (unsigned i = 0; i < plan->step_count; i++)
			add_diff(&plan->steps[i], page);
	}
	for (unsigned i = 0; i < plan->step_count; i++)
		add_step(shown, i, page);
}

static bool starts_session(const struct plan *plan)
{
	const struct company *company = plan->intent.company;

	return company && company->session && !company->ends;
}

static void add_question(const struct plan_shown *shown, struct page *page)
{
	page_add(page, ROLE_KEY, "y ");
	if (shown->word)
		page_printf(page, ROLE_WARN,
			    _("asks for the word %s and does it all the same.  "),
			    shown->word);
	else
		page_add(page, ROLE_TEXT,
			 shown->plan->recovers ? _("takes it back.  ") :
			 shown->plan->resumes ? _("finishes it.  ") :
			 starts_session(shown->plan) ?
				 _("does it; t ends it later.  ") :
			 shown->plan->intent.kind == INTENT_BIND ?
				 _("does it; r brings it back later.  ") :
				 _("does it.  "));
	page_add(page, ROLE_KEY, "Esc ");
	page_add(page, ROLE_TEXT, _("leaves it."));
}

void plan_answer(const struct plan_shown *shown, struct page *page)
{
	const struct plan *plan = shown->plan;

	page_indent(page, 1, 1);
	if (shown->outcome) {
		page_marked(page, shown->mark, sign_role(shown->mark),
			    shown->outcome);
		return;
	}
	if (shown->steps)
		page_add(page, ROLE_DIM,
			 _("Each step is looked at before the next begins."));
	else if (plan->done_already)
		page_add(page, ROLE_GOOD,
			 _("It is so already: there is nothing to do."));
	else if (plan_is_refused(plan))
		page_add(page, ROLE_BAD,
			 _("This is refused; nothing can be confirmed."));
	else
		add_question(shown, page);
	page_end(page);
}

const char *plan_text(const struct plan *plan, struct arena *arena)
{
	struct buf lines = {0};

	for (unsigned i = 0; i < plan->step_count; i++)
		if (*shell_step(plan, i, arena))
			buf_printf(&lines, "%s\n",
				   shell_step(plan, i, arena));
	const char *text = arena_text(arena, buf_str(&lines));
	buf_free(&lines);
	return text;
}
