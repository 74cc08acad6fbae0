// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel parameters that do nothing, mislead, or cost something.  That one
 * keeps the IOMMU off altogether is rule_iommu's matter.
 *
 * Source: Documentation/admin-guide/kernel-parameters.txt.
 */
#include <string.h>

#include "base/i18n.h"
#include "rule/rules.h"
#include "rule/say.h"

/* A rule that is no more than "this word is on the command line". */
static enum verdict word_is_there(struct judge *judge, const char *name,
				  const char *word)
{
	enum known there = clue_parameter(judge->system, name, word);

	if (there == KNOWN) {
		say_parameter(judge, name);
		return VERDICT_FAIL;
	}
	return there == ABSENT ? VERDICT_PASS :
				 judge_unknown(judge, "/proc/cmdline", there);
}

enum verdict rule_amd_on_noop(struct judge *judge)
{
	enum verdict verdict = word_is_there(judge, "amd_iommu", "on");
	const char *line;

	if (verdict != VERDICT_FAIL)
		return verdict;
	if (clue_logged(judge->system, "AMD-Vi: Unknown option - 'on'",
			&line) == KNOWN)
		say_line(judge, line);
	judge_parameter(judge, "amd_iommu=on", true);
	return verdict;
}

enum verdict rule_wrong_vendor(struct judge *judge)
{
	enum cpu_maker maker = judge->clues->maker;
	const char *line;

	if (maker != MAKER_INTEL && maker != MAKER_AMD)
		return maker == MAKER_UNKNOWN ?
			       judge_unknown(judge, "/proc/cpuinfo", UNREAD) :
			       VERDICT_NOT_HERE;
	const char *other = maker == MAKER_AMD ? "intel_iommu" : "amd_iommu";
	enum verdict verdict = word_is_there(judge, other, "");
	if (verdict != VERDICT_FAIL)
		return verdict;
	say_text(judge, say_source(judge, LOGGED_CPU, "/proc/cpuinfo"),
		 &judge->system->host.cpu_vendor);
	if (maker == MAKER_AMD &&
	    clue_logged(judge->system, "DMAR: IOMMU enabled", &line) == KNOWN)
		say_line(judge, line);
	judge_parameter(judge,
			arena_printf(judge->arena, "%s=%s", other,
				     system_parameter(judge->system, other)),
			true);
	return verdict;
}

/* Every group's default domain as far as it is told. */
static enum known identity_everywhere(const struct system *system)
{
	unsigned told = 0, identity = 0;

	for (unsigned i = 0; i < system->group_count; i++) {
		const struct fact_text *type = &system->groups[i].type;
		if (type->known != KNOWN)
			continue;
		told++;
		if (strcmp(type->value, "identity") == 0)
			identity++;
	}
	return !told ? UNREAD : identity == told ? KNOWN : ABSENT;
}

enum verdict rule_passthrough_default(struct judge *judge)
{
	const char *line;

	if (judge->clues->groups == ABSENT)
		return VERDICT_NOT_HERE;
	enum known said = clue_logged(
		judge->system, "Default domain type: Passthrough", &line);
	enum known seen = identity_everywhere(judge->system);
	if (said != KNOWN && seen != KNOWN) {
		if (said == ABSENT || seen == ABSENT)
			return VERDICT_PASS;
		return judge_unknown_log(judge);
	}
	say_line(judge, line);
	if (seen == KNOWN)
		judge_evidence(judge, "/sys/kernel/iommu_groups/*/type",
			       "identity");
	return VERDICT_FAIL;
}

/* Intel's own graphics of this machine, or NONE. */
static int igpu_of(const struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].vendor == 0x8086 &&
		    system->devices[i].address.bus == 0 &&
		    topo_is_display(&system->devices[i]))
			return (int)i;
	return NONE;
}

enum verdict rule_igpu_unmapped(struct judge *judge)
{
	static const char *const lines[] = {
		"Disabling IOMMU for graphics", "Disable GFX device mapping",
		"disabling IOMMU for graphics", NULL,
	};
	const struct system *system = judge->system;
	const char *line;

	if (judge->clues->maker != MAKER_INTEL ||
	    judge->clues->groups == ABSENT)
		return VERDICT_NOT_HERE;
	int igpu = igpu_of(system);
	if (igpu != NONE && system->devices[igpu].group.known == KNOWN)
		return VERDICT_PASS;
	enum known asked = clue_parameter(system, "intel_iommu", "igfx_off");
	enum known said = clue_logged_any(system, lines, &line);
	if (asked != KNOWN && said != KNOWN)
		return asked == ABSENT && said == ABSENT ?
			       VERDICT_PASS : judge_unknown_log(judge);
	if (asked == KNOWN) {
		say_parameter(judge, "intel_iommu");
		judge_parameter(judge, "intel_iommu=igfx_off", true);
	}
	say_line(judge, line);
	if (igpu != NONE && system->devices[igpu].group.known == ABSENT)
		judge_evidence(judge,
			       say_device_path(judge, igpu, "iommu_group"),
			       _("(absent)"));
	return VERDICT_FAIL;
}

static const char override_line[] = "PCIe ACS overrides enabled";

enum verdict rule_acs_override(struct judge *judge)
{
	const char *line;
	enum known said = clue_logged(judge->system, override_line, &line);

	if (said == KNOWN) {
		say_line(judge, line);
		say_parameter(judge, "pcie_acs_override");
		judge_remedy(judge, NULL,
			     _("Give such groups only to guests that you trust "
			       "as you trust the host."));
		return VERDICT_FAIL;
	}
	/* Nobody asked for it, so nothing was overridden. */
	if (said == ABSENT || clue_parameter(judge->system, "pcie_acs_override",
					     "") == ABSENT)
		return VERDICT_PASS;
	return judge_unknown_log(judge);
}

enum verdict rule_acs_override_unsupported(struct judge *judge)
{
	enum verdict verdict = word_is_there(judge, "pcie_acs_override", "");

	if (verdict != VERDICT_FAIL)
		return verdict;
	enum known said = clue_logged(judge->system, override_line, NULL);
	if (said == KNOWN)
		return VERDICT_PASS;
	if (said != ABSENT)
		return judge_unknown_log(judge);
	say_no_line(judge, override_line);
	judge_parameter(judge,
			arena_printf(judge->arena, "pcie_acs_override=%s",
				     system_parameter(judge->system,
						      "pcie_acs_override")),
			true);
	return VERDICT_FAIL;
}

enum verdict rule_acs_redir(struct judge *judge)
{
	enum verdict verdict =
		word_is_there(judge, "pci", "disable_acs_redir");
	const char *line;

	if (verdict == VERDICT_PASS)
		verdict = word_is_there(judge, "pci", "config_acs");
	if (verdict != VERDICT_FAIL)
		return verdict;
	if (clue_logged(judge->system, "Configured ACS to", &line) == KNOWN)
		say_line(judge, line);
	judge_remedy(judge, NULL,
		     _("See whether the words on the command line are still "
		       "wanted; they change which devices share a group."));
	return verdict;
}

enum verdict rule_ecam_missing(struct judge *judge)
{
	const struct system *system = judge->system;
	unsigned small = 0, unknown = 0;
	enum { WHOLE = 4096 };

	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		if (topo_is_pcie(device) != KNOWN)
			continue;
		if (device->config_size.known != KNOWN)
			unknown++;
		else if (device->config_size.value >= WHOLE)
			return VERDICT_PASS;
		else
			small++;
	}
	enum known off = clue_parameter(system, "pci", "nommconf");
	if (off == KNOWN) {
		say_parameter(judge, "pci");
		judge_parameter(judge, "pci=nommconf", true);
		return VERDICT_FAIL;
	}
	if (!small && !unknown)
		return VERDICT_NOT_HERE;
	if (unknown)
		return judge_unknown(judge, "/sys/bus/pci/devices/*/config",
				     UNREAD);
	judge_evidence(judge, "/sys/bus/pci/devices/*/config",
		       P_("256 bytes on %u PCIe device",
			  "256 bytes on each of %u PCIe devices", small),
		       small);
	say_table(judge, "MCFG");
	judge_remedy(judge, NULL, _("Update the firmware: its table MCFG is "
				    "missing or wrong."));
	return VERDICT_FAIL;
}

enum verdict rule_msi_disabled(struct judge *judge)
{
	enum verdict verdict = word_is_there(judge, "pci", "nomsi");

	if (verdict == VERDICT_FAIL)
		judge_parameter(judge, "pci=nomsi", true);
	return verdict;
}
