// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "lib/machine.h"
#include "plan/plan.h"

/* Whole plans as text: one line a step, so that a change is seen at once. */
static const char *as_text(const struct plan *plan, struct arena *arena)
{
	struct buf buf = {0};

	for (unsigned i = 0; i < plan->step_count; i++) {
		const char *expect = shell_expect(plan, i, arena);
		buf_printf(&buf, "%s%s%s\n", shell_step(plan, i, arena),
			   *expect ? "  # " : "", expect);
	}
	const char *text = arena_text(arena, buf_str(&buf));
	buf_free(&buf);
	return text;
}

static struct intent intent_of(struct arena *arena, enum intent_kind kind,
			       const char *driver, const char *address)
{
	struct bdf *bdf = arena_alloc(arena, sizeof *bdf);

	assert_true(bdf_parse(address, bdf));
	return (struct intent){ .kind = kind, .driver = driver,
				.devices = bdf, .device_count = 1 };
}

static const struct plan *make(const struct system *system,
			       struct arena *arena, enum intent_kind kind,
			       const char *driver, const char *address)
{
	struct intent intent = intent_of(arena, kind, driver, address);
	struct err err = {0};
	const struct plan *plan = plan_make(system, &intent, arena, &err);

	if (!plan)
		fail_msg("%s", err.text);
	return plan;
}

static const struct gate *gate_of(const struct plan *plan, const char *id)
{
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (strcmp(plan->gates[i].id, id) == 0)
			return &plan->gates[i];
	return NULL;
}

#define D "/sys/bus/pci/devices/0000:01:00"
#define R "/sys/bus/pci/drivers/"

static void a_gpu_goes_to_vfio_with_its_whole_group(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		make(system, &arena, INTENT_BIND, NULL, "01:00.0");

	(void)state;
	assert_string_equal(plan->title, "Bind group 13 to vfio-pci");
	assert_string_equal(as_text(plan, &arena),
		"echo vfio-pci > " D ".0/driver_override\n"
		"echo vfio-pci > " D ".1/driver_override\n"
		"echo 0000:01:00.1 > " R "snd_hda_intel/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"echo 0000:01:00.1 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"test -e /dev/vfio/13  # expects /dev/vfio/13\n");
	assert_int_equal(plan->change_count, 2);
	assert_true(plan->changes[0].named);
	assert_false(plan->changes[1].named);
	assert_false(plan_is_refused(plan));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gpu_goes_to_vfio_with_its_whole_group),
	};
	(void)gate_of;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
