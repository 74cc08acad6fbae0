// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of ids that vfio-pci was told to take.  Whether it did is the rules'
 * matter.
 *
 * Sources: drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids(); modprobe.d(5).
 */
#include "rule/wanted.h"

#include <string.h>

#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"

/* The value of ids= in "options vfio-pci … ids=…", or NULL. */
static const char *ids_of_line(const char *text)
{
	static const char module[] = "vfio-pci";
	size_t len = strlen(module);

	if (!text_starts(text, "options"))
		return NULL;
	text += strcspn(text, " \t");
	text += strspn(text, " \t");
	if (!text_same_dashed(text, module, len) || !strchr(" \t", text[len]))
		return NULL;
	for (text += len; *text; text += strcspn(text, " \t")) {
		text += strspn(text, " \t");
		if (text_starts(text, "ids="))
			return text + strlen("ids=");
	}
	return NULL;
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
				host->logged_facts & LOGGED_CMDLINE ?
					_("kernel log") : "/proc/cmdline",
				ids,
			};
			return true;
		}
	}
	while (*at <= host->modprobe_count) {
		const struct config_line *line = &host->modprobe[(*at)++ - 1];
		const char *ids = ids_of_line(line->text);
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

bool wanted_in(const struct config_line *lines, unsigned count,
	       const struct device *device, struct wanted *wanted)
{
	for (unsigned i = 0; i < count; i++) {
		const char *ids = ids_of_line(lines[i].text);
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
