// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The modules of a driver, unloaded so that the driver lets go of all its
 * devices: an unload that cannot be is refused, where an unbind would wait.
 * Only for families of modules that do so by themselves, and only when asked
 * for; the devices' other steps are in plan_bind.c.
 *
 * "modprobe -r" takes away what the module stood on as well, where nothing
 * else needs it: each step may do the work of the next ones, and each of them
 * knows the whole way back.
 *
 * Source: kernel/module/main.c, delete_module(); modprobe(8).
 */
#include "plan/plan_part.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "model/topo.h"

enum { UNLOAD_SECONDS = 60 };

enum { FAMILY_MOST = 6 };

/* Whoever is above stands on those below; the driver's own is the last. */
static const struct family {
	const char *driver;
	const char *modules[FAMILY_MOST];	/* NULL-ended */
} families[] = {
	{ "nvidia", { "nvidia_peermem", "nvidia_drm", "nvidia_modeset",
		      "nvidia_uvm", "nvidia" } },
	{ "i915", { "i915" } },
};

static const struct family *family_of(const char *driver)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (strcmp(families[i].driver, driver) == 0)
			return &families[i];
	return NULL;
}

bool plan_is_unloaded(const char *driver)
{
	return family_of(driver) != NULL;
}

/* Whether the driver is a module, and the family's own. */
static bool is_module(const struct system *system,
		      const struct family *family)
{
	int index = system_driver(system, family->driver);
	const struct fact_text *module = index == NONE ?
		NULL : &system->drivers[index].module;

	return module && module->known == KNOWN &&
	       strcmp(module->value, family->driver) == 0;
}

static bool is_asked(const struct draft *draft)
{
	const struct company *company = draft->intent->company;

	return company && company->unload &&
	       (draft->intent->kind == INTENT_BIND ||
		draft->intent->kind == INTENT_UNBIND);
}

bool module_went(const struct draft *draft, const char *driver)
{
	const struct company *company = draft->intent->company;

	for (unsigned i = 0; company && i < company->first_count; i++) {
		const struct step *step = &company->first[i];
		if (step->expect.kind == EXPECT_UNLOADED && step->argv[0] &&
		    step->argv[1] && step->argv[2] &&
		    strcmp(step->argv[2], driver) == 0)
			return true;
	}
	return false;
}

bool module_unloads(const struct draft *draft, const char *driver)
{
	const struct family *family = family_of(driver);

	return family && is_module(draft->system, family) &&
	       (is_asked(draft) || module_went(draft, driver));
}

static bool lets_go(const struct change *change, const struct family *family)
{
	return !change->left && strcmp(change->from, family->driver) == 0;
}

bool plan_can_unload(const struct system *system, const struct plan *plan)
{
	const struct intent *intent = &plan->intent;

	if ((intent->kind != INTENT_BIND && intent->kind != INTENT_UNBIND) ||
	    (intent->company && intent->company->session))
		return false;
	for (unsigned i = 0; i < plan->change_count; i++) {
		const struct family *family = family_of(plan->changes[i].from);
		if (family && lets_go(&plan->changes[i], family) &&
		    is_module(system, family))
			return true;
	}
	return false;
}

/* "nvidia 0000:01:00.0": the driver, and what it may lose. */
static const char *name_devices(const struct draft *draft,
				const struct family *family)
{
	struct buf text = {0};
	char address[BDF_TEXT];

	buf_puts(&text, family->driver);
	for (unsigned i = 0; i < draft->change_count; i++)
		if (lets_go(&draft->changes[i], family))
			buf_printf(&text, " %s", bdf_print(
				draft_device(draft, &draft->changes[i])
					->address, address));
	const char *copy = arena_text(draft->arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

static const char *module_path(const struct draft *draft, const char *module)
{
	return arena_printf(draft->arena, "/sys/module/%s", module);
}

static struct step load(const struct draft *draft, const char *module)
{
	return (struct step){
		.kind = STEP_RUN, .path = "", .value = "", .self = "",
		.argv = { "modprobe", module },
		.before = { EXPECT_NOTHING, "", "" },
		.expect = { EXPECT_EXISTS, module_path(draft, module), "" },
		.why = _("it was loaded before"),
		.deadline_s = UNLOAD_SECONDS, .device = NONE,
	};
}

/*
 * Load the module again and have the devices driven as before.  A driver
 * takes by itself what an override leaves it, but only while it is being
 * loaded; so the overrides are aimed first.
 */
static void set_return(const struct draft *draft, struct step *step,
		       const struct family *family, const char *module)
{
	struct step *back = arena_array(draft->arena,
					3 * draft->change_count + 1u,
					sizeof *back);
	unsigned count = 0;

	for (unsigned pass = 0; pass < 3; pass++) {
		if (pass == 1)
			back[count++] = load(draft, module);
		for (unsigned i = 0; i < draft->change_count; i++) {
			const struct device *device =
				draft_device(draft, &draft->changes[i]);
			if (!lets_go(&draft->changes[i], family))
				continue;
			back[count++] = pass == 0 ?
				bind_override(draft, device, family->driver) :
				pass == 1 ?
				bind_driver(draft, device, family->driver) :
				bind_override(draft, device,
					      bind_override_now(device));
		}
	}
	draft_undo(draft, step, back, count);
}

static void unload(struct draft *draft, const struct family *family,
		   const char *module)
{
	const char *path = module_path(draft, module);
	struct step step = {
		.kind = STEP_RUN, .argv = { "modprobe", "-r", module },
		.before = { EXPECT_SPARE, path,
			    name_devices(draft, family) },
		.expect = { EXPECT_UNLOADED, path, "" },
		.why = _("it goes only when nobody uses it; an unbind would "
			 "wait for them"),
		.deadline_s = UNLOAD_SECONDS, .device = NONE, .ensure = true,
	};

	set_return(draft, &step, family, module);
	draft_step(draft, step);
}

static bool is_loaded(const struct draft *draft, const struct family *family,
		      const char *module)
{
	return strcmp(module, family->driver) == 0 ||
	       system_has_module(draft->system, module) == KNOWN;
}

static bool has_change(const struct draft *draft, const struct family *family)
{
	for (unsigned i = 0; i < draft->change_count; i++)
		if (lets_go(&draft->changes[i], family))
			return true;
	return false;
}

void module_steps(struct draft *draft)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		const struct family *family = &families[i];
		if (!is_asked(draft) || !is_module(draft->system, family) ||
		    !has_change(draft, family))
			continue;
		for (unsigned m = 0; family->modules[m]; m++)
			if (is_loaded(draft, family, family->modules[m]))
				unload(draft, family, family->modules[m]);
	}
}

bool module_helps(const char *driver, const char *module)
{
	const struct family *family = family_of(driver);

	for (unsigned m = 0; family && family->modules[m]; m++)
		if (strcmp(family->modules[m], module) == 0)
			return strcmp(module, driver) != 0;
	return false;
}

/* --- gates --- */

static void gate(struct draft *draft, enum gate_kind kind, int device,
		 const char *text, const char *source, const char *value)
{
	draft_gate(draft, (struct gate){
		.id = "driver-module-in-use", .kind = kind,
		.device = device, .text = text, .source = source,
		.value = value });
}

static bool is_to_go(const struct draft *draft, int device,
		     const struct family *family)
{
	for (unsigned i = 0; i < draft->change_count; i++)
		if (draft->changes[i].device == device)
			return lets_go(&draft->changes[i], family);
	return false;
}

/* An unload takes the driver from all its devices. */
static void spare_others(struct draft *draft, const struct family *family)
{
	const struct system *system = draft->system;

	for (unsigned i = 0; i < system->device_count; i++) {
		const struct fact_text *driver = &system->devices[i].driver;
		char address[BDF_TEXT];
		if (driver->known != KNOWN ||
		    strcmp(driver->value, family->driver) != 0 ||
		    is_to_go(draft, (int)i, family))
			continue;
		bdf_print_short(system->devices[i].address, address);
		gate(draft, GATE_HARD, (int)i,
		     arena_printf(draft->arena,
				  _("%s drives %s too, which would lose its "
				    "driver with the module: unbind without "
				    "unloading."), family->driver, address),
		     "/sys/bus/pci/drivers", family->driver);
	}
}

/* How often a module is in use that is no driver of its own. */
static int64_t users_of(const struct draft *draft, const char *module)
{
	const struct host *host = &draft->system->host;

	for (unsigned i = 0; host->module_users && i < host->module_count; i++)
		if (strcmp(host->modules[i], module) == 0 &&
		    host->module_users[i].known == KNOWN)
			return host->module_users[i].value;
	return 0;
}

static void tell_users(struct draft *draft, const struct family *family)
{
	for (unsigned m = 0; family->modules[m]; m++) {
		const char *module = family->modules[m];
		int64_t users = users_of(draft, module);
		if (!users || strcmp(module, family->driver) == 0)
			continue;
		gate(draft, GATE_SOFT, NONE,
		     arena_printf(draft->arena,
				  _("The module %s is in use (%lld): while it "
				    "is it cannot be unloaded, and all is put "
				    "back."), module, (long long)users),
		     "/proc/modules",
		     arena_printf(draft->arena, "%s %lld", module,
				  (long long)users));
	}
}

void module_gates(struct draft *draft)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		if (!module_unloads(draft, families[i].driver) ||
		    !has_change(draft, &families[i]))
			continue;
		spare_others(draft, &families[i]);
		tell_users(draft, &families[i]);
	}
}
