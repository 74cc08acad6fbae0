// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What lies below this kernel: a hypervisor, Xen, Windows, or nothing.  What
 * follows for the IOMMU is rule_guest's matter.
 *
 * Sources: arch/x86/kernel/cpu/hypervisor.c, drivers/xen/xenfs; names as the
 * makers of virtual machines give them in SMBIOS.
 */
#include "rule/clue_part.h"

#include <string.h>

#include "base/text.h"

/* Names that virtual machines give themselves.  Some makers also sell
 * machines, so the product decides where it is given. */
static const struct {
	const char *vendor, *product;
} guests[] = {
	{ "QEMU", "" }, { "VMware", "" }, { "VMW", "" }, { "innotek GmbH", "" },
	{ "Bochs", "" }, { "Xen", "" }, { "Parallels", "" }, { "BHYVE", "" },
	{ "Microsoft Corporation", "Virtual Machine" },
	{ "Google", "Google Compute Engine" },
	{ "Amazon EC2", "" }, { "DigitalOcean", "" }, { "Hetzner", "vServer" },
	{ "OpenStack Foundation", "" }, { "Nutanix", "AHV" },
	{ "Red Hat", "KVM" }, { "Red Hat", "RHEV" },
	{ "oVirt", "" }, { "Apple", "Apple Virtualization" },
	{ "Apple", "Virtualization Generic" }, { "Alibaba Cloud", "" },
	{ "Tencent Cloud", "" }, { "Vultr", "" }, { "Linode", "" },
	{ "UpCloud", "" }, { "Scaleway", "SCW-" }, { "Cloud Hypervisor", "" },
	{ "Joyent", "SmartDC HVM" }, { "KubeVirt", "" },
	{ "", "KVM" }, { "", "VirtualBox" }, { "", "Standard PC (" },
	{ "", "BHYVE" }, { "", "cloud-hypervisor" }, { "", "OpenStack " },
	{ "", "HVM domU" }, { "", "Bochs" }, { "", "VMware" },
};

/* Clouds also rent whole machines, under the names of their guests. */
static bool is_whole_machine(const char *product)
{
	return strstr(product, ".metal") || text_has(product, "bare metal");
}

static enum known guest_by_name(const struct host *host)
{
	if (host->dmi_vendor.known != KNOWN && host->dmi_product.known != KNOWN)
		return UNREAD;
	const char *vendor = host->dmi_vendor.known == KNOWN ?
				     host->dmi_vendor.value : "";
	const char *product = host->dmi_product.known == KNOWN ?
				      host->dmi_product.value : "";
	if (is_whole_machine(product))
		return ABSENT;
	for (size_t i = 0; i < sizeof guests / sizeof *guests; i++)
		if (text_starts(vendor, guests[i].vendor) &&
		    text_starts(product, guests[i].product))
			return KNOWN;
	return *vendor ? ABSENT : UNREAD;
}

enum known clue_guest(const struct system *system)
{
	const struct host *host = &system->host;
	enum known named = guest_by_name(host);
	const char *line;

	if (host->cpu_flags.known == KNOWN &&
	    host->cpu_flags.value & CPU_HYPERVISOR)
		return KNOWN;
	if (host->cpu_flags.known == KNOWN && host->cpu_flags.value)
		return ABSENT;
	if (host->hypervisor.known == KNOWN ||
	    clue_logged(system, "Hypervisor detected: ", NULL) == KNOWN)
		return KNOWN;
	/* Emulators without a paravirtual interface look like hardware. */
	if (named == KNOWN)
		return KNOWN;
	if (clue_logged(system, "Booting paravirtualized kernel on ", &line) ==
	    KNOWN)
		return strstr(line, "bare hardware") ? ABSENT : KNOWN;
	if (named != UNREAD)
		return named;
	return host->cpu_flags.known == KNOWN ? ABSENT : UNREAD;
}

enum known clue_dom0(const struct system *system, const struct clues *clues)
{
	const struct host *host = &system->host;
	enum known named = guest_by_name(host);

	if (host->xen_capabilities.known == KNOWN &&
	    strstr(host->xen_capabilities.value, "control_d"))
		return KNOWN;
	/* Xen takes the IOMMU for itself and renames the table so that Linux
	 * does not. */
	if (system_has_table(system, "XMAR") == KNOWN)
		return KNOWN;
	/* A log of Xen's on a machine that bears its own names. */
	if (clue_logged(system, "paravirtualized kernel on Xen", NULL) ==
		    KNOWN &&
	    named == ABSENT)
		return KNOWN;
	if (known_is_settled(host->xen_capabilities.known) ||
	    clues->guest == ABSENT)
		return ABSENT;
	/* The control domain bears the names of the real machine. */
	if (named == KNOWN &&
	    !(host->dmi_vendor.known == KNOWN &&
	      text_starts(host->dmi_vendor.value, "Xen")))
		return ABSENT;
	if (host->hypervisor.known == ABSENT ||
	    (host->hypervisor.known == KNOWN &&
	     strcmp(host->hypervisor.value, "xen") != 0))
		return ABSENT;
	return host->xen_capabilities.known;
}

enum known clue_wsl(const struct system *system)
{
	const struct fact_text *release = &system->host.release;

	if (release->known != KNOWN)
		return release->known == ABSENT ? UNREAD : release->known;
	return text_has(release->value, "microsoft") ||
			       text_has(release->value, "WSL2") ?
		       KNOWN : ABSENT;
}
