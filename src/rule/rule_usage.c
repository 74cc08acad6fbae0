// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host itself does with a device: file systems, routes, processes.
 * Taking such a device away hurts the host at once.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/display.h"
#include "model/storage.h"
#include "model/usb.h"
#include "rule/rules.h"
#include "rule/say.h"
#include "rule/vital.h"

/* Up by will (IFF_UP), or by what the wire says. */
static bool is_up(const struct interface *interface)
{
	return (interface->flags.known == KNOWN &&
		interface->flags.value & 1) ||
	       (interface->operstate.known == KNOWN &&
		strcmp(interface->operstate.value, "up") == 0);
}

/* Whether what the host runs from comes in by it, or may where nothing tells
 * by which it does. */
static bool may_bring_root(const struct interface *interface)
{
	return interface->root == KNOWN ||
	       (interface->root != ABSENT && is_up(interface));
}

static bool has_vital_disk(const struct usage *usage, int device)
{
	for (unsigned i = 0; i < usage->storage_count; i++)
		if (usage->storage[i].device == device &&
		    storage_is_vital(usage->storage[i].what))
			return true;
	return false;
}

bool vital_is(const struct system *system, int device)
{
	const struct usage *usage = &system->usage;
	bool from_net = usage->network_root.known == KNOWN;

	for (unsigned i = 0; i < usage->interface_count; i++) {
		const struct interface *each = &usage->interfaces[i];
		if (each->device == device &&
		    (each->default_route || each->session ||
		     (from_net && may_bring_root(each))))
			return true;
	}
	return has_vital_disk(usage, device);
}

/* Show what of it is on the device; @vital: only that, or only the rest. */
static bool say_storage(struct judge *judge, bool vital)
{
	const struct usage *usage = &judge->system->usage;
	bool found = false;

	for (unsigned i = 0; i < usage->storage_count; i++) {
		const struct storage_use *use = &usage->storage[i];
		if (use->device != judge->subject.index ||
		    storage_is_vital(use->what) != vital)
			continue;
		judge_evidence(judge, use->source, "%s %s %s", use->block,
			       use->what, use->type);
		found = true;
	}
	return found;
}

static bool is_class(const struct device *device, unsigned class)
{
	return class <= 0xff ? device->class >> 16 == class :
			       device->class >> 8 == class;
}

/* Whether it may have block devices: also a fibre channel adapter and a host
 * of SD cards, which are of other classes. */
static bool is_storage(const struct device *device)
{
	enum { CLASS_SD_HOST = 0x0805, CLASS_FIBRE = 0x0c04 };

	return is_class(device, CLASS_STORAGE) ||
	       is_class(device, CLASS_SD_HOST) ||
	       is_class(device, CLASS_FIBRE);
}

/* The answer where nothing was found: only what could hold storage is in
 * doubt. */
static enum verdict no_storage(struct judge *judge, unsigned class)
{
	const struct usage *usage = &judge->system->usage;

	if (class == CLASS_STORAGE ? !is_storage(say_device(judge)) :
				     !is_class(say_device(judge), class))
		return VERDICT_NOT_HERE;
	return usage->storage_known == KNOWN ?
		       VERDICT_PASS :
		       judge_unknown(judge, "/proc/self/mountinfo",
				     usage->storage_known);
}

enum verdict rule_dev_root_fs(struct judge *judge)
{
	if (!say_storage(judge, true))
		return no_storage(judge, CLASS_STORAGE);
	judge_remedy(judge, NULL,
		     _("Nothing: the host runs from it.  Use another device."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_mounted(struct judge *judge)
{
	if (is_class(say_device(judge), CLASS_USB))
		return VERDICT_NOT_HERE;
	if (!say_storage(judge, false))
		return no_storage(judge, CLASS_STORAGE);
	judge_remedy(judge, NULL,
		     _("Unmount the file systems (umount), switch swap off "
		       "(swapoff), and take them out of /etc/fstab."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_usb_mounted(struct judge *judge)
{
	if (!is_class(say_device(judge), CLASS_USB))
		return VERDICT_NOT_HERE;
	if (!say_storage(judge, false))
		return no_storage(judge, CLASS_USB);
	judge_remedy(judge, NULL,
		     _("Unmount the file systems, or plug the drive into a "
		       "port of another controller."));
	return VERDICT_FAIL;
}

/* Which of several interfaces of a device tells most of it. */
static unsigned rank_of(const struct interface *interface)
{
	return is_up(interface) ? 2 : interface->operstate.known != KNOWN;
}

static const struct interface *interface_of(const struct judge *judge,
					    bool route)
{
	const struct usage *usage = &judge->system->usage;
	const struct interface *found = NULL;

	for (unsigned i = 0; i < usage->interface_count; i++) {
		const struct interface *each = &usage->interfaces[i];
		if (each->device == judge->subject.index &&
		    (!route || each->default_route) &&
		    (!found || rank_of(each) > rank_of(found)))
			found = each;
	}
	return found;
}

enum verdict rule_dev_default_route(struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	const struct interface *interface = interface_of(judge, true);

	if (interface) {
		judge_evidence(judge, "/proc/net/route", _("default by %s"),
			       interface->name);
		judge_remedy(judge, NULL,
			     _("Let the host reach the network by another card "
			       "first."));
		return VERDICT_FAIL;
	}
	if (!is_class(say_device(judge), CLASS_NETWORK))
		return VERDICT_NOT_HERE;
	return usage->routes_known == KNOWN ?
		       VERDICT_PASS :
		       judge_unknown(judge, "/proc/net/route",
				     usage->routes_known);
}

enum verdict rule_dev_net_up(struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	const struct interface *interface = interface_of(judge, false);
	const char *path = "/sys/class/net";

	if (!interface) {
		if (!is_class(say_device(judge), CLASS_NETWORK))
			return VERDICT_NOT_HERE;
		return usage->interfaces_known == KNOWN ?
			       VERDICT_PASS :
			       judge_unknown(judge, path,
					     usage->interfaces_known);
	}
	path = arena_printf(judge->arena, "/sys/class/net/%s/operstate",
			    interface->name);
	if (!is_up(interface))
		return interface->operstate.known == KNOWN ?
			       VERDICT_PASS :
			       judge_unknown(judge, path,
					     interface->operstate.known);
	say_text(judge, path, &interface->operstate);
	const char *commands[] = {
		arena_printf(judge->arena, "ip link set %s down",
			     interface->name),
		NULL,
	};
	judge_remedy(judge, commands, _("Take it down first:"));
	return VERDICT_FAIL;
}

/* Processes that hold a node of the device. */
static unsigned say_holders(struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	unsigned count = 0;

	for (unsigned i = 0; i < usage->holder_count; i++) {
		const struct holder *holder = &usage->holders[i];
		if (!display_is_held(judge->system, holder,
				     judge->subject.index) ||
		    text_starts(holder->node, "/dev/vfio/"))
			continue;
		judge_evidence(judge,
			       holder_source(holder, judge->arena),
			       "%s: %s", holder->command, holder->node);
		count++;
	}
	return count;
}

enum verdict rule_dev_gpu_clients(struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	const struct device *device = say_device(judge);

	if (!topo_is_display(device))
		return VERDICT_NOT_HERE;
	/* As the gate has it: what others lose can be accepted. */
	if (device->driver.known != KNOWN ||
	    !topo_waits_for_holders(device->driver.value))
		judge_severity(judge, SEVERITY_WARNING);
	if (!say_holders(judge))
		return usage->holders_known == KNOWN ?
			       VERDICT_PASS :
			       judge_unknown(judge, "/proc/*/fd",
					     usage->holders_known);
	judge_remedy(judge, NULL,
		     _("End these programs first (nvidia-persistenced and the "
		       "display manager are services), or bind the GPU to "
		       "vfio-pci when the machine starts."));
	return VERDICT_FAIL;
}

/* The interface of the device by which it comes in, or may; NULL: by none. */
static const struct interface *root_way(const struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	const struct interface *perhaps = NULL;

	for (unsigned i = 0; i < usage->interface_count; i++) {
		const struct interface *each = &usage->interfaces[i];
		if (each->device != judge->subject.index)
			continue;
		if (each->root == KNOWN)
			return each;
		if (may_bring_root(each))
			perhaps = each;
	}
	return perhaps;
}

/* Show what of it comes over the network, and return what tells by which
 * interface. */
static const char *say_far(struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	const struct net_mount *far;
	const char *way = "/proc/net/route";

	for (unsigned i = 0; (far = storage_far(usage, i)) != NULL;
	     i = (unsigned)(far - usage->net_mounts) + 1) {
		judge_evidence(judge, far->source, *far->by ? "%s %s, %s" :
			       "%s %s%s", far->what, far->type, far->by);
		if (*far->interface)
			way = far->way;
	}
	return way;
}

enum verdict rule_dev_net_root(struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	const struct fact_text *root = &usage->network_root;
	const struct interface *interface = interface_of(judge, false);
	const char *way;

	if (!interface && !is_class(say_device(judge), CLASS_NETWORK))
		return VERDICT_NOT_HERE;
	if (root->known == ABSENT)
		return VERDICT_PASS;
	if (root->known != KNOWN) {
		/* Seldom enough not to stand in the way unseen. */
		judge_severity(judge, SEVERITY_WARNING);
		return judge_unknown(judge, "/proc/self/mountinfo",
				     root->known);
	}
	/* Where the routes tell, one that is up may still be another's. */
	interface = root_way(judge);
	if (!interface)
		return VERDICT_PASS;
	way = say_far(judge);
	if (interface->root == KNOWN)
		judge_evidence(judge, way, _("%s leads to the server"),
			       interface->name);
	else
		judge_evidence(judge, "/sys/class/net", _("%s is up"),
			       interface->name);
	judge_remedy(judge, NULL,
		     _("Nothing: the host runs from what comes through it.  Use "
		       "another card."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_session(struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;

	for (unsigned i = 0; i < usage->interface_count; i++) {
		const struct interface *interface = &usage->interfaces[i];
		if (interface->device != judge->subject.index ||
		    !interface->session)
			continue;
		judge_evidence(judge,
			       arena_printf(judge->arena, "/sys/class/net/%s",
					    interface->name),
			       _("this session (%s) comes in by it"),
			       usage->session);
		judge_remedy(judge, NULL,
			     _("Work at the machine itself, over a serial "
			       "line, or by another network card."));
		return VERDICT_FAIL;
	}
	if (!is_class(say_device(judge), CLASS_NETWORK))
		return VERDICT_NOT_HERE;
	return known_is_settled(usage->session_known) ?
		       VERDICT_PASS :
		       judge_unknown(judge, "SSH_CONNECTION",
				     usage->session_known);
}

enum verdict rule_dev_stacked(struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	const struct device *device = say_device(judge);

	for (unsigned i = 0; i < usage->stack_count; i++) {
		const struct stack_use *use = &usage->stacks[i];
		if (use->device == judge->subject.index)
			judge_evidence(
				judge,
				arena_printf(judge->arena,
					     "/sys/class/block/%s/holders",
					     use->block),
				"%s %s", use->holder, use->what);
	}
	if (judge->finding->evidence_count) {
		judge_remedy(judge, NULL,
			     _("Stop what stands on it first: the array "
			       "(mdadm --stop), the volume group (vgchange "
			       "-an) or the encrypted volume (cryptsetup "
			       "close)."));
		return VERDICT_FAIL;
	}
	if (!is_storage(device))
		return VERDICT_NOT_HERE;
	return known_is_settled(usage->stacks_known) ?
		       VERDICT_PASS :
		       judge_unknown(judge, "/sys/class/block/*/holders",
				     usage->stacks_known);
}

/* Where the keyboards are: here, on other PCI devices, elsewhere. */
struct keyboards {
	unsigned here, others, elsewhere;
	const struct keyboard *far;	/* that may be here; NULL */
};

static struct keyboards count_keyboards(const struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	struct keyboards count = {0};

	for (unsigned i = 0; i < usage->keyboard_count; i++) {
		int at = usage->keyboards[i].device;
		if (at == judge->subject.index)
			count.here++;
		else if (usb_is_old_port(judge->system, &usage->keyboards[i]))
			count.elsewhere++;
		else if (usb_may_have_far(judge->system, &usage->keyboards[i],
					  judge->subject.index))
			count.far = &usage->keyboards[i];
		else
			count.others++;
	}
	return count;
}

enum verdict rule_dev_last_keyboard(struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	struct keyboards count = count_keyboards(judge);

	if (!count.here && count.far && !count.others) {
		judge->finding->because = arena_printf(
			judge->arena,
			_("/proc/bus/input/devices: %s comes by Bluetooth, and "
			  "nothing tells by which radio"), count.far->name);
		return VERDICT_CANNOT_TELL;
	}
	if (!count.here) {
		if (!is_class(say_device(judge), CLASS_USB))
			return VERDICT_NOT_HERE;
		return known_is_settled(usage->keyboards_known) ?
			       VERDICT_PASS :
			       judge_unknown(judge, "/proc/bus/input/devices",
					     usage->keyboards_known);
	}
	if (count.others)
		return VERDICT_PASS;
	for (unsigned i = 0; i < usage->keyboard_count; i++)
		if (usage->keyboards[i].device == judge->subject.index)
			judge_evidence(judge, "/proc/bus/input/devices", "%s",
				       usage->keyboards[i].name);
	/* An old keyboard port answers even when nothing is plugged in. */
	if (count.elsewhere || count.far)
		judge_severity(judge, SEVERITY_WARNING);
	judge_remedy(judge, NULL,
		     _("Plug a keyboard into a port of another controller, or "
		       "be ready to work over the network."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_audio_running(struct judge *judge)
{
	enum { CLASS_MULTIMEDIA = 0x04 };
	const struct usage *usage = &judge->system->usage;

	for (unsigned i = 0; i < usage->sound_count; i++) {
		const struct sound_use *use = &usage->sounds[i];
		if (use->device == judge->subject.index)
			judge_evidence(judge,
				       arena_printf(judge->arena,
						    "/proc/asound/%s/status",
						    use->stream),
				       use->pid ? _("%s, process %u") : "%s",
				       use->state, use->pid);
	}
	if (judge->finding->evidence_count) {
		judge_remedy(judge, NULL,
			     _("End what plays or records, or choose another "
			       "sound card for it."));
		return VERDICT_FAIL;
	}
	if (!is_class(say_device(judge), CLASS_MULTIMEDIA))
		return VERDICT_NOT_HERE;
	return known_is_settled(usage->sounds_known) ?
		       VERDICT_PASS :
		       judge_unknown(judge, "/proc/asound",
				     usage->sounds_known);
}
