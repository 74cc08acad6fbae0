// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When the machine is read again: soon after news, sometimes for what sends
 * none, never while nothing happens.
 */
#include "tui/tui_part.h"

#include <time.h>

#include "base/i18n.h"

/* In milliseconds: for how long after a reading the kernel must be quiet before
 * what it told is looked at again, and how long that waits at most; how long at
 * least between two such readings, for some kernels never rest; how often a
 * view is read again that no news reaches; for how long the rest may be put off
 * for further news. */
enum { BUSY_MS = 2000, QUIET_MS = 100, QUIET_MOST_MS = 400, REST_MS = 500,
       LOOK_MS = 5000, OWED_MS = 5000 };

/* How often a device is looked at that does not answer yet. */
enum { LOOKS_MOST = 20 };

int64_t loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int loop_until(int64_t then_ms)
{
	int64_t left = then_ms - loop_now();

	return left > 0 ? (int)left : 0;
}

static int sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* When what the kernel told is looked at: the first of a flock of events at
 * once, so that it is seen soon; then the flock. */
static int64_t news_ms(const struct loop *loop)
{
	if (loop->first_ms - loop->looked_ms > BUSY_MS)
		return loop->first_ms;
	int64_t quiet = loop->latest_ms + QUIET_MS;
	int64_t most = loop->first_ms + QUIET_MOST_MS;
	int64_t rest = loop->looked_ms + REST_MS;
	int64_t due = quiet < most ? quiet : most;

	return due > rest ? due : rest;
}

/* Whether news may be looked at now.  A reading that nobody asked for, and
 * that began before them, is given up for one that has them; where news never
 * end, one comes to its end all the same. */
static bool is_free(const struct loop *loop)
{
	if (app_is_planning(loop->app))
		return false;
	return loop->purpose <= FOR_LOOK ||
	       (loop->purpose == FOR_REST && loop_until(loop->owed_ms + OWED_MS));
}

static bool is_polled(const struct loop *loop)
{
	return !loop->purpose && is_free(loop) && loop->config->watch &&
	       !app_scene(loop->app)->system->origin.lent &&
	       app_is_polled(loop->app);
}

/* Root is not asked again and again, and what root saw stays. */
static void look_again(struct loop *loop)
{
	if (!app_scene(loop->app)->system->origin.lent) {
		loop_read(loop, FOR_NEWS, LOOK_BRIEFLY, NULL);
		return;
	}
	app_say(loop->app, MARK_NOTE, "%s",
		_("The machine has changed: P looks again with root's eyes, "
		  "R with your own."));
	loop->stale = true;
}

void loop_take_news(struct loop *loop, bool told)
{
	if (told && loop->config->watch(loop->config->context)) {
		loop->latest_ms = loop_now();
		if (!loop->changed)
			loop->first_ms = loop->latest_ms;
		loop->changed = true;
	}
	if (!is_free(loop))
		return;
	if (loop->changed && !loop_until(news_ms(loop))) {
		loop->changed = false;
		loop->first_ms = loop->latest_ms = 0;
		look_again(loop);
	} else if (loop->owed_ms && !loop->purpose) {
		/* It sees whatever else was told until now. */
		loop->changed = false;
		loop->first_ms = loop->latest_ms = 0;
		if (!loop_read(loop, FOR_REST, LOOK_AGAIN, NULL))
			loop->owed_ms = 0;
	} else if (is_polled(loop) && !loop_until(loop->looked_ms + LOOK_MS)) {
		loop_read(loop, FOR_LOOK, LOOK_AGAIN, NULL);
	}
}

/* Changes are marked for a moment only. */
void loop_settle(struct loop *loop)
{
	if (!app_has_news(loop->app) || loop_until(loop->settle_ms))
		return;
	app_settle(loop->app);
	loop->stale = true;
}

/* Who was asked while the step was stuck comes back a moment after it, and a
 * device is silent until then. */
static bool is_unanswered(const struct loop *loop)
{
	const struct system *system = app_scene(loop->app)->system;

	/* Root is not asked for again and again. */
	if (!loop->returned || loop->looks == LOOKS_MOST ||
	    !loop->config->read || system->origin.lent)
		return false;
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].silent)
			return true;
	return false;
}

bool loop_awaits_answer(struct loop *loop)
{
	if (!is_unanswered(loop))
		return false;
	if (loop_until(loop->looked_ms + REST_MS))
		return true;
	loop->looks++;
	return loop_read(loop, FOR_REST, LOOK_AGAIN, NULL);
}

/* How long to sleep: not at all with names to load, for good where nothing
 * is awaited. */
int loop_patience(const struct loop *loop)
{
	int left = app_timeout(loop->app);

	if (loop->unnamed)
		return 0;
	if (loop->purpose)
		left = sooner(left, loop->config->read_timeout(
					    loop->config->context));
	if (loop->changed && is_free(loop))
		left = sooner(left, loop_until(news_ms(loop)));
	if (app_has_news(loop->app))
		left = sooner(left, loop_until(loop->settle_ms));
	if (is_polled(loop))
		left = sooner(left, loop_until(loop->looked_ms + LOOK_MS));
	if (loop->offer && !loop->purpose && !app_is_planning(loop->app) &&
	    is_unanswered(loop))
		left = sooner(left, loop_until(loop->looked_ms + REST_MS));
	return left;
}
