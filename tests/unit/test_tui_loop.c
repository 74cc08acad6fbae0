// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When the machine is read again: the loop runs on a clock, a terminal and a
 * kernel that are played here, so that minutes take no time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "act/act.h"
#include "base/buf.h"
#include "lib/scenes.h"
#include "tui/tui.h"

enum { KEYS_FD = 1000, WATCH_FD, READER_FD, WRITER_FD };

/* How long a reading takes, in milliseconds. */
enum { BRIEF_MS = 50, WHOLE_MS = 1000 };

/* What happens at a time: a key, '!' for news, or '<' for the writer, who comes
 * back from a step. */
struct event {
	int64_t ms;
	char what;
};

static struct {
	int64_t now;
	const struct event *events;	/* ends with .what 0 */
	bool key, news;			/* are there to be taken */
	int64_t done;			/* when the reading is over; 0: none */
	bool returned;			/* the writer has come back */
	int64_t silent;			/* until then a device does not answer */
	bool lent;			/* the machine was read with root's eyes */
	bool over;			/* nothing will happen any more */
	unsigned waits;			/* without an end */
	struct buf log;			/* of readings: when, and how */
	struct system system;
} played;

/* --- the clock, and the wait --- */

int clock_gettime(clockid_t clock, struct timespec *now)
{
	(void)clock;
	*now = (struct timespec){ played.now / 1000,
				  played.now % 1000 * 1000000 };
	return 0;
}

/* The next thing that happens, or -1. */
static int64_t next_ms(void)
{
	int64_t next = played.events->what ? played.events->ms : -1;

	if (played.done && (next < 0 || played.done < next))
		next = played.done;
	return next;
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	int64_t next = next_ms();
	int ready = 0;

	for (nfds_t i = 0; i < count; i++)
		fds[i].revents = 0;
	if (timeout >= 0 && (next < 0 || next > played.now + timeout)) {
		played.now += timeout;
		return 0;
	}
	if (next < 0) {
		played.waits++;
		played.over = true;
		return 0;
	}
	if (next > played.now)
		played.now = next;
	for (; played.events->what && played.events->ms <= played.now;
	     played.events++)
		*(played.events->what == '!' ? &played.news :
		  played.events->what == '<' ? &played.returned :
					       &played.key) = true;
	for (nfds_t i = 0; i < count; i++)
		if ((fds[i].fd == KEYS_FD && played.key) ||
		    (fds[i].fd == WATCH_FD && played.news) ||
		    (fds[i].fd == READER_FD && played.done &&
		     played.done <= played.now)) {
			fds[i].revents = POLLIN;
			ready++;
		}
	return ready;
}

/* --- the terminal --- */

bool term_open(enum term_color color, struct err *err)
{
	(void)color;
	(void)err;
	return true;
}

void term_close(void)
{
}

bool term_is_utf8(void)
{
	return true;
}

void term_size(unsigned *columns, unsigned *rows)
{
	*columns = 80;
	*rows = 24;
}

void term_paint(const struct canvas *canvas)
{
	(void)canvas;
}

int term_key(struct mouse *mouse)
{
	(void)mouse;
	if (!played.key)
		return STROKE_NONE;
	played.key = false;
	return played.events[-1].what;
}

int term_fd(void)
{
	return KEYS_FD;
}

bool term_is_ending(void)
{
	return played.over;
}

void term_suspend(void)
{
}

void term_resume(void)
{
}

void term_stop(void)
{
}

void term_copy(const char *text)
{
	(void)text;
}

/* --- a writer that is stuck from the beginning --- */

struct act {
	struct progress progress;
};

struct act *act_start(const struct system *system, const struct plan *plan,
		      bool interactive, struct err *err)
{
	static struct act writer;

	(void)system;
	(void)plan;
	(void)interactive;
	(void)err;
	writer.progress.text = "";
	return &writer;
}

int act_fd(const struct act *act)
{
	(void)act;
	return WRITER_FD;
}

int act_timeout(const struct act *act)
{
	(void)act;
	return 500;
}

enum outcome act_step(struct act *act)
{
	(void)act;
	return OUTCOME_STUCK;
}

const struct progress *act_progress(const struct act *act, unsigned index)
{
	(void)index;
	return &act->progress;
}

bool act_has_returned(const struct act *act)
{
	(void)act;
	return played.returned;
}

const char *act_verdict(const struct act *act)
{
	(void)act;
	return "";
}

const struct system *act_result(const struct act *act, struct arena *arena)
{
	(void)act;
	(void)arena;
	return NULL;
}

void act_end(struct act *act)
{
	(void)act;
}

/* --- the machine --- */

static bool begin_reading(void *context, enum look look,
			  const struct bdf *wake, struct err *err)
{
	static const char *const names[] = {
		[LOOK_AGAIN] = "whole", [LOOK_BRIEFLY] = "brief",
		[LOOK_LONG] = "long", [LOOK_INSIDE] = "whole",
		[LOOK_AS_ROOT] = "root", [LOOK_LONG_AS_ROOT] = "root long",
	};
	bool brief = look == LOOK_BRIEFLY;

	(void)context;
	(void)wake;
	(void)err;
	buf_printf(&played.log, "%s%lld %s", played.log.len ? ", " : "",
		   (long long)played.now, names[look]);
	played.done = played.now + (brief ? BRIEF_MS : WHOLE_MS);
	return true;
}

static bool has_begun(void *context)
{
	(void)context;
	return true;
}

static int reading_fd(void *context)
{
	(void)context;
	return READER_FD;
}

static int reading_timeout(void *context)
{
	(void)context;
	return 250;
}

static bool reading_step(void *context)
{
	(void)context;
	return played.done <= played.now;
}

static const struct system *take_reading(void *context, struct arena *arena,
					 struct err *err)
{
	(void)context;
	(void)arena;
	(void)err;
	played.done = 0;
	played.system.devices[0].silent = played.now < played.silent;
	return &played.system;
}

static bool take_news(void *context)
{
	bool any = played.news;

	(void)context;
	played.news = false;
	return any;
}

static bool keep(void *context, const char *path, struct err *err)
{
	(void)context;
	(void)err;
	buf_printf(&played.log, ", %lld %s", (long long)played.now, path);
	return true;
}

/* Run the interface on what happens; returns when the machine was read, and
 * written. */
static const char *run_on(const char *machine, const struct event *events)
{
	struct arena arena = {0};
	struct scene scene = made_scene(&arena, machine);
	struct err err;

	buf_reset(&played.log);
	played.now = 0;
	played.events = events;
	played.over = played.key = played.news = played.returned = false;
	played.done = 0;
	played.waits = 0;
	played.system = *scene.system;
	played.system.origin.kind = ORIGIN_LIVE;
	played.system.origin.lent = played.lent;
	scene.system = &played.system;
	const struct tui_config config = {
		.scene = &scene, .read = begin_reading,
		.read_has_begun = has_begun, .read_fd = reading_fd,
		.read_timeout = reading_timeout, .read_step = reading_step,
		.read_take = take_reading, .watch_fd = WATCH_FD,
		.watch = take_news, .capture = keep,
	};
	assert_true(tui_run(&config, &err));
	arena_free(&arena);
	return buf_str(&played.log);
}

static const char *run(const struct event *events)
{
	return run_on("two-gpus", events);
}

/* --- the tests --- */

static void news_are_looked_at_briefly_and_then_the_rest(void **state)
{
	static const struct event events[] = { { 9000, '!' }, { 0, 0 } };

	(void)state;
	assert_string_equal(run(events), "9000 brief, 9050 whole");
	/* And then it waits without an end. */
	assert_int_equal(played.waits, 1);
}

static void a_look_that_nobody_asked_for_is_given_up_for_news(void **state)
{
	static const struct event events[] = {
		{ 100, '4' }, { 5300, '!' }, { 6600, 'q' }, { 0, 0 },
	};

	(void)state;
	/* The GPUs are looked at every five seconds.  That look would have
	 * been over at 6000. */
	assert_string_equal(run(events),
			    "5000 whole, 5500 brief, 5550 whole");
}

static void what_a_person_asked_for_comes_to_its_end(void **state)
{
	static const struct event events[] = {
		{ 100, 'R' }, { 300, '!' }, { 0, 0 },
	};

	(void)state;
	assert_string_equal(run(events),
			    "100 whole, 1100 brief, 1150 whole");
}

static void the_rest_waits_for_further_news(void **state)
{
	static const struct event events[] = {
		{ 9000, '!' }, { 9200, '!' }, { 0, 0 },
	};

	(void)state;
	assert_string_equal(run(events),
			    "9000 brief, 9050 whole, 9550 brief, 9600 whole");
}

static void the_rest_does_not_wait_for_ever(void **state)
{
	static struct event events[200];
	unsigned last = sizeof events / sizeof *events - 1;
	long long begun = 0;
	bool finished = false;

	(void)state;
	for (unsigned i = 0; i < last; i++)
		events[i] = (struct event){ 9000 + 100 * (int64_t)i, '!' };
	for (const char *at = run(events); at && *at;) {
		char *end;
		long long when = strtoll(at, &end, 10);
		/* A whole one after which nothing began for as long as it
		 * takes has come to its end. */
		finished |= begun && when - begun >= WHOLE_MS &&
			    when < 9000 + 100 * (long long)last;
		begun = strncmp(end, " whole", 6) == 0 ? when : 0;
		at = strstr(end, ", ");
		at = at ? at + 2 : NULL;
	}
	assert_true(finished);
}

/* What the host's disk holds is not read for the screen, but for a file. */
static void a_capture_waits_for_the_initramfs(void **state)
{
	static const struct event events[] = {
		{ 100, 'c' }, { 102, '\r' }, { 300, 'R' },
		{ 9000, 'q' }, { 0, 0 },
	};
	static const struct event leaves[] = {
		{ 100, 'c' }, { 102, '\r' }, { 300, 'q' },
		{ 0, 0 },
	};

	(void)state;
	/* Reading again meanwhile does not lose it, nor does an end. */
	assert_string_equal(run(events), "102 whole, 300 whole, "
			    "1300 made.vfiotop.tar.zst");
	assert_string_equal(run(leaves), "102 whole, 300 made.vfiotop.tar.zst");
}

/* Whoever looks last before anything is written looks long. */
static void root_looks_long_before_a_plan_is_done(void **state)
{
	static const struct event events[] = {
		{ 100, '4' }, { 200, 'b' }, { 300, 'y' }, { 60000, 'q' },
		{ 0, 0 },
	};

	(void)state;
	assert_string_equal(run_on("desktop", events), "300 long, "
			    "1800 whole");
	played.lent = true;
	const char *log = run_on("desktop", events);
	played.lent = false;
	assert_string_equal(log, "300 root long, 1800 whole");
}

/* What was asked of it while the step was stuck is let go a moment after the
 * step; nothing is asked of the person before it has answered. */
static void a_device_that_is_silent_yet_is_looked_at_again(void **state)
{
	static const struct event events[] = {
		{ 100, '4' }, { 200, 'b' }, { 300, 'y' }, { 3000, '\033' },
		{ 3100, '2' }, { 20000, '<' }, { 60000, 'q' }, { 0, 0 },
	};

	(void)state;
	played.silent = 0;
	assert_string_equal(run_on("desktop", events), "300 long, 1800 whole, "
			    "20000 brief, 20050 whole");
	played.silent = 22500;
	assert_string_equal(run_on("desktop", events), "300 long, 1800 whole, "
			    "20000 brief, 20050 whole, 21050 whole, "
			    "22050 whole");
	/* Not for ever. */
	played.silent = 1000000;
	const char *log = run_on("desktop", events);
	assert_non_null(strstr(log, "40050 whole"));
	assert_null(strstr(log, "41050 whole"));
	played.silent = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_capture_waits_for_the_initramfs),
		cmocka_unit_test(news_are_looked_at_briefly_and_then_the_rest),
		cmocka_unit_test(
			a_look_that_nobody_asked_for_is_given_up_for_news),
		cmocka_unit_test(what_a_person_asked_for_comes_to_its_end),
		cmocka_unit_test(the_rest_waits_for_further_news),
		cmocka_unit_test(the_rest_does_not_wait_for_ever),
		cmocka_unit_test(root_looks_long_before_a_plan_is_done),
		cmocka_unit_test(
			a_device_that_is_silent_yet_is_looked_at_again),
	};

	setlocale(LC_ALL, "C.UTF-8");
	/* Nothing that was kept here belongs to this machine. */
	setenv("XDG_STATE_HOME", "/nowhere", 1);
	setenv("XDG_CONFIG_HOME", "/nowhere", 1);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	buf_free(&played.log);
	return failed;
}
