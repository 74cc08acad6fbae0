// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parts of devices: where a virtual function is, whether there is room for
 * more, what a mediated device is called.  Nothing is made here, and nothing
 * judged.
 *
 * Source: drivers/pci/iov.c; drivers/vfio/mdev/; drivers/pci/pci.c.
 */
#include "model/parts.h"

#include <string.h>

#include "base/text.h"
#include "model/ids.h"
#include "model/topo.h"

enum {
	NO_ADDRESS = 0x20000000,	/* IORESOURCE_UNSET */
	VF_MOST = 0xffff,
};

/* Bus, device and function as one number: a routing id. */
static unsigned routing_id(struct bdf address)
{
	return (unsigned)address.bus << 8 | (unsigned)address.device << 3 |
	       address.function;
}

static bool vf_id(const struct device *physical, unsigned number,
		  uint64_t *id)
{
	const struct fact_num *offset = &physical->sriov_offset;
	const struct fact_num *stride = &physical->sriov_stride;

	if (offset->known != KNOWN || stride->known != KNOWN ||
	    offset->value <= 0 || offset->value > VF_MOST ||
	    stride->value < 0 || stride->value > VF_MOST || number > VF_MOST ||
	    (number && !stride->value))
		return false;
	*id = routing_id(physical->address) + (uint64_t)offset->value +
	      (uint64_t)stride->value * number;
	return true;
}

bool parts_vf_address(const struct device *physical, unsigned number,
		      struct bdf *address)
{
	uint64_t id;

	if (!vf_id(physical, number, &id) || id > 0xffff)
		return false;
	*address = (struct bdf){
		.domain = physical->address.domain, .bus = (uint8_t)(id >> 8),
		.device = (uint8_t)(id >> 3 & 0x1f),
		.function = (uint8_t)(id & 7),
	};
	return true;
}

int parts_vf_number(const struct device *physical, struct bdf address)
{
	struct bdf first;
	int64_t stride = physical->sriov_stride.value;

	if (!parts_vf_address(physical, 0, &first) ||
	    first.domain != address.domain)
		return NONE;
	int64_t far = (int64_t)routing_id(address) - routing_id(first);
	if (far < 0 || (stride ? far % stride : far) != 0)
		return NONE;
	return stride ? (int)(far / stride) : 0;
}

int parts_next_vf(const struct system *system, int physical, int after)
{
	for (int i = after + 1; i < (int)system->device_count; i++)
		if (system->devices[i].physfn == physical)
			return i;
	return NONE;
}

/* The last bus that a VF could be on: what the bridge above passes on. */
static enum known last_bus(const struct system *system,
			   const struct device *physical, int64_t *bus)
{
	if (physical->parent == NONE) {
		*bus = 0xff;
		return physical->path_known ? KNOWN : UNREAD;
	}
	*bus = system->devices[physical->parent].subordinate_bus.value;
	return system->devices[physical->parent].subordinate_bus.known;
}

enum known parts_room(const struct system *system, int physical,
		      unsigned count, enum parts_lack *why)
{
	const struct device *self = &system->devices[physical];
	uint64_t id;
	int64_t bus = 0;

	*why = LACKS_NOTHING;
	if (self->resources != KNOWN)
		return self->resources;
	for (unsigned i = 0; i < self->vf_bar_count; i++)
		if (!self->vf_bars[i].start ||
		    self->vf_bars[i].flags & NO_ADDRESS)
			*why = LACKS_MEMORY;
	if (*why)
		return ABSENT;
	if (!count)
		return KNOWN;
	if (!vf_id(self, count - 1, &id))
		return self->sriov_offset.known == KNOWN ?
			       self->sriov_stride.known == KNOWN ?
			       MALFORMED : self->sriov_stride.known :
			       self->sriov_offset.known;
	enum known known = last_bus(system, self, &bus);
	if (known != KNOWN)
		return known;
	*why = (int64_t)(id >> 8) > bus ? LACKS_BUSES : LACKS_NOTHING;
	return *why ? ABSENT : KNOWN;
}

int parts_parent(const struct system *system, const char *name)
{
	const struct mdevs *mdevs = &system->mdevs;
	struct bdf address;
	int device = bdf_parse(name, &address) ?
			     system_device(system, address) : NONE;

	for (unsigned i = 0; i < mdevs->parent_count; i++)
		if (strcmp(mdevs->parents[i].name, name) == 0 ||
		    (device != NONE && mdevs->parents[i].device == device))
			return (int)i;
	return NONE;
}

int parts_type(const struct system *system, int parent, const char *id)
{
	const struct mdevs *mdevs = &system->mdevs;

	for (unsigned i = 0; i < mdevs->type_count; i++)
		if (mdevs->types[i].parent == parent &&
		    strcmp(mdevs->types[i].id, id) == 0)
			return (int)i;
	return NONE;
}

int parts_mdev(const struct system *system, const char *uuid)
{
	const struct mdevs *mdevs = &system->mdevs;

	for (unsigned i = 0; i < mdevs->item_count; i++)
		if (strcmp(mdevs->items[i].uuid, uuid) == 0)
			return (int)i;
	return NONE;
}

const struct holder *parts_mdev_holder(const struct system *system,
				       const struct mdev *mdev)
{
	static const char node[] = "/dev/vfio/";
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->holder_count &&
			     mdev->group.known == KNOWN; i++) {
		struct arena scratch = {0};
		const char *number = arena_printf(
			&scratch, "%lld", (long long)mdev->group.value);
		bool same = text_starts(usage->holders[i].node, node) &&
			    strcmp(usage->holders[i].node + sizeof node - 1,
				   number) == 0;
		arena_free(&scratch);
		if (same)
			return &usage->holders[i];
	}
	return NULL;
}

const struct uio *parts_uio(const struct system *system, int device)
{
	for (unsigned i = 0; i < system->uio_count; i++)
		if (system->uios[i].device == device)
			return &system->uios[i];
	return NULL;
}

/* Whether another function is on the bus of a device, itself apart; without
 * a bridge above the bus cannot be reset at all. */
static bool has_neighbours(const struct system *system, int device)
{
	const struct device *self = &system->devices[device];

	if (self->parent == NONE)
		return true;
	for (int at = system->devices[self->parent].first_child; at != NONE;
	     at = system->devices[at].next_sibling)
		if (at != device &&
		    system->devices[at].address.bus == self->address.bus)
			return true;
	return false;
}

/* A slot that hot-plugs can be reset although others are on its bus, where
 * its card has one function; which slot does is told nowhere. */
static enum known can_reset_bus(const struct system *system, int device)
{
	const struct device *self = &system->devices[device];

	if (ids_have(IDS_NO_BUS_RESET, self))
		return ABSENT;
	if (!has_neighbours(system, device))
		return KNOWN;
	return topo_is_multifunction(system, self) ? ABSENT : UNREAD;
}

/* A bus goes with everything below it. */
static bool bus_survives(const struct system *system, int bridge)
{
	if (ids_have(IDS_NO_BUS_RESET, &system->devices[bridge]))
		return false;
	for (int at = system->devices[bridge].first_child; at != NONE;
	     at = system->devices[at].next_sibling)
		if (!bus_survives(system, at))
			return false;
	return true;
}

bool parts_can_reset_bus(const struct system *system, int device)
{
	int bridge = system->devices[device].parent;

	return bridge != NONE && bus_survives(system, bridge);
}

enum known parts_reset(const struct system *system, int device,
		       struct arena *arena, const char **method)
{
	const struct device *self = &system->devices[device];
	const char *at = self->reset_method.value;

	*method = "";
	if (self->reset_file.known != KNOWN)
		return self->reset_file.known;
	if (self->reset_method.known != KNOWN)
		return KNOWN;
	for (size_t len; (len = strcspn(at, " ")) > 0; at += len) {
		*method = arena_copy(arena, at, len);
		enum known known = strcmp(*method, "bus") == 0 ?
			can_reset_bus(system, device) : KNOWN;
		if (known != ABSENT)
			return known;
		len += strspn(at + len, " ");
	}
	return ABSENT;
}
