// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plan in the making: steps and gates are added to it, each whole.  Which
 * ones, others decide.
 */
#include "plan/plan_part.h"

#include <string.h>

#include "plan/self.h"

const struct device *draft_device(const struct draft *draft,
				  const struct change *change)
{
	return &draft->system->devices[change->device];
}

static struct expect whole(struct expect expect)
{
	if (!expect.path)
		expect.path = "";
	if (!expect.value)
		expect.value = "";
	return expect;
}

const char *draft_self(const struct draft *draft, int device, bool alone)
{
	char text[SELF_TEXT];
	struct self self;

	return self_of(draft->system, device, alone, &self) ?
		       arena_text(draft->arena, self_print(&self, text)) : "";
}

/* What is about no device says nothing of one. */
static const char *self_of_step(const struct draft *draft,
				const struct step *step)
{
	char address[BDF_TEXT];

	return step->device != NONE && self_address(step, address) ?
		       draft_self(draft, step->device, true) : "";
}

void draft_step(struct draft *draft, struct step step)
{
	if (!step.path)
		step.path = "";
	if (!step.value)
		step.value = "";
	if (!step.self)
		step.self = self_of_step(draft, &step);
	step.before = whole(step.before);
	step.expect = whole(step.expect);
	draft->steps = arena_grow(draft->arena, draft->steps,
				  draft->step_count, &draft->step_room,
				  sizeof *draft->steps);
	draft->steps[draft->step_count++] = step;
}

void draft_undo(const struct draft *draft, struct step *step,
		const struct step *undo, unsigned count)
{
	struct step *copy = arena_array(draft->arena, count, sizeof *copy);

	memcpy(copy, undo, count * sizeof *copy);
	for (unsigned i = 0; i < count; i++) {
		copy[i].ensure = true;
		if (!copy[i].self || *copy[i].self)
			copy[i].self = self_of_step(draft, &copy[i]);
	}
	step->undo = copy;
	step->undo_count = count;
}

const char *draft_attribute(const struct draft *draft,
			    const struct device *device, const char *name)
{
	char address[BDF_TEXT];

	return arena_printf(draft->arena, "/sys/bus/pci/devices/%s/%s",
			    bdf_print(device->address, address), name);
}

struct step draft_write(const char *path, const char *value, const char *why,
			unsigned deadline_s, int device)
{
	return (struct step){
		.kind = STEP_WRITE, .path = path, .value = value,
		.before = { EXPECT_NOTHING, "", "" },
		.expect = { EXPECT_TEXT, path, value },
		.why = why, .deadline_s = deadline_s, .device = device,
	};
}

void draft_gate(struct draft *draft, struct gate gate)
{
	for (unsigned i = 0; i < draft->gate_count; i++) {
		const struct gate *old = &draft->gates[i];
		if (old->device == gate.device &&
		    strcmp(old->id, gate.id) == 0 &&
		    strcmp(old->text, gate.text) == 0)
			return;
	}
	draft->gates = arena_grow(draft->arena, draft->gates,
				  draft->gate_count, &draft->gate_room,
				  sizeof *draft->gates);
	draft->gates[draft->gate_count++] = gate;
}
