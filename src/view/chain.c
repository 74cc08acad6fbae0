// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The chain from the processor to vfio as a checklist with proofs.  It shows
 * what is there; what that means is for the rules to say.
 *
 * Source: Documentation/admin-guide/kernel-parameters.txt, iommu=,
 * intel_iommu=, amd_iommu=; drivers/iommu/intel/iommu.c, amd/init.c.
 */
#include "view/chain.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"

/* What differs from one maker of processors to another. */
struct maker {
	const char *vendor;		/* vendor_id of /proc/cpuinfo */
	const char *technology;
	const char *table;
	enum symbol driver;
	const char *parameter;
	enum cpu_flag flag;
	const char *flag_word;
};

static const struct maker makers[] = {
	{ "GenuineIntel", "VT-d", "DMAR", CFG_INTEL_IOMMU, "intel_iommu",
	  CPU_VMX, "vmx" },
	{ "CentaurHauls", "VT-d", "DMAR", CFG_INTEL_IOMMU, "intel_iommu",
	  CPU_VMX, "vmx" },
	{ "AuthenticAMD", "AMD-Vi", "IVRS", CFG_AMD_IOMMU, "amd_iommu",
	  CPU_SVM, "svm" },
	{ "HygonGenuine", "AMD-Vi", "IVRS", CFG_AMD_IOMMU, "amd_iommu",
	  CPU_SVM, "svm" },
};

static const struct maker other = {
	"", N_("an IOMMU"), "IORT", CFG_ARM_SMMU_V3, NULL, 0, "",
};

static const struct maker virtual_maker = {
	"", N_("a virtual IOMMU"), "VIOT", CFG_VIRTIO_IOMMU, NULL,
	CPU_VMX | CPU_SVM, N_("vmx or svm"),
};

static const struct maker *maker_of(const struct system *system)
{
	const struct host *host = &system->host;

	if (system_has_table(system, "VIOT") == KNOWN &&
	    system_has_table(system, "DMAR") != KNOWN &&
	    system_has_table(system, "IVRS") != KNOWN)
		return &virtual_maker;
	/* An emulated table need not be of the processor's maker. */
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i += 2)
		if (system_has_table(system, makers[i].table) == KNOWN)
			return &makers[i];
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (host->cpu_vendor.known == KNOWN &&
		    strcmp(host->cpu_vendor.value, makers[i].vendor) == 0)
			return &makers[i];
	return &other;
}

const char *chain_technology(const struct system *system)
{
	return _(maker_of(system)->technology);
}

/* A chain being made. */
struct chain {
	const struct system *system;
	const struct maker *maker;
	struct arena *arena;
	struct chain_link *links;
	unsigned count;
};

static void add(struct chain *chain, enum mark mark, const char *label,
		const char *proof)
{
	chain->links[chain->count++] =
		(struct chain_link){ mark, label, proof, NULL };
}

static const char *why_not(struct chain *chain, const char *source,
			   enum known known)
{
	return arena_printf(chain->arena, "%s: %s", source, known_why(known));
}

static void add_processor(struct chain *chain)
{
	const struct host *host = &chain->system->host;
	const char *label = _("CPU can virtualise");
	int64_t both = CPU_VMX | CPU_SVM;

	if (host->cpu_flags.known == KNOWN && (host->cpu_flags.value & both)) {
		const char *word = host->cpu_flags.value & CPU_VMX ? "vmx" :
								     "svm";
		add(chain, MARK_GOOD, label,
		    arena_printf(chain->arena,
				 host->kvm.known == KNOWN && host->kvm.value ?
					 _("%s in /proc/cpuinfo, /dev/kvm") :
					 _("%s in /proc/cpuinfo; no /dev/kvm"),
				 word));
	} else if (host->kvm.known == KNOWN && host->kvm.value) {
		add(chain, MARK_GOOD, label, "/dev/kvm");
	} else if (chain->maker == &other ||
		   host->logged_facts & LOGGED_FLAGS ||
		   !known_is_settled(host->cpu_flags.known)) {
		add(chain, MARK_UNKNOWN, label,
		    why_not(chain, "/proc/cpuinfo", host->cpu_flags.known ==
			    KNOWN ? UNREAD : host->cpu_flags.known));
	} else {
		add(chain, MARK_WARN, label,
		    _("no vmx and no svm in /proc/cpuinfo"));
	}
}

static void add_firmware(struct chain *chain)
{
	const struct system *system = chain->system;
	const struct host *host = &system->host;
	const char *table = chain->maker->table;
	const char *source = host->tables_source && *host->tables_source ?
		_(host->tables_source) : "/sys/firmware/acpi/tables";
	enum known known = system_has_table(system, table);
	const char *label = arena_printf(chain->arena,
					 _("Firmware offers %s"),
					 _(chain->maker->technology));

	if (known == KNOWN) {
		const char *proof = arena_printf(
			chain->arena, *source == '/' ? "%s/%s" : "%s: %s",
			source, table);
		if (host->dmar.known == KNOWN &&
		    strcmp(table, "DMAR") == 0)
			proof = arena_printf(
				chain->arena,
				P_("%s, %u unit", "%s, %u units",
				   host->dmar.unit_count),
				proof, host->dmar.unit_count);
		add(chain, MARK_GOOD, label, proof);
	} else if (known == ABSENT) {
		/* A device tree or a hypervisor may offer one without. */
		bool works = system->unit_count || chain->maker == &other;
		add(chain, works ? MARK_NOTE : MARK_BAD, label,
		    arena_printf(chain->arena, _("no %s in %s"), table,
				 source));
	} else {
		add(chain, MARK_UNKNOWN, label, why_not(chain, source, known));
	}
}

static void add_kernel(struct chain *chain)
{
	const struct kconfig *kconfig = &chain->system->host.kconfig;
	const char *name = symbol_name(chain->maker->driver);
	const char *label = _("Kernel can drive it");

	if (kconfig->known != KNOWN) {
		bool works = chain->system->unit_count > 0;
		add(chain, works ? MARK_GOOD : MARK_UNKNOWN, label,
		    works ? _("it does: units run") :
			    why_not(chain, _("kernel configuration"),
				    kconfig->known));
		return;
	}
	char value = kconfig->value[chain->maker->driver];
	bool built = value == 'y' || value == 'm';
	add(chain, built ? MARK_GOOD : MARK_BAD, label,
	    built ? arena_printf(chain->arena, "%s=%c (%s)", name, value,
				 kconfig->source) :
		    arena_printf(chain->arena, _("%s is not set (%s)"), name,
				 kconfig->source));
}

/* Whether a comma-separated @value has the word. */
static bool has_word(const char *value, const char *word)
{
	size_t len = strlen(word);

	while (value && *value) {
		const char *end = strchr(value, ',');
		size_t here = end ? (size_t)(end - value) : strlen(value);
		if (here == len && strncmp(value, word, len) == 0)
			return true;
		value = end ? end + 1 : NULL;
	}
	return false;
}

/* Return the switch on the command line that turns it on or off, or NULL. */
static const char *find_switch(struct chain *chain, bool *on)
{
	const struct system *system = chain->system;
	const char *name = chain->maker->parameter;
	const char *value = system_parameter(system, "iommu");

	*on = false;
	if (has_word(value, "off"))
		return "iommu=off";
	value = name ? system_parameter(system, name) : NULL;
	if (!value)
		return NULL;
	*on = has_word(value, "on") || has_word(value, "force_enable");
	if (!*on && !has_word(value, "off"))
		return NULL;
	return arena_printf(chain->arena, "%s=%s", name, value);
}

/* Whether this kernel drives the units without being told. */
static enum known is_default_on(const struct chain *chain, bool *on)
{
	const struct kconfig *kconfig = &chain->system->host.kconfig;

	*on = true;
	if (chain->maker->driver != CFG_INTEL_IOMMU)
		return KNOWN;
	if (kconfig->known == KNOWN)
		*on = kconfig->value[CFG_INTEL_IOMMU_DEFAULT_ON] == 'y' ||
		      kconfig->value[CFG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF] ==
			      'y';
	return kconfig->known;
}

static void add_parameter(struct chain *chain)
{
	const struct system *system = chain->system;
	const char *label = _("Kernel told to");
	const char *source = system->host.logged_facts & LOGGED_CMDLINE ?
		_("the kernel log") : "/proc/cmdline";
	bool on, by_default;
	const char *word = find_switch(chain, &on);
	enum known known = is_default_on(chain, &by_default);

	if (!known_is_settled(system->host.cmdline.known)) {
		add(chain, MARK_UNKNOWN, label,
		    why_not(chain, source, system->host.cmdline.known));
	} else if (word) {
		add(chain, on ? MARK_GOOD : MARK_BAD, label,
		    arena_printf(chain->arena, _("%s in %s"), word, source));
	} else if (known == KNOWN && by_default) {
		add(chain, MARK_GOOD, label,
		    _("not needed: it is on unless told otherwise"));
	} else if (known == KNOWN) {
		add(chain, system->unit_count ? MARK_NOTE : MARK_BAD, label,
		    arena_printf(chain->arena,
				 _("no %s=on in %s; default is off"),
				 chain->maker->parameter, source));
	} else {
		add(chain, system->unit_count ? MARK_GOOD : MARK_UNKNOWN,
		    label,
		    system->unit_count ?
			    _("not needed: units run") :
			    arena_printf(chain->arena,
					 _("no %s= in %s; this kernel's "
					   "default is not known"),
					 chain->maker->parameter, source));
	}
}

static const char *unit_names(struct chain *chain)
{
	const struct system *system = chain->system;
	struct buf names = {0};

	for (unsigned i = 0; i < system->unit_count && i < 4; i++)
		buf_printf(&names, "%s%s", i ? ", " : "",
			   system->units[i].name);
	if (system->unit_count > 4)
		buf_puts(&names, ", …");
	const char *text = arena_printf(chain->arena,
					_("%s in /sys/class/iommu"),
					buf_str(&names));
	buf_free(&names);
	return text;
}

static void add_units(struct chain *chain)
{
	const struct system *system = chain->system;
	const char *label = _("IOMMU units running");

	if (system->unit_count)
		add(chain, MARK_GOOD, label, unit_names(chain));
	else if (known_is_settled(system->units_known))
		add(chain, MARK_BAD, label,
		    system->units_known == KNOWN ?
			    _("/sys/class/iommu is empty") :
			    _("there is no /sys/class/iommu"));
	else
		add(chain, MARK_UNKNOWN, label,
		    why_not(chain, "/sys/class/iommu", system->units_known));
}

/* Each device that is put into a group is told. */
static void add_groups_by_log(struct chain *chain, const char *label)
{
	const struct log *log = &chain->system->host.log;
	size_t from = 0;

	if (log->known == KNOWN &&
	    log_find(log, &from, "Adding to iommu group"))
		add(chain, MARK_GOOD, label,
		    _("the kernel log puts devices into groups"));
	else if (log->known == KNOWN && log->complete)
		add(chain, MARK_BAD, label,
		    _("the kernel log puts no device into one"));
	else
		add(chain, MARK_UNKNOWN, label,
		    why_not(chain, "/sys/kernel/iommu_groups",
			    chain->system->groups_known));
}

static void add_groups(struct chain *chain)
{
	const struct system *system = chain->system;
	const char *label = _("Groups");
	const char *source = system->groups_known == UNREAD ?
		_("the kernel log") : "/sys/kernel/iommu_groups";

	if (system->group_count)
		add(chain, MARK_GOOD, label,
		    arena_printf(chain->arena,
				 P_("%u in %s", "%u in %s",
				    system->group_count),
				 system->group_count, source));
	else if (known_is_settled(system->groups_known))
		add(chain, MARK_BAD, label,
		    system->groups_known == KNOWN ?
			    _("/sys/kernel/iommu_groups is empty") :
			    _("there is no /sys/kernel/iommu_groups"));
	else
		add_groups_by_log(chain, label);
}

/* The chip of the first interrupt that shows the state. */
static const char *remapped_chip(const struct system *system, bool on)
{
	for (unsigned i = 0; i < system->host.interrupt_count; i++) {
		const char *chip = system->host.interrupts[i].chip;
		if (text_starts(chip, "IR-") == on && strstr(chip, "MSI") &&
		    (on || text_starts(chip, "PCI-MSI")))
			return chip;
	}
	for (unsigned i = 0; i < system->host.interrupt_count; i++)
		if (text_starts(system->host.interrupts[i].chip,
				on ? "IR-" : "IO-APIC"))
			return system->host.interrupts[i].chip;
	return on ? "IR-" : "PCI-MSI";
}

static void add_remapping(struct chain *chain)
{
	const struct system *system = chain->system;
	const char *label = _("Interrupt remapping");
	enum remapping state = topo_remapping(system);

	if (state == REMAP_UNKNOWN) {
		const char *proof =
			known_is_settled(system->host.interrupts_known) ?
				_("no line of /proc/interrupts tells") :
				why_not(chain, "/proc/interrupts",
					system->host.interrupts_known);
		add(chain, MARK_UNKNOWN, label, proof);
		return;
	}
	add(chain, state == REMAP_ON ? MARK_GOOD : MARK_BAD, label,
	    arena_printf(chain->arena, _("%s in /proc/interrupts"),
			 remapped_chip(system, state == REMAP_ON)));
}

/* Where the modules could not be looked through: what the kernel was built
 * with. */
static void add_vfio_config(struct chain *chain, const char *label)
{
	const struct kconfig *kconfig = &chain->system->host.kconfig;
	char value = kconfig->value[CFG_VFIO_PCI];

	if (kconfig->known != KNOWN)
		add(chain, MARK_UNKNOWN, label,
		    why_not(chain, "/lib/modules",
			    chain->system->host.vfio_module.known));
	else if (value == 'n')
		add(chain, MARK_BAD, label,
		    arena_printf(chain->arena,
				 _("CONFIG_VFIO_PCI is not set (%s)"),
				 kconfig->source));
	else
		add(chain, MARK_NOTE, label,
		    arena_printf(chain->arena,
				 _("not loaded yet; CONFIG_VFIO_PCI=%c (%s)"),
				 value, kconfig->source));
}

static void add_vfio(struct chain *chain)
{
	const struct system *system = chain->system;
	const struct fact_text *installed = &system->host.vfio_module;
	const char *label = "vfio-pci";

	if (system->vfio.pci_driver.known == KNOWN &&
	    system->vfio.pci_driver.value)
		add(chain, MARK_GOOD, label,
		    _("/sys/bus/pci/drivers/vfio-pci"));
	else if (installed->known == KNOWN)
		add(chain, MARK_NOTE, label,
		    _("not loaded yet; a bind loads it (modprobe vfio-pci)"));
	else if (installed->known == ABSENT)
		add(chain, MARK_BAD, label,
		    _("this kernel's modules do not hold it"));
	else
		add_vfio_config(chain, label);
}

unsigned chain_make(const struct scene *scene, struct arena *arena,
		    struct chain_link links[static CHAIN_MAX])
{
	static const struct {
		void (*add)(struct chain *chain);
		const char *view;
	} adders[] = {
		{ add_processor, NULL }, { add_firmware, "iommus" },
		{ add_kernel, "config" }, { add_parameter, "log" },
		{ add_units, "iommus" }, { add_groups, "groups" },
		{ add_remapping, "interrupts" }, { add_vfio, "vfio" },
	};
	struct chain chain = { scene->system, maker_of(scene->system), arena,
			       links, 0 };

	_Static_assert(sizeof adders / sizeof *adders <= CHAIN_MAX,
		       "a chain has room for all its links");
	for (size_t i = 0; i < sizeof adders / sizeof *adders; i++) {
		unsigned first = chain.count;
		adders[i].add(&chain);
		for (unsigned at = first; at < chain.count; at++)
			links[at].view = adders[i].view;
	}
	return chain.count;
}
