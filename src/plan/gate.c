// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands between an intent and its steps: the device's own kind, what
 * the host does with it, its group, the machine.  It only lists; whether an
 * open gate is accepted is asked elsewhere.  What could not be read is a soft
 * gate that says so, never silence.
 *
 * Each gate is a small function; the tables at the end are the only lists.
 */
#include "plan/plan_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"

/* Everything that a gate looks at about one device. */
struct view {
	struct draft *draft;
	const struct system *system;
	const struct device *device;
	const struct change *change;
	int index;		/* of the device */
	char name[BDF_TEXT];	/* its address, short */
};

static const char *attribute(const struct view *view, const char *name)
{
	char address[BDF_TEXT];

	return arena_printf(view->draft->arena, "/sys/bus/pci/devices/%s/%s",
			    bdf_print(view->device->address, address), name);
}

static void stand(const struct view *view, enum gate_kind kind, const char *id,
		  const char *text, const char *source, const char *value)
{
	draft_gate(view->draft, (struct gate){
		.id = id, .kind = kind, .device = view->index, .text = text,
		.source = source, .value = value });
}

/* A soft gate for a source that could not be read. */
static void unknown(const struct view *view, const char *id, const char *text,
		    const char *source, enum known known)
{
	draft_gate(view->draft, (struct gate){
		.id = id, .kind = GATE_SOFT, .unknown = true,
		.device = view->index, .text = text, .source = source,
		.value = known_why(known) });
}

#define SAY(...) arena_printf(view->draft->arena, __VA_ARGS__)

/* The kind of device. */

static void is_bridge(const struct view *view)
{
	if (view->change->named && topo_is_bridge(view->device))
		stand(view, GATE_HARD, "dev-is-bridge",
		      SAY(_("%s is a bridge: only the devices below it can be "
			    "given away."), view->name),
		      attribute(view, "class"),
		      SAY("0x%06x", view->device->class));
}

static void is_platform(const struct view *view)
{
	const char *source = attribute(view, "class");
	const char *class = SAY("0x%06x", view->device->class);

	if (view->device->identity != KNOWN) {
		unknown(view, "dev-platform-critical",
			SAY(_("What kind of device %s is could not be read."),
			    view->name),
			source, view->device->identity);
		return;
	}
	if (!topo_is_platform(view->device))
		return;
	if (view->change->named)
		stand(view, GATE_HARD, "dev-platform-critical",
		      SAY(_("%s is a part of the board that the host cannot "
			    "do without."), view->name), source, class);
	else if (*view->change->from &&
		 !topo_is_harmless_driver(view->change->from))
		stand(view, GATE_HARD, "group-platform-device",
		      SAY(_("%s is in the group, belongs to the board and is "
			    "driven by %s: the group cannot be given away."),
			  view->name, view->change->from),
		      attribute(view, "driver"), view->change->from);
}

static void is_behind_vmd(const struct view *view)
{
	if (view->device->address.domain >= 0x10000)
		stand(view, GATE_SOFT, "dev-behind-vmd",
		      SAY(_("%s sits behind an Intel VMD controller, where a "
			    "guest's DMA and interrupts may not work."),
			  view->name),
		      attribute(view, ""),
		      SAY("domain %x", view->device->address.domain));
}

static void does_not_answer(const struct view *view)
{
	const struct config *config = view->device->config;

	if (config->header == KNOWN && config->vendor == 0xffff &&
	    view->device->physfn == NONE)
		stand(view, GATE_SOFT, "dev-config-ff",
		      SAY(_("%s does not answer: a driver will hardly take "
			    "it before a cold start."), view->name),
		      attribute(view, "config"), "ffff");
}

static void is_asleep(const struct view *view)
{
	const struct device *device = view->device;
	bool cold = device->power_state.known == KNOWN &&
		    strcmp(device->power_state.value, "D3cold") == 0;

	/* vfio-pci puts to sleep whatever no guest uses: that is no news. */
	if (topo_is_vfio_driver(view->change->from))
		return;
	if (device->asleep || cold)
		stand(view, GATE_SOFT, "dev-d3cold",
		      SAY(_("%s is asleep and will be woken."), view->name),
		      cold ? attribute(view, "power_state") :
			     attribute(view, "power/runtime_status"),
		      cold ? "D3cold" : device->runtime_status.value);
}

static void has_vfs(const struct view *view)
{
	const struct device *device = view->device;
	const char *source = attribute(view, "sriov_numvfs");

	if (device->sriov_num.known == KNOWN && device->sriov_num.value > 0)
		stand(view, GATE_HARD, "dev-sriov-pf-vfs-enabled",
		      SAY(_("%s has virtual functions: they must be removed "
			    "first (vfiotop vfs %s 0)."),
			  view->name, view->name),
		      source, SAY("%lld", (long long)device->sriov_num.value));
	else if (device->sriov_total.known == KNOWN &&
		 !known_is_settled(device->sriov_num.known))
		unknown(view, "dev-sriov-pf-vfs-enabled",
			SAY(_("Whether %s has virtual functions could not be "
			      "read."), view->name),
			source, device->sriov_num.known);
}

/* What the host does with it. */

static bool is_system_place(const char *what)
{
	static const char *const places[] = {
		"/", "/usr", "/boot", "/boot/efi", "/efi", "/var", "/etc",
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (strcmp(what, places[i]) == 0)
			return true;
	return false;
}

static void store(const struct view *view, const struct storage_use *use)
{
	const char *value = SAY("%s %s %s", use->block, use->what, use->type);

	if (strcmp(use->what, "swap") == 0)
		stand(view, GATE_HARD, "dev-swap",
		      SAY(_("The host swaps to %s on %s: swapoff it first."),
			  use->block, view->name), use->source, value);
	else if (is_system_place(use->what))
		stand(view, GATE_HARD, "dev-root-fs",
		      SAY(_("The host runs from %s: %s of it is %s."),
			  view->name, use->block, use->what),
		      use->source, value);
	else
		stand(view, GATE_HARD, "dev-mounted-fs",
		      SAY(_("%s on %s is mounted at %s: unmount it first, "
			    "or data is lost."),
			  use->block, view->name, use->what),
		      use->source, value);
}

static void holds_storage(const struct view *view)
{
	const struct usage *usage = &view->system->usage;
	unsigned class = view->device->class >> 8;

	for (unsigned i = 0; i < usage->storage_count; i++)
		if (usage->storage[i].device == view->index)
			store(view, &usage->storage[i]);
	if (!known_is_settled(usage->storage_known) &&
	    (class >> 8 == CLASS_STORAGE || class == CLASS_USB ||
	     view->device->identity != KNOWN))
		unknown(view, "dev-mounted-fs",
			SAY(_("Whether the host has file systems on %s could "
			      "not be read."), view->name),
			"/proc/self/mountinfo", usage->storage_known);
}

static void carries_network(const struct view *view)
{
	const struct usage *usage = &view->system->usage;
	enum known known = known_is_settled(usage->interfaces_known) ?
				   usage->routes_known :
				   usage->interfaces_known;

	for (unsigned i = 0; i < usage->interface_count; i++) {
		const struct interface *each = &usage->interfaces[i];
		if (each->device != view->index)
			continue;
		if (each->default_route)
			stand(view, GATE_HARD, "dev-default-route",
			      SAY(_("The host's way to the network goes "
				    "through %s (%s)."),
				  each->name, view->name),
			      "/proc/net/route", each->name);
		else if (each->operstate.known == KNOWN &&
			 strcmp(each->operstate.value, "up") == 0)
			stand(view, GATE_SOFT, "dev-net-up",
			      SAY(_("The network interface %s (%s) is up."),
				  each->name, view->name),
			      SAY("/sys/class/net/%s/operstate", each->name),
			      "up");
	}
	if (!known_is_settled(known) &&
	    view->device->class >> 16 == CLASS_NETWORK)
		unknown(view, "dev-default-route",
			SAY(_("Whether the host's network needs %s could not "
			      "be read."), view->name),
			"/proc/net/route", known);
}

/* Whether another display is known to show a picture. */
static bool another_is_lit(const struct view *view)
{
	for (unsigned i = 0; i < view->system->device_count; i++) {
		bool lit;
		if ((int)i != view->index &&
		    topo_is_display(&view->system->devices[i]) &&
		    topo_is_lit(view->system, (int)i, &lit, NULL) == KNOWN &&
		    lit)
			return true;
	}
	return false;
}

static void shows_picture(const struct view *view)
{
	const struct connector *connector;
	bool lit;

	if (!topo_is_display(view->device))
		return;
	enum known known =
		topo_is_lit(view->system, view->index, &lit, &connector);
	if (known != KNOWN) {
		unknown(view, "dev-display-active",
			SAY(_("Whether a screen shows what %s draws could not "
			      "be read."), view->name),
			"/sys/class/drm", known);
		return;
	}
	if (!lit)
		return;
	bool only = !another_is_lit(view);
	stand(view, only ? GATE_HARD : GATE_SOFT, "dev-display-active",
	      SAY(only ? _("%s draws the only screen that is lit (%s): it "
			   "would go dark.") :
			 _("%s draws on a screen (%s) that would go dark."),
		  view->name, connector->name),
	      SAY("/sys/class/drm/%s-%s/enabled", connector->card,
		  connector->name), "enabled");
}

static void is_boot_display(const struct view *view)
{
	bool boot;

	if (!topo_is_display(view->device))
		return;
	enum known known =
		topo_is_boot_display(view->system, view->index, &boot);
	if (boot)
		stand(view, GATE_SOFT, "dev-is-boot-gpu",
		      SAY(_("The firmware showed its screen on %s: the guest "
			    "may need a copy of its ROM, and the host loses "
			    "its console."), view->name),
		      attribute(view, "boot_vga"), "1");
	else if (!known_is_settled(known))
		unknown(view, "dev-is-boot-gpu",
			SAY(_("Whether the firmware showed its screen on %s "
			      "could not be read."), view->name),
			attribute(view, "boot_vga"), known);
}

static void has_console(const struct view *view)
{
	const struct system *system = view->system;
	const char *bound = NULL;

	for (unsigned i = 0; i < system->vtconsole_count; i++)
		if (system->vtconsoles[i].bound.known == KNOWN &&
		    system->vtconsoles[i].bound.value &&
		    strstr(system->vtconsoles[i].name.value, "frame buffer"))
			bound = system->vtconsoles[i].node;
	for (unsigned i = 0; bound && i < system->framebuffer_count; i++)
		if (system->framebuffers[i].device == view->index)
			stand(view, GATE_SOFT, "dev-console-fb",
			      SAY(_("The text console is drawn by %s (%s)."),
				  view->name, system->framebuffers[i].node),
			      SAY("/sys/class/vtconsole/%s/bind", bound), "1");
}

/* Drivers whose unbind never returns while somebody holds their nodes. */
static bool waits_for_holders(const char *driver)
{
	return strcmp(driver, "nvidia") == 0 || strcmp(driver, "amdgpu") == 0;
}

static void hold(const struct view *view, const struct holder *holder)
{
	const char *who = SAY("%s (%u)", holder->command, holder->pid);
	const char *source = SAY("/proc/%u/fd", holder->pid);

	if (topo_is_vfio_driver(view->change->from) ||
	    text_starts(holder->node, "/dev/vfio/"))
		stand(view, GATE_HARD, "group-in-use-by-vm",
		      SAY(_("%s drives %s through %s: stop the guest first."),
			  who, view->name, holder->node),
		      source, holder->node);
	else if (waits_for_holders(view->change->from))
		stand(view, GATE_HARD, "dev-gpu-clients",
		      SAY(_("%s holds %s of %s: %s would wait for it for ever; "
			    "end it first."),
			  who, holder->node, view->name, view->change->from),
		      source, holder->node);
	else
		stand(view, GATE_SOFT, "dev-gpu-clients",
		      SAY(_("%s holds %s of %s and would lose it."), who,
			  holder->node, view->name), source, holder->node);
}

static bool may_have_holders(const struct view *view)
{
	unsigned base = view->device->class >> 16;

	return view->device->identity != KNOWN || base == CLASS_DISPLAY ||
	       base == 0x04 || base == 0x12 || /* sound; accelerators */
	       topo_is_vfio_driver(view->change->from);
}

static void has_holders(const struct view *view)
{
	const struct usage *usage = &view->system->usage;

	for (unsigned i = 0; i < usage->holder_count; i++)
		if (usage->holders[i].device == view->index)
			hold(view, &usage->holders[i]);
	if (!known_is_settled(usage->holders_known) && may_have_holders(view))
		unknown(view, topo_is_vfio_driver(view->change->from) ?
				"group-in-use-by-vm" : "dev-gpu-clients",
			SAY(_("Whether a process holds %s could not be read."),
			    view->name),
			"/proc/*/fd", usage->holders_known);
}

/* Its group, when it is to be given to a guest. */

static void has_direct_region(const struct view *view)
{
	const struct group *group;

	if (view->device->group_index == NONE)
		return;
	group = &view->system->groups[view->device->group_index];
	const char *source = SAY("/sys/kernel/iommu_groups/%u/"
				 "reserved_regions", group->number);
	for (unsigned i = 0; i < group->reserved_count; i++)
		if (strcmp(group->reserved[i].type, "direct") == 0)
			stand(view, GATE_HARD, "group-direct-region",
			      SAY(_("The firmware wants memory of group %u "
				    "mapped as it is, so the kernel gives no "
				    "device of it to a guest."),
				  group->number),
			      source,
			      SAY("0x%016llx 0x%016llx direct",
				  (unsigned long long)group->reserved[i].start,
				  (unsigned long long)group->reserved[i].end));
	if (!known_is_settled(group->reserved_known))
		unknown(view, "group-direct-region",
			SAY(_("Whether the firmware reserves memory in group "
			      "%u could not be read."), group->number),
			source, group->reserved_known);
}

static void has_strange_members(const struct view *view)
{
	const struct group *group;

	if (view->device->group_index == NONE)
		return;
	group = &view->system->groups[view->device->group_index];
	const char *source = SAY("/sys/kernel/iommu_groups/%u/devices",
				 group->number);
	if (!known_is_settled(group->members_known))
		unknown(view, "group-shared-endpoints",
			SAY(_("Whether group %u has more members could not be "
			      "read."), group->number),
			source, group->members_known);
	for (unsigned i = 0; i < group->member_count; i++)
		if (group->members[i].device == NONE)
			stand(view, GATE_SOFT, "group-not-viable",
			      SAY(_("%s is in group %u too and is no PCI "
				    "device that was seen: it stays with the "
				    "host."),
				  group->members[i].name, group->number),
			      source, group->members[i].name);
}

/* A member that nobody named and that is no function of a named device. */
static void is_stranger(const struct view *view)
{
	const struct draft *draft = view->draft;

	if (view->change->named)
		return;
	for (unsigned i = 0; i < draft->change_count; i++)
		if (draft->changes[i].named &&
		    bdf_same_slot(draft_device(draft, &draft->changes[i])
					  ->address, view->device->address))
			return;
	stand(view, GATE_SOFT, "group-shared-endpoints",
	      SAY(_("%s was not named, but it is in the same group and must "
		    "go too."), view->name),
	      attribute(view, "iommu_group"),
	      SAY("%lld", (long long)view->device->group.value));
}

static void has_foreign_bridge(const struct view *view)
{
	if (topo_is_bridge(view->device) && *view->change->from &&
	    !topo_is_harmless_driver(view->change->from))
		stand(view, GATE_HARD, "group-bridge-foreign-driver",
		      SAY(_("The bridge %s is in the group and driven by %s: "
			    "only pcieport may stay in a group that is given "
			    "away."), view->name, view->change->from),
		      attribute(view, "driver"), view->change->from);
}

/* The machine, once for the whole plan. */

static void lacks_remapping(const struct view *view)
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
		stand(view, GATE_SOFT, "no-interrupt-remapping",
		      _("Interrupts are not remapped: vfio will refuse the "
			"group unless unsafe interrupts are allowed."),
		      "/proc/interrupts", _("no line with IR-"));
	else
		unknown(view, "no-interrupt-remapping",
			_("Whether interrupts are remapped could not be "
			  "read."), "/proc/interrupts",
			host->interrupts_known == KNOWN ?
				UNREAD : host->interrupts_known);
}

static void lacks_driver(const struct view *view)
{
	const struct system *system = view->system;

	if (strcmp(view->draft->driver, "vfio-pci") == 0 &&
	    system_driver(system, "vfio-pci") == NONE &&
	    !(system->vfio.pci_driver.known == KNOWN &&
	      system->vfio.pci_driver.value) &&
	    system->host.vfio_module.known == ABSENT)
		stand(view, GATE_HARD, "vfio-not-built",
		      _("This kernel has no vfio-pci: neither built in nor as "
			"a module."),
		      SAY("/lib/modules/%s/modules.dep",
			  system->host.release.value), _("no vfio-pci"));
}

typedef void gate_fn(const struct view *view);

/* About each endpoint that changes. */
static gate_fn *const of_change[] = {
	is_asleep, does_not_answer,
};

/* About each endpoint that a driver of the host, or vfio, must let go. */
static gate_fn *const of_release[] = {
	holds_storage, carries_network, shows_picture, is_boot_display,
	has_console, has_holders, has_vfs,
};

/* About each member, when the intent is to take and not to give back. */
static gate_fn *const of_member[] = { is_bridge, is_platform };

/* About each member that goes to vfio, or is left in such a group. */
static gate_fn *const of_gift[] = { is_behind_vmd, has_vfs, is_stranger };
static gate_fn *const of_left[] = { has_foreign_bridge };

/* About the group of the first device, and the machine. */
static gate_fn *const of_group[] = { has_direct_region, has_strange_members };
static gate_fn *const of_machine[] = { lacks_remapping, lacks_driver };

#define RUN(table, view)						\
	do {								\
		for (size_t i_ = 0; i_ < sizeof (table) / sizeof *(table); \
		     i_++)						\
			(table)[i_](view);				\
	} while (0)

static void gate_change(struct draft *draft, const struct change *change)
{
	bool restore = draft->intent->kind == INTENT_RESTORE;
	struct view view = {
		.draft = draft, .system = draft->system, .change = change,
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
		RUN(of_release, &view);
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
		struct view view = {
			.draft = draft, .system = draft->system,
			.change = change, .index = change->device,
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
	const struct view machine = { .draft = draft, .system = draft->system,
				      .index = NONE };

	for (unsigned i = 0; i < draft->change_count; i++)
		gate_change(draft, &draft->changes[i]);
	if (!draft->gives_away || !draft->step_count)
		return;
	gate_groups(draft);
	RUN(of_machine, &machine);
}
