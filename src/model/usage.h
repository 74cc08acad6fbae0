// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_USAGE_H
#define MODEL_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/known.h"

/*
 * What the host does with its devices, as the readers saw it.  `device' is
 * everywhere an index into the devices of the system: the PCI function that
 * the thing hangs on, over whatever lies between, or NONE.
 */
enum { NONE = -1 };

/* A file system or swap space that stands on a PCI device. */
struct storage_use {
	const char *block;		/* what is mounted: nvme0n1p1, vg0-data */
	const char *what;		/* mount point, or "swap" */
	const char *type;		/* ext4, swap … */
	const char *source;		/* the file that says so */
	int device;			/* into devices */
	uint32_t pid;			/* of a process that sees it, where it is
					 * in another mount namespace; else 0 */
	const char *through;		/* what lies between, from the top down to
					 * the block device of the PCI device:
					 * "luks-home, nvme0n1p2"; "" where that
					 * is block itself */
};

/* A whole disk or one of its partitions; /sys/class/block. */
struct disk {
	const char *name;		/* nvme0n1, sda2 */
	int whole;			/* into disks: whose partition it is; NONE:
					 * a whole disk */
	int device;
	struct fact_text model, serial;	/* of whole disks */
	struct fact_num size_bytes;
	struct fact_num removable;	/* 0 or 1; of whole disks */
	struct fact_num rotational;	/* 0 or 1; of whole disks */
	struct fact_text content;	/* by udev's database: ext4, LVM2_member,
					 * crypto_LUKS, zfs_member … */
	struct fact_text label;		/* of that; a pool's name for ZFS */
};

/* A network interface. */
struct interface {
	const char *name;
	struct fact_text operstate;
	struct fact_num flags;		/* IFF_*: bit 0 up */
	bool default_route;		/* IPv4 or IPv6 */
	bool session;			/* this very connection came in by it */
	int device;
	struct fact_text addresses;	/* with blanks between; ABSENT: none */
	struct fact_text routes;	/* networks reached by it, the default one
					 * left out: "10.0.2.0/24 …"; IPv4 */
	struct fact_text uppers;	/* what stands on it: bond0 br0; ABSENT:
					 * nothing */
	struct fact_text mounts;	/* what of the network's file systems comes
					 * in by it: "/ /srv"; ABSENT: nothing;
					 * UNREAD: of some nobody can tell */
	enum known root;		/* whether of what the host runs from any
					 * does */
};

/* A file system that comes over the network, or swap; one that does so by
 * several ways is there for each. */
struct net_mount {
	const char *what;		/* mount point; swap */
	const char *type;		/* nfs4, cifs, ceph; ext4 */
	const char *by;			/* how the disk below it comes: iSCSI, nbd;
					 * "" it is of the network itself */
	const char *source;		/* that says so */
	const char *address;		/* of its server; "" not told */
	const char *local;		/* of this end, "" not told */
	const char *interface;		/* that it is bound to, or that leads there
					 * by the main table of routes, be it a
					 * bridge or a bond; "" not told */
	const char *way;		/* what tells of the interface:
					 * /proc/net/route */
};

/* A block device that another one stands on: md, dm, LUKS, LVM, bcache, a
 * loop, a pool of ZFS. */
struct stack_use {
	const char *block;		/* nvme0n1p2 */
	const char *holder;		/* dm-0, zfs */
	const char *what;		/* name or uuid of the holder, "" */
	int device;
};

/* A keyboard; /proc/bus/input/devices. */
struct keyboard {
	const char *name;
	const char *where;		/* sysfs path, or phys */
	int device;			/* NONE: not on PCI (i8042) */
	bool far;			/* by Bluetooth; on NONE where nothing
					 * tells by which radio */
};

/* A sound card; /sys/class/sound. */
struct sound_card {
	const char *name;		/* card0 */
	struct fact_text id;		/* PCH, NVidia */
	int device;
};

/* A sound stream that is open; /proc/asound. */
struct sound_use {
	const char *stream;		/* card0/pcm0p/sub0 */
	const char *state;		/* RUNNING … */
	uint32_t pid;			/* 0 not told */
	int device;
	const char *command;		/* of that process; "" or NULL not told */
};

/* What else a device lets the host do, by its class in sysfs. */
enum gear_kind {
	GEAR_BLUETOOTH, GEAR_TPM, GEAR_WIRELESS, GEAR_CAMERA, GEAR_WATCHDOG,
	GEAR_RDMA, GEAR_CARD_READER, GEAR_CLOCK, GEAR_COUNT
};

struct gear {
	enum gear_kind kind;
	const char *name;		/* hci0, tpm0 */
	int device;
};

/* What a USB device is, by the classes of its interfaces; bits. */
enum usb_function {
	USB_KEYBOARD = 1 << 0, USB_MOUSE = 1 << 1, USB_INPUT = 1 << 2,
	USB_STORAGE = 1 << 3, USB_HUB = 1 << 4, USB_NETWORK = 1 << 5,
	USB_AUDIO = 1 << 6, USB_VIDEO = 1 << 7, USB_BLUETOOTH = 1 << 8,
	USB_PRINTER = 1 << 9, USB_CARD = 1 << 10,	/* chip cards, keys */
	USB_FUNCTIONS = 11
};

/* A USB device, hubs and root hubs too; /sys/bus/usb/devices. */
struct usb_device {
	const char *name;		/* "1-4.2"; a root hub: "usb1" */
	int device;			/* the controller */
	int hub;			/* into usb_devices: what it is plugged
					 * into; NONE: a root hub */
	unsigned port;			/* of that hub, from 1; 0: a root hub */
	struct fact_num vendor, product;	/* ids */
	struct fact_text maker, model;	/* as it calls itself */
	struct fact_text speed;		/* Mbit/s: "1.5" … "20000" */
	struct fact_num ports;		/* of a hub; 0 else */
	unsigned functions;		/* enum usb_function */
};

/* A port of a hub; …/usb1-port4. */
struct usb_port {
	const char *name;		/* usb1-port4 */
	int hub;			/* into usb_devices */
	unsigned number;		/* from 1 */
	struct fact_text connect_type;	/* hotplug, hardwired, not used,
					 * unknown */
	struct fact_text panel;		/* where the firmware says it is: back,
					 * front, left …; ABSENT: it does not */
	const char *peer;		/* the same socket on the controller's
					 * other hub: usb2-port4; "" none */
};

/* What a vfio device's own file is called; newer kernels let its address
 * follow. */
#define HOLDER_VFIO "anon_inode:[vfio-device]"

/* A process that holds a device node open. */
struct holder {
	uint32_t pid;
	const char *command;
	const char *node;		/* /dev/dri/card1; HOLDER_VFIO */
	int device;			/* into devices; NONE: not told */
	bool mapped;			/* it has closed it, and still has it
					 * mapped */
	bool master;			/* it draws on the screens of that card, by
					 * debugfs; meant where masters_known */
	const char *guest;		/* the virtual machine that it runs; NULL:
					 * none is told */
};

/* Return where it was seen, "/proc/1203/fd" or …/maps, or what the kernel tells
 * of its computing, in @arena. */
const char *holder_source(const struct holder *holder, struct arena *arena);

/* Whether @node is a disk or what stands on one, /dev/nvme0n1 or /dev/dm-0: who
 * writes there loses data with it.  /dev/nvme0 is but the controller, which
 * many ask how it is. */
bool holder_is_disk(const char *node);

/* Another program's word that a device is its own. */
struct claim {
	const char *who;		/* libvirt, Proxmox */
	const char *guest;		/* name or number of the guest, or of the
					 * network */
	const char *source;		/* the file that says so */
	int device;			/* into devices */
	bool pool;			/* it is kept for whichever guest of a
					 * network starts */
};

/* What the host does with its devices. */
struct usage {
	enum known storage_known;	/* mounts and swaps */
	enum known spaces_known;	/* of all other mount namespaces */
	const struct storage_use *storage;
	unsigned storage_count;
	enum known disks_known;
	const struct disk *disks;	/* whole ones before their partitions */
	unsigned disk_count;
	enum known routes_known;
	enum known interfaces_known;
	const struct interface *interfaces;
	unsigned interface_count;
	const struct net_mount *net_mounts;
	unsigned net_mount_count;
	struct fact_text network_root;	/* what the host runs from that comes over
					 * the network: "/ nfs4", "/usr ext4,
					 * iSCSI"; ABSENT: nothing */
	enum known session_known;	/* of the connection this runs in */
	const char *session;		/* "10.0.0.5 by ssh", "" none */
	const char *terminal;		/* ttyUSB0, that this runs on; "" none,
					 * or no hardware: a screen, a window */
	int terminal_device;		/* that it hangs on; NONE */
	enum known stacks_known;
	const struct stack_use *stacks;
	unsigned stack_count;
	enum known keyboards_known;
	const struct keyboard *keyboards;
	unsigned keyboard_count;
	enum known sounds_known;
	const struct sound_use *sounds;
	unsigned sound_count;
	enum known sound_cards_known;
	const struct sound_card *sound_cards;
	unsigned sound_card_count;
	enum known gear_known;		/* the worst of its classes */
	const struct gear *gear;
	unsigned gear_count;
	enum known usb_known;
	const struct usb_device *usb_devices;	/* sorted by name */
	unsigned usb_device_count;
	const struct usb_port *usb_ports;	/* by hub and number */
	unsigned usb_port_count;
	enum known holders_known;	/* KNOWN: every process was looked at */
	unsigned processes, processes_hidden;
	const struct holder *holders;
	unsigned holder_count;
	enum known masters_known;	/* of who draws on which card's screens */
	enum known claims_known;	/* of guests: KNOWN also where there is
					 * neither libvirt nor Proxmox */
	enum known pools_known;		/* the same of libvirt's networks */
	const struct claim *claims;
	unsigned claim_count;
};

#endif
