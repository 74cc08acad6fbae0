// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The box of a plan: what scrolls, and the answer that stays below it.
 */
#include "tui/app_part.h"

#include "base/i18n.h"

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
