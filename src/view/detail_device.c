// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Everything known about one device, what matters most first.  What is wrong
 * with it is said by its findings.
 */
#include "view/detail_part.h"

#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "rule/drift.h"
#include "view/interrupt.h"
#include "view/label.h"
#include "view/ref.h"
#include "view/verdict.h"
#include "view/view_finding.h"

enum { LABEL = DETAIL_LABEL };

static void pair(struct page *page, const char *label, struct text text)
{
	page_pair(page, label, LABEL, text.role, text.text);
}

static void add_verdict(const struct scene *scene, int device,
			struct page *page)
{
	const struct device *self = &scene->system->devices[device];
	const struct finding *reasons[8];
	unsigned count;

	if (topo_is_bridge(self) || topo_is_platform(self)) {
		page_marked(page, MARK_NOTE, ROLE_DIM,
			    topo_is_bridge(self) ?
				_("a bridge: it stays with the host, and does "
				  "not count in its group") :
				_("part of the platform: it stays with the "
				  "host"));
		return;
	}
	enum fitness fitness = verdict_fitness(scene, device, reasons, 8,
					       &count);
	enum mark mark = fitness_mark(fitness);
	page_marked(page, mark, sign_role(mark), fitness_text(fitness));
	page_indent(page, page->indent + 2, page->hang + 2);
	for (unsigned i = 0; i < count; i++)
		finding_line(scene, reasons[i], page);
	page_indent(page, page->indent - 2, page->hang - 2);
}

static void add_companions(const struct scene *scene, int device,
			   struct page *page)
{
	int others[32];
	unsigned count = topo_companions(scene->system, device, others, 32);

	for (unsigned i = 0; i < count; i++) {
		struct subject subject = { SCOPE_DEVICE, others[i] };
		char ref[REF_TEXT];
		page->ref = arena_text(page->arena,
				       ref_print(scene->system, subject, NULL,
						 ref));
		page_pair(page, i ? "" : _("goes with"), LABEL, ROLE_TEXT,
			  label_device(scene, others[i], page->arena));
		page->ref = NULL;
	}
}

static void add_group(const struct scene *scene, const struct device *device,
		      struct page *page)
{
	char ref[REF_TEXT];

	if (device->group_index == NONE) {
		page_pair(page, _("group"), LABEL,
			  device->group.known == ABSENT ? ROLE_BAD :
							  ROLE_UNKNOWN,
			  device->group.known == ABSENT ?
				  _("none: no IOMMU serves it") :
				  known_why(device->group.known));
		return;
	}
	struct subject subject = { SCOPE_GROUP, device->group_index };
	page->ref = arena_text(page->arena, ref_print(scene->system, subject,
						      NULL, ref));
	const struct text unit = label_fact(&device->iommu);
	page_pair(page, _("group"), LABEL, ROLE_TEXT,
		  arena_printf(page->arena, _("%lld, behind %s"),
			       (long long)device->group.value, unit.text));
	page->ref = NULL;
}

static void add_driver(const struct device *device, struct page *page)
{
	struct text text = label_driver(device);

	if (device->driver.known == KNOWN &&
	    device->modules.known == KNOWN && *device->modules.value &&
	    strcmp(device->modules.value, device->driver.value) != 0)
		text.text = arena_printf(page->arena, _("%s (could be: %s)"),
					 text.text, device->modules.value);
	pair(page, _("driver"), text);
	if (device->driver_override.known == KNOWN)
		page_pair(page, _("override"), LABEL, ROLE_TEXT,
			  device->driver_override.value);
}

static void add_link(const struct device *device, struct page *page)
{
	if (device->speed.known != KNOWN || device->width.known != KNOWN)
		return;
	page_pair(page, _("link"), LABEL, ROLE_TEXT,
		  arena_printf(page->arena, _("%s (at most %s)"),
			       label_link(&device->speed, &device->width,
					  page->arena),
			       label_link(&device->speed_max,
					  &device->width_max, page->arena)));
}

static void add_config(const struct system *system,
		       const struct device *device, struct page *page)
{
	const struct config *config = device->config;
	enum known worst = config->header != KNOWN ? config->header :
			   config->caps != KNOWN ? config->caps :
						   config->ecaps;

	if (device->asleep)
		page_pair(page, _("config"), LABEL, ROLE_UNKNOWN,
			  system->origin.kind == ORIGIN_LIVE ?
				  _("not read: the device sleeps; w wakes it "
				    "and reads it") :
				  _("not read: the device slept, and reading "
				    "would have woken it"));
	else if (!known_is_settled(worst))
		page_pair(page, _("config"), LABEL, ROLE_UNKNOWN,
			  arena_printf(page->arena,
				       _("%zu bytes read; the rest: %s"),
				       config->bytes, known_why(worst)));
}

/* What the capabilities say that matters here. */
static void add_capabilities(const struct device *device, struct page *page)
{
	const struct config *config = device->config;
	const struct {
		bool has;
		const char *word;
	} all[] = {
		{ config->has_msix, "MSI-X" }, { config->has_msi, "MSI" },
		{ config->flr || config->af_flr, "FLR" },
		{ config->has_acs, "ACS" }, { config->has_ari, "ARI" },
		{ config->has_ats, "ATS" }, { config->has_pasid, "PASID" },
		{ config->has_sriov, "SR-IOV" },
		{ config->has_rebar, "resizable BAR" },
	};
	struct buf text = {0};

	if (config->header != KNOWN || config->caps != KNOWN)
		return;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].has)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   all[i].word);
	if (text.len)
		page_pair(page, _("has"), LABEL, ROLE_TEXT,
			  arena_text(page->arena, buf_str(&text)));
	buf_free(&text);
}

static void add_bars(const struct device *device, struct page *page)
{
	for (unsigned i = 0; i < device->bar_count; i++) {
		const struct bar *bar = &device->bars[i];
		if (bar->end < bar->start)
			continue;
		page_pair(page, i ? "" : _("regions"), LABEL, ROLE_TEXT,
			  arena_printf(page->arena, "%s %s %s",
				       bar->index == 6 ? "ROM" :
				       arena_printf(page->arena, "BAR%u",
						    bar->index),
				       label_size(bar->end - bar->start + 1,
						  page->arena),
				       bar->flags & 0x20000000 ?
					       _("(no address)") :
				       bar->flags & 0x100 ? _("of I/O ports") :
							    ""));
	}
}

/* What it hangs on, and how near to which processor. */
static void add_place(const struct system *system,
		      const struct device *device, struct page *page)
{
	enum known on_root = topo_is_on_root(
		system, (int)(device - system->devices));
	const char *where = on_root != ABSENT ?
		(on_root == KNOWN ? _("on a root bus") : SIGN_UNKNOWN) :
		arena_printf(page->arena, _("below %s"), label_address(
			&system->devices[device->parent], page->arena));

	if (device->slot.known == KNOWN)
		where = arena_printf(page->arena, _("%s, in slot %s"), where,
				     device->slot.value);
	if (device->numa_node.known == KNOWN && device->numa_node.value >= 0)
		where = arena_printf(page->arena, _("%s, NUMA node %lld"),
				     where,
				     (long long)device->numa_node.value);
	page_pair(page, _("where"), LABEL, ROLE_TEXT, where);
}

/* Where a restart changes its driver, or may: the sentence is longer than a
 * column of a list. */
static void add_restart(const struct system *system, int device,
			struct page *page)
{
	struct drift drift = drift_of(system, device, page->arena);

	bool same = drift.now && drift.next &&
		    strcmp(drift.now, drift.next) == 0;

	/* What is written down and does not come to pass is worth a word. */
	if (topo_is_bridge(&system->devices[device]) ||
	    (same && (!*drift.source || topo_is_vfio_driver(drift.now))))
		return;
	page_pair(page, _("restart"), LABEL,
		  same ? ROLE_TEXT : drift.next ? ROLE_WARN : ROLE_UNKNOWN,
		  arena_printf(page->arena, "%s%s%s%s%s",
			       !drift.next || *drift.next ? "" : SIGN_NONE,
			       drift.next ? drift.next : "",
			       drift.next ? "; " : "", drift.why,
			       *drift.source ? arena_printf(
				       page->arena, " (%s)", drift.source) :
					       ""));
}

static void add_interrupts(const struct system *system, int device,
			   struct page *page)
{
	struct text mode = interrupt_mode(system, device, page->arena);
	struct text remapped = interrupt_remapped(system, device);
	const struct interrupt *line = interrupt_of_pin(system, device);

	if (mode.role == ROLE_DIM)
		return;
	if (remapped.role == ROLE_GOOD || remapped.role == ROLE_BAD)
		mode.text = arena_printf(page->arena,
					 remapped.role == ROLE_GOOD ?
						 _("%s, remapped") :
						 _("%s, not remapped"),
					 mode.text);
	if (line && interrupt_is_shared(line))
		mode.text = arena_printf(page->arena, "%s (%s)", mode.text,
					 line->actions);
	page_pair(page, _("interrupts"), LABEL, mode.role, mode.text);
}

static void add_head(const struct scene *scene, int device,
		     struct page *page)
{
	const struct device *self = &scene->system->devices[device];

	page_printf(page, ROLE_ADDRESS, "%s  ",
		    label_address(self, page->arena));
	page_add(page, ROLE_TITLE,
		 label_full_name(scene, device, page->arena));
	page_end(page);
	page_printf(page, ROLE_DIM, "%s", label_kind(self));
	if (self->identity == KNOWN)
		page_printf(page, ROLE_DIM, ", %04x:%04x, class %06x",
			    self->vendor, self->device, self->class);
	page_end(page);
	page_gap(page);
}

void detail_device(const struct scene *scene, int device, struct page *page)
{
	const struct system *system = scene->system;
	const struct device *self = &system->devices[device];
	struct subject subject = { SCOPE_DEVICE, device };

	add_head(scene, device, page);
	add_verdict(scene, device, page);
	page_gap(page);
	add_driver(self, page);
	add_group(scene, self, page);
	add_companions(scene, device, page);
	detail_screens(scene, device, page);
	detail_holders(system, device, page);
	detail_losses(scene, subject, page);
	detail_reset(scene, device, page);
	add_config(system, self, page);
	add_link(self, page);
	detail_memory(self, page);
	add_bars(self, page);
	add_capabilities(self, page);
	detail_parts(scene, device, page);
	add_interrupts(system, device, page);
	add_place(system, self, page);
	add_restart(system, device, page);
	page_gap(page);
	detail_findings(scene, subject, page);
}
