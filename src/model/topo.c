// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How devices stand to one another: kinds, groups, isolation, displays.
 * It says what is, as the kernel would see it; rules say what that means.
 *
 * Source: drivers/pci/pci.c, pci_acs_enabled(); drivers/iommu/iommu.c,
 * pci_device_group(); drivers/pci/quirks.c.
 */
#include "model/topo.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "base/text.h"

enum {
	/* What the kernel asks of every port and function for isolation. */
	ACS_WANTED = PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF,
};

static unsigned class_of(const struct device *device)
{
	return device->class >> 8;
}

bool topo_is_display(const struct device *device)
{
	return device->identity == KNOWN &&
	       device->class >> 16 == CLASS_DISPLAY;
}

bool topo_is_bridge(const struct device *device)
{
	unsigned class = class_of(device);

	if (device->config->header == KNOWN)
		return device->config->header_type != 0;
	return device->secondary_bus.known == KNOWN || class == 0x0604 ||
	       class == 0x0607 || class == 0x0609 || class == 0x060a;
}

bool topo_is_platform(const struct device *device)
{
	if (device->identity != KNOWN || topo_is_bridge(device))
		return false;
	switch (class_of(device)) {
	case CLASS_HOST_BRIDGE:
	case CLASS_ISA_BRIDGE:
	case 0x0680:		/* other bridge: power management controller */
	case 0x0500:		/* memory */
	case 0x0580:
	case CLASS_IOMMU:
	case CLASS_SMBUS:
		return true;
	default:
		return false;
	}
}

/* Names as registered: - and _ matter (facts 8.4). */
static const char *const vfio_drivers[] = {
	"vfio-pci", "mlx5_vfio_pci", "hisi_acc_vfio_pci", "pds_vfio_pci",
	"virtio_vfio_pci", "nvgrace_gpu_vfio_pci", "qat_vfio_pci",
	"xe-vfio-pci", "ism_vfio_pci", "nvgrace-gpu-vfio-pci",
	"mlx5-vfio-pci", "hisi-acc-vfio-pci", "pds-vfio-pci",
	"virtio-vfio-pci", "qat-vfio-pci",
};

bool topo_is_vfio_driver(const char *name)
{
	for (size_t i = 0; i < sizeof vfio_drivers / sizeof *vfio_drivers; i++)
		if (strcmp(name, vfio_drivers[i]) == 0)
			return true;
	return false;
}

bool topo_is_harmless_driver(const char *name)
{
	return topo_is_vfio_driver(name) || strcmp(name, "pci-stub") == 0 ||
	       strcmp(name, "pcieport") == 0;
}

enum known topo_is_pcie(const struct device *device)
{
	const struct config *config = device->config;

	if (config->header == KNOWN && config->has_pcie)
		return KNOWN;
	if (known_is_settled(config->caps))
		return ABSENT;
	if (device->speed_max.known == KNOWN)
		return KNOWN;
	if (device->speed_max.known == ABSENT)
		return ABSENT;
	return UNREAD;
}

/* Root ports of Sunrise and Union Point keep ACS control in the dword at +8
 * (drivers/pci/quirks.c, pci_quirk_intel_spt_pch_acs). */
static bool has_dword_acs(const struct device *device)
{
	unsigned id = device->device;

	return device->vendor == 0x8086 &&
	       ((id >= 0xa110 && id <= 0xa11f) || (id >= 0xa167 && id <= 0xa16a) ||
		(id >= 0xa290 && id <= 0xa29f) || (id >= 0xa2e7 && id <= 0xa2ee) ||
		(id >= 0x9d10 && id <= 0x9d1b));
}

/* The rule for a device with an ACS capability. */
static bool flags_isolate(const struct device *device, uint16_t *missing)
{
	const struct config *config = device->config;
	unsigned control = has_dword_acs(device) ? config->acs_ctrl_dword :
						   config->acs_ctrl;
	unsigned wanted = ACS_WANTED & config->acs_cap;

	*missing = (uint16_t)(wanted & ~control);
	return config->has_acs && *missing == 0;
}

/* Function 0 tells whether a slot is multifunction; VFs never are. */
static bool is_multifunction(const struct system *system,
			     const struct device *device)
{
	struct bdf first = device->address;

	if (device->physfn != NONE)
		return false;
	if (first.function != 0 || device->config->multifunction)
		return true;
	first.function = 0;
	int at = system_device(system, first);
	return at != NONE && system->devices[at].config->multifunction;
}

enum known topo_acs(const struct system *system, const struct device *device,
		    bool *isolated, uint16_t *missing)
{
	const struct config *config = device->config;

	*isolated = false;
	*missing = 0;
	if (config->header != KNOWN)
		return config->header == ABSENT ? UNREAD : config->header;
	if (!config->has_pcie)
		return known_is_settled(config->caps) ? KNOWN : config->caps;
	switch (config->pcie_type) {
	case PCIE_TO_PCI_BRIDGE:
	case PCI_TO_PCIE_BRIDGE:
	case PCIE_RC_EVENT:
		return KNOWN;
	case PCIE_RC_ENDPOINT:
		if (device->vendor == 0x8086) {
			*isolated = true;
			return KNOWN;
		}
		/* fall through */
	case PCIE_ENDPOINT:
	case PCIE_LEGACY_ENDPOINT:
	case PCIE_UPSTREAM:
		if (!is_multifunction(system, device)) {
			*isolated = true;
			return KNOWN;
		}
		break;
	case PCIE_ROOT_PORT:
	case PCIE_DOWNSTREAM:
		break;
	default:
		*isolated = true;
		return KNOWN;
	}
	if (!config->has_acs && config->ecaps != KNOWN &&
	    config->ecaps != ABSENT)
		return config->ecaps;
	*isolated = flags_isolate(device, missing);
	return KNOWN;
}

/* A bridge whose children use its own requester id. */
static enum known is_conventional(const struct system *system,
				  const struct device *bridge, bool *yes)
{
	const struct config *config = bridge->config;

	*yes = false;
	if (config->header == KNOWN && config->has_pcie) {
		*yes = config->pcie_type == PCIE_TO_PCI_BRIDGE;
		return KNOWN;
	}
	if (known_is_settled(config->caps)) {
		*yes = true;
		return KNOWN;
	}
	/* Without its capabilities: its children are plain PCI. */
	for (int at = bridge->first_child; at != NONE;
	     at = system->devices[at].next_sibling) {
		enum known pcie = topo_is_pcie(&system->devices[at]);
		if (!known_is_settled(pcie))
			return UNREAD;
		if (pcie == ABSENT)
			*yes = true;
	}
	return KNOWN;
}

/* Look at every bridge above @member for the one that joins it to others. */
static bool blame_path(const struct system *system, int member,
		       struct shared *shared)
{
	for (int at = system->devices[member].parent; at != NONE;
	     at = system->devices[at].parent) {
		const struct device *bridge = &system->devices[at];
		bool conventional, isolated;
		uint16_t missing;
		enum known known =
			is_conventional(system, bridge, &conventional);
		if (known == KNOWN && conventional) {
			*shared = (struct shared){ SHARED_CONV_BRIDGE, at,
						   member, 0, KNOWN };
			return true;
		}
		known = topo_acs(system, bridge, &isolated, &missing);
		if (known != KNOWN) {
			shared->why_unknown = known;
			continue;
		}
		if (isolated)
			continue;
		*shared = (struct shared){
			bridge->config->has_acs ? SHARED_PORT_ACS_OFF :
						  SHARED_PORT_NO_ACS,
			at, member, missing, KNOWN,
		};
		return true;
	}
	return false;
}

/* Functions of one slot without isolation from one another. */
static bool blame_slot(const struct system *system, const struct group *group,
		       struct shared *shared)
{
	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		bool isolated;
		uint16_t missing;
		if (at == NONE ||
		    !is_multifunction(system, &system->devices[at]))
			continue;
		enum known known = topo_acs(system, &system->devices[at],
					    &isolated, &missing);
		if (known != KNOWN) {
			shared->why_unknown = known;
		} else if (!isolated) {
			*shared = (struct shared){ SHARED_MF_NO_ACS, at, at,
						   missing, KNOWN };
			return true;
		}
	}
	return false;
}

unsigned topo_endpoints(const struct system *system, const struct group *group)
{
	unsigned count = 0;

	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at == NONE || !topo_is_bridge(&system->devices[at]))
			count++;
	}
	return count;
}

/* Whether its endpoints sit in more than one slot. */
static bool is_shared(const struct system *system, const struct group *group)
{
	const struct device *first = NULL;

	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at == NONE || topo_is_bridge(&system->devices[at]))
			continue;
		if (!first)
			first = &system->devices[at];
		else if (!bdf_same_slot(first->address,
					system->devices[at].address))
			return true;
	}
	return false;
}

struct shared topo_shared(const struct system *system, const struct group *group)
{
	struct shared shared = { SHARED_NONE, NONE, NONE, 0, KNOWN };

	if (!is_shared(system, group))
		return shared;
	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at != NONE && !topo_is_bridge(&system->devices[at]) &&
		    blame_path(system, at, &shared))
			return shared;
	}
	if (!blame_slot(system, group, &shared))
		shared.cause = SHARED_UNKNOWN;
	return shared;
}

enum grouping topo_grouping(const struct system *system, int device)
{
	const struct device *self = &system->devices[device];
	bool gpu = false, other = false, bridge = false, own = false;

	if (self->group_index == NONE)
		return GROUPING_NONE;
	const struct group *group = &system->groups[self->group_index];
	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		const struct device *member =
			at == NONE ? NULL : &system->devices[at];
		if (at == device)
			continue;
		if (!member)
			other = true;
		else if (member->class >> 16 == CLASS_BRIDGE)
			bridge = true;
		else if (bdf_same_slot(member->address, self->address))
			own = true;
		else if (topo_is_display(member))
			gpu = true;
		else
			other = true;
	}
	return gpu    ? GROUPING_SHARED_GPU :
	       other  ? GROUPING_SHARED_ENDPOINTS :
	       bridge ? GROUPING_BRIDGES_ONLY :
	       own    ? GROUPING_OWN_FUNCTIONS :
			GROUPING_ALONE;
}

const char *grouping_word(enum grouping grouping)
{
	static const char *const words[] = {
		[GROUPING_NONE] = "",
		[GROUPING_ALONE] = "alone",
		[GROUPING_OWN_FUNCTIONS] = "with-own-functions",
		[GROUPING_BRIDGES_ONLY] = "with-bridges-only",
		[GROUPING_SHARED_ENDPOINTS] = "shared-with-endpoints",
		[GROUPING_SHARED_GPU] = "shared-with-gpu",
	};

	return words[grouping];
}

unsigned topo_companions(const struct system *system, int device, int *out,
			 unsigned room)
{
	const struct device *self = &system->devices[device];
	unsigned count = 0;

	for (unsigned i = 0; i < system->device_count && count < room; i++) {
		const struct device *other = &system->devices[i];
		bool grouped = self->group_index != NONE &&
			       other->group_index == self->group_index;
		if ((int)i != device && !topo_is_bridge(other) &&
		    (grouped || bdf_same_slot(other->address, self->address)))
			out[count++] = (int)i;
	}
	return count;
}

static bool is_lit(const struct connector *connector)
{
	return connector->status.known == KNOWN &&
	       strcmp(connector->status.value, "connected") == 0 &&
	       connector->enabled.known == KNOWN &&
	       strcmp(connector->enabled.value, "enabled") == 0 &&
	       (connector->dpms.known != KNOWN ||
		strcmp(connector->dpms.value, "Off") != 0);
}

enum known topo_is_lit(const struct system *system, int device, bool *lit,
		       const struct connector **connector)
{
	const struct device *self = &system->devices[device];
	bool any = false;

	*lit = false;
	if (connector)
		*connector = NULL;
	for (unsigned i = 0; i < system->connector_count; i++) {
		const struct connector *each = &system->connectors[i];
		if (each->device != device ||
		    text_starts(each->name, "Writeback"))
			continue;
		any = true;
		if (!is_lit(each))
			continue;
		*lit = true;
		if (connector)
			*connector = each;
		return KNOWN;
	}
	if (any)
		return KNOWN;
	/* The host shows nothing on a device it has handed over. */
	if (self->driver.known == KNOWN &&
	    topo_is_harmless_driver(self->driver.value))
		return KNOWN;
	return system->display_known == KNOWN ||
			       system->display_known == ABSENT ?
		       UNREAD : system->display_known;
}

enum known topo_is_boot_display(const struct system *system, int device,
				bool *boot)
{
	const struct device *self = &system->devices[device];

	*boot = false;
	for (unsigned i = 0; i < system->card_count; i++)
		if (system->cards[i].device == device &&
		    system->cards[i].boot_display.known == KNOWN &&
		    system->cards[i].boot_display.value)
			*boot = true;
	for (unsigned i = 0; i < system->bootfb_count; i++)
		for (unsigned b = 0; b < self->bar_count; b++)
			if (system->bootfbs[i].start >= self->bars[b].start &&
			    system->bootfbs[i].start <= self->bars[b].end &&
			    system->bootfbs[i].start)
				*boot = true;
	if (*boot)
		return KNOWN;
	if (self->boot_vga.known == KNOWN)
		*boot = self->boot_vga.value != 0;
	/* Display controllers that are not VGA have no such file. */
	return self->boot_vga.known;
}

enum remapping topo_remapping(const struct system *system)
{
	bool plain = false;

	if (system->host.interrupts_known != KNOWN)
		return REMAP_UNKNOWN;
	for (unsigned i = 0; i < system->host.interrupt_count; i++) {
		const char *chip = system->host.interrupts[i].chip;
		if (text_starts(chip, "IR-"))
			return REMAP_ON;
		/* The IOMMU's own interrupt is never remapped. */
		if (strstr(system->host.interrupts[i].actions, "AMD-Vi"))
			continue;
		if (text_starts(chip, "PCI-MSI") ||
		    text_starts(chip, "IO-APIC") ||
		    text_starts(chip, "HPET-MSI"))
			plain = true;
	}
	return plain ? REMAP_OFF : REMAP_UNKNOWN;
}
