// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why there are no IOMMU groups: command line and firmware.  Whether there
 * are any is told by the groups themselves; the rest only explains.  What
 * lies below the kernel is rule_guest's matter, what is in it rule_built's.
 *
 * Sources: drivers/iommu/intel/iommu.c and dmar.c, drivers/iommu/amd/init.c,
 * arch/x86/kernel/pci-dma.c; Documentation/arch/x86/iommu.rst.
 */
#include "base/i18n.h"
#include "base/text.h"
#include "rule/begin.h"
#include "rule/rules.h"
#include "rule/say.h"

enum verdict rule_cmdline_acpi_off(struct judge *judge)
{
	enum verdict verdict;

	if (judge->clues->x86 == ABSENT)
		return VERDICT_NOT_HERE;
	if (!judge->clues->acpi_off &&
	    (judge->system->host.cmdline.known == KNOWN ||
	     judge->system->host.table_count))
		return VERDICT_PASS;
	if (!begin_groupless(judge, &verdict))
		return verdict;
	if (!judge->clues->acpi_off)
		return judge_unknown(judge, "/proc/cmdline",
				     judge->system->host.cmdline.known);
	say_parameter(judge, "acpi");
	say_groups(judge);
	judge_parameter(judge, "acpi=off", true);
	return VERDICT_FAIL;
}

enum verdict rule_cmdline_iommu_off(struct judge *judge)
{
	enum verdict verdict;

	if (judge->clues->x86 == ABSENT)
		return VERDICT_NOT_HERE;
	enum known off = clue_parameter(judge->system, "iommu", "off");
	if (off == ABSENT)
		return VERDICT_PASS;
	if (!begin_groupless(judge, &verdict))
		return verdict;
	if (off != KNOWN)
		return judge_unknown(judge, "/proc/cmdline", off);
	say_parameter(judge, "iommu");
	say_groups(judge);
	judge_word(judge, "iommu", "off");
	return VERDICT_FAIL;
}

static bool is_on_by_default(const struct kconfig *kconfig)
{
	return kconfig->known == KNOWN &&
	       (kconfig->value[CFG_INTEL_IOMMU_DEFAULT_ON] == 'y' ||
		kconfig->value[CFG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF] == 'y');
}

enum verdict rule_intel_off_param(struct judge *judge)
{
	const struct system *system = judge->system;
	const char *line;
	enum verdict verdict;

	if (!begin_groupless_on(judge, MAKER_INTEL, &verdict))
		return verdict;
	if (system->host.cmdline.known != KNOWN)
		return judge_unknown(judge, "/proc/cmdline",
				     system->host.cmdline.known);
	if (clue_switch(system, "intel_iommu") != ABSENT)
		return VERDICT_PASS;
	say_parameter(judge, "intel_iommu");
	if (clue_logged(system, "DMAR: IOMMU disabled", &line) == KNOWN)
		say_line(judge, line);
	say_groups(judge);
	judge_word(judge, "intel_iommu", "off");
	/* Many kernels leave it on when nothing is said. */
	if (!is_on_by_default(&judge->system->host.kconfig))
		judge_parameter(judge, "intel_iommu=on", false);
	return VERDICT_FAIL;
}

/* Whether this kernel starts VT-d without being told: by its configuration,
 * else by what its complete log says of starting it. */
static enum known starts_by_default(struct judge *judge)
{
	static const enum symbol on[] = {
		CFG_INTEL_IOMMU_DEFAULT_ON,
		CFG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF,
	};
	/* Printed only while DMA remapping is being set up. */
	static const char *const setting_up[] = {
		"DMAR: No RMRR found", "DMAR: No ATSR found",
		"DMAR: No SATC found", "Using Queued invalidation",
		"Using Register based invalidation", NULL,
	};
	const struct system *system = judge->system;
	enum known built = clue_built(system, CFG_INTEL_IOMMU);

	if (built == ABSENT ||
	    clue_taken(system, "intel_iommu", NULL) == ABSENT)
		return KNOWN;	/* another rule's matter */
	for (unsigned i = 0; built == KNOWN && i < 2; i++)
		if (clue_built(system, on[i]) == KNOWN)
			return KNOWN;
	if (built == KNOWN)
		return ABSENT;
	/* Without any word of the table there is no driver at all. */
	if (clue_logged(system, "DMAR: Host address width", NULL) == ABSENT)
		return KNOWN;
	return clue_logged_any(system, setting_up, NULL);
}

/* What else would keep VT-d off, so that telling it to start is no remedy. */
static bool is_held_off(const struct judge *judge)
{
	return judge->clues->dom0 == KNOWN ||
	       clue_switch(judge->system, "intel_iommu") != UNREAD ||
	       clue_parameter(judge->system, "iommu", "off") == KNOWN ||
	       clue_logged(judge->system, "Firmware forces DMA remapping off",
			   NULL) == KNOWN;
}

enum verdict rule_intel_default_off(struct judge *judge)
{
	const struct system *system = judge->system;
	enum verdict verdict;
	const char *line;

	if (!begin_groupless_on(judge, MAKER_INTEL, &verdict))
		return verdict;
	enum known table = clue_table(system, judge->clues, "DMAR");
	if (table == ABSENT || is_held_off(judge))
		return VERDICT_PASS;
	if (table != KNOWN)
		return judge_unknown(judge, "/sys/firmware/acpi/tables", table);
	if (system->host.cmdline.known != KNOWN)
		return judge_unknown(judge, "/proc/cmdline",
				     system->host.cmdline.known);
	enum known starts = starts_by_default(judge);
	if (starts == KNOWN)
		return VERDICT_PASS;
	if (starts != ABSENT)
		return judge_unknown(judge, _("the kernel's configuration"),
				     system->host.kconfig.known);
	say_table(judge, "DMAR");
	say_symbol(judge, CFG_INTEL_IOMMU);
	say_symbol(judge, CFG_INTEL_IOMMU_DEFAULT_ON);
	if (clue_logged(system, "DMAR: Host address width", &line) == KNOWN) {
		say_line(judge, line);
		if (system->host.log.complete)
			say_no_line(judge, "DMAR: Intel(R) Virtualization "
					   "Technology for Directed I/O");
	}
	say_parameter(judge, "intel_iommu");
	say_groups(judge);
	judge_parameter(judge, "intel_iommu=on", false);
	return VERDICT_FAIL;
}

/* Whether the firmware keeps its IOMMU to itself: the machine is real, its
 * tables were listed, and @table is not among them. */
static enum verdict lacks_table(struct judge *judge, const char *table)
{
	enum known known = clue_table(judge->system, judge->clues, table);

	if (known == KNOWN)
		return VERDICT_PASS;
	if (judge->clues->dom0 == KNOWN || judge->clues->guest == KNOWN)
		return VERDICT_NOT_HERE;
	if (known == UNREAD && judge->clues->acpi_off)
		return judge_unknown(judge, _("ACPI tables (acpi=off)"), known);
	if (known != ABSENT || judge->system->host.tables_known == ABSENT)
		return judge_unknown(judge, "/sys/firmware/acpi/tables", known);
	if (judge->clues->guest != ABSENT)
		return judge_unknown(judge, "/proc/cpuinfo",
				     judge->system->host.cpu_flags.known);
	say_table(judge, table);
	say_text(judge, say_source(judge, LOGGED_CPU, "/proc/cpuinfo"),
		 &judge->system->host.cpu_vendor);
	return VERDICT_FAIL;
}

enum verdict rule_vtd_disabled(struct judge *judge)
{
	enum verdict verdict;

	if (!begin_groupless_on(judge, MAKER_INTEL, &verdict))
		return verdict;
	verdict = lacks_table(judge, "DMAR");
	if (verdict != VERDICT_FAIL)
		return verdict;
	const char *line;
	if (clue_logged(judge->system, "DMAR: IOMMU enabled", &line) == KNOWN) {
		/* People take this line for proof. */
		say_line(judge, line);
		judge_why(judge, "%s  %s", _("Firmware with VT-d switched on "
			"leaves an ACPI table named DMAR, and there is none."),
			_("The line \"DMAR: IOMMU enabled\" only repeats the "
			  "kernel parameter; it proves nothing."));
	}
	say_groups(judge);
	judge_remedy(judge, NULL,
		     _("In the firmware's setup, switch on \"VT-d\" or \"Intel "
		       "VT for Directed I/O\" (often below CPU, Chipset or "
		       "Security).  If there is no such entry, look whether "
		       "processor and chipset have VT-d."));
	return VERDICT_FAIL;
}

enum verdict rule_amd_off_param(struct judge *judge)
{
	enum verdict verdict;

	enum known off = clue_parameter(judge->system, "amd_iommu", "off");
	if (off == ABSENT && judge->clues->maker == MAKER_AMD)
		return VERDICT_PASS;
	if (!begin_groupless_on(judge, MAKER_AMD, &verdict))
		return verdict;
	if (off != KNOWN)
		return off == ABSENT ? VERDICT_PASS :
				       judge_unknown(judge, "/proc/cmdline",
						     off);
	say_parameter(judge, "amd_iommu");
	say_groups(judge);
	judge_word(judge, "amd_iommu", "off");
	return VERDICT_FAIL;
}

enum verdict rule_amdvi_disabled(struct judge *judge)
{
	enum verdict verdict;

	if (!begin_groupless_on(judge, MAKER_AMD, &verdict))
		return verdict;
	verdict = lacks_table(judge, "IVRS");
	if (verdict != VERDICT_FAIL)
		return verdict;
	say_groups(judge);
	judge_remedy(judge, NULL,
		     _("In the firmware's setup, set \"IOMMU\" to Enabled, not "
		       "Auto (often below AMD CBS, NBIO).  \"SVM Mode\" is "
		       "another switch."));
	return VERDICT_FAIL;
}

enum verdict rule_dmar_opt_out(struct judge *judge)
{
	const struct system *system = judge->system;
	const struct dmar *dmar = &system->host.dmar;
	const char *line;

	if (judge->clues->maker != MAKER_INTEL &&
	    judge->clues->maker != MAKER_UNKNOWN)
		return VERDICT_NOT_HERE;
	if (judge->clues->groups == KNOWN)
		return VERDICT_PASS;
	enum known said = clue_logged(
		system, "Firmware forces DMA remapping off", &line);
	bool flag = dmar->known == KNOWN && dmar->remap_optout;
	if (said != KNOWN && !(flag && judge->clues->groups == ABSENT)) {
		if (said == ABSENT || dmar->known == KNOWN)
			return VERDICT_PASS;
		return judge_unknown_log(judge);
	}
	say_line(judge, line);
	if (flag)
		judge_evidence(judge, "/sys/firmware/acpi/tables/DMAR",
			       _("flags: bit 3, DMA remapping opt-out"));
	judge_remedy(judge, NULL,
		     _("In the firmware's setup, look for \"VT-d\" and "
		       "\"Kernel DMA Protection\"; intel_iommu=on cannot "
		       "help."));
	return VERDICT_FAIL;
}

enum verdict rule_no_iommu_groups(struct judge *judge)
{
	enum verdict verdict;

	if (!begin_groupless(judge, &verdict))
		return verdict;
	say_groups(judge);
	say_parameter(judge, "intel_iommu");
	say_parameter(judge, "amd_iommu");
	say_parameter(judge, "iommu");
	if (judge->system->host.container.known == KNOWN)
		judge_remedy(judge, NULL,
			     _("This is the view from inside a container, which "
			       "hides what the firmware offers: run vfiotop on "
			       "the host itself."));
	judge_remedy(judge, NULL,
		     _("See what else was found here; if nothing explains it, "
		       "look again as root, with the kernel's log from its "
		       "beginning."));
	return VERDICT_FAIL;
}
