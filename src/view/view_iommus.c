// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The IOMMU units and what each of them can do.  Which devices a unit serves
 * is in its detail.
 *
 * Source: Intel VT-d specification, 11.4.2 and 11.4.3 (CAP, ECAP); AMD I/O
 * Virtualization Technology specification, 3.4.9 (EFR).
 */
#include "view/view.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "view/label.h"

enum { COL_UNIT, COL_KIND, COL_ADDRESS, COL_DEVICES, COL_REMAPS, COL_CAP,
       COL_ECAP };

static const struct column columns[] = {
	[COL_UNIT] = { .id = "unit", .title = N_("Unit"), .least = 6 },
	[COL_KIND] = { .id = "kind", .title = N_("Kind"), .least = 5 },
	[COL_ADDRESS] = { .id = "address", .title = N_("Address"), .least = 8,
		.priority = 2 },
	[COL_DEVICES] = { .id = "devices", .title = N_("Devices"), .least = 7,
		.right = true },
	[COL_REMAPS] = { .id = "remaps", .title = N_("Remaps interrupts"),
		.least = 8, .priority = 1 },
	[COL_CAP] = { .id = "cap", .title = N_("Capabilities"), .least = 16,
		.priority = 3 },
	[COL_ECAP] = { .id = "ecap", .title = N_("Extended"), .least = 16,
		.priority = 4 },
};

static struct text hex(const struct fact_num *fact, struct arena *arena)
{
	struct fact_text text = { fact->known, "" };

	if (fact->known == KNOWN)
		text.value = arena_printf(arena, "%#" PRIx64,
					  (uint64_t)fact->value);
	return label_fact(&text);
}

static struct text remaps(const struct unit *unit)
{
	if (unit->ecap.known == KNOWN)
		return unit->ecap.value & 1 << 3 ?
			(struct text){ _("can"), ROLE_GOOD } :
			(struct text){ _("cannot"), ROLE_BAD };
	if (unit->features.known == KNOWN)
		return (struct text){ _("can"), ROLE_GOOD };
	return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->unit_count; i++) {
		const struct unit *unit = &scene->system->units[i];
		struct subject subject = { SCOPE_IOMMU, (int)i };
		struct row *row = rows_add(rows, scene->system, subject,
					   NULL, 0);
		bool amd = unit->features.known == KNOWN;
		row_set(row, COL_UNIT, ROLE_ADDRESS, unit->name);
		row_set(row, COL_KIND, ROLE_TEXT, unit->kind);
		row->cells[COL_ADDRESS] = hex(&unit->address, rows->arena);
		row_set(row, COL_DEVICES, ROLE_TEXT,
			unit->devices_known == KNOWN ?
				arena_printf(rows->arena, "%u",
					     unit->device_count) :
				SIGN_UNKNOWN);
		row->cells[COL_REMAPS] = remaps(unit);
		row->cells[COL_CAP] = hex(amd ? &unit->features : &unit->cap,
					  rows->arena);
		row->cells[COL_ECAP] = hex(amd ? &unit->amd_cap : &unit->ecap,
					   rows->arena);
	}
}

static enum known known(const struct system *system)
{
	return system->units_known;
}

const struct view view_iommus = {
	.id = "iommus", .title = N_("IOMMUs"), VIEW_COLUMNS(columns),
	.build = build, .known = known,
	.empty = N_("No IOMMU unit is at work."),
};
