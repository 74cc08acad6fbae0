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
#include "model/topo.h"

enum { WRITE_SECONDS = 15 };	/* an unbind that takes longer is stuck */

/* What "driver_override" reads when none is set. */
static const char no_override[] = "(null)";

const char *bind_path(const struct draft *draft, const char *driver,
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

struct step bind_unbind(const struct draft *draft,
				const struct device *device,
				const char *driver)
{
	return (struct step){
		.kind = STEP_WRITE, .self = self_now(draft, device),
		.path = bind_path(draft, driver, "unbind"),
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
		.path = bind_path(draft, driver, "bind"),
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
	struct step step = bind_unbind(draft, device, driver);
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
	struct step back = bind_unbind(draft, device, driver);

	step.ensure = taken;
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
}

/* Let the kernel choose; what it chose is known only by its link. */
static void add_probe(struct draft *draft, const struct device *device,
		      const char *from, bool must_bind)
{
	struct step back = bind_unbind(draft, device, "");
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
	if (load_is_free(draft, change))
		add_override(draft, draft_device(draft, change), change->to);
}

static void aim(struct draft *draft, const struct change *change)
{
	if (*change->to && !load_is_free(draft, change))
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
			 load_is_free(draft, change));
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

/* A home that the kernel would not choose is aimed at, then forgotten. */
static void aim_home(struct draft *draft, const struct change *change)
{
	if (!load_is_free(draft, change))
		add_override(draft, draft_device(draft, change),
			     change->to ? change->to : "");
}

static void go_home(struct draft *draft, const struct change *change)
{
	const struct device *device = draft_device(draft, change);

	if (change->to && *change->to)
		add_bind(draft, device, change->to, load_is_free(draft, change));
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
