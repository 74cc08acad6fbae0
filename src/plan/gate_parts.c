// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The gates of steps that write to no driver: the number of virtual
 * functions, mediated devices, resets.  They stand for the step itself, so
 * that what takes such a step back meets them too.
 *
 * Source: drivers/pci/iov.c, sriov_enable(); drivers/pci/pci.c,
 * pci_reset_bus_function(); drivers/vfio/vfio_main.c,
 * vfio_unregister_group_dev(), which waits for who holds the device.
 */
#include "plan/gate_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"
#include "model/parts.h"
#include "model/topo.h"

/* What is common to all of them. */

static void is_silent(const struct gate_view *view)
{
	if (view->device->silent)
		gate_stand(view, GATE_HARD, "dev-stuck",
			   SAY(_("The kernel does not answer for %s: whatever "
				 "is written to it would wait as well."),
			       view->name),
			   gate_attribute(view, "uevent"), known_why(SILENT));
}

static void will_be_woken(const struct gate_view *view)
{
	const struct device *device = view->device;

	if (device->asleep && !topo_is_vfio_driver(view->change->from))
		gate_stand(view, GATE_SOFT, "dev-d3cold",
			   SAY(_("%s is asleep and will be woken."),
			       view->name),
			   gate_attribute(view, "power/runtime_status"),
			   device->runtime_status.value);
}

/* What is not with the host can only be held by a guest. */
static void is_used(const struct gate_view *view)
{
	if (!topo_is_harmless_driver(view->change->from)) {
		gate_use(view);
		gate_show(view);
	}
	gate_hold(view);
}

/* --- virtual functions --- */

static void has_room(const struct gate_view *view, unsigned count)
{
	enum parts_lack lack;
	enum known known = parts_room(view->system, view->index, count, &lack);
	const char *source = gate_attribute(view, "resource");

	if (lack == LACKS_MEMORY)
		gate_stand(view, GATE_HARD, "dev-sriov-no-resources",
			   SAY(_("The firmware gave the virtual functions of "
				 "%s no addresses: the kernel makes none."),
			       view->name),
			   source, _("(no address)"));
	else if (lack == LACKS_BUSES)
		gate_stand(view, GATE_HARD, "dev-sriov-no-resources",
			   SAY(_("%u virtual functions of %s would need more "
				 "bus numbers than the bridge above has: ask "
				 "for fewer."), count, view->name),
			   gate_attribute(view, "sriov_stride"),
			   SAY("%lld",
			       (long long)view->device->sriov_stride.value));
	else if (known != KNOWN)
		gate_unknown(view, "dev-sriov-no-resources",
			     SAY(_("Whether there is room for virtual "
				   "functions of %s could not be read."),
				 view->name),
			     source, known == ABSENT ? UNREAD : known);
}

/* A VF that goes takes with it whatever stands on it. */
static void vanishes(const struct draft *draft, int index)
{
	const struct device *vf = &draft->system->devices[index];
	const struct change change = {
		.device = index,
		.from = vf->driver.known == KNOWN ? vf->driver.value : "",
	};
	struct gate_view state = {
		.draft = (struct draft *)(uintptr_t)draft,
		.system = draft->system, .device = vf, .change = &change,
		.index = index,
	};
	const struct gate_view *view = &state;

	bdf_print_short(vf->address, state.name);
	is_silent(view);
	if (vf->driver.known == KNOWN)
		is_used(view);
	if (vf->driver.known == KNOWN && !topo_is_harmless_driver(change.from))
		gate_stand(view, GATE_SOFT, "dev-sriov-pf-vfs-enabled",
			   SAY(_("%s is a virtual function that %s drives, "
				 "and would vanish."), view->name,
			       change.from),
			   gate_attribute(view, "driver"), change.from);
	else if (!known_is_settled(vf->driver.known))
		gate_unknown(view, "dev-sriov-pf-vfs-enabled",
			     SAY(_("Who drives the virtual function %s could "
				   "not be read."), view->name),
			     gate_attribute(view, "driver"),
			     vf->driver.known);
}

static void of_number(const struct gate_view *view, const struct step *step)
{
	uint64_t count = 0;

	is_silent(view);
	will_be_woken(view);
	num_parse(step->value, 10, &count);
	if (count)
		has_room(view, (unsigned)count);
	for (int vf = NONE; !count && (vf = parts_next_vf(
		     view->system, view->index, vf)) != NONE;)
		vanishes(view->draft, vf);
}

/* --- resets --- */

static void is_no_endpoint(const struct gate_view *view)
{
	const char *class = SAY("0x%06x", view->device->class);

	if (topo_is_bridge(view->device))
		gate_stand(view, GATE_HARD, "dev-is-bridge",
			   SAY(_("%s is a bridge: a reset would take with it "
				 "all that is below."), view->name),
			   gate_attribute(view, "class"), class);
	else if (topo_is_platform(view->device))
		gate_stand(view, GATE_HARD, "dev-platform-critical",
			   SAY(_("%s is a part of the board that the host "
				 "cannot do without."), view->name),
			   gate_attribute(view, "class"), class);
}

static void has_no_reset(const struct gate_view *view)
{
	const char *method;
	enum known known = parts_reset(view->system, view->index,
				       view->draft->arena, &method);

	if (known == KNOWN)
		return;
	if (known == ABSENT && *method)
		gate_stand(view, GATE_HARD, "dev-reset-bus-only-shared",
			   SAY(_("%s can only be reset with its whole bus, "
				 "which the kernel does not do while other "
				 "functions are on it; vfio can, when it has "
				 "them all."), view->name),
			   gate_attribute(view, "reset_method"),
			   view->device->reset_method.value);
	else if (known == ABSENT)
		gate_stand(view, GATE_HARD, "dev-no-reset",
			   SAY(_("%s has no reset of its own; vfio can reset "
				 "its bus or slot, when it has all that is on "
				 "it."), view->name),
			   gate_attribute(view, "reset"), _("(absent)"));
	else
		gate_unknown(view, "dev-no-reset",
			     SAY(_("Whether %s can be reset could not be "
				   "told."), view->name),
			     gate_attribute(view, "reset_method"), known);
}

static void is_driven(const struct gate_view *view)
{
	const char *driver = view->change->from;

	if (*driver && !topo_is_harmless_driver(driver))
		gate_stand(view, GATE_SOFT, "dev-bound-to-host-driver",
			   SAY(_("%s drives %s and must find its way again "
				 "afterwards."), driver, view->name),
			   gate_attribute(view, "driver"), driver);
	if (*driver)
		is_used(view);
}

/* A reset of the PF is one of its VFs too. */
static void has_parts(const struct gate_view *view)
{
	for (int vf = NONE; (vf = parts_next_vf(view->system, view->index,
						vf)) != NONE;)
		vanishes(view->draft, vf);
	if (view->device->sriov_num.known == KNOWN &&
	    view->device->sriov_num.value)
		gate_stand(view, GATE_SOFT, "dev-sriov-pf-vfs-enabled",
			   SAY(_("%s has virtual functions, which are reset "
				 "with it."), view->name),
			   gate_attribute(view, "sriov_numvfs"),
			   SAY("%lld",
			       (long long)view->device->sriov_num.value));
}

static void of_reset(const struct gate_view *view, const struct step *step)
{
	(void)step;
	is_silent(view);
	is_no_endpoint(view);
	has_no_reset(view);
	will_be_woken(view);
	is_driven(view);
	has_parts(view);
}

static void of_power(const struct gate_view *view, const struct step *step)
{
	(void)step;
	is_silent(view);
}

/* --- mediated devices --- */

static void is_exhausted(const struct gate_view *view,
			 const struct mdev_type *type)
{
	const struct fact_num *left = &type->available;
	const char *source = SAY("…/mdev_supported_types/%s/"
				 "available_instances", type->id);

	if (left->known == KNOWN && left->value <= 0)
		gate_stand(view, GATE_HARD, "dev-mdev-capable",
			   SAY(_("%s can make no more of %s now: remove "
				 "others first."),
			       view->system->mdevs.parents[type->parent].name,
			       type->id), source, "0");
	else if (!known_is_settled(left->known))
		gate_unknown(view, "dev-mdev-capable",
			     SAY(_("How many more of %s can be made could not "
				   "be read."), type->id), source,
			     left->known);
}

/* "…/NAME/mdev_supported_types/TYPE/create" */
static void of_create(const struct gate_view *view, const struct step *step)
{
	const struct mdevs *mdevs = &view->system->mdevs;

	for (unsigned i = 0; i < mdevs->type_count; i++) {
		const struct mdev_type *type = &mdevs->types[i];
		const char *end = SAY("/%s/mdev_supported_types/%s/create",
				      mdevs->parents[type->parent].name,
				      type->id);
		if (text_ends(step->path, end))
			is_exhausted(view, type);
	}
}

/* "/sys/bus/mdev/devices/UUID/remove" */
static void of_remove(const struct gate_view *view, const struct step *step)
{
	const struct mdevs *mdevs = &view->system->mdevs;
	const struct usage *usage = &view->system->usage;

	for (unsigned i = 0; i < mdevs->item_count; i++) {
		const struct mdev *mdev = &mdevs->items[i];
		if (!text_ends(step->path, SAY("/%s/remove", mdev->uuid)))
			continue;
		const struct holder *holder =
			parts_mdev_holder(view->system, mdev);
		if (holder)
			gate_stand(view, GATE_HARD, "group-in-use-by-vm",
				   SAY(_("%s (%u) drives %s through %s: stop "
					 "the guest first."), holder->command,
				       holder->pid, mdev->uuid, holder->node),
				   holder_source(holder, view->draft->arena),
				   holder->node);
		else if (!known_is_settled(usage->holders_known))
			gate_unknown(view, "group-in-use-by-vm",
				     SAY(_("Whether a process holds %s could "
					   "not be read."), mdev->uuid),
				     "/proc/*/fd", usage->holders_known);
	}
}

static const struct {
	const char *end;		/* of the path */
	bool device;			/* it is below a PCI device's folder */
	void (*gates)(const struct gate_view *view, const struct step *step);
} kinds[] = {
	{ "/sriov_numvfs", true, of_number },
	{ "/reset", true, of_reset },
	{ "/power/control", true, of_power },
	{ "/create", false, of_create },
	{ "/remove", false, of_remove },
};

/* The device whose folder a path is in; NONE. */
static int device_of(const struct draft *draft, const char *path)
{
	static const char folder[] = "/sys/bus/pci/devices/";
	char name[BDF_TEXT];
	struct bdf address;

	if (!text_starts(path, folder))
		return NONE;
	path += sizeof folder - 1;
	size_t len = strcspn(path, "/");
	if (len >= sizeof name)
		return NONE;
	memcpy(name, path, len);
	name[len] = '\0';
	return bdf_parse(name, &address) ?
		       system_device(draft->system, address) : NONE;
}

static void gate_step(struct draft *draft, const struct step *step)
{
	struct gate_view view = { .draft = draft, .system = draft->system,
				  .index = device_of(draft, step->path) };
	struct change change = { .device = view.index, .from = "" };

	if (view.index != NONE) {
		view.device = &draft->system->devices[view.index];
		if (view.device->driver.known == KNOWN)
			change.from = view.device->driver.value;
		bdf_print_short(view.device->address, view.name);
	}
	view.change = &change;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_ends(step->path, kinds[i].end) &&
		    (!kinds[i].device || view.index != NONE))
			kinds[i].gates(&view, step);
}

void gate_steps(struct draft *draft)
{
	unsigned count = draft->step_count;

	for (unsigned i = 0; i < count; i++)
		if (draft->steps[i].kind == STEP_WRITE)
			gate_step(draft, &draft->steps[i]);
}
