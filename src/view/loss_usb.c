// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host would lose: keyboards, and what else is plugged in by USB, by
 * the port it is plugged into.
 */
#include "view/loss_part.h"

#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "model/usb.h"
#include "view/label_usb.h"

/* Keyboards that are left: on devices that stay, perhaps on one that stays,
 * and on none (an old port, which answers even with nothing plugged in). */
struct left {
	unsigned plugged, perhaps, elsewhere;
};

/* The first device that goes and that it may hang on, NONE. */
static int may_go_with(const struct tally *tally,
		       const struct keyboard *keyboard)
{
	for (unsigned i = 0; i < tally->system->device_count; i++)
		if (tally_takes(tally, (int)i) &&
		    usb_may_have_far(tally->system, keyboard, (int)i))
			return (int)i;
	return NONE;
}

static struct left keyboards_left(const struct tally *tally)
{
	const struct usage *usage = &tally->system->usage;
	struct left left = {0};

	for (unsigned i = 0; i < usage->keyboard_count; i++) {
		const struct keyboard *each = &usage->keyboards[i];
		int device = each->device;
		if (may_go_with(tally, each) != NONE)
			left.perhaps++;
		else if (usb_is_old_port(tally->system, each))
			left.elsewhere++;
		else if (device == NONE || !tally_takes(tally, device))
			left.plugged++;
	}
	return left;
}

/* "A keyboard at USB port 1-4 (back)", or without the port. */
static const char *keyboard_name(struct tally *tally,
				 const struct keyboard *keyboard)
{
	int at = usb_of_path(tally->system, keyboard->where);

	if (at == NONE)
		return keyboard->name;
	return TELL(_("%s at %s"),
		    label_usb_name(&tally->system->usage.usb_devices[at],
				   tally->arena),
		    label_usb_port(tally->system, at, tally->arena));
}

/* A keyboard with several inputs is told once. */
static bool is_again(const struct usage *usage, const struct system *system,
		     unsigned index)
{
	int usb = usb_of_path(system, usage->keyboards[index].where);

	for (unsigned i = 0; usb != NONE && i < index; i++)
		if (usb_of_path(system, usage->keyboards[i].where) == usb)
			return true;
	return false;
}

static void tell_keyboards(struct tally *tally)
{
	const struct usage *usage = &tally->system->usage;
	struct left left = keyboards_left(tally);

	for (unsigned i = 0; i < usage->keyboard_count; i++) {
		const struct keyboard *each = &usage->keyboards[i];
		int perhaps = may_go_with(tally, each);
		if (perhaps != NONE)
			tally_add(tally, "keyboard", LOSS_UNKNOWN, perhaps,
				  TELL(_("perhaps the keyboard %s (nothing "
					 "tells by which radio it comes)"),
				       each->name));
		if (!tally_takes(tally, each->device) ||
		    is_again(usage, tally->system, i))
			continue;
		const char *name = keyboard_name(tally, each);
		if (left.plugged)
			tally_add(tally, "keyboard", LOSS_FELT, each->device,
				  TELL(_("the keyboard %s (another stays)"),
				       name));
		else if (left.perhaps)
			tally_add(tally, "keyboard", LOSS_GRAVE, each->device,
				  TELL(_("the keyboard %s (whether another "
					 "stays is not known)"), name));
		else if (left.elsewhere)
			tally_add(tally, "keyboard", LOSS_FELT, each->device,
				  TELL(_("the keyboard %s (only an old port "
					 "stays, which answers with nothing "
					 "plugged in)"), name));
		else
			tally_add(tally, "keyboard", LOSS_GRAVE, each->device,
				  TELL(_("the only keyboard, %s"), name));
	}
}

/* Whether it was told as a keyboard; one that no driver has taken was not. */
static bool is_keyboard(const struct system *system, int device)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->keyboard_count; i++)
		if (usb_of_path(system, usage->keyboards[i].where) == device)
			return true;
	return false;
}

static void tell_devices(struct tally *tally)
{
	const struct usage *usage = &tally->system->usage;

	for (unsigned i = 0; i < usage->usb_device_count; i++) {
		const struct usb_device *each = &usage->usb_devices[i];
		if (!tally_takes(tally, each->device) ||
		    each->functions & USB_HUB || each->hub == NONE ||
		    is_keyboard(tally->system, (int)i))
			continue;
		tally_add(tally, "usb", LOSS_FELT, each->device,
			  TELL(_("%s at %s"),
			       label_usb(tally->system, (int)i, tally->arena),
			       label_usb_port(tally->system, (int)i,
					      tally->arena)));
	}
}

static void tell_ports(struct tally *tally, int device)
{
	const struct usage *usage = &tally->system->usage;
	struct usb_sockets sockets = usb_sockets_of(tally->system, device);

	if (tally->system->devices[device].class >> 8 != CLASS_USB ||
	    !tally_uses(tally, device))
		return;
	if (!known_is_settled(usage->usb_known))
		tally_add(tally, "usb", LOSS_UNKNOWN, device,
			  TELL(_("USB ports, and perhaps what is plugged in "
				 "(not known: %s)"),
			       known_why(usage->usb_known)));
	else if (sockets.count && !sockets.taken)
		tally_add(tally, "usb", LOSS_HARMLESS, device,
			  TELL(P_("%u USB port with nothing in it",
				  "%u USB ports with nothing in them",
				  sockets.count), sockets.count));
	if (!known_is_settled(usage->keyboards_known))
		tally_add(tally, "keyboard", LOSS_UNKNOWN, device,
			  TELL(_("perhaps a keyboard (not known: %s)"),
			       known_why(usage->keyboards_known)));
}

void loss_input(struct tally *tally)
{
	tell_keyboards(tally);
	tell_devices(tally);
	for (unsigned i = 0; i < tally->system->device_count; i++)
		if (tally_takes(tally, (int)i))
			tell_ports(tally, (int)i);
}
