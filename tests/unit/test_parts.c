// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtual functions and mediated devices made and removed, resets, power: the
 * plans, their gates, and what the model of the kernel makes of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "act/uuid.h"
#include "base/text.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "lib/planned.h"
#include "lib/rehearsed.h"
#include "model/parts.h"
#include "plan/past.h"

#define UUID "11111111-2222-4333-8444-555555555555"
#define OTHER "00000000-2222-4333-8444-555555555555"

static struct bdf at(const char *text)
{
	struct bdf address;

	assert_true(bdf_parse(text, &address));
	return address;
}

static struct intent *intent_of(enum intent_kind kind, const char *address,
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

static const struct plan *vfs(const struct system *system, unsigned count,
			      enum autoprobe autoprobe, struct arena *arena)
{
	struct intent *intent = intent_of(INTENT_VFS, "01:00.0", arena);

	intent->count = count;
	intent->autoprobe = autoprobe;
	return planned(system, intent, arena);
}

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

static const struct plan *back_of(const struct system *before,
				  const struct plan *plan,
				  const struct system *after,
				  struct arena *arena)
{
	struct past *past = arena_alloc(arena, sizeof *past);
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct err err = {0};

	*past = past_of_plan(before, plan, 1, OUTCOME_DONE, arena);
	if (!past_intent(past, after, arena, intent, &err))
		fail_msg("%s", err.text);
	return planned(after, intent, arena);
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

static void assert_same(const struct system *a, const struct system *b)
{
	assert_int_equal(a->device_count, b->device_count);
	for (unsigned i = 0; i < a->device_count; i++)
		assert_same_device(&a->devices[i], &b->devices[i]);
	assert_same_groups(a, b);
	assert_same_mdevs(&a->mdevs, &b->mdevs);
	assert_int_equal(a->vfio.node_count, b->vfio.node_count);
}

static const struct device *device(const struct system *system,
				   const char *address)
{
	int index = system_device(system, at(address));

	assert_int_not_equal(index, NONE);
	return &system->devices[index];
}

/* --- virtual functions --- */

static void vfs_come_where_the_kernel_puts_them(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_parts, MADE_CAPABLE);
	const struct system *after = done(
		system, vfs(system, 3, AUTOPROBE_KEEP, &arena), NULL,
		OUTCOME_DONE, &arena);

	(void)state;
	assert_int_equal(after->device_count, system->device_count + 3);
	assert_int_equal(device(after, "01:00.0")->sriov_num.value, 3);
	const struct device *vf = device(after, "01:00.3");
	assert_string_equal(vf->driver.value, "nvme");
	assert_int_equal(vf->physfn, system_device(after, at("01:00.0")));
	assert_int_equal(vf->parent, system_device(after, at("00:01.0")));
	/* The lowest numbers that are free. */
	assert_int_equal(device(after, "01:00.1")->group.value, 0);
	assert_int_equal(device(after, "01:00.2")->group.value, 3);
	assert_int_equal(vf->group.value, 5);
	assert_int_equal(after->groups[vf->group_index].member_count, 1);
	/* Others kept their places. */
	assert_string_equal(device(after, "02:00.0")->driver.value, "e1000e");
	assert_int_equal(device(after, "02:00.0")->group.value, 4);
	arena_free(&arena);
}

static void without_acs_above_vfs_join_the_port(void **state)
{
	struct made_device open[] = {
		made_parts[0], made_parts[1], made_parts[2], { 0 }
	};
	struct arena arena = {0};

	(void)state;
	open[0].has_acs = false;
	open[1].group = 1;
	const struct system *system = altered(&arena, open, MADE_CAPABLE);
	const struct system *after = done(
		system, vfs(system, 1, AUTOPROBE_KEEP, &arena), NULL,
		OUTCOME_DONE, &arena);
	assert_int_equal(device(after, "01:00.1")->group.value, 1);
	assert_int_equal(after->group_count, system->group_count);
	arena_free(&arena);
}

static void a_number_that_is_not_zero_is_set_to_zero_first(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_with_vfs, MADE_TWO);
	const struct plan *plan = vfs(system, 4, AUTOPROBE_KEEP, &arena);

	(void)state;
	assert_int_equal(plan->step_count, 2);
	assert_string_equal(plan->steps[0].value, "0");
	assert_string_equal(plan->steps[1].value, "4");
	const struct system *after = done(system, plan, NULL, OUTCOME_DONE,
					  &arena);
	assert_string_equal(device(after, "01:00.2")->driver.value, "nvme");
	assert_string_equal(device(after, "01:00.4")->driver.value, "nvme");
	arena_free(&arena);
}

static void the_same_number_is_nothing_to_do(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_with_vfs, MADE_TWO);

	(void)state;
	assert_true(vfs(system, 2, AUTOPROBE_KEEP, &arena)->done_already);
	arena_free(&arena);
}

static void without_autoprobe_no_driver_takes_them(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_parts, MADE_CAPABLE);
	const struct plan *plan = vfs(system, 2, AUTOPROBE_OFF, &arena);
	const struct system *after = done(system, plan, NULL, OUTCOME_DONE,
					  &arena);

	(void)state;
	assert_int_equal(plan->step_count, 2);
	assert_int_equal(device(after, "01:00.1")->driver.known, ABSENT);
	assert_int_equal(device(after, "01:00.0")->sriov_autoprobe.value, 0);
	arena_free(&arena);
}

static void a_driver_that_nobody_can_foretell_is_unknown(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		altered(&arena, made_parts,
			MADE_CAPABLE "dev 01:00.0 sriov_device 0x1520");
	const struct system *after = done(
		system, vfs(system, 1, AUTOPROBE_KEEP, &arena), NULL,
		OUTCOME_DONE, &arena);

	(void)state;
	assert_int_equal(device(after, "01:00.1")->device, 0x1520);
	assert_int_equal(device(after, "01:00.1")->driver.known, UNREAD);
	arena_free(&arena);
}

static void vfs_of_a_pf_on_vfio_go_to_vfio(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		altered(&arena, made_parts,
			MADE_CAPABLE "dev 01:00.0 driver vfio-pci;"
				     "host enable_sriov 1");
	const struct plan *plan = vfs(system, 1, AUTOPROBE_KEEP, &arena);
	const struct system *after = done(system, plan, NULL, OUTCOME_DONE,
					  &arena);

	(void)state;
	assert_non_null(strstr(plan->changes[0].note, "token"));
	assert_string_equal(device(after, "01:00.1")->driver.value,
			    "vfio-pci");
	assert_string_equal(device(after, "01:00.1")->driver_override.value,
			    "vfio-pci");
	arena_free(&arena);
}

/* --- what cannot be asked for --- */

static const struct {
	const char *edits;
	unsigned count;
	const char *why;
} refusals[] = {
	{ "", 1, "does not know SR-IOV" },
	{ MADE_CAPABLE "dev 01:00.0 sriov_num ?", 1, "could not be read" },
	{ MADE_CAPABLE, 5, "4 virtual functions at most" },
	{ MADE_CAPABLE "dev 01:00.0 driver -", 1, "has no driver" },
	{ MADE_CAPABLE "dev 01:00.0 driver ?", 1, "could not be read" },
	{ MADE_CAPABLE "dev 01:00.0 driver vfio-pci", 1, "enable_sriov=1" },
	{ MADE_CAPABLE "dev 01:00.0 driver pci-stub", 1, "cannot make" },
};

static void what_the_kernel_would_refuse_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		struct arena arena = {0};
		const struct system *system =
			altered(&arena, made_parts, refusals[i].edits);
		struct intent *intent = intent_of(INTENT_VFS, "01:00.0",
						  &arena);
		struct err err = {0};
		intent->count = refusals[i].count;
		assert_null(plan_make(system, intent, &arena, &err));
		if (!strstr(err.text, refusals[i].why))
			fail_msg("%s: %s", refusals[i].why, err.text);
		arena_free(&arena);
	}
}

static void the_choice_needs_its_switch(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		altered(&arena, made_parts,
			MADE_CAPABLE "dev 01:00.0 sriov_autoprobe -");
	struct intent *intent = intent_of(INTENT_VFS, "01:00.0", &arena);
	struct err err = {0};

	(void)state;
	intent->count = 1;
	intent->autoprobe = AUTOPROBE_OFF;
	assert_null(plan_make(system, intent, &arena, &err));
	assert_non_null(strstr(err.text, "sriov_drivers_autoprobe"));
	arena_free(&arena);
}

/* --- gates --- */

static const struct story {
	const char *name;
	const struct made_device *devices;
	const char *edits;
	enum intent_kind kind;
	unsigned count;			/* of VFS */
	const char *type;		/* of CREATE, or "on", "auto" */
	const char *gate;		/* that must stand; NULL: none may */
	enum gate_kind how;
	bool unknown;
} gates[] = {
	{ "room", made_parts, MADE_CAPABLE, INTENT_VFS, 4, NULL, NULL, 0,
	  false },
	{ "no addresses", made_parts,
	  MADE_CAPABLE "vfbar 01:00.0 0 0xffff 0x20000200", INTENT_VFS, 1, NULL,
	  "dev-sriov-no-resources", GATE_HARD, false },
	{ "no buses", made_parts, MADE_CAPABLE "dev 01:00.0 sriov_offset 256",
	  INTENT_VFS, 1, NULL, "dev-sriov-no-resources", GATE_HARD, false },
	{ "room not told", made_parts,
	  MADE_CAPABLE "dev 01:00.0 sriov_offset ?", INTENT_VFS, 1, NULL,
	  "dev-sriov-no-resources", GATE_SOFT, true },
	{ "a VF that the host drives", made_with_vfs, MADE_TWO, INTENT_VFS, 0,
	  NULL, "dev-sriov-pf-vfs-enabled", GATE_SOFT, false },
	{ "a VF with a file system", made_with_vfs,
	  MADE_TWO "storage 01:00.1 /home", INTENT_VFS, 0, NULL,
	  "dev-mounted-fs", GATE_HARD, false },
	{ "a VF in a guest", made_with_vfs,
	  MADE_TWO "holder 01:00.2 /dev/vfio/3", INTENT_VFS, 0, NULL,
	  "group-in-use-by-vm", GATE_HARD, false },
	{ "holders not seen", made_with_vfs, MADE_TWO "holder ?", INTENT_VFS, 4,
	  NULL, "group-in-use-by-vm", GATE_SOFT, true },
	{ "a VF's driver not told", made_with_vfs,
	  MADE_TWO "dev 01:00.1 driver ?", INTENT_VFS, 0, NULL,
	  "dev-sriov-pf-vfs-enabled", GATE_SOFT, true },
	{ "a PF that is stuck", made_parts, MADE_CAPABLE "dev 01:00.0 silent 1",
	  INTENT_VFS, 1, NULL, "dev-stuck", GATE_HARD, false },

	{ "a reset of what is free", made_parts, "dev 01:00.0 driver -",
	  INTENT_RESET, 0, NULL, NULL, 0, false },
	{ "a reset under a driver", made_parts, "", INTENT_RESET, 0, NULL,
	  "dev-bound-to-host-driver", GATE_SOFT, false },
	{ "a reset of a mounted disk", made_parts, "storage 01:00.0 /",
	  INTENT_RESET, 0, NULL, "dev-root-fs", GATE_HARD, false },
	{ "a reset under a guest", made_parts,
	  "dev 01:00.0 driver vfio-pci; holder 01:00.0 /dev/vfio/2",
	  INTENT_RESET, 0, NULL, "group-in-use-by-vm", GATE_HARD, false },
	{ "no reset", made_parts,
	  "dev 01:00.0 driver -; dev 01:00.0 reset_method -;"
	  "dev 01:00.0 reset_file -",
	  INTENT_RESET, 0, NULL, "dev-no-reset", GATE_HARD, false },
	{ "reset not told", made_parts,
	  "dev 01:00.0 driver -; dev 01:00.0 reset_file ?", INTENT_RESET, 0,
	  NULL, "dev-no-reset", GATE_SOFT, true },
	{ "a reset of a PF with VFs", made_with_vfs, MADE_TWO, INTENT_RESET, 0,
	  NULL, "dev-sriov-pf-vfs-enabled", GATE_SOFT, false },
	{ "a reset of a VF's PF", made_with_vfs,
	  MADE_TWO "holder 01:00.2 /dev/vfio/3", INTENT_RESET, 0, NULL,
	  "group-in-use-by-vm", GATE_HARD, false },

	{ "more mediated devices", made_parts, MADE_MTTY, INTENT_CREATE, 0,
	  "mtty-1", NULL, 0, false },
	{ "no more of them", made_parts, "mdevtype mtty mtty-1 0",
	  INTENT_CREATE, 0, "mtty-1", "dev-mdev-capable", GATE_HARD, false },
	{ "how many not told", made_parts, "mdevtype mtty mtty-1 ?",
	  INTENT_CREATE, 0, "mtty-1", "dev-mdev-capable", GATE_SOFT, true },
	{ "a free one", made_parts, MADE_MTTY "mdev " UUID " mtty mtty-1 9",
	  INTENT_REMOVE, 0, NULL, NULL, 0, false },
	{ "one in a guest", made_parts,
	  MADE_MTTY "mdev " UUID " mtty mtty-1 9; holder - /dev/vfio/9",
	  INTENT_REMOVE, 0, NULL, "group-in-use-by-vm", GATE_HARD, false },
	{ "another group in a guest", made_parts,
	  MADE_MTTY "mdev " UUID " mtty mtty-1 9; holder - /dev/vfio/90",
	  INTENT_REMOVE, 0, NULL, NULL, 0, false },
	{ "who holds it not told", made_parts,
	  MADE_MTTY "mdev " UUID " mtty mtty-1 9; holder ?", INTENT_REMOVE, 0,
	  NULL, "group-in-use-by-vm", GATE_SOFT, true },
	{ "power", made_parts, "", INTENT_POWER, 0, "auto", NULL, 0, false },
	{ "power of what is stuck", made_parts, "dev 01:00.0 silent 1",
	  INTENT_POWER, 0, "auto", "dev-stuck", GATE_HARD, false },
};

static const struct plan *plan_of(const struct story *story,
				  const struct system *system,
				  struct arena *arena)
{
	struct intent *intent = intent_of(story->kind, "01:00.0", arena);

	intent->count = story->count;
	intent->parent = "mtty";
	intent->type = intent->power = story->type;
	intent->uuid = UUID;
	return planned(system, intent, arena);
}

static void check_gate(const struct story *story, const struct plan *plan)
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

static void gates_stand_where_something_would_be_lost(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++) {
		struct arena arena = {0};
		const struct system *system =
			altered(&arena, gates[i].devices, gates[i].edits);
		check_gate(&gates[i], plan_of(&gates[i], system, &arena));
		arena_free(&arena);
	}
}

/* --- there and back, and every step failing --- */

static const struct story stories[] = {
	{ "make VFs", made_parts, MADE_CAPABLE, INTENT_VFS, 4, NULL, NULL, 0,
	  false },
	{ "remove VFs", made_with_vfs, MADE_TWO, INTENT_VFS, 0, NULL, NULL, 0,
	  false },
	{ "change VFs", made_with_vfs, MADE_TWO, INTENT_VFS, 4, NULL, NULL, 0,
	  false },
	{ "fewer VFs", made_with_vfs, MADE_TWO, INTENT_VFS, 1, NULL, NULL, 0,
	  false },
	{ "VFs without a driver", made_with_vfs,
	  MADE_TWO "dev 01:00.1 driver -; dev 01:00.1 modules nvme", INTENT_VFS,
	  0, NULL, NULL, 0, false },
	{ "create", made_parts, MADE_MTTY, INTENT_CREATE, 0, "mtty-2", NULL, 0,
	  false },
	{ "create beside another", made_parts,
	  MADE_MTTY "mdev " OTHER " mtty mtty-1 9", INTENT_CREATE, 0, "mtty-1",
	  NULL, 0, false },
	{ "sleep", made_parts, "", INTENT_POWER, 0, "auto", NULL, 0, false },
	{ "wake", made_parts,
	  "dev 01:00.0 runtime_control auto;"
	  "dev 01:00.0 runtime_status suspended; dev 01:00.0 power_state D3hot",
	  INTENT_POWER, 0, "on", NULL, 0, false },
};

static void for_stories(void (*each)(const struct system *system,
				     const struct plan *plan,
				     struct arena *arena))
{
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		struct arena arena = {0};
		const struct system *system =
			altered(&arena, stories[i].devices, stories[i].edits);
		const struct plan *plan = plan_of(&stories[i], system, &arena);
		print_message("  %s: %u steps\n", stories[i].name,
			      plan->step_count);
		assert_true(plan->step_count > 0);
		each(system, plan, &arena);
		arena_free(&arena);
	}
}

static void there_and_back(const struct system *system,
			   const struct plan *plan, struct arena *arena)
{
	const struct system *after =
		done(system, plan, NULL, OUTCOME_DONE, arena);
	const struct plan *back = back_of(system, plan, after, arena);

	assert_true(back->step_count > 0);
	assert_same(system, done(after, back, NULL, OUTCOME_DONE, arena));
}

static void what_is_taken_back_is_as_it_was(void **state)
{
	(void)state;
	for_stories(there_and_back);
}

static void errno_at_each_step(const struct system *system,
			       const struct plan *plan, struct arena *arena)
{
	for (unsigned k = 0; k < plan->step_count; k++) {
		const struct rehearse_fault fault = { FAULT_ERRNO, k, EIO,
						      NULL };
		assert_same(system, done(system, plan, &fault,
					 OUTCOME_ROLLED_BACK, arena));
	}
}

static void an_errno_at_any_step_ends_as_it_began(void **state)
{
	(void)state;
	for_stories(errno_at_each_step);
}

/* Taking back fails too: nothing is called done that is not. */
static void errno_in_each_undo(const struct system *system,
			       const struct plan *plan, struct arena *arena)
{
	const struct system *after =
		done(system, plan, NULL, OUTCOME_DONE, arena);
	const struct plan *back = back_of(system, plan, after, arena);

	for (unsigned k = 0; k < back->step_count; k++) {
		const struct rehearse_fault fault = { FAULT_ERRNO, k, EIO,
						      NULL };
		struct rehearse *rehearse = rehearse_make(after, &fault,
							  arena);
		struct transact transact;
		transact_begin(&transact, back, rehearse_backend(rehearse),
			       NULL, arena);
		while (transact_step(&transact) == OUTCOME_RUNNING)
			;
		/* What was so already asks for no write. */
		if (transact.outcome == OUTCOME_DONE)
			assert_same(system, rehearse_result(rehearse, arena));
	}
}

static void an_undo_that_fails_is_never_called_success(void **state)
{
	(void)state;
	for_stories(errno_in_each_undo);
}

static void stuck_at_each_step(const struct system *system,
			       const struct plan *plan, struct arena *arena)
{
	for (unsigned k = 0; k < plan->step_count; k++) {
		const struct rehearse_fault fault = { FAULT_STUCK, k, 0,
						      NULL };
		done(system, plan, &fault, OUTCOME_STUCK, arena);
	}
}

static void a_step_that_does_not_come_back_is_stuck(void **state)
{
	(void)state;
	for_stories(stuck_at_each_step);
}

/* Another hand changed the number since: that is not ours to change. */
static void what_another_hand_changed_is_not_taken_back(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_parts, MADE_CAPABLE);
	const struct plan *plan = vfs(system, 2, AUTOPROBE_KEEP, &arena);
	const struct system *two = done(system, plan, NULL, OUTCOME_DONE,
					&arena);
	const struct system *four = done(
		two, vfs(two, 4, AUTOPROBE_KEEP, &arena), NULL, OUTCOME_DONE,
		&arena);

	(void)state;
	done(four, back_of(system, plan, four, &arena), NULL,
	     OUTCOME_ROLLED_BACK, &arena);
	arena_free(&arena);
}

static void the_undo_of_making_meets_the_gates_of_removing(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_parts, MADE_CAPABLE);
	const struct plan *plan = vfs(system, 1, AUTOPROBE_KEEP, &arena);
	struct system *after = (struct system *)(uintptr_t)done(
		system, plan, NULL, OUTCOME_DONE, &arena);
	const struct story mounted = { .name = "undo",
				       .gate = "dev-mounted-fs",
				       .how = GATE_HARD };

	(void)state;
	alter(after, "storage 01:00.1 /srv");
	check_gate(&mounted, back_of(system, plan, after, &arena));
	arena_free(&arena);
}

static void what_is_finished_later_meets_the_gates_of_its_steps(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_with_vfs,
					      MADE_TWO "storage 01:00.1 /home");
	const struct plan *made = vfs(system, 4, AUTOPROBE_KEEP, &arena);
	struct plan plan = { .steps = made->steps, .step_count = 2,
			     .resumes = true };

	(void)state;
	plan_gate_steps(system, &plan, &arena);
	assert_true(plan_is_refused(&plan));
	/* What is done takes nothing away any more. */
	plan = (struct plan){ .steps = made->steps, .step_count = 2,
			      .resumes = true, .done = 1 };
	plan_gate_steps(system, &plan, &arena);
	assert_false(plan_is_refused(&plan));
	arena_free(&arena);
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
		cmocka_unit_test(vfs_come_where_the_kernel_puts_them),
		cmocka_unit_test(without_acs_above_vfs_join_the_port),
		cmocka_unit_test(
			a_number_that_is_not_zero_is_set_to_zero_first),
		cmocka_unit_test(the_same_number_is_nothing_to_do),
		cmocka_unit_test(without_autoprobe_no_driver_takes_them),
		cmocka_unit_test(a_driver_that_nobody_can_foretell_is_unknown),
		cmocka_unit_test(vfs_of_a_pf_on_vfio_go_to_vfio),
		cmocka_unit_test(what_the_kernel_would_refuse_is_refused),
		cmocka_unit_test(the_choice_needs_its_switch),
		cmocka_unit_test(gates_stand_where_something_would_be_lost),
		cmocka_unit_test(what_is_taken_back_is_as_it_was),
		cmocka_unit_test(an_errno_at_any_step_ends_as_it_began),
		cmocka_unit_test(an_undo_that_fails_is_never_called_success),
		cmocka_unit_test(a_step_that_does_not_come_back_is_stuck),
		cmocka_unit_test(what_another_hand_changed_is_not_taken_back),
		cmocka_unit_test(
			the_undo_of_making_meets_the_gates_of_removing),
		cmocka_unit_test(
			what_is_finished_later_meets_the_gates_of_its_steps),
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
