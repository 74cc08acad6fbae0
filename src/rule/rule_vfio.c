// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfio itself: whether the kernel has it, and whether it is loaded.
 *
 * Source: Documentation/driver-api/vfio.rst; drivers/vfio/Kconfig.
 */
#include <string.h>

#include "base/i18n.h"
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
	enum known type1 = clue_built(system, CFG_VFIO_IOMMU_TYPE1);
	enum known iommufd = clue_built(system, CFG_IOMMUFD);

	if (system_has_module(system, "vfio_iommu_type1") == KNOWN ||
	    type1 == KNOWN || iommufd == KNOWN)
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
