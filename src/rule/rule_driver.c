// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Drivers of a device: which one holds it, which one was wanted, and why the
 * two differ.
 *
 * Sources: Documentation/driver-api/vfio.rst, ABI/testing/sysfs-bus-pci;
 * drivers/vfio/pci/vfio_pci.c.
 */
#include <string.h>

#include "base/i18n.h"
#include "model/viable.h"
#include "base/text.h"
#include "model/ids.h"
#include "rule/logged.h"
#include "rule/rules.h"
#include "rule/say.h"
#include "rule/wanted.h"

/* Devices that nobody gives away have nothing to learn here. */
static bool is_fixture(const struct device *device)
{
	return topo_is_bridge(device) || topo_is_platform(device);
}

static enum verdict driver_unknown(struct judge *judge)
{
	return judge_unknown(judge, say_path(judge, "driver"),
			     say_device(judge)->driver.known);
}

static bool is_bound_to_vfio(const struct device *device)
{
	return device->driver.known == KNOWN &&
	       topo_is_vfio_driver(device->driver.value);
}

enum verdict rule_dev_host_driver(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (is_fixture(device) || device->driver.known == ABSENT)
		return VERDICT_NOT_HERE;
	if (device->driver.known != KNOWN)
		return driver_unknown(judge);
	if (topo_is_harmless_driver(device->driver.value))
		return VERDICT_PASS;
	say_driver(judge, judge->subject.index);
	return VERDICT_FAIL;
}

/* Whether no member of its group stands in the way; unknown as drivers are. */
static enum known is_viable(const struct system *system,
			    const struct device *device)
{
	if (device->group_index == NONE)
		return device->group.known == ABSENT ? ABSENT : UNREAD;
	return viable_group(system,
			    &system->groups[device->group_index]).known;
}

enum verdict rule_dev_ready(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (!is_bound_to_vfio(device))
		return VERDICT_NOT_HERE;
	enum known viable = is_viable(judge->system, device);
	if (viable == ABSENT)
		return VERDICT_PASS;
	if (viable != KNOWN)
		return judge_unknown(judge, _("drivers of its group"), viable);
	say_driver(judge, judge->subject.index);
	return VERDICT_FAIL;
}

enum verdict rule_dev_unbound(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (is_fixture(device))
		return VERDICT_NOT_HERE;
	if (device->driver.known == KNOWN)
		return VERDICT_PASS;
	if (device->driver.known != ABSENT)
		return driver_unknown(judge);
	say_driver(judge, judge->subject.index);
	if (device->modules.known == KNOWN && device->modalias.known == KNOWN)
		judge_evidence(judge, say_path(judge, device->uevent_id ?
						      "uevent" : "modalias"),
			       "%s%s (%s)",
			       device->uevent_id ? "MODALIAS=" : "",
			       device->modalias.value, device->modules.value);
	return VERDICT_FAIL;
}

/* Begin a rule on ids=: true when the device is among them, with the list
 * that says so. */
static bool asks_for(struct judge *judge, struct wanted *wanted,
		     enum verdict *verdict)
{
	const struct device *device = say_device(judge);
	const char *source;

	*verdict = VERDICT_NOT_HERE;
	if (is_fixture(device))
		return false;
	if (wanted_has(judge->system, device, wanted))
		return true;
	enum known known = wanted_known(judge->system, &source);
	/* Only what people give away is in doubt. */
	if (!known_is_settled(known) && topo_is_display(device))
		*verdict = judge_unknown(judge, source, known);
	return false;
}

static void say_ids(struct judge *judge, const struct wanted *wanted)
{
	judge_evidence(judge, wanted->source, "ids=%s", wanted->ids);
}

enum verdict rule_dev_ids_not_taken(struct judge *judge)
{
	enum verdict verdict;
	struct wanted wanted;
	const char *line;

	if (!asks_for(judge, &wanted, &verdict))
		return verdict;
	const struct device *device = say_device(judge);
	if (!known_is_settled(device->driver.known))
		return driver_unknown(judge);
	if (is_bound_to_vfio(device))
		return VERDICT_PASS;
	say_ids(judge, &wanted);
	say_driver(judge, judge->subject.index);
	if (clue_logged(judge->system, "vfio_pci: add [", &line) == KNOWN)
		say_line(judge, line);
	static const char *const dracut[] = {
		"force_drivers+=\" vfio_pci vfio vfio_iommu_type1 \"", NULL,
	};
	if (device->driver.known == KNOWN) {
		const char *softdep[] = {
			arena_printf(judge->arena, "softdep %s pre: vfio-pci",
				     device->driver.value), NULL,
		};
		judge_remedy(judge, softdep,
			     _("Have vfio-pci loaded first: write this line to "
			       "/etc/modprobe.d/vfio.conf, then rebuild the "
			       "initramfs (update-initramfs -u, dracut -f, "
			       "mkinitcpio -P)."));
	}
	judge_remedy(judge, dracut,
		     _("With dracut: write this line to "
		       "/etc/dracut.conf.d/vfio.conf."));
	say_early(judge);
	return VERDICT_FAIL;
}

/* Whether every id of a list is that of some device. */
static bool all_are_here(const struct system *system, const char *ids)
{
	while (ids && *ids) {
		uint64_t vendor, number;
		bool found = false;
		if (!wanted_take_id(&ids, &vendor, &number))
			return false;
		for (unsigned i = 0; i < system->device_count; i++)
			found = found ||
				(system->devices[i].vendor == vendor &&
				 system->devices[i].device == number);
		if (!found)
			return false;
	}
	return true;
}

enum verdict rule_ids_typo(struct judge *judge)
{
	const struct system *system = judge->system;
	const char *line, *source;
	struct wanted wanted;
	enum known said =
		clue_logged(system, "vfio_pci: invalid id string", &line);

	for (unsigned at = 0; wanted_next(system, &at, &wanted);)
		if (!all_are_here(system, wanted.ids))
			say_ids(judge, &wanted);
	bool missed = judge->finding->evidence_count != 0;
	say_line(judge, line);
	if (missed && said != KNOWN && system->devices_known != KNOWN) {
		judge->finding->evidence_count = 0;
		return judge_unknown(judge, "/sys/bus/pci/devices",
				     system->devices_known);
	}
	if (missed || said == KNOWN) {
		judge_remedy(judge, NULL,
			     _("Correct it: ids are vvvv:dddd, hexadecimal, as "
			       "lspci -nn shows them, with commas between."));
		return VERDICT_FAIL;
	}
	enum known known = wanted_known(system, &source);
	return known_is_settled(known) ? VERDICT_PASS :
					 judge_unknown(judge, source, known);
}

enum verdict rule_dev_identical(struct judge *judge)
{
	const struct system *system = judge->system;
	enum verdict verdict;
	struct wanted wanted;
	bool twin = false;

	if (!asks_for(judge, &wanted, &verdict))
		return verdict;
	const struct device *device = say_device(judge);
	for (unsigned i = 0; i < system->device_count; i++)
		if ((int)i != judge->subject.index &&
		    system->devices[i].vendor == device->vendor &&
		    system->devices[i].device == device->device &&
		    wanted_has(system, &system->devices[i], NULL)) {
			say_id(judge, (int)i, "");
			twin = true;
		}
	if (!twin)
		return system->devices_known == KNOWN ?
			       VERDICT_PASS :
			       judge_unknown(judge, "/sys/bus/pci/devices",
					     system->devices_known);
	say_ids(judge, &wanted);
	judge_remedy(judge, NULL,
		     _("To take only one of them, name it by its address: "
		       "driver_override, or driverctl."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_override_stale(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const struct fact_text *override = &device->driver_override;

	if (override->known == ABSENT)
		return VERDICT_NOT_HERE;
	if (override->known != KNOWN)
		return judge_unknown(judge, say_path(judge, "driver_override"),
				     override->known);
	if (!known_is_settled(device->driver.known))
		return driver_unknown(judge);
	if (device->driver.known == KNOWN &&
	    strcmp(device->driver.value, override->value) == 0)
		return VERDICT_PASS;
	const char *commands[] = {
		arena_printf(judge->arena, "echo > %s",
			     say_path(judge, "driver_override")),
		NULL,
	};
	say_text(judge, say_path(judge, "driver_override"), override);
	say_driver(judge, judge->subject.index);
	judge_remedy(judge, commands,
		     _("Bind it to the driver that the override names, or "
		       "clear the override:"));
	return VERDICT_FAIL;
}

enum verdict rule_dev_override_unloaded(struct judge *judge)
{
	const struct system *system = judge->system;
	const struct fact_text *override = &say_device(judge)->driver_override;

	if (override->known == ABSENT)
		return VERDICT_NOT_HERE;
	if (override->known != KNOWN)
		return judge_unknown(judge, say_path(judge, "driver_override"),
				     override->known);
	if (system_driver(system, override->value) != NONE)
		return VERDICT_PASS;
	if (system->drivers_known != KNOWN)
		return judge_unknown(judge, "/sys/bus/pci/drivers",
				     system->drivers_known);
	const char *commands[] = {
		arena_printf(judge->arena, "modprobe %s", override->value),
		NULL,
	};
	say_text(judge, say_path(judge, "driver_override"), override);
	judge_evidence(judge,
		       arena_printf(judge->arena, "/sys/bus/pci/drivers/%s",
				    override->value),
		       "%s", _("(absent)"));
	judge_remedy(judge, commands, _("Load it:"));
	return VERDICT_FAIL;
}

enum verdict rule_dev_builtin(struct judge *judge)
{
	const struct system *system = judge->system;
	const struct device *device = say_device(judge);
	bool wanted = wanted_has(system, device, NULL) ||
		      (device->driver_override.known == KNOWN &&
		       topo_is_vfio_driver(device->driver_override.value));

	if (!wanted || device->builtin.known == ABSENT)
		return VERDICT_NOT_HERE;
	if (is_bound_to_vfio(device))
		return VERDICT_PASS;
	if (device->builtin.known != KNOWN)
		return judge_unknown(judge, "/lib/modules/*/modules.builtin",
				     device->builtin.known);
	if (!device->builtin.value)
		return VERDICT_PASS;
	judge_evidence(judge, "/lib/modules/*/modules.builtin", "%s",
		       device->modules.known == KNOWN ?
			       device->modules.value : device->driver.value);
	say_driver(judge, judge->subject.index);
	judge_remedy(judge, NULL,
		     _("It is part of the kernel, so no order of modules "
		       "helps: set driver_override early, or unbind it when "
		       "the machine has started."));
	return VERDICT_FAIL;
}

/* Where it was looked up: this machine's list of aliases, or what a capture
 * holds of that. */
static const char *aliases_path(const struct judge *judge)
{
	return judge->system->origin.kind == ORIGIN_LIVE ?
		       "/lib/modules/*/modules.alias" : "/vfiotop/candidates";
}

enum verdict rule_dev_variant(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const struct fact_text *variant = &device->variant;

	if (is_fixture(device) || variant->known == ABSENT)
		return VERDICT_NOT_HERE;
	if (variant->known != KNOWN)
		return judge_unknown(judge, aliases_path(judge),
				     variant->known);
	size_t len = strlen(variant->value);
	if (device->driver.known == KNOWN &&
	    strlen(device->driver.value) == len &&
	    text_same_dashed(device->driver.value, variant->value, len))
		return VERDICT_PASS;
	const char *commands[] = {
		arena_printf(judge->arena, "modprobe %s", variant->value),
		NULL,
	};
	judge_evidence(judge, aliases_path(judge), "vfio_pci: %s",
		       variant->value);
	judge_remedy(judge, commands,
		     _("Load it and bind the device to it instead of "
		       "vfio-pci."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_denied(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const char *source, *value, *line;
	int at = NONE;

	if (device->identity != KNOWN)
		return judge_unknown(judge, say_path(judge, "uevent"),
				     device->identity);
	if (!ids_have_vendor(IDS_DENIED, device) || is_fixture(device))
		return VERDICT_NOT_HERE;
	if (!ids_have(IDS_DENIED, device) || is_bound_to_vfio(device))
		return VERDICT_PASS;
	enum known lifted = wanted_lifts_denylist(judge->system, &source,
						  &value);
	if (lifted == KNOWN)
		return VERDICT_PASS;
	say_id(judge, judge->subject.index, "");
	if ((line = logged_next(judge, &at)))
		say_line(judge, line);
	else if (lifted != ABSENT)
		return judge_unknown(judge, source, lifted);
	if (value)
		judge_evidence(judge, source, "disable_denylist=%s", value);
	judge_remedy(judge, NULL,
		     _("vfio-pci.disable_denylist=1 lifts it.  The list is "
		       "there because a guest with such a device can harm the "
		       "host."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_uio(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (is_fixture(device) || device->driver.known == ABSENT)
		return VERDICT_NOT_HERE;
	if (device->driver.known != KNOWN)
		return driver_unknown(judge);
	if (!topo_is_uio_driver(device->driver.value))
		return VERDICT_PASS;
	say_driver(judge, judge->subject.index);
	judge_remedy(judge, NULL, _("Bind it to vfio-pci instead."));
	return VERDICT_FAIL;
}

/* Other functions of its slot that vfio does not have; *unknown gets one
 * whose driver is not known. */
static unsigned say_siblings(struct judge *judge, const struct device **unknown)
{
	const struct system *system = judge->system;
	const struct device *self = say_device(judge);
	int first = judge->subject.index;
	unsigned count = 0;

	while (first > 0 && bdf_same_slot(system->devices[first - 1].address,
					  self->address))
		first--;
	for (int at = first; at < (int)system->device_count &&
	     bdf_same_slot(system->devices[at].address, self->address); at++) {
		const struct device *other = &system->devices[at];
		if (other == self || is_bound_to_vfio(other) ||
		    !topo_is_same_slot(self, other))
			continue;
		if (!known_is_settled(other->driver.known)) {
			*unknown = other;
			continue;
		}
		say_driver(judge, at);
		count++;
	}
	return count;
}

enum verdict rule_dev_siblings(struct judge *judge)
{
	const struct device *device = say_device(judge), *unknown = NULL;

	if (is_fixture(device) ||
	    (!topo_is_display(device) && !is_bound_to_vfio(device)))
		return VERDICT_NOT_HERE;
	unsigned count = say_siblings(judge, &unknown);
	enum known known = unknown ? unknown->driver.known :
				     judge->system->devices_known;
	if (!count && known == KNOWN)
		return VERDICT_PASS;
	if (!count)
		return judge_unknown(judge, _("drivers of its slot"), known);
	/* Before it goes anywhere it is only good to know. */
	if (!is_bound_to_vfio(device))
		judge_severity(judge, SEVERITY_INFO);
	judge_remedy(judge, NULL,
		     _("Give all functions of the slot to vfio-pci together."));
	return VERDICT_FAIL;
}
