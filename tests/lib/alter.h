// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_ALTER_H
#define TESTS_ALTER_H

#include "lib/machine.h"
#include "model/system.h"

/*
 * Change a made machine by words, so that a test can be a row of a table.
 * Edits are separated by ';'.  A value of '?' makes a fact DENIED, '-' ABSENT;
 * anything else is the value.  A word that is not known ends the test.
 *
 *   groups - | ?              no groups, units and links; or unknown
 *   groups missing            the directory itself is not there
 *   cmdline quiet iommu=pt    the whole command line; cmdline ?
 *   log TEXT                  add a line; log ? (denied), log none (not
 *                             captured), log cut (its beginning is gone)
 *   table +IVRS | -DMAR | ? | -   one name more, one less, the list unknown,
 *                             no ACPI
 *   cfg INTEL_IOMMU n         a symbol; cfg ? (not known), cfg - (not found)
 *   irq CHIP ACTIONS | ?      replace all interrupt lines by one
 *   dmar FIELD 0|1            flags of the decoded table
 *   host FIELD VALUE          fields of struct host
 *   trace NAME                a trace of a boot loader
 *   vfio FIELD VALUE          loaded, iommufd, nodes, extensions (bits)
 *   dev 01:00.0 FIELD VALUE   fields of struct device; also class, id, sub,
 *                             identity, mdevs (how many), child (an index),
 *                             config, and those of its config space; asleep
 *                             1: in D3cold, and so unread
 *   unit ecap VALUE           of the first unit
 *   group 13 FIELD VALUE      members, reserved, type
 *   connector 01:00.0 DP-1 connected enabled [MONITOR]
 *   dpms Standby              of the connector before it
 *   display ?, drivers ?, devices ?   the folders of each
 *   devices log               the kernel's log alone tells of them
 *   modules - | ?             none is loaded; the list is not known
 *   module nvme - | ?         the module of a driver
 *   modprobe LINE | ?         the only line of modprobe.d
 *   load NAME | ?             the only line of modules-load.d
 *   initramfs - | ?           not found, denied
 *   initramfs MODULES         looked into, and these modules are in it
 *   initramfs broken          looked into in vain
 * These add to it:
 *   early LINE                of its etc/modprobe.d/vfio.conf
 *   earlyload first|beside|behind MODULE
 *   backlight 00:02.0 | ?     whose panel the backlight lights
 *   switcheroo 01:00.0 LINE | ?
 *   bar 01:00.0 START END FLAGS   replace its BARs by one (hexadecimal)
 *   vfbar 01:00.0 START END FLAGS   the same of its virtual functions
 *   mdevtype mtty mtty-1 24 [NAME]  a type more, of a parent that may be new;
 *                             how many more can be made
 *   mdev UUID mtty mtty-1 20 | ?    a mediated device, in that group
 *   uio 02:00.0 12 | ? | -    uio0, with so many interrupts
 *   bootfb START END NAME     a firmware framebuffer
 *   fb 01:00.0 NAME           a framebuffer; console 1|0: whether it is shown
 *   driverctl 1 | - | ?       whether driverctl is installed
 *   override 01:00.0 DRIVER   the only one that driverctl keeps
 *   service NAME | ?          one more service of systemd's that runs
 *   storage 02:00.0 /home     something mounted; storage ?
 *   elsewhere 02:00.0 /data   the same in another mount namespace;
 *                             elsewhere ?
 *   claim 01:00.0 libvirt win10   another program's word on a device;
 *                             claim ?
 *   pool 02:00.0 libvirt lan  the same for guests of a network; pool ?
 *   loaded nvidia_drm 2       a loaded module, and how often it is in use
 *   users nvidia 3            how often a driver's module is in use
 *   terminal 00:14.0 ttyUSB0  what this runs on
 *   net 03:00.0 up 1          an interface: state, and whether it is the
 *                             default route; net ?
 *   session ssh | ?           this connection comes in by that interface
 *   netroot nfs4 | ?          the file system at / comes over the network
 *   netdisk iSCSI SOURCE WAY  swap lies on a disk that comes over it, as these
 *                             two files say
 *   netby 02:00.0 /srv        what is mounted there comes in by that device
 *                             and no other; -: by none of them; ?: not told
 *   stack 02:00.0 dm-0 | ?    a block device that stands on its
 *   keyboard 00:14.0 | - | ?  one more; -: not on PCI
 *   sound 01:00.1 RUNNING | ? an open stream
 *   cdev 01:00.0 vfio0 | ? x  the node of a single device, the only one; or
 *                             whose they are is not known
 *   denylist-off Y | N        the parameter of the loaded vfio-pci
 *   access 0600 | ?           permission bits of the nodes in /dev/vfio
 *   mapped 01:00.0 /dev/uio0  the same as holder, without a descriptor
 *   holder 01:00.0 NODE [GUEST]   a process that holds a node ('-': of no
 *                             device told), for a guest; holder ?
 * These add to what is there:
 *   hold 01:00.0 NODE PID COMMAND [master]
 *   mount 02:00.0 BLOCK /home ext4 [THROUGH]
 *   disk 02:00.0 nvme0n1 BYTES SERIAL MODEL
 *   part nvme0n1 nvme0n1p1 BYTES CONTENT
 *   iface 03:00.0 eth0 up ADDRESS [default]
 *   card 01:00.1 card1 ID     a sound card
 *   drm 01:00.0 card1         a card of DRM's
 *   gear 00:14.3 bluetooth hci0
 *   usbhub 00:14.0 usb1 PORTS
 *   usbdev usb1 PORT 1-2 FUNCTION MODEL
 *   keys 00:14.0 usb1/1-2 NAME
 *   memory 01:00.0 INDEX SIZE SIZES   replaces its BARs by one
 *   consumer 01:00.0 01:00.1
 *   sysfb 01:00.0 NAME [DRIVER]
 *   switch 01:00.0 LINE       of vga_switcheroo
 *   unread usb | sounds
 */
void alter(struct system *system, const char *edits);

/* Make a machine of a table (lib/machine.h), and change it so. */
struct system *altered(struct arena *arena, const struct made_device *table,
		       const char *edits);

/* Leave of a system what a user without rights sees: config space cut behind
 * 64 bytes, no content of ACPI tables, no log, no addresses of memory, no
 * files of other people's processes, nothing of debugfs, no boot loader's
 * files that only root may read. */
void alter_rights(struct system *system);

#endif
