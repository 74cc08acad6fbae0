// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One IOMMU unit: where it is, who names it, what it can do in words, whom it
 * serves.  The bits are the model's (model/ability.h).
 */
#include "view/detail.h"

#include <inttypes.h>

#include "base/i18n.h"
#include "view/label.h"
#include "view/ref.h"

enum { LABEL = 11 };	/* columns of the labels */

/* How a DMAR structure says what is the unit's. */
static const char *scope_text(const struct unit_named *named,
			      struct arena *arena)
{
	const struct dmar_unit *entry = named->entry;

	if (entry->include_all)
		return arena_printf(arena, _("%s: all of segment %04x that no "
					     "other unit serves"),
				    named->table, entry->segment);
	return arena_printf(arena, P_("%s: %u device or bridge",
				      "%s: %u devices and bridges",
				      entry->scope_count), named->table,
			    entry->scope_count);
}

static void add_head(const struct scene *scene, const struct unit *unit,
		     struct page *page)
{
	struct unit_named named = ability_named(scene->system, unit);

	if (unit->address.known == KNOWN || named.base)
		page_pair(page, _("registers"), LABEL, ROLE_TEXT,
			  arena_printf(page->arena, "%#" PRIx64,
				       unit->address.known == KNOWN ?
					       (uint64_t)unit->address.value :
					       named.base));
	if (unit->version.known == KNOWN)
		page_pair(page, _("version"), LABEL, ROLE_TEXT,
			  unit->version.value);
	if (named.entry)
		page_pair(page, _("named by"), LABEL, ROLE_TEXT,
			  scope_text(&named, page->arena));
	else if (known_is_settled(named.known) || !*named.table)
		page_pair(page, _("named by"), LABEL,
			  *named.table ? ROLE_TEXT : ROLE_DIM,
			  *named.table ? named.table : SIGN_NONE);
	else
		page_pair(page, _("named by"), LABEL, ROLE_UNKNOWN,
			  arena_printf(page->arena, "%s (%s)",
				       named.table, known_why(named.known)));
}

static void add_widths(const struct unit *unit, struct page *page)
{
	unsigned bits = ability_table_bits(unit);

	if (!bits)
		return;
	page_pair(page, _("addresses"), LABEL, ROLE_TEXT,
		  arena_printf(page->arena,
			       _("%u bits; tables for %u bits"),
			       ability_address_bits(unit), bits));
	page_pair(page, _("domains"), LABEL, ROLE_TEXT,
		  arena_printf(page->arena, "%u", ability_domains(unit)));
}

static void add_register(struct page *page, const char *label,
			 const struct fact_num *fact)
{
	if (fact->known == KNOWN)
		page_pair(page, label, LABEL, ROLE_DIM,
			  arena_printf(page->arena, "%#" PRIx64,
				       (uint64_t)fact->value));
}

/* The abilities of one answer; what does not apply is left out. */
static bool add_abilities(const struct unit *unit, struct page *page,
			  const char *title, enum known wanted)
{
	bool any = false;

	for (unsigned i = 0; i < ABILITY_COUNT; i++) {
		enum known has = ability_has(unit, i);
		bool same = wanted == UNREAD ? !known_is_settled(has) :
					       has == wanted;
		/* These are in its nature; their lack is no lack. */
		bool nature = i == ABILITY_CACHING_MODE ||
			      i == ABILITY_WRITE_FLUSH;
		if (!ability_applies(unit, i) || !same ||
		    (wanted == ABSENT && nature))
			continue;
		if (!any) {
			page_gap(page);
			page_title(page, title);
		}
		any = true;
		unsigned hang = page->hang;
		page_indent(page, page->indent, page->indent + 26);
		page_solid(page, wanted == KNOWN ? ROLE_GOOD : ROLE_DIM,
			   wanted == KNOWN ? SIGN_GOOD :
			   wanted == ABSENT ? SIGN_NONE : SIGN_UNKNOWN);
		page_solid(page, ROLE_TEXT, " ");
		page_solid(page, ROLE_TEXT, label_ability(i));
		page_tab(page, page->indent + 26);
		page_add(page, ROLE_DIM, label_ability_use(i));
		page_end(page);
		page_indent(page, page->indent, hang);
	}
	return any;
}

static void add_served(const struct scene *scene, const struct unit *unit,
		       struct page *page)
{
	page_gap(page);
	page_title(page, _("Devices it serves"));
	if (!known_is_settled(unit->devices_known)) {
		page_add(page, ROLE_UNKNOWN, known_why(unit->devices_known));
		page_end(page);
	}
	for (unsigned i = 0; i < unit->device_count; i++) {
		struct subject subject = { SCOPE_DEVICE, unit->devices[i] };
		char ref[REF_TEXT];
		page->ref = arena_text(page->arena,
				       ref_print(scene->system, subject, NULL,
						 ref));
		page_add(page, ROLE_TEXT,
			 label_device(scene, unit->devices[i], page->arena));
		page_end(page);
		page->ref = NULL;
	}
}

/* What its registers say; of one at work or not. */
static void add_registers(const struct scene *scene, const struct unit *unit,
			  struct page *page)
{
	page_gap(page);
	add_head(scene, unit, page);
	add_widths(unit, page);
	add_register(page, "cap", &unit->cap);
	add_register(page, "ecap", &unit->ecap);
	add_register(page, "EFR", &unit->features);
	add_abilities(unit, page, _("It can"), KNOWN);
	add_abilities(unit, page, _("It cannot"), ABSENT);
	if (add_abilities(unit, page, _("Not known"), UNREAD)) {
		page_add(page, ROLE_UNKNOWN,
			 _("Its registers could not be read."));
		page_end(page);
	}
}

static void add_title(const struct unit *unit, struct page *page)
{
	page_printf(page, ROLE_TITLE, _("IOMMU unit %s (%s)"), unit->name,
		    unit->kind);
	page_end(page);
	page_gap(page);
}

void detail_unit(const struct scene *scene, int unit, struct page *page)
{
	const struct unit *self = &scene->system->units[unit];
	struct subject subject = { SCOPE_IOMMU, unit };

	add_title(self, page);
	detail_findings(scene, subject, page);
	add_registers(scene, self, page);
	add_served(scene, self, page);
}

void detail_logged_unit(const struct scene *scene, const struct unit *unit,
			struct page *page)
{
	bool sure = known_is_settled(scene->system->units_known);

	add_title(unit, page);
	page_marked(page, sure ? MARK_WARN : MARK_UNKNOWN, ROLE_TEXT, sure ?
		    _("The kernel found it and does not use it for DMA.") :
		    _("The kernel's log tells of it; whether it is at work "
		      "cannot be told."));
	add_registers(scene, unit, page);
}
