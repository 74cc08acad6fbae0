// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One group: its members, why they are together, what goes along.  The why
 * is the model's (topo_shared), in words.
 */
#include "view/detail_part.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "view/label.h"
#include "view/node.h"
#include "view/ref.h"
#include "view/verdict.h"

static void add_member(const struct scene *scene, const struct member *member,
		       struct page *page)
{
	char ref[REF_TEXT];

	if (member->device == NONE) {
		page_marked(page, MARK_UNKNOWN, ROLE_TEXT,
			    arena_printf(page->arena, _("%s, not on PCI"),
					 member->name));
		return;
	}
	const struct device *device = &scene->system->devices[member->device];
	struct subject subject = { SCOPE_DEVICE, member->device };
	struct text driver = label_driver(device);
	struct text use = label_use(scene, member->device, page->arena);
	page->ref = arena_text(page->arena, ref_print(scene->system, subject,
						      NULL, ref));
	page_marked(page, verdict_device(scene, member->device), ROLE_TEXT,
		    arena_printf(page->arena, "%s  %s  (%s)  %s",
				 label_device(scene, member->device,
					      page->arena),
				 label_kind(device), driver.text, use.text));
	page->ref = NULL;
}

static const char *address_of(const struct scene *scene, int device,
			      struct arena *arena)
{
	return device == NONE ? SIGN_UNKNOWN :
		label_address(&scene->system->devices[device], arena);
}

/* The reason in words, or NULL where its endpoints are of one slot. */
static const char *why_together(const struct scene *scene,
				const struct group *group,
				struct arena *arena)
{
	struct shared shared = topo_shared(scene->system, group);
	const char *culprit = address_of(scene, shared.culprit, arena);
	const char *victim = address_of(scene, shared.victim, arena);

	const char *with = address_of(scene, shared.with, arena);

	switch (shared.cause) {
	case SHARED_CONV_BRIDGE:
		return arena_printf(
			arena,
			_("%s hangs behind %s, a bridge to conventional PCI: "
			  "all behind it speak with one voice, so the IOMMU "
			  "cannot tell them apart."), victim, culprit);
	case SHARED_PORT_NO_ACS:
		return arena_printf(
			arena,
			_("The port %s above %s has no ACS capability "
			  "(0x000d), so devices below it could talk past the "
			  "IOMMU."), culprit, victim);
	case SHARED_PORT_ACS_OFF:
		return arena_printf(
			arena,
			_("The port %s above %s has ACS, but it is not "
			  "switched on (missing bits %#06x), so devices below "
			  "it could talk past the IOMMU."), culprit, victim,
			shared.missing);
	case SHARED_NO_EXTENDED:
		return arena_printf(
			arena,
			_("Of the port %s above %s only the first 256 bytes "
			  "of config space are reached, so the kernel sees no "
			  "ACS there."), culprit, victim);
	case SHARED_ROOT_MF_NO_ACS:
		return arena_printf(
			arena,
			_("The ports %s and %s are functions of one device "
			  "without ACS between them, so all that is below "
			  "either could talk past the IOMMU."), with, culprit);
	case SHARED_MF_NO_ACS:
		return arena_printf(
			arena,
			_("%s is one function of a device with several, "
			  "without ACS between them, so they could talk past "
			  "the IOMMU."), culprit);
	case SHARED_DMA_ALIAS:
		return arena_printf(
			arena,
			_("%s speaks under the name of %s, so the IOMMU "
			  "cannot tell them apart."), culprit, with);
	case SHARED_LEGACY_PCI:
		return arena_printf(
			arena,
			_("%s is one function of a conventional PCI device; "
			  "such functions are never isolated from one "
			  "another."), culprit);
	case SHARED_REAL_DMA:
		return arena_printf(
			arena,
			_("%s hangs behind %s, a VMD controller: all behind "
			  "it speak under its name."), victim, culprit);
	case SHARED_UNKNOWN:
		return arena_printf(
			arena, _("Why they are together cannot be told: %s."),
			*known_why(shared.why_unknown) ?
				known_why(shared.why_unknown) :
				_("nothing on the path explains it"));
	case SHARED_NONE:
	case SHARED_COUNT:
		break;
	}
	return NULL;
}

static void add_why(const struct scene *scene, const struct group *group,
		    struct page *page)
{
	const char *why = why_together(scene, group, page->arena);
	unsigned endpoints = topo_endpoints(scene->system, group);

	page_gap(page);
	if (why) {
		page_title(page, _("Why together"));
		page_add(page, ROLE_TEXT, why);
		page_printf(page, ROLE_TEXT,
			    _("  To give one of them away, all %u go."),
			    endpoints);
	} else if (topo_members_known(scene->system, group) != KNOWN) {
		page_add(page, ROLE_UNKNOWN,
			 _("There may be others in it that nothing here tells "
			   "of."));
	} else if (endpoints > 1) {
		page_add(page, ROLE_TEXT,
			 _("All of them are functions of one device; they "
			   "belong together and go together."));
	} else if (endpoints == 1) {
		page_add(page, ROLE_TEXT,
			 _("Its device stands alone: nothing else goes "
			   "along."));
	} else {
		page_add(page, ROLE_TEXT,
			 _("Only bridges: there is nothing to give away."));
	}
	page_end(page);
}

/* Its node in /dev/vfio and who has it, or why there is none. */
static void add_node(const struct scene *scene, const struct group *group,
		     struct page *page)
{
	const char *node = node_of_group(scene->system, group, page->arena);
	struct text viable;
	enum mark mark;

	page_gap(page);
	if (!node) {
		const char *why = node_why(scene, group, page->arena);
		page_pair(page, _("node"), 10, ROLE_TEXT,
			  !known_is_settled(scene->system->vfio.nodes_known) ?
			  why :
			  arena_printf(page->arena, _("/dev/vfio/%u is not "
						      "there.  %s"),
				       group->number, why));
		return;
	}
	const char *access = node_access(scene->system, node, page->arena);
	const char *holders = node_holders(scene->system, node, page->arena);
	page_pair(page, _("node"), 10, ROLE_TEXT, access ?
		  arena_printf(page->arena, _("%s, for %s"), node, access) :
		  node);
	if (*holders)
		page_pair(page, _("held by"), 10, ROLE_TEXT, holders);
	viable = node_viable(scene->system, group, &mark, page->arena);
	page_pair(page, _("VFIO"), 10, viable.role, viable.text);
	if (strstr(node, "noiommu"))
		page_marked(page, MARK_WARN, ROLE_TEXT,
			    _("No IOMMU serves it: whoever opens it reaches "
			      "all memory, and the kernel is tainted.  It is "
			      "no use to a virtual machine."));
}

static void add_reserved(const struct group *group, struct page *page)
{
	page_gap(page);
	if (!known_is_settled(group->reserved_known)) {
		page_pair(page, _("reserved"), 10, ROLE_UNKNOWN,
			  known_why(group->reserved_known));
		return;
	}
	for (unsigned i = 0; i < group->reserved_count; i++)
		page_pair(page, i ? "" : _("reserved"), 10, ROLE_TEXT,
			  arena_printf(page->arena,
				       "%#" PRIx64 "–%#" PRIx64 " %s",
				       group->reserved[i].start,
				       group->reserved[i].end,
				       group->reserved[i].type));
}

void detail_group(const struct scene *scene, int group, struct page *page)
{
	const struct group *self = &scene->system->groups[group];
	struct subject subject = { SCOPE_GROUP, group };

	page_printf(page, ROLE_TITLE, _("Group %u"), self->number);
	if (self->type.known == KNOWN)
		page_printf(page, ROLE_DIM, "  %s", self->type.value);
	page_end(page);
	page_gap(page);
	if (!known_is_settled(self->members_known)) {
		page_add(page, ROLE_UNKNOWN, known_why(self->members_known));
		page_end(page);
	}
	for (unsigned i = 0; i < self->member_count; i++)
		add_member(scene, &self->members[i], page);
	add_why(scene, self, page);
	page_gap(page);
	detail_losses(scene, subject, page);
	page_gap(page);
	detail_findings(scene, subject, page);
	add_node(scene, self, page);
	add_reserved(self, page);
}
