// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How each device interrupts, and whether that goes through the IOMMU.  It
 * lists what the kernel shows; whether it is safe is for the rules.
 *
 * Source: arch/x86/kernel/apic/msi.c and drivers/iommu/irq_remapping.c, which
 * name the chips.
 */
#include "view/view.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "base/text.h"
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

/* How a device interrupts, by its config space. */
static struct text how(const struct device *device, struct arena *arena)
{
	const struct config *config = device->config;

	if (config->header != KNOWN)
		return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	if (config->caps == KNOWN && config->has_msix && config->msix_enabled)
		return (struct text){
			arena_printf(arena, "MSI-X ≤%u", config->msix_vectors),
			ROLE_TEXT };
	if (config->caps == KNOWN && config->has_msi && config->msi_enabled)
		return (struct text){ "MSI", ROLE_TEXT };
	if (config->interrupt_pin)
		return (struct text){
			arena_printf(arena, "INT%c",
				     'A' + (config->interrupt_pin - 1) % 4),
			ROLE_TEXT };
	return (struct text){ SIGN_NONE, ROLE_DIM };
}

static struct text remapped(const struct interrupt *interrupt)
{
	if (text_starts(interrupt->chip, "IR-"))
		return (struct text){ N_("yes"), ROLE_GOOD };
	if (text_starts(interrupt->chip, "PCI-MSI") ||
	    text_starts(interrupt->chip, "IO-APIC"))
		return (struct text){ N_("no"), ROLE_BAD };
	return (struct text){ SIGN_NONE, ROLE_DIM };
}

static void add_line(struct rows *rows, const struct interrupt *interrupt,
		     struct subject subject, unsigned depth)
{
	struct text state = remapped(interrupt);
	struct row *row = rows_note(
		rows, arena_printf(rows->arena, "irq:%s", interrupt->number),
		depth);

	row->subject = subject;
	row_set(row, COL_DEVICE, ROLE_DIM,
		arena_printf(rows->arena, "irq %s", interrupt->number));
	row_set(row, COL_HOW, ROLE_DIM, interrupt->chip);
	row_set(row, COL_REMAPPED, state.role, _(state.text));
	row_set(row, COL_COUNT, ROLE_TEXT,
		arena_printf(rows->arena, "%" PRIu64, interrupt->count));
	row_set(row, COL_ACTIONS, ROLE_TEXT, interrupt->actions);
}

/* Intel's units tell by ecap bit 3 whether they can remap. */
static void add_unit(const struct scene *scene, struct rows *rows,
		     unsigned index)
{
	const struct unit *unit = &scene->system->units[index];
	struct subject subject = { SCOPE_IOMMU, (int)index };
	struct row *row = rows_add(rows, scene->system, subject, NULL, 0);

	row_set(row, COL_DEVICE, ROLE_ADDRESS, unit->name);
	row_set(row, COL_KIND, ROLE_TEXT, "IOMMU");
	row_set(row, COL_NAME, ROLE_TEXT,
		label_count_devices(unit->device_count, rows->arena));
	if (unit->ecap.known != KNOWN)
		return;
	bool can = unit->ecap.value & 1 << 3;
	row_set(row, COL_HOW, can ? ROLE_GOOD : ROLE_BAD,
		can ? _("can remap") : _("cannot remap"));
}

static void add_device(const struct scene *scene, struct rows *rows,
		       int device)
{
	const struct host *host = &scene->system->host;
	const struct device *self = &scene->system->devices[device];
	struct subject subject = { SCOPE_DEVICE, device };
	struct row *row = rows_add(rows, scene->system, subject, NULL, 0);
	size_t at = rows->count - 1;
	uint64_t count = 0;
	struct text state = { SIGN_NONE, ROLE_DIM };

	row_set(row, COL_DEVICE, ROLE_ADDRESS,
		label_address(self, rows->arena));
	row_set(row, COL_KIND, ROLE_TEXT, label_kind(self));
	row_set(row, COL_NAME, ROLE_TEXT,
		label_name(scene, device, rows->arena));
	row->cells[COL_HOW] = how(self, rows->arena);
	for (unsigned i = 0; i < host->interrupt_count; i++) {
		if (host->interrupts[i].device != device)
			continue;
		count += host->interrupts[i].count;
		state = remapped(&host->interrupts[i]);
		add_line(rows, &host->interrupts[i], subject, 1);
	}
	row = &rows->items[at];
	if (!known_is_settled(host->interrupts_known))
		state = (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	row_set(row, COL_REMAPPED, state.role, _(state.text));
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
	.empty = N_("There is nothing that interrupts."),
};
