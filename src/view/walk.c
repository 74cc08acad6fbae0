// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why devices are in one group, told as a walk to the root.  Whether a step
 * isolates is the model's; here are the words, and what could be done.
 *
 * Source: drivers/iommu/iommu.c, pci_device_group(); drivers/pci/pci.c,
 * pci_acs_enabled(); Documentation/admin-guide/kernel-parameters.txt, pci=.
 */
#include "view/walk.h"

#include <string.h>

#include "base/i18n.h"
#include "view/label.h"
#include "view/ref.h"

enum { WALKS_SHOWN = 6, PORTS_SHOWN = 8 };

static const char *const words[] = {
	[ACS_UNKNOWN] = "unknown", [ACS_ON] = "acs-on",
	[ACS_NOT_NEEDED] = "not-needed", [ACS_QUIRK] = "quirk",
	[ACS_NONE] = "acs-none", [ACS_OFF] = "acs-off",
	[ACS_CONVENTIONAL] = "conventional", [ACS_BRIDGE] = "bridge",
	[ACS_NO_EXTENDED] = "no-extended-space",
	[ACS_QUIRK_FAILED] = "quirk-failed",
};

const char *walk_word(enum acs_why why)
{
	return words[why];
}

const char *walk_bits(unsigned bits, struct arena *arena)
{
	static const char *const names[] = { "SV", "TB", "RR", "CR", "UF",
					     "EC", "DT" };
	struct buf text = {0};

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (bits >> i & 1)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   names[i]);
	const char *all = text.len ? arena_text(arena, buf_str(&text)) :
				     _("none");
	buf_free(&text);
	return all;
}

static bool is_port(const struct topo_step *step)
{
	return step->pcie && (step->type == PCIE_ROOT_PORT ||
			      step->type == PCIE_DOWNSTREAM);
}

const char *walk_reason(const struct topo_step *step, struct arena *arena)
{
	switch (step->why) {
	case ACS_ON:
		return _("isolates: ACS is switched on");
	case ACS_NOT_NEEDED:
		return _("isolates: it has no neighbours within its chip");
	case ACS_QUIRK:
		return arena_printf(arena, _("isolates without ACS, as the "
					     "kernel knows of this hardware%s"
					     "%s"),
				    step->quirk ? ": " : "",
				    step->quirk ? step->quirk : "");
	case ACS_NONE:
		return is_port(step) ?
			_("does not isolate: the port has no ACS capability "
			  "(0x000d), so what is below could talk past the "
			  "IOMMU") :
			_("does not isolate: one of several functions "
			  "without ACS, which could talk to one another "
			  "inside the chip");
	case ACS_OFF:
		return arena_printf(arena,
				    _("does not isolate: it has ACS, but these "
				      "bits are off: %s"),
				    walk_bits(step->missing, arena));
	case ACS_CONVENTIONAL:
		return _("does not isolate: conventional PCI has no ACS");
	case ACS_BRIDGE:
		return _("does not isolate: a bridge to conventional PCI; all "
			 "behind it speak with one voice");
	case ACS_NO_EXTENDED:
		return _("does not isolate: the kernel cannot reach its "
			 "extended config space, so it sees no ACS");
	case ACS_QUIRK_FAILED:
		return arena_printf(arena, _("does not isolate: the kernel's "
					     "workaround for this hardware "
					     "failed%s%s"),
				    step->quirk ? ": " : "",
				    step->quirk ? step->quirk : "");
	default:
		return arena_printf(arena, _("cannot be told: %s"),
				    *known_why(step->known) ?
					    known_why(step->known) :
					    _("its config space was not "
					      "read"));
	}
}

static void refer(const struct scene *scene, int device, struct page *page)
{
	struct subject subject = { SCOPE_DEVICE, device };
	char ref[REF_TEXT];

	page->ref = arena_text(page->arena, ref_print(scene->system, subject,
						      NULL, ref));
}

/* Where the kernel joined a step to another: "joined to 00:01.0 …". */
static void add_join(const struct scene *scene, const struct topo_step *step,
		     struct page *page)
{
	static const char *const texts[SHARED_COUNT] = {
		[SHARED_CONV_BRIDGE] =
			N_("joined to %s: all behind a bridge to "
			   "conventional PCI"),
		[SHARED_PORT_NO_ACS] =
			N_("joined to %s: a port above has no ACS"),
		[SHARED_PORT_ACS_OFF] =
			N_("joined to %s: a port above has its ACS off"),
		[SHARED_NO_EXTENDED] =
			N_("joined to %s: no ACS is seen at a port above"),
		[SHARED_ROOT_MF_NO_ACS] =
			N_("joined to %s: ports of one device without ACS"),
		[SHARED_MF_NO_ACS] =
			N_("joined to %s: functions of one device without "
			   "ACS"),
		[SHARED_DMA_ALIAS] =
			N_("joined to %s: one speaks under the other's name"),
		[SHARED_LEGACY_PCI] =
			N_("joined to %s: functions of one conventional "
			   "device"),
		[SHARED_REAL_DMA] =
			N_("joined to %s: behind one VMD controller"),
	};

	if (step->with == NONE || !texts[step->joins])
		return;
	const struct device *with = &scene->system->devices[step->with];
	unsigned indent = page->indent, hang = page->hang;
	page_indent(page, indent + 2, hang);
	page_add(page, ROLE_WARN,
		 arena_printf(page->arena, _(texts[step->joins]),
			      label_address(with, page->arena)));
	page_end(page);
	page_indent(page, indent, hang);
}

static void add_step(const struct scene *scene, const struct topo_step *step,
		     struct page *page)
{
	enum mark mark = step->known != KNOWN ? MARK_UNKNOWN :
			 step->isolated	      ? MARK_GOOD : MARK_BAD;
	const struct device *self = &scene->system->devices[step->device];

	refer(scene, step->device, page);
	page_marked(page, mark, ROLE_TEXT,
		    arena_printf(page->arena, "%s  %s  %s%s",
				 label_address(self, page->arena),
				 label_kind(self),
				 walk_reason(step, page->arena),
				 step->same_group ? "" :
					_(" (in another group)")));
	add_join(scene, step, page);
	page->ref = NULL;
}

static void add_walk(const struct scene *scene, int device, struct page *page)
{
	struct topo_step steps[WALK_STEPS];
	unsigned count = topo_walk(scene->system, device, steps, WALK_STEPS);

	page_gap(page);
	refer(scene, device, page);
	page_printf(page, ROLE_TITLE, _("From %s up"),
		    label_device(scene, device, page->arena));
	page_end(page);
	page->ref = NULL;
	unsigned indent = page->indent, hang = page->hang;
	page_indent(page, indent + 2, indent + 4);
	for (unsigned i = 0; i < count; i++)
		add_step(scene, &steps[i], page);
	if (count && topo_is_on_root(scene->system,
				     steps[count - 1].device) != KNOWN)
		page_marked(page, MARK_UNKNOWN, ROLE_DIM,
			    known_why(scene->system->devices_known));
	else
		page_marked(page, MARK_NOTE, ROLE_DIM, _("the root bus"));
	page_indent(page, indent, hang);
}

/* Whether an endpoint of the same slot was before it in the group. */
static bool is_told(const struct system *system, const struct group *group,
		    unsigned member)
{
	const struct device *self =
		&system->devices[group->members[member].device];

	for (unsigned i = 0; i < member; i++) {
		int at = group->members[i].device;
		if (at != NONE && !topo_is_bridge(&system->devices[at]) &&
		    bdf_same_slot(system->devices[at].address, self->address))
			return true;
	}
	return false;
}

static unsigned add_walks(const struct scene *scene,
			  const struct group *group, struct page *page)
{
	unsigned shown = 0, more = 0;

	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at == NONE ||
		    topo_is_bridge(&scene->system->devices[at]) ||
		    is_told(scene->system, group, i))
			continue;
		if (shown == WALKS_SHOWN) {
			more++;
			continue;
		}
		add_walk(scene, at, page);
		shown++;
	}
	if (more) {
		page_gap(page);
		page_printf(page, ROLE_DIM,
			    P_("and %u more slot like these",
			       "and %u more slots like these", more), more);
		page_end(page);
	}
	return shown + more;
}

/* --- what would separate them --- */

/* Whether all above a port isolates as well, up to the root. */
static bool path_isolates(const struct system *system, int port)
{
	struct topo_step steps[WALK_STEPS];
	unsigned count = topo_walk(system, port, steps, WALK_STEPS);

	for (unsigned i = 0; i < count; i++)
		if (steps[i].known != KNOWN || !steps[i].isolated)
			return false;
	return count > 0;
}

/* Whether a member of the group hangs below @port already. */
static bool is_above(const struct system *system, const struct group *group,
		     int port)
{
	for (unsigned i = 0; i < group->member_count; i++)
		for (int at = group->members[i].device; at != NONE;
		     at = system->devices[at].parent)
			if (at == port)
				return true;
	return false;
}

/* Ports of this machine below which a card would stand alone. */
static void add_ports(const struct scene *scene, const struct group *group,
		      struct page *page)
{
	const struct system *system = scene->system;
	unsigned count = 0;
	struct buf text = {0};

	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *port = &system->devices[i];
		const struct config *config = port->config;
		if (config->header != KNOWN || !config->has_pcie ||
		    config->pcie_type != PCIE_ROOT_PORT ||
		    is_above(system, group, (int)i) || !path_isolates(system, (int)i))
			continue;
		if (count++ < PORTS_SHOWN)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   label_address(port, page->arena));
	}
	if (count) {
		page_marked(page, MARK_NOTE, ROLE_TEXT,
			    arena_printf(page->arena,
				_("another slot: what hangs below these ports "
				  "is kept apart: %s%s"), buf_str(&text),
				count > PORTS_SHOWN ? " …" : ""));
	} else {
		page_marked(page, MARK_NOTE, ROLE_TEXT,
			    _("another slot; the processor's own ports often "
			      "isolate where the chipset's do not"));
	}
	buf_free(&text);
}

static const char *const cures[SHARED_COUNT][4] = {
	[SHARED_CONV_BRIDGE] = {
		N_("a card for PCIe in place of the one for conventional "
		   "PCI") },
	[SHARED_PORT_NO_ACS] = {
		N_("newer firmware, and its settings \"ACS Enable\", \"AER\", "
		   "\"ARI\" where it has them") },
	[SHARED_PORT_ACS_OFF] = {
		N_("the firmware's setting \"ACS Enable\" or \"ACS "
		   "Control\""),
		N_("an IOMMU that is on when the machine starts: the kernel "
		   "switches ACS on only then"),
		N_("pci=config_acs=… (Linux 6.12), which sets bits that the "
		   "port has; and no pci=disable_acs_redir") },
	[SHARED_NO_EXTENDED] = {
		N_("extended config space that is reached: no pci=nommconf, "
		   "and firmware with an MCFG table") },
	[SHARED_ROOT_MF_NO_ACS] = {
		N_("a slot at a port that is not a function of the same "
		   "device"),
		N_("newer firmware, and its settings \"ACS Enable\", \"AER\", "
		   "\"ARI\" where it has them") },
	[SHARED_MF_NO_ACS] = {
		N_("nothing, where they are functions of one chip; they were "
		   "made to go together") },
	[SHARED_DMA_ALIAS] = {
		N_("nothing: it is in the nature of this chip") },
	[SHARED_LEGACY_PCI] = {
		N_("nothing: it is in the nature of conventional PCI") },
	[SHARED_REAL_DMA] = {
		N_("the firmware's setting \"VMD\", switched off") },
	[SHARED_UNKNOWN] = {
		N_("that can be told where all of config space was read: as "
		   "root, with the devices awake") },
};

/* Whether a card in another slot would be apart. */
static bool slot_helps(enum shared_cause cause)
{
	return cause == SHARED_CONV_BRIDGE || cause == SHARED_PORT_NO_ACS ||
	       cause == SHARED_PORT_ACS_OFF || cause == SHARED_NO_EXTENDED ||
	       cause == SHARED_ROOT_MF_NO_ACS;
}

/* The override speaks for PCIe devices without any ACS capability only. */
static bool override_applies(enum shared_cause cause)
{
	return cause == SHARED_PORT_NO_ACS || cause == SHARED_ROOT_MF_NO_ACS ||
	       cause == SHARED_MF_NO_ACS || cause == SHARED_NO_EXTENDED;
}

static void add_cures(const struct scene *scene, const struct group *group,
		      const struct shared *shared, struct page *page)
{
	page_gap(page);
	page_title(page, _("What would separate them"));
	unsigned indent = page->indent, hang = page->hang;
	page_indent(page, indent + 2, indent + 4);
	for (unsigned i = 0; i < 4 && cures[shared->cause][i]; i++)
		page_marked(page, MARK_NOTE, ROLE_TEXT,
			    _(cures[shared->cause][i]));
	if (slot_helps(shared->cause))
		add_ports(scene, group, page);
	page_marked(page, MARK_NOTE, ROLE_TEXT,
		    _("or nothing: give all of them to one guest"));
	page_indent(page, indent, hang);
}

/* The override is named because people will ask, with what it costs. */
static void add_override(const struct shared *shared, struct page *page)
{
	if (shared->cause == SHARED_UNKNOWN)
		return;
	page_gap(page);
	page_marked(page, MARK_WARN, ROLE_TEXT,
		!override_applies(shared->cause) ?
		_("The ACS override patch does nothing for this group: it "
		  "speaks for PCIe devices without any ACS capability only.") :
		_("The ACS override patch (pcie_acs_override=) makes the kernel "
		  "call them separate; it separates nothing.  A guest could "
		  "then reach the host's devices through its own, and memory "
		  "be spoilt without any ill will.  It is not recommended."));
	page->ref = "explain:acs";
	page_pair(page, _("More"), 6, ROLE_DIM, "explain acs");
	page->ref = NULL;
}

void walk_page(const struct scene *scene, int group, struct page *page)
{
	const struct group *self = &scene->system->groups[group];
	struct shared shared = topo_shared(scene->system, self);
	unsigned slots = add_walks(scene, self, page);

	page_gap(page);
	if (slots && shared.cause == SHARED_NONE &&
	    topo_members_known(scene->system, self) != KNOWN)
		return;
	if (slots && shared.cause == SHARED_NONE) {
		page_marked(page, MARK_GOOD, ROLE_TEXT,
			    slots > 1 ?
			    _("Nothing on the way joins them to others.") :
			    _("One slot: nothing on the way joins it to "
			      "another."));
		return;
	}
	if (!slots)
		return;
	add_cures(scene, self, &shared, page);
	add_override(&shared, page);
}
