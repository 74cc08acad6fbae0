// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How each device interrupts, and whether that goes through the IOMMU.  It
 * lists what the kernel shows; whether it is safe is for the rules.
 */
#include "view/view.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "model/ability.h"
#include "view/interrupt.h"
#include "view/label.h"

enum { COL_DEVICE, COL_KIND, COL_NAME, COL_HOW, COL_REMAPPED, COL_COUNT,
       COL_ACTIONS };

static const struct column columns[] = {
	[COL_DEVICE] = { .id = "device", .title = N_("Device"), .least = 8,
		.tree = true, .by_order = true },
	[COL_KIND] = { .id = "kind", .title = N_("Kind"), .least = 5,
		.flexible = true, .priority = 3 },
	[COL_NAME] = { .id = "name", .title = N_("Name"), .least = 8,
		.flexible = true, .priority = 5 },
	[COL_HOW] = { .id = "how", .title = N_("Interrupts"), .least = 6,
		.flexible = true },
	[COL_REMAPPED] = { .id = "remapped", .title = N_("Remapped"),
		.least = 8 },
	[COL_COUNT] = { .id = "count", .title = N_("Count"), .least = 5,
		.right = true, .priority = 2 },
	[COL_ACTIONS] = { .id = "actions", .title = N_("Handlers"), .least = 6,
		.flexible = true, .priority = 4 },
};

static void add_line(struct rows *rows, const struct interrupt *interrupt,
		     struct subject subject, unsigned depth)
{
	struct text state = interrupt_line_remapped(interrupt);
	struct row *row = rows_note(
		rows, arena_printf(rows->arena, "irq:%s", interrupt->number),
		depth);

	row->subject = subject;
	row_set(row, COL_DEVICE, ROLE_DIM,
		arena_printf(rows->arena, "irq %s", interrupt->number));
	row_set(row, COL_HOW, ROLE_DIM, interrupt_is_shared(interrupt) ?
		arena_printf(rows->arena, _("%s, shared"), interrupt->chip) :
		interrupt->chip);
	row_set(row, COL_REMAPPED, state.role, _(state.text));
	row_set(row, COL_COUNT, ROLE_TEXT,
		arena_printf(rows->arena, "%" PRIu64, interrupt->count));
	row_set(row, COL_ACTIONS, ROLE_TEXT, interrupt->actions);
}

static void add_unit(const struct scene *scene, struct rows *rows,
		     unsigned index)
{
	const struct unit *unit = &scene->system->units[index];
	struct subject subject = { SCOPE_IOMMU, (int)index };
	enum known can = ability_has(unit, ABILITY_INTERRUPT_REMAPPING);
	bool post = ability_has(unit, ABILITY_POSTED_INTERRUPTS) == KNOWN;
	struct row *row = rows_add(rows, scene->system, subject, NULL, 0);

	row_set(row, COL_DEVICE, ROLE_ADDRESS, unit->name);
	row_set(row, COL_KIND, ROLE_TEXT, "IOMMU");
	row_set(row, COL_NAME, ROLE_TEXT,
		label_count_devices(unit->device_count, rows->arena));
	if (!known_is_settled(can) ||
	    !ability_applies(unit, ABILITY_INTERRUPT_REMAPPING))
		return;
	row_set(row, COL_HOW, can == KNOWN ? ROLE_GOOD : ROLE_BAD,
		can != KNOWN ? _("cannot remap") :
		post ? _("can remap, can post") : _("can remap"));
}

static void add_device(const struct scene *scene, struct rows *rows,
		       int device)
{
	const struct host *host = &scene->system->host;
	const struct device *self = &scene->system->devices[device];
	struct subject subject = { SCOPE_DEVICE, device };
	struct row *row = rows_add(rows, scene->system, subject, NULL, 0);
	size_t at = rows->count - 1;
	const struct interrupt *line = interrupt_of_pin(scene->system, device);
	uint64_t count = 0;

	row_set(row, COL_DEVICE, ROLE_ADDRESS,
		label_address(self, rows->arena));
	row_set(row, COL_KIND, ROLE_TEXT, label_kind(self));
	row_set(row, COL_NAME, ROLE_TEXT,
		label_name(scene, device, rows->arena));
	row->cells[COL_HOW] = interrupt_mode(scene->system, device,
						rows->arena);
	row->cells[COL_REMAPPED] = interrupt_remapped(scene->system, device);
	row->cells[COL_REMAPPED].text = _(row->cells[COL_REMAPPED].text);
	if (line && interrupt_is_shared(line))
		row_set(row, COL_ACTIONS, ROLE_WARN, line->actions);
	for (unsigned i = 0; i < host->interrupt_count; i++) {
		if (host->interrupts[i].device != device)
			continue;
		count += host->interrupts[i].count;
		add_line(rows, &host->interrupts[i], subject, 1);
	}
	row = &rows->items[at];
	if (rows->count > at + 1)
		row_set(row, COL_COUNT, ROLE_TEXT,
			arena_printf(rows->arena, "%" PRIu64, count));
}

static void build(const struct scene *scene, struct rows *rows)
{
	const struct host *host = &scene->system->host;
	struct subject machine = { SCOPE_SYSTEM, 0 };

	for (unsigned i = 0; i < scene->system->unit_count; i++)
		add_unit(scene, rows, i);
	for (unsigned i = 0; i < scene->system->device_count; i++)
		add_device(scene, rows, (int)i);
	for (unsigned i = 0; i < host->interrupt_count; i++)
		if (host->interrupts[i].device == NONE &&
		    *host->interrupts[i].chip)
			add_line(rows, &host->interrupts[i], machine, 0);
}

static enum known known(const struct system *system)
{
	return system->host.interrupts_known;
}

const struct view view_interrupts = {
	.id = "interrupts", .title = N_("Interrupts"), .digit = '5',
	VIEW_COLUMNS(columns), .build = build, .known = known,
	.head = interrupt_summary,
	.empty = N_("There is nothing that interrupts."),
};
