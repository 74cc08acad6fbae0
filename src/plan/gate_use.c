// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gates from what the host does with a device: file systems, the network,
 * sound, the keyboard.  Screens are in gate_show.c, processes in gate_hold.c.
 */
#include "plan/gate_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/storage.h"
#include "model/topo.h"
#include "model/usb.h"

static void store(const struct gate_view *view, const struct storage_use *use)
{
	const char *value = SAY("%s %s %s", use->block, use->what, use->type);

	if (use->pid)
		gate_stand(view, GATE_HARD, "dev-mounted-fs",
			   SAY(_("%s on %s is mounted at %s where process %u "
				 "sees it (a container, a service): end that "
				 "first, or data is lost."),
			       use->block, view->name, use->what, use->pid),
			   use->source, value);
	else if (strcmp(use->what, "swap") == 0)
		gate_stand(
			view, GATE_HARD, "dev-swap",
			SAY(_("The host swaps to %s on %s: swapoff it first."),
			    use->block, view->name),
			use->source, value);
	else if (storage_is_system(use->what))
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

static void holds_storage(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;

	for (unsigned i = 0; i < usage->storage_count; i++)
		if (usage->storage[i].device == view->index)
			store(view, &usage->storage[i]);
	if (!known_is_settled(usage->storage_known) &&
	    storage_may_be_on(view->device))
		gate_unknown(
			view, "dev-mounted-fs",
			SAY(_("Whether the host has file systems on %s could "
			      "not be read."),
			    view->name),
			"/proc/self/mountinfo", usage->storage_known);
	else if (!known_is_settled(usage->spaces_known) &&
		 storage_may_be_on(view->device))
		gate_unknown(
			view, "dev-mounted-fs",
			SAY(_("Whether a container or a service has file "
			      "systems on %s could not be read."),
			    view->name),
			"/proc/*/mountinfo", usage->spaces_known);
}

static void holds_stacks(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;

	is_stacked(view);
	if (!known_is_settled(usage->stacks_known) &&
	    storage_may_be_on(view->device))
		gate_unknown(view, "dev-storage-stacked",
			     SAY(_("Whether an array or a volume stands "
				   "on %s could not be read."),
				 view->name),
			     "/sys/class/block/*/holders", usage->stacks_known);
}

/* A vfio driver makes no interface of it. */
static bool may_carry(const struct device *device)
{
	return device->class >> 16 == CLASS_NETWORK &&
	       !(device->driver.known == KNOWN &&
		 topo_is_harmless_driver(device->driver.value));
}

/* The person's own way in. */
static void carries_session(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;

	for (unsigned i = 0; i < usage->interface_count; i++)
		if (usage->interfaces[i].device == view->index &&
		    usage->interfaces[i].session)
			gate_stand(view, GATE_HARD, "dev-ssh-session",
				   SAY(_("You are logged in through %s "
					 "(%s), and would be cut off."),
				       usage->interfaces[i].name, view->name),
				   "SSH_CONNECTION", usage->interfaces[i].name);
	if (may_carry(view->device) && !known_is_settled(usage->session_known))
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
	if (!known_is_settled(known) && may_carry(view->device))
		gate_unknown(
			view, "dev-default-route",
			SAY(_("Whether the host's network needs %s could not "
			      "be read."),
			    view->name),
			"/proc/net/route", known);
}

/* Whether what the host runs from comes in by the interface. */
static void carries_files(const struct gate_view *view,
			  const struct interface *each)
{
	const struct fact_text *root = &view->system->usage.network_root;
	const struct net_mount *far = storage_far(&view->system->usage, 0);
	const char *source = far ? far->source : "/proc/self/mountinfo";

	if (each->root == KNOWN)
		gate_stand(view, GATE_HARD, "dev-net-root",
			   SAY(_("The host runs from what lies on the network "
				 "(%s), and it comes in by %s (%s)."),
			       root->value, each->name, view->name),
			   source, root->value);
	else if (each->root != ABSENT && each->operstate.known == KNOWN &&
		 strcmp(each->operstate.value, "down") != 0)
		gate_stand(view, GATE_HARD, "dev-net-root",
			   SAY(_("The host runs from what lies on the network "
				 "(%s), and %s (%s) is up: it may come in by "
				 "it."),
			       root->value, each->name, view->name),
			   source, root->value);
}

/* The host's own files come in by the network. */
static void carries_root(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;
	const struct fact_text *root = &usage->network_root;
	bool network = may_carry(view->device);

	for (unsigned i = 0; i < usage->interface_count; i++) {
		if (usage->interfaces[i].device != view->index)
			continue;
		network = true;
		if (root->known == KNOWN)
			carries_files(view, &usage->interfaces[i]);
	}
	if (network && !known_is_settled(root->known))
		gate_unknown(view, "dev-net-root",
			     SAY(_("Whether the host runs from what comes in "
				   "by %s could not be read."),
				 view->name),
			     "/proc/self/mountinfo", root->known);
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

/* Whether one keyboard is left when all devices of the plan are gone. */
static enum known stays(const struct draft *draft,
			const struct keyboard *keyboard)
{
	enum known known = KNOWN;

	for (unsigned i = 0; i < draft->change_count; i++) {
		int device = draft->changes[i].device;
		if (draft->changes[i].left)
			continue;
		if (device == keyboard->device)
			return ABSENT;
		if (usb_may_have_far(draft->system, keyboard, device))
			known = UNREAD;
	}
	return known;
}

/* What is left of them all. */
struct left {
	bool plugged, perhaps, port;
};

static struct left keyboards_left(const struct draft *draft)
{
	const struct usage *usage = &draft->system->usage;
	struct left left = {0};

	for (unsigned i = 0; i < usage->keyboard_count; i++) {
		const struct keyboard *each = &usage->keyboards[i];
		enum known known = stays(draft, each);
		if (usb_is_old_port(draft->system, each))
			left.port = true;
		else if (known == KNOWN)
			left.plugged = true;
		else
			left.perhaps |= known != ABSENT;
	}
	return left;
}

static void hangs_here(const struct gate_view *view,
		       const struct keyboard *keyboard,
		       const struct left *left)
{
	const char *source = "/proc/bus/input/devices";

	if (keyboard->device == view->index && !left->perhaps && !left->port)
		gate_stand(view, GATE_HARD, "dev-last-keyboard",
			   SAY(_("The only keyboard (%s) hangs on %s: nobody "
				 "could type."),
			       keyboard->name, view->name),
			   source, keyboard->name);
	else if (keyboard->device == view->index && left->port)
		gate_stand(view, GATE_SOFT, "dev-last-keyboard",
			   SAY(_("The keyboard %s hangs on %s, and only an old "
				 "port stays, which answers with nothing "
				 "plugged in."),
			       keyboard->name, view->name),
			   source, keyboard->name);
	if (usb_may_have_far(view->system, keyboard, view->index))
		draft_gate(view->draft, (struct gate){
			.id = "dev-last-keyboard", .kind = GATE_SOFT,
			.unknown = true, .device = view->index,
			.text = SAY(_("Whether a keyboard stays is not known: "
				      "nothing tells by which radio %s comes, "
				      "and one hangs on %s."),
				    keyboard->name, view->name),
			.source = source, .value = keyboard->name });
}

static void has_last_keyboard(const struct gate_view *view)
{
	const struct usage *usage = &view->system->usage;
	struct left left = keyboards_left(view->draft);

	for (unsigned i = 0; i < usage->keyboard_count && !left.plugged; i++)
		hangs_here(view, &usage->keyboards[i], &left);
	if (!known_is_settled(usage->keyboards_known) &&
	    view->device->class >> 8 == CLASS_USB)
		gate_unknown(view, "dev-last-keyboard",
			     SAY(_("Whether the only keyboard hangs on "
				   "%s could not be read."),
				 view->name),
			     "/proc/bus/input/devices", usage->keyboards_known);
}

static void (*const gates[])(const struct gate_view *view) = {
	holds_storage, holds_stacks, carries_network, carries_session,
	carries_root, plays_sound, has_last_keyboard,
};

void gate_use(const struct gate_view *view)
{
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
		gates[i](view);
}
