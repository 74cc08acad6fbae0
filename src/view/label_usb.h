// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_LABEL_USB_H
#define VIEW_LABEL_USB_H

#include "base/arena.h"
#include "model/system.h"

/* How a USB device is called, with what it is: "Logitech K120 (keyboard)",
 * its ids where it has no name.  @device is into usage->usb_devices. */
const char *label_usb(const struct system *system, int device,
		      struct arena *arena);

/* The name alone; what it is alone ("keyboard, mouse", or ""). */
const char *label_usb_name(const struct usb_device *device,
			   struct arena *arena);
const char *label_usb_functions(unsigned functions, struct arena *arena);

/* Where it is plugged in: "USB port 1-4.2 (back)". */
const char *label_usb_port(const struct system *system, int device,
			   struct arena *arena);

/* A port by the name that a device in it has: "1-4.2". */
const char *label_usb_socket(const struct system *system, int port,
			     struct arena *arena);

/* "480 Mbit/s", "5 Gbit/s". */
const char *label_usb_speed(const struct fact_text *speed,
			    struct arena *arena);

/* Where the firmware says that a port is, or how it is built: "back",
 * "built in"; "" where nothing is told. */
const char *label_usb_place(const struct usb_port *port);

/* Words of the JSON for functions, by bit: "keyboard". */
const char *usb_function_word(unsigned bit);

#endif
