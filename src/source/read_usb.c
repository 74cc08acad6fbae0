// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the USB tree: root hubs, ports, and what is plugged in where.
 *
 * Every attribute is asked for by its name: some of a USB device wait for
 * the device's lock, "configuration" among them, which is why it stays
 * unread (Documentation/ABI/testing/sysfs-bus-usb;
 * drivers/usb/core/sysfs.c).  A device that is asleep stays so: the kernel
 * keeps what is read here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

#define USB_FOLDER "sys/bus/usb/devices"

enum { NAME_BYTES = 40 };

/* Class, subclass and protocol of an interface; -1: any.  USB-IF, Defined
 * Class Codes. */
static const struct {
	int class, subclass, protocol;
	enum usb_function function;
} functions[] = {
	{ 0x03, 0x01, 0x01, USB_KEYBOARD }, { 0x03, 0x01, 0x02, USB_MOUSE },
	{ 0x03, -1, -1, USB_INPUT }, { 0x08, -1, -1, USB_STORAGE },
	{ 0x09, -1, -1, USB_HUB }, { 0xe0, 0x01, 0x01, USB_BLUETOOTH },
	{ 0xe0, 0x01, 0x03, USB_NETWORK }, { 0x02, 0x06, -1, USB_NETWORK },
	{ 0x02, 0x0d, -1, USB_NETWORK }, { 0x02, 0x0e, -1, USB_NETWORK },
	{ 0x01, -1, -1, USB_AUDIO }, { 0x0e, -1, -1, USB_VIDEO },
	{ 0x07, -1, -1, USB_PRINTER }, { 0x0b, -1, -1, USB_CARD },
};

static unsigned function_of(int class, int subclass, int protocol)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (functions[i].class == class &&
		    (functions[i].subclass < 0 ||
		     functions[i].subclass == subclass) &&
		    (functions[i].protocol < 0 ||
		     functions[i].protocol == protocol))
			return functions[i].function;
	return 0;
}

/* "1-4.2:1.0" is an interface of 1-4.2, "1-0:1.0" of usb1. */
static int owner_of(const struct usage *usage, const char *interface)
{
	size_t len = strcspn(interface, ":");
	char name[NAME_BYTES];

	if (len >= sizeof name)
		return NONE;
	snprintf(name, sizeof name, "%.*s", (int)len, interface);
	if (len > 2 && strcmp(name + len - 2, "-0") == 0)
		snprintf(name, sizeof name, "usb%.*s", (int)(len - 2),
			 interface);
	for (unsigned i = 0; i < usage->usb_device_count; i++)
		if (strcmp(usage->usb_devices[i].name, name) == 0)
			return (int)i;
	return NONE;
}

/* The hub and port that a name tells: 1-4.2 is at port 2 of 1-4, which is at
 * port 4 of usb1. */
static void find_hub(const struct usage *usage, struct usb_device *device)
{
	const char *name = device->name;
	const char *dot = strrchr(name, '.');
	const char *cut = dot ? dot : strchr(name, '-');
	char hub[NAME_BYTES];
	uint64_t port;

	device->hub = NONE;
	if (!cut || !num_parse(cut + 1, 10, &port))
		return;
	device->port = (unsigned)port;
	snprintf(hub, sizeof hub, "%s%.*s", dot ? "" : "usb",
		 (int)(cut - name), name);
	for (unsigned i = 0; i < usage->usb_device_count; i++)
		if (strcmp(usage->usb_devices[i].name, hub) == 0)
			device->hub = (int)i;
}

static struct fact_num hex(struct reader *reader, const struct place *at,
			   const char *name)
{
	return read_num(reader, at, name, 16);
}

static void read_device(struct reader *reader, const char *name, size_t *room)
{
	struct usage *usage = &reader->system->usage;
	struct place at;
	char path[80];

	snprintf(path, sizeof path, USB_FOLDER "/%.*s", NAME_BYTES - 1, name);
	int controller = device_behind(reader, path);
	if (controller == NONE ||
	    root_enter(reader->root, NULL, path, &at) != KNOWN)
		return;
	struct usb_device *all = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->usb_devices,
		usage->usb_device_count, room, sizeof *all);
	usage->usb_devices = all;
	struct usb_device *device = &all[usage->usb_device_count++];
	*device = (struct usb_device){
		.name = text_safe(reader->arena, name, strlen(name)),
		.device = controller, .hub = NONE,
		.vendor = hex(reader, &at, "idVendor"),
		.product = hex(reader, &at, "idProduct"),
		.speed = read_text(reader, &at, "speed"),
		.ports = read_num(reader, &at, "maxchild", 10),
		.maker = read_text(reader, &at, "manufacturer"),
		.model = read_text(reader, &at, "product"),
	};
	root_leave(reader->root, &at);
}

static void read_interface(struct reader *reader, const char *name)
{
	struct usb_device *devices =
		(void *)(uintptr_t)reader->system->usage.usb_devices;
	int owner = owner_of(&reader->system->usage, name);
	struct place at;
	char path[80];

	snprintf(path, sizeof path, USB_FOLDER "/%.*s", NAME_BYTES - 1, name);
	if (owner == NONE ||
	    root_enter(reader->root, NULL, path, &at) != KNOWN)
		return;
	struct fact_num class = hex(reader, &at, "bInterfaceClass");
	struct fact_num subclass = hex(reader, &at, "bInterfaceSubClass");
	struct fact_num protocol = hex(reader, &at, "bInterfaceProtocol");
	if (class.known == KNOWN)
		devices[owner].functions |= function_of(
			(int)class.value, (int)subclass.value,
			(int)protocol.value);
	root_leave(reader->root, &at);
}

/* --- ports --- */

static void read_port(struct reader *reader, const struct place *folder,
		      const char *name, int hub, unsigned number, size_t *room)
{
	struct usage *usage = &reader->system->usage;
	struct usb_port *all = arena_grow(
		reader->arena, (void *)(uintptr_t)usage->usb_ports,
		usage->usb_port_count, room, sizeof *all);
	struct buf path = {0};

	usage->usb_ports = all;
	buf_printf(&path, "%s/connect_type", name);
	struct fact_text type = read_text(reader, folder, buf_str(&path));
	buf_reset(&path);
	buf_printf(&path, "%s/physical_location/panel", name);
	struct fact_text panel = read_text(reader, folder, buf_str(&path));
	buf_reset(&path);
	buf_printf(&path, "%s/peer", name);
	struct fact_text peer = read_link(reader, folder, buf_str(&path));
	buf_free(&path);
	all[usage->usb_port_count++] = (struct usb_port){
		.name = text_safe(reader->arena, name, strlen(name)),
		.hub = hub, .number = number, .connect_type = type,
		.panel = panel, .peer = peer.value,
	};
}

static int order_ports(const void *a, const void *b)
{
	const struct usb_port *x = a, *y = b;

	if (x->hub != y->hub)
		return x->hub < y->hub ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Folders usb1-port4 within the interface of a hub. */
static void read_ports(struct reader *reader, const char *interface,
		       size_t *room)
{
	const struct usage *usage = &reader->system->usage;
	int hub = owner_of(usage, interface);
	struct arena names = {0};
	struct listing listing;
	struct place at;
	char path[80];

	snprintf(path, sizeof path, USB_FOLDER "/%.*s", NAME_BYTES - 1,
		 interface);
	if (hub == NONE || !(usage->usb_devices[hub].functions & USB_HUB) ||
	    root_enter(reader->root, NULL, path, &at) != KNOWN)
		return;
	root_list(reader->root, NULL, path, &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		const char *part = strstr(listing.names[i], "-port");
		uint64_t number;
		if (part && strlen(listing.names[i]) < NAME_BYTES &&
		    num_parse(part + strlen("-port"), 10, &number))
			read_port(reader, &at, listing.names[i], hub,
				  (unsigned)number, room);
	}
	root_leave(reader->root, &at);
	arena_free(&names);
}

static bool is_interface(const char *name)
{
	return strchr(name, ':') != NULL;
}

void read_usb(struct reader *reader)
{
	struct usage *usage = &reader->system->usage;
	struct arena names = {0};
	struct listing listing;
	size_t room = 0, port_room = 0;

	usage->usb_known = root_list(reader->root, NULL, USB_FOLDER, &names,
				     &listing);
	for (unsigned i = 0; i < listing.count; i++)
		if (!is_interface(listing.names[i]) &&
		    strlen(listing.names[i]) < NAME_BYTES)
			read_device(reader, listing.names[i], &room);
	struct usb_device *devices = (void *)(uintptr_t)usage->usb_devices;
	for (unsigned i = 0; i < usage->usb_device_count; i++)
		find_hub(usage, &devices[i]);
	for (unsigned i = 0; i < listing.count; i++)
		if (is_interface(listing.names[i]))
			read_interface(reader, listing.names[i]);
	for (unsigned i = 0; i < listing.count; i++)
		if (is_interface(listing.names[i]))
			read_ports(reader, listing.names[i], &port_room);
	if (usage->usb_port_count)
		qsort((void *)(uintptr_t)usage->usb_ports,
		      usage->usb_port_count, sizeof *usage->usb_ports,
		      order_ports);
	arena_free(&names);
}
