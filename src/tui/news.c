// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What changed while one looked: kept in a log, and marked for a moment.  How
 * long a moment is, is tui.c's.
 */
#include "tui/app_part.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "view/label.h"
#include "view/ref.h"

const char *news_sign(const struct app *app, const char *ref)
{
	const struct news *news = &app->news;

	for (unsigned i = 0; i < news->fresh_count; i++)
		if (strcmp(news->fresh[i].ref, ref) == 0)
			return contrast_sign(news->fresh[i].kind);
	return NULL;
}

void news_free(struct app *app)
{
	arena_free(&app->news.arena);
	app->news = (struct news){0};
}

/* --- the log --- */

/* Keep the younger half where @more would make the log too long. */
static void shorten(struct news *news, unsigned more)
{
	struct news old = *news;

	if (old.count + more < CHANGES_MOST)
		return;
	news->arena = (struct arena){0};
	news->items = NULL;
	news->room = 0;
	news->count = 0;
	for (unsigned i = old.count / 2; i < old.count; i++) {
		news->items = arena_grow(&news->arena, news->items,
					 news->count, &news->room,
					 sizeof *news->items);
		news->items[news->count++] = contrast_keep(
			&old.items[i], old.items[i].time, &news->arena);
	}
	arena_free(&old.arena);
}

static void log_change(struct news *news, const struct contrast *contrast,
		       const char *when)
{
	news->items = arena_grow(&news->arena, news->items, news->count,
				 &news->room, sizeof *news->items);
	news->items[news->count++] = contrast_keep(contrast, when, &news->arena);
}

/* --- the moment --- */

/* What appeared stays so, whatever else is told of it. */
static void mark(struct news *news, const struct contrast *contrast)
{
	if (!*contrast->ref)
		return;
	for (unsigned i = 0; i < news->fresh_count; i++)
		if (strcmp(news->fresh[i].ref, contrast->ref) == 0)
			return;
	if (news->fresh_count == FRESH_MOST)
		return;
	struct fresh *fresh = &news->fresh[news->fresh_count++];
	snprintf(fresh->ref, sizeof fresh->ref, "%s", contrast->ref);
	fresh->kind = contrast->kind;
}

static void mark_all(struct app *app, const struct scene *before,
		     const struct diff *diff)
{
	for (unsigned i = 0; i < diff->count; i++) {
		struct arena arena = {0};
		struct contrast contrast = contrast_of(
			before, &app->scene, &diff->items[i], &arena);
		mark(&app->news, &contrast);
		arena_free(&arena);
	}
}

/* Of several things, how much one deserves to be said. */
static int weight(const struct difference *difference)
{
	if (strcmp(difference->fact, "device") == 0)
		return 3;
	if (strcmp(difference->fact, "driver") == 0)
		return 2;
	return strcmp(difference->fact, "finding") == 0 ? 0 : 1;
}

static void say_now(struct app *app)
{
	struct news *news = &app->news;
	const struct contrast *contrast = &news->items[news->said];
	const char *text = contrast_say(contrast, &app->frame);

	if (news->more)
		text = arena_printf(&app->frame,
				    P_("%s; %u more, C lists it",
				       "%s; %u more, C lists them",
				       news->more), text, news->more);
	app_say(app, contrast->role == ROLE_BAD ? MARK_BAD : MARK_NOTE, "%s",
		text);
	news->is_said = true;
	news->waits = false;
}

/* What is gone has no row: it is said.  Who was answered by another message
 * has until the next stroke to read it. */
static void say(struct app *app)
{
	app->news.waits = app_is_saying(app);
	if (!app->news.waits)
		say_now(app);
}

void news_tell(struct app *app)
{
	struct news *news = &app->news;

	if (!news->waits || *app->message || app->asking || app->deed.plan)
		return;
	say_now(app);
	/* It has no moment any more, and stays as all else that is said. */
	news->is_said = false;
}

/* Call it by its name, now that this is loaded. */
static void name_one(struct app *app, struct contrast *contrast)
{
	const struct finding *finding;
	struct subject subject;

	if (!ref_find(&app->scene, contrast->ref, &subject, &finding) ||
	    subject.scope != SCOPE_DEVICE ||
	    !*names_of(app->scene.names, subject.index).device)
		return;
	contrast->subject = arena_text(
		&app->news.arena,
		label_device(&app->scene, subject.index, &app->frame));
	contrast->unnamed = false;
}

void news_name(struct app *app)
{
	struct news *news = &app->news;

	for (unsigned i = 0; i < news->count; i++)
		if (news->items[i].unnamed)
			name_one(app, &news->items[i]);
	if (news->is_said)
		say_now(app);
}

bool app_has_news(const struct app *app)
{
	return app->news.fresh_count || app->news.is_said;
}

void app_settle(struct app *app)
{
	app->news.fresh_count = 0;
	if (app->news.is_said)
		*app->message = '\0';
	app->news.is_said = false;
}

/* Keep what differs in the log, in such an order that read from its end it
 * has them in theirs. */
static void log_all(struct app *app, const struct scene *before,
		    const struct diff *diff, const char *when)
{
	struct news *news = &app->news;
	int best = -1;

	shorten(news, diff->count);
	for (unsigned i = diff->count; i--;) {
		struct arena arena = {0};
		struct contrast contrast = contrast_of(
			before, &app->scene, &diff->items[i], &arena);
		if (weight(&diff->items[i]) >= best) {
			best = weight(&diff->items[i]);
			news->said = news->count;
		}
		log_change(news, &contrast, when);
		arena_free(&arena);
	}
	news->more = diff->count - 1;
	news->changes = (struct changes){ news->items, news->count };
	app->scene.changes = &news->changes;
}

unsigned app_renew(struct app *app, const struct scene *scene,
		   const char *when)
{
	struct scene before = app->scene;
	struct arena arena = {0};
	struct diff diff = diff_make(before.system, scene->system,
				     before.findings, scene->findings,
				     &arena);

	app_show(app, scene);
	if (diff.count) {
		log_all(app, &before, &diff, when);
		mark_all(app, &before, &diff);
		/* The keys of a plan are more needed than news of it. */
		if (!app->deed.plan)
			say(app);
	}
	arena_free(&arena);
	return diff.count;
}

bool app_is_polled(const struct app *app)
{
	return !app->opened_count && screen_view(app)->polled &&
	       app->scene.system->origin.kind == ORIGIN_LIVE;
}

void app_compare(struct app *app, const struct scene *other)
{
	app->scene.other = other;
	screen_rebuild(app);
}
