// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A wish copied, so that it outlives the plan that was made of it.
 */
#include "plan/intent.h"

#include <string.h>

static const struct home *copy_homes(const struct intent *intent,
				     struct arena *arena)
{
	struct home *homes = arena_array(arena, intent->home_count + 1u,
					 sizeof *homes);

	for (unsigned i = 0; i < intent->home_count; i++) {
		const struct home *home = &intent->homes[i];
		homes[i] = (struct home){
			home->address, arena_text(arena, home->driver),
			home->override ? arena_text(arena, home->override) :
					 NULL };
	}
	return homes;
}

static const struct target *copy_targets(const struct intent *intent,
					 struct arena *arena)
{
	struct target *targets = arena_array(arena, intent->target_count + 1u,
					     sizeof *targets);

	for (unsigned i = 0; i < intent->target_count; i++) {
		const struct target *target = &intent->targets[i];
		targets[i] = (struct target){
			target->address, arena_text(arena, target->driver),
			arena_text(arena, target->note) };
	}
	return targets;
}

static const char *copy_word(const char *word, struct arena *arena)
{
	return word ? arena_text(arena, word) : NULL;
}

static const struct edit *copy_edit(const struct edit *edit,
				    struct arena *arena)
{
	struct edit *copy = arena_alloc(arena, sizeof *copy);

	*copy = (struct edit){
		.parameter = arena_text(arena, edit->parameter),
		.remove = edit->remove,
		.file = copy_word(edit->file, arena),
		.before = copy_word(edit->before, arena),
		.after = copy_word(edit->after, arena),
	};
	for (unsigned i = 0; i < 4; i++) {
		copy->command[i] = copy_word(edit->command[i], arena);
		copy->undo[i] = copy_word(edit->undo[i], arena);
	}
	return copy;
}

struct intent *intent_copy(const struct intent *intent, struct arena *arena)
{
	struct intent *copy = arena_alloc(arena, sizeof *copy);
	struct bdf *devices = arena_array(arena, intent->device_count + 1u,
					  sizeof *devices);

	if (intent->device_count)
		memcpy(devices, intent->devices,
		       intent->device_count * sizeof *devices);
	*copy = *intent;
	copy->devices = devices;
	copy->homes = copy_homes(intent, arena);
	copy->targets = copy_targets(intent, arena);
	copy->title = copy_word(intent->title, arena);
	copy->driver = copy_word(intent->driver, arena);
	copy->power = copy_word(intent->power, arena);
	copy->parent = copy_word(intent->parent, arena);
	copy->type = copy_word(intent->type, arena);
	copy->uuid = copy_word(intent->uuid, arena);
	if (intent->edit)
		copy->edit = copy_edit(intent->edit, arena);
	if (intent->company) {
		struct company *company = arena_alloc(arena, sizeof *company);
		*company = *intent->company;
		copy->company = company;
	}
	return copy;
}
