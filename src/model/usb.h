// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_USB_H
#define MODEL_USB_H

#include "model/system.h"

/* How USB devices and ports stand to one another.  Indices are into
 * usage->usb_devices and usage->usb_ports. */

/* Return the device that a path of sysfs goes through last (an input's, a
 * disk's), or NONE. */
int usb_of_path(const struct system *system, const char *path);

/* Return the device in a port, whichever of the two hubs behind the socket it
 * talks to; NONE: nothing is in it. */
int usb_in_port(const struct system *system, int port);

/* The same of that one hub; and the port of the other hub, or NONE. */
int usb_in_side(const struct system *system, int port);
int usb_peer_of(const struct system *system, int port);

/* Whether the port is the other side of a socket that an earlier one stands
 * for, or no socket at all ("not used"). */
bool usb_is_hidden_port(const struct system *system, int port);

/* Return the port that a device is plugged into, or NONE. */
int usb_port_of(const struct system *system, int device);

/* The sockets of a controller's own hubs, and how many have something in
 * them. */
struct usb_sockets {
	unsigned count, taken;
};

struct usb_sockets usb_sockets_of(const struct system *system, int device);

/* Whether @controller (a PCI device) has the last keyboard that is plugged
 * in anywhere. */
bool usb_has_last_keyboard(const struct system *system, int controller);

/*
 * Whether a keyboard that came by Bluetooth, by which radio nothing tells, may
 * have come by one of @device: that has a radio, or is a USB controller where
 * radios could not all be seen.
 */
bool usb_may_have_far(const struct system *system,
		      const struct keyboard *keyboard, int device);

/* Whether a keyboard is that of an old port (i8042), which answers also with
 * nothing plugged in; a laptop's own hangs there too, and is one. */
bool usb_is_old_port(const struct system *system,
		     const struct keyboard *keyboard);

#endif
