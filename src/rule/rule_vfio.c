// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfio itself: whether the kernel has it, and whether it is loaded.
 *
 * Source: Documentation/driver-api/vfio.rst; drivers/vfio/Kconfig.
 */
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
