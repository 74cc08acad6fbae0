// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What vfio-pci was told: lists of ids to take, switches.  Whether it did so is
 * the rules' matter.
 *
 * Sources: drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids(); kernel/params.c;
 * modprobe.d(5).
 */
#include "rule/wanted.h"

#include <string.h>

#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"

/* The value of a parameter in "options MODULE … NAME=…", the last of that
 * line; "" without "=", NULL where it is not there. */
static const char *value_of(const char *text, const char *module,
			    const char *name)
{
	size_t len = strlen(module), width = strlen(name);
	const char *value = NULL;

	if (!text_starts(text, "options"))
		return NULL;
	text += strcspn(text, " \t");
	text += strspn(text, " \t");
	if (!text_same_dashed(text, module, len) || !strchr(" \t", text[len]))
		return NULL;
	for (text += len; *text; text += strcspn(text, " \t")) {
		text += strspn(text, " \t");
		if (!text_same_dashed(text, name, width))
			continue;
		if (text[width] == '=')
			value = text + width + 1;
		else if (!text[width] || strchr(" \t", text[width]))
			value = "";
	}
	return value;
}

static const char *value_in_line(const char *text, const char *name)
{
	return value_of(text, "vfio-pci", name);
}

static const char *cmdline_source(const struct host *host)
{
	return host->logged_facts & LOGGED_CMDLINE ? _("kernel log") :
						     "/proc/cmdline";
}

bool wanted_next(const struct system *system, unsigned *at,
		 struct wanted *wanted)
{
	const struct host *host = &system->host;

	if (*at == 0) {
		(*at)++;
		const char *ids = system_parameter(system, "vfio_pci.ids");
		if (ids) {
			*wanted = (struct wanted){
				cmdline_source(host), ids,
			};
			return true;
		}
	}
	while (*at <= host->modprobe_count) {
		const struct config_line *line = &host->modprobe[(*at)++ - 1];
		const char *ids = value_in_line(line->text, "ids");
		if (ids) {
			*wanted = (struct wanted){ line->source, ids };
			return true;
		}
	}
	return false;
}

bool wanted_take_id(const char **at, uint64_t *vendor, uint64_t *device)
{
	const char *text = *at;
	const char *next = text + strcspn(text, ", \t\"");

	*at = *next == ',' ? next + 1 : NULL;
	if (*text == '"')
		text++;
	return num_take(&text, 16, vendor) && *text++ == ':' &&
	       num_take(&text, 16, device);
}

/* Whether the maker and number of the card, where an id goes on to name them,
 * are the device's: vendor:device:subvendor:subdevice. */
static bool fits_card(const char *id, const struct device *device)
{
	const uint64_t own[] = { device->subvendor, device->subdevice };
	const uint64_t any = 0xffffffff;
	uint64_t number;

	if (*id == '"')
		id++;
	for (unsigned field = 0; num_take(&id, 16, &number); field++) {
		if ((field == 2 || field == 3) && number != any &&
		    number != own[field - 2])
			return false;
		if (*id++ != ':')
			break;
	}
	return true;
}

/* Whether a list has the device. */
static bool lists(const char *ids, const struct device *device)
{
	for (const char *id = ids; id;) {
		const char *text = id;
		uint64_t vendor, number;
		if (wanted_take_id(&id, &vendor, &number) &&
		    vendor == device->vendor && number == device->device &&
		    fits_card(text, device))
			return true;
	}
	return false;
}

bool wanted_has(const struct system *system, const struct device *device,
		struct wanted *wanted)
{
	struct wanted each;

	for (unsigned at = 0; wanted_next(system, &at, &each);)
		if (lists(each.ids, device)) {
			if (wanted)
				*wanted = each;
			return true;
		}
	return false;
}

bool wanted_by_stub(const struct system *system, const struct device *device,
		    struct wanted *wanted)
{
	const struct host *host = &system->host;
	const char *ids = system_parameter(system, "pci_stub.ids");

	if (ids && lists(ids, device)) {
		*wanted = (struct wanted){ cmdline_source(host), ids };
		return true;
	}
	/* What is built in never reads modprobe.d. */
	if (host->kconfig.known == KNOWN &&
	    host->kconfig.value[CFG_PCI_STUB] == 'y')
		return false;
	for (unsigned i = 0; i < host->modprobe_count; i++) {
		ids = value_of(host->modprobe[i].text, "pci-stub", "ids");
		if (!ids || !lists(ids, device))
			continue;
		*wanted = (struct wanted){ host->modprobe[i].source, ids };
		return true;
	}
	return false;
}

bool wanted_in(const struct config_line *lines, unsigned count,
	       const struct device *device, struct wanted *wanted)
{
	for (unsigned i = 0; i < count; i++) {
		const char *ids = value_in_line(lines[i].text, "ids");
		if (!ids || !lists(ids, device))
			continue;
		if (wanted)
			*wanted = (struct wanted){ lines[i].source, ids };
		return true;
	}
	return false;
}

bool wanted_early(const struct system *system, const struct device *device,
		  struct wanted *wanted)
{
	const struct initramfs *initramfs = &system->host.initramfs;
	unsigned at = 0;
	struct wanted line;

	/* The command line comes first, and is for every module. */
	if (system_parameter(system, "vfio_pci.ids") &&
	    wanted_next(system, &at, &line) && lists(line.ids, device)) {
		*wanted = line;
		return true;
	}
	return wanted_in(initramfs->modprobe, initramfs->modprobe_count,
			 device, wanted);
}

enum known wanted_known(const struct system *system, const char **source)
{
	*source = "/proc/cmdline";
	if (system->host.cmdline.known != KNOWN)
		return system->host.cmdline.known;
	*source = "/etc/modprobe.d";
	return system->host.modprobe_known;
}

/* What the kernel takes @value for: KNOWN true, ABSENT false, MALFORMED none. */
static enum known bool_of(const char *value)
{
	if (*value == '"')
		value++;
	if (!*value || strchr(" \t1yYtT", *value))
		return KNOWN;
	if (strchr("0nNfF", *value))
		return ABSENT;
	if (*value != 'o' && *value != 'O')
		return MALFORMED;
	return value[1] && strchr("nN", value[1]) ? KNOWN :
	       value[1] && strchr("fF", value[1]) ? ABSENT : MALFORMED;
}

/* Take a word on the switch, if it is one; the last counts. */
static void take_word(enum known *state, const char **at, const char **word,
		      const char *source, const char *value)
{
	if (!value || bool_of(value) == MALFORMED)
		return;
	*state = bool_of(value);
	*at = source;
	*word = *state == KNOWN ? "1" : "0";
}

static const char lifting[] = "disable_denylist";

static const struct fact_text *loaded_value(const struct system *system)
{
	const struct vfio *vfio = &system->vfio;

	for (unsigned i = 0; i < vfio->parameter_count; i++)
		if (strcmp(vfio->parameters[i].module, "vfio_pci") == 0 &&
		    strcmp(vfio->parameters[i].name, lifting) == 0)
			return &vfio->parameters[i].value;
	return NULL;
}

enum known wanted_lifts_denylist(const struct system *system,
				 const char **source, const char **value)
{
	const struct host *host = &system->host;
	const struct fact_text *loaded = loaded_value(system);
	enum known state = ABSENT;

	*value = NULL;
	if (loaded && loaded->known == KNOWN) {
		*source = "/sys/module/vfio_pci/parameters/disable_denylist";
		*value = loaded->value;
		return bool_of(loaded->value);
	}
	for (unsigned i = 0; i < host->modprobe_count; i++)
		take_word(&state, source, value, host->modprobe[i].source,
			  value_in_line(host->modprobe[i].text, lifting));
	take_word(&state, source, value, cmdline_source(host),
		  system_parameter(system, "vfio_pci.disable_denylist"));
	if (*value)
		return state;
	enum known known = wanted_known(system, source);
	return known_is_settled(known) ? ABSENT : known;
}
