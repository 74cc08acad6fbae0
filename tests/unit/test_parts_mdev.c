// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mediated devices made and removed, resets, UIO: the plans, and what the model
 * of the kernel makes of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "act/uuid.h"
#include "base/text.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "lib/planned.h"
#include "lib/rehearsed.h"
#include "model/parts.h"
#include "plan/past.h"
#include "unit/parts_made.h"

static const struct plan *mdev(const struct system *system,
			       enum intent_kind kind, const char *type,
			       struct arena *arena)
{
	struct intent *intent = intent_of(kind, NULL, arena);

	intent->parent = "mtty";
	intent->type = type;
	intent->uuid = UUID;
	return planned(system, intent, arena);
}

/* --- mediated devices, resets --- */

static void a_mediated_device_comes_with_a_group_and_a_node(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_parts, MADE_MTTY);
	const struct system *after = done(
		system, mdev(system, INTENT_CREATE, "mtty-1", &arena), NULL,
		OUTCOME_DONE, &arena);

	(void)state;
	assert_int_equal(after->mdevs.item_count, 1);
	assert_string_equal(after->mdevs.items[0].uuid, UUID);
	assert_int_equal(after->mdevs.items[0].group.value, 0);
	assert_int_not_equal(system_group(after, 0), NONE);
	assert_int_equal(after->vfio.node_count, system->vfio.node_count + 1);
	assert_int_equal(after->mdevs.types[0].available.value, 23);
	/* What is left of the other type only the parent knows. */
	assert_int_equal(after->mdevs.types[1].available.known, UNREAD);
	arena_free(&arena);
}

static void a_uuid_is_used_once(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(
		&arena, made_parts, MADE_MTTY "mdev " UUID " mtty mtty-1 9");
	struct intent *intent = intent_of(INTENT_CREATE, NULL, &arena);
	struct err err = {0};

	(void)state;
	intent->parent = "mtty";
	intent->type = "mtty-1";
	intent->uuid = UUID;
	assert_null(plan_make(system, intent, &arena, &err));
	assert_non_null(strstr(err.text, "already"));
	intent->uuid = "no-uuid";
	assert_null(plan_make(system, intent, &arena, &err));
	intent->uuid = OTHER;
	intent->type = "mtty-3";
	assert_null(plan_make(system, intent, &arena, &err));
	intent->parent = "motty";
	assert_null(plan_make(system, intent, &arena, &err));
	assert_non_null(strstr(err.text, "mdev list"));
	arena_free(&arena);
}

static void a_parent_on_pci_is_written_to_at_its_address(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		altered(&arena, made_parts, "mdevtype 0000:02:00.0 vgpu-1 2");
	struct intent *intent = intent_of(INTENT_CREATE, NULL, &arena);

	(void)state;
	intent->parent = "02:00.0";
	intent->type = "vgpu-1";
	intent->uuid = UUID;
	assert_string_equal(planned(system, intent, &arena)->steps[0].path,
			    "/sys/bus/pci/devices/0000:02:00.0/"
			    "mdev_supported_types/vgpu-1/create");
	arena_free(&arena);
}

static void uuids_are_random_and_small(void **state)
{
	struct arena arena = {0};
	struct err err = {0};
	const char *a = uuid_make(&arena, &err), *b = uuid_make(&arena, &err);

	(void)state;
	assert_true(text_is_uuid(a) && text_is_uuid(b));
	assert_string_not_equal(a, b);
	assert_int_equal(a[14], '4');
	assert_string_equal(uuid_parse("ABCDEF01-2222-4333-8444-555555555555",
				       &arena, &err),
			    "abcdef01-2222-4333-8444-555555555555");
	assert_null(uuid_parse("abcdef01-2222", &arena, &err));
	arena_free(&arena);
}

static void a_bus_is_not_reset_under_its_neighbour(void **state)
{
	struct made_device two[] = {
		made_parts[0], made_parts[1], made_parts[1], { 0 } };
	struct arena arena = {0};
	const char *method;

	(void)state;
	two[1].multifunction = two[2].multifunction = true;
	two[2].address = "01:00.1";
	const struct system *system =
		altered(&arena, two,
			"dev 01:00.0 reset_method bus; dev 01:00.0 driver -");
	int index = system_device(system, at("01:00.0"));
	assert_int_equal(parts_reset(system, index, &arena, &method), ABSENT);
	assert_string_equal(method, "bus");
	const struct plan *plan = planned(
		system, intent_of(INTENT_RESET, "01:00.0", &arena), &arena);
	assert_true(plan_is_refused(plan));
	/* The model answers as the kernel would, whoever asks. */
	done(system, plan, NULL, OUTCOME_ROLLED_BACK, &arena);
	arena_free(&arena);
}

static void a_reset_is_nothing_to_take_back(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		altered(&arena, made_parts, "dev 01:00.0 driver -");
	const struct plan *plan = planned(
		system, intent_of(INTENT_RESET, "01:00.0", &arena), &arena);
	const struct system *after = done(system, plan, NULL, OUTCOME_DONE,
					  &arena);

	(void)state;
	assert_non_null(strstr(plan->changes[0].deed, "flr"));
	assert_same(system, after);
	struct past past = past_of_plan(system, plan, 1, OUTCOME_DONE,
					&arena);
	const struct pasts pasts = { &past, 1 };
	assert_null(past_last(&pasts));
	arena_free(&arena);
}

/* --- UIO --- */

static void uio_says_beforehand_what_it_lacks(void **state)
{
	static const struct story lines[] = {
		{ "no line", made_parts, "", INTENT_BIND, 0, NULL,
		  "dev-uio-bound", GATE_SOFT, false },
		{ "a line that cannot be masked", made_parts,
		  "dev 01:00.0 pin 1; dev 01:00.0 id 0x10ec8169", INTENT_BIND,
		  0, NULL, "dev-intx-broken-quirk", GATE_HARD, false },
		{ "not read", made_parts, "dev 01:00.0 config ?", INTENT_BIND,
		  0, NULL, "dev-uio-bound", GATE_SOFT, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct arena arena = {0};
		const struct system *system =
			altered(&arena, made_parts, lines[i].edits);
		struct intent *intent = intent_of(INTENT_BIND, "01:00.0",
						  &arena);
		intent->driver = "uio_pci_generic";
		check_gate(&lines[i], planned(system, intent, &arena));
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_mediated_device_comes_with_a_group_and_a_node),
		cmocka_unit_test(a_uuid_is_used_once),
		cmocka_unit_test(a_parent_on_pci_is_written_to_at_its_address),
		cmocka_unit_test(uuids_are_random_and_small),
		cmocka_unit_test(a_bus_is_not_reset_under_its_neighbour),
		cmocka_unit_test(a_reset_is_nothing_to_take_back),
		cmocka_unit_test(uio_says_beforehand_what_it_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
