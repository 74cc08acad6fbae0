// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps that load modules: of a driver that a device is to be given to,
 * of the host's own, and what udev would load beside it.
 *
 * Source: modprobe(8); depmod's modules.alias.
 */
#include "plan/plan_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

enum { LOAD_SECONDS = 60 };	/* a graphics module may take its time */

static bool is_registered(const struct draft *draft, const char *driver)
{
	return system_driver(draft->system, driver) != NONE ||
	       (strcmp(driver, "vfio-pci") == 0 &&
		draft->system->vfio.pci_driver.known == KNOWN &&
		draft->system->vfio.pci_driver.value);
}

static void add_load(struct draft *draft, const char *flag, const char *name,
		     int device, struct expect expect)
{
	for (unsigned i = 0; i < draft->step_count; i++) {
		const char *const *words = draft->steps[i].argv;
		if (words[0] && strcmp(words[flag ? 2 : 1] ?
				       words[flag ? 2 : 1] : "", name) == 0)
			return;
	}
	draft_step(draft, (struct step){
		.kind = STEP_RUN,
		.argv = { "modprobe", flag ? flag : name, flag ? name : NULL },
		.expect = expect,
		.why = _("load the driver's module first, so that nothing is "
			 "let go in vain"),
		.deadline_s = LOAD_SECONDS,
		.device = device,
		.may_fail = expect.kind == EXPECT_NOTHING,
	});
}

/* Take word after word of "nouveau nvidiafb". */
static size_t next_word(const char **text)
{
	*text += strspn(*text, " ");
	return strcspn(*text, " ");
}

/* Return the module of @modules that is named as the driver, or NULL. */
static const char *module_named(const struct draft *draft,
				const struct fact_text *modules,
				const char *driver)
{
	const char *at = modules->known == KNOWN ? modules->value : "";
	size_t wanted = strlen(driver);

	for (size_t len; (len = next_word(&at)) > 0; at += len)
		if (len == wanted && text_same_dashed(at, driver, len))
			return arena_copy(draft->arena, at, len);
	return NULL;
}

void load_driver(struct draft *draft, const char *driver)
{
	if (is_registered(draft, driver))
		return;
	add_load(draft, NULL, driver, NONE, (struct expect){
		EXPECT_EXISTS, bind_path(draft, driver, ""), "" });
}

static bool is_modalias(const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789";

	return text_starts(text, "pci:") && text[4] && strlen(text) < 128 &&
	       !text[4 + strspn(text + 4, letters)];
}

/* Whether a module that could drive it has its driver registered. */
static bool has_candidate(const struct draft *draft,
			  const struct device *device)
{
	const char *at = device->modules.known == KNOWN ?
				 device->modules.value : "";
	const struct system *system = draft->system;

	for (size_t len; (len = next_word(&at)) > 0; at += len)
		for (unsigned i = 0; i < system->driver_count; i++) {
			const struct driver *driver = &system->drivers[i];
			const char *module = driver->module.known == KNOWN ?
				driver->module.value : driver->name;
			if (strlen(module) == len &&
			    text_same_dashed(module, at, len))
				return true;
		}
	return false;
}

bool load_is_free(const struct draft *draft, const struct change *change)
{
	return !*change->from && change->to && *change->to &&
	       !is_registered(draft, change->to);
}

/* What a load takes besides, its undo lets go again. */
static void free_again(struct draft *draft)
{
	struct step *step = draft->step_count ?
		&draft->steps[draft->step_count - 1] : NULL;
	struct step *back = arena_array(draft->arena,
					draft->change_count + 1u,
					sizeof *back);
	unsigned count = 0;

	if (!step || step->kind != STEP_RUN || step->undo_count)
		return;
	for (unsigned i = 0; i < draft->change_count; i++)
		if (!draft->changes[i].left &&
		    load_is_free(draft, &draft->changes[i])) {
			const struct device *device =
				draft_device(draft, &draft->changes[i]);
			back[count] = bind_unbind(draft, device,
						   draft->changes[i].to);
			back[count].path = draft_attribute(draft, device,
							   "driver/unbind");
			count++;
		}
	if (count)
		draft_undo(draft, step, back, count);
}

/* Load what a device is to be bound to: for the host's own by the module that
 * bears its name. */
void load_target(struct draft *draft, const struct change *change)
{
	const struct device *device = draft_device(draft, change);
	const char *module = *change->to ?
		module_named(draft, &device->modules, change->to) : NULL;

	if (!*change->to || is_registered(draft, change->to))
		return;
	if (module)
		add_load(draft, NULL, module, change->device,
			 (struct expect){ EXPECT_EXISTS,
					  bind_path(draft, change->to, ""),
					  "" });
	else
		load_driver(draft, change->to);
	if (load_is_free(draft, change))
		free_again(draft);
}

/* Load what the host drives the device with, as udev would. */
static void load_host_driver(struct draft *draft, const struct device *device,
			     const char *home)
{
	int index = (int)(device - draft->system->devices);
	const struct expect nothing = { EXPECT_NOTHING, "", "" };
	const char *modules = device->modules.known == KNOWN ?
				      device->modules.value : "";

	if (home && *home) {
		const char *module =
			module_named(draft, &device->modules, home);
		if (is_registered(draft, home))
			return;
		/* Its file need not be called so: nvidia-current.ko. */
		if (!module && plan_is_unloaded(home))
			module = home;
		if (module) {
			add_load(draft, NULL, module, index, (struct expect){
				EXPECT_EXISTS, bind_path(draft, home, ""),
				"" });
			return;
		}
	} else if (home || device->modules.known == ABSENT ||
		   has_candidate(draft, device)) {
		return;
	}
	size_t len = next_word(&modules);
	if (len && !modules[len])
		add_load(draft, NULL, arena_copy(draft->arena, modules, len),
			 index, nothing);
	else if (device->modalias.known == KNOWN &&
		 is_modalias(device->modalias.value))
		add_load(draft, "-b", device->modalias.value, index, nothing);
}

void load_home(struct draft *draft, const struct change *change)
{
	load_host_driver(draft, draft_device(draft, change), change->to);
	if (load_is_free(draft, change))
		free_again(draft);
}

/* What udev would load beside the driver that was not loaded; an action that
 * is taken back knows by itself what there was. */
void load_helpers(struct draft *draft, const struct change *change)
{
	const struct expect nothing = { EXPECT_NOTHING, "", "" };
	const struct device *device = draft_device(draft, change);
	const char *at = device->modules.known == KNOWN ?
				 device->modules.value : "";

	if (!change->to || draft->intent->company ||
	    is_registered(draft, change->to))
		return;
	for (size_t len; (len = next_word(&at)) > 0; at += len) {
		const char *name = arena_copy(draft->arena, at, len);
		if (module_helps(change->to, name) &&
		    system_has_module(draft->system, name) == ABSENT)
			add_load(draft, NULL, name, change->device, nothing);
	}
}
