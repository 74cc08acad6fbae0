// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfio itself: whether the kernel has it, and whether it is loaded.
 *
 * Source: Documentation/driver-api/vfio.rst; drivers/vfio/Kconfig.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "rule/rules.h"
#include "rule/say.h"

static enum known is_loaded(const struct system *system)
{
	const struct fact_num *driver = &system->vfio.pci_driver;

	if (driver->known == KNOWN)
		return driver->value ? KNOWN : ABSENT;
	if (driver->known == ABSENT)
		return ABSENT;
	if (system_driver(system, "vfio-pci") != NONE)
		return KNOWN;
	return system->drivers_known == KNOWN ? ABSENT : driver->known;
}

/* Whether it is on this machine at all: running, installed, or built. */
static enum known is_available(const struct system *system)
{
	const struct host *host = &system->host;
	enum known built = clue_built(system, CFG_VFIO_PCI);

	if (is_loaded(system) == KNOWN || host->vfio_module.known == KNOWN)
		return KNOWN;
	if (built == ABSENT || host->vfio_module.known == ABSENT)
		return ABSENT;
	return built == KNOWN ? KNOWN : host->vfio_module.known;
}

static const char *modules_path(struct judge *judge)
{
	const struct fact_text *release = &judge->system->host.release;

	return arena_printf(judge->arena, "/lib/modules/%s/modules.dep",
			    release->known == KNOWN ? release->value : "*");
}

enum verdict rule_vfio_not_built(struct judge *judge)
{
	const struct system *system = judge->system;
	enum known available = is_available(system);
	bool built = clue_built(system, CFG_VFIO_PCI) == KNOWN;

	if (available == KNOWN)
		return VERDICT_PASS;
	if (available != ABSENT)
		return judge_unknown(judge, modules_path(judge), available);
	say_symbol(judge, CFG_VFIO_PCI);
	if (system->host.vfio_module.known == ABSENT)
		judge_evidence(judge, modules_path(judge),
			       _("(no vfio-pci)"));
	if (built)
		judge_remedy(judge, NULL,
			     _("The kernel was built with it as a module, but "
			       "the module is not installed: install the "
			       "package with the kernel's further modules "
			       "(linux-modules-extra on Ubuntu, "
			       "kernel-modules on Fedora)."));
	else
		judge_remedy(judge, NULL,
			     _("Install a kernel with CONFIG_VFIO_PCI=m; those "
			       "of the large distributions have it.  "
			       "CONFIG_KVM_VFIO is not enough."));
	return VERDICT_FAIL;
}

enum verdict rule_vfio_not_loaded(struct judge *judge)
{
	static const char *const load[] = { "modprobe vfio-pci", NULL };
	static const char *const keep[] = {
		"echo vfio-pci > /etc/modules-load.d/vfio.conf", NULL,
	};
	enum known loaded = is_loaded(judge->system);

	if (loaded == KNOWN)
		return VERDICT_PASS;
	if (loaded != ABSENT)
		return judge_unknown(judge, "/sys/bus/pci/drivers", loaded);
	/* Loading wants something to load. */
	if (is_available(judge->system) == ABSENT)
		return VERDICT_NOT_HERE;
	judge_evidence(judge, "/sys/bus/pci/drivers/vfio-pci", _("(absent)"));
	judge_remedy(judge, load, _("Load it:"));
	judge_remedy(judge, keep, _("Have it loaded whenever the machine "
				    "starts:"));
	return VERDICT_FAIL;
}

enum verdict rule_type1_missing(struct judge *judge)
{
	const struct system *system = judge->system;
	const struct fact_text *module = &system->host.type1_module;
	enum known iommufd = clue_built(system, CFG_IOMMUFD);
	enum known type1 = clue_built(system, CFG_VFIO_IOMMU_TYPE1);

	if (module->known == ABSENT && type1 != ABSENT)
		type1 = ABSENT;	/* built, but not installed */
	if (system_has_module(system, "vfio_iommu_type1") == KNOWN ||
	    module->known == KNOWN || type1 == KNOWN || iommufd == KNOWN)
		return VERDICT_PASS;
	if (type1 != ABSENT || iommufd != ABSENT) {
		judge_severity(judge, SEVERITY_WARNING);
		return judge_unknown(judge, _("the kernel's configuration"),
				     system->host.kconfig.known);
	}
	/* Without vfio its parts are not missed. */
	if (is_available(system) == ABSENT)
		return VERDICT_NOT_HERE;
	say_symbol(judge, CFG_VFIO_IOMMU_TYPE1);
	say_symbol(judge, CFG_IOMMUFD);
	if (module->known == ABSENT)
		judge_evidence(judge, modules_path(judge),
			       _("(no vfio_iommu_type1)"));
	judge_remedy(judge, NULL,
		     _("Install a kernel with CONFIG_VFIO_IOMMU_TYPE1=m; those "
		       "of the large distributions have it."));
	return VERDICT_FAIL;
}

static bool has_node(const struct vfio *vfio, const char *name)
{
	for (unsigned i = 0; i < vfio->node_count; i++)
		if (strcmp(vfio->nodes[i], name) == 0)
			return true;
	return false;
}

enum verdict rule_node_missing(struct judge *judge)
{
	const struct vfio *vfio = &judge->system->vfio;
	enum known loaded = system_has_module(judge->system, "vfio");

	if (has_node(vfio, "vfio") || vfio->iommufd.known == KNOWN)
		return VERDICT_PASS;
	if (loaded == ABSENT && is_loaded(judge->system) != KNOWN)
		return VERDICT_NOT_HERE;
	if (!known_is_settled(vfio->nodes_known) ||
	    !known_is_settled(vfio->iommufd.known))
		return judge_unknown(judge, "/dev/vfio", vfio->nodes_known);
	judge_evidence(judge, "/dev/vfio/vfio", _("(absent)"));
	judge_evidence(judge, "/dev/iommu", _("(absent)"));
	judge_remedy(judge, NULL,
		     _("udev or devtmpfs makes these nodes; in a container "
		       "they must be let in."));
	return VERDICT_FAIL;
}

enum verdict rule_kvm_vfio(struct judge *judge)
{
	if (clue_built(judge->system, CFG_KVM_VFIO) != KNOWN ||
	    clue_built(judge->system, CFG_VFIO) != ABSENT)
		return VERDICT_PASS;
	say_symbol(judge, CFG_KVM_VFIO);
	say_symbol(judge, CFG_VFIO);
	return VERDICT_FAIL;
}

enum verdict rule_noiommu(struct judge *judge)
{
	static const char path[] =
		"/sys/module/vfio/parameters/enable_unsafe_noiommu_mode";
	static const char *const off[] = {
		"echo N > /sys/module/vfio/parameters/"
		"enable_unsafe_noiommu_mode", NULL,
	};
	const struct fact_num *mode = &judge->system->host.noiommu_mode;

	if (!known_is_settled(mode->known) &&
	    clue_loaded(judge->system, CFG_VFIO, "vfio") != ABSENT)
		return judge_unknown(judge, path, mode->known);
	if (!mode->value)
		return VERDICT_PASS;
	judge_evidence(judge, path, "Y");
	judge_remedy(judge, off, _("Switch it off; virtual machines cannot use "
				   "it anyway."));
	return VERDICT_FAIL;
}

enum verdict rule_virqfd_stale(struct judge *judge)
{
	const struct host *host = &judge->system->host;
	const char *line;
	enum known said = clue_logged(
		judge->system, "Failed to find module 'vfio_virqfd'", &line);

	for (unsigned i = 0; i < host->modules_load_count; i++)
		if (text_starts(host->modules_load[i].text, "vfio_virqfd"))
			judge_evidence(judge, host->modules_load[i].source,
				       "%s", host->modules_load[i].text);
	bool listed = judge->finding->evidence_count != 0;
	/* Until 6.1 it was a module. */
	if (said != KNOWN && judge->clues->kernel &&
	    judge->clues->kernel < 6002)
		return VERDICT_PASS;
	say_line(judge, line);
	if (listed || said == KNOWN) {
		judge_remedy(judge, NULL,
			     _("Take vfio_virqfd out of /etc/modules and "
			       "/etc/modules-load.d; it is part of vfio since "
			       "6.2."));
		return VERDICT_FAIL;
	}
	return said == ABSENT || known_is_settled(host->modules_load_known) ?
		       VERDICT_PASS :
		       judge_unknown(judge, "/etc/modules-load.d",
				     host->modules_load_known);
}

static bool any_on_vfio(const struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].driver.known == KNOWN &&
		    topo_is_vfio_driver(system->devices[i].driver.value))
			return true;
	return false;
}

enum verdict rule_suspend_hazard(struct judge *judge)
{
	const struct fact_text *states = &judge->system->host.sleep_states;

	if (!any_on_vfio(judge->system))
		return VERDICT_NOT_HERE;
	if (!known_is_settled(states->known))
		return judge_unknown(judge, "/sys/power/state",
				     states->known);
	if (!strstr(states->value, "mem"))
		return VERDICT_PASS;
	say_text(judge, "/sys/power/state", states);
	judge_remedy(judge, NULL,
		     _("Shut guests down before the machine is put to sleep."));
	return VERDICT_FAIL;
}
