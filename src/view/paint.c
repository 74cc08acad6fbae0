// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The frame of every screen: status line, tabs, division.  What stands in it
 * is the views'.
 */
#include "view/paint.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"
#include "view/sign.h"
#include "view/verdict.h"

void paint_layout(struct layout *layout, unsigned columns, unsigned rows,
		  bool pane)
{
	int width = (int)columns, height = (int)rows;
	int top = height >= 16 ? 3 : 2;
	int beside = pane && width >= WIDE ? width * 37 / 100 : 0;

	*layout = (struct layout){
		.status = { 0, 0, width, 1 },
		.tabs = { 0, 1, width, 1 },
		.body = { 0, top, width, height - top - 1 },
		.list = { 0, top, width - beside, height - top - 1 },
		.pane = { width - beside, top, beside, height - top - 1 },
		.bar = { 0, height - 1, width, 1 },
	};
	if (beside) {
		layout->list.columns--;
		layout->pane.x++;
		layout->pane.columns--;
	}
}

void paint_layout_below(struct layout *layout, size_t rows)
{
	struct rect body = layout->body;

	if (layout->pane.columns || rows + 1 + BELOW > (size_t)body.rows)
		return;
	layout->list.rows = (int)rows;
	layout->pane = (struct rect){ body.x, body.y + (int)rows + 1,
				      body.columns,
				      body.rows - (int)rows - 1 };
}

/* One fact of the status line: a sign, and words long and short. */
struct fact_shown {
	enum mark mark;
	bool quiet;		/* a zero is good news and needs no alarm */
	char text[32], brief[32];
};

static void tell_iommu(const struct system *system, struct fact_shown *fact)
{
	bool on = system->unit_count || system->group_count;
	bool sure = on || (known_is_settled(system->units_known) &&
			   known_is_settled(system->groups_known));

	fact->mark = on ? MARK_GOOD : sure ? MARK_BAD : MARK_UNKNOWN;
	snprintf(fact->text, sizeof fact->text, "%s",
		 on ? _("IOMMU on") : sure ? _("IOMMU off") : _("IOMMU"));
	snprintf(fact->brief, sizeof fact->brief, "IOMMU");
}

static void tell_remapping(const struct system *system,
			   struct fact_shown *fact)
{
	enum remapping state = topo_remapping(system);

	fact->mark = state == REMAP_ON ? MARK_GOOD :
		     state == REMAP_OFF ? MARK_BAD : MARK_UNKNOWN;
	snprintf(fact->text, sizeof fact->text, "%s",
		 state == REMAP_OFF ? _("IR off") : _("IR"));
	snprintf(fact->brief, sizeof fact->brief, "IR");
}

static void tell_groups(const struct system *system, struct fact_shown *fact)
{
	unsigned count = system->group_count;

	fact->mark = count ? MARK_NONE :
		     known_is_settled(system->groups_known) ? MARK_BAD :
							      MARK_UNKNOWN;
	if (fact->mark == MARK_UNKNOWN)
		snprintf(fact->text, sizeof fact->text, "%s", _("groups"));
	else
		snprintf(fact->text, sizeof fact->text,
			 P_("%u group", "%u groups", count), count);
	snprintf(fact->brief, sizeof fact->brief, "%ugr", count);
}

static void tell_vfio(const struct system *system, struct fact_shown *fact)
{
	bool there = system->vfio.pci_driver.known == KNOWN &&
		     system->vfio.pci_driver.value;
	enum known installed = system->host.vfio_module.known;

	fact->mark = there ? MARK_GOOD :
		     installed == KNOWN ? MARK_NOTE :
		     installed == ABSENT ? MARK_BAD : MARK_UNKNOWN;
	snprintf(fact->text, sizeof fact->text, "vfio");
	snprintf(fact->brief, sizeof fact->brief, "vfio");
}

static void tell_count(const struct scene *scene, enum severity severity,
		       struct fact_shown *fact)
{
	unsigned count = verdict_count(scene, severity);

	fact->mark = severity == SEVERITY_BLOCKER ? MARK_BAD : MARK_WARN;
	fact->quiet = !count;
	snprintf(fact->text, sizeof fact->text, "%u", count);
	snprintf(fact->brief, sizeof fact->brief, "%u", count);
}

static int facts_columns(const struct fact_shown *facts, size_t count,
			 bool brief)
{
	int columns = 0;

	for (size_t i = 0; i < count; i++) {
		bool sign = facts[i].mark != MARK_NONE;
		columns += (int)text_width(brief ? facts[i].brief :
						   facts[i].text);
		columns += brief ? sign + 1 : 2 * sign + 2;
	}
	return columns;
}

static void draw_facts(struct canvas *canvas, int x, int y,
		       const struct fact_shown *facts, size_t count,
		       bool brief)
{
	for (size_t i = 0; i < count; i++) {
		enum role role = facts[i].quiet ? ROLE_DIM :
						  sign_role(facts[i].mark);
		if (facts[i].mark != MARK_NONE) {
			x += canvas_put(canvas, x, y, 1, role,
					sign_of(facts[i].mark));
			x += !brief;
		}
		if (facts[i].mark == MARK_NOTE)
			role = ROLE_TEXT;
		x += canvas_put(canvas, x, y, 40, role,
				brief ? facts[i].brief : facts[i].text);
		x += brief ? 1 : 2;
	}
}

/* Whose machine it is, and when it was seen where that is not now. */
static void draw_whose(struct canvas *canvas, struct rect area,
		       const struct system *system)
{
	static const char *const origins[] = {
		[ORIGIN_LIVE] = "", [ORIGIN_DIRECTORY] = N_("directory"),
		[ORIGIN_CAPTURE] = N_("capture"), [ORIGIN_DUMP] = N_("dump"),
	};
	const struct host *host = &system->host;
	int x = area.x + 1, end = area.x + area.columns;

	x += canvas_put(canvas, x, area.y, end - x, ROLE_TITLE, "vfiotop");
	x += 2;
	if (system->origin.kind != ORIGIN_LIVE)
		x += 1 + canvas_printf(canvas, x, area.y, end - x,
				       ROLE_CHANGED, "[%s]",
				       _(origins[system->origin.kind]));
	if (system->origin.lent)
		x += 1 + canvas_put(canvas, x, area.y, end - x, ROLE_CHANGED,
				    _("[root's eyes]"));
	if (host->hostname.known == KNOWN)
		x += 1 + canvas_put(canvas, x, area.y, end - x, ROLE_TEXT,
				    host->hostname.value);
	if (host->release.known == KNOWN)
		canvas_put(canvas, x, area.y, end - x, ROLE_DIM,
			   host->release.value);
}

void paint_status(struct canvas *canvas, struct rect area,
		  const struct scene *scene)
{
	struct fact_shown facts[6] = {0};
	size_t count = sizeof facts / sizeof *facts;

	tell_iommu(scene->system, &facts[0]);
	tell_remapping(scene->system, &facts[1]);
	tell_groups(scene->system, &facts[2]);
	tell_vfio(scene->system, &facts[3]);
	tell_count(scene, SEVERITY_BLOCKER, &facts[4]);
	tell_count(scene, SEVERITY_WARNING, &facts[5]);
	bool brief = facts_columns(facts, count, false) + 20 > area.columns;
	int columns = facts_columns(facts, count, brief);
	int x = area.x + area.columns - columns;
	struct rect left = { area.x, area.y, x - 1 - area.x, 1 };
	draw_whose(canvas, left, scene->system);
	draw_facts(canvas, x, area.y, facts, count, brief);
}

/* Columns of all names, with two blanks between them. */
static int tabs_columns(void)
{
	int columns = -2;

	for (unsigned i = 0; i < VIEW_TABS; i++)
		columns += 2 + (int)text_width(_(view_at(i)->title)) + 2;
	return columns;
}

void paint_tabs(struct canvas *canvas, struct layout *layout,
		const struct view *current)
{
	struct rect area = layout->tabs;
	bool all = tabs_columns() <= area.columns;
	int x = area.x + (tabs_columns() != area.columns);

	for (unsigned i = 0; i < VIEW_TABS; i++) {
		const struct view *view = view_at(i);
		bool here = view == current;
		char digit[2] = { view->digit, '\0' };
		int from = x, room = area.x + area.columns - x;
		x += canvas_put(canvas, x, area.y, room,
				here ? ROLE_TAB : ROLE_KEY, digit);
		if (all || here) {
			x += canvas_put(canvas, x, area.y, 1,
					here ? ROLE_TAB : ROLE_TEXT, " ");
			x += canvas_put(canvas, x, area.y, room - 2,
					here ? ROLE_TAB : ROLE_TEXT,
					_(view->title));
		}
		layout->tab[i] = (struct rect){ from, area.y, x - from, 1 };
		x += all ? 2 : 1;
	}
	bool ruled = layout->body.y > area.y + 1;
	if (ruled)
		canvas_rule(canvas, area.x, area.y + 1, area.columns);
	/* A view without a tab is named where there is room. */
	if (!current->digit)
		canvas_printf(canvas, ruled ? area.x + 2 : x, area.y + ruled,
			      area.columns - 4, ROLE_TAB, " %s ",
			      _(current->title));
}

void paint_too_small(struct canvas *canvas)
{
	canvas_printf(canvas, 0, 0, (int)canvas->columns, ROLE_WARN,
		      _("vfiotop needs %dx%d"), SMALLEST_COLUMNS,
		      SMALLEST_ROWS);
	canvas_printf(canvas, 0, 1, (int)canvas->columns, ROLE_DIM,
		      _("here: %ux%u; q quits"), canvas->columns,
		      canvas->rows);
}
