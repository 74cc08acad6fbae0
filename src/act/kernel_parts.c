// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of the model that makes and removes virtual functions, and what
 * else is written below a device's folder: power/control, reset.  Mediated
 * devices are in kernel_mdev.c.
 *
 * Source: drivers/pci/iov.c, sriov_numvfs_store(), pci_iov_add_virtfn();
 * drivers/pci/pci.c; what kernels 6.1 and 6.12 were seen to do.
 */
#include <errno.h>
#include <string.h>

#include "act/kernel_part.h"
#include "base/num.h"
#include "base/text.h"
#include "model/grow.h"
#include "model/parts.h"
#include "model/topo.h"

enum { WALK_MOST = 64 };

void part_stand(struct kernel *kernel, struct system *system)
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

struct system *part_own(struct kernel *kernel)
{
	if (!kernel->own)
		part_stand(kernel, system_grow(kernel->system,
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
	part_stand(kernel, system_grow(system, &growth, kernel->arena));
}

static void remove_vfs(struct kernel *kernel, int physical)
{
	const struct system *system = kernel->system;
	bool *gone = arena_array(kernel->arena, system->device_count + 1u,
				 sizeof *gone);
	const struct growth growth = { .gone = gone };

	for (int vf = NONE; (vf = parts_next_vf(system, physical, vf)) != NONE;)
		gone[vf] = true;
	part_stand(kernel, system_grow(system, &growth, kernel->arena));
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
	part_own(kernel)->devices[index].sriov_autoprobe.value =
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
	struct device *self = &part_own(kernel)->devices[index];
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
