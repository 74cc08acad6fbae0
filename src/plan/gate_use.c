// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gates from what the host does with a device: file systems, the network,
 * the screen, processes, sound, the keyboard.  All other gates are in gate.c.
 */
#include "plan/gate_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"

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

static void store(const struct gate_view *view, const struct storage_use *use)
{
	const char *value = SAY("%s %s %s", use->block, use->what, use->type);

	if (strcmp(use->what, "swap") == 0)
		gate_stand(
			view, GATE_HARD, "dev-swap",
			SAY(_("The host swaps to %s on %s: swapoff it first."),
			    use->block, view->name),
			use->source, value);
	else if (is_system_place(use->what))
		gate_stand(view, GATE_HARD, "dev-root-fs",
			   SAY(_("The host runs from %s: %s of it is %s."),
			       view->name, use->block, use->what),
			   use->source, value);
	else
		gate_stand(view, GATE_HARD, "dev-mounted-fs",
			   SAY(_("%s on %s is mounted at %s: unmount it first, "
				 "or data is lost."),
			       use->block, view->name, use->what),
			   use->source, value);
}

static void is_stacked(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;

	for (unsigned i = 0; i < usage->stack_count; i++) {
		const struct stack_use *use = &usage->stacks[i];
		if (use->device != view->index)
			continue;
		gate_stand(view, GATE_HARD, "dev-storage-stacked",
			   SAY(_("%s stands on %s (%s): stop it first, or "
				 "data is lost."),
			       *use->what ? use->what : use->holder, use->block,
			       view->name),
			   SAY("/sys/class/block/%s/holders", use->block),
			   use->holder);
	}
}

/* Whether the device may have disks below it. */
static bool may_store(const struct gate_view *view)
{
	unsigned class = view->device->class >> 8;

	return view->device->identity != KNOWN || class >> 8 == CLASS_STORAGE ||
	       class == CLASS_USB;
}

static void holds_storage(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;

	for (unsigned i = 0; i < usage->storage_count; i++)
		if (usage->storage[i].device == view->index)
			store(view, &usage->storage[i]);
	if (!known_is_settled(usage->storage_known) && may_store(view))
		gate_unknown(
			view, "dev-mounted-fs",
			SAY(_("Whether the host has file systems on %s could "
			      "not be read."),
			    view->name),
			"/proc/self/mountinfo", usage->storage_known);
}

static void holds_stacks(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;

	is_stacked(view);
	if (!known_is_settled(usage->stacks_known) && may_store(view))
		gate_unknown(view, "dev-storage-stacked",
			     SAY(_("Whether an array or a volume stands "
				   "on %s could not be read."),
				 view->name),
			     "/sys/class/block/*/holders", usage->stacks_known);
}

/* The person's own way in. */
static void carries_session(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;
	bool network = view->device->class >> 16 == CLASS_NETWORK;

	for (unsigned i = 0; i < usage->interface_count; i++)
		if (usage->interfaces[i].device == view->index &&
		    usage->interfaces[i].session)
			gate_stand(view, GATE_HARD, "dev-ssh-session",
				   SAY(_("You are logged in through %s "
					 "(%s), and would be cut off."),
				       usage->interfaces[i].name, view->name),
				   "SSH_CONNECTION", usage->interfaces[i].name);
	if (network && !known_is_settled(usage->session_known))
		gate_unknown(view, "dev-ssh-session",
			     SAY(_("Whether you are logged in through %s "
				   "could not be read."),
				 view->name),
			     "SSH_CONNECTION", usage->session_known);
}

static void carries_network(const struct gate_view *view)
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
			gate_stand(view, GATE_HARD, "dev-default-route",
				   SAY(_("The host's way to the network goes "
					 "through %s (%s)."),
				       each->name, view->name),
				   "/proc/net/route", each->name);
		else if (each->operstate.known == KNOWN &&
			 strcmp(each->operstate.value, "up") == 0)
			gate_stand(
				view, GATE_SOFT, "dev-net-up",
				SAY(_("The network interface %s (%s) is up."),
				    each->name, view->name),
				SAY("/sys/class/net/%s/operstate", each->name),
				"up");
	}
	if (!known_is_settled(known) &&
	    view->device->class >> 16 == CLASS_NETWORK)
		gate_unknown(
			view, "dev-default-route",
			SAY(_("Whether the host's network needs %s could not "
			      "be read."),
			    view->name),
			"/proc/net/route", known);
}

/* Whether another display is known to show a picture. */
static bool another_is_lit(const struct gate_view *view)
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

static void shows_picture(const struct gate_view *view)
{
	const struct connector *connector;
	bool lit;

	if (!topo_is_display(view->device))
		return;
	enum known known =
		topo_is_lit(view->system, view->index, &lit, &connector);
	if (known != KNOWN) {
		gate_unknown(
			view, "dev-display-active",
			SAY(_("Whether a screen shows what %s draws could not "
			      "be read."),
			    view->name),
			"/sys/class/drm", known);
		return;
	}
	if (!lit)
		return;
	bool only = !another_is_lit(view);
	gate_stand(
		view, only ? GATE_HARD : GATE_SOFT, "dev-display-active",
		SAY(only ? _("%s draws the only screen that is lit (%s): it "
			     "would go dark.") :
			   _("%s draws on a screen (%s) that would go dark."),
		    view->name, connector->name),
		SAY("/sys/class/drm/%s-%s/enabled", connector->card,
		    connector->name),
		"enabled");
}

static void is_boot_display(const struct gate_view *view)
{
	bool boot;

	if (!topo_is_display(view->device))
		return;
	enum known known =
		topo_is_boot_display(view->system, view->index, &boot);
	if (boot)
		gate_stand(
			view, GATE_SOFT, "dev-is-boot-gpu",
			SAY(_("The firmware showed its screen on %s: the guest "
			      "may need a copy of its ROM, and the host loses "
			      "its console."),
			    view->name),
			gate_attribute(view, "boot_vga"), "1");
	else if (!known_is_settled(known))
		gate_unknown(
			view, "dev-is-boot-gpu",
			SAY(_("Whether the firmware showed its screen on %s "
			      "could not be read."),
			    view->name),
			gate_attribute(view, "boot_vga"), known);
}

static void has_console(const struct gate_view *view)
{
	const struct system *system = view->system;
	const char *bound = NULL;

	for (unsigned i = 0; i < system->vtconsole_count; i++)
		if (system->vtconsoles[i].bound.known == KNOWN &&
		    system->vtconsoles[i].bound.value &&
		    strstr(system->vtconsoles[i].name.value, "frame buffer"))
			bound = system->vtconsoles[i].node;
	for (unsigned i = 0; bound && i < system->framebuffer_count; i++)
		/* The first one gets the console, unless told otherwise. */
		if (system->framebuffers[i].device == view->index &&
		    strcmp(system->framebuffers[i].node, "fb0") == 0)
			gate_stand(
				view, GATE_SOFT, "dev-console-fb",
				SAY(_("The text console is drawn by %s (%s)."),
				    view->name, system->framebuffers[i].node),
				SAY("/sys/class/vtconsole/%s/bind", bound),
				"1");
}

static void lights_panel(const struct gate_view *view)
{
	const struct host *host = &view->system->host;

	for (unsigned i = 0; i < host->backlight_count; i++)
		if (host->backlights[i].device == view->index)
			gate_stand(view, GATE_SOFT, "dev-backlight-owner",
				   SAY(_("%s lights the built-in panel, "
					 "which would stay dark."),
				       view->name),
				   SAY("/sys/class/backlight/%s",
				       host->backlights[i].name),
				   host->backlights[i].name);
}

static void plays_sound(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;

	for (unsigned i = 0; i < usage->sound_count; i++)
		if (usage->sounds[i].device == view->index)
			gate_stand(view, GATE_SOFT, "dev-audio-running",
				   SAY(_("%s is playing or recording "
					 "(process %u) and would lose "
					 "it."),
				       view->name, usage->sounds[i].pid),
				   SAY("/proc/asound/%s/status",
				       usage->sounds[i].stream),
				   usage->sounds[i].state);
}

/* Whether a keyboard is left when all devices of the plan are gone. */
static bool keyboard_stays(const struct draft *draft)
{
	const struct usage *usage = &draft->system->usage;

	for (unsigned i = 0; i < usage->keyboard_count; i++) {
		bool goes = false;
		for (unsigned c = 0; c < draft->change_count; c++)
			goes |= !draft->changes[c].left &&
				draft->changes[c].device ==
					usage->keyboards[i].device;
		if (!goes)
			return true;
	}
	return false;
}

static void has_last_keyboard(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;
	bool stays = keyboard_stays(view->draft);

	for (unsigned i = 0; i < usage->keyboard_count && !stays; i++)
		if (usage->keyboards[i].device == view->index)
			gate_stand(view, GATE_HARD, "dev-last-keyboard",
				   SAY(_("The only keyboard (%s) hangs on "
					 "%s: nobody could type."),
				       usage->keyboards[i].name, view->name),
				   "/proc/bus/input/devices",
				   usage->keyboards[i].name);
	if (!known_is_settled(usage->keyboards_known) &&
	    view->device->class >> 8 == CLASS_USB)
		gate_unknown(view, "dev-last-keyboard",
			     SAY(_("Whether the only keyboard hangs on "
				   "%s could not be read."),
				 view->name),
			     "/proc/bus/input/devices", usage->keyboards_known);
}

/* Drivers whose unbind never returns while somebody holds their nodes. */
static bool waits_for_holders(const char *driver)
{
	return strcmp(driver, "nvidia") == 0 || strcmp(driver, "amdgpu") == 0;
}

static void hold(const struct gate_view *view, const struct holder *holder)
{
	const char *who = SAY("%s (%u)", holder->command, holder->pid);
	const char *source = SAY("/proc/%u/fd", holder->pid);

	if (topo_is_vfio_driver(view->change->from) ||
	    text_starts(holder->node, "/dev/vfio/"))
		gate_stand(
			view, GATE_HARD, "group-in-use-by-vm",
			SAY(_("%s drives %s through %s: stop the guest first."),
			    who, view->name, holder->node),
			source, holder->node);
	else if (waits_for_holders(view->change->from))
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

static bool may_have_holders(const struct gate_view *view)
{
	unsigned base = view->device->class >> 16;

	return view->device->identity != KNOWN || base == CLASS_DISPLAY ||
	       base == 0x04 || base == 0x12 || /* sound; accelerators */
	       topo_is_uio_driver(view->change->from) ||
	       topo_is_vfio_driver(view->change->from);
}

static void has_holders(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;

	for (unsigned i = 0; i < usage->holder_count; i++)
		if (usage->holders[i].device == view->index)
			hold(view, &usage->holders[i]);
	if (!known_is_settled(usage->holders_known) && may_have_holders(view))
		gate_unknown(
			view,
			topo_is_vfio_driver(view->change->from) ?
				"group-in-use-by-vm" :
				"dev-gpu-clients",
			SAY(_("Whether a process holds %s could not be read."),
			    view->name),
			"/proc/*/fd", usage->holders_known);
}

static void (*const gates[])(const struct gate_view *view) = {
	holds_storage, holds_stacks,	  carries_network, carries_session,
	shows_picture, is_boot_display,	  lights_panel,	   has_console,
	plays_sound,   has_last_keyboard, has_holders,
};

void gate_use(const struct gate_view *view)
{
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
		gates[i](view);
}
