// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps that give devices to another driver, or back.  Which devices,
 * and whether it may be done, is decided elsewhere.
 *
 * Only driver_override is used, never new_id: it names one address and not
 * every card of a kind.  All overrides are written before the first unbind,
 * so that nothing else can take a device in between.  An unbind is taken back
 * by aiming the override at the old driver, because a driver matches a device
 * with an override only when it is the one named.
 *
 * power/control is left alone: the driver core wakes a device before its
 * driver lets it go or takes it (drivers/base/dd.c, pci-driver.c), and vfio-pci
 * sets the file itself, so that what stood there before would be wrong after.
 *
 * Source: Documentation/ABI/testing/sysfs-bus-pci; drivers/base/bus.c;
 * drivers/pci/pci-driver.c, pci_match_device().
 */
#include "plan/plan_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"

enum {
	WRITE_SECONDS = 15,	/* an unbind that takes longer is stuck */
	LOAD_SECONDS = 60,	/* a graphics module may take its time */
};

/* What "driver_override" reads when none is set. */
static const char no_override[] = "(null)";

static const char *driver_path(const struct draft *draft, const char *driver,
			       const char *name)
{
	return arena_printf(draft->arena, "/sys/bus/pci/drivers/%s%s%s",
			    driver, *name ? "/" : "", name);
}

static const char *address_of(const struct draft *draft,
			      const struct device *device)
{
	char address[BDF_TEXT];

	return arena_text(draft->arena, bdf_print(device->address, address));
}

static struct expect driver_is(const struct draft *draft,
			       const struct device *device, const char *driver)
{
	return (struct expect){ EXPECT_DRIVER,
				draft_attribute(draft, device, "driver"), driver };
}

const char *bind_override_now(const struct device *device)
{
	return device->driver_override.known == KNOWN ?
		       device->driver_override.value : "";
}

/* What the device is now, and must still be when it is written to.  What
 * takes a step back does not ask whether the group has grown meanwhile. */
static const char *self_now(const struct draft *draft,
			    const struct device *device)
{
	return draft_self(draft, (int)(device - draft->system->devices), false);
}

/* Steps, each in one place. */

struct step bind_override(const struct draft *draft,
			  const struct device *device, const char *driver)
{
	const char *path = draft_attribute(draft, device, "driver_override");

	return (struct step){
		.kind = STEP_WRITE, .self = self_now(draft, device),
		.path = path,
		.value = driver,
		.expect = { EXPECT_TEXT, path,
			    *driver ? driver : no_override },
		.before = { EXPECT_NOTHING, "", "" },
		.why = *driver ? _("let only this driver have it") :
				 _("let any driver have it"),
		.deadline_s = WRITE_SECONDS,
		.device = (int)(device - draft->system->devices),
	};
}

static struct step write_unbind(const struct draft *draft,
				const struct device *device,
				const char *driver)
{
	return (struct step){
		.kind = STEP_WRITE, .self = self_now(draft, device),
		.path = driver_path(draft, driver, "unbind"),
		.value = address_of(draft, device),
		.before = driver_is(draft, device, driver),
		.expect = driver_is(draft, device, ""),
		.why = arena_printf(draft->arena, _("%s lets it go"), driver),
		.deadline_s = WRITE_SECONDS,
		.device = (int)(device - draft->system->devices),
	};
}

struct step bind_driver(const struct draft *draft,
			const struct device *device, const char *driver)
{
	return (struct step){
		.kind = STEP_WRITE, .self = self_now(draft, device),
		.path = driver_path(draft, driver, "bind"),
		.value = address_of(draft, device),
		.before = driver_is(draft, device, ""),
		.expect = driver_is(draft, device, driver),
		.why = arena_printf(draft->arena, _("%s takes it"), driver),
		.deadline_s = WRITE_SECONDS,
		.device = (int)(device - draft->system->devices),
	};
}

static void add_override(struct draft *draft, const struct device *device,
			 const char *driver)
{
	struct step step = bind_override(draft, device, driver);
	struct step back = bind_override(draft, device, bind_override_now(device));

	if (known_is_settled(device->driver_override.known) &&
	    strcmp(bind_override_now(device), driver) == 0)
		return;
	const char *now = device->driver.known == KNOWN ?
				  device->driver.value : "";
	step.before = driver_is(draft, device,
				module_went(draft, now) ? "" : now);
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
}

static void add_unbind(struct draft *draft, const struct device *device,
		       const char *driver)
{
	struct step step = write_unbind(draft, device, driver);
	const struct step back[] = {
		bind_override(draft, device, driver),
		bind_driver(draft, device, driver),
		bind_override(draft, device, bind_override_now(device)),
	};

	draft_undo(draft, &step, back, 3);
	draft_step(draft, step);
}

/* @taken: it may have been taken while its driver was loaded. */
static void add_bind(struct draft *draft, const struct device *device,
		     const char *driver, bool taken)
{
	struct step step = bind_driver(draft, device, driver);
	struct step back = write_unbind(draft, device, driver);

	step.ensure = taken;
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
}

/* Let the kernel choose; what it chose is known only by its link. */
static void add_probe(struct draft *draft, const struct device *device,
		      const char *from, bool must_bind)
{
	struct step back = write_unbind(draft, device, "");
	const char *link = draft_attribute(draft, device, "driver");
	struct step step = {
		.kind = STEP_WRITE, .self = self_now(draft, device),
		.path = "/sys/bus/pci/drivers_probe",
		.value = address_of(draft, device),
		.why = _("the kernel looks for its driver"),
		.deadline_s = WRITE_SECONDS,
		.device = (int)(device - draft->system->devices),
	};

	/* vfio-pci may take it again: by ids= of its module, say. */
	if (must_bind)
		step.expect = (struct expect){ EXPECT_OTHER, link, from };
	back.path = draft_attribute(draft, device, "driver/unbind");
	back.before = (struct expect){ EXPECT_OTHER, link, "" };
	back.why = _("its driver lets it go");
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
}

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

static void load_driver(struct draft *draft, const char *driver)
{
	if (is_registered(draft, driver))
		return;
	add_load(draft, NULL, driver, NONE, (struct expect){
		EXPECT_EXISTS, driver_path(draft, driver, ""), "" });
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

/* Whether a device that nobody drives is to go to a driver that is not loaded
 * yet, and takes it while it is: then its override is aimed first. */
static bool is_free(const struct draft *draft, const struct change *change)
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
		    is_free(draft, &draft->changes[i])) {
			const struct device *device =
				draft_device(draft, &draft->changes[i]);
			back[count] = write_unbind(draft, device,
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
static void load_target(struct draft *draft, const struct change *change)
{
	const struct device *device = draft_device(draft, change);
	const char *module = *change->to ?
		module_named(draft, &device->modules, change->to) : NULL;

	if (!*change->to || is_registered(draft, change->to))
		return;
	if (module)
		add_load(draft, NULL, module, change->device,
			 (struct expect){ EXPECT_EXISTS,
					  driver_path(draft, change->to, ""),
					  "" });
	else
		load_driver(draft, change->to);
	if (is_free(draft, change))
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
				EXPECT_EXISTS, driver_path(draft, home, ""),
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

/*
 * Call @each for the changes that are made; @display_last lets a display go
 * after its companions (audio, USB, UCSI), the other way it comes first.
 */
static void for_changes(struct draft *draft, bool display_last,
			void (*each)(struct draft *, const struct change *))
{
	for (unsigned pass = 0; pass < 2; pass++)
		for (unsigned i = 0; i < draft->change_count; i++) {
			const struct change *change = &draft->changes[i];
			bool display =
				topo_is_display(draft_device(draft, change));
			if (!change->left &&
			    display == ((pass == 1) == display_last))
				each(draft, change);
		}
}

static void aim_free(struct draft *draft, const struct change *change)
{
	if (is_free(draft, change))
		add_override(draft, draft_device(draft, change), change->to);
}

static void aim(struct draft *draft, const struct change *change)
{
	if (*change->to && !is_free(draft, change))
		add_override(draft, draft_device(draft, change), change->to);
}

static void let_go(struct draft *draft, const struct change *change)
{
	if (*change->from && !module_unloads(draft, change->from))
		add_unbind(draft, draft_device(draft, change), change->from);
}

static void take(struct draft *draft, const struct change *change)
{
	if (*change->to)
		add_bind(draft, draft_device(draft, change), change->to,
			 is_free(draft, change));
}

/* The group's node is the last thing that a guest needs. */
static void check_nodes(struct draft *draft)
{
	const struct kconfig *kconfig = &draft->system->host.kconfig;
	int last = NONE;

	/* A kernel without group nodes gives one per device, numbered as
	 * they come. */
	if (kconfig->known == KNOWN && kconfig->value[CFG_VFIO_GROUP] != 'y' &&
	    kconfig->value[CFG_VFIO_DEVICE_CDEV] == 'y')
		return;
	for (unsigned i = 0; i < draft->change_count; i++) {
		const struct change *change = &draft->changes[i];
		int index = draft_device(draft, change)->group_index;
		if (change->left || index == NONE || index == last ||
		    !topo_is_vfio_driver(change->to))
			continue;
		last = index;
		draft_step(draft, (struct step){
			.kind = STEP_CHECK,
			.expect = { EXPECT_EXISTS,
				    arena_printf(draft->arena, "/dev/vfio/%u",
						 draft->system->groups[index]
							 .number), "" },
			.why = _("a guest opens the group here"),
			.deadline_s = WRITE_SECONDS,
			.device = NONE,
		});
	}
}

static bool has_work(const struct draft *draft)
{
	for (unsigned i = 0; i < draft->change_count; i++)
		if (!draft->changes[i].left)
			return true;
	return false;
}

static void bind_all(struct draft *draft)
{
	for_changes(draft, false, aim_free);
	for_changes(draft, false, load_target);
	company_before(draft);
	for_changes(draft, false, aim);
	module_steps(draft);
	for_changes(draft, true, let_go);
	for_changes(draft, false, take);
	if (draft->gives_away)
		check_nodes(draft);
}

static void load_home(struct draft *draft, const struct change *change)
{
	load_host_driver(draft, draft_device(draft, change), change->to);
	if (is_free(draft, change))
		free_again(draft);
}

/* A home that the kernel would not choose is aimed at, then forgotten. */
static void aim_home(struct draft *draft, const struct change *change)
{
	if (!is_free(draft, change))
		add_override(draft, draft_device(draft, change),
			     change->to ? change->to : "");
}

static void go_home(struct draft *draft, const struct change *change)
{
	const struct device *device = draft_device(draft, change);

	if (change->to && *change->to)
		add_bind(draft, device, change->to, is_free(draft, change));
	else if (!change->to)
		add_probe(draft, device, change->from, *change->from ?
			  device->modules.known != ABSENT :
			  device->modules.known == KNOWN);
}

static void forget_aim(struct draft *draft, const struct change *change)
{
	const struct device *device = draft_device(draft, change);

	if (!change->to || !*change->to)
		return;
	const struct home *home = draft_origin(draft, device->address);
	const char *override = draft->intent->kind == INTENT_UNDO && home &&
			       home->override ? home->override : "";
	if (strcmp(override, change->to) == 0)
		return;
	struct step step = bind_override(draft, device, override);
	struct step back = bind_override(draft, device, change->to);
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
}

/* What udev would load beside the driver that was not loaded; an action that
 * is taken back knows by itself what there was. */
static void load_helpers(struct draft *draft, const struct change *change)
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

/* What had no driver may have had an override all the same. */
static void settle_override(struct draft *draft, const struct change *change)
{
	const struct device *device = draft_device(draft, change);
	const struct home *home = draft_origin(draft, device->address);

	if (*change->to || !home || !home->override ||
	    strcmp(bind_override_now(device), home->override) == 0)
		return;
	struct step step = bind_override(draft, device, home->override);
	struct step back = bind_override(draft, device, bind_override_now(device));
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
}

static void undo_all(struct draft *draft)
{
	for_changes(draft, false, aim_free);
	for_changes(draft, false, load_target);
	company_before(draft);
	for_changes(draft, false, aim);
	for_changes(draft, true, let_go);
	for_changes(draft, false, settle_override);
	for_changes(draft, false, take);
	for_changes(draft, false, forget_aim);
	if (draft->gives_away)
		check_nodes(draft);
}

static void restore_all(struct draft *draft)
{
	for_changes(draft, false, aim_free);
	for_changes(draft, false, load_home);
	company_before(draft);
	for_changes(draft, false, aim_home);
	for_changes(draft, true, let_go);
	for_changes(draft, false, go_home);
	for_changes(draft, false, load_helpers);
	for_changes(draft, false, forget_aim);
}

static void unbind_all(struct draft *draft)
{
	company_before(draft);
	module_steps(draft);
	for_changes(draft, true, let_go);
}

void bind_steps(struct draft *draft)
{
	if (draft->intent->kind == INTENT_LOAD) {
		load_driver(draft, draft->driver);
		return;
	}
	if (draft->intent->kind == INTENT_KEEP) {
		keep_steps(draft);
		return;
	}
	if (draft->intent->kind == INTENT_EDIT) {
		edit_steps(draft);
		return;
	}
	if (!has_work(draft)) {
		/* What a start took along may be all that is left to do. */
		if (draft->intent->kind == INTENT_UNDO)
			company_before(draft);
		company_after(draft);
		return;
	}
	if (draft->intent->kind == INTENT_BIND)
		bind_all(draft);
	else if (draft->intent->kind == INTENT_RESTORE)
		restore_all(draft);
	else if (draft->intent->kind == INTENT_UNDO)
		undo_all(draft);
	else
		unbind_all(draft);
	company_after(draft);
}
