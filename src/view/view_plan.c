// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plan before a person's eyes: what changes, what is lost, every step and
 * how it went.  It decides nothing and does nothing.
 */
#include "view/view_plan.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "view/label.h"
#include "view/sign.h"

static const char *driver_word(const char *driver)
{
	return !driver ? _("whichever driver fits") :
	       *driver ? driver : _("no driver");
}

static void add_change(const struct scene *scene, const struct change *change,
		       unsigned columns, struct page *page)
{
	page_solid(page, ROLE_TEXT,
		   label_device(scene, change->device, page->arena));
	page_tab(page, columns);
	if (change->left) {
		page_add(page, ROLE_DIM,
			 arena_printf(page->arena, _("stays: %s"),
				      change->why_left));
		page_end(page);
		return;
	}
	page_add(page, ROLE_TEXT, driver_word(change->from));
	page_add(page, ROLE_TEXT, " → ");
	page_add(page, ROLE_CHANGED, driver_word(change->to));
	if (!change->named)
		page_add(page, ROLE_WARN, _("  of the same group"));
	page_end(page);
}

static void add_changes(const struct scene *scene, const struct plan *plan,
			struct page *page)
{
	unsigned widest = 0, most = page->width ? page->width / 2 : 60;

	for (unsigned i = 0; i < plan->change_count; i++) {
		unsigned width = text_width(
			label_device(scene, plan->changes[i].device,
				     page->arena));
		if (width > widest)
			widest = width;
	}
	if (widest > most)
		widest = most;
	page_indent(page, 1, widest + 3);
	for (unsigned i = 0; i < plan->change_count; i++)
		add_change(scene, &plan->changes[i], widest + 3, page);
}

/* What refuses it, then what must be accepted. */
static void add_gates(const struct scene *scene, const struct plan *plan,
		      enum gate_kind kind, struct page *page)
{
	for (unsigned i = 0; i < plan->gate_count; i++) {
		const struct gate *gate = &plan->gates[i];
		enum mark mark = gate->kind == GATE_HARD ? MARK_BAD :
				 gate->unknown ? MARK_UNKNOWN : MARK_WARN;
		if (gate->kind != kind)
			continue;
		page_indent(page, 1, 3);
		page_marked(page, mark, sign_role(mark),
			    gate->device == NONE ? gate->text :
			    arena_printf(page->arena, "%s: %s",
					 label_address(
						 &scene->system->devices
							  [gate->device],
						 page->arena), gate->text));
		if (!gate->source || !*gate->source)
			continue;
		page_indent(page, 3, 3);
		page_add(page, ROLE_DIM, gate->source);
		if (gate->value && *gate->value)
			page_add(page, ROLE_DIM,
				 arena_printf(page->arena, ": %s",
					      gate->value));
		page_end(page);
	}
}

/* The long folders of sysfs say nothing that the rest does not say. */
static const char *shorten(const char *line, unsigned room,
			   struct arena *arena)
{
	static const char *const folders[] = {
		"/sys/bus/pci/devices/", "/sys/bus/pci/drivers/",
	};

	if (!room || text_width(line) <= room)
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
	const char *line = shorten(shell_step(shown->plan, index, page->arena),
				   own, page->arena);

	page_indent(page, 1, 6);
	page_solid(page, sign_role(step ? step->mark : MARK_NONE),
		   step ? sign_of(step->mark) : " ");
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
	if (step && *step->text) {
		page_indent(page, 6, 6);
		page_add(page, sign_role(step->mark), step->text);
		page_end(page);
	}
}

/* What the person can do now. */
static void add_way_on(const struct plan_shown *shown, struct page *page)
{
	const struct plan *plan = shown->plan;

	page_gap(page);
	page_indent(page, 1, 1);
	if (shown->outcome) {
		page_indent(page, 1, 3);
		page_marked(page, shown->mark, sign_role(shown->mark),
			    shown->outcome);
	} else if (shown->steps) {
		page_add(page, ROLE_DIM,
			 _("Each step is looked at before the next begins."));
	} else if (plan->done_already) {
		page_add(page, ROLE_GOOD,
			 _("It is so already: there is nothing to do."));
	} else if (plan_is_refused(plan)) {
		page_add(page, ROLE_BAD,
			 _("This is refused; nothing can be confirmed."));
	} else if (shown->word) {
		page_add(page, ROLE_WARN,
			 arena_printf(page->arena,
				      _("To do it all the same, press y and "
					"type %s."), shown->word));
	} else {
		page_add(page, ROLE_KEY, "y ");
		page_add(page, ROLE_TEXT,
			 plan->intent.kind == INTENT_BIND ?
				 _("does it; r brings everything back "
				   "later.") : _("does it."));
		page_add(page, ROLE_KEY, "  Esc ");
		page_add(page, ROLE_TEXT, _("leaves it."));
	}
	page_end(page);
	if (shown->rehearsed && !shown->outcome && !plan->done_already) {
		page_add(page, ROLE_DIM,
			 _("This is not the live machine: it is only "
			   "rehearsed, nothing is written."));
		page_end(page);
	}
}

void plan_page(const struct scene *scene, const struct plan_shown *shown,
	       struct page *page)
{
	const struct plan *plan = shown->plan;

	add_changes(scene, plan, page);
	page_gap(page);
	add_gates(scene, plan, GATE_HARD, page);
	add_gates(scene, plan, GATE_SOFT, page);
	page_gap(page);
	for (unsigned i = 0; i < plan->step_count; i++)
		add_step(shown, i, page);
	add_way_on(shown, page);
}

const char *plan_text(const struct plan *plan, struct arena *arena)
{
	struct buf lines = {0};

	for (unsigned i = 0; i < plan->step_count; i++)
		buf_printf(&lines, "%s\n", shell_step(plan, i, arena));
	const char *text = arena_text(arena, buf_str(&lines));
	buf_free(&lines);
	return text;
}
