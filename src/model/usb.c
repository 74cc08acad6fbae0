// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How USB devices, hubs and sockets stand to one another.  A socket for USB 3
 * has a port on two hubs of its controller, which the kernel calls peers.
 */
#include "model/usb.h"

#include <string.h>

#include "model/topo.h"

int usb_of_path(const struct system *system, const char *path)
{
	const struct usage *usage = &system->usage;
	const char *deepest = path;
	int found = NONE;

	for (unsigned i = 0; i < usage->usb_device_count; i++) {
		const char *name = usage->usb_devices[i].name;
		size_t len = strlen(name);
		const char *at = path;
		while ((at = strstr(at, name)) != NULL) {
			if (at > deepest && at[-1] == '/' &&
			    (at[len] == '/' || !at[len])) {
				deepest = at;
				found = (int)i;
			}
			at += len;
		}
	}
	return found;
}

static int find_port(const struct usage *usage, const char *name)
{
	for (unsigned i = 0; *name && i < usage->usb_port_count; i++)
		if (strcmp(usage->usb_ports[i].name, name) == 0)
			return (int)i;
	return NONE;
}

int usb_port_of(const struct system *system, int device)
{
	const struct usage *usage = &system->usage;
	const struct usb_device *self = &usage->usb_devices[device];

	for (unsigned i = 0; i < usage->usb_port_count; i++)
		if (usage->usb_ports[i].hub == self->hub &&
		    usage->usb_ports[i].number == self->port)
			return (int)i;
	return NONE;
}

int usb_peer_of(const struct system *system, int port)
{
	return find_port(&system->usage, system->usage.usb_ports[port].peer);
}

int usb_in_side(const struct system *system, int port)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->usb_device_count; i++)
		if (usage->usb_devices[i].hub != NONE &&
		    usage->usb_devices[i].hub == usage->usb_ports[port].hub &&
		    usage->usb_devices[i].port == usage->usb_ports[port].number)
			return (int)i;
	return NONE;
}

int usb_in_port(const struct system *system, int port)
{
	int device = usb_in_side(system, port);
	int peer = usb_peer_of(system, port);

	return device == NONE && peer != NONE ? usb_in_side(system, peer) :
						device;
}

bool usb_is_hidden_port(const struct system *system, int port)
{
	const struct usage *usage = &system->usage;
	const struct usb_port *self = &usage->usb_ports[port];
	int peer = find_port(usage, self->peer);

	return (peer != NONE && peer < port) ||
	       (self->connect_type.known == KNOWN &&
		strcmp(self->connect_type.value, "not used") == 0 &&
		usb_in_port(system, port) == NONE);
}

struct usb_sockets usb_sockets_of(const struct system *system, int device)
{
	const struct usage *usage = &system->usage;
	struct usb_sockets sockets = {0};

	for (unsigned i = 0; i < usage->usb_port_count; i++) {
		const struct usb_device *hub =
			&usage->usb_devices[usage->usb_ports[i].hub];
		if (hub->device != device || hub->hub != NONE ||
		    usb_is_hidden_port(system, (int)i))
			continue;
		sockets.count++;
		sockets.taken += usb_in_port(system, (int)i) != NONE;
	}
	return sockets;
}

bool usb_has_last_keyboard(const struct system *system, int controller)
{
	const struct usage *usage = &system->usage;
	bool here = false;

	for (unsigned i = 0; i < usage->keyboard_count; i++) {
		int device = usage->keyboards[i].device;
		if (device == controller)
			here = true;
		else if (device != NONE)
			return false;
	}
	return here;
}

bool usb_may_have_far(const struct system *system,
		      const struct keyboard *keyboard, int device)
{
	const struct usage *usage = &system->usage;
	bool may = usage->gear_known != KNOWN &&
		   system->devices[device].class >> 8 == CLASS_USB;

	for (unsigned i = 0; i < usage->gear_count; i++)
		may |= usage->gear[i].kind == GEAR_BLUETOOTH &&
		       usage->gear[i].device == device;
	return may && keyboard->far && keyboard->device == NONE;
}

bool usb_is_old_port(const struct system *system,
		     const struct keyboard *keyboard)
{
	return keyboard->device == NONE && !keyboard->far &&
	       system_is_laptop(system) != KNOWN;
}
