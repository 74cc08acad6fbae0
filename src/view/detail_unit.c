// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One IOMMU unit: where it is, who names it, what it can do in words, whom it
 * serves.  The bits are the model's (model/ability.h).
 */
#include "view/detail.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "model/ability.h"
#include "view/label.h"
#include "view/ref.h"

enum { LABEL = 11 };	/* columns of the labels */

/* What each ability is called, and what it is good for. */
static const struct {
	const char *name, *use;
} words[ABILITY_COUNT] = {
	[ABILITY_INTERRUPT_REMAPPING] = { N_("interrupt remapping"),
		N_("keeps a device from forging interrupts; vfio asks for "
		   "it") },
	[ABILITY_X2APIC] = { N_("x2APIC"),
		N_("remaps interrupts to processors above number 255") },
	[ABILITY_POSTED_INTERRUPTS] = { N_("posted interrupts"),
		N_("brings interrupts to a running guest without waking the "
		   "host") },
	[ABILITY_DEVICE_TLB] = { N_("device TLB (ATS)"),
		N_("lets devices keep translations of their own") },
	[ABILITY_PAGE_REQUESTS] = { N_("page requests"),
		N_("lets a device ask for a page that is not there") },
	[ABILITY_CACHING_MODE] = { N_("caching mode"),
		N_("is emulated: this machine is a guest, and nested "
		   "assignment works") },
	[ABILITY_QUEUED_INVALIDATION] = { N_("queued invalidation"),
		N_("takes orders by a queue; remapping interrupts wants it") },
	[ABILITY_PASS_THROUGH] = { N_("pass-through mode"),
		N_("serves host devices untranslated (iommu=pt) at no cost") },
	[ABILITY_SNOOP_CONTROL] = { N_("snoop control"),
		N_("forces DMA to be coherent; KVM need not trap cache "
		   "flushes") },
	[ABILITY_COHERENT] = { N_("coherent tables"),
		N_("reads its tables through the caches") },
	[ABILITY_SUPERPAGE_2M] = { N_("pages of 2 MiB"),
		N_("maps guest memory with fewer entries") },
	[ABILITY_SUPERPAGE_1G] = { N_("pages of 1 GiB"),
		N_("maps large guests with fewer still") },
	[ABILITY_SCALABLE] = { N_("scalable mode"),
		N_("keeps tables per process of a device (PASID)") },
	[ABILITY_FIRST_LEVEL] = { N_("first-level tables"),
		N_("walks tables in the processor's own format") },
	[ABILITY_SECOND_LEVEL] = { N_("second-level tables"),
		N_("walks guest tables in scalable mode") },
	[ABILITY_NESTED] = { N_("nested translation"),
		N_("walks a guest's tables below the host's") },
	[ABILITY_PASID] = { N_("PASID"),
		N_("tells processes that share one device apart") },
	[ABILITY_WRITE_FLUSH] = { N_("write-buffer flush"),
		N_("must be flushed by hand: old hardware") },
	[ABILITY_PREFETCH] = { N_("prefetch"),
		N_("fetches translations before they are asked for") },
	[ABILITY_NO_EXECUTE] = { N_("no-execute"),
		N_("keeps devices from fetching code") },
	[ABILITY_GUEST_TRANSLATION] = { N_("guest translation"),
		N_("walks a guest's tables below the host's") },
	[ABILITY_INVALIDATE_ALL] = { N_("invalidate all"),
		N_("forgets everything by one order") },
	[ABILITY_GUEST_APIC] = { N_("guest APIC"),
		N_("knows tables of virtual interrupts") },
	[ABILITY_HARDWARE_ERRORS] = { N_("error registers"),
		N_("reports its own faults") },
	[ABILITY_COUNTERS] = { N_("counters"),
		N_("counts what it does, for perf") },
	[ABILITY_GUEST_IO] = { N_("guest I/O protection"),
		N_("supports I/O of protected guests") },
	[ABILITY_SECURE_NESTED] = { N_("secure nested paging"),
		N_("guards the memory of SEV-SNP guests") },
};

const char *label_ability(enum ability ability)
{
	return _(words[ability].name);
}

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
			  arena_printf(page->arena, _("%s; its content: %s"),
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
		if (!ability_applies(unit, i) || !same)
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
		page_solid(page, ROLE_TEXT, _(words[i].name));
		page_tab(page, page->indent + 26);
		page_add(page, ROLE_DIM, _(words[i].use));
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

void detail_unit(const struct scene *scene, int unit, struct page *page)
{
	const struct unit *self = &scene->system->units[unit];
	struct subject subject = { SCOPE_IOMMU, unit };

	page_printf(page, ROLE_TITLE, _("IOMMU unit %s (%s)"), self->name,
		    self->kind);
	page_end(page);
	page_gap(page);
	detail_findings(scene, subject, page);
	page_gap(page);
	add_head(scene, self, page);
	add_widths(self, page);
	add_register(page, "cap", &self->cap);
	add_register(page, "ecap", &self->ecap);
	add_register(page, "EFR", &self->features);
	add_abilities(self, page, _("It can"), KNOWN);
	add_abilities(self, page, _("It cannot"), ABSENT);
	if (add_abilities(self, page, _("Not known"), UNREAD)) {
		page_add(page, ROLE_UNKNOWN,
			 _("Its registers could not be read."));
		page_end(page);
	}
	add_served(scene, self, page);
}
