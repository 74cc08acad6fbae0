// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupt remapping: whether it is on, what keeps it off, and whether vfio
 * was told to do without.
 *
 * Sources: drivers/iommu/intel/irq_remapping.c, drivers/iommu/amd/init.c,
 * drivers/vfio/vfio_iommu_type1.c, drivers/iommu/iommufd/device.c.
 */
#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "rule/rules.h"
#include "rule/say.h"

static const char type1_path[] =
	"/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts";
static const char iommufd_path[] =
	"/sys/module/iommufd/parameters/allow_unsafe_interrupts";

/* What the interrupt lines show: the first of a device. */
static void say_chip(struct judge *judge)
{
	const struct host *host = &judge->system->host;

	for (unsigned i = 0; i < host->interrupt_count; i++) {
		const struct interrupt *line = &host->interrupts[i];
		if (!strstr(line->chip, "PCI-MSI") &&
		    !strstr(line->chip, "IO-APIC"))
			continue;
		judge_evidence(judge, "/proc/interrupts", "%s: %s %s",
			       line->number, line->chip, line->actions);
		return;
	}
}

enum verdict rule_intremap_off_param(struct judge *judge)
{
	if (judge->clues->x86 == ABSENT)
		return VERDICT_NOT_HERE;
	if (judge->clues->remapped == KNOWN)
		return VERDICT_PASS;
	bool off = clue_switch(judge->system, "intremap") == ABSENT;
	bool older = system_parameter(judge->system, "nointremap") &&
		     clue_switch(judge->system, "intremap") == UNREAD;
	enum known cmdline = judge->system->host.cmdline.known;
	if (!off && !older)
		return cmdline == KNOWN ?
			       VERDICT_PASS :
			       judge_unknown(judge, "/proc/cmdline", cmdline);
	say_parameter(judge, off ? "intremap" : "nointremap");
	say_chip(judge);
	if (off)
		judge_word(judge, "intremap", "off");
	else
		judge_parameter(judge, "nointremap", true);
	return VERDICT_FAIL;
}

static bool is_unsafe(const struct system *system)
{
	const struct host *host = &system->host;

	return (host->unsafe_type1.known == KNOWN &&
		host->unsafe_type1.value) ||
	       (host->unsafe_iommufd.known == KNOWN &&
		host->unsafe_iommufd.value);
}

static void say_unsafe(struct judge *judge)
{
	const struct host *host = &judge->system->host;

	if (host->unsafe_type1.known == KNOWN && host->unsafe_type1.value)
		judge_evidence(judge, type1_path, "Y");
	if (host->unsafe_iommufd.known == KNOWN && host->unsafe_iommufd.value)
		judge_evidence(judge, iommufd_path, "Y");
}

static void say_hardware(struct judge *judge)
{
	const struct system *system = judge->system;
	const char *line;

	if (system->host.dmar.known == KNOWN)
		judge_evidence(judge, "/sys/firmware/acpi/tables/DMAR",
			       system->host.dmar.intr_remap ?
				       _("flags: interrupt remapping") :
				       _("flags: no interrupt remapping"));
	for (unsigned i = 0; i < system->unit_count; i++) {
		const struct unit *unit = &system->units[i];
		if (unit->ecap.known == KNOWN)
			judge_evidence(judge,
				       arena_printf(judge->arena,
						    "/sys/class/iommu/%s/"
						    "intel-iommu/ecap",
						    unit->name),
				       "%" PRIx64, (uint64_t)unit->ecap.value);
	}
	if (system->unit_count == 0 &&
	    clue_logged(system, "reg_base_addr", &line) == KNOWN)
		say_line(judge, line);
}

enum verdict rule_no_remapping(struct judge *judge)
{
	const struct system *system = judge->system;

	/* Without an IOMMU there is a greater trouble first. */
	if (judge->clues->x86 == ABSENT || judge->clues->groups == ABSENT)
		return VERDICT_NOT_HERE;
	if (judge->clues->remapped == KNOWN)
		return VERDICT_PASS;
	if (judge->clues->remapped != ABSENT)
		return system->host.interrupts_known == KNOWN ?
			       judge_unknown_log(judge) :
			       judge_unknown(judge, "/proc/interrupts",
					     system->host.interrupts_known);
	say_chip(judge);
	/* Interrupts that pass the IOAPIC by are not remapped either. */
	if (system_parameter(system, "noapic")) {
		say_parameter(judge, "noapic");
		judge_parameter(judge, "noapic", true);
	}
	if (judge->clues->maker == MAKER_INTEL)
		say_hardware(judge);
	if (system->host.log.known == KNOWN && system->host.log.complete)
		say_no_line(judge, judge->clues->maker == MAKER_AMD ?
				   "AMD-Vi: Interrupt remapping enabled" :
				   "DMAR-IR: Enabled IRQ remapping");
	if (is_unsafe(system)) {
		say_unsafe(judge);
		judge_severity(judge, SEVERITY_WARNING);
		judge_why(judge, _("vfio was told to accept this.  A guest "
				   "that has a device can raise any interrupt "
				   "of the host."));
	}
	judge_remedy(judge, NULL,
		     _("In the firmware's setup, switch on \"Interrupt "
		       "Remapping\" and \"X2APIC\" where they are offered, and "
		       "update the firmware."));
	static const char *const unsafe[] = {
		"echo Y > /sys/module/vfio_iommu_type1/parameters/"
		"allow_unsafe_interrupts", NULL,
	};
	if (!is_unsafe(system))
		judge_remedy(judge, unsafe,
			     _("As a last resort, for guests that you trust as "
			       "you trust the host: let vfio do without."));
	return VERDICT_FAIL;
}

enum verdict rule_unsafe_interrupts(struct judge *judge)
{
	const struct host *host = &judge->system->host;
	static const char *const off[] = {
		"grep -r allow_unsafe_interrupts /etc/modprobe.d",
		"echo N > /sys/module/vfio_iommu_type1/parameters/"
		"allow_unsafe_interrupts", NULL,
	};

	if (is_unsafe(judge->system)) {
		say_unsafe(judge);
		judge_remedy(judge, off, judge->clues->remapped == KNOWN ?
			     _("Interrupts are remapped here, so it is not "
			       "needed: take it out of the module's options.") :
			     _("Take it out of the module's options as soon as "
			       "interrupts are remapped."));
		return VERDICT_FAIL;
	}
	if (!known_is_settled(host->unsafe_type1.known) &&
	    clue_loaded(judge->system, CFG_VFIO_IOMMU_TYPE1,
			"vfio_iommu_type1") != ABSENT)
		return judge_unknown(judge, type1_path,
				     host->unsafe_type1.known);
	return VERDICT_PASS;
}

enum verdict rule_irq_remap_not_built(struct judge *judge)
{
	enum known built = clue_built(judge->system, CFG_IRQ_REMAP);

	if (judge->clues->x86 == ABSENT)
		return VERDICT_NOT_HERE;
	if (judge->clues->remapped == KNOWN || built == KNOWN ||
	    clue_logged(judge->system, "DMAR-IR:", NULL) == KNOWN)
		return VERDICT_PASS;
	if (built != ABSENT)
		return judge_unknown(judge, _("the kernel's configuration"),
				     judge->system->host.kconfig.known);
	say_symbol(judge, CFG_IRQ_REMAP);
	say_chip(judge);
	judge_remedy(judge, NULL,
		     _("Install a kernel with CONFIG_IRQ_REMAP=y; those of the "
		       "large distributions have it."));
	return VERDICT_FAIL;
}

enum verdict rule_x2apic_opt_out(struct judge *judge)
{
	const struct dmar *dmar = &judge->system->host.dmar;
	const char *line;
	enum known said = clue_logged(
		judge->system, "BIOS sets x2apic opt out", &line);

	if (judge->clues->maker != MAKER_INTEL)
		return judge->clues->maker == MAKER_UNKNOWN ?
			       judge_unknown(judge, "/proc/cpuinfo", UNREAD) :
			       VERDICT_NOT_HERE;
	if (said != KNOWN && !(dmar->known == KNOWN && dmar->x2apic_optout)) {
		if (said == ABSENT || dmar->known == KNOWN)
			return VERDICT_PASS;
		return judge_unknown_log(judge);
	}
	say_line(judge, line);
	if (dmar->known == KNOWN && dmar->x2apic_optout)
		judge_evidence(judge, "/sys/firmware/acpi/tables/DMAR",
			       _("flags: bit 1, x2APIC opt-out"));
	judge_parameter(judge, "intremap=no_x2apic_optout", false);
	return VERDICT_FAIL;
}

/* iommufd has a switch of its own; type1's does nothing for it. */
enum verdict rule_unsafe_wrong_module(struct judge *judge)
{
	const struct host *host = &judge->system->host;
	enum known container = clue_built(judge->system, CFG_VFIO_CONTAINER);

	if (judge->clues->remapped == KNOWN ||
	    (known_is_settled(host->unsafe_type1.known) &&
	     !host->unsafe_type1.value) ||
	    (host->unsafe_iommufd.known == KNOWN &&
	     host->unsafe_iommufd.value) ||
	    clue_loaded(judge->system, CFG_VFIO_IOMMU_TYPE1,
			"vfio_iommu_type1") == ABSENT)
		return VERDICT_PASS;
	if (host->unsafe_type1.known != KNOWN)
		return judge_unknown(judge, type1_path,
				     host->unsafe_type1.known);
	/* Before 6.2 the container was always there. */
	if (container == KNOWN ||
	    (judge->clues->kernel && judge->clues->kernel < 6002))
		return VERDICT_PASS;
	if (container != ABSENT || judge->clues->remapped != ABSENT)
		return judge_unknown(judge, _("the kernel's configuration"),
				     host->kconfig.known);
	static const char *const on[] = {
		"echo Y > /sys/module/iommufd/parameters/"
		"allow_unsafe_interrupts", NULL,
	};
	say_unsafe(judge);
	say_symbol(judge, CFG_VFIO_CONTAINER);
	judge_remedy(judge, on, _("If you accept the danger, say so to iommufd "
				  "too:"));
	return VERDICT_FAIL;
}

/* Whether every unit could post interrupts to a guest. */
static enum known can_post(const struct system *system)
{
	enum { INTEL_PI = 59, AMD_GA = 7, AMD_GAM_VAPIC = 21 };
	unsigned told = 0;

	for (unsigned i = 0; i < system->unit_count; i++) {
		const struct unit *unit = &system->units[i];
		bool intel = strcmp(unit->kind, "intel") == 0;
		const struct fact_num *bits = intel ? &unit->cap :
						      &unit->features;
		if (bits->known != KNOWN)
			return bits->known == ABSENT ? UNREAD : bits->known;
		uint64_t value = (uint64_t)bits->value;
		if (intel ? !(value >> INTEL_PI & 1) :
			    !(value >> AMD_GA & value >> AMD_GAM_VAPIC & 1))
			return ABSENT;
		told++;
	}
	return told ? KNOWN : UNREAD;
}

enum verdict rule_posted_off(struct judge *judge)
{
	const struct host *host = &judge->system->host;
	bool intel = judge->clues->maker == MAKER_INTEL;
	const struct fact_num *on = intel ? &host->apicv : &host->avic;
	const char *path = intel ?
		"/sys/module/kvm_intel/parameters/enable_apicv" :
		"/sys/module/kvm_amd/parameters/avic";

	if (judge->clues->groups == ABSENT ||
	    (!intel && judge->clues->maker != MAKER_AMD))
		return VERDICT_NOT_HERE;
	enum known able = can_post(judge->system);
	if (able == ABSENT || (on->known == KNOWN && on->value))
		return VERDICT_PASS;
	/* Without KVM there is nobody to post them to. */
	if (on->known == ABSENT)
		return VERDICT_NOT_HERE;
	if (able != KNOWN || on->known != KNOWN)
		return judge_unknown(judge, able != KNOWN ?
				     "/sys/class/iommu" : path,
				     able != KNOWN ? able : on->known);
	judge_evidence(judge, path, "N");
	return VERDICT_FAIL;
}
