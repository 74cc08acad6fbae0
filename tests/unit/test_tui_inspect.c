// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A device asked what VFIO grants, by keys: nothing is opened before yes, and
 * the answer is a page.  The writer is not started here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "base/text.h"
#include "lib/scenes.h"
#include "model/vfio_abi.h"
#include "tui/app.h"

struct story {
	struct arena arena;
	struct scene scene;
	struct app *app;
	struct buf screen;
};

static void look(struct story *story)
{
	struct arena frame = {0};
	struct canvas *canvas = canvas_make(&frame, 80, 40, false);

	app_paint(story->app, canvas);
	buf_reset(&story->screen);
	canvas_text(canvas, &story->screen);
	arena_free(&frame);
}

static struct story *begin(const char *machine, enum origin_kind origin)
{
	static struct story story;

	story = (struct story){0};
	story.scene = made_scene(&story.arena, machine);
	struct system *system = arena_alloc(&story.arena, sizeof *system);
	*system = *story.scene.system;
	system->origin.kind = origin;
	story.scene.system = system;
	story.app = app_make(&story.arena, &story.scene);
	look(&story);
	return &story;
}

static void end(struct story *story)
{
	app_free(story->app);
	arena_free(&story->arena);
	buf_free(&story->screen);
}

static enum effect press(struct story *story, const char *names)
{
	enum effect effect = EFFECT_NONE;

	for (int stroke; (stroke = stroke_take(&names)) != STROKE_NONE;) {
		effect = app_key(story->app, stroke);
		look(story);
	}
	return effect;
}

/* Go to what ':' takes: an address, a group. */
static void go_to(struct story *story, const char *word)
{
	app_key(story->app, ':');
	for (uint32_t c; (c = text_take(&word)) != 0;)
		app_key(story->app, (int)c);
	press(story, "Enter");
}

#define SEES(story, text) \
	do { \
		if (!strstr(buf_str(&(story)->screen), text)) \
			fail_msg("\"%s\" is not on the screen:\n%s", text, \
				 buf_str(&(story)->screen)); \
	} while (0)

static void a_capture_cannot_be_asked(void **state)
{
	struct story *story = begin("gpus", ORIGIN_CAPTURE);

	(void)state;
	go_to(story, "02:00.0");
	assert_int_equal(press(story, "i"), EFFECT_PAINT);
	SEES(story, "Only the kernel of the machine itself can be asked");
	end(story);
}

static void what_is_not_on_vfio_cannot_be_asked(void **state)
{
	struct story *story = begin("gpus", ORIGIN_LIVE);

	(void)state;
	go_to(story, "01:00.0");
	press(story, "i");
	SEES(story, "It is not on a vfio driver");
	end(story);
}

static void what_a_guest_holds_is_left_to_it(void **state)
{
	struct story *story = begin("guest", ORIGIN_LIVE);

	(void)state;
	go_to(story, "02:00.1");
	press(story, "i");
	SEES(story, "someone (912) has /dev/vfio/17 open for the guest win10");
	end(story);
}

static void nothing_is_opened_before_yes(void **state)
{
	struct story *story = begin("gpus", ORIGIN_LIVE);

	(void)state;
	go_to(story, "02:00.0");
	press(story, "i");
	SEES(story, "Asking opens 0000:02:00.0 by /dev/vfio/17");
	SEES(story, "and so reset it? type y:");
	assert_int_equal(press(story, "n Enter"), EFFECT_PAINT);
	SEES(story, "Nothing was opened.");
	press(story, "i");
	assert_int_equal(press(story, "Esc"), EFFECT_PAINT);
	SEES(story, "Nothing was opened.");
	press(story, "i");
	assert_int_equal(press(story, "y Enter"), EFFECT_ASK);
	end(story);
}

static void the_answer_is_a_page(void **state)
{
	static const struct grant_region region = {
		.index = 0, .known = KNOWN, .flags = 7, .size = 16 << 20,
		.caps = { .known = ABSENT },
	};
	static const struct grant_irq irq = {
		.index = 1, .known = KNOWN, .flags = 9, .count = 16,
	};
	static const struct grant_victim victims[] = {
		{ .id = 17, .bus = 2 }, { .id = 17, .bus = 2, .devfn = 1 },
	};
	static const struct grant grant = {
		.whole = true, .info_known = KNOWN, .flags = 3,
		.iommu_kind = ABI_TYPE1_V2, .iommu_known = KNOWN,
		.page_sizes = 0x40201000, .regions = &region,
		.region_count = 1, .irqs = &irq, .irq_count = 1,
		.reset_known = KNOWN, .victims = victims, .victim_count = 2,
		.features = { [10] = GRANT_PROBED | GRANT_SET },
	};
	struct story *story = begin("gpus", ORIGIN_LIVE);

	(void)state;
	go_to(story, "02:00.0");
	press(story, "i y Enter");
	app_granted(story->app, &grant);
	look(story);
	SEES(story, "BAR 0");
	SEES(story, "16 MiB");
	SEES(story, "MSI");
	SEES(story, "02:00.1       group 17, this one");
	SEES(story, "4 KiB, 2 MiB, 1 GiB");
	SEES(story, "bus-master");
	press(story, "Esc");
	SEES(story, "02:00.0");
	end(story);
}

static void a_refusal_says_why(void **state)
{
	static const struct grant grant = {
		.stage = GRANT_OPEN_GROUP, .errnum = 16 /* EBUSY */,
		.iommu_kind = NONE,
	};
	struct story *story = begin("gpus", ORIGIN_LIVE);

	(void)state;
	go_to(story, "02:00.0");
	press(story, "i y Enter");
	app_granted(story->app, &grant);
	look(story);
	SEES(story, "Its group is in use");
	app_granted(story->app, NULL);
	look(story);
	SEES(story, "What came back makes no sense.");
	end(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_capture_cannot_be_asked),
		cmocka_unit_test(what_is_not_on_vfio_cannot_be_asked),
		cmocka_unit_test(what_a_guest_holds_is_left_to_it),
		cmocka_unit_test(nothing_is_opened_before_yes),
		cmocka_unit_test(the_answer_is_a_page),
		cmocka_unit_test(a_refusal_says_why),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
