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

#include "lib/stage.h"
#include "model/vfio_abi.h"

static struct stage *begin_as(const char *machine, enum origin_kind origin)
{
	struct stage *stage = stage_set(80, 40);

	stage->scene = made_scene(&stage->arena, machine);
	stage_system(stage)->origin.kind = origin;
	stage_open(stage);
	return stage;
}

static void a_capture_cannot_be_asked(void **state)
{
	struct stage *stage = begin_as("gpus", ORIGIN_CAPTURE);

	(void)state;
	command(stage, "02:00.0");
	assert_int_equal(press(stage, "i"), EFFECT_PAINT);
	SEES(stage, "Only the kernel of the machine itself can be asked");
	end(stage);
}

static void what_is_not_on_vfio_cannot_be_asked(void **state)
{
	struct stage *stage = begin_as("gpus", ORIGIN_LIVE);

	(void)state;
	command(stage, "01:00.0");
	press(stage, "i");
	SEES(stage, "It is not on a vfio driver");
	end(stage);
}

static void what_a_guest_holds_is_left_to_it(void **state)
{
	struct stage *stage = begin_as("guest", ORIGIN_LIVE);

	(void)state;
	command(stage, "02:00.1");
	press(stage, "i");
	SEES(stage, "someone (912) has /dev/vfio/17 open for the guest win10");
	end(stage);
}

static void nothing_is_opened_before_yes(void **state)
{
	struct stage *stage = begin_as("gpus", ORIGIN_LIVE);

	(void)state;
	command(stage, "02:00.0");
	press(stage, "i");
	SEES(stage, "Asking opens 0000:02:00.0 by /dev/vfio/17");
	SEES(stage, "and so reset it? type y:");
	assert_int_equal(press(stage, "n Enter"), EFFECT_PAINT);
	SEES(stage, "Nothing was opened.");
	press(stage, "i");
	assert_int_equal(press(stage, "Esc"), EFFECT_PAINT);
	SEES(stage, "Nothing was opened.");
	press(stage, "i");
	assert_int_equal(press(stage, "y Enter"), EFFECT_ASK);
	end(stage);
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
	struct stage *stage = begin_as("gpus", ORIGIN_LIVE);

	(void)state;
	command(stage, "02:00.0");
	press(stage, "i y Enter");
	app_granted(stage->app, &grant);
	look(stage);
	SEES(stage, "BAR 0");
	SEES(stage, "16 MiB");
	SEES(stage, "MSI");
	SEES(stage, "02:00.1       group 17, this one");
	SEES(stage, "4 KiB, 2 MiB, 1 GiB");
	SEES(stage, "bus-master");
	press(stage, "Esc");
	SEES(stage, "02:00.0");
	end(stage);
}

static void a_refusal_says_why(void **state)
{
	static const struct grant grant = {
		.stage = GRANT_OPEN_GROUP, .errnum = 16 /* EBUSY */,
		.iommu_kind = NONE,
	};
	struct stage *stage = begin_as("gpus", ORIGIN_LIVE);

	(void)state;
	command(stage, "02:00.0");
	press(stage, "i y Enter");
	app_granted(stage->app, &grant);
	look(stage);
	SEES(stage, "Its group is in use");
	app_granted(stage->app, NULL);
	look(stage);
	SEES(stage, "What came back makes no sense.");
	end(stage);
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
