// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Intents and plans for devices given out in parts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/parts_made.h"

#include <string.h>

#include "lib/planned.h"

struct bdf at(const char *text)
{
	struct bdf address;

	assert_true(bdf_parse(text, &address));
	return address;
}

struct intent *intent_of(enum intent_kind kind, const char *address,
			 struct arena *arena)
{
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct bdf *device = arena_alloc(arena, sizeof *device);

	*intent = (struct intent){ .kind = kind };
	if (address) {
		*device = at(address);
		intent->devices = device;
		intent->device_count = 1;
	}
	return intent;
}

const struct plan *vfs(const struct system *system, unsigned count,
		       enum autoprobe autoprobe, struct arena *arena)
{
	struct intent *intent = intent_of(INTENT_VFS, "01:00.0", arena);

	intent->count = count;
	intent->autoprobe = autoprobe;
	return planned(system, intent, arena);
}

static void assert_same_fact(struct fact_num a, struct fact_num b)
{
	assert_int_equal(a.known, b.known);
	assert_int_equal(a.value, b.value);
}

static void assert_same_text(struct fact_text a, struct fact_text b)
{
	assert_int_equal(a.known, b.known);
	assert_string_equal(a.value, b.value);
}

static void assert_same_device(const struct device *a, const struct device *b)
{
	assert_int_equal(bdf_compare(a->address, b->address), 0);
	assert_int_equal(a->vendor, b->vendor);
	assert_int_equal(a->device, b->device);
	assert_same_text(a->driver, b->driver);
	assert_same_text(a->driver_override, b->driver_override);
	/* Whether what may sleep does, and what a VF that came again may,
	 * nobody can foretell. */
	if (a->physfn == NONE)
		assert_same_text(a->runtime_control, b->runtime_control);
	if (b->runtime_status.known != UNREAD) {
		assert_same_text(a->runtime_status, b->runtime_status);
		assert_same_text(a->power_state, b->power_state);
	}
	assert_same_fact(a->group, b->group);
	assert_same_fact(a->sriov_num, b->sriov_num);
	assert_same_fact(a->sriov_autoprobe, b->sriov_autoprobe);
	assert_int_equal(a->physfn, b->physfn);
	assert_int_equal(a->parent, b->parent);
	assert_int_equal(a->group_index, b->group_index);
	assert_int_equal(a->unit_index, b->unit_index);
	assert_int_equal(a->asleep, b->asleep);
}

static void assert_same_groups(const struct system *a, const struct system *b)
{
	assert_int_equal(a->group_count, b->group_count);
	for (unsigned i = 0; i < a->group_count; i++) {
		const struct group *x = &a->groups[i], *y = &b->groups[i];
		assert_int_equal(x->number, y->number);
		assert_int_equal(x->member_count, y->member_count);
		for (unsigned m = 0; m < x->member_count; m++)
			assert_string_equal(x->members[m].name,
					    y->members[m].name);
	}
}

static void assert_same_mdevs(const struct mdevs *a, const struct mdevs *b)
{
	assert_int_equal(a->item_count, b->item_count);
	for (unsigned i = 0; i < a->item_count; i++) {
		assert_string_equal(a->items[i].uuid, b->items[i].uuid);
		assert_same_text(a->items[i].type, b->items[i].type);
		assert_same_fact(a->items[i].group, b->items[i].group);
	}
	assert_int_equal(a->type_count, b->type_count);
	for (unsigned i = 0; i < a->type_count; i++)
		/* The parent knows again, once it is asked. */
		if (b->types[i].available.known != UNREAD)
			assert_same_fact(a->types[i].available,
					 b->types[i].available);
}

void assert_same(const struct system *a, const struct system *b)
{
	assert_int_equal(a->device_count, b->device_count);
	for (unsigned i = 0; i < a->device_count; i++)
		assert_same_device(&a->devices[i], &b->devices[i]);
	assert_same_groups(a, b);
	assert_same_mdevs(&a->mdevs, &b->mdevs);
	assert_int_equal(a->vfio.node_count, b->vfio.node_count);
}

const struct device *device(const struct system *system, const char *address)
{
	int index = system_device(system, at(address));

	assert_int_not_equal(index, NONE);
	return &system->devices[index];
}

const struct plan *plan_of(const struct story *story,
			   const struct system *system, struct arena *arena)
{
	struct intent *intent = intent_of(story->kind, "01:00.0", arena);

	intent->count = story->count;
	intent->parent = "mtty";
	intent->type = intent->power = story->type;
	intent->uuid = UUID;
	return planned(system, intent, arena);
}

void check_gate(const struct story *story, const struct plan *plan)
{
	for (unsigned i = 0; i < plan->gate_count; i++) {
		const struct gate *gate = &plan->gates[i];
		if (!story->gate)
			fail_msg("%s: %s", story->name, gate->text);
		if (strcmp(gate->id, story->gate) == 0 &&
		    gate->kind == story->how &&
		    gate->unknown == story->unknown)
			return;
	}
	if (story->gate)
		fail_msg("%s: no %s", story->name, story->gate);
}
