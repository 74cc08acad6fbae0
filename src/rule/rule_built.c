// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why there are no IOMMU groups: what the kernel lacks, or the machine has
 * nobody to drive.  Command line and firmware are rule_iommu's matter.
 *
 * Sources: drivers/iommu/Kconfig; drivers/iommu/intel/iommu.c; init/main.c,
 * print_unknown_bootoptions(); drivers/acpi/arm64/iort.c.
 */
#include "base/i18n.h"
#include "base/text.h"
#include "rule/begin.h"
#include "rule/rules.h"
#include "rule/say.h"

enum verdict rule_arm_no_smmu(struct judge *judge)
{
	const struct system *system = judge->system;
	static const char *const lines[] = { "arm-smmu", "smmu", "SMMU", NULL };

	if (judge->clues->arm == ABSENT)
		return VERDICT_NOT_HERE;
	if (judge->clues->groups == KNOWN)
		return VERDICT_PASS;
	if (judge->clues->groups != ABSENT || judge->clues->arm != KNOWN)
		return judge_unknown(judge, "/sys/kernel/iommu_groups",
				     judge->clues->groups);
	enum known seen = clue_logged_any(system, lines, NULL);
	const struct host *host = &system->host;
	bool table = host->iort.known == KNOWN && host->iort.whole;
	bool tree = host->devicetree.known == KNOWN &&
		    known_is_settled(host->devicetree_smmu.known);
	if (seen == KNOWN || (table && host->iort.smmus) ||
	    (tree && host->devicetree_smmu.value))
		return VERDICT_PASS;
	/* A table that was not read may describe one. */
	if (!table && !tree &&
	    (seen != ABSENT || system_has_table(system, "IORT") == KNOWN))
		return judge_unknown_log(judge);
	if (table)
		judge_evidence(judge, "/sys/firmware/acpi/tables/IORT",
			       _("no SMMU among %u nodes"), host->iort.nodes);
	if (tree)
		judge_evidence(judge, "/sys/firmware/devicetree/base",
			       _("no SMMU"));
	if (seen == ABSENT)
		say_no_line(judge, "arm-smmu");
	say_groups(judge);
	judge_remedy(judge, NULL,
		     _("If the chip has an SMMU in front of PCIe, the "
		       "firmware's IORT or the device tree must say so, and "
		       "the kernel needs CONFIG_ARM_SMMU_V3.  Many boards have "
		       "none."));
	return VERDICT_FAIL;
}

/* A maker's table, the driver for it, and what each of its lines begins with
 * in the log. */
static const char *const intel_echoes[] = {
	"DMAR: IOMMU enabled", "DMAR: IOMMU disabled", "Intel-IOMMU: ", NULL,
};

static const struct iommu_driver {
	const char *table;
	enum symbol symbol;
	const char *line;
	const char *parameter;		/* that it takes, or NULL */
	const char *const *echoes;	/* what it says to on and off */
} iommu_drivers[] = {
	{ "DMAR", CFG_INTEL_IOMMU, "DMAR", "intel_iommu", intel_echoes },
	{ "IVRS", CFG_AMD_IOMMU, "AMD-Vi: ", "amd_iommu", NULL },
	{ "VIOT", CFG_VIRTIO_IOMMU, "virtio_iommu", NULL, NULL },
};

/* The driver's first line, whatever it says, but not ACPI's line about the
 * table: "ACPI: DMAR 0x…", "ACPI: Reserving DMAR table memory". */
static enum known driver_spoke(const struct system *system, const char *word)
{
	const struct log *log = &system->host.log;
	const struct log_line *line;
	size_t from = 0;

	if (log->known != KNOWN)
		return log->known;
	while ((line = log_find(log, &from, word)))
		if (!text_starts(line->text, "ACPI:"))
			return KNOWN;
	return log->complete ? ABSENT : UNREAD;
}

static enum known has_driver(struct judge *judge,
			     const struct iommu_driver *driver)
{
	const struct system *system = judge->system;
	enum known built = clue_built(system, driver->symbol);

	if (known_is_settled(built))
		return built;
	/* A parameter that nobody took had no driver to take it. */
	enum known taken = driver->parameter ?
		clue_taken(system, driver->parameter, driver->echoes) : UNREAD;
	if (known_is_settled(taken))
		return taken;
	/* A driver that was told to stay silent is silent. */
	if (clue_parameter(system, "iommu", "off") != ABSENT ||
	    clue_parameter(system, "amd_iommu", "off") != ABSENT ||
	    driver->symbol == CFG_VIRTIO_IOMMU)
		return UNREAD;
	return driver_spoke(system, driver->line);
}

/* What shows that there is no driver, where no configuration does. */
static void say_silence(struct judge *judge, const struct iommu_driver *driver)
{
	const char *line;

	if (driver->parameter &&
	    clue_parameter(judge->system, driver->parameter, "") == KNOWN) {
		say_parameter(judge, driver->parameter);
		if (clue_logged(judge->system, clue_unknown_words, &line) ==
		    KNOWN)
			say_line(judge, line);
		if (driver->echoes)
			say_no_line(judge, driver->echoes[0]);
		return;
	}
	say_no_line(judge, driver->line);
}

/* An SMMU is described, but of its two drivers the kernel has none. */
static enum verdict no_smmu_driver(struct judge *judge)
{
	const struct system *system = judge->system;
	enum known newer = clue_built(system, CFG_ARM_SMMU_V3);
	enum known older = clue_built(system, CFG_ARM_SMMU);
	enum verdict verdict;

	if (system->host.iort.known != KNOWN)
		return system->host.iort.known == ABSENT ?
			       VERDICT_NOT_HERE :
			       judge_unknown(judge,
					     "/sys/firmware/acpi/tables/IORT",
					     system->host.iort.known);
	if (!system->host.iort.smmus)
		return VERDICT_NOT_HERE;
	if (!begin_groupless(judge, &verdict))
		return verdict;
	if (newer == KNOWN || older == KNOWN ||
	    clue_logged(system, "arm-smmu", NULL) == KNOWN)
		return VERDICT_PASS;
	if (newer != ABSENT || older != ABSENT)
		return judge_unknown(judge, _("the kernel's configuration"),
				     system->host.kconfig.known);
	say_table(judge, "IORT");
	say_symbol(judge, CFG_ARM_SMMU_V3);
	say_symbol(judge, CFG_ARM_SMMU);
	say_groups(judge);
	judge_remedy(judge, NULL,
		     _("Install a kernel with %s=y; those of the large "
		       "distributions have it."),
		     symbol_name(CFG_ARM_SMMU_V3));
	return VERDICT_FAIL;
}

enum verdict rule_kernel_no_driver(struct judge *judge)
{
	const struct system *system = judge->system;
	enum known table = UNREAD;
	enum verdict verdict;

	if (judge->clues->arm == KNOWN)
		return no_smmu_driver(judge);
	if (judge->clues->x86 == ABSENT)
		return VERDICT_NOT_HERE;
	if (!begin_groupless(judge, &verdict))
		return verdict;
	for (unsigned i = 0; i < 3; i++) {
		const struct iommu_driver *driver = &iommu_drivers[i];
		table = clue_table(system, judge->clues, driver->table);
		if (table != KNOWN)
			continue;
		enum known built = has_driver(judge, driver);
		if (built == KNOWN)
			return VERDICT_PASS;
		if (built != ABSENT)
			return judge_unknown(judge,
					     _("the kernel's configuration"),
					     system->host.kconfig.known);
		say_table(judge, driver->table);
		if (system->host.kconfig.known == KNOWN)
			say_symbol(judge, driver->symbol);
		else
			say_silence(judge, driver);
		say_groups(judge);
		judge_remedy(judge, NULL,
			     _("Install a kernel with %s=y; those of the large "
			       "distributions have it."),
			     symbol_name(driver->symbol));
		return VERDICT_FAIL;
	}
	return table == ABSENT ?
		       VERDICT_NOT_HERE :
		       judge_unknown(judge, "/sys/firmware/acpi/tables", table);
}

enum verdict rule_iommu_api_missing(struct judge *judge)
{
	const struct system *system = judge->system;

	if (known_is_settled(system->groups_known) ||
	    judge->clues->groups == KNOWN) {
		if (system->groups_known != ABSENT)
			return VERDICT_PASS;
	} else {
		return judge_unknown(judge, "/sys/kernel/iommu_groups",
				     system->groups_known);
	}
	/* A configuration that has it weighs more than a name that is missing:
	 * the directory may not be mounted, or the capture poor. */
	enum known built = clue_built(system, CFG_IOMMU_API);
	if (built == KNOWN)
		return judge_unknown(judge, "/sys/kernel/iommu_groups", UNREAD);
	say_groups(judge);
	say_symbol(judge, CFG_IOMMU_API);
	judge_remedy(judge, NULL,
		     _("Install a kernel with CONFIG_IOMMU_API=y; those of the "
		       "large distributions have it."));
	return VERDICT_FAIL;
}
