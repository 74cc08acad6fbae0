// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why there are no IOMMU groups, when something lies below this kernel: Xen,
 * Windows, a hypervisor.  On bare metal rule_iommu looks further.
 *
 * Sources: arch/x86/kernel/cpu/hypervisor.c, drivers/xen/xenfs; QEMU's and
 * libvirt's own documents for the remedies.
 */
#include <string.h>

#include "base/i18n.h"
#include "rule/begin.h"
#include "rule/rules.h"
#include "rule/say.h"

enum verdict rule_iommu_owned_by_xen(struct judge *judge)
{
	const struct host *host = &judge->system->host;
	enum verdict verdict;

	if (judge->clues->dom0 == ABSENT)
		return VERDICT_PASS;
	if (!begin_groupless(judge, &verdict))
		return verdict;
	if (judge->clues->dom0 != KNOWN)
		return judge_unknown(judge, "/proc/xen/capabilities",
				     judge->clues->dom0);
	say_text(judge, "/proc/xen/capabilities", &host->xen_capabilities);
	if (system_has_table(judge->system, "XMAR") == KNOWN)
		say_table(judge, "XMAR");
	say_groups(judge);
	judge_remedy(judge, NULL,
		     _("Pass the device through with Xen's own tools (xl, "
		       "xen-pciback), or start the kernel without Xen."));
	return VERDICT_FAIL;
}

enum verdict rule_wsl_no_iommu(struct judge *judge)
{
	enum verdict verdict;

	if (judge->clues->wsl == ABSENT)
		return VERDICT_NOT_HERE;
	if (!begin_groupless(judge, &verdict))
		return verdict;
	if (judge->clues->wsl != KNOWN)
		return judge_unknown(judge, "/proc/sys/kernel/osrelease",
				     judge->clues->wsl);
	say_text(judge, say_source(judge, LOGGED_RELEASE,
				   "/proc/sys/kernel/osrelease"),
		 &judge->system->host.release);
	say_groups(judge);
	judge_remedy(judge, NULL,
		     _("Run Linux on the machine itself, not below Windows."));
	return VERDICT_FAIL;
}

static void say_guest(struct judge *judge)
{
	const struct host *host = &judge->system->host;
	const char *line;

	if (host->cpu_flags.known == KNOWN &&
	    host->cpu_flags.value & CPU_HYPERVISOR &&
	    !(host->logged_facts & LOGGED_FLAGS))
		judge_evidence(judge, "/proc/cpuinfo", "flags: hypervisor");
	if (clue_logged(judge->system, "Hypervisor detected: ", &line) == KNOWN)
		say_line(judge, line);
	else if (clue_logged(judge->system, "Booting paravirtualized kernel on ",
			     &line) == KNOWN && !strstr(line, "bare hardware"))
		say_line(judge, line);
	if (host->dmi_vendor.known == KNOWN)
		say_text(judge, say_source(judge, LOGGED_DMI,
					   "/sys/class/dmi/id/sys_vendor"),
			 &host->dmi_vendor);
	if (host->dmi_product.known == KNOWN)
		say_text(judge, say_source(judge, LOGGED_DMI,
					   "/sys/class/dmi/id/product_name"),
			 &host->dmi_product);
}

/* The tables by which a virtual machine shows an IOMMU. */
static const char *const iommu_tables[] = { "DMAR", "IVRS", "VIOT", "IORT" };
enum { IOMMU_TABLES = sizeof iommu_tables / sizeof *iommu_tables };

/* Every guest on Arm has an IORT; with no SMMU in it, it shows no IOMMU. */
static enum known shows_iommu(const struct judge *judge, const char *table)
{
	const struct iort *iort = &judge->system->host.iort;
	enum known known = clue_table(judge->system, judge->clues, table);

	if (known != KNOWN || strcmp(table, "IORT") != 0)
		return known;
	if (iort->known != KNOWN)
		return iort->known == ABSENT ? UNREAD : iort->known;
	return iort->smmus ? KNOWN : iort->whole ? ABSENT : SHORT;
}

enum verdict rule_vm_no_viommu(struct judge *judge)
{
	enum verdict verdict;

	if (judge->clues->guest == ABSENT)
		return VERDICT_NOT_HERE;
	if (!begin_groupless(judge, &verdict))
		return verdict;
	if (judge->clues->guest != KNOWN)
		return judge_unknown(judge, "/proc/cpuinfo",
				     judge->system->host.cpu_flags.known);
	for (unsigned i = 0; i < IOMMU_TABLES; i++) {
		enum known known = shows_iommu(judge, iommu_tables[i]);
		if (known == KNOWN)
			return VERDICT_PASS;
		if (known != ABSENT)
			return judge_unknown(judge, "/sys/firmware/acpi/tables",
					     known);
	}
	say_guest(judge);
	for (unsigned i = 0; i < 3; i++)
		say_table(judge, iommu_tables[i]);
	static const char *const qemu[] = {
		"-machine q35,kernel-irqchip=split",
		"-device intel-iommu,intremap=on,caching-mode=on", NULL,
	};
	static const char *const libvirt[] = {
		"<iommu model='intel'>"
		"<driver intremap='on' caching_mode='on'/></iommu>",
		"<features><ioapic driver='qemu'/></features>", NULL,
	};
	judge_remedy(judge, qemu, _("With QEMU: start the guest with"));
	judge_remedy(judge, libvirt, _("With libvirt: add to the domain"));
	judge_remedy(judge, NULL,
		     _("With VMware: switch \"Virtualize IOMMU\" on.  Hyper-V, "
		       "VirtualBox and most clouds offer none."));
	return VERDICT_FAIL;
}
