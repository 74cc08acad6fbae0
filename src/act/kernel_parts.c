// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of the model that makes and removes parts of devices: virtual
 * functions and mediated devices; and what else is written below a device's
 * folder: power/control, reset.
 *
 * Source: drivers/pci/iov.c, sriov_numvfs_store(), pci_iov_add_virtfn();
 * drivers/vfio/mdev/mdev_core.c; drivers/pci/pci.c; what kernels 6.1 and 6.12
 * were seen to do.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "act/kernel_part.h"
#include "base/num.h"
#include "base/text.h"
#include "model/grow.h"
#include "model/parts.h"
#include "model/topo.h"

enum { WALK_MOST = 64 };

/* Put another machine under the model; parts stay with their addresses. */
static void stand_on(struct kernel *kernel, struct system *system)
{
	struct part *parts = arena_array(kernel->arena,
					 system->device_count + 1u,
					 sizeof *parts);

	for (unsigned i = 0; i < system->device_count; i++) {
		int old = system_device(kernel->system,
					system->devices[i].address);
		parts[i] = old == NONE ? (struct part){
			.driver = "", .override = "", .first = "",
		} : kernel->parts[old];
	}
	kernel->parts = parts;
	kernel->system = kernel->own = system;
}

/* The machine under the model as one that may be changed. */
static struct system *own(struct kernel *kernel)
{
	if (!kernel->own)
		stand_on(kernel, system_grow(kernel->system,
					     &(struct growth){0},
					     kernel->arena));
	return kernel->own;
}

/* --- virtual functions --- */

/* Whether the kernel would give a VF a group of its own: when every bridge
 * above keeps what is below it apart. */
static enum known stands_alone(const struct system *system, int physical,
			       bool *alone)
{
	struct topo_step steps[WALK_MOST];
	unsigned count = topo_walk(system, physical, steps, WALK_MOST);

	*alone = true;
	for (unsigned i = 1; i < count; i++) {
		if (steps[i].known != KNOWN)
			return steps[i].known;
		*alone &= steps[i].isolated;
	}
	return KNOWN;
}

/* The group that a new VF gets; *fresh counts those that are new. */
static struct fact_num group_of_vf(const struct system *system, int physical,
				   unsigned *least, bool *fresh)
{
	const struct device *self = &system->devices[physical];
	bool alone;
	enum known known = stands_alone(system, physical, &alone);

	*fresh = false;
	if (self->group.known != KNOWN)
		return self->group;
	if (known != KNOWN)
		return (struct fact_num){ known, 0 };
	if (!alone)
		return system->devices[self->parent].group;
	*fresh = true;
	*least = system_free_group(system, *least);
	return (struct fact_num){ KNOWN, (int64_t)(*least)++ };
}

/* What is known of a VF before anybody looked at it: what it inherits. */
static struct device new_vf(const struct system *system, int physical)
{
	static const struct config unread;
	const struct device *self = &system->devices[physical];
	const struct fact_text no_text = { ABSENT, "" };
	const struct fact_num no_num = { ABSENT, 0 };
	bool alike = self->sriov_device.known == KNOWN &&
		     self->sriov_device.value == self->device;
	struct device vf = {
		.identity = self->identity, .class = self->class,
		.vendor = self->vendor,
		.device = (uint16_t)self->sriov_device.value,
		.subvendor = self->subvendor, .subdevice = self->subdevice,
		.driver = no_text, .driver_override = no_text,
		.modalias = { UNREAD, "" }, .modules = { UNREAD, "" },
		.iommu = self->iommu, .parent = self->parent,
		.secondary_bus = no_num, .subordinate_bus = no_num,
		.power_state = { UNREAD, "" }, .runtime_status = { UNREAD, "" },
		.runtime_control = { UNREAD, "" },
		.reset_method = { UNREAD, "" },
		.boot_vga = no_num, .numa_node = self->numa_node,
		.sriov_total = no_num, .sriov_num = no_num,
		.sriov_offset = no_num, .sriov_stride = no_num,
		.sriov_device = no_num, .sriov_autoprobe = no_num,
		.physfn = physical, .speed = { UNREAD, "" },
		.speed_max = { UNREAD, "" }, .removable = { UNREAD, "" },
		.variant = { UNREAD, "" }, .mdev = no_num, .rebar = no_num,
		.config = &unread,
	};

	if (self->sriov_device.known != KNOWN)
		vf.identity = self->sriov_device.known;
	if (alike)
		vf.modules = self->modules;
	return vf;
}

/* A VF that was there at the start comes again as what it was. */
static struct device remember_vf(const struct kernel *kernel, int physical,
				 struct bdf address)
{
	const struct system *original = kernel->original;
	int at = system_device(original, address);
	struct device vf = new_vf(kernel->system, physical);

	if (at != NONE && original->devices[at].physfn != NONE) {
		vf = original->devices[at];
		vf.driver = vf.driver_override =
			(struct fact_text){ ABSENT, "" };
		vf.parent = kernel->system->devices[physical].parent;
		vf.physfn = physical;
	}
	vf.address = address;
	return vf;
}

/* Who takes a VF when it appears. */
static void let_probe(struct kernel *kernel, int physical, int vf)
{
	const struct device *self = &kernel->system->devices[physical];
	struct part *part = &kernel->parts[vf];

	/* vfio-pci takes the VFs of a PF that a guest may have. */
	if (topo_is_vfio_driver(kernel->parts[physical].driver))
		part->override = "vfio-pci";
	if (self->sriov_autoprobe.known == KNOWN &&
	    !self->sriov_autoprobe.value)
		return;
	if (!*part->override &&
	    kernel->system->devices[vf].modules.known != KNOWN)
		part->unsure = true;
	else
		part_attach(kernel, vf);
}

static void probe_all(struct kernel *kernel, struct bdf physical)
{
	int index = system_device(kernel->system, physical);

	for (int vf = NONE; (vf = parts_next_vf(kernel->system, index, vf)) !=
			    NONE;)
		let_probe(kernel, index, vf);
}

static void make_vfs(struct kernel *kernel, int physical, unsigned count)
{
	const struct system *system = kernel->system;
	struct device *devices = arena_array(kernel->arena, count + 1u,
					     sizeof *devices);
	struct group *groups = arena_array(kernel->arena, count + 1u,
					   sizeof *groups);
	struct growth growth = { .devices = devices, .groups = groups };
	unsigned least = 0;
	bool fresh;

	for (unsigned i = 0; i < count; i++) {
		struct device *vf = &devices[growth.device_count];
		struct bdf address;
		if (!parts_vf_address(&system->devices[physical], i,
				      &address))
			break;
		*vf = remember_vf(kernel, physical, address);
		growth.device_count++;
		vf->group = group_of_vf(system, physical, &least, &fresh);
		if (fresh)
			groups[growth.group_count++] = (struct group){
				.number = (unsigned)vf->group.value,
				.name = { ABSENT, "" },
				.type = { UNREAD, "" },
				.members_known = KNOWN,
				.reserved_known = UNREAD,
			};
	}
	stand_on(kernel, system_grow(system, &growth, kernel->arena));
}

static void remove_vfs(struct kernel *kernel, int physical)
{
	const struct system *system = kernel->system;
	bool *gone = arena_array(kernel->arena, system->device_count + 1u,
				 sizeof *gone);
	const struct growth growth = { .gone = gone };

	for (int vf = NONE; (vf = parts_next_vf(system, physical, vf)) != NONE;)
		gone[vf] = true;
	stand_on(kernel, system_grow(system, &growth, kernel->arena));
}

/* Whether the removal would wait for a guest that holds a VF. */
static bool is_any_held(const struct kernel *kernel, int physical)
{
	for (int vf = NONE; (vf = parts_next_vf(kernel->system, physical,
						vf)) != NONE;)
		if (part_is_held(kernel, vf))
			return true;
	return false;
}

/* Whether the driver of a PF can be asked for VFs. */
static bool can_configure(const struct kernel *kernel, int physical)
{
	const char *driver = kernel->parts[physical].driver;
	const struct fact_num *enabled = &kernel->system->host.enable_sriov;

	if (strcmp(driver, "vfio-pci") == 0)
		return enabled->known == KNOWN && enabled->value;
	return *driver && strcmp(driver, "pci-stub") != 0 &&
	       strcmp(driver, "uio_pci_generic") != 0;
}

static int set_number(struct kernel *kernel, int index, const char *value)
{
	const struct device *self = &kernel->system->devices[index];
	struct bdf address = self->address;
	enum parts_lack lack;
	uint64_t count;

	if (self->sriov_total.known != KNOWN)
		return ENOENT;
	if (!num_parse(value, 10, &count))
		return EINVAL;
	if ((int64_t)count > self->sriov_total.value)
		return ERANGE;
	if ((int64_t)count == self->sriov_num.value)
		return 0;
	if (!can_configure(kernel, index))
		return ENOENT;
	if (count && self->sriov_num.value)
		return EBUSY;
	if (!count && is_any_held(kernel, index))
		return KERNEL_BLOCKS;
	parts_room(kernel->system, index, (unsigned)count, &lack);
	if (count && lack)
		return ENOMEM;
	if (count)
		make_vfs(kernel, index, (unsigned)count);
	else
		remove_vfs(kernel, index);
	index = system_device(kernel->system, address);
	kernel->own->devices[index].sriov_num.value = (int64_t)count;
	probe_all(kernel, address);
	return 0;
}

static int set_autoprobe(struct kernel *kernel, int index, const char *value)
{
	if (kernel->system->devices[index].sriov_autoprobe.known != KNOWN)
		return ENOENT;
	own(kernel)->devices[index].sriov_autoprobe.value =
		strcmp(value, "0") != 0;
	return 0;
}

/* --- power and reset --- */

/* Whether it then sleeps nobody can say; that it then wakes, one can.  Set
 * back to what it was, it is as it was. */
static int set_power(struct kernel *kernel, int index, const char *value)
{
	const struct device *now = &kernel->system->devices[index];
	int first = system_device(kernel->original, now->address);
	const struct fact_text unread = { UNREAD, "" };

	if (now->runtime_control.known != KNOWN)
		return ENOENT;
	if (strcmp(value, "on") != 0 && strcmp(value, "auto") != 0)
		return EINVAL;
	struct device *self = &own(kernel)->devices[index];
	const struct device *was = first == NONE ? self :
				   &kernel->original->devices[first];
	bool on = strcmp(value, "on") == 0;
	bool back = strcmp(was->runtime_control.value, value) == 0;
	self->runtime_control.value = on ? "on" : "auto";
	self->runtime_status = back ? was->runtime_status :
			       on ? (struct fact_text){ KNOWN, "active" } :
				    unread;
	self->power_state = back ? was->power_state :
			    on ? (struct fact_text){ KNOWN, "D0" } : unread;
	self->asleep = back ? was->asleep : !on && was->asleep;
	return 0;
}

static int reset(const struct kernel *kernel, int index, const char *value)
{
	const char *method;
	enum known known;

	if (kernel->system->devices[index].reset_file.known != KNOWN)
		return ENOENT;
	if (strcmp(value, "1") != 0)
		return EINVAL;
	known = parts_reset(kernel->system, index, kernel->arena, &method);
	return known == ABSENT ? ENOTTY : 0;
}

int parts_write(struct kernel *kernel, int device, const char *name,
		const char *value)
{
	if (strcmp(name, "sriov_numvfs") == 0)
		return set_number(kernel, device, value);
	if (strcmp(name, "sriov_drivers_autoprobe") == 0)
		return set_autoprobe(kernel, device, value);
	if (strcmp(name, "power/control") == 0)
		return set_power(kernel, device, value);
	if (strcmp(name, "reset") == 0)
		return reset(kernel, device, value);
	return ENOENT;
}

bool parts_read(const struct kernel *kernel, int device, const char *name,
		const char **value)
{
	const struct device *self = &kernel->system->devices[device];
	const struct fact_num *number =
		strcmp(name, "sriov_numvfs") == 0 ? &self->sriov_num :
		strcmp(name, "sriov_drivers_autoprobe") == 0 ?
			&self->sriov_autoprobe : NULL;

	if (number && number->known == KNOWN) {
		*value = arena_printf(kernel->arena, "%lld",
				      (long long)number->value);
		return true;
	}
	*value = self->runtime_control.value;
	return strcmp(name, "power/control") == 0 &&
	       self->runtime_control.known == KNOWN;
}

/* --- mediated devices --- */

/* A parent on PCI shows how many it made. */
static void count_items(struct kernel *kernel, int parent)
{
	const struct mdevs *mdevs = &kernel->own->mdevs;
	int device = mdevs->parents[parent].device;
	int64_t count = 0;

	if (device == NONE ||
	    kernel->own->devices[device].mdev_count.known != KNOWN)
		return;
	for (unsigned i = 0; i < mdevs->item_count; i++)
		count += mdevs->items[i].parent == parent;
	kernel->own->devices[device].mdev_count.value = count;
}

/* Parents share what they have among their types: what is left of the others
 * then, only they know. */
static void count_types(struct kernel *kernel, int parent)
{
	struct mdevs *mdevs = &kernel->own->mdevs;
	const struct mdevs *was = &kernel->original->mdevs;
	struct mdev_type *types = arena_array(
		kernel->arena, mdevs->type_count + 1u, sizeof *types);

	for (unsigned i = 0; i < mdevs->type_count; i++) {
		int64_t more = 0, others = 0;
		types[i] = mdevs->types[i];
		if (types[i].parent != parent)
			continue;
		for (unsigned k = 0; k < mdevs->item_count; k++) {
			bool mine = strcmp(mdevs->items[k].type.value,
					   types[i].id) == 0;
			if (mdevs->items[k].parent == parent)
				*(mine ? &more : &others) += 1;
		}
		for (unsigned k = 0; k < was->item_count; k++) {
			bool mine = strcmp(was->items[k].type.value,
					   types[i].id) == 0;
			if (was->items[k].parent == parent)
				*(mine ? &more : &others) -= 1;
		}
		types[i].available = was->types[i].available;
		if (others)
			types[i].available = (struct fact_num){ UNREAD, 0 };
		else
			types[i].available.value -= more;
	}
	mdevs->types = types;
	count_items(kernel, parent);
}

static void keep_items(struct kernel *kernel, const char *without,
		       const struct mdev *more)
{
	struct mdevs *mdevs = &own(kernel)->mdevs;
	struct mdev *items = arena_array(kernel->arena,
					 mdevs->item_count + 2u,
					 sizeof *items);
	unsigned count = 0;

	for (unsigned i = 0; i < mdevs->item_count; i++) {
		if (more && strcmp(more->uuid, mdevs->items[i].uuid) < 0) {
			items[count++] = *more;
			more = NULL;
		}
		if (!without || strcmp(mdevs->items[i].uuid, without) != 0)
			items[count++] = mdevs->items[i];
	}
	if (more)
		items[count++] = *more;
	mdevs->items = items;
	mdevs->item_count = count;
	mdevs->items_known = KNOWN;
}

/* The driver that has others of the same parent has the new one too. */
static struct fact_text driver_like(const struct mdevs *mdevs, int parent)
{
	for (unsigned i = 0; i < mdevs->item_count; i++)
		if (mdevs->items[i].parent == parent)
			return mdevs->items[i].driver;
	return (struct fact_text){ UNREAD, "" };
}

static int create(struct kernel *kernel, int type, const char *uuid)
{
	const struct mdev_type *self = &kernel->system->mdevs.types[type];
	int parent = self->parent;

	if (!text_is_uuid(uuid))
		return EINVAL;
	if (parts_mdev(kernel->system, uuid) != NONE)
		return EEXIST;
	if (self->available.known == KNOWN && self->available.value <= 0)
		return EUSERS;
	struct member *member = arena_alloc(kernel->arena, sizeof *member);
	*member = (struct member){ arena_text(kernel->arena, uuid), NONE };
	const struct group group = {
		.number = system_free_group(kernel->system, 0),
		.name = { UNREAD, "" }, .type = { UNREAD, "" },
		.members_known = KNOWN, .members = member, .member_count = 1,
		.reserved_known = UNREAD,
	};
	const struct mdev mdev = {
		.uuid = member->name, .parent = parent,
		.type = { KNOWN, self->id },
		.driver = driver_like(&kernel->system->mdevs, parent),
		.group = { KNOWN, group.number },
	};
	const struct growth growth = { .groups = &group, .group_count = 1 };
	stand_on(kernel, system_grow(kernel->system, &growth, kernel->arena));
	keep_items(kernel, NULL, &mdev);
	count_types(kernel, parent);
	return 0;
}

static int remove_mdev(struct kernel *kernel, const char *uuid)
{
	int index = parts_mdev(kernel->system, uuid);

	if (index == NONE)
		return ENOENT;
	const struct mdev *mdev = &kernel->system->mdevs.items[index];
	int parent = mdev->parent;
	if (parts_mdev_holder(kernel->system, mdev))
		return KERNEL_BLOCKS;
	const struct growth growth = { .strangers = &mdev->uuid,
				       .stranger_count = 1 };
	stand_on(kernel, system_grow(kernel->system, &growth, kernel->arena));
	keep_items(kernel, uuid, NULL);
	if (parent != NONE)
		count_types(kernel, parent);
	return 0;
}

/* "…/NAME/mdev_supported_types/TYPE/create" */
static int type_of_path(const struct system *system, const char *path)
{
	for (unsigned i = 0; i < system->mdevs.type_count; i++) {
		const struct mdev_type *type = &system->mdevs.types[i];
		char end[192];
		snprintf(end, sizeof end, "/%s/mdev_supported_types/%s/create",
			 system->mdevs.parents[type->parent].name, type->id);
		if (text_ends(path, end))
			return (int)i;
	}
	return NONE;
}

bool mdev_is_path(const char *path)
{
	return text_starts(path, PART_MDEVS) ||
	       strstr(path, "/mdev_supported_types/");
}

int mdev_write(struct kernel *kernel, const char *path, const char *value)
{
	char uuid[64];

	if (!text_starts(path, PART_MDEVS)) {
		int type = type_of_path(kernel->system, path);
		return type == NONE ? ENOENT : create(kernel, type, value);
	}
	path += sizeof PART_MDEVS - 1;
	if (!part_take(&path, uuid, sizeof uuid) ||
	    strcmp(path, "remove") != 0)
		return ENOENT;
	return remove_mdev(kernel, uuid);
}

bool mdev_look(const struct kernel *kernel, const struct expect *expect,
	       char *seen, size_t size)
{
	const char *uuid = expect->path + sizeof PART_MDEVS - 1;
	bool there = parts_mdev(kernel->system, uuid) != NONE;

	snprintf(seen, size, "%.40s", there ? uuid : "");
	return expect->kind == EXPECT_EXISTS ? there :
	       expect->kind == EXPECT_DRIVER &&
		       strcmp(seen, expect->value) == 0;
}
