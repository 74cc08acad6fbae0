// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A device asked what VFIO grants, from the explorer: chosen, confirmed,
 * asked while keys are answered, shown as a page.
 */
#include "tui/app_part.h"

#include <string.h>

#include "act/inspect.h"
#include "base/i18n.h"
#include "model/topo.h"
#include "view/ref.h"
#include "view/view_grant.h"

/* What is under the cursor: a device, or the one of a group that is on
 * vfio. */
static int chosen(struct app *app)
{
	const struct system *system = app->scene.system;
	const char *ref = screen_ref(app);
	const struct finding *finding;
	struct subject subject;
	int found = NONE;

	if (!ref || !ref_find(&app->scene, ref, &subject, &finding))
		return NONE;
	if (subject.scope == SCOPE_DEVICE)
		return subject.index;
	for (unsigned i = 0; subject.scope == SCOPE_GROUP &&
	     i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		if (device->group_index != subject.index ||
		    device->driver.known != KNOWN ||
		    !topo_is_vfio_driver(device->driver.value))
			continue;
		if (found != NONE)
			return NONE;
		found = (int)i;
	}
	return found;
}

void query_free(struct app *app)
{
	struct query *query = &app->query;

	if (query->inspect)
		inspect_end(query->inspect);
	arena_free(&query->arena);
	*query = (struct query){0};
}

enum effect query_begin(struct app *app)
{
	int device = chosen(app);
	struct query *query = &app->query;
	struct err err;

	if (query->inspect) {
		app_say(app, MARK_NOTE, "%s",
			_("A device is being asked already."));
		return EFFECT_PAINT;
	}
	query_free(app);
	if (device == NONE) {
		app_say(app, MARK_WARN, "%s",
			_("Several devices are meant: go to one of them."));
		return EFFECT_PAINT;
	}
	if (!ask_make(app->scene.system, device, NULL, ASK_ANY, &query->arena,
		      &query->ask, &err)) {
		app_say(app, MARK_WARN, "%s", err.text);
		query_free(app);
		return EFFECT_PAINT;
	}
	query->address = app->scene.system->devices[device].address;
	query->is_chosen = true;
	screen_open(app, QUERY_REF);
	app->asking = ASKING_QUERY;
	prompt_start(&app->prompt, "");
	return EFFECT_PAINT;
}

enum effect query_answer(struct app *app)
{
	const char *text = app->prompt.text;

	if (strcmp(text, "y") == 0 || strcmp(text, "yes") == 0)
		return EFFECT_ASK;
	query_leave(app);
	return EFFECT_PAINT;
}

void query_leave(struct app *app)
{
	query_free(app);
	if (app->opened_count &&
	    strcmp(app->opened[app->opened_count - 1].ref, QUERY_REF) == 0)
		app->opened_count--;
	app_say(app, MARK_NOTE, "%s", _("Nothing was opened."));
}

void app_ask(struct app *app, bool interactive)
{
	struct query *query = &app->query;
	struct run_ways ways;
	struct err err;

	if (!query->is_chosen || query->inspect)
		return;
	if (run_find(interactive, &ways, &query->arena, &err))
		query->inspect = inspect_start(&ways, app->scene.system,
					       &query->ask.step,
					       &query->arena, &err);
	if (!query->inspect)
		query->failure = arena_text(&query->arena, err.text);
}

int app_ask_fd(const struct app *app)
{
	return app->query.inspect ? inspect_fd(app->query.inspect) : -1;
}

bool app_ask_has_begun(const struct app *app)
{
	return !app->query.inspect || inspect_has_begun(app->query.inspect);
}

/* What came back, kept until it is understood. */
static void finish(struct query *query)
{
	const struct buf *record = inspect_record(query->inspect);

	query->record = arena_copy(&query->arena, buf_str(record),
				   record->len);
	query->record_len = record->len;
	if (*inspect_failure(query->inspect))
		query->failure = arena_text(&query->arena,
					    inspect_failure(query->inspect));
	inspect_end(query->inspect);
	query->inspect = NULL;
}

struct app_heard app_heard(struct app *app)
{
	struct query *query = &app->query;

	return (struct app_heard){ query->record, query->record_len,
				   &query->arena };
}

void app_granted(struct app *app, const struct grant *grant)
{
	struct query *query = &app->query;

	query->grant = grant;
	if (!grant && !query->failure)
		query->failure = _("What came back makes no sense.");
}

enum effect app_ask_tick(struct app *app)
{
	struct query *query = &app->query;

	if (!query->inspect)
		return EFFECT_NONE;
	if (inspect_step(query->inspect) == OUTCOME_RUNNING)
		return EFFECT_NONE;
	finish(query);
	return query->failure ? EFFECT_PAINT : EFFECT_HEARD;
}

void query_follow(struct app *app)
{
	struct query *query = &app->query;
	const struct system *system = app->scene.system;

	if (!query->is_chosen)
		return;
	query->ask.device = system_device(system, query->address);
	query->ask.group = query->ask.device == NONE ? NONE :
		system->devices[query->ask.device].group_index;
}

void query_page(struct app *app, struct page *page)
{
	const struct query *query = &app->query;

	if (query->grant) {
		grant_page(&app->scene, &query->ask, query->grant, page);
		return;
	}
	page_title(page, query->is_chosen ? query->ask.name : "");
	page_gap(page);
	if (query->failure)
		page_marked(page, MARK_BAD, ROLE_TEXT, query->failure);
	else if (query->inspect)
		page_add(page, ROLE_TEXT, _("It is being asked…"));
	else if (query->is_chosen)
		page_marked(page, MARK_WARN, ROLE_TEXT,
			    ask_warning(&query->ask, page->arena));
	page_end(page);
}

const char *query_ref(struct app *app)
{
	char text[BDF_TEXT];

	if (!app->query.is_chosen)
		return NULL;
	return arena_text(&app->frame, bdf_print(app->query.address, text));
}
