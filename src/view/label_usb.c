// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How USB devices and ports are called before a person.
 */
#include "view/label_usb.h"

#include <string.h>

#include "base/i18n.h"
#include "base/num.h"
#include "model/usb.h"

static const struct {
	const char *word, *text;
} functions[USB_FUNCTIONS] = {
	{ "keyboard", N_("keyboard") }, { "mouse", N_("mouse") },
	{ "input", N_("input device") }, { "storage", N_("disk") },
	{ "hub", N_("hub") }, { "network", N_("network") },
	{ "audio", N_("sound") }, { "video", N_("camera") },
	{ "bluetooth", N_("Bluetooth") }, { "printer", N_("printer") },
	{ "card", N_("chip card") },
};

const char *usb_function_word(unsigned bit)
{
	return functions[bit].word;
}

const char *label_usb_functions(unsigned bits, struct arena *arena)
{
	const char *text = "";

	/* A keyboard's other interfaces are its media keys. */
	if (bits & (USB_KEYBOARD | USB_MOUSE))
		bits &= ~(unsigned)USB_INPUT;
	for (unsigned i = 0; i < USB_FUNCTIONS; i++)
		if (bits >> i & 1)
			text = arena_printf(arena, "%s%s%s", text,
					    *text ? ", " : "",
					    _(functions[i].text));
	return text;
}

const char *label_usb_name(const struct usb_device *device,
			   struct arena *arena)
{
	if (device->model.known == KNOWN && *device->model.value) {
		/* Many models repeat their maker. */
		if (device->maker.known != KNOWN || !*device->maker.value ||
		    strstr(device->model.value, device->maker.value))
			return device->model.value;
		return arena_printf(arena, "%s %s", device->maker.value,
				    device->model.value);
	}
	if (device->vendor.known != KNOWN)
		return device->name;
	return arena_printf(arena, "%04x:%04x",
			    (unsigned)device->vendor.value,
			    (unsigned)device->product.value);
}

const char *label_usb(const struct system *system, int device,
		      struct arena *arena)
{
	const struct usb_device *self = &system->usage.usb_devices[device];
	const char *what = label_usb_functions(self->functions, arena);

	if (!*what)
		return label_usb_name(self, arena);
	return arena_printf(arena, "%s (%s)", label_usb_name(self, arena),
			    what);
}

static const struct {
	const char *value, *text;
} places[] = {
	{ "top", N_("top") }, { "bottom", N_("bottom") },
	{ "left", N_("left") }, { "right", N_("right") },
	{ "front", N_("front") }, { "back", N_("back") },
};

const char *label_usb_place(const struct usb_port *port)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (port->panel.known == KNOWN &&
		    strcmp(port->panel.value, places[i].value) == 0)
			return _(places[i].text);
	if (port->connect_type.known == KNOWN &&
	    strcmp(port->connect_type.value, "hardwired") == 0)
		return _("built in");
	return "";
}

const char *label_usb_port(const struct system *system, int device,
			   struct arena *arena)
{
	const struct usb_device *self = &system->usage.usb_devices[device];
	int port = usb_port_of(system, device);
	const char *place = port == NONE ? "" :
		label_usb_place(&system->usage.usb_ports[port]);

	return *place ?
		arena_printf(arena, _("USB port %s (%s)"), self->name, place) :
		arena_printf(arena, _("USB port %s"), self->name);
}

const char *label_usb_socket(const struct system *system, int port,
			     struct arena *arena)
{
	const struct usb_port *self = &system->usage.usb_ports[port];
	const struct usb_device *hub = &system->usage.usb_devices[self->hub];

	return hub->hub == NONE ?
		arena_printf(arena, "%s-%u", hub->name + strlen("usb"),
			     self->number) :
		arena_printf(arena, "%s.%u", hub->name, self->number);
}

const char *label_usb_speed(const struct fact_text *speed,
			    struct arena *arena)
{
	uint64_t mbit;

	if (speed->known != KNOWN || strcmp(speed->value, "unknown") == 0)
		return "";
	if (num_parse(speed->value, 10, &mbit) && mbit >= 1000)
		return arena_printf(arena, "%u Gbit/s",
				    (unsigned)(mbit / 1000));
	return arena_printf(arena, "%s Mbit/s", speed->value);
}
