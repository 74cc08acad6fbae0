// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Questions that many rules ask, answered once from all sources that could
 * know: groups, processor, interrupt remapping.  What lies below the kernel is
 * in clue_below.c, words of the command line are in clue_words.c.  It blames
 * nobody; the rules do.
 *
 * Sources: drivers/iommu/intel/iommu.c and dmar.c, drivers/iommu/amd/init.c.
 */
#include "rule/clue_part.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

bool clue_line_has(const char *text, const char *part)
{
	const char *star;

	while ((star = strchr(part, '*'))) {
		size_t len = (size_t)(star - part);
		text = memmem(text, strlen(text), part, len);
		if (!text)
			return false;
		text += len;
		part = star + 1;
	}
	return strstr(text, part) != NULL;
}

static const struct log_line *find(const struct log *log, const char *part)
{
	for (size_t i = 0; i < log->count; i++)
		if (clue_line_has(log->lines[i].text, part))
			return &log->lines[i];
	return NULL;
}

enum known clue_logged(const struct system *system, const char *part,
		       const char **line)
{
	const struct log *log = &system->host.log;
	const struct log_line *found =
		log->known == KNOWN ? find(log, part) : NULL;

	if (line)
		*line = found ? found->text : NULL;
	if (found)
		return KNOWN;
	if (log->known != KNOWN)
		return log->known == ABSENT ? UNREAD : log->known;
	return log->complete ? ABSENT : UNREAD;
}

enum known clue_logged_any(const struct system *system,
			   const char *const *parts, const char **line)
{
	enum known known = UNREAD;

	for (; *parts; parts++) {
		known = clue_logged(system, *parts, line);
		if (known == KNOWN)
			break;
	}
	return known;
}

enum known clue_table(const struct system *system, const struct clues *clues,
		      const char *name)
{
	enum known known = system_has_table(system, name);

	if (known == ABSENT &&
	    (clues->acpi_off || (system->host.container.known == KNOWN &&
				 system->host.table_count == 0)))
		return UNREAD;
	return known;
}

enum known clue_built(const struct system *system, enum symbol symbol)
{
	const struct kconfig *kconfig = &system->host.kconfig;

	if (kconfig->known != KNOWN)
		return kconfig->known == ABSENT ? UNREAD : kconfig->known;
	return kconfig->value[symbol] == 'y' || kconfig->value[symbol] == 'm' ?
		       KNOWN : ABSENT;
}

enum known clue_loaded(const struct system *system, enum symbol symbol,
		       const char *module)
{
	const struct kconfig *kconfig = &system->host.kconfig;
	enum known known = system_has_module(system, module);

	if (known != ABSENT)
		return known;
	return kconfig->known == KNOWN && kconfig->value[symbol] != 'y' ?
		       ABSENT : UNREAD;
}

/* No-IOMMU groups look like groups and protect nothing. */
static bool is_real(const struct group *group)
{
	return group->name.known != KNOWN ||
	       strcmp(group->name.value, "vfio-noiommu") != 0;
}

static enum known groups_by_log(const struct system *system)
{
	static const char *const proofs[] = {
		"Adding to iommu group",
		"DMAR: Intel(R) Virtualization Technology for Directed I/O",
		"AMD-Vi: Extended features",
		"AMD-Vi: Found IOMMU",
		"AMD-Vi: IOMMU performance counters supported",
		"iommu: Adding device ",		/* before 5.3 */
		NULL
	};

	return clue_logged_any(system, proofs, NULL);
}

static enum known groups_known(const struct system *system)
{
	for (unsigned i = 0; i < system->group_count; i++)
		if (is_real(&system->groups[i]))
			return KNOWN;
	if (known_is_settled(system->groups_known))
		return ABSENT;
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].group.known == KNOWN)
			return KNOWN;
	enum known known = groups_by_log(system);
	return known_is_settled(known) ? known : system->groups_known;
}

static enum cpu_maker maker_of(const struct system *system)
{
	static const struct {
		const char *vendor;
		enum cpu_maker maker;
	} makers[] = {
		{ "GenuineIntel", MAKER_INTEL }, { "AuthenticAMD", MAKER_AMD },
		{ "HygonGenuine", MAKER_AMD },
		/* Their chipsets describe the IOMMU as Intel's do. */
		{ "CentaurHauls", MAKER_INTEL }, { "Shanghai", MAKER_INTEL },
	};
	const struct fact_text *vendor = &system->host.cpu_vendor;

	if (vendor->known != KNOWN)
		return vendor->known == ABSENT ? MAKER_OTHER : MAKER_UNKNOWN;
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (strcmp(vendor->value, makers[i].vendor) == 0)
			return makers[i].maker;
	return MAKER_OTHER;
}

static void gather_machine(const struct system *system, struct clues *clues)
{
	static const char *const x86_lines[] = {
		"BIOS-provided physical RAM map", "BIOS-e820:", "x86/fpu:",
		NULL
	};
	const struct fact_text *name = &system->host.architecture;
	bool told = name->known == KNOWN && *name->value;

	clues->x86 = clues->arm = told ? ABSENT : UNREAD;
	clues->maker = maker_of(system);
	if (told) {
		if (strcmp(name->value, "x86_64") == 0 ||
		    (strlen(name->value) == 4 && name->value[0] == 'i' &&
		     text_ends(name->value, "86")))
			clues->x86 = KNOWN;
		else if (text_starts(name->value, "aarch64") ||
			 text_starts(name->value, "arm"))
			clues->arm = KNOWN;
	} else if (clues->maker == MAKER_INTEL || clues->maker == MAKER_AMD ||
		   system_has_table(system, "DMAR") == KNOWN ||
		   system_has_table(system, "IVRS") == KNOWN ||
		   clue_logged_any(system, x86_lines, NULL) == KNOWN) {
		clues->x86 = KNOWN;
		clues->arm = ABSENT;
	} else if (clue_logged(system, "Booting Linux on physical CPU",
			       NULL) == KNOWN) {
		clues->arm = KNOWN;
		clues->x86 = ABSENT;
	}
	if (clues->x86 == ABSENT)
		clues->maker = MAKER_OTHER;
}

/* Hardware that could not remap interrupts if it wanted to: the table says
 * so, or one of the units, by sysfs or by the log. */
static bool cannot_remap(const struct system *system)
{
	enum { ECAP_IR = 1 << 3 };
	const struct log *log = &system->host.log;
	const struct log_line *line;
	size_t from = 0;

	if (system->host.dmar.known == KNOWN && !system->host.dmar.intr_remap)
		return true;
	for (unsigned i = 0; i < system->unit_count; i++)
		if (strcmp(system->units[i].kind, "intel") == 0 &&
		    system->units[i].ecap.known == KNOWN &&
		    !(system->units[i].ecap.value & ECAP_IR))
			return true;
	while (log->known == KNOWN &&
	       (line = log_find(log, &from, "reg_base_addr"))) {
		const char *ecap = strstr(line->text, " ecap ");
		uint64_t bits;
		if (ecap && num_parse(ecap + strlen(" ecap "), 16, &bits) &&
		    !(bits & ECAP_IR))
			return true;
	}
	return false;
}

static enum known remapped_known(const struct system *system,
				 const struct clues *clues)
{
	static const char *const off[] = {
		"AMD-Vi: Disabling interrupt remapping",
		"DMAR-IR: Not enabling interrupt remapping",
		"DMAR-IR: Failed to enable irq remapping",
		"chipset that contains an erratum",
		"Not enabling interrupt remapping due to skipped IO-APIC",
		NULL
	};
	static const char *const on[] = {
		"Enabled IRQ remapping in ",
		"AMD-Vi: Interrupt remapping enabled",
		NULL
	};

	switch (topo_remapping(system)) {
	case REMAP_ON: return KNOWN;
	case REMAP_OFF: return ABSENT;
	case REMAP_UNKNOWN: break;
	}
	if (clue_logged_any(system, on, NULL) == KNOWN)
		return KNOWN;
	if (clue_logged_any(system, off, NULL) == KNOWN ||
	    (clues->maker == MAKER_INTEL && cannot_remap(system)))
		return ABSENT;
	return clue_logged_any(system, on, NULL);
}

static bool has_many_nodes(const struct system *system)
{
	const struct fact_text *online = &system->host.numa_nodes;
	int64_t first = -1;

	if (online->known == KNOWN)
		return strpbrk(online->value, "-,") != NULL;
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct fact_num *node = &system->devices[i].numa_node;
		if (node->known != KNOWN || node->value < 0)
			continue;
		if (first >= 0 && node->value != first)
			return true;
		first = node->value;
	}
	return false;
}

void clues_gather(const struct system *system, struct clues *clues)
{
	*clues = (struct clues){ .shared_group = NONE };
	clues->acpi_off = clue_acpi_off(system);
	gather_machine(system, clues);
	clues->groups = groups_known(system);
	clues->guest = clue_guest(system);
	clues->dom0 = clue_dom0(system, clues);
	clues->wsl = clue_wsl(system);
	clues->remapped = remapped_known(system, clues);
	clues->kernel = system_kernel(system);
	clues->many_nodes = has_many_nodes(system);
}

const struct shared *clues_shared(struct clues *clues,
				  const struct system *system, int group)
{
	if (clues->shared_group != group) {
		clues->shared = topo_shared(system, &system->groups[group]);
		clues->shared_group = group;
	}
	return &clues->shared;
}
