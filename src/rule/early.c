// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The order of drivers in an initramfs.  What comes after it is drift's
 * matter, and whether that is what a person wanted the rules'.
 *
 * Source: modprobe.d(5); initramfs-tools, init: udev's devices, then
 * conf/modules; dracut-pre-udev.sh: rd.driver.pre=, then udev; mkinitcpio,
 * init: MODULES, then udev's devices; systemd-modules-load.service(8).
 */
#include "rule/early.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "rule/wanted.h"

/* The device, and the answer in the making. */
struct dawn {
	const struct system *system;
	const struct device *device;
	const struct initramfs *initramfs;
	struct arena *arena;
	struct early early;
};

/* --- lines of modprobe.d --- */

size_t early_next_word(const char **text)
{
	*text += strspn(*text, " \t");
	return strcspn(*text, " \t");
}

static bool has_word(const char *text, const char *word)
{
	for (size_t len; (len = early_next_word(&text)) > 0; text += len)
		if (len == strlen(word) && text_same_dashed(text, word, len))
			return true;
	return false;
}

static bool is_line(const char *text, const char *verb, const char *module,
		    size_t len, const char *pre)
{
	size_t word = early_next_word(&text);

	if (word != strlen(verb) || memcmp(text, verb, word) != 0)
		return false;
	text += word;
	word = early_next_word(&text);
	if (word != len || !text_same_dashed(text, module, len))
		return false;
	if (!pre)
		return true;
	const char *list = strstr(text + word, "pre:");
	return list && has_word(list + 4, pre);
}

const struct config_line *early_line(const struct config_line *lines,
				     unsigned count, const char *verb,
				     const char *module, size_t len,
				     const char *pre)
{
	for (unsigned i = 0; i < count; i++)
		if (is_line(lines[i].text, verb, module, len, pre))
			return &lines[i];
	return NULL;
}

/* Whether a parameter of the kernel's command line lists a module. */
static bool lists(const struct system *system, const char *parameter,
		  const char *module, size_t len)
{
	const char *list = system_parameter(system, parameter);

	while (list && *list) {
		size_t word = strcspn(list, ",");
		if (word == len && text_same_dashed(list, module, len))
			return true;
		list += word + (list[word] == ',');
	}
	return false;
}

bool early_blacklisted(const struct system *system, const char *module,
		       size_t len)
{
	return lists(system, "modprobe.blacklist", module, len) ||
	       lists(system, "module_blacklist", module, len);
}

/* --- what is in the image --- */

static int by_name(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

static bool has_module(const struct dawn *dawn, const char *module,
		       size_t len)
{
	char *name = arena_copy(dawn->arena, module, len);

	for (char *at = name; *at; at++)
		*at = *at == '-' ? '_' : *at;
	return dawn->initramfs->module_count &&
	       bsearch(name, dawn->initramfs->modules,
		       dawn->initramfs->module_count, sizeof(char *), by_name);
}

static const struct config_line *find_line(const struct dawn *dawn,
					   const char *verb, const char *module,
					   size_t len, const char *pre)
{
	return early_line(dawn->initramfs->modprobe,
			  dawn->initramfs->modprobe_count, verb, module, len,
			  pre);
}

/* The first entry that loads a module at @time; NULL: none does. */
static const struct early_load *find_load(const struct dawn *dawn,
					  const char *module, size_t len,
					  enum load_time time)
{
	for (unsigned i = 0; i < dawn->initramfs->load_count; i++) {
		const struct early_load *load = &dawn->initramfs->loads[i];
		if (load->time == time && strlen(load->module) == len &&
		    text_same_dashed(load->module, module, len))
			return load;
	}
	return NULL;
}

static const struct early_load *find_vfio(const struct dawn *dawn,
					  enum load_time time)
{
	return find_load(dawn, "vfio-pci", strlen("vfio-pci"), time);
}

static void say(struct dawn *dawn, enum early_kind kind, const char *file,
		const char *line)
{
	const char *image = dawn->initramfs->image;

	dawn->early.kind = kind;
	dawn->early.line = line;
	dawn->early.source = !*file ? image : *file == '/' ? file :
		arena_printf(dawn->arena, "%s: %s", image, file);
}

static bool is_built_in(const struct dawn *dawn)
{
	const struct kconfig *kconfig = &dawn->system->host.kconfig;

	return kconfig->known == KNOWN &&
	       kconfig->value[CFG_VFIO_PCI] == 'y';
}

/* --- who comes first --- */

static const char *modules_of(const struct device *device)
{
	return device->modules.known == KNOWN ? device->modules.value : "";
}

/* Whether udev would have @module loaded from the image for the device. */
static bool competes(const struct dawn *dawn, const char *module, size_t len)
{
	return has_module(dawn, module, len) &&
	       !early_blacklisted(dawn->system, module, len) &&
	       !lists(dawn->system, "rd.driver.blacklist", module, len) &&
	       !find_line(dawn, "blacklist", module, len, NULL);
}

/* Whether the list of what is loaded first has @module before vfio-pci. */
static bool is_listed_before(const struct dawn *dawn,
			     const struct early_load *vfio)
{
	const char *at = modules_of(dawn->device);

	for (size_t len; (len = early_next_word(&at)) > 0; at += len) {
		const struct early_load *load =
			find_load(dawn, at, len, LOAD_FIRST);
		if (load && has_module(dawn, at, len) &&
		    (!vfio || load < vfio)) {
			return true;
		}
	}
	return false;
}

/* The first module that does not wait for vfio-pci; else the softdep line that
 * holds the last of them back.  Both NULL: none is in the image. */
static const char *find_rival(const struct dawn *dawn,
			      const struct config_line **held)
{
	const char *at = modules_of(dawn->device);

	*held = NULL;
	for (size_t len; (len = early_next_word(&at)) > 0; at += len) {
		if (!competes(dawn, at, len))
			continue;
		const struct config_line *line =
			find_line(dawn, "softdep", at, len, "vfio-pci");
		if (!line)
			return arena_copy(dawn->arena, at, len);
		*held = line;
	}
	return NULL;
}

static const char *first_rival(const struct dawn *dawn)
{
	const char *at = modules_of(dawn->device);

	for (size_t len; (len = early_next_word(&at)) > 0; at += len)
		if (competes(dawn, at, len) ||
		    (has_module(dawn, at, len) &&
		     find_load(dawn, at, len, LOAD_FIRST)))
			return arena_copy(dawn->arena, at, len);
	return NULL;
}

/* vfio-pci is in the image and has the device's ids. */
static void race(struct dawn *dawn, const struct wanted *wanted)
{
	const struct early_load *first = find_vfio(dawn, LOAD_FIRST);
	const struct early_load *beside = find_vfio(dawn, LOAD_BESIDE);
	const struct early_load *behind = find_vfio(dawn, LOAD_BEHIND);
	const struct config_line *held;

	if (first && !is_listed_before(dawn, first)) {
		say(dawn, EARLY_VFIO, first->source, first->module);
		return;
	}
	const char *rival = find_rival(dawn, &held);
	if (!rival && is_listed_before(dawn, first))
		rival = first_rival(dawn);
	if (rival) {
		dawn->early.module = rival;
		say(dawn, beside && !first ? EARLY_OPEN : EARLY_OWN,
		    beside && !first ? beside->source : "", rival);
	} else if (held) {
		say(dawn, EARLY_VFIO, held->source, held->text);
	} else if (beside || behind) {
		beside = beside ? beside : behind;
		say(dawn, EARLY_VFIO, beside->source, beside->module);
	} else if (is_built_in(dawn)) {
		say(dawn, EARLY_VFIO, wanted->source, wanted->ids);
	} else {
		say(dawn, EARLY_NOTHING, "", "");
	}
}

/* --- copies that differ --- */

static bool has_text(const struct config_line *lines, unsigned count,
		     const char *text)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(lines[i].text, text) == 0)
			return true;
	return false;
}

/* Whether a line is about the device: its ids, or the order of a module that
 * could drive it. */
static bool is_about(const struct dawn *dawn, const struct config_line *line)
{
	const char *at = modules_of(dawn->device);

	if (wanted_in(line, 1, dawn->device, NULL))
		return true;
	for (size_t len; (len = early_next_word(&at)) > 0; at += len)
		if (is_line(line->text, "softdep", at, len, "vfio-pci") ||
		    is_line(line->text, "blacklist", at, len, NULL))
			return true;
	return false;
}

static bool is_own_folder(const char *source)
{
	return text_starts(source + (*source == '/'), "etc/modprobe.d/");
}

/* Look for a line of @lines that the others have not. */
static bool find_odd(struct dawn *dawn, const struct config_line *lines,
		     unsigned count, const struct config_line *others,
		     unsigned other_count)
{
	for (unsigned i = 0; i < count; i++)
		if (is_own_folder(lines[i].source) &&
		    is_about(dawn, &lines[i]) &&
		    !has_text(others, other_count, lines[i].text)) {
			dawn->early.stale_line = lines[i].text;
			dawn->early.stale_source = lines[i].source;
			return true;
		}
	return false;
}

static void compare(struct dawn *dawn)
{
	const struct host *host = &dawn->system->host;
	const struct initramfs *image = dawn->initramfs;

	/* Where the image has neither driver, its copy moves nothing. */
	if (host->modprobe_known != KNOWN ||
	    (!dawn->early.has_vfio && !first_rival(dawn)))
		return;
	if (!find_odd(dawn, host->modprobe, host->modprobe_count,
		      image->modprobe, image->modprobe_count) &&
	    find_odd(dawn, image->modprobe, image->modprobe_count,
		     host->modprobe, host->modprobe_count)) {
		dawn->early.stale_in_image = true;
		dawn->early.stale_source =
			arena_printf(dawn->arena, "%s: %s", image->image,
				     dawn->early.stale_source);
	}
}

struct early early_of(const struct system *system, int device,
		      struct arena *arena)
{
	struct dawn dawn = {
		.system = system, .device = &system->devices[device],
		.initramfs = &system->host.initramfs, .arena = arena,
		.early = { .module = "", .source = "", .line = "" },
	};
	struct early *early = &dawn.early;
	struct wanted wanted;

	if (dawn.initramfs->known != KNOWN ||
	    !known_is_settled(dawn.device->modules.known))
		return *early;
	early->has_vfio = is_built_in(&dawn) ||
			  has_module(&dawn, "vfio-pci", strlen("vfio-pci"));
	early->loads_vfio = early->has_vfio &&
			    (is_built_in(&dawn) ||
			     find_vfio(&dawn, LOAD_FIRST) ||
			     find_vfio(&dawn, LOAD_BESIDE) ||
			     find_vfio(&dawn, LOAD_BEHIND));
	compare(&dawn);
	if (early->has_vfio && wanted_early(system, dawn.device, &wanted)) {
		race(&dawn, &wanted);
		return *early;
	}
	const char *rival = first_rival(&dawn);
	if (rival)
		early->module = rival;
	say(&dawn, rival ? EARLY_OWN : EARLY_NOTHING, "", rival ? rival : "");
	return *early;
}

const char *early_why(const struct system *system, struct arena *arena)
{
	const struct initramfs *initramfs = &system->host.initramfs;

	switch (initramfs->known) {
	case KNOWN:
		return "";
	case UNREAD:
		return _("the initramfs was not looked into");
	case ABSENT:
		return _("the initramfs of this kernel was not found");
	case MALFORMED:
		return arena_printf(arena, _("the initramfs %s could not be "
					     "taken apart: %s"),
				    initramfs->image, _(initramfs->flaw));
	default:
		return arena_printf(arena, _("the initramfs %s was not read: "
					     "%s"), initramfs->image,
				    known_why(initramfs->known));
	}
}
