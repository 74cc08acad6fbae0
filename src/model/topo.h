// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_TOPO_H
#define MODEL_TOPO_H

#include "model/system.h"

/*
 * How devices stand to one another.  Indices are into system->devices.
 */

/* PCI base classes and classes (base and sub) that matter here. */
enum {
	CLASS_STORAGE = 0x01,
	CLASS_NETWORK = 0x02,
	CLASS_DISPLAY = 0x03,
	CLASS_3D = 0x0302,		/* a display controller without outputs */
	CLASS_BRIDGE = 0x06,
	CLASS_HOST_BRIDGE = 0x0600,
	CLASS_ISA_BRIDGE = 0x0601,
	CLASS_PCI_BRIDGE = 0x0604,
	CLASS_SMBUS = 0x0c05,
	CLASS_USB = 0x0c03,
	CLASS_IOMMU = 0x0806,
};

/* Whether its class says display controller (03xx). */
bool topo_is_display(const struct device *device);

/* Whether it has a bus below it: class 0604, 0607, 0609 or 060a, or a
 * secondary bus.  Host and ISA bridges are not: they are endpoints. */
bool topo_is_bridge(const struct device *device);

/* Whether it is part of the platform and never to be given away: host and
 * ISA bridges, SMBus, memory, IOMMU, other system parts (facts 7.7). */
bool topo_is_platform(const struct device *device);

/* Whether a driver may stay bound in a group that is given away:
 * vfio drivers, pci-stub, pcieport. */
bool topo_is_harmless_driver(const char *name);

/* Whether it is a vfio driver (vfio-pci or a variant). */
bool topo_is_vfio_driver(const char *name);

/*
 * Whether what a process holds may be @device: its node is of that device, or
 * stands for every device of its driver (/dev/nvidiactl; /dev/kfd, where the
 * kernel does not tell of which GPU), or for one that is not told (HOLDER_VFIO); and the process holds no node that is of one
 * such device alone, for then it is that one which it uses.
 */
bool topo_may_hold(const struct system *system, const struct holder *holder,
		   int device);

/* Whether it is a UIO driver: it gives a device to a program as vfio does, but
 * past the IOMMU. */
bool topo_is_uio_driver(const char *name);

/* Whether an unbind of the driver waits inside the kernel, perhaps for ever,
 * while a process has one of its nodes. */
bool topo_waits_for_holders(const char *driver);

/* Whether @device is on PCIe: by config space when read, else by the link
 * attributes; unknown otherwise. */
enum known topo_is_pcie(const struct device *device);

/* Whether it is one function of several, as the kernel counts: by bit 7 of
 * its own header type or a function number above 0; never a VF. */
bool topo_is_multifunction(const struct system *system,
			   const struct device *device);

/* Why the kernel holds a device isolated from its neighbours, or not. */
enum acs_why {
	ACS_UNKNOWN,		/* cannot be told; see known */
	ACS_ON,			/* isolated: its ACS control says so */
	ACS_NOT_NEEDED,		/* isolated: one function, no port */
	ACS_QUIRK,		/* isolated although no ACS: the kernel knows
				 * the hardware; see quirk */
	ACS_NONE,		/* not: no ACS capability */
	ACS_OFF,		/* not: bits of it are off; see missing */
	ACS_CONVENTIONAL,	/* not: no PCIe device */
	ACS_BRIDGE,		/* not: a bridge to or from conventional PCI,
				 * or an event collector */
	ACS_NO_EXTENDED,	/* not: its extended space cannot be reached */
	ACS_QUIRK_FAILED,	/* not: the kernel knows the hardware, but
				 * could not make it isolate; see quirk */
};

struct acs {
	enum known known;	/* of isolated and why */
	bool isolated;
	enum acs_why why;
	const char *quirk;	/* the hardware's name, for people, not
				 * translated, where a quirk decided; else
				 * NULL */
	uint16_t missing;	/* of ACS_OFF: bits that the capability has
				 * and control lacks */
};

/*
 * Say whether the kernel holds @device isolated from its neighbours (with
 * SV, RR, CR and UF): its quirks first, then its PCIe type, then ACS.
 * Source: drivers/pci/pci.c, pci_acs_enabled().
 */
struct acs topo_acs(const struct system *system, const struct device *device);

/* Why the kernel put one device into another's group. */
enum shared_cause {
	SHARED_NONE,		/* it did not */
	SHARED_CONV_BRIDGE,	/* behind a PCIe-to-PCI or conventional bridge */
	SHARED_PORT_NO_ACS,	/* a port on the path has no ACS capability */
	SHARED_PORT_ACS_OFF,	/* it has, but bits are off */
	SHARED_NO_EXTENDED,	/* it may have, but nothing beyond the first
				 * 256 bytes of its config space is reached */
	SHARED_ROOT_MF_NO_ACS,	/* ports that are functions of one device
				 * without ACS */
	SHARED_MF_NO_ACS,	/* functions of one device without ACS */
	SHARED_DMA_ALIAS,	/* one speaks with the other's id */
	SHARED_LEGACY_PCI,	/* functions of one conventional device */
	SHARED_REAL_DMA,	/* behind Intel VMD, under the VMD's id */
	SHARED_UNKNOWN,		/* ACS could not be read, or no reason found */
	SHARED_COUNT
};

struct shared {
	enum shared_cause cause;
	int culprit;		/* bridge or function to blame; NONE */
	int victim;		/* a member that it concerns; NONE */
	int with;		/* what the culprit is joined to, where that is
				 * another device; NONE */
	uint16_t missing;	/* of PORT_ACS_OFF: ACS bits that are off */
	enum known why_unknown;	/* of UNKNOWN: what was wanting; KNOWN where
				 * everything could be read */
};

/* Short word for a cause: "port-no-acs"; "" for SHARED_NONE. */
const char *shared_word(enum shared_cause cause);

/*
 * Say why endpoints of different slots are in this group: how the walks of
 * two of them meet.
 * Source: drivers/iommu/iommu.c, pci_device_group().
 */
struct shared topo_shared(const struct system *system, const struct group *group);

/*
 * One step of the walk from a device to its root port or root bus: the
 * device itself first, then each bridge above it.
 */
struct topo_step {
	int device;		/* into devices */
	enum known known;	/* of isolated and why */
	bool isolated;		/* pci_acs_enabled() */
	enum acs_why why;
	const char *quirk;	/* of ACS_QUIRK…: what the hardware is, for
				 * people, not translated; else NULL */
	uint16_t missing;	/* of ACS_OFF: bits that are off */
	bool pcie;		/* by its config space; then type is */
	uint8_t type;		/* enum pcie_type */
	bool same_group;	/* as the device that the walk begins at */
	enum shared_cause joins; /* why the kernel put it to the one at with:
				 * SHARED_NONE where it began a group */
	int with;		/* into devices; NONE */
	int culprit;		/* who is to blame for joins; NONE */
};

/*
 * Walk from @device to its root as the kernel does when it makes groups.
 * Fills @steps and returns how many there are; at most @room.
 * Source: drivers/iommu/iommu.c, pci_device_group().
 */
unsigned topo_walk(const struct system *system, int device,
		   struct topo_step *steps, unsigned room);

/*
 * Make the groups again, as the kernel would.  heads[i] gets the first device
 * of the group of device i; NONE where it cannot be told, and for an IOMMU's
 * own function, which has none.  @heads has room for every device.  Returns whether all could be told.
 */
bool topo_predict(const struct system *system, int *heads);

/* How a display device stands in its group; words of the JSON. */
enum grouping {
	GROUPING_NONE,		/* in no group, or not known */
	GROUPING_ALONE, GROUPING_OWN_FUNCTIONS, GROUPING_BRIDGES_ONLY,
	GROUPING_SHARED_ENDPOINTS, GROUPING_SHARED_GPU,
};

/* Whether the members of a group that are told are all it has: its own list
 * was read, or every device is known.  KNOWN, or why not. */
enum known topo_members_known(const struct system *system,
			      const struct group *group);

/* Whether a device is on a root bus: KNOWN, or ABSENT where a bridge is above
 * it; else a bridge may be that nothing tells of. */
enum known topo_is_on_root(const struct system *system, int device);

enum grouping topo_grouping(const struct system *system, int device);
const char *grouping_word(enum grouping grouping);

/* Number of endpoints (not bridges) in a group. */
unsigned topo_endpoints(const struct system *system, const struct group *group);

/* Whether they are functions of one device.  A virtual function is a device
 * of its own, though its address may be in its physical function's slot. */
bool topo_is_same_slot(const struct device *a, const struct device *b);

/*
 * Companions of a device: the other endpoints of its group, the other
 * functions of its slot, and what the kernel links to it as of no use
 * without it (consumers), by address.  Fills @out and returns how many; at
 * most @room.
 */
unsigned topo_companions(const struct system *system, int device, int *out,
			 unsigned room);

/*
 * Return where a device sits, which outlives a change of its address: the
 * root bus, and the slots on the way down, "0000:00/01.0/00.0".  "" where the
 * way is not known.  In @arena.
 */
const char *topo_path(const struct system *system, int device,
		      struct arena *arena);
/* Whether a monitor is plugged into a connector, and whether a picture is
 * sent to it: connected, enabled and not Off.  False where it is not known;
 * but one whose dpms was not read is taken for lit.  What must not be taken
 * for anything asks topo_is_lit(). */
bool topo_is_connected(const struct connector *connector);
bool topo_is_connector_lit(const struct connector *connector);

/* Whether an active display hangs on it: a connector connected, enabled and
 * On; each of the three must be known.  *connector gets which (may be NULL).  Without connectors it is
 * known only of what has no outputs, or what nobody drives. */
enum known topo_is_lit(const struct system *system, int device, bool *lit,
		       const struct connector **connector);

/* Whether a function-level reset is there: by the list of methods, on older
 * kernels (before 5.15) by the file to start one. */
enum known topo_has_reset(const struct device *device);

/* Whether it is what the firmware showed its screen on: boot_vga,
 * boot_display, or a firmware framebuffer in a BAR or below it. */
enum known topo_is_boot_display(const struct system *system, int device,
				bool *boot);

/* Interrupt remapping as the kernel's interrupt lines show it. */
enum remapping { REMAP_UNKNOWN, REMAP_ON, REMAP_OFF };
enum remapping topo_remapping(const struct system *system);

#endif
