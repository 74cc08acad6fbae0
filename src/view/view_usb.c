// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * USB controllers, their sockets, and what is plugged in where.  Sockets
 * that a device's hub has are below it.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "model/usb.h"
#include "view/label.h"
#include "view/label_usb.h"
#include "view/view_finding.h"

enum { COL_PORT, COL_WHAT, COL_SPEED, COL_VERDICT, COL_DRIVER, COL_GROUP };

enum { MOST_DEPTH = 7 };	/* of hubs below hubs, USB 3.2, 10.2 */

static const struct column columns[] = {
	[COL_PORT] = { .id = "port", .title = N_("Port"), .least = 16,
		.flexible = true, .tree = true, .by_order = true },
	[COL_WHAT] = { .id = "what", .title = N_("Plugged in"), .least = 20,
		.flexible = true },
	[COL_SPEED] = { .id = "speed", .title = N_("Speed"), .least = 8,
		.priority = 3 },
	[COL_VERDICT] = { .id = "verdict", .title = N_("Verdict"), .least = 20,
		.flexible = true },
	[COL_DRIVER] = { .id = "driver", .title = N_("Driver"), .least = 8,
		.flexible = true, .priority = 2 },
	[COL_GROUP] = { .id = "group", .title = N_("Group"), .least = 5,
		.priority = 1 },
};

static bool is_controller(const struct device *device)
{
	return device->identity == KNOWN && device->class >> 8 == CLASS_USB;
}

/* "the last keyboard; 10 ports, 3 taken" */
static struct text summary(const struct system *system, int device,
			   struct arena *arena)
{
	struct usb_sockets sockets = usb_sockets_of(system, device);
	bool known = known_is_settled(system->usage.usb_known);

	if (!sockets.count)
		return (struct text){ known ? SIGN_NONE : SIGN_UNKNOWN,
				      known ? ROLE_DIM : ROLE_UNKNOWN };
	const char *text = arena_printf(
		arena, P_("%u port, %u taken", "%u ports, %u taken",
			  sockets.count), sockets.count, sockets.taken);
	if (!usb_has_last_keyboard(system, device))
		return (struct text){ text, ROLE_TEXT };
	return (struct text){ arena_printf(arena, _("the last keyboard; %s"),
					   text), ROLE_WARN };
}

static struct row *add_row(struct rows *rows, int controller,
			   const char *name, unsigned depth)
{
	struct row *row = rows_note(rows, arena_printf(rows->arena, "usb:%s",
						       name), depth);

	row->subject = (struct subject){ SCOPE_DEVICE, controller };
	row->band = controller;
	return row;
}

static void fill_device(const struct system *system, struct rows *rows,
			struct row *row, int device)
{
	const struct usb_device *self = &system->usage.usb_devices[device];
	bool keyboard = self->functions & USB_KEYBOARD;

	row_set(row, COL_WHAT,
		keyboard && usb_has_last_keyboard(system, self->device) ?
			ROLE_WARN : ROLE_TEXT,
		label_usb(system, device, rows->arena));
	row_set(row, COL_SPEED, ROLE_TEXT,
		label_usb_speed(&self->speed, rows->arena));
}

static void add_hub(const struct system *system, struct rows *rows, int hub,
		    unsigned depth);

/* A socket, and below it what a hub in it offers. */
static void add_port(const struct system *system, struct rows *rows, int port,
		     unsigned depth)
{
	const struct usage *usage = &system->usage;
	const struct usb_port *self = &usage->usb_ports[port];
	int controller = usage->usb_devices[self->hub].device;
	int device = usb_in_port(system, port);
	int peer = usb_peer_of(system, port);
	const int sides[] = {
		usb_in_side(system, port),
		peer == NONE ? NONE : usb_in_side(system, peer),
	};
	struct row *row = add_row(rows, controller, self->name, depth);
	const char *name = label_usb_socket(system, port, rows->arena);
	const char *place = label_usb_place(self);

	row_set(row, COL_PORT, ROLE_ADDRESS,
		*place ? arena_printf(rows->arena, _("port %s (%s)"), name,
				      place) :
			 arena_printf(rows->arena, _("port %s"), name));
	if (device == NONE)
		row_set(row, COL_WHAT, ROLE_DIM, _("nothing"));
	else
		fill_device(system, rows, row, device);
	for (unsigned i = 0; i < 2; i++)
		if (sides[i] != NONE)
			add_hub(system, rows, sides[i], depth + 1);
}

static void add_hub(const struct system *system, struct rows *rows, int hub,
		    unsigned depth)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; depth <= MOST_DEPTH && i < usage->usb_port_count;
	     i++)
		if (usage->usb_ports[i].hub == hub &&
		    !usb_is_hidden_port(system, (int)i))
			add_port(system, rows, (int)i, depth);
}

/* Devices whose port was not seen, under their own names. */
static void add_unplaced(const struct system *system, struct rows *rows,
			 int controller)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->usb_device_count; i++) {
		const struct usb_device *each = &usage->usb_devices[i];
		if (each->device != controller || each->hub == NONE ||
		    usb_port_of(system, (int)i) != NONE)
			continue;
		struct row *row = add_row(rows, controller, each->name, 1);
		row_set(row, COL_PORT, ROLE_ADDRESS, each->name);
		fill_device(system, rows, row, (int)i);
	}
}

static void add_controller(const struct scene *scene, struct rows *rows,
			   int device)
{
	const struct system *system = scene->system;
	const struct usage *usage = &system->usage;
	struct subject subject = { SCOPE_DEVICE, device };
	struct row *row = rows_add(rows, system, subject, NULL, 0);

	row->band = device;
	row_set(row, COL_PORT, ROLE_ADDRESS,
		label_device(scene, device, rows->arena));
	row->cells[COL_WHAT] = summary(system, device, rows->arena);
	row->cells[COL_VERDICT] = finding_verdict(scene, device, rows->arena);
	row->cells[COL_DRIVER] = label_driver(&system->devices[device]);
	row->cells[COL_GROUP] = label_number(&system->devices[device].group,
					     rows->arena);
	for (unsigned i = 0; i < usage->usb_device_count; i++)
		if (usage->usb_devices[i].device == device &&
		    usage->usb_devices[i].hub == NONE)
			add_hub(system, rows, (int)i, 1);
	add_unplaced(system, rows, device);
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->device_count; i++)
		if (is_controller(&scene->system->devices[i]))
			add_controller(scene, rows, (int)i);
}

static enum known known(const struct system *system)
{
	return system->devices_known;
}

const struct view view_usb = {
	.id = "usb", .title = N_("USB"), VIEW_COLUMNS(columns),
	.build = build, .known = known,
	.empty = N_("This machine has no USB controller on PCI."),
};
