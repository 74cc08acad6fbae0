// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Machines altered by words: what the host does with its devices.  Each edit
 * here adds one thing to those that are there.
 */
#include "alter_part.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "model/usb.h"

/* Make room for one more behind an array of the system. */
#define ADD(edit, array, count)						\
	more((edit)->system->arena, (const void **)&(array), &(count),	\
	     sizeof *(array))

static void *more(struct arena *arena, const void **items, unsigned *count,
		  size_t size)
{
	char *all = arena_array(arena, *count + 1u, size);

	if (*count)
		memcpy(all, *items, *count * size);
	*items = all;
	return all + (*count)++ * size;
}

static struct usage *usage_of(const struct edit *edit)
{
	return &edit->system->usage;
}

static bool has_word(const struct edit *edit, const char *word)
{
	for (unsigned i = 1; i < edit->count; i++)
		if (strcmp(edit->words[i], word) == 0)
			return true;
	return false;
}

/* hold 01:00.0 /dev/dri/card1 1203 gnome-shell [master] */
static void edit_hold(const struct edit *edit)
{
	struct usage *usage = usage_of(edit);
	struct holder *holder = ADD(edit, usage->holders,
				    usage->holder_count);

	*holder = (struct holder){
		.pid = (uint32_t)edit_number(edit->words[3]),
		.command = edit->words[4], .node = edit->words[2],
		.device = strcmp(edit->words[1], "-") == 0 ?
				  NONE : edit_device(edit, 1),
		.master = has_word(edit, "master"),
	};
	usage->masters_known = KNOWN;
}

/* mount 02:00.0 vg0-home /home ext4 luks-x (LUKS), nvme0n1p2 */
static void edit_mount(const struct edit *edit)
{
	struct usage *usage = usage_of(edit);
	struct storage_use *use = ADD(edit, usage->storage,
				      usage->storage_count);

	*use = (struct storage_use){
		.block = edit->words[2], .what = edit->words[3],
		.type = edit->words[4], .source = "/proc/self/mountinfo",
		.device = edit_device(edit, 1),
		.through = edit->count > 5 ? edit->rest[4] : "",
	};
}

/* disk 02:00.0 nvme0n1 2000398934016 S6XN Samsung 990 PRO */
static void edit_disk(const struct edit *edit)
{
	struct usage *usage = usage_of(edit);
	struct disk *disk = ADD(edit, usage->disks, usage->disk_count);

	*disk = (struct disk){
		.name = edit->words[2], .whole = NONE,
		.device = edit_device(edit, 1),
		.size_bytes = { KNOWN, edit_number(edit->words[3]) },
		.serial = edit_text(edit, 4),
		.model = { KNOWN, edit->rest[4] },
		.removable = { KNOWN, 0 }, .rotational = { KNOWN, 0 },
		.content = { ABSENT, "" }, .label = { ABSENT, "" },
	};
	usage->disks_known = KNOWN;
}

/* part nvme0n1 nvme0n1p1 536870912 vfat */
static void edit_part(const struct edit *edit)
{
	struct usage *usage = usage_of(edit);
	unsigned whole = 0;

	while (whole < usage->disk_count &&
	       strcmp(usage->disks[whole].name, edit->words[1]) != 0)
		whole++;
	if (whole == usage->disk_count)
		err_die("no such disk: %s", edit->words[1]);
	int device = usage->disks[whole].device;
	struct disk *part = ADD(edit, usage->disks, usage->disk_count);
	*part = (struct disk){
		.name = edit->words[2], .whole = (int)whole,
		.device = device,
		.size_bytes = { KNOWN, edit_number(edit->words[3]) },
		.content = edit_text(edit, 4), .label = { ABSENT, "" },
	};
}

/* iface 03:00.0 eth0 up 10.0.2.15 [default] */
static void edit_iface(const struct edit *edit)
{
	struct usage *usage = usage_of(edit);
	struct interface *net = ADD(edit, usage->interfaces,
				    usage->interface_count);

	*net = (struct interface){
		.name = edit->words[2], .operstate = edit_text(edit, 3),
		.addresses = edit_text(edit, 4),
		.default_route = has_word(edit, "default"),
		.device = edit_device(edit, 1),
		.routes = { ABSENT, "" }, .uppers = { ABSENT, "" },
	};
}

/* card 01:00.1 card1 NVidia */
static void edit_card(const struct edit *edit)
{
	struct usage *usage = usage_of(edit);
	struct sound_card *card = ADD(edit, usage->sound_cards,
				      usage->sound_card_count);

	*card = (struct sound_card){ edit->words[2], edit_text(edit, 3),
				     edit_device(edit, 1) };
	usage->sound_cards_known = KNOWN;
}

/* drm 01:00.0 card1: a card of DRM's */
static void edit_drm(const struct edit *edit)
{
	struct system *system = edit->system;
	struct card *card = ADD(edit, system->cards, system->card_count);

	*card = (struct card){ edit->words[2], edit_device(edit, 1),
			       { ABSENT, 0 } };
}

/* gear 00:14.3 bluetooth hci0; gear ? */
static void edit_gear(const struct edit *edit)
{
	static const char *const kinds[GEAR_COUNT] = {
		[GEAR_BLUETOOTH] = "bluetooth", [GEAR_TPM] = "tpm",
		[GEAR_WIRELESS] = "wireless", [GEAR_CAMERA] = "camera",
		[GEAR_WATCHDOG] = "watchdog", [GEAR_RDMA] = "rdma",
		[GEAR_CARD_READER] = "card-reader", [GEAR_CLOCK] = "clock",
	};
	struct usage *usage = usage_of(edit);
	unsigned kind = 0;

	if (strcmp(edit->words[1], "?") == 0) {
		usage->gear_known = DENIED;
		return;
	}
	struct gear *gear = ADD(edit, usage->gear, usage->gear_count);
	while (kind < GEAR_COUNT && strcmp(kinds[kind], edit->words[2]) != 0)
		kind++;
	if (kind == GEAR_COUNT)
		err_die("no such gear: %s", edit->words[2]);
	*gear = (struct gear){ (enum gear_kind)kind, edit->words[3],
			       edit_device(edit, 1) };
	usage->gear_known = KNOWN;
}

/* usbhub 00:14.0 usb1 4: a controller's own hub with that many ports */
static void edit_usbhub(const struct edit *edit)
{
	struct usage *usage = usage_of(edit);
	struct usb_device *hub = ADD(edit, usage->usb_devices,
				     usage->usb_device_count);
	int at = (int)usage->usb_device_count - 1;
	unsigned ports = (unsigned)edit_number(edit->words[3]);

	*hub = (struct usb_device){
		.name = edit->words[2], .device = edit_device(edit, 1),
		.hub = NONE, .ports = { KNOWN, ports },
		.functions = USB_HUB, .speed = { KNOWN, "480" },
	};
	for (unsigned i = 1; i <= ports; i++) {
		struct usb_port *port = ADD(edit, usage->usb_ports,
					    usage->usb_port_count);
		*port = (struct usb_port){
			.name = arena_printf(edit->system->arena, "%s-port%u",
					     edit->words[2], i),
			.hub = at, .number = i,
			.connect_type = { KNOWN, "hotplug" },
			.panel = { i == 1 ? KNOWN : ABSENT,
				   i == 1 ? "front" : "" },
			.peer = "",
		};
	}
	usage->usb_known = KNOWN;
}

/* usbdev usb1 2 1-2 keyboard Logitech K120 */
static void edit_usbdev(const struct edit *edit)
{
	static const char *const functions[USB_FUNCTIONS] = {
		"keyboard", "mouse", "input", "storage", "hub", "network",
		"audio", "video", "bluetooth", "printer", "card",
	};
	struct usage *usage = usage_of(edit);
	unsigned hub = 0, function = 0;

	while (hub < usage->usb_device_count &&
	       strcmp(usage->usb_devices[hub].name, edit->words[1]) != 0)
		hub++;
	while (function < USB_FUNCTIONS &&
	       strcmp(functions[function], edit->words[4]) != 0)
		function++;
	if (hub == usage->usb_device_count || function == USB_FUNCTIONS)
		err_die("no such hub or function: %s", edit->rest[0]);
	int device = usage->usb_devices[hub].device;
	struct usb_device *self = ADD(edit, usage->usb_devices,
				      usage->usb_device_count);
	*self = (struct usb_device){
		.name = edit->words[3], .device = device, .hub = (int)hub,
		.port = (unsigned)edit_number(edit->words[2]),
		.vendor = { KNOWN, 0x046d }, .product = { KNOWN, 0xc31c },
		.model = { KNOWN, edit->rest[4] }, .maker = { ABSENT, "" },
		.speed = { KNOWN, "12" }, .functions = 1u << function,
	};
}

/* keys 00:14.0 usb1/1-2 Logitech K120: one more keyboard, and its path;
 * keys far x K380: by Bluetooth, nobody knows by which radio */
static void edit_keys(const struct edit *edit)
{
	struct usage *usage = usage_of(edit);
	bool far = strcmp(edit->words[1], "far") == 0;
	struct keyboard *keyboard = ADD(edit, usage->keyboards,
					usage->keyboard_count);

	*keyboard = (struct keyboard){
		edit->rest[2],
		arena_printf(edit->system->arena,
			     "sys/devices/pci0000:00/%s/x/input/input3",
			     edit->words[2]),
		far || strcmp(edit->words[1], "-") == 0 ?
			NONE : edit_device(edit, 1),
		far,
	};
}

/* memory 01:00.0 INDEX SIZE SIZES: its only BAR, prefetchable; SIZES: bits of
 * what it can be resized to, 0 for none */
static void edit_memory(const struct edit *edit)
{
	struct device *device =
		&edit->system->devices[edit_device(edit, 1)];
	struct bar *bar = arena_alloc(edit->system->arena, sizeof *bar);
	uint64_t size = (uint64_t)edit_number(edit->words[3]);

	*bar = (struct bar){ (uint8_t)edit_number(edit->words[2]),
			     0x4000000000, 0x4000000000 + size - 1, 0x142208,
			     (uint64_t)edit_number(edit->words[4]) };
	device->resources = KNOWN;
	device->bars = bar;
	device->bar_count = 1;
	device->rebar = bar->sizes ?
		(struct fact_num){ KNOWN, 1 << bar->index } :
		(struct fact_num){ ABSENT, 0 };
}

/* consumer 01:00.0 01:00.1 */
static void edit_consumer(const struct edit *edit)
{
	struct device *device =
		&edit->system->devices[edit_device(edit, 1)];
	struct bdf *address = ADD(edit, device->consumers,
				  device->consumer_count);

	*address = edit->system->devices[edit_device(edit, 2)].address;
	device->consumers_known = KNOWN;
}

/* sysfb 01:00.0 simple-framebuffer.0 [DRIVER] */
static void edit_sysfb(const struct edit *edit)
{
	struct system *system = edit->system;
	struct sysfb *fb = ADD(edit, system->sysfbs, system->sysfb_count);

	*fb = (struct sysfb){ edit->words[2], edit_text(edit, 3),
			      edit_device(edit, 1) };
	system->sysfbs_known = KNOWN;
}

/* switch 01:00.0 1:DIS: :DynOff:0000:01:00.0 */
static void edit_switch(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct switcheroo *line = ADD(edit, host->switcheroos,
				      host->switcheroo_count);

	*line = (struct switcheroo){ edit->rest[1], edit_device(edit, 1) };
	host->switcheroo_known = KNOWN;
}

/* unread sounds | usb: what nobody looked at */
static void edit_unread(const struct edit *edit)
{
	struct usage *usage = usage_of(edit);

	if (strcmp(edit->words[1], "usb") == 0)
		usage->usb_known = UNREAD;
	else if (strcmp(edit->words[1], "sounds") == 0)
		usage->sounds_known = UNREAD;
	else
		err_die("nobody reads %s", edit->words[1]);
}

/* Looked into, or not; then modules, sorted as they are given. */
static void edit_initramfs(const struct edit *edit)
{
	struct initramfs *image = &edit->system->host.initramfs;
	const char **names = arena_array(edit->system->arena, edit->count,
					 sizeof *names);
	bool broken = strcmp(edit->words[1], "broken") == 0;

	*image = (struct initramfs){
		.known = broken ? MALFORMED : edit_state(edit->words[1]),
		.image = "/boot/initrd.img-6.12.9",
		.flaw = broken ? "it is empty" : "", .modules = names,
	};
	for (unsigned i = 1; image->known == KNOWN && i < edit->count; i++)
		names[image->module_count++] = edit->words[i];
}

static void edit_early(const struct edit *edit)
{
	struct initramfs *image = &edit->system->host.initramfs;
	struct config_line *line = ADD(edit, image->modprobe,
				       image->modprobe_count);

	*line = (struct config_line){ "etc/modprobe.d/vfio.conf",
				      edit->rest[0] };
}

static void edit_earlyload(const struct edit *edit)
{
	struct initramfs *image = &edit->system->host.initramfs;
	struct early_load *load = ADD(edit, image->loads, image->load_count);
	bool first = strcmp(edit->words[1], "first") == 0;
	bool behind = strcmp(edit->words[1], "behind") == 0;

	*load = (struct early_load){
		first ? "etc/cmdline.d/20-force_drivers.conf" :
		behind ? "conf/modules" : "etc/modules-load.d/vfio.conf",
		edit->words[2], first ? LOAD_FIRST : behind ? LOAD_BEHIND :
							      LOAD_BESIDE };
}

const struct edit_row alter_use[] = {
	{ "hold", 5, edit_hold }, { "mount", 5, edit_mount },
	{ "disk", 6, edit_disk }, { "part", 5, edit_part },
	{ "iface", 5, edit_iface }, { "card", 4, edit_card },
	{ "drm", 3, edit_drm }, { "gear", 2, edit_gear },
	{ "usbhub", 4, edit_usbhub }, { "usbdev", 6, edit_usbdev },
	{ "keys", 4, edit_keys }, { "memory", 5, edit_memory },
	{ "consumer", 3, edit_consumer }, { "sysfb", 3, edit_sysfb },
	{ "switch", 3, edit_switch }, { "unread", 2, edit_unread },
	{ "initramfs", 2, edit_initramfs }, { "early", 2, edit_early },
	{ "earlyload", 3, edit_earlyload }, { 0 },
};
