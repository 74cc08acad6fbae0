// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Evidence that many rules show: which file, and what stood there.  It
 * decides nothing.
 */
#include "rule/say.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"

static const char absent[] = N_("(absent)");
static const char log_name[] = N_("kernel log");

const char *say_source(struct judge *judge, enum logged_fact fact,
		       const char *path)
{
	return judge->system->host.logged_facts & fact ? _(log_name) : path;
}

const char *say_written(struct judge *judge, const char *name,
			const char *word, const char **rest)
{
	*rest = NULL;
	const struct host *host = &judge->system->host;

	for (unsigned i = host->parameter_count; i-- > 0;) {
		const struct parameter *each = &host->parameters[i];
		if (!clue_is_named(each, name) ||
		    !clue_has_word(each->value, word))
			continue;
		const char *left = clue_without_word(judge->arena, each->value,
						     word);
		if (*left)
			*rest = arena_printf(judge->arena, "%s=%s", each->name,
					     left);
		return arena_printf(judge->arena, "%s=%s", each->name,
				    each->value);
	}
	return arena_printf(judge->arena, "%s=%s", name, word);
}

void say_parameter(struct judge *judge, const char *name)
{
	const char *path = say_source(judge, LOGGED_CMDLINE, "/proc/cmdline");
	const struct host *host = &judge->system->host;
	bool found = false;

	for (unsigned i = 0; i < host->parameter_count; i++) {
		const struct parameter *each = &host->parameters[i];
		if (!clue_is_named(each, name))
			continue;
		found = true;
		judge_evidence(judge, path, "%s%s%s", each->name,
			       each->value ? "=" : "",
			       each->value ? each->value : "");
	}
	if (!found && host->cmdline.known == KNOWN)
		judge_evidence(judge, path, _("(no %s)"), name);
}

void say_line(struct judge *judge, const char *line)
{
	if (line)
		judge_evidence(judge, _(log_name), "%s", line);
}

void say_no_line(struct judge *judge, const char *what)
{
	judge_evidence(judge, _(log_name), _("(no line: %s)"), what);
}

void say_groups(struct judge *judge)
{
	const struct system *system = judge->system;

	if (system->groups_known == ABSENT)
		judge_evidence(judge, "/sys/kernel/iommu_groups", "%s",
			       _(absent));
	else if (system->groups_known == KNOWN)
		judge_evidence(judge, "/sys/kernel/iommu_groups",
			       system->group_count ?
				       P_("%u group", "%u groups",
					  system->group_count) :
				       _("(empty)"),
			       system->group_count);
	else if (judge->clues->groups == ABSENT)
		say_no_line(judge, "Adding to iommu group");
	if (system->units_known == KNOWN)
		judge_evidence(judge, "/sys/class/iommu",
			       system->unit_count ?
				       P_("%u unit", "%u units",
					  system->unit_count) :
				       _("(empty)"),
			       system->unit_count);
}

/* The log is the list of tables where the directory was not captured. */
static bool tables_from_log(const struct host *host)
{
	return !host->tables_source || host->tables_source[0] != '/';
}

void say_table(struct judge *judge, const char *name)
{
	const struct host *host = &judge->system->host;
	const char *line;
	enum known known = system_has_table(judge->system, name);

	if (!tables_from_log(host)) {
		judge_evidence(judge,
			       arena_printf(judge->arena, "%s/%s",
					    host->tables_source, name),
			       "%s", known == KNOWN ? _("(present)") :
						      _(absent));
		return;
	}
	const char *prefix = arena_printf(judge->arena, "ACPI: %s ", name);
	if (known == KNOWN &&
	    clue_logged(judge->system, prefix, &line) == KNOWN)
		say_line(judge, line);
	else if (known == ABSENT)
		say_no_line(judge, prefix);
}

void say_symbol(struct judge *judge, enum symbol symbol)
{
	const struct kconfig *kconfig = &judge->system->host.kconfig;
	char value = kconfig->value[symbol];

	if (kconfig->known != KNOWN)
		return;
	if (value == 'y' || value == 'm')
		judge_evidence(judge, kconfig->source, "%s=%c",
			       symbol_name(symbol), value);
	else
		judge_evidence(judge, kconfig->source, "# %s is not set",
			       symbol_name(symbol));
}

void say_text(struct judge *judge, const char *path,
	      const struct fact_text *fact)
{
	if (known_is_settled(fact->known))
		judge_evidence(judge, path, "%s", fact->known == KNOWN ?
						fact->value : _(absent));
}

void say_num(struct judge *judge, const char *path, const struct fact_num *fact)
{
	if (fact->known == KNOWN)
		judge_evidence(judge, path, "%" PRId64, fact->value);
	else if (fact->known == ABSENT)
		judge_evidence(judge, path, "%s", _(absent));
}

const char *say_device_path(struct judge *judge, int device,
			    const char *attribute)
{
	char text[BDF_TEXT];

	return arena_printf(judge->arena, "/sys/bus/pci/devices/%s/%s",
			    bdf_print(judge->system->devices[device].address,
				      text),
			    attribute);
}

const struct device *say_device(const struct judge *judge)
{
	return &judge->system->devices[judge->subject.index];
}

const char *say_path(struct judge *judge, const char *attribute)
{
	return say_device_path(judge, judge->subject.index, attribute);
}

const char *say_read(struct judge *judge, const char *attribute)
{
	return judge->system->devices_logged ? _(log_name) :
					       say_path(judge, attribute);
}

/* Evidence is named where it was read, and that is mostly one uevent instead
 * of many files; so a capture says the same as the machine it was made of. */
void say_id(struct judge *judge, int device, const char *note)
{
	const struct device *self = &judge->system->devices[device];

	if (judge->system->devices_logged)
		judge_evidence(judge, _(log_name), "[%04x:%04x]%s",
			       self->vendor, self->device, note);
	else if (self->uevent_id)
		judge_evidence(judge, say_device_path(judge, device, "uevent"),
			       "PCI_ID=%04X:%04X%s", self->vendor, self->device,
			       note);
	else
		judge_evidence(judge, say_device_path(judge, device, "device"),
			       "0x%04x%s", self->device, note);
}

void say_class(struct judge *judge, int device)
{
	const struct device *self = &judge->system->devices[device];

	if (judge->system->devices_logged)
		judge_evidence(judge, _(log_name), "class 0x%06x (%s)",
			       self->class, say_kind(self));
	else if (self->uevent_id)
		judge_evidence(judge, say_device_path(judge, device, "uevent"),
			       "PCI_CLASS=%X (%s)", self->class,
			       say_kind(self));
	else
		judge_evidence(judge, say_device_path(judge, device, "class"),
			       "0x%06x (%s)", self->class, say_kind(self));
}

void say_driver(struct judge *judge, int device)
{
	const struct device *self = &judge->system->devices[device];

	if (self->uevent_driver)
		judge_evidence(judge, say_device_path(judge, device, "uevent"),
			       "DRIVER=%s", self->driver.value);
	else
		say_text(judge, say_device_path(judge, device, "driver"),
			 &self->driver);
}

const struct group *say_group(const struct judge *judge)
{
	return &judge->system->groups[judge->subject.index];
}

const char *say_group_path(struct judge *judge, int group,
			   const char *attribute)
{
	return arena_printf(judge->arena, "/sys/kernel/iommu_groups/%u/%s",
			    judge->system->groups[group].number, attribute);
}

const char *say_address(struct judge *judge, int device)
{
	struct bdf address = judge->system->devices[device].address;
	char text[BDF_TEXT];

	return arena_text(judge->arena, bdf_print_short(address, text));
}

/* Classes, base and sub, or a base alone (sub 0xff), most exact first. */
static const struct {
	unsigned class;
	const char *kind;
} kinds[] = {
	{ 0x0108, N_("NVMe drive") },
	{ 0x0106, N_("SATA controller") },
	{ 0x01ff, N_("storage controller") },
	{ 0x0280, N_("Wi-Fi card") },
	{ 0x02ff, N_("network card") },
	{ 0x03ff, N_("GPU") },
	{ 0x0403, N_("sound") },
	{ 0x04ff, N_("multimedia device") },
	{ CLASS_HOST_BRIDGE, N_("host bridge") },
	{ CLASS_ISA_BRIDGE, N_("ISA bridge") },
	{ CLASS_PCI_BRIDGE, N_("PCI bridge") },
	{ 0x06ff, N_("bridge") },
	{ CLASS_IOMMU, N_("IOMMU") },
	{ CLASS_USB, N_("USB controller") },
	{ CLASS_SMBUS, N_("SMBus controller") },
};

const char *say_kind(const struct device *device)
{
	unsigned class = device->class >> 8;

	if (device->config->header == KNOWN && device->config->has_pcie) {
		switch (device->config->pcie_type) {
		case PCIE_ROOT_PORT: return _("root port");
		case PCIE_UPSTREAM: return _("switch port (upstream)");
		case PCIE_DOWNSTREAM: return _("switch port");
		case PCIE_TO_PCI_BRIDGE: return _("PCIe-to-PCI bridge");
		default: break;
		}
	}
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].class == class ||
		    ((kinds[i].class & 0xff) == 0xff &&
		     kinds[i].class >> 8 == class >> 8))
			return _(kinds[i].kind);
	return _("device");
}
