// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IOMMU groups: who shares one, why, and whether vfio would give it out.
 * How the kernel makes groups is model/topo's knowledge.
 *
 * Sources: Documentation/driver-api/vfio.rst; drivers/iommu/iommu.c,
 * iommu_device_use_default_domain(); drivers/pci/pci.c, pci_acs_enabled().
 */
#include <linux/pci_regs.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "model/viable.h"
#include "rule/rules.h"
#include "rule/say.h"
#include "rule/vital.h"

enum verdict rule_group_direct(struct judge *judge)
{
	const struct group *group = say_group(judge);
	const char *path = say_group_path(judge, judge->subject.index,
					  "reserved_regions");
	bool found = false;

	for (unsigned i = 0; i < group->reserved_count; i++) {
		const struct reserved *range = &group->reserved[i];
		if (strcmp(range->type, "direct") != 0)
			continue;
		judge_evidence(judge, path, "0x%016llx 0x%016llx direct",
			       (unsigned long long)range->start,
			       (unsigned long long)range->end);
		found = true;
	}
	if (!found)
		return VERDICT_PASS;
	judge_remedy(judge, NULL,
		     _("Look in the firmware's setup for what wants the memory "
		       "(HPE: \"Shared Memory\" features) and switch it off, "
		       "or put the card into another slot.  Without that, "
		       "another device is needed."));
	return VERDICT_FAIL;
}

/* "01:00.0 GPU (nvidia)": what the group holds, a line each. */
static void say_member(struct judge *judge, unsigned at)
{
	const struct group *group = say_group(judge);
	int device = group->members[at].device;
	const char *path = say_group_path(judge, judge->subject.index,
					  "devices");

	if (device == NONE) {
		judge_evidence(judge, path, "%s", group->members[at].name);
		return;
	}
	const struct device *self = &judge->system->devices[device];
	const char *driver = self->driver.known == KNOWN ?
				     self->driver.value : "";
	judge_evidence(judge, path, "%s %s%s%s%s", group->members[at].name,
		       say_kind(self), *driver ? " (" : "", driver,
		       *driver ? ")" : "");
}

static bool is_endpoint(const struct judge *judge, unsigned at)
{
	int device = say_group(judge)->members[at].device;

	return device == NONE ||
	       !topo_is_bridge(&judge->system->devices[device]);
}

/* A part of the platform, or one that the host cannot go on without. */
static bool holds_needed(const struct judge *judge)
{
	const struct group *group = say_group(judge);

	for (unsigned i = 0; i < group->member_count; i++) {
		int device = group->members[i].device;
		if (device != NONE &&
		    (topo_is_platform(&judge->system->devices[device]) ||
		     vital_is(judge->system, device)))
			return true;
	}
	return false;
}

static const struct shared *shared_of(struct judge *judge)
{
	return clues_shared(judge->clues, judge->system, judge->subject.index);
}

/* A sentence on a cause, of the culprit's address and what it is: its kind,
 * or where it is one of two, the other's address. */
static const char *const cause_texts[SHARED_COUNT] = {
	[SHARED_NONE] = "",
	[SHARED_CONV_BRIDGE] =
		N_("They sit behind %s (%s), which gives all of them one "
		   "name on the bus."),
	[SHARED_PORT_NO_ACS] =
		N_("%s (%s) has no ACS, so what is below it could talk past "
		   "the IOMMU."),
	[SHARED_PORT_ACS_OFF] =
		N_("%s (%s) has ACS, but not all of it is switched on."),
	[SHARED_NO_EXTENDED] =
		N_("Of %s (%s) only the first 256 bytes of config space are "
		   "reached, so the kernel sees no ACS there."),
	[SHARED_ROOT_MF_NO_ACS] =
		N_("The ports %s and %s are functions of one device without "
		   "ACS between them, so what is below them is together."),
	[SHARED_MF_NO_ACS] =
		N_("%s (%s) shares its chip with other functions, without "
		   "ACS between them."),
	[SHARED_DMA_ALIAS] = N_("%s speaks under the name of %s."),
	[SHARED_LEGACY_PCI] =
		N_("%s (%s) is a function of a conventional PCI device; those "
		   "are never isolated from one another."),
	[SHARED_REAL_DMA] =
		N_("They sit behind %s (%s), a VMD controller, and speak "
		   "under its name."),
	[SHARED_UNKNOWN] = "",
};

/* That sentence; "" where the cause is not known. */
static const char *cause_of(struct judge *judge, const struct shared *shared)
{
	const char *text = cause_texts[shared->cause];

	if (!*text || shared->culprit == NONE)
		return "";
	const char *culprit = say_address(judge, shared->culprit);
	const char *with = shared->with == NONE ?
				   "" : say_address(judge, shared->with);
	if (shared->cause == SHARED_ROOT_MF_NO_ACS)
		return arena_printf(judge->arena, _(text), with, culprit);
	return arena_printf(
		judge->arena, _(text), culprit,
		shared->cause == SHARED_DMA_ALIAS ? with :
			say_kind(&judge->system->devices[shared->culprit]));
}

static void remedy_shared(struct judge *judge, const struct shared *shared)
{
	judge_remedy(judge, NULL, _("Give all of them to the same guest."));
	judge_remedy(judge, NULL,
		     _("Or put the card into another slot: one on the "
		       "processor instead of the chipset, or the other way "
		       "round."));
	if (shared->cause != SHARED_CONV_BRIDGE)
		judge_remedy(judge, NULL,
			     _("Or look in the firmware's setup for \"ACS "
			       "Enable\", \"ACS Control\" or \"PCIe ARI "
			       "Support\", and update the firmware."));
}

enum verdict rule_group_shared(struct judge *judge)
{
	const struct group *group = say_group(judge);
	const struct shared *shared = shared_of(judge);

	if (shared->cause == SHARED_NONE)
		return VERDICT_PASS;
	unsigned endpoints = topo_endpoints(judge->system, group);
	judge_title(judge, P_("Group %u holds %u device of different slots",
			      "Group %u holds %u devices of different slots",
			      endpoints),
		    group->number, endpoints);
	for (unsigned i = 0; i < group->member_count; i++)
		if (is_endpoint(judge, i))
			say_member(judge, i);
	judge_why(judge, "%s%s%s",
		  _("A group goes to a virtual machine as a whole or not at "
		    "all."),
		  *cause_of(judge, shared) ? "  " : "",
		  cause_of(judge, shared));
	if (!holds_needed(judge))
		judge_severity(judge, SEVERITY_WARNING);
	remedy_shared(judge, shared);
	return VERDICT_FAIL;
}

/* Whether the group's cause is one of @causes, bits; with the evidence common
 * to all. */
static enum verdict cause_is(struct judge *judge, unsigned causes)
{
	const struct shared *shared = shared_of(judge);

	if (shared->cause == SHARED_NONE)
		return VERDICT_NOT_HERE;
	if (shared->cause == SHARED_UNKNOWN &&
	    !known_is_settled(shared->why_unknown))
		return judge_unknown(judge,
				     _("config space of the ports above it"),
				     shared->why_unknown);
	if (!(causes >> shared->cause & 1))
		return VERDICT_PASS;
	if (shared->cause != SHARED_UNKNOWN)
		judge_why(judge, "%s", cause_of(judge, shared));
	return VERDICT_FAIL;
}

static const struct config *culprit_config(struct judge *judge)
{
	return judge->system->devices[shared_of(judge)->culprit].config;
}

static const char *culprit_path(struct judge *judge)
{
	return say_device_path(judge, shared_of(judge)->culprit, "config");
}

enum verdict rule_group_conv_bridge(struct judge *judge)
{
	enum verdict verdict = cause_is(judge, 1u << SHARED_CONV_BRIDGE);

	if (verdict == VERDICT_FAIL) {
		judge_evidence(judge, culprit_path(judge), "%s",
			       culprit_config(judge)->has_pcie ?
				       _("PCIe type 7: PCIe-to-PCI bridge") :
				       _("a bridge without PCIe capability"));
		judge_remedy(judge, NULL,
			     _("Use a PCIe card, or a slot that is not behind "
			       "this bridge."));
	}
	return verdict;
}

enum verdict rule_group_port_no_acs(struct judge *judge)
{
	enum verdict verdict = cause_is(judge, 1u << SHARED_PORT_NO_ACS |
						       1u << SHARED_NO_EXTENDED |
						       1u << SHARED_ROOT_MF_NO_ACS);

	if (verdict == VERDICT_FAIL)
		judge_evidence(judge, culprit_path(judge),
			       shared_of(judge)->cause == SHARED_NO_EXTENDED ?
				       _("only 256 bytes: ACS is out of reach") :
				       _("no extended capability 0x000d (ACS)"));
	return verdict;
}

/* "SV, RR": ACS switches by their short names. */
static const char *acs_names(struct judge *judge, unsigned bits)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {
		{ PCI_ACS_SV, "SV" }, { PCI_ACS_TB, "TB" },
		{ PCI_ACS_RR, "RR" }, { PCI_ACS_CR, "CR" },
		{ PCI_ACS_UF, "UF" },
	};
	struct buf text = {0};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (bits & names[i].bit)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   names[i].name);
	const char *copy = arena_text(judge->arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

/* The word of pci=config_acs= that switches bits on: DT EC UF CR RR TB SV. */
static const char *acs_word(struct judge *judge, unsigned bits)
{
	char word[8] = "xxxxxxx";

	for (unsigned i = 0; i < 7; i++)
		if (bits >> i & 1)
			word[6 - i] = '1';
	return arena_text(judge->arena, word);
}

enum verdict rule_group_port_acs_off(struct judge *judge)
{
	const struct shared *shared = shared_of(judge);
	enum verdict verdict = cause_is(judge, 1u << SHARED_PORT_ACS_OFF);

	if (verdict != VERDICT_FAIL)
		return verdict;
	const struct config *config = culprit_config(judge);
	judge_evidence(judge, culprit_path(judge),
		       _("ACS capability 0x%04x, control 0x%04x; off: %s"),
		       config->acs_cap, config->acs_ctrl,
		       acs_names(judge, shared->missing));
	if (system_parameter(judge->system, "pci"))
		say_parameter(judge, "pci");
	if (judge->clues->kernel == 0 || judge->clues->kernel >= 6012)
		judge_parameter(judge,
				arena_printf(judge->arena,
					     "pci=config_acs=%s@%s",
					     acs_word(judge, shared->missing),
					     say_address(judge,
							 shared->culprit)),
				false);
	judge_remedy(judge, NULL,
		     _("Or look in the firmware's setup for \"ACS Enable\" or "
		       "\"ACS Control\"."));
	return verdict;
}

enum verdict rule_group_mf_no_acs(struct judge *judge)
{
	enum verdict verdict = cause_is(judge, 1u << SHARED_MF_NO_ACS |
						       1u << SHARED_ROOT_MF_NO_ACS |
						       1u << SHARED_LEGACY_PCI);

	if (verdict == VERDICT_FAIL)
		judge_evidence(judge, culprit_path(judge), "%s",
			       !culprit_config(judge)->has_pcie ?
				       _("multifunction, no PCIe capability") :
			       culprit_config(judge)->has_acs ?
				       _("multifunction, ACS not all on") :
				       _("multifunction, no ACS"));
	return verdict;
}

enum verdict rule_group_unknown(struct judge *judge)
{
	enum verdict verdict = cause_is(judge, 1u << SHARED_UNKNOWN);

	if (verdict == VERDICT_FAIL)
		for (unsigned i = 0; i < say_group(judge)->member_count; i++)
			say_member(judge, i);
	return verdict;
}

enum verdict rule_group_not_viable(struct judge *judge)
{
	const struct group *group = say_group(judge);
	struct viable viable = viable_group(judge->system, group);

	if (!viable.on_vfio)
		return VERDICT_NOT_HERE;
	if (viable.known == KNOWN)
		return VERDICT_PASS;
	if (viable.known != ABSENT) {
		bool named = viable.culprit != NONE &&
			     viable_driver(judge->system,
					   &group->members[viable.culprit])
				     ->known == KNOWN;
		return judge_unknown(judge,
				     named ? "/proc/sys/kernel/osrelease" :
					     _("drivers of members"),
				     viable.known);
	}
	judge_title(judge, _("Group %u is not viable: the host holds a member"),
		    group->number);
	for (unsigned i = 0; i < group->member_count; i++)
		say_member(judge, i);
	judge_remedy(judge, NULL,
		     _("Bind every other endpoint of the group to vfio-pci "
		       "too, or leave it without a driver.  Bridges stay on "
		       "pcieport."));
	return VERDICT_FAIL;
}
