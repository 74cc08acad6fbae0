// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The IOMMU units, at work or only named by the firmware, and what each of
 * them can do.  All of it, and whom it serves, is in its detail.
 */
#include "view/view.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "model/ability.h"
#include "view/explain.h"
#include "view/label.h"

enum { COL_UNIT, COL_KIND, COL_VERSION, COL_ADDRESS, COL_TABLE, COL_DEVICES,
       COL_REMAPS, COL_POSTS, COL_CAN };

static const struct column columns[] = {
	[COL_UNIT] = { .id = "unit", .title = N_("Unit"), .least = 6 },
	[COL_KIND] = { .id = "kind", .title = N_("Kind"), .least = 5 },
	[COL_VERSION] = { .id = "version", .title = N_("Version"), .least = 3,
		.priority = 4 },
	[COL_ADDRESS] = { .id = "address", .title = N_("Registers"),
		.least = 8, .priority = 2 },
	[COL_TABLE] = { .id = "table", .title = N_("Table"), .least = 4,
		.priority = 3 },
	[COL_DEVICES] = { .id = "devices", .title = N_("Devices"), .least = 7,
		.right = true },
	[COL_REMAPS] = { .id = "remaps", .title = N_("Remaps"), .least = 6 },
	[COL_POSTS] = { .id = "posts", .title = N_("Posts"), .least = 5,
		.priority = 1 },
	[COL_CAN] = { .id = "can", .title = N_("What else it can"),
		.least = 12, .flexible = true, .priority = 1 },
};

static struct text hex(const struct fact_num *fact, struct arena *arena)
{
	struct fact_text text = { fact->known, "" };

	if (fact->known == KNOWN)
		text.value = arena_printf(arena, "%#" PRIx64,
					  (uint64_t)fact->value);
	return label_fact(&text);
}

static struct text can(const struct unit *unit, enum ability ability)
{
	if (!ability_applies(unit, ability))
		return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	switch (ability_has(unit, ability)) {
	case KNOWN:
		return (struct text){ _("can"), ROLE_GOOD };
	case ABSENT:
		return (struct text){ _("cannot"), ROLE_WARN };
	default:
		return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	}
}

/* "48 bits, device TLB (ATS), pages of 2 MiB …" */
static struct text can_else(const struct unit *unit, struct arena *arena)
{
	unsigned bits = ability_table_bits(unit);
	struct buf text = {0};

	if (bits)
		buf_printf(&text, _("%u bits"), bits);
	for (unsigned i = 0; i < ABILITY_COUNT; i++)
		if (i != ABILITY_INTERRUPT_REMAPPING &&
		    i != ABILITY_POSTED_INTERRUPTS &&
		    ability_has(unit, i) == KNOWN)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   label_ability(i));
	struct text all = { text.len ? arena_text(arena, buf_str(&text)) :
				       SIGN_UNKNOWN,
			    text.len ? ROLE_TEXT : ROLE_UNKNOWN };
	buf_free(&text);
	return all;
}

static void add_unit(const struct scene *scene, struct rows *rows, int index)
{
	const struct unit *unit = &scene->system->units[index];
	struct unit_named named = ability_named(scene->system, unit);
	struct subject subject = { SCOPE_IOMMU, index };
	struct row *row = rows_add(rows, scene->system, subject, NULL, 0);
	struct fact_num base = unit->address;

	if (base.known != KNOWN && named.base)
		base = (struct fact_num){ KNOWN, (int64_t)named.base };
	row_set(row, COL_UNIT, ROLE_ADDRESS, unit->name);
	row_set(row, COL_KIND, ROLE_TEXT, unit->kind);
	row->cells[COL_VERSION] = label_fact(&unit->version);
	row->cells[COL_ADDRESS] = hex(&base, rows->arena);
	row_set(row, COL_TABLE, *named.table ? ROLE_TEXT : ROLE_DIM,
		*named.table ? named.table : SIGN_NONE);
	row_set(row, COL_DEVICES, ROLE_TEXT,
		unit->devices_known == KNOWN ?
			arena_printf(rows->arena, "%u", unit->device_count) :
			SIGN_UNKNOWN);
	row->cells[COL_REMAPS] = can(unit, ABILITY_INTERRUPT_REMAPPING);
	row->cells[COL_POSTS] = can(unit, ABILITY_POSTED_INTERRUPTS);
	row->cells[COL_CAN] = can_else(unit, rows->arena);
}

/* A unit that the kernel does not use, or of which nobody can say: as the
 * log has it, or with no more than the firmware's table tells. */
static void add_idle(struct rows *rows, const struct unit *unit,
		     const char *table, bool sure)
{
	struct row *row = rows_note(
		rows, arena_printf(rows->arena, "idle:%" PRIx64,
				   (uint64_t)unit->address.value), 0);
	bool told = unit->cap.known == KNOWN;
	if (told)
		row->open = arena_printf(rows->arena, EXPLAIN_REF "iommu:%s",
					 unit->name);
	struct text none = { SIGN_NONE, ROLE_DIM };

	row_set(row, COL_UNIT, ROLE_DIM, unit->name);
	row_set(row, COL_KIND, ROLE_DIM, unit->kind);
	row->cells[COL_VERSION] = told ? label_fact(&unit->version) : none;
	row->cells[COL_ADDRESS] = hex(&unit->address, rows->arena);
	row_set(row, COL_TABLE, ROLE_TEXT, table);
	row->cells[COL_DEVICES] = none;
	row->cells[COL_REMAPS] = told ? can(unit, ABILITY_INTERRUPT_REMAPPING)
				      : none;
	row->cells[COL_POSTS] = told ? can(unit, ABILITY_POSTED_INTERRUPTS) :
				       none;
	row_set(row, COL_CAN, sure ? ROLE_WARN : ROLE_UNKNOWN,
		arena_printf(rows->arena, "%s%s%s",
			     sure ? _("not at work") :
				    _("? seen in the log"), told ? ": " : "",
			     told ? can_else(unit, rows->arena).text : ""));
}

static bool is_logged(const struct host *host, uint64_t base)
{
	for (unsigned i = 0; i < host->logged_unit_count; i++)
		if ((uint64_t)host->logged_units[i].address.value == base)
			return true;
	return false;
}

/* What is not in a list that was not read is not known to be idle. */
static void add_others(const struct system *system, struct rows *rows)
{
	const struct host *host = &system->host;
	bool sure = known_is_settled(system->units_known);

	for (unsigned i = 0; i < host->logged_unit_count; i++) {
		const struct unit *unit = &host->logged_units[i];
		if (ability_unit_at(system, (uint64_t)unit->address.value) ==
		    NONE)
			add_idle(rows, unit, "DMAR", sure);
	}
	for (unsigned i = 0; sure && i < host->dmar.unit_count; i++) {
		uint64_t base = host->dmar.units[i].base;
		struct unit unit = { .name = SIGN_NONE, .kind = "intel",
				     .address = { KNOWN, (int64_t)base } };
		if (ability_unit_at(system, base) == NONE &&
		    !is_logged(host, base))
			add_idle(rows, &unit, "DMAR", true);
	}
	for (unsigned i = 0; sure && !system->unit_count &&
			     i < host->ivrs.mmio_count; i++) {
		struct unit unit = { .name = SIGN_NONE, .kind = "amd",
				     .address = { KNOWN, (int64_t)
					host->ivrs.mmio_bases[i] } };
		add_idle(rows, &unit, "IVRS", true);
	}
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->unit_count; i++)
		add_unit(scene, rows, (int)i);
	add_others(scene->system, rows);
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
