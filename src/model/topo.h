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

/* Whether @device is on PCIe: by config space when read, else by the link
 * attributes; unknown otherwise. */
enum known topo_is_pcie(const struct device *device);

/*
 * Whether the kernel holds @device isolated from its neighbours by ACS
 * (drivers/pci/pci.c, pci_acs_enabled with SV|RR|CR|UF).  *isolated is meant
 * only when KNOWN is returned.  *missing gets the bits that the capability
 * has and the control word lacks.
 */
enum known topo_acs(const struct system *system, const struct device *device,
		    bool *isolated, uint16_t *missing);

/* Why a group holds more than one slot's endpoints. */
enum shared_cause {
	SHARED_NONE,		/* it does not */
	SHARED_CONV_BRIDGE,	/* behind a PCIe-to-PCI or conventional bridge */
	SHARED_PORT_NO_ACS,	/* a port on the path has no ACS capability */
	SHARED_PORT_ACS_OFF,	/* it has, but bits are off */
	SHARED_MF_NO_ACS,	/* functions of one device without ACS */
	SHARED_UNKNOWN,		/* ACS could not be read, or no reason found */
};

struct shared {
	enum shared_cause cause;
	int culprit;		/* bridge or function to blame; NONE */
	int victim;		/* a member that it concerns; NONE */
	uint16_t missing;	/* of PORT_ACS_OFF: ACS bits that are off */
	enum known why_unknown;	/* of UNKNOWN: what was wanting */
};

/* Say why the endpoints of a group are together. */
struct shared topo_shared(const struct system *system, const struct group *group);

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

/* How a display device stands in its group; words of the JSON. */
enum grouping {
	GROUPING_NONE,		/* in no group, or not known */
	GROUPING_ALONE, GROUPING_OWN_FUNCTIONS, GROUPING_BRIDGES_ONLY,
	GROUPING_SHARED_ENDPOINTS, GROUPING_SHARED_GPU,
};

enum grouping topo_grouping(const struct system *system, int device);
const char *grouping_word(enum grouping grouping);

/* Number of endpoints (not bridges) in a group. */
unsigned topo_endpoints(const struct system *system, const struct group *group);

/*
 * Companions of a device: the other endpoints of its group and the other
 * functions of its slot, by address.  Fills @out and returns how many; at
 * most @room.
 */
unsigned topo_companions(const struct system *system, int device, int *out,
			 unsigned room);

/* Whether an active display hangs on it: a connector connected, enabled and
 * not Off.  *connector gets which (may be NULL). */
enum known topo_is_lit(const struct system *system, int device, bool *lit,
		       const struct connector **connector);

/* Whether it is what the firmware showed its screen on: boot_vga,
 * boot_display, or a firmware framebuffer in a BAR. */
enum known topo_is_boot_display(const struct system *system, int device,
				bool *boot);

/* Interrupt remapping as the kernel's interrupt lines show it. */
enum remapping { REMAP_UNKNOWN, REMAP_ON, REMAP_OFF };
enum remapping topo_remapping(const struct system *system);

#endif
