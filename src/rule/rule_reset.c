// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reset and power: whether a device can be given out twice, and whether it
 * answers at all.
 *
 * Sources: drivers/pci/pci.c, pci_reset_fn_methods; drivers/pci/quirks.c;
 * Documentation/ABI/testing/sysfs-bus-pci.
 */
#include <string.h>

#include "base/i18n.h"
#include "model/ids.h"
#include "model/parts.h"
#include "rule/rules.h"
#include "rule/say.h"

static bool is_fixture(const struct device *device)
{
	return topo_is_bridge(device) || topo_is_platform(device);
}

/* A word of the list of methods. */
static bool has_method(const struct device *device, const char *method)
{
	size_t len = strlen(method);
	const char *at = device->reset_method.known == KNOWN ?
				 device->reset_method.value : "";

	while (*at) {
		size_t word = strcspn(at, " ");
		if (word == len && strncmp(at, method, len) == 0)
			return true;
		at += word;
		at += strspn(at, " ");
	}
	return false;
}

static void say_reset(struct judge *judge)
{
	const struct device *device = say_device(judge);

	say_text(judge, say_path(judge, "reset_method"), &device->reset_method);
	if (device->reset_file.known == ABSENT)
		say_num(judge, say_path(judge, "reset"), &device->reset_file);
}

enum verdict rule_dev_no_reset(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (is_fixture(device) || device->physfn != NONE)
		return VERDICT_NOT_HERE;
	enum known reset = topo_has_reset(device);
	if (reset == KNOWN)
		return VERDICT_PASS;
	if (reset != ABSENT)
		return judge_unknown(judge, say_path(judge, "reset_method"),
				     reset);
	if (parts_can_reset_bus(judge->system, judge->subject.index))
		return VERDICT_PASS;
	say_reset(judge);
	judge_remedy(judge, NULL,
		     _("Expect to restart the host between two starts of the "
		       "guest."));
	return VERDICT_FAIL;
}

/* Whether @other would go along with @self: as a function of its card, or as
 * a member of its group. */
static bool goes_along(const struct device *self, const struct device *other)
{
	return topo_is_same_slot(other, self) ||
	       (self->group_index != NONE &&
		self->group_index == other->group_index);
}

/* Other functions of the bus that do not go along, or were left behind when
 * this one went to vfio. */
static unsigned say_bus(struct judge *judge, const struct device **unknown)
{
	const struct system *system = judge->system;
	const struct device *self = say_device(judge);
	bool gone = self->driver.known == KNOWN &&
		    topo_is_vfio_driver(self->driver.value);
	unsigned count = 0;

	for (int at = system->devices[self->parent].first_child; at != NONE;
	     at = system->devices[at].next_sibling) {
		const struct device *other = &system->devices[at];
		if (other == self || (!gone && goes_along(self, other)))
			continue;
		if (!known_is_settled(other->driver.known)) {
			*unknown = other;
			continue;
		}
		if (other->driver.known == KNOWN &&
		    topo_is_vfio_driver(other->driver.value))
			continue;
		say_driver(judge, at);
		count++;
	}
	return count;
}

/* Whether a method resets it alone.  A kernel that lists one which is known
 * to do nothing, or harm, is older than the quirk. */
static bool has_own_method(const struct device *device)
{
	static const struct {
		const char *name;
		enum id_list unless;
	} methods[] = {
		{ "device_specific", IDS_COUNT }, { "acpi", IDS_COUNT },
		{ "flr", IDS_NO_FLR }, { "af_flr", IDS_NO_FLR },
		{ "pm", IDS_NO_PM_RESET },
	};

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (has_method(device, methods[i].name) &&
		    (methods[i].unless == IDS_COUNT ||
		     !ids_have(methods[i].unless, device)))
			return true;
	return false;
}

enum verdict rule_dev_reset_shared(struct judge *judge)
{
	const struct device *device = say_device(judge), *unknown = NULL;

	if (is_fixture(device) || device->parent == NONE ||
	    device->physfn != NONE)
		return VERDICT_NOT_HERE;
	if (!known_is_settled(device->reset_method.known))
		return judge_unknown(judge, say_path(judge, "reset_method"),
				     device->reset_method.known);
	if (has_own_method(device))
		return VERDICT_PASS;
	/* Before 5.15 there is only "reset": that it has a way of its own. */
	if (device->reset_method.known == ABSENT &&
	    device->reset_file.known != ABSENT)
		return device->reset_file.known == KNOWN ?
			       VERDICT_PASS :
			       judge_unknown(judge, say_path(judge, "reset"),
					     device->reset_file.known);
	bool alone = !say_bus(judge, &unknown);
	enum known known = unknown ? unknown->driver.known :
				     judge->system->devices_known;
	if (alone)
		return known == KNOWN ? VERDICT_PASS :
					judge_unknown(judge,
						      _("drivers on its bus"),
						      known);
	say_reset(judge);
	judge_remedy(judge, NULL,
		     _("Give everything on its bus to vfio-pci; then vfio can "
		       "reset the bus."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_reset_quirk(struct judge *judge)
{
	static const struct {
		enum id_list list;
		const char *text;
	} quirks[] = {
		{ IDS_NO_BUS_RESET, N_("no bus reset") },
		{ IDS_NO_FLR, N_("no function-level reset") },
		{ IDS_NO_PM_RESET, N_("no reset by power states (pm)") },
		{ IDS_OWN_RESET, N_("a reset of its own") },
	};
	const struct device *device = say_device(judge);
	enum known unknown = KNOWN;
	bool vendor = false;

	if (is_fixture(device))
		return VERDICT_NOT_HERE;
	if (device->identity != KNOWN)
		return judge_unknown(judge, say_path(judge, "uevent"),
				     device->identity);
	for (size_t i = 0; i < sizeof quirks / sizeof *quirks; i++) {
		enum known known = ids_known(quirks[i].list, device);
		if (!known_is_settled(known))
			unknown = known;
		if (known == KNOWN)
			say_id(judge, judge->subject.index,
			       arena_printf(judge->arena, ": %s",
					    _(quirks[i].text)));
		vendor = vendor || ids_have_vendor(quirks[i].list, device);
	}
	if (judge->finding->evidence_count)
		return VERDICT_FAIL;
	if (unknown != KNOWN)
		return judge_unknown(judge, say_path(judge, "revision"),
				     unknown);
	return vendor ? VERDICT_PASS : VERDICT_NOT_HERE;
}

enum verdict rule_dev_amd_reset(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (!topo_is_display(device) || device->vendor != 0x1002)
		return VERDICT_NOT_HERE;
	if (!ids_have(IDS_AMD_RESET_BUG, device) ||
	    has_method(device, "device_specific"))
		return VERDICT_PASS;
	if (!known_is_settled(device->reset_method.known))
		return judge_unknown(judge, say_path(judge, "reset_method"),
				     device->reset_method.known);
	say_id(judge, judge->subject.index, "");
	say_reset(judge);
	const char *commands[] = {
		"modprobe vendor-reset",
		arena_printf(judge->arena, "echo device_specific > %s",
			     say_path(judge, "reset_method")),
		NULL,
	};
	judge_remedy(judge, commands,
		     _("Install the module vendor-reset, which is not part of "
		       "Linux, and choose it:"));
	return VERDICT_FAIL;
}

enum verdict rule_dev_d3cold(struct judge *judge)
{
	const struct fact_text *power = &say_device(judge)->power_state;

	if (is_fixture(say_device(judge)))
		return VERDICT_NOT_HERE;
	if (power->known != KNOWN)
		return power->known == ABSENT ?
			       VERDICT_NOT_HERE :
			       judge_unknown(judge,
					     say_path(judge, "power_state"),
					     power->known);
	if (strcmp(power->value, "D3cold") != 0)
		return VERDICT_PASS;
	const char *commands[] = {
		arena_printf(judge->arena, "echo on > %s",
			     say_path(judge, "power/control")),
		NULL,
	};
	say_text(judge, say_path(judge, "power_state"), power);
	judge_remedy(judge, commands, _("To wake it, and keep it awake:"));
	return VERDICT_FAIL;
}

enum verdict rule_dev_dead(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const struct config *config = device->config;

	/* Virtual functions answer so by design. */
	if (device->physfn != NONE)
		return VERDICT_NOT_HERE;
	if (config->header != KNOWN) {
		judge_severity(judge, SEVERITY_INFO);
		return judge_unknown(judge, say_path(judge, "config"),
				     config->header == ABSENT ?
					     UNREAD : config->header);
	}
	if (config->vendor != 0xffff || config->device != 0xffff)
		return VERDICT_PASS;
	/* Without power nothing answers; that is rule_dev_d3cold's matter. */
	const struct fact_text *power = &device->power_state;
	if (power->known == KNOWN && strcmp(power->value, "D3cold") == 0)
		return VERDICT_NOT_HERE;
	if (!known_is_settled(power->known))
		return judge_unknown(judge, say_path(judge, "power_state"),
				     power->known);
	judge_evidence(judge, say_path(judge, "config"), "ffff:ffff");
	say_text(judge, say_path(judge, "power_state"), &device->power_state);
	judge_remedy(judge, NULL,
		     _("Shut the machine down and switch it off, so that the "
		       "device loses its power.  Sometimes removing it and "
		       "scanning the bus again is enough."));
	return VERDICT_FAIL;
}
