// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gates from who holds a device: processes by its nodes, the kernel by its
 * driver's module, guests of libvirt and Proxmox by their files.  Nobody is
 * ended.
 */
#include "plan/gate_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"
#include "model/topo.h"

static bool is_group_node(const char *node, const struct device *device,
			  const char *driver)
{
	uint64_t number;

	return topo_is_vfio_driver(driver) &&
	       text_starts(node, "/dev/vfio/") &&
	       num_parse(node + strlen("/dev/vfio/"), 10, &number) &&
	       device->group.known == KNOWN &&
	       device->group.value == (int64_t)number;
}

bool gate_concerns(const struct system *system, const struct holder *holder,
		   int device)
{
	const struct device *self = &system->devices[device];
	const char *driver = self->driver.known == KNOWN ? self->driver.value :
							   "";

	return topo_may_hold(system, holder, device) ||
	       is_group_node(holder->node, self, driver);
}

static void hold(const struct gate_view *view, const struct holder *holder)
{
	const char *who = SAY("%s (%u)", holder->command, holder->pid);
	const char *source = holder_source(holder, view->draft->arena);

	if (holder->device == NONE && strcmp(holder->node, HOLDER_VFIO) == 0)
		gate_stand(
			view, GATE_SOFT, "group-in-use-by-vm",
			SAY(_("%s drives a device through vfio, and this "
			      "kernel does not say which: if it is %s, this "
			      "waits until it lets go."),
			    who, view->name),
			source, holder->node);
	else if (topo_is_vfio_driver(view->change->from) ||
		 text_starts(holder->node, "/dev/vfio/"))
		gate_stand(
			view, GATE_HARD, "group-in-use-by-vm",
			SAY(_("%s drives %s through %s: stop the guest first."),
			    who, view->name, holder->node),
			source, holder->node);
	else if (holder_is_disk(holder->node))
		gate_stand(view, GATE_HARD, "dev-disk-open",
			   SAY(_("%s has the disk %s on %s open: end it first, "
				 "or data is lost."),
			       who, holder->node, view->name),
			   source, holder->node);
	else if (topo_waits_for_holders(view->change->from))
		gate_stand(view, GATE_HARD, "dev-gpu-clients",
			   SAY(_("%s holds %s of %s: %s would wait for it for "
				 "ever; end it first."),
			       who, holder->node, view->name,
			       view->change->from),
			   source, holder->node);
	else
		gate_stand(view, GATE_SOFT, "dev-gpu-clients",
			   SAY(_("%s holds %s of %s and would lose it."), who,
			       holder->node, view->name),
			   source, holder->node);
}

/* Whether a network device has nodes: those of its clock, its verbs. */
static bool network_has_nodes(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;
	bool has = usage->gear_known != KNOWN;

	for (unsigned i = 0; i < usage->gear_count; i++)
		has |= usage->gear[i].device == view->index &&
		       (usage->gear[i].kind == GEAR_RDMA ||
			usage->gear[i].kind == GEAR_CLOCK);
	return has;
}

/* Only a driver makes nodes. */
static bool may_have_holders(const struct gate_view *view)
{
	unsigned base = view->device->class >> 16;

	if (view->device->identity != KNOWN ||
	    topo_is_uio_driver(view->change->from) ||
	    topo_is_vfio_driver(view->change->from))
		return true;
	return view->device->driver.known != ABSENT &&
	       (*view->change->from || view->device->driver.known != KNOWN) &&
	       (base != CLASS_NETWORK || network_has_nodes(view));
}

static void has_holders(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;
	bool vfio = topo_is_vfio_driver(view->change->from);

	for (unsigned i = 0; i < usage->holder_count; i++)
		if (gate_concerns(view->system, &usage->holders[i],
				  view->index))
			hold(view, &usage->holders[i]);
	if (known_is_settled(usage->holders_known) || !may_have_holders(view))
		return;
	const char *text = usage->processes_hidden ?
		SAY(P_("Whether a process holds %s is not known: %u of %u "
		       "could not be looked into.",
		       "Whether a process holds %s is not known: %u of %u "
		       "could not be looked into.", usage->processes_hidden),
		    view->name, usage->processes_hidden, usage->processes) :
		SAY(_("Whether a process holds %s could not be read."),
		    view->name);
	gate_unknown(view, vfio ? "group-in-use-by-vm" :
		     view->device->class >> 16 == CLASS_STORAGE ?
		     "dev-disk-open" : "dev-gpu-clients", text, "/proc/*/fd",
		     usage->holders_known);
}

/* --- the driver's module --- */

static bool is_of_driver(const struct gate_view *view, int device)
{
	const struct device *other = device == NONE ?
		NULL : &view->system->devices[device];

	return other && other->driver.known == KNOWN &&
	       strcmp(other->driver.value, view->change->from) == 0;
}

/* Whether a use of the module is seen, on this device or another. */
static bool use_is_seen(const struct gate_view *view)
{
	const struct system *system = view->system;
	const struct usage *usage = &system->usage;
	bool seen = false;

	for (unsigned i = 0; i < usage->holder_count; i++)
		seen |= is_of_driver(view, usage->holders[i].device);
	for (unsigned i = 0; i < usage->storage_count; i++)
		seen |= is_of_driver(view, usage->storage[i].device);
	for (unsigned i = 0; i < usage->stack_count; i++)
		seen |= is_of_driver(view, usage->stacks[i].device);
	for (unsigned i = 0; i < usage->sound_count; i++)
		seen |= is_of_driver(view, usage->sounds[i].device);
	for (unsigned i = 0; i < system->framebuffer_count; i++)
		seen |= is_of_driver(view, system->framebuffers[i].device);
	return seen;
}

/* nvidia_drm, for one, holds the card though no process does. */
static void module_is_used(const struct gate_view *view)
{
	int index = system_driver(view->system, view->change->from);
	const struct driver *driver =
		index == NONE ? NULL : &view->system->drivers[index];

	if (!driver || driver->module.known != KNOWN ||
	    driver->users.known != KNOWN || driver->users.value <= 0 ||
	    topo_is_vfio_driver(driver->name) || use_is_seen(view))
		return;
	gate_stand(view, GATE_SOFT, "driver-module-in-use",
		   module_unloads(view->draft, driver->name) ?
		   SAY(_("The module %s is in use (%lld): while it is it "
			 "cannot be unloaded, and all is put back."),
		       driver->module.value,
		       (long long)driver->users.value) :
		   SAY(_("The module %s is in use (%lld), and by whom was not "
			 "seen: letting go of %s may take long, or never "
			 "end."),
		       driver->module.value, (long long)driver->users.value,
		       view->name),
		   "/proc/modules",
		   SAY("%s %lld", driver->module.value,
		       (long long)driver->users.value));
}

/* --- others' words --- */

static void tell_claim(const struct gate_view *view, const struct claim *claim)
{
	if (claim->pool)
		gate_stand(view, GATE_SOFT, "dev-claimed",
			   SAY(_("%s keeps %s for guests of its network %s: "
				 "one that starts may take it."),
			       claim->who, view->name, claim->guest),
			   claim->source, claim->guest);
	else
		gate_stand(view, GATE_HARD, "dev-claimed",
			   SAY(_("%s has given %s to its guest %s: end the "
				 "guest there first."),
			       claim->who, view->name, claim->guest),
			   claim->source, claim->guest);
}

static void is_claimed(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;
	const struct company *company = view->draft->intent->company;
	const char *session = company && company->session ? company->session :
							    "";

	for (unsigned i = 0; i < usage->claim_count; i++) {
		const struct claim *claim = &usage->claims[i];
		/* A session with a guest's name is the guest's own: a hook
		 * starts and ends it. */
		if (claim->device == view->index &&
		    (claim->pool || strcmp(claim->guest, session) != 0))
			tell_claim(view, claim);
	}
	if (!known_is_settled(usage->claims_known))
		gate_unknown(view, "dev-claimed",
			     SAY(_("Whether a guest of libvirt or Proxmox has "
				   "%s could not be read."), view->name),
			     "/run/libvirt/qemu", usage->claims_known);
	else if (!known_is_settled(usage->pools_known) &&
		 (view->device->identity != KNOWN ||
		  view->device->class >> 16 == CLASS_NETWORK))
		gate_unknown(view, "dev-claimed",
			     SAY(_("Whether a network of libvirt keeps %s for "
				   "guests could not be read."), view->name),
			     "/etc/libvirt/qemu/networks", usage->pools_known);
}

/* driverctl's word is kept for the next start, and goes on standing. */
static void is_kept_by_driverctl(const struct gate_view *view)
{
	const struct host *host = &view->system->host;
	const char *to = view->change->to ? view->change->to : "";
	char address[BDF_TEXT];

	bdf_print(view->device->address, address);
	for (unsigned i = 0; i < host->override_count; i++) {
		const struct config_line *kept = &host->overrides[i];
		const char *wants = strcmp(kept->text, "none") == 0 ?
					    "" : kept->text;
		if (!text_ends(kept->source, address) ||
		    strcmp(wants, to) == 0)
			continue;
		gate_stand(view, GATE_SOFT, "dev-driverctl-claim",
			   SAY(_("driverctl keeps %s for %s: after a restart "
				 "it has that again."),
			       *kept->text ? kept->text : _("no driver"),
			       view->name),
			   kept->source, kept->text);
	}
}

static void has_own_terminal(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;

	if (usage->terminal && *usage->terminal &&
	    usage->terminal_device == view->index)
		gate_stand(view, GATE_HARD, "dev-own-terminal",
			   SAY(_("You type on %s, which hangs on %s: you would "
				 "be cut off."),
			       usage->terminal, view->name),
			   "/proc/self/stat", usage->terminal);
}

static void (*const gates[])(const struct gate_view *view) = {
	has_holders, module_is_used, is_claimed, is_kept_by_driverctl,
	has_own_terminal,
};

void gate_hold(const struct gate_view *view)
{
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
		gates[i](view);
}
