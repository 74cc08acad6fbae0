// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the next start will make of a device.  It changes nothing, and is no
 * rule: nothing is wrong with a device that goes home.
 *
 * The initramfs comes before all that: where it was looked into, it settles
 * what else would be open.
 *
 * Source: driverctl(8); modprobe.d(5); drivers/vfio/pci/vfio_pci.c,
 * vfio_pci_fill_ids(); drivers/pci/pci-stub.c; drivers/base/dd.c.
 */
#include "rule/drift.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/refresh.h"
#include "model/topo.h"
#include "rule/early.h"
#include "rule/wanted.h"

/* The device, and the answer in the making. */
struct oracle {
	const struct system *system;
	const struct device *device;
	struct arena *arena;
	struct early early;	/* what the initramfs makes of it */
	struct drift drift;
};

static void say(struct oracle *oracle, const char *next, const char *source,
		const char *why)
{
	oracle->drift.next = next;
	oracle->drift.source = source;
	oracle->drift.why = why;
}

/* --- driverctl --- */

static const struct config_line *stored(const struct oracle *oracle)
{
	const struct host *host = &oracle->system->host;
	char address[BDF_TEXT];

	bdf_print(oracle->device->address, address);
	for (unsigned i = 0; i < host->override_count; i++) {
		const char *slash = strrchr(host->overrides[i].source, '/');
		if (slash && strcmp(slash + 1, address) == 0)
			return &host->overrides[i];
	}
	return NULL;
}

static bool by_driverctl(struct oracle *oracle)
{
	const struct config_line *line = stored(oracle);
	enum known tool = oracle->system->host.driverctl.known;

	if (!line || tool == ABSENT)
		return false;
	if (tool != KNOWN)
		say(oracle, NULL, line->source,
		    _("An override is kept, but whether driverctl is there "
		      "to set it is not known."));
	else
		say(oracle, strcmp(line->text, "none") == 0 ? "" : line->text,
		    line->source, _("driverctl sets this override at every "
				    "start."));
	return true;
}

/* --- modules --- */

static bool has_line(const struct oracle *oracle, const char *verb,
		     const char *module, size_t len, const char *pre)
{
	const struct host *host = &oracle->system->host;

	return early_line(host->modprobe, host->modprobe_count, verb, module,
			  len, pre) != NULL;
}

static bool is_blacklisted(const struct oracle *oracle, const char *module,
			   size_t len)
{
	return early_blacklisted(oracle->system, module, len) ||
	       has_line(oracle, "blacklist", module, len, NULL);
}

static const char *modules_of(const struct oracle *oracle)
{
	return oracle->device->modules.known == KNOWN ?
		       oracle->device->modules.value : "";
}

/* Whether each module that could drive it lets vfio-pci come first. */
static bool all_wait(const struct oracle *oracle, const char **culprit)
{
	const char *at = modules_of(oracle);

	for (size_t len; (len = early_next_word(&at)) > 0; at += len)
		if (!is_blacklisted(oracle, at, len) &&
		    !has_line(oracle, "softdep", at, len, "vfio-pci")) {
			*culprit = arena_copy(oracle->arena, at, len);
			return false;
		}
	return true;
}

/* Return the host's own driver, "" for none: the one that has the device now
 * where it is that of one of the modules. */
static const char *own_driver(const struct oracle *oracle, bool *blacklisted)
{
	const char *at = modules_of(oracle), *first = NULL;

	for (size_t len; (len = early_next_word(&at)) > 0; at += len) {
		const char *driver =
			system_driver_of(oracle->system, at, len);
		if (is_blacklisted(oracle, at, len)) {
			*blacklisted = true;
			continue;
		}
		if (!driver)
			driver = arena_copy(oracle->arena, at, len);
		if (oracle->drift.now &&
		    strcmp(driver, oracle->drift.now) == 0)
			return driver;
		if (!first)
			first = driver;
	}
	return first ? first : "";
}

/* Built in, so no module names it: what it has now, when that is the host's. */
static bool has_own_now(const struct oracle *oracle)
{
	const char *now = oracle->drift.now;

	return now && *now && !topo_is_vfio_driver(now) &&
	       strcmp(now, "pci-stub") != 0 &&
	       !topo_is_uio_driver(now);
}

static void by_modalias(struct oracle *oracle)
{
	enum known known = oracle->device->modules.known;
	bool blacklisted = false;
	const char *driver = own_driver(oracle, &blacklisted);

	if (known == ABSENT && has_own_now(oracle))
		say(oracle, oracle->drift.now, "",
		    _("Nothing else is written down."));
	else if (!known_is_settled(known))
		say(oracle, NULL, "",
		    arena_printf(oracle->arena, _("Which modules could drive "
						  "it is not known: %s."),
				 known_why(known)));
	else if (!*driver && blacklisted)
		say(oracle, "", "/etc/modprobe.d",
		    _("The modules that could drive it are on a blacklist."));
	else if (!*driver)
		say(oracle, "", "", _("No driver of the host is for it."));
	else
		say(oracle, driver, "",
		    stored(oracle) ?
			    _("An override is kept, but driverctl, which would "
			      "set it, is not installed.") :
			    _("Nothing else is written down."));
}

/* What makes virtual functions anew at a start is written in too many places
 * to look for: without it there is no device, with it the one who made them
 * says whether drivers are probed. */
static bool by_birth(struct oracle *oracle)
{
	if (oracle->device->physfn == NONE)
		return false;
	say(oracle, NULL, "",
	    _("A virtual function is gone after a restart, until something "
	      "makes it anew."));
	return true;
}

/* --- ids --- */

static bool is_built_in(const struct device *device)
{
	return device->builtin.known == KNOWN && device->builtin.value;
}

/* Whether something loads vfio-pci for itself. */
static bool is_loaded_early(const struct oracle *oracle)
{
	const struct host *host = &oracle->system->host;

	if (host->kconfig.known == KNOWN &&
	    host->kconfig.value[CFG_VFIO_PCI] == 'y')
		return true;
	for (unsigned i = 0; i < host->modules_load_count; i++)
		if (text_same_dashed(host->modules_load[i].text, "vfio-pci",
				     sizeof "vfio-pci"))
			return true;
	return false;
}

/* Its own driver takes it, since vfio-pci does not come first. */
static void goes_home(struct oracle *oracle, const char *source,
		      const char *why)
{
	bool blacklisted = false;

	say(oracle, own_driver(oracle, &blacklisted), source, why);
}

/* "…: make the initramfs anew (update-initramfs -u)." */
static const char *and_refresh(const struct oracle *oracle, const char *why)
{
	const char *line = refresh_line(&oracle->system->host, oracle->arena);
	const struct early *early = &oracle->early;

	if (!early->stale_line)
		return why;
	if (!*line)
		return arena_printf(oracle->arena,
				    _("%s  Its copy of modprobe.d is another "
				      "(%s: \"%s\"): make the initramfs anew."),
				    why, early->stale_source,
				    early->stale_line);
	return arena_printf(oracle->arena,
			    _("%s  Its copy of modprobe.d is another (%s: "
			      "\"%s\"): make the initramfs anew, with %s."),
			    why, early->stale_source, early->stale_line, line);
}

static const char *driver_of(const struct oracle *oracle, const char *module)
{
	const char *driver = system_driver_of(oracle->system, module,
					      strlen(module));

	return driver ? driver : module;
}

/* What the initramfs settles before the files of the root are seen: whether
 * it is so that the device, of which somebody gave the ids to vfio-pci, is
 * taken there. */
static bool by_early(struct oracle *oracle, bool is_wanted)
{
	const struct early *early = &oracle->early;

	if (early->kind == EARLY_VFIO) {
		say(oracle, "vfio-pci", early->source,
		    and_refresh(oracle,
				_("Its ids are given to vfio-pci, which the "
				  "initramfs loads first.")));
		return true;
	}
	if (!is_wanted && early->kind != EARLY_OPEN)
		return false;
	if (early->kind == EARLY_OPEN)
		say(oracle, NULL, early->source,
		    arena_printf(oracle->arena,
				 _("Its ids are given to vfio-pci, but the "
				   "initramfs loads that and %s in no order "
				   "that is certain."), early->module));
	else if (early->kind == EARLY_OWN)
		say(oracle, driver_of(oracle, early->module), early->source,
		    and_refresh(oracle, arena_printf(
			oracle->arena, early->has_vfio ?
			_("Its ids are given to vfio-pci, but the initramfs "
			  "loads %s, which does not wait for that.") :
			_("Its ids are given to vfio-pci, which is not in the "
			  "initramfs; %s is, and comes first."),
			early->module)));
	return early->kind != EARLY_NOTHING && early->kind != EARLY_UNKNOWN;
}

/* The initramfs loaded vfio-pci without the ids, and loads it but once. */
static bool is_spent(const struct oracle *oracle)
{
	struct wanted wanted;

	return oracle->early.kind == EARLY_NOTHING &&
	       oracle->early.loads_vfio &&
	       !wanted_early(oracle->system, oracle->device, &wanted);
}

/* Where the initramfs does nothing to the device it is the root's turn. */
static void by_order(struct oracle *oracle, const char *source)
{
	bool settled = oracle->early.kind == EARLY_NOTHING;
	const char *unsure = early_why(oracle->system, oracle->arena);
	const char *culprit = "";

	if (is_spent(oracle)) {
		goes_home(oracle, oracle->early.source,
			  and_refresh(oracle,
				_("Its ids are given to vfio-pci, but the "
				  "initramfs has loaded that without them.")));
	} else if (!all_wait(oracle, &culprit) && !settled) {
		say(oracle, NULL, source, arena_printf(
			oracle->arena,
			_("Its ids are given to vfio-pci, but no softdep lets "
			  "that come before %s, and %s."), culprit, unsure));
	} else if (*culprit && is_loaded_early(oracle)) {
		say(oracle, NULL, source, arena_printf(
			oracle->arena,
			_("Its ids are given to vfio-pci, but no softdep lets "
			  "that come before %s."), culprit));
	} else if (*culprit) {
		goes_home(oracle, source, arena_printf(
			oracle->arena,
			_("Its ids are given to vfio-pci, but neither a "
			  "softdep nor the initramfs lets that come before "
			  "%s."), culprit));
	} else if (!*modules_of(oracle) && !is_loaded_early(oracle)) {
		if (settled)
			goes_home(oracle, source,
				  _("Its ids are given to vfio-pci, but "
				    "nothing loads that, nor does the "
				    "initramfs."));
		else
			say(oracle, NULL, source, arena_printf(
				oracle->arena,
				_("Its ids are given to vfio-pci, but nothing "
				  "loads that, and %s."), unsure));
	} else {
		say(oracle, "vfio-pci", source,
		    _("Its ids are given to vfio-pci, which comes before the "
		      "host's own driver."));
	}
}

static bool by_ids(struct oracle *oracle)
{
	struct wanted wanted;
	const char *source;
	enum known known = wanted_known(oracle->system, &source);
	bool is_wanted = wanted_has(oracle->system, oracle->device, &wanted);

	if (is_wanted && is_built_in(oracle->device)) {
		goes_home(oracle, "/lib/modules/*/modules.builtin",
			  _("Its ids are given to vfio-pci, but its own "
			    "driver is built into the kernel and comes "
			    "first."));
		return true;
	}
	if (by_early(oracle, is_wanted))
		return true;
	if (is_wanted) {
		by_order(oracle, wanted.source);
		return true;
	}
	if (known_is_settled(known))
		return false;
	say(oracle, NULL, source,
	    arena_printf(oracle->arena, _("Whether its ids are given to "
					  "vfio-pci is not known: %s."),
			 known_why(known)));
	return true;
}

/* --- pci-stub --- */

/* Built in, it comes before all others that are; no module is before it. */
static bool by_stub(struct oracle *oracle)
{
	const struct kconfig *kconfig = &oracle->system->host.kconfig;
	struct wanted wanted;

	if (!wanted_by_stub(oracle->system, oracle->device, &wanted))
		return false;
	if (kconfig->known == KNOWN && kconfig->value[CFG_PCI_STUB] == 'n')
		return false;
	if (kconfig->known == KNOWN && kconfig->value[CFG_PCI_STUB] == 'y')
		say(oracle, "pci-stub", wanted.source,
		    _("Its ids are given to pci-stub, which is built into the "
		      "kernel and comes first."));
	else
		say(oracle, NULL, wanted.source,
		    _("Its ids are given to pci-stub, and whether anything "
		      "loads that before another driver is not known."));
	return true;
}

struct drift drift_of(const struct system *system, int device,
		      struct arena *arena)
{
	struct oracle oracle = { .system = system, .arena = arena,
				 .device = &system->devices[device] };

	oracle.drift.source = "";
	oracle.drift.why = "";
	if (known_is_settled(oracle.device->driver.known))
		oracle.drift.now = oracle.device->driver.known == KNOWN ?
					   oracle.device->driver.value : "";
	oracle.early = early_of(system, device, arena);
	if (!by_driverctl(&oracle) && !by_birth(&oracle) && !by_stub(&oracle) &&
	    !by_ids(&oracle))
		by_modalias(&oracle);
	return oracle.drift;
}
