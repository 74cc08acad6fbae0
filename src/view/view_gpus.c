// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every GPU with its monitors, its group, who holds it, and whether it can be
 * given away.  The verdict is the findings', not this file's.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "view/label.h"
#include "view/verdict.h"
#include "view/view_finding.h"

enum { COL_GPU, COL_VERDICT, COL_MONITORS, COL_DRIVER, COL_GROUP, COL_BOOT,
       COL_HELD, COL_RESET };

static const struct column columns[] = {
	[COL_GPU] = { .id = "gpu", .title = N_("GPU"), .least = 18,
		.flexible = true, .by_order = true },
	[COL_VERDICT] = { .id = "verdict", .title = N_("Verdict"), .least = 20,
		.flexible = true },
	[COL_MONITORS] = { .id = "monitors", .title = N_("Monitors"),
		.least = 9, .flexible = true, .priority = 1 },
	[COL_DRIVER] = { .id = "driver", .title = N_("Driver"), .least = 9,
		.flexible = true, .priority = 2 },
	[COL_GROUP] = { .id = "group", .title = N_("Group"), .least = 5,
		.priority = 3 },
	[COL_BOOT] = { .id = "boot", .title = N_("Boot"), .least = 4,
		.priority = 4 },
	[COL_HELD] = { .id = "held", .title = N_("Held by"), .least = 9,
		.flexible = true, .priority = 5 },
	[COL_RESET] = { .id = "reset", .title = N_("Reset"), .least = 5,
		.flexible = true, .priority = 6 },
};

/* "DP-1 DELL U2720Q": connected outputs and what hangs on them. */
static struct text monitors(const struct system *system, int device,
			    struct arena *arena)
{
	struct buf text = {0};
	bool known = known_is_settled(system->display_known), any = false;

	for (unsigned i = 0; i < system->connector_count; i++) {
		const struct connector *each = &system->connectors[i];
		if (each->device != device)
			continue;
		any = true;
		if (!known_is_settled(each->status.known))
			known = false;
		if (each->status.known != KNOWN ||
		    strcmp(each->status.value, "connected") != 0)
			continue;
		buf_printf(&text, "%s%s%s%s", text.len ? ", " : "",
			   each->name,
			   each->monitor.known == KNOWN ? " " : "",
			   each->monitor.known == KNOWN ?
				   each->monitor.value : "");
	}
	struct text cell = { arena_text(arena, buf_str(&text)), ROLE_TEXT };
	if (!text.len && (!known || (!any && !label_is_dark(system, device))))
		cell = (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	else if (!text.len)
		cell = (struct text){ SIGN_NONE, ROLE_DIM };
	buf_free(&text);
	return cell;
}

static struct text held_by(const struct system *system, int device,
			   struct arena *arena)
{
	const struct usage *usage = &system->usage;
	struct buf text = {0};

	for (unsigned i = 0; i < usage->holder_count; i++) {
		const struct holder *each = &usage->holders[i];
		if (each->device == device && !strstr(buf_str(&text),
						      each->command))
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   each->command);
	}
	struct text cell = { arena_text(arena, buf_str(&text)), ROLE_TEXT };
	if (!text.len && usage->holders_known != KNOWN)
		cell = (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	else if (!text.len)
		cell = (struct text){ SIGN_NONE, ROLE_DIM };
	buf_free(&text);
	return cell;
}

/* "13 (2)": the number, and how many devices go together. */
static struct text group_text(const struct system *system,
			      const struct device *device,
			      struct arena *arena)
{
	struct text text = label_number(&device->group, arena);

	if (device->group_index == NONE)
		return text;
	unsigned count = topo_endpoints(system,
					&system->groups[device->group_index]);
	text.text = arena_printf(arena, "%s (%u)", text.text, count);
	return text;
}

/* "✗ your screen": a word, and the first reason. */
static struct text verdict(const struct scene *scene, int device,
			   struct arena *arena)
{
	const struct finding *reason = NULL;
	unsigned count;
	enum fitness fitness = verdict_fitness(scene, device, &reason, 1,
					       &count);
	enum mark mark = fitness_mark(fitness);

	if (fitness == FITNESS_READY || !count)
		return (struct text){
			arena_printf(arena, "%s %s", sign_of(mark),
				     fitness_text(fitness)),
			sign_role(mark) };
	if (fitness == FITNESS_UNKNOWN)
		return (struct text){ arena_printf(arena, "%s %s",
						   sign_of(mark),
						   finding_title(reason)),
				      sign_role(mark) };
	return (struct text){ arena_printf(arena, "%s %s: %s", sign_of(mark),
					   fitness_text(fitness),
					   reason->title), sign_role(mark) };
}

/* Whether the firmware showed its screen here. */
static struct text boot_text(const struct system *system, int device)
{
	bool boot;
	enum known known = topo_is_boot_display(system, device, &boot);

	if (boot)
		return (struct text){ _("yes"), ROLE_TEXT };
	if (known_is_settled(known))
		return (struct text){ SIGN_NONE, ROLE_DIM };
	return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
}

static void add_gpu(const struct scene *scene, struct rows *rows, int device)
{
	const struct system *system = scene->system;
	const struct device *self = &system->devices[device];
	struct subject subject = { SCOPE_DEVICE, device };
	struct row *row = rows_add(rows, system, subject, NULL, 0);

	row_set(row, COL_GPU, ROLE_ADDRESS,
		label_device(scene, device, rows->arena));
	row->cells[COL_VERDICT] = verdict(scene, device, rows->arena);
	row->cells[COL_MONITORS] = monitors(system, device, rows->arena);
	row->cells[COL_GROUP] = group_text(system, self, rows->arena);
	row->cells[COL_DRIVER] = label_driver(self);
	row->cells[COL_BOOT] = boot_text(system, device);
	row->cells[COL_HELD] = held_by(system, device, rows->arena);
	row->cells[COL_RESET] = label_fact(&self->reset_method);
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->device_count; i++)
		if (topo_is_display(&scene->system->devices[i]))
			add_gpu(scene, rows, (int)i);
}

static enum known known(const struct system *system)
{
	return system->devices_known;
}

const struct view view_gpus = {
	.id = "gpus", .title = N_("GPUs"), .digit = '4',
	VIEW_COLUMNS(columns), .build = build, .known = known,
	.empty = N_("This machine has no display controller on PCI."),
};
