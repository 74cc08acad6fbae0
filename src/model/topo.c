// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How devices stand to one another: kinds, companions, displays.  It says
 * what is, as the kernel would see it; rules say what that means.  Isolation
 * is in topo_acs.c, what makes groups in topo_join.c.
 */
#include "model/topo.h"

#include <string.h>

#include "base/text.h"

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

/* The kernel's variants are all named so, each with - or _ as it registered:
 * mlx5_vfio_pci, nvgrace_gpu_vfio_pci, xe-vfio-pci. */
bool topo_is_vfio_driver(const char *name)
{
	return text_ends(name, "vfio-pci") || text_ends(name, "vfio_pci");
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
