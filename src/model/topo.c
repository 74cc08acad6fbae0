// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How devices stand to one another: kinds, companions, displays.  It says
 * what is, as the kernel would see it; rules say what that means.  Isolation
 * is in topo_acs.c, what makes groups in topo_join.c.
 */
#include "model/topo.h"

#include <string.h>

#include "base/buf.h"
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

static bool is_amdgpu(const char *driver)
{
	return strcmp(driver, "amdgpu") == 0;
}

static bool is_nvidia(const char *driver)
{
	return strcmp(driver, "nvidia") == 0;
}

/* Nodes that do not say of which device they are: of which drivers' they may
 * be, and what nodes of one device alone begin with. */
static const struct {
	const char *node, *own;
	bool is_start;		/* the node's name goes on */
	bool (*drives)(const char *driver);
} shared_nodes[] = {
	{ HOLDER_VFIO, "/dev/vfio/", false, topo_is_vfio_driver },
	{ "/dev/kfd", "/dev/dri/", false, is_amdgpu },
	{ "/dev/nvidia", "/dev/nvidia", true, is_nvidia },
};

static bool holds_one(const struct usage *usage, uint32_t pid,
		      const char *own)
{
	for (unsigned i = 0; i < usage->holder_count; i++)
		if (usage->holders[i].pid == pid &&
		    usage->holders[i].device != NONE &&
		    text_starts(usage->holders[i].node, own))
			return true;
	return false;
}

bool topo_may_hold(const struct system *system, const struct holder *holder,
		   int device)
{
	const struct fact_text *driver = &system->devices[device].driver;

	if (holder->device != NONE || driver->known != KNOWN)
		return holder->device == device;
	for (size_t i = 0; i < sizeof shared_nodes / sizeof *shared_nodes; i++)
		if (shared_nodes[i].is_start ?
			    text_starts(holder->node, shared_nodes[i].node) :
			    strcmp(holder->node, shared_nodes[i].node) == 0)
			return shared_nodes[i].drives(driver->value) &&
			       !holds_one(&system->usage, holder->pid,
					  shared_nodes[i].own);
	return false;
}

bool topo_is_harmless_driver(const char *name)
{
	return topo_is_vfio_driver(name) || strcmp(name, "pci-stub") == 0 ||
	       strcmp(name, "pcieport") == 0;
}

bool topo_is_uio_driver(const char *name)
{
	return strcmp(name, "uio_pci_generic") == 0 ||
	       strcmp(name, "igb_uio") == 0;
}

bool topo_waits_for_holders(const char *driver)
{
	return strcmp(driver, "nvidia") == 0 || strcmp(driver, "amdgpu") == 0;
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

enum known topo_members_known(const struct system *system,
			      const struct group *group)
{
	return known_is_settled(group->members_known) ||
			       system->devices_known == KNOWN ?
		       KNOWN : group->members_known;
}

enum known topo_is_on_root(const struct system *system, int device)
{
	const struct device *self = &system->devices[device];

	if (self->parent != NONE)
		return ABSENT;
	return self->path_known || self->address.bus == 0 ?
		       KNOWN : system->devices_known;
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
		else if (topo_is_same_slot(member, self))
			own = true;
		else if (topo_is_display(member))
			gpu = true;
		else
			other = true;
	}
	return gpu    ? GROUPING_SHARED_GPU :
	       other  ? GROUPING_SHARED_ENDPOINTS :
	       topo_members_known(system, group) != KNOWN ? GROUPING_NONE :
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

bool topo_is_same_slot(const struct device *a, const struct device *b)
{
	return a->physfn == NONE && b->physfn == NONE &&
	       bdf_same_slot(a->address, b->address);
}

static bool is_consumer(const struct device *of, const struct device *other)
{
	for (unsigned i = 0; i < of->consumer_count; i++)
		if (bdf_compare(of->consumers[i], other->address) == 0)
			return true;
	return false;
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
		    (grouped || topo_is_same_slot(self, other) ||
		     is_consumer(self, other)))
			out[count++] = (int)i;
	}
	return count;
}

const char *topo_path(const struct system *system, int device,
		      struct arena *arena)
{
	enum { DEPTH_MOST = 32 };
	int way[DEPTH_MOST];
	unsigned depth = 0;
	struct buf text = {0};

	for (int at = device; at != NONE; at = system->devices[at].parent) {
		const struct device *each = &system->devices[at];
		bool known = each->path_known &&
			     (!each->above_known || each->parent != NONE);
		if (!known || depth == DEPTH_MOST)
			return "";
		way[depth++] = at;
	}
	if (!depth)
		return "";
	struct bdf root = system->devices[way[depth - 1]].address;
	buf_printf(&text, "%04x:%02x", root.domain, root.bus);
	while (depth--) {
		struct bdf at = system->devices[way[depth]].address;
		buf_printf(&text, "/%02x.%u", at.device, at.function);
	}
	const char *path = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return path;
}

bool topo_is_connected(const struct connector *connector)
{
	return connector->status.known == KNOWN &&
	       strcmp(connector->status.value, "connected") == 0;
}

bool topo_is_connector_lit(const struct connector *connector)
{
	return topo_is_connected(connector) &&
	       connector->enabled.known == KNOWN &&
	       strcmp(connector->enabled.value, "enabled") == 0 &&
	       (connector->dpms.known != KNOWN ||
		strcmp(connector->dpms.value, "On") == 0);
}

/* The same, sure of all three; else what stood against it. */
static enum known is_surely_lit(const struct connector *connector)
{
	const struct {
		const struct fact_text *fact;
		const char *lit;
	} signs[] = {
		{ &connector->status, "connected" },
		{ &connector->enabled, "enabled" },
		{ &connector->dpms, "On" },
	};
	enum known unknown = KNOWN;

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		enum known known = signs[i].fact->known;
		if (known == KNOWN &&
		    strcmp(signs[i].fact->value, signs[i].lit) != 0)
			return ABSENT;
		/* Every connector has the three. */
		if (known != KNOWN)
			unknown = known == ABSENT ? UNREAD : known;
	}
	return unknown;
}

static bool has_card(const struct system *system, int device)
{
	for (unsigned i = 0; i < system->card_count; i++)
		if (system->cards[i].device == device)
			return true;
	return false;
}

/* Whether a display without a connector is known to light nothing: it has no
 * outputs, or nobody drives it.  KNOWN: it lights nothing. */
static enum known is_dark(const struct system *system, int device)
{
	const struct device *self = &system->devices[device];
	const char *driver = self->driver.value;
	bool boot;

	/* The host shows nothing on a device it has handed over; a 3D
	 * controller and a virtual function have no outputs. */
	if (self->driver.known == KNOWN && topo_is_harmless_driver(driver))
		return KNOWN;
	if (class_of(self) == CLASS_3D || self->physfn != NONE)
		return KNOWN;
	if (system->display_known != KNOWN)
		return system->display_known == ABSENT ?
			       UNREAD : system->display_known;
	/* The firmware may still show on what no driver has taken. */
	if (self->driver.known == ABSENT)
		return known_is_settled(topo_is_boot_display(system, device,
							     &boot)) &&
				       !boot ? KNOWN : UNREAD;
	/* NVIDIA's driver shows connectors only with modeset=1. */
	return self->driver.known == KNOWN && strcmp(driver, "nvidia") != 0 &&
			       has_card(system, device) ? KNOWN : UNREAD;
}

enum known topo_is_lit(const struct system *system, int device, bool *lit,
		       const struct connector **connector)
{
	enum known unknown = KNOWN;
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
		enum known known = is_surely_lit(each);
		if (!known_is_settled(known))
			unknown = known;
		if (known != KNOWN)
			continue;
		*lit = true;
		if (connector)
			*connector = each;
		return KNOWN;
	}
	return any ? unknown : is_dark(system, device);
}

enum known topo_has_reset(const struct device *device)
{
	if (device->reset_method.known == KNOWN)
		return *device->reset_method.value ? KNOWN : ABSENT;
	if (device->reset_file.known == KNOWN)
		return KNOWN;
	return known_is_settled(device->reset_method.known) ?
		       device->reset_file.known : device->reset_method.known;
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
	for (unsigned i = 0; i < system->sysfb_count; i++)
		if (system->sysfbs[i].device == device)
			*boot = true;
	if (*boot)
		return KNOWN;
	if (self->boot_vga.known == KNOWN)
		*boot = self->boot_vga.value != 0;
	if (self->boot_vga.known != ABSENT)
		return self->boot_vga.known;
	/* Display controllers that are not VGA have no such file, and only
	 * the firmware's framebuffer tells; but those of 3D have no outputs. */
	if (class_of(self) == CLASS_3D || self->physfn != NONE)
		return ABSENT;
	if (system->iomem_known != KNOWN)
		return system->iomem_known == ABSENT ? UNREAD :
						       system->iomem_known;
	return self->resources == KNOWN ? ABSENT : self->resources;
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
