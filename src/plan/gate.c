// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands between an intent and its steps: the device's own kind, what
 * the host does with it, its group, the machine.  It only lists; whether an
 * open gate is accepted is asked elsewhere.  What could not be read is a soft
 * gate that says so, never silence.
 *
 * Each gate is a small function; the tables at the end are the only lists.
 */
#include "plan/gate_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/ids.h"
#include "model/parts.h"
#include "model/topo.h"

const char *gate_attribute(const struct gate_view *view, const char *name)
{
	char address[BDF_TEXT];

	return arena_printf(view->draft->arena, "/sys/bus/pci/devices/%s/%s",
			    bdf_print(view->device->address, address), name);
}

void gate_stand(const struct gate_view *view, enum gate_kind kind,
		const char *id, const char *text, const char *source,
		const char *value)
{
	draft_gate(view->draft, (struct gate){ .id = id,
					       .kind = kind,
					       .device = view->index,
					       .text = text,
					       .source = source,
					       .value = value });
}

/* A soft gate for a source that could not be read. */
void gate_unknown(const struct gate_view *view, const char *id,
		  const char *text, const char *source, enum known known)
{
	draft_gate(view->draft, (struct gate){ .id = id,
					       .kind = GATE_SOFT,
					       .unknown = true,
					       .device = view->index,
					       .text = text,
					       .source = source,
					       .value = known_why(known) });
}

/* The kind of device. */

static void is_bridge(const struct gate_view *view)
{
	if (view->change->named && topo_is_bridge(view->device))
		gate_stand(view, GATE_HARD, "dev-is-bridge",
			   SAY(_("%s is a bridge: only the devices below it "
				 "can be given away."),
			       view->name),
			   gate_attribute(view, "class"),
			   SAY("0x%06x", view->device->class));
}

static void is_platform(const struct gate_view *view)
{
	const char *source = gate_attribute(view, "class");
	const char *class = SAY("0x%06x", view->device->class);

	if (view->device->identity != KNOWN) {
		gate_unknown(
			view, "dev-platform-critical",
			SAY(_("What kind of device %s is could not be read."),
			    view->name),
			source, view->device->identity);
		return;
	}
	if (!topo_is_platform(view->device))
		return;
	if (view->change->named)
		gate_stand(
			view, GATE_HARD, "dev-platform-critical",
			SAY(_("%s is a part of the board that the host cannot "
			      "do without."),
			    view->name),
			source, class);
	else if (*view->change->from &&
		 !topo_is_harmless_driver(view->change->from))
		gate_stand(
			view, GATE_HARD, "group-platform-device",
			SAY(_("%s is in the group, belongs to the board and is "
			      "driven by %s: the group cannot be given away."),
			    view->name, view->change->from),
			gate_attribute(view, "driver"), view->change->from);
}

static void is_behind_vmd(const struct gate_view *view)
{
	if (view->device->address.domain >= 0x10000)
		gate_stand(
			view, GATE_HARD, "dev-behind-vmd",
			SAY(_("%s sits behind an Intel VMD controller, where "
			      "vfio cannot tell its DMA from its neighbours'."),
			    view->name),
			gate_attribute(view, ""),
			SAY("domain %x", view->device->address.domain));
}

/* Devices behind a controller that is no bridge go with it. */
static void has_children(const struct gate_view *view)
{
	const struct system *system = view->system;
	int child = view->device->first_child;
	char name[BDF_TEXT];

	if (topo_is_bridge(view->device) || child == NONE)
		return;
	bdf_print_short(system->devices[child].address, name);
	gate_stand(view, GATE_HARD, "dev-vmd-children",
		   SAY(_("%s and what else is behind %s would vanish with it: "
			 "their drivers are not asked first."),
		       name, view->name),
		   gate_attribute(view, ""), name);
}

static void can_be_pulled(const struct gate_view *view)
{
	const struct fact_text *removable = &view->device->removable;

	if (removable->known == KNOWN &&
	    strcmp(removable->value, "removable") == 0)
		gate_stand(view, GATE_SOFT, "dev-untrusted",
			   SAY(_("%s can be pulled out: a guest does not "
				 "survive that."),
			       view->name),
			   gate_attribute(view, "removable"),
			   removable->value);
}

static void does_not_reset(const struct gate_view *view)
{
	const struct device *device = view->device;
	enum known reset = topo_has_reset(device);
	bool bus = parts_can_reset_bus(view->system, view->index);

	if (device->physfn != NONE)
		return;
	if (ids_have(IDS_AMD_RESET_BUG, device))
		gate_stand(view, GATE_SOFT, "dev-amd-reset-bug",
			   SAY(_("%s is of a family that often does not come "
				 "back from a reset: the way back may need a "
				 "restart."),
			       view->name),
			   gate_attribute(view, "device"),
			   SAY("%04x:%04x", device->vendor, device->device));
	else if (reset == ABSENT && !bus)
		gate_stand(view, GATE_SOFT, "dev-no-reset",
			   SAY(_("%s cannot be reset: what a guest leaves in "
				 "it stays, and the way back may need a "
				 "restart."),
			       view->name),
			   gate_attribute(view, "reset_method"), _("none"));
	else if (!known_is_settled(reset) && !bus)
		gate_unknown(view, "dev-no-reset",
			     SAY(_("Whether %s can be reset could not be "
				   "read."),
				 view->name),
			     gate_attribute(view, "reset_method"), reset);
}

static void does_not_answer(const struct gate_view *view)
{
	const struct config *config = view->device->config;

	if (config->header == KNOWN && config->vendor == 0xffff &&
	    view->device->physfn == NONE)
		gate_stand(
			view, GATE_SOFT, "dev-config-ff",
			SAY(_("%s does not answer: a driver will hardly take "
			      "it before a cold start."),
			    view->name),
			gate_attribute(view, "config"), "ffff");
}

/* Nothing is written to what already waits for somebody. */
static void is_stuck(const struct gate_view *view)
{
	if (view->device->silent)
		gate_stand(
			view, GATE_HARD, "dev-stuck",
			SAY(_("The kernel does not answer for %s: whatever is "
			      "written to it would wait as well."),
			    view->name),
			gate_attribute(view, "uevent"), known_why(SILENT));
}

static void is_asleep(const struct gate_view *view)
{
	const struct device *device = view->device;
	bool cold = device->power_state.known == KNOWN &&
		    strcmp(device->power_state.value, "D3cold") == 0;

	/* vfio-pci puts to sleep whatever no guest uses: that is no news. */
	if (topo_is_vfio_driver(view->change->from))
		return;
	if (device->asleep || cold)
		gate_stand(
			view, GATE_SOFT, "dev-d3cold",
			SAY(_("%s is asleep and will be woken."), view->name),
			cold ? gate_attribute(view, "power_state") :
			       gate_attribute(view, "power/runtime_status"),
			cold ? "D3cold" : device->runtime_status.value);
}

static void has_vfs(const struct gate_view *view)
{
	const struct device *device = view->device;
	const char *source = gate_attribute(view, "sriov_numvfs");

	if (device->sriov_num.known == KNOWN && device->sriov_num.value > 0)
		gate_stand(
			view, GATE_HARD, "dev-sriov-pf-vfs-enabled",
			SAY(_("%s has virtual functions: they must be removed "
			      "first (vfiotop vfs %s 0)."),
			    view->name, view->name),
			source,
			SAY("%lld", (long long)device->sriov_num.value));
	else if (device->sriov_total.known == KNOWN &&
		 !known_is_settled(device->sriov_num.known))
		gate_unknown(
			view, "dev-sriov-pf-vfs-enabled",
			SAY(_("Whether %s has virtual functions could not be "
			      "read."),
			    view->name),
			source, device->sriov_num.known);
}

static void has_mdevs(const struct gate_view *view)
{
	const struct device *device = view->device;
	const char *source = "/sys/bus/mdev/devices";

	if (device->mdev.known != KNOWN || !device->mdev.value)
		return;
	if (device->mdev_count.known == KNOWN && device->mdev_count.value)
		gate_stand(view, GATE_HARD, "dev-mdev-active",
			   SAY(_("%s has mediated devices (%lld): they must be "
				 "removed first."),
			       view->name,
			       (long long)device->mdev_count.value),
			   source,
			   SAY("%lld", (long long)device->mdev_count.value));
	else if (!known_is_settled(device->mdev_count.known))
		gate_unknown(view, "dev-mdev-active",
			     SAY(_("Whether %s has mediated devices could not "
				   "be read."),
				 view->name),
			     source, device->mdev_count.known);
}

/* Its group, when it is to be given to a guest. */

static void has_direct_region(const struct gate_view *view)
{
	const struct group *group;

	if (view->device->group_index == NONE)
		return;
	group = &view->system->groups[view->device->group_index];
	const char *source = SAY("/sys/kernel/iommu_groups/%u/"
				 "reserved_regions",
				 group->number);
	for (unsigned i = 0; i < group->reserved_count; i++)
		if (strcmp(group->reserved[i].type, "direct") == 0)
			gate_stand(
				view, GATE_HARD, "group-direct-region",
				SAY(_("The firmware wants memory of group %u "
				      "mapped as it is, so the kernel gives no "
				      "device of it to a guest."),
				    group->number),
				source,
				SAY("0x%016llx 0x%016llx direct",
				    (unsigned long long)group->reserved[i]
					    .start,
				    (unsigned long long)group->reserved[i]
					    .end));
	if (!known_is_settled(group->reserved_known))
		gate_unknown(
			view, "group-direct-region",
			SAY(_("Whether the firmware reserves memory in group "
			      "%u could not be read."),
			    group->number),
			source, group->reserved_known);
}

static void has_strange_members(const struct gate_view *view)
{
	const struct group *group;

	if (view->device->group_index == NONE)
		return;
	group = &view->system->groups[view->device->group_index];
	const char *source =
		SAY("/sys/kernel/iommu_groups/%u/devices", group->number);
	if (!known_is_settled(group->members_known))
		gate_unknown(
			view, "group-shared-endpoints",
			SAY(_("Whether group %u has more members could not be "
			      "read."),
			    group->number),
			source, group->members_known);
	for (unsigned i = 0; i < group->member_count; i++)
		if (group->members[i].device == NONE)
			gate_stand(
				view, GATE_SOFT, "group-not-viable",
				SAY(_("%s is in group %u too and is no PCI "
				      "device that was seen: it stays with the "
				      "host."),
				    group->members[i].name, group->number),
				source, group->members[i].name);
}

/* A member that nobody named and that is no function of a named device. */
static void is_stranger(const struct gate_view *view)
{
	const struct draft *draft = view->draft;

	if (view->change->named)
		return;
	for (unsigned i = 0; i < draft->change_count; i++)
		if (draft->changes[i].named &&
		    topo_is_same_slot(draft_device(draft, &draft->changes[i]),
				   view->device))
			return;
	gate_stand(
		view, GATE_SOFT, "group-shared-endpoints",
		SAY(_("%s was not named, but it is in the same group and must "
		      "go too."),
		    view->name),
		gate_attribute(view, "iommu_group"),
		SAY("%lld", (long long)view->device->group.value));
}

static void has_foreign_bridge(const struct gate_view *view)
{
	if (topo_is_bridge(view->device) && *view->change->from &&
	    !topo_is_harmless_driver(view->change->from))
		gate_stand(
			view, GATE_HARD, "group-bridge-foreign-driver",
			SAY(_("The bridge %s is in the group and driven by %s: "
			      "only pcieport may stay in a group that is given "
			      "away."),
			    view->name, view->change->from),
			gate_attribute(view, "driver"), view->change->from);
}

/* The machine, once for the whole plan. */

static void lacks_remapping(const struct gate_view *view)
{
	const struct host *host = &view->system->host;
	bool unsafe = (host->unsafe_type1.known == KNOWN &&
		       host->unsafe_type1.value) ||
		      (host->unsafe_iommufd.known == KNOWN &&
		       host->unsafe_iommufd.value);
	enum remapping remapping = topo_remapping(view->system);

	if (unsafe || remapping == REMAP_ON)
		return;
	if (remapping == REMAP_OFF)
		gate_stand(
			view, GATE_SOFT, "no-interrupt-remapping",
			_("Interrupts are not remapped: vfio will refuse the "
			  "group unless unsafe interrupts are allowed."),
			"/proc/interrupts", _("no line with IR-"));
	else
		gate_unknown(view, "no-interrupt-remapping",
			     _("Whether interrupts are remapped could not be "
			       "read."),
			     "/proc/interrupts",
			     host->interrupts_known == KNOWN ?
				     UNREAD :
				     host->interrupts_known);
}

static void lacks_driver(const struct gate_view *view)
{
	const struct system *system = view->system;

	if (strcmp(view->draft->driver, "vfio-pci") == 0 &&
	    system_driver(system, "vfio-pci") == NONE &&
	    !(system->vfio.pci_driver.known == KNOWN &&
	      system->vfio.pci_driver.value) &&
	    system->host.vfio_module.known == ABSENT)
		gate_stand(view, GATE_HARD, "vfio-not-built",
			   _("This kernel has no vfio-pci: neither built in "
			     "nor as a module."),
			   SAY("/lib/modules/%s/modules.dep",
			       system->host.release.value),
			   _("no vfio-pci"));
}

typedef void gate_fn(const struct gate_view *view);

/* About each endpoint that changes. */
static gate_fn *const of_change[] = {
	is_stuck,
	is_asleep,
	does_not_answer,
};

/* About each member, when the intent is to take and not to give back. */
static gate_fn *const of_member[] = { is_bridge, is_platform };

/* About each member that goes to vfio, or is left in such a group. */
static gate_fn *const of_gift[] = {
	is_behind_vmd, has_vfs, is_stranger, can_be_pulled, does_not_reset,
};

/* About each that leaves a driver. */
static gate_fn *const of_leaver[] = {
	gate_use, gate_show, gate_hold, has_vfs, has_mdevs, has_children,
};
static gate_fn *const of_left[] = { has_foreign_bridge };

/* About the group of the first device, and the machine. */
static gate_fn *const of_group[] = { has_direct_region, has_strange_members };
static gate_fn *const of_machine[] = { lacks_remapping, lacks_driver };

#define RUN(table, view)                                                  \
	do {                                                              \
		for (size_t i_ = 0; i_ < sizeof(table) / sizeof *(table); \
		     i_++)                                                \
			(table)[i_](view);                                \
	} while (0)

static void gate_change(struct draft *draft, const struct change *change)
{
	bool restore = draft->intent->kind == INTENT_RESTORE;
	struct gate_view view = {
		.draft = draft,
		.system = draft->system,
		.change = change,
		.device = draft_device(draft, change),
		.index = change->device,
	};

	bdf_print_short(view.device->address, view.name);
	if (!restore)
		RUN(of_member, &view);
	if (draft->gives_away && change->left)
		RUN(of_left, &view);
	if (change->left)
		return;
	if (*change->from)
		RUN(of_leaver, &view);
	if (draft->gives_away)
		RUN(of_gift, &view);
	RUN(of_change, &view);
}

/* The group's gates stand once per group, on none of its devices. */
static void gate_groups(struct draft *draft)
{
	int last = NONE;

	for (unsigned i = 0; i < draft->change_count; i++) {
		const struct change *change = &draft->changes[i];
		struct gate_view view = {
			.draft = draft,
			.system = draft->system,
			.change = change,
			.index = change->device,
			.device = draft_device(draft, change),
		};
		if (change->left || view.device->group_index == last)
			continue;
		last = view.device->group_index;
		RUN(of_group, &view);
	}
}

void gate_all(struct draft *draft)
{
	const struct gate_view machine = { .draft = draft,
					   .system = draft->system,
					   .index = NONE };

	for (unsigned i = 0; i < draft->change_count; i++)
		gate_change(draft, &draft->changes[i]);
	if (!draft->gives_away || !draft->step_count)
		return;
	gate_groups(draft);
	RUN(of_machine, &machine);
}
