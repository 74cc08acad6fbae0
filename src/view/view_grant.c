// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel grants to one who opens a device through VFIO: regions,
 * interrupts, what a reset takes along, what the IOMMU maps, features.
 */
#include "view/view_grant.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "model/vfio_abi.h"
#include "view/label.h"
#include "view/label_grant.h"

enum { LABEL = 14, FLAGS_AT = 28, SPANS_SHOWN = 12 };

static void add_title(const struct scene *scene, const struct ask *ask,
		      struct page *page)
{
	page_printf(page, ROLE_TITLE, "%s", ask->device == NONE ? ask->name :
		    label_address(&scene->system->devices[ask->device],
				  page->arena));
	if (ask->device != NONE)
		page_printf(page, ROLE_TITLE, "  %s",
			    label_full_name(scene, ask->device, page->arena));
	page_end(page);
}

/* How a chain ended that did not end well. */
static void add_chain_end(enum known known, struct page *page)
{
	if (known == SHORT)
		page_marked(page, MARK_UNKNOWN, ROLE_UNKNOWN,
			    _("More was announced than came."));
	else if (known == MALFORMED)
		page_marked(page, MARK_UNKNOWN, ROLE_UNKNOWN,
			    _("The list of capabilities comes back to itself; "
			      "the rest was not read."));
}

static void add_spans(const struct grant_cap *cap, bool sizes,
		      struct page *page)
{
	for (unsigned i = 0; i < cap->span_count && i < SPANS_SHOWN; i++) {
		const struct grant_span *span = &cap->spans[i];
		page_pair(page, "", LABEL, ROLE_TEXT, sizes ?
			  arena_printf(page->arena, _("%s at %#" PRIx64),
				       label_size(span->b, page->arena),
				       span->a) :
			  arena_printf(page->arena,
				       "%#" PRIx64 "–%#" PRIx64, span->a,
				       span->b));
	}
	if (cap->span_count > SPANS_SHOWN)
		page_pair(page, "", LABEL, ROLE_DIM,
			  arena_printf(page->arena, _("and %u more"),
				       cap->span_count - SPANS_SHOWN));
}

static const char *cap_value(enum grant_owner owner,
			     const struct grant_cap *cap, struct arena *arena)
{
	if (owner == GRANT_OF_REGION && cap->id == 1)
		return arena_printf(arena, P_("%u area may be mapped",
					      "%u areas may be mapped",
					      cap->span_count),
				    cap->span_count);
	if (owner == GRANT_OF_REGION && cap->id == 2)
		return arena_printf(arena, _("type %#" PRIx64 ", subtype %#"
					     PRIx64),
				    cap->value[0], cap->value[1]);
	if (owner == GRANT_OF_REGION && cap->id == 3)
		return _("the table of MSI-X may be mapped with the rest");
	if (owner == GRANT_OF_IOMMU && cap->id == 2)
		return arena_printf(arena, _("dirty pages can be told, page "
					     "sizes %#" PRIx64 ", bitmaps up "
					     "to %s"), cap->value[0],
				    label_size(cap->value[1], arena));
	if (owner == GRANT_OF_IOMMU && cap->id == 3)
		return arena_printf(arena, _("%" PRIu64 " mappings are left"),
				    cap->value[0]);
	if (cap->known == UNREAD)
		return arena_printf(arena, _("version %u"), cap->version);
	return cap->id == 1 ? "" : arena_printf(arena, "%#" PRIx64,
						 cap->value[0]);
}

static void add_caps(enum grant_owner owner, const struct grant_caps *caps,
		     struct page *page)
{
	for (unsigned i = 0; i < caps->count; i++) {
		const struct grant_cap *cap = &caps->items[i];
		const char *name = label_cap(owner, cap->id);
		page_pair(page, name ? name :
			  arena_printf(page->arena, _("capability %u"),
				       cap->id), LABEL, ROLE_TEXT,
			  cap_value(owner, cap, page->arena));
		add_spans(cap, owner == GRANT_OF_REGION, page);
		if (cap->known == SHORT)
			add_chain_end(SHORT, page);
	}
	add_chain_end(caps->known, page);
}

static void add_region(const struct grant *grant,
		       const struct grant_region *region, struct page *page)
{
	bool pci = grant->flags & ABI_DEVICE_IS_PCI;
	const char *name = pci ? label_region(region->index) : NULL;

	/* What is not there is no news. */
	if (region->errnum || (region->known == KNOWN && !region->size &&
			       !region->caps.count))
		return;
	page_printf(page, ROLE_DIM, "%u ", region->index);
	page_add(page, ROLE_TEXT, name ? name : _("own"));
	page_tab(page, page->indent + LABEL);
	if (region->known != KNOWN) {
		page_add(page, ROLE_UNKNOWN, known_why(region->known));
		page_end(page);
		return;
	}
	page_add(page, ROLE_TEXT, label_size(region->size, page->arena));
	page_tab(page, page->indent + FLAGS_AT);
	page_add(page, ROLE_DIM,
		 label_bits(region->flags & ~(uint32_t)ABI_REGION_HAS_CAPS,
			    label_region_flag, page->arena));
	page_end(page);
	page_indent(page, page->indent + 4, page->hang + 4);
	add_caps(GRANT_OF_REGION, &region->caps, page);
	page_indent(page, page->indent - 4, page->hang - 4);
}

static void add_irq(const struct grant *grant, const struct grant_irq *irq,
		    struct page *page)
{
	bool pci = grant->flags & ABI_DEVICE_IS_PCI;
	const char *name = pci ? label_irq(irq->index) : NULL;

	if (irq->errnum || (irq->known == KNOWN && !irq->count))
		return;
	page_printf(page, ROLE_DIM, "%u ", irq->index);
	page_add(page, ROLE_TEXT, name ? name : _("own"));
	page_tab(page, page->indent + LABEL);
	page_printf(page, ROLE_TEXT, "%u", irq->count);
	page_tab(page, page->indent + FLAGS_AT);
	page_add(page, ROLE_DIM,
		 label_bits(irq->flags, label_irq_flag, page->arena));
	page_end(page);
}

/* Who has a device that a hot reset takes along. */
static const char *victim_owner(const struct scene *scene,
				const struct ask *ask,
				const struct grant *grant,
				const struct grant_victim *victim, int device,
				struct arena *arena)
{
	const struct system *system = scene->system;
	bool by_id = grant->reset_flags & ABI_RESET_BY_ID;

	if (by_id && victim->id == UINT32_MAX)
		return _("not of whoever asks");
	if (by_id)
		return _("of whoever asks");
	if (ask->group != NONE &&
	    system->groups[ask->group].number == victim->id)
		return arena_printf(arena, _("group %u, this one"),
				    victim->id);
	return device == NONE || system->devices[device].driver.known != KNOWN ?
		arena_printf(arena, _("group %u"), victim->id) :
		arena_printf(arena, _("group %u, on %s"), victim->id,
			     system->devices[device].driver.value);
}

static void add_victims(const struct scene *scene, const struct ask *ask,
			const struct grant *grant, struct page *page)
{
	page_gap(page);
	page_title(page, _("A reset of its bus takes along"));
	if (grant->reset_known == ABSENT)
		page_pair(page, "", 2, ROLE_DIM,
			  _("Nothing: neither its slot nor its bus can be "
			    "reset."));
	else if (grant->reset_known != KNOWN && !grant->victim_count)
		page_pair(page, "", 2, ROLE_UNKNOWN,
			  grant->reset_errnum ? strerror(grant->reset_errnum) :
						known_why(grant->reset_known));
	for (unsigned i = 0; i < grant->victim_count; i++) {
		const struct grant_victim *victim = &grant->victims[i];
		struct bdf address = {
			.domain = victim->segment, .bus = victim->bus,
			.device = victim->devfn >> 3,
			.function = victim->devfn & 7,
		};
		char text[BDF_TEXT];
		int device = system_device(scene->system, address);
		page_add(page, ROLE_ADDRESS,
			 arena_text(page->arena,
				    bdf_print_short(address, text)));
		page_tab(page, page->indent + LABEL);
		page_add(page, ROLE_TEXT,
			 victim_owner(scene, ask, grant, victim, device,
				      page->arena));
		page_end(page);
	}
	if (grant->reset_known == SHORT)
		add_chain_end(SHORT, page);
}

static const char *page_sizes(uint64_t sizes, struct arena *arena)
{
	struct buf text = {0};

	for (unsigned bit = 0; bit < 64; bit++)
		if (sizes >> bit & 1)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   label_size(1ull << bit, arena));
	const char *kept = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return kept;
}

static const char *no_iommu(const struct grant *grant)
{
	if (grant->iommu_kind == ABI_NOIOMMU)
		return _("There is none: the device reaches all memory of the "
			 "host.");
	if (grant->attach_errnum)
		return strerror(grant->attach_errnum);
	if (grant->iommu_errnum)
		return strerror(grant->iommu_errnum);
	return _("Its kind tells nothing of itself.");
}

static void add_iommu(const struct grant *grant, struct page *page)
{
	page_gap(page);
	page_title(page, _("The IOMMU for it"));
	if (grant->iommu_kind != NONE &&
	    label_extension((unsigned)grant->iommu_kind))
		page_pair(page, _("kind"), LABEL, ROLE_TEXT,
			  label_extension((unsigned)grant->iommu_kind));
	if (grant->iommu_known != KNOWN) {
		page_add(page, grant->iommu_kind == ABI_NOIOMMU ? ROLE_WARN :
							 ROLE_UNKNOWN,
			 no_iommu(grant));
		page_end(page);
		return;
	}
	if (grant->page_sizes)
		page_pair(page, _("page sizes"), LABEL, ROLE_TEXT,
			  page_sizes(grant->page_sizes, page->arena));
	add_caps(GRANT_OF_IOMMU, &grant->iommu_caps, page);
}

static void add_features(const struct grant *grant, struct page *page)
{
	bool any = false;

	page_gap(page);
	page_title(page, _("Features"));
	for (unsigned i = 0; i < sizeof grant->features; i++) {
		const char *name = label_feature(i);
		unsigned bits = grant->features[i];
		if (!bits)
			continue;
		any = true;
		page_printf(page, ROLE_DIM, "%u ", i);
		page_add(page, ROLE_TEXT, name ? name : _("newer than this "
							  "program"));
		if (bits & (GRANT_GET | GRANT_SET))
			page_printf(page, ROLE_DIM, "  %s%s%s",
				    bits & GRANT_GET ? "get" : "",
				    (bits & GRANT_GET) && (bits & GRANT_SET) ?
					    ", " : "",
				    bits & GRANT_SET ? "set" : "");
		page_end(page);
	}
	if (!any) {
		page_add(page, ROLE_DIM, _("None, or a kernel before 5.7."));
		page_end(page);
	}
}

static void add_head(const struct ask *ask, const struct grant *grant,
		     struct page *page)
{
	page_pair(page, _("asked by"), LABEL, ROLE_TEXT,
		  arena_printf(page->arena, "%s (%s)", ask->step.path,
			       grant->api == GRANT_CDEV ? _("its own node and "
							    "iommufd") :
							  _("its group and a "
							    "container")));
	if (grant->whole)
		page_pair(page, _("it is"), LABEL, ROLE_TEXT,
			  label_bits(grant->flags &
				     ~(uint32_t)ABI_DEVICE_HAS_CAPS,
				     label_device_flag, page->arena));
	if (grant->whole && !(grant->flags & 1))
		page_marked(page, MARK_WARN, ROLE_TEXT,
			    _("It was not reset: it has no reset of its own "
			      "that worked."));
	if (ask->noiommu)
		page_marked(page, MARK_WARN, ROLE_TEXT,
			    _("There is no IOMMU between it and memory; it is "
			      "no use to a virtual machine."));
}

void grant_page(const struct scene *scene, const struct ask *ask,
		const struct grant *grant, struct page *page)
{
	add_title(scene, ask, page);
	page_gap(page);
	add_head(ask, grant, page);
	if (!grant->whole) {
		page_gap(page);
		page_marked(page, MARK_BAD, ROLE_TEXT,
			    label_refusal(scene, ask, grant, page->arena));
		return;
	}
	if (grant->caps.count)
		add_caps(GRANT_OF_DEVICE, &grant->caps, page);
	page_gap(page);
	page_title(page, _("Regions"));
	for (unsigned i = 0; i < grant->region_count; i++)
		add_region(grant, &grant->regions[i], page);
	page_gap(page);
	page_title(page, _("Interrupts"));
	for (unsigned i = 0; i < grant->irq_count; i++)
		add_irq(grant, &grant->irqs[i], page);
	if (grant->flags & ABI_DEVICE_IS_PCI)
		add_victims(scene, ask, grant, page);
	add_iommu(grant, page);
	add_features(grant, page);
}

