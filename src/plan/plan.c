// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From an intent to a plan: which devices change, and what the whole is
 * called.  The steps are in plan_bind.c, the gates in gate.c; nothing is
 * done here.
 */
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "model/topo.h"
#include "plan/choice.h"
#include "plan/plan_part.h"

const struct home *draft_origin(const struct draft *draft, struct bdf address)
{
	for (unsigned i = 0; i < draft->intent->home_count; i++)
		if (!bdf_compare(draft->intent->homes[i].address, address))
			return &draft->intent->homes[i];
	return NULL;
}

const char *draft_home(const struct draft *draft, struct bdf address)
{
	const struct home *home = draft_origin(draft, address);

	return home ? home->driver : NULL;
}

/* A member that was not named goes along with a named one. */
const char *draft_wanted(const struct draft *draft, const struct change *change)
{
	const struct intent *intent = draft->intent;
	const struct device *device = draft_device(draft, change);

	for (unsigned i = 0; i < intent->target_count; i++)
		if (!bdf_compare(intent->targets[i].address, device->address))
			return intent->targets[i].driver;
	for (unsigned i = 0; i < intent->target_count; i++) {
		int named = system_device(draft->system,
					  intent->targets[i].address);
		if (named != NONE &&
		    draft->system->devices[named].group_index ==
			    device->group_index)
			return intent->targets[i].driver;
	}
	if (draft->best)
		return choice_best(device, draft->arena);
	return draft->driver;
}

static const char *note_of(const struct draft *draft, struct bdf address)
{
	const struct intent *intent = draft->intent;

	for (unsigned i = 0; i < intent->target_count; i++)
		if (!bdf_compare(intent->targets[i].address, address))
			return intent->targets[i].note;
	return "";
}

/* A name that may stand in a path and in a shell line as it is. */
static bool is_plain_name(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_-";

	return *name && *name != '-' && strlen(name) < 64 &&
	       !name[strspn(name, letters)];
}

static struct change *find_change(struct draft *draft, int device)
{
	for (unsigned i = 0; i < draft->change_count; i++)
		if (draft->changes[i].device == device)
			return &draft->changes[i];
	return NULL;
}

static struct change *add_change(struct draft *draft, int device, bool named)
{
	struct change *change = find_change(draft, device);

	if (!change) {
		draft->changes = arena_grow(draft->arena, draft->changes,
					    draft->change_count,
					    &draft->change_room,
					    sizeof *draft->changes);
		change = &draft->changes[draft->change_count++];
		*change = (struct change){ .device = device, .from = "",
					   .to = "", .why_left = "" };
		change->note = note_of(draft,
				       draft_device(draft, change)->address);
	}
	change->named |= named;
	return change;
}

void draft_deed(struct draft *draft, int device, bool named,
		const char *deed, const char *note)
{
	struct change *change = add_change(draft, device, named);
	const struct fact_text *driver = &draft_device(draft, change)->driver;

	change->from = change->to = driver->known == KNOWN ? driver->value :
							     "";
	change->left = true;
	change->deed = change->why_left = deed;
	change->note = note;
}

/* Say why vfio cannot take a device that is in no group. */
static bool explain_no_group(const struct draft *draft,
			     const struct device *device, struct err *err)
{
	char address[BDF_TEXT];

	bdf_print_short(device->address, address);
	if (!known_is_settled(device->group.known))
		err_set(err, _("The IOMMU group of %s could not be read: %s."),
			address, known_why(device->group.known));
	else if (draft->system->groups_known == KNOWN &&
		 draft->system->group_count > 0)
		err_set(err, _("%s is in no IOMMU group although other devices "
			       "are: the IOMMU does not serve it, so vfio "
			       "cannot take it."), address);
	else if (known_is_settled(draft->system->groups_known))
		err_set(err, _("%s is in no IOMMU group: the kernel runs no "
			       "IOMMU (/sys/kernel/iommu_groups is empty). "
			       "\"vfiotop check\" tells why."), address);
	else
		err_set(err, _("Whether %s is in an IOMMU group could not be "
			       "read: %s."), address,
			known_why(draft->system->groups_known));
	return false;
}

/* Take one device that the person named, and its group. */
static bool take_named(struct draft *draft, struct bdf address, struct err *err)
{
	const struct system *system = draft->system;
	int index = system_device(system, address);
	char text[BDF_TEXT];

	if (index == NONE) {
		err_set(err, _("There is no device %s on this machine."),
			bdf_print_short(address, text));
		return false;
	}
	add_change(draft, index, true);
	const struct device *device = &system->devices[index];
	const struct change asked = { .device = index };
	bool to_vfio = draft->intent->kind == INTENT_BIND &&
		       topo_is_vfio_driver(draft_wanted(draft, &asked));
	if (device->group_index == NONE)
		return to_vfio ? explain_no_group(draft, device, err) : true;
	if (draft->intent->kind == INTENT_UNDO)
		return true;
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].group_index == device->group_index)
			add_change(draft, (int)i, false);
	return true;
}

/* Give the change its end: the driver wanted, or why it is left. */
static void leave(struct change *change, const char *why)
{
	change->left = true;
	change->to = change->from;
	change->why_left = why;
}

/* A driver of vfio's that knows the device is worth a word. */
static void offer_variant(struct draft *draft, struct change *change)
{
	const char *best = choice_best(draft_device(draft, change),
				       draft->arena);

	if (strcmp(change->to, "vfio-pci") == 0 && !*change->note &&
	    strcmp(best, "vfio-pci") != 0)
		change->note = arena_printf(
			draft->arena, _("%s is made for it: --to best, or B in "
					"the explorer, takes that one"), best);
}

static void settle_bind(struct draft *draft, struct change *change)
{
	const char *driver = draft_wanted(draft, change);
	bool whole_group = topo_is_harmless_driver(driver);

	change->to = driver;
	if (!change->named && !whole_group)
		leave(change, _("not named; a host's own driver is given to "
				"named devices only"));
	else if (!*driver && !*change->from)
		leave(change, _("has no driver already"));
	else if (strcmp(change->from, driver) == 0)
		leave(change, _("has this driver already"));
	else if (!change->named && topo_is_vfio_driver(driver) &&
		 topo_is_vfio_driver(change->from))
		leave(change, _("is on a vfio driver already"));
	else
		offer_variant(draft, change);
}

static void settle_undo(struct draft *draft, struct change *change)
{
	const struct device *device = draft_device(draft, change);
	const char *home = draft_home(draft, device->address);

	change->to = home ? home : "";
	if (strcmp(change->from, change->to) == 0)
		leave(change, *change->to ? _("has this driver already") :
					    _("has no driver already"));
}

static void settle_restore(struct draft *draft, struct change *change)
{
	const struct device *device = draft_device(draft, change);
	const char *home = draft_home(draft, device->address);

	change->to = home;
	if (*change->from && !topo_is_harmless_driver(change->from) &&
	    !topo_is_uio_driver(change->from))
		leave(change, _("has a driver of the host already"));
	else if (*change->from && home && strcmp(home, change->from) == 0)
		leave(change, _("had this driver before"));
	else if (!*change->from && (home ? !*home :
				    device->modules.known == ABSENT) &&
		 device->driver_override.known == ABSENT)
		leave(change, _("no driver of the host is known for it"));
}

static bool settle(struct draft *draft, struct change *change, struct err *err)
{
	const struct device *device = draft_device(draft, change);
	bool restore = draft->intent->kind == INTENT_RESTORE;
	char address[BDF_TEXT];

	if (!known_is_settled(device->driver.known)) {
		err_set(err, _("The driver of %s could not be read: %s."),
			bdf_print_short(device->address, address),
			known_why(device->driver.known));
		return false;
	}
	change->from = device->driver.known == KNOWN ? device->driver.value :
						       "";
	if (*change->from && !is_plain_name(change->from)) {
		err_set(err, _("The driver of %s has a name that no driver "
			       "has: \"%s\"."),
			bdf_print_short(device->address, address),
			change->from);
		return false;
	}
	if (draft->intent->kind == INTENT_KEEP)
		leave(change, _("only files for the next start are written"));
	else if (topo_is_bridge(device))
		leave(change, _("a bridge; it may stay as it is"));
	else if (draft->intent->kind == INTENT_UNDO)
		settle_undo(draft, change);
	else if (!restore && topo_is_platform(device))
		leave(change, _("part of the platform; never given away"));
	else if (restore)
		settle_restore(draft, change);
	else if (draft->intent->kind == INTENT_BIND)
		settle_bind(draft, change);
	else if (!*change->from)
		leave(change, _("has no driver already"));
	return true;
}

static int order_changes(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	return x->device < y->device ? -1 : x->device > y->device;
}

static bool choose_devices(struct draft *draft, struct err *err)
{
	const struct intent *intent = draft->intent;

	for (unsigned i = 0; i < intent->device_count; i++)
		if (!take_named(draft, intent->devices[i], err))
			return false;
	if (draft->change_count)
		qsort(draft->changes, draft->change_count,
		      sizeof *draft->changes, order_changes);
	for (unsigned i = 0; i < draft->change_count; i++)
		if (!settle(draft, &draft->changes[i], err))
			return false;
	return true;
}

/* "group 13", "groups 13, 14", or the addresses where there is none. */
static const char *name_what(const struct draft *draft)
{
	const struct system *system = draft->system;
	struct buf groups = {0}, alone = {0};
	unsigned count = 0;
	int last = NONE;

	for (unsigned i = 0; i < draft->change_count; i++) {
		const struct change *change = &draft->changes[i];
		int index = draft_device(draft, change)->group_index;
		char text[BDF_TEXT];
		bdf_print_short(draft_device(draft, change)->address, text);
		if (change->named)
			buf_printf(&alone, "%s%s", alone.len ? ", " : "",
				   text);
		if (index == NONE || index == last)
			continue;
		last = index;
		buf_printf(&groups, "%s%u", count++ ? ", " : "",
			   system->groups[index].number);
	}
	bool whole_group = draft->intent->kind != INTENT_BIND ||
			   topo_is_harmless_driver(draft->driver);
	const char *what =
		count && whole_group ?
			arena_printf(draft->arena,
				     P_("group %s", "groups %s", count),
				     buf_str(&groups)) :
			arena_text(draft->arena, buf_str(&alone));
	buf_free(&groups);
	buf_free(&alone);
	return what;
}

static const char *title_of(const struct draft *draft)
{
	const char *what = name_what(draft);

	if (draft->intent->title)
		return draft->intent->title;
	switch (draft->intent->kind) {
	case INTENT_BIND:
		return draft->best ?
			arena_printf(draft->arena, _("Bind %s to the best "
						     "driver of vfio"), what) :
			arena_printf(draft->arena, _("Bind %s to %s"), what,
				     draft->driver);
	case INTENT_RESTORE:
		return arena_printf(draft->arena,
				    _("Give %s back to the host"), what);
	case INTENT_UNBIND:
		return arena_printf(draft->arena,
				    _("Leave %s without a driver"), what);
	case INTENT_LOAD:
		return arena_printf(draft->arena, _("Load the module %s"),
				    draft->driver);
	case INTENT_UNDO:
		return arena_printf(draft->arena, _("Put %s back"), what);
	case INTENT_KEEP:
		return arena_printf(draft->arena, _("Keep %s as it is, after "
						    "a restart too"), what);
	case INTENT_EDIT:
		return arena_printf(
			draft->arena, draft->intent->edit->remove ?
			_("Take %s off the kernel's command line") :
			_("Put %s on the kernel's command line"),
			draft->intent->edit->parameter);
	default:
		return "";
	}
}

bool plan_driver_is_name(const char *driver, struct err *err)
{
	if (is_plain_name(driver))
		return true;
	err_set(err, _("\"%s\" is not the name of a driver: letters, "
		       "digits, - and _ only."), driver);
	return false;
}

/* Every target must be a name; what goes to vfio makes it vfio's plan. */
static bool check_targets(struct draft *draft, struct err *err)
{
	const struct intent *intent = draft->intent;

	for (unsigned i = 0; i < intent->target_count; i++) {
		const char *driver = intent->targets[i].driver;
		if (*driver && !plan_driver_is_name(driver, err))
			return false;
		if (!i || topo_is_vfio_driver(driver))
			draft->driver = driver;
	}
	return true;
}

static bool gives_away(const struct draft *draft)
{
	const struct intent *intent = draft->intent;

	if (intent->kind == INTENT_BIND)
		return topo_is_vfio_driver(draft->driver);
	for (unsigned i = 0; intent->kind == INTENT_UNDO &&
			     i < intent->home_count; i++)
		if (topo_is_vfio_driver(intent->homes[i].driver))
			return true;
	return false;
}

/* Plans that change no driver are made elsewhere, whole. */
typedef bool other_fn(struct draft *draft, struct err *err);

static other_fn *const others[INTENT_COUNT] = {
	[INTENT_VFS] = vfs_plan, [INTENT_CREATE] = mdev_plan,
	[INTENT_REMOVE] = mdev_plan, [INTENT_RESET] = reset_plan,
	[INTENT_POWER] = reset_plan,
};

static bool understand(struct draft *draft, struct err *err)
{
	const struct intent *intent = draft->intent;
	bool wants_name = intent->kind == INTENT_BIND ||
			  intent->kind == INTENT_LOAD;

	draft->driver = "";
	if (wants_name)
		draft->driver = intent->driver ? intent->driver : "vfio-pci";
	draft->best = intent->kind == INTENT_BIND && intent->driver &&
		      strcmp(intent->driver, CHOICE_BEST) == 0;
	if (draft->best)
		draft->driver = "vfio-pci";
	if (wants_name && !plan_driver_is_name(draft->driver, err))
		return false;
	if (!check_targets(draft, err))
		return false;
	draft->gives_away = gives_away(draft);
	if (others[intent->kind])
		return true;
	bool more = intent->company && (intent->company->first_count ||
					  intent->company->after_count);
	if (intent->kind == INTENT_NONE ||
	    (intent->kind != INTENT_LOAD && intent->kind != INTENT_EDIT &&
	     !intent->device_count && !more)) {
		err_set(err, _("There is nothing to do: no device is named."));
		return false;
	}
	return true;
}

static const struct plan *finish(const struct draft *draft)
{
	struct plan *plan = arena_alloc(draft->arena, sizeof *plan);

	*plan = (struct plan){
		.intent = *draft->intent,
		.title = draft->title ? draft->title : title_of(draft),
		.changes = draft->changes,
		.change_count = draft->change_count,
		.gates = draft->gates,
		.gate_count = draft->gate_count,
		.steps = draft->steps,
		.step_count = draft->step_count,
	};
	plan->done_already = !plan->step_count && !plan_is_refused(plan);
	return plan;
}

const struct plan *plan_make(const struct system *system,
			     const struct intent *intent, struct arena *arena,
			     struct err *err)
{
	struct draft draft = { .system = system, .intent = intent,
			       .arena = arena };

	if (!understand(&draft, err))
		return NULL;
	if (others[intent->kind]) {
		if (!others[intent->kind](&draft, err))
			return NULL;
		gate_steps(&draft);
		return finish(&draft);
	}
	if (!choose_devices(&draft, err))
		return NULL;
	bind_steps(&draft);
	gate_all(&draft);
	gate_targets(&draft);
	gate_steps(&draft);
	keep_gates(&draft);
	module_gates(&draft);
	company_gates(&draft);
	return finish(&draft);
}

void plan_gate_steps(const struct system *system, struct plan *plan,
		     struct arena *arena)
{
	struct draft draft = {
		.system = system, .intent = &plan->intent, .arena = arena,
		.steps = (struct step *)(uintptr_t)plan->steps + plan->done,
		.step_count = plan->step_count - plan->done,
	};

	for (unsigned i = 0; i < plan->gate_count; i++)
		draft_gate(&draft, plan->gates[i]);
	gate_steps(&draft);
	company_gates(&draft);
	plan->gates = draft.gates;
	plan->gate_count = draft.gate_count;
}
