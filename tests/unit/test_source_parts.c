// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What hangs on devices, read from a folder that looks like a machine's and
 * through a capture of it: disks over what lies between, USB ports, sound,
 * radios, addresses, and what belongs to a GPU.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "lib/plant.h"
#include "model/display.h"
#include "model/storage.h"
#include "model/topo.h"
#include "model/usb.h"
#include "source/archive.h"
#include "source/manifest.h"
#include "source/read.h"

static struct arena arena;

#define ROOT "sys/devices/pci0000:00/"
#define GPU ROOT "0000:00:02.0/"
#define NVME ROOT "0000:00:04.0/nvme/nvme0/"
#define XHCI ROOT "0000:00:14.0/"

static void put_device(const char *address, const char *uevent)
{
	char path[256], link[256], target[256];

	snprintf(path, sizeof path, ROOT "%s/uevent", address);
	snprintf(link, sizeof link, "sys/bus/pci/devices/%s", address);
	snprintf(target, sizeof target, "../../../devices/pci0000:00/%s",
		 address);
	plant_text(path, uevent);
	plant_link(link, target);
}

/* An entry of a class or bus: a link to the folder behind sys/devices/. */
static void put_link(const char *folder, const char *name, const char *where)
{
	char path[256], target[256];
	int depth = 0;

	for (const char *at = folder; *at; at++)
		depth += *at == '/';
	snprintf(path, sizeof path, "%s/%s", folder, name);
	snprintf(target, sizeof target, "%.*s%s", depth * 3,
		 "../../../../../", where + strlen("sys/"));
	plant_link(path, target);
}

static void put_block(const char *name, const char *where, const char *number)
{
	char path[256];

	snprintf(path, sizeof path, "%s%s/dev", where, name);
	plant_text(path, number);
	snprintf(path, sizeof path, "%s%s/size", where, name);
	plant_text(path, "2048\n");
	snprintf(path, sizeof path, "%s%s", where, name);
	put_link("sys/class/block", name, path);
	char at[64];
	snprintf(at, sizeof at, "%.*s", (int)strcspn(number, "\n"), number);
	put_link("sys/dev/block", at, path);
}

/* / on LVM on LUKS on a partition; another partition holds ntfs. */
static void put_disks(void)
{
	put_block("nvme0n1", NVME, "259:0\n");
	put_block("nvme0n1p1", NVME "nvme0n1/", "259:1\n");
	put_block("nvme0n1p2", NVME "nvme0n1/", "259:2\n");
	plant_text(NVME "model", "Samsung SSD 990\n");
	plant_text(NVME "serial", "S6XN  \n");
	plant_link(NVME "nvme0n1/device", "../../nvme0");
	plant_text("run/udev/data/b259:1", "S:disk/x\nE:ID_FS_TYPE=ntfs\n"
		   "E:ID_FS_LABEL=games\n");
	put_block("dm-0", "sys/devices/virtual/block/", "253:0\n");
	put_block("dm-1", "sys/devices/virtual/block/", "253:1\n");
	plant_text("sys/devices/virtual/block/dm-0/dm/name", "luks-x\n");
	plant_text("sys/devices/virtual/block/dm-0/dm/uuid",
		   "CRYPT-LUKS2-1f\n");
	plant_text("sys/devices/virtual/block/dm-1/dm/name", "vg0-root\n");
	plant_text("sys/devices/virtual/block/dm-1/dm/uuid", "LVM-abc\n");
	plant_link("sys/devices/virtual/block/dm-1/slaves/dm-0", "../../dm-0");
	plant_link("sys/devices/virtual/block/dm-0/slaves/nvme0n1p2",
		   "../../../../pci0000:00/0000:00:04.0/nvme/nvme0/nvme0n1/"
		   "nvme0n1p2");
	plant_text("proc/self/mountinfo",
		   "25 1 253:1 / / rw - ext4 /dev/mapper/vg0-root rw\n");
}

static void put_usb(const char *name, const char *where, const char *ids)
{
	char path[256];

	snprintf(path, sizeof path, "%s%s/idVendor", where, name);
	plant_text(path, ids);
	snprintf(path, sizeof path, "%s%s", where, name);
	put_link("sys/bus/usb/devices", name, path);
}

static void put_interface(const char *name, const char *where,
			  const char *class, const char *protocol)
{
	char path[256];

	snprintf(path, sizeof path, "%s%s/bInterfaceClass", where, name);
	plant_text(path, class);
	snprintf(path, sizeof path, "%s%s/bInterfaceSubClass", where, name);
	plant_text(path, "01\n");
	snprintf(path, sizeof path, "%s%s/bInterfaceProtocol", where, name);
	plant_text(path, protocol);
	snprintf(path, sizeof path, "%s%s", where, name);
	put_link("sys/bus/usb/devices", name, path);
}

/* Two root hubs of two ports that are each other's peers; a keyboard in
 * 1-2, and a radio behind a hub in 1-1. */
static void put_usb_tree(void)
{
	put_usb("usb1", XHCI, "1d6b\n");
	put_usb("usb2", XHCI, "1d6b\n");
	put_interface("1-0:1.0", XHCI "usb1/", "09\n", "00\n");
	put_interface("2-0:1.0", XHCI "usb2/", "09\n", "00\n");
	for (int port = 1; port <= 2; port++)
		for (int hub = 1; hub <= 2; hub++) {
			char path[256], target[256];
			snprintf(path, sizeof path,
				 XHCI "usb%d/%d-0:1.0/usb%d-port%d/"
				 "connect_type", hub, hub, hub, port);
			plant_text(path, "hotplug\n");
			snprintf(path, sizeof path,
				 XHCI "usb%d/%d-0:1.0/usb%d-port%d/peer", hub,
				 hub, hub, port);
			snprintf(target, sizeof target,
				 "../../../usb%d/%d-0:1.0/usb%d-port%d",
				 3 - hub, 3 - hub, 3 - hub, port);
			plant_link(path, target);
		}
	plant_text(XHCI "usb1/1-0:1.0/usb1-port2/physical_location/panel",
		   "front\n");
	put_usb("1-2", XHCI "usb1/", "046d\n");
	plant_text(XHCI "usb1/1-2/product", "K120\n");
	put_interface("1-2:1.0", XHCI "usb1/1-2/", "03\n", "01\n");
	put_usb("1-1", XHCI "usb1/", "05e3\n");
	put_interface("1-1:1.0", XHCI "usb1/1-1/", "09\n", "00\n");
	put_usb("1-1.3", XHCI "usb1/1-1/", "8087\n");
	put_interface("1-1.3:1.0", XHCI "usb1/1-1/1-1.3/", "e0\n", "01\n");
	plant_folder(XHCI "usb1/1-1/1-1.3/1-1.3:1.0/bluetooth/hci0");
	put_link("sys/class/bluetooth", "hci0",
		 XHCI "usb1/1-1/1-1.3/1-1.3:1.0/bluetooth/hci0");
}

#define ALL_KEYS "1000000000007 ff9f207ac14057ff febeffdfffefffff " \
		 "fffffffffffffffe\n"

/* Two keyboards; hotkeys, and what programs made of another's keys, are
 * none. */
static void put_input(void)
{
	plant_text("proc/bus/input/devices",
		   "I: Bus=0003 Vendor=046d Product=c31c Version=0110\n"
		   "N: Name=\"K120\"\n"
		   "S: Sysfs=/devices/pci0000:00/0000:00:14.0/usb1/1-2/"
		   "1-2:1.0/input/input3\n"
		   "H: Handlers=sysrq kbd event3 \n"
		   "B: EV=120013\n"
		   "B: KEY=" ALL_KEYS "B: MSC=10\n\n"
		   "I: Bus=0019 Vendor=0000 Product=0000 Version=0000\n"
		   "N: Name=\"Eee PC WMI hotkeys\"\n"
		   "S: Sysfs=/devices/platform/eeepc-wmi/input/input5\n"
		   "H: Handlers=rfkill kbd event5 \n"
		   "B: EV=100013\n"
		   "B: KEY=100000000 0 180040000 0 10000 1800000000000 0\n\n"
		   "I: Bus=0003 Vendor=0fac Product=0ade Version=0000\n"
		   "N: Name=\"keyd virtual keyboard\"\n"
		   "S: Sysfs=/devices/virtual/input/input7\n"
		   "H: Handlers=sysrq kbd event7 \n"
		   "B: EV=120013\n"
		   "B: KEY=" ALL_KEYS "\n"
		   "I: Bus=0003 Vendor=046d Product=c31c Version=0000\n"
		   "N: Name=\"passed on\"\n"
		   "S: Sysfs=/devices/virtual/misc/uhid/0003:046D/input/"
		   "input8\n"
		   "H: Handlers=sysrq kbd event8 \n"
		   "B: EV=120013\n"
		   "B: KEY=" ALL_KEYS "\n"
		   "I: Bus=0005 Vendor=004c Product=0267 Version=0067\n"
		   "N: Name=\"Far keyboard\"\n"
		   "S: Sysfs=/devices/virtual/misc/uhid/0005:004C/input/"
		   "input9\n"
		   "H: Handlers=sysrq kbd event9 \n"
		   "B: EV=120013\n\n");
}

static void put_gpu(void)
{
	plant_text(GPU "resource",
		   "0x0000004000000000 0x000000400fffffff 0x000000000014220c\n"
		   "0x00000000f0000000 0x00000000f007ffff 0x0000000000040200\n");
	plant_text(GPU "resource0_resize", "0000000000007f00\n");
	plant_text(GPU "power/runtime_status", "active\n");
	plant_text("sys/bus/pci/slots/3/address", "0000:00:02\n");
	plant_folder(GPU "consumer:pci:0000:00:03.0");
	plant_folder(GPU "drm/card0");
	put_link("sys/class/drm", "card0", GPU "drm/card0");
	plant_text("sys/kernel/debug/dri/0/clients",
		   "             command   pid dev master a   uid      magic\n"
		   "         gnome-shell  1203   0   y    y  1000          0\n"
		   "      a b (1 2 y y 3  2201   0   n    y  1000          0\n");
	plant_text("vfiotop/holders",
		   "9 0\n1203\t/dev/dri/card0\tgnome-shell\n"
		   "2201\t/dev/dri/card0\ta b (1 2 y y 3\n"
		   "77\t/dev/dri/renderD200\tblender\t0000:00:02.0\n");
	plant_folder(GPU "simple-framebuffer.0");
	put_link("sys/bus/platform/devices", "simple-framebuffer.0",
		 GPU "simple-framebuffer.0");
}

static void put_network(void)
{
	plant_text(ROOT "0000:00:05.0/net/eth0/operstate", "up\n");
	plant_folder(ROOT "0000:00:05.0/net/eth0/upper_br0");
	put_link("sys/class/net", "eth0", ROOT "0000:00:05.0/net/eth0");
	plant_text("proc/net/route", "Iface\tDestination\tGateway\tFlags\tRefC"
		   "nt\tUse\tMetric\tMask\n"
		   "eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\n"
		   "eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n");
	plant_text("vfiotop/addresses", "lo 127.0.0.1\neth0 10.0.2.15\n"
		   "eth01 10.9.9.9\neth0 fd00::1\n");
}

static int start(void **state)
{
	if (plant_start(state))
		return -1;
	put_device("0000:00:02.0", "DRIVER=amdgpu\nPCI_CLASS=30000\n"
		   "PCI_ID=1002:73BF\n");
	put_device("0000:00:03.0", "DRIVER=snd_hda_intel\nPCI_CLASS=40300\n"
		   "PCI_ID=1002:AB28\n");
	put_device("0000:00:04.0", "DRIVER=nvme\nPCI_CLASS=10802\n"
		   "PCI_ID=144D:A80C\n");
	put_device("0000:00:05.0", "DRIVER=igc\nPCI_CLASS=20000\n"
		   "PCI_ID=8086:15F3\n");
	put_device("0000:00:14.0", "DRIVER=xhci_hcd\nPCI_CLASS=C0330\n"
		   "PCI_ID=8086:7A60\n");
	plant_text("proc/swaps", "Filename Type Size Used Priority\n");
	put_disks();
	put_usb_tree();
	put_input();
	put_gpu();
	put_network();
	return 0;
}

static int stop(void **state)
{
	arena_free(&arena);
	return plant_stop(state);
}

/* As it is, and through a capture, which must say the same. */
static const struct system *look(bool capture)
{
	struct root *root = root_open(plant_root, NULL);
	struct err err = {0};
	char path[512];

	assert_non_null(root);
	if (capture)
		root_tee(root);
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	snprintf(path, sizeof path, "%s/m.tar", plant_root);
	if (capture)
		manifest_write(root_tree(root), system);
	if (capture && !archive_write(root_tree(root), path, &err))
		fail_msg("%s", err.text);
	root_close(root);
	if (!capture)
		return system;
	root = root_open(path, &err);
	assert_non_null(root);
	system = source_read(root, &arena, AREA_ALL, NULL);
	root_close(root);
	return system;
}

static int device_at(const struct system *system, const char *text)
{
	struct bdf address;

	assert_true(bdf_parse(text, &address));
	return system_device(system, address);
}

static const struct disk *disk_of(const struct system *system,
				  const char *name)
{
	for (unsigned i = 0; i < system->usage.disk_count; i++)
		if (strcmp(system->usage.disks[i].name, name) == 0)
			return &system->usage.disks[i];
	fail_msg("no disk %s", name);
	return NULL;
}

static void a_mount_says_what_lies_between(void **state)
{
	(void)state;
	for (int capture = 0; capture < 2; capture++) {
		const struct system *system = look(capture);
		assert_int_equal(system->usage.storage_count, 1);
		assert_string_equal(system->usage.storage[0].through,
				    "luks-x (LUKS), nvme0n1p2");
		assert_int_equal(system->usage.storage[0].device,
				 device_at(system, "00:04.0"));
	}
}

static void disks_know_their_partitions(void **state)
{
	(void)state;
	for (int capture = 0; capture < 2; capture++) {
		const struct system *system = look(capture);
		const struct disk *whole = disk_of(system, "nvme0n1");
		const struct disk *part = disk_of(system, "nvme0n1p1");
		assert_int_equal(system->usage.disk_count, 3);
		assert_string_equal(whole->model.value, "Samsung SSD 990");
		assert_string_equal(whole->serial.value, "S6XN");
		assert_int_equal(whole->size_bytes.value, 2048 * 512);
		assert_int_equal(part->whole, whole - system->usage.disks);
		assert_string_equal(part->content.value, "ntfs");
		assert_string_equal(part->label.value, "games");
		assert_true(storage_disk_is_used(system, part->whole));
		assert_int_equal(disk_of(system, "nvme0n1p2")->content.known,
				 ABSENT);
	}
}

static void a_socket_is_one_port_of_two_hubs(void **state)
{
	(void)state;
	for (int capture = 0; capture < 2; capture++) {
		const struct system *system = look(capture);
		const struct usage *usage = &system->usage;
		int xhci = device_at(system, "00:14.0");
		struct usb_sockets sockets = usb_sockets_of(system, xhci);
		assert_int_equal(usage->usb_port_count, 4);
		assert_int_equal(sockets.count, 2);
		assert_int_equal(sockets.taken, 2);
		assert_false(usb_is_hidden_port(system, 0));
		assert_true(usb_is_hidden_port(system, 2));
		assert_string_equal(usage->usb_ports[1].panel.value, "front");
		int keyboard = usb_in_port(system, 1);
		assert_string_equal(usage->usb_devices[keyboard].name, "1-2");
		assert_int_equal(usage->usb_devices[keyboard].functions,
				 USB_KEYBOARD);
	}
}

static void a_device_behind_a_hub_is_below_it(void **state)
{
	(void)state;
	const struct system *system = look(false);
	const struct usage *usage = &system->usage;
	int found = usb_of_path(system, "sys/devices/pci0000:00/0000:00:14.0/"
				"usb1/1-1/1-1.3/1-1.3:1.0/bluetooth/hci0");
	const struct usb_device *radio = &usage->usb_devices[found];

	assert_string_equal(radio->name, "1-1.3");
	assert_int_equal(radio->port, 3);
	assert_string_equal(usage->usb_devices[radio->hub].name, "1-1");
	assert_int_equal(radio->functions, USB_BLUETOOTH);
}

static void a_far_keyboard_comes_by_the_one_radio(void **state)
{
	(void)state;
	for (int capture = 0; capture < 2; capture++) {
		const struct system *system = look(capture);
		int xhci = device_at(system, "00:14.0");
		assert_int_equal(system->usage.keyboard_count, 2);
		assert_int_equal(system->usage.keyboards[0].device, xhci);
		assert_int_equal(system->usage.keyboards[1].device, xhci);
		assert_true(usb_has_last_keyboard(system, xhci));
		assert_int_equal(system->usage.gear_count, 1);
		assert_int_equal(system->usage.gear[0].kind, GEAR_BLUETOOTH);
	}
}

/* With a second radio nothing tells by which it comes. */
static void a_far_keyboard_may_come_by_either_radio(void **state)
{
	(void)state;
	plant_folder(GPU "bluetooth/hci1");
	put_link("sys/class/bluetooth", "hci1", GPU "bluetooth/hci1");
	for (int capture = 0; capture < 2; capture++) {
		const struct system *system = look(capture);
		const struct keyboard *far = &system->usage.keyboards[1];
		assert_int_equal(far->device, NONE);
		assert_true(far->far);
		assert_true(usb_may_have_far(system, far,
					     device_at(system, "00:14.0")));
		assert_true(usb_may_have_far(system, far, 0));
		assert_false(usb_may_have_far(
			system, &system->usage.keyboards[0], 0));
	}
}

static void a_gpu_has_its_master_sizes_and_companions(void **state)
{
	(void)state;
	for (int capture = 0; capture < 2; capture++) {
		const struct system *system = look(capture);
		const struct device *gpu = &system->devices[0];
		const struct bar *memory = display_memory(gpu);
		struct holding all[8];
		int others[8];
		assert_int_equal(memory->index, 0);
		assert_string_equal(gpu->slot.value, "3");
		assert_int_equal(system->devices[1].slot.known, ABSENT);
		assert_int_equal(memory->sizes, 0x7f00);
		assert_int_equal(gpu->consumer_count, 1);
		assert_int_equal(topo_companions(system, 0, others, 8), 1);
		assert_int_equal(others[0], 1);
		assert_non_null(display_sysfb(system, 0));
		assert_int_equal(display_holdings(system, 0, all, 8), 3);
		assert_int_equal(all[0].pid, 1203);
		assert_int_equal(all[0].kind, HOLDING_READY);
		assert_int_equal(all[1].pid, 2201);
		assert_int_equal(all[1].kind, HOLDING_CLIENT);
		assert_int_equal(all[2].kind, HOLDING_OFFLOADS);
	}
}

static void an_edid_that_is_none_is_unreadable(void **state)
{
	(void)state;
	plant_text(GPU "drm/card0/card0-DP-1/status", "connected\n");
	plant_text(GPU "drm/card0/card0-DP-1/edid", "no such thing");
	put_link("sys/class/drm", "card0-DP-1", GPU "drm/card0/card0-DP-1");
	for (int capture = 0; capture < 2; capture++) {
		const struct system *system = look(capture);
		assert_int_equal(system->connector_count, 1);
		assert_int_equal(system->connectors[0].monitor.known,
				 MALFORMED);
	}
}

static void a_sleeping_gpu_is_not_asked_for_its_sizes(void **state)
{
	(void)state;
	plant_text(GPU "power/runtime_status", "suspended\n");
	const struct system *system = look(false);

	assert_int_equal(display_memory(&system->devices[0])->sizes, 0);
	assert_int_equal(system->devices[0].rebar.value, 1);
}

static void an_interface_has_addresses_and_networks(void **state)
{
	(void)state;
	for (int capture = 0; capture < 2; capture++) {
		const struct system *system = look(capture);
		const struct interface *net = &system->usage.interfaces[0];
		assert_string_equal(net->routes.value, "10.0.2.0/24");
		assert_true(net->default_route);
		assert_string_equal(net->uppers.value, "br0");
		assert_string_equal(net->addresses.value,
				    "10.0.2.15 fd00::1");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
		TEST(a_mount_says_what_lies_between),
		TEST(disks_know_their_partitions),
		TEST(a_socket_is_one_port_of_two_hubs),
		TEST(a_device_behind_a_hub_is_below_it),
		TEST(a_far_keyboard_comes_by_the_one_radio),
		TEST(a_far_keyboard_may_come_by_either_radio),
		TEST(a_gpu_has_its_master_sizes_and_companions),
		TEST(an_edid_that_is_none_is_unreadable),
		TEST(a_sleeping_gpu_is_not_asked_for_its_sizes),
		TEST(an_interface_has_addresses_and_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
