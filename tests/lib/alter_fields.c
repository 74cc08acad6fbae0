// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Edits of alter.c that name a field of a struct: of the host, devices, units,
 * groups.
 */
#include "alter_part.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

enum kind { TEXT, NUM };

struct field {
	const char *name;
	enum kind kind;
	size_t offset;
};

#define FIELD(type, kind, name) { #name, kind, offsetof(struct type, name) }

static const struct field host_fields[] = {
	FIELD(host, TEXT, release), FIELD(host, TEXT, distribution),
	FIELD(host, TEXT, architecture), FIELD(host, TEXT, cpu_vendor),
	FIELD(host, NUM, cpu_flags), FIELD(host, TEXT, dmi_vendor),
	FIELD(host, TEXT, dmi_product), FIELD(host, TEXT, xen_capabilities),
	FIELD(host, TEXT, hypervisor), FIELD(host, TEXT, container),
	FIELD(host, NUM, kvm), FIELD(host, TEXT, vfio_module),
	FIELD(host, NUM, unsafe_type1), FIELD(host, NUM, unsafe_iommufd),
	FIELD(host, NUM, noiommu_mode), FIELD(host, NUM, enable_sriov),
	FIELD(host, NUM, lockdown),
	FIELD(host, NUM, dmesg_restrict), FIELD(host, TEXT, grub_line),
	FIELD(host, TEXT, kernel_line), FIELD(host, TEXT, type1_module),
	FIELD(host, NUM, devicetree), FIELD(host, NUM, devicetree_smmu),
	FIELD(host, NUM, apicv), FIELD(host, NUM, avic),
	FIELD(host, NUM, memory_bytes), FIELD(host, NUM, memlock_bytes),
	FIELD(host, NUM, capabilities), FIELD(host, NUM, secure_boot),
	FIELD(host, TEXT, sleep_states), FIELD(host, TEXT, numa_nodes),
	FIELD(host, NUM, chassis), FIELD(host, NUM, battery),
	{ 0 },
};

static const struct field device_fields[] = {
	FIELD(device, TEXT, driver), FIELD(device, TEXT, driver_override),
	FIELD(device, TEXT, modules), FIELD(device, NUM, group),
	FIELD(device, TEXT, power_state), FIELD(device, TEXT, runtime_status),
	FIELD(device, TEXT, reset_method), FIELD(device, NUM, reset_file),
	FIELD(device, NUM, boot_vga), FIELD(device, NUM, numa_node),
	FIELD(device, NUM, irq), FIELD(device, NUM, msi_bus),
	FIELD(device, NUM, sriov_total), FIELD(device, NUM, sriov_num),
	FIELD(device, NUM, sriov_offset), FIELD(device, NUM, sriov_stride),
	FIELD(device, NUM, sriov_device), FIELD(device, NUM, sriov_autoprobe),
	FIELD(device, TEXT, runtime_control),
	FIELD(device, NUM, d3cold_allowed),
	FIELD(device, TEXT, speed), FIELD(device, TEXT, speed_max),
	FIELD(device, NUM, width), FIELD(device, NUM, width_max),
	FIELD(device, TEXT, removable), FIELD(device, NUM, config_size),
	FIELD(device, NUM, builtin), FIELD(device, TEXT, variant),
	FIELD(device, NUM, mdev), FIELD(device, NUM, rebar),
	FIELD(device, NUM, revision),
	{ 0 },
};

static const struct field group_fields[] = {
	FIELD(group, TEXT, type), FIELD(group, TEXT, name), { 0 },
};

static const struct field unit_fields[] = {
	FIELD(unit, NUM, cap), FIELD(unit, NUM, ecap),
	FIELD(unit, NUM, features), { 0 },
};

static bool set_field(const struct field *fields, void *base, const char *name,
		      const char *value)
{
	for (; fields->name; fields++) {
		if (strcmp(fields->name, name) != 0)
			continue;
		void *at = (char *)base + fields->offset;
		enum known known = edit_state(value);
		if (fields->kind == TEXT)
			*(struct fact_text *)at = (struct fact_text){
				known, known == KNOWN ? value : "",
			};
		else
			*(struct fact_num *)at = (struct fact_num){
				known, known == KNOWN ? edit_number(value) : 0,
			};
		return true;
	}
	return false;
}

static void edit_dmar(const struct edit *edit)
{
	struct dmar *dmar = &edit->system->host.dmar;
	bool value = edit_number(edit->words[2]) != 0;

	if (dmar->known != KNOWN)
		*dmar = (struct dmar){ .known = KNOWN, .intr_remap = true };
	if (strcmp(edit->words[1], "intr_remap") == 0)
		dmar->intr_remap = value;
	else if (strcmp(edit->words[1], "remap_optout") == 0)
		dmar->remap_optout = value;
	else if (strcmp(edit->words[1], "x2apic_optout") == 0)
		dmar->x2apic_optout = value;
	else
		err_die("no such flag: %s", edit->words[1]);
}

static void edit_host(const struct edit *edit)
{
	if (!set_field(host_fields, &edit->system->host, edit->words[1],
		       edit->rest[1]))
		err_die("no such field: host %s", edit->words[1]);
}

static void edit_vfio(const struct edit *edit)
{
	struct vfio *vfio = &edit->system->vfio;
	const char *value = edit->words[2];
	struct fact_num fact = { edit_state(value), edit_state(value) == KNOWN
							    ? edit_number(value)
							    : 0 };

	if (strcmp(edit->words[1], "loaded") == 0) {
		vfio->pci_driver = fact;
	} else if (strcmp(edit->words[1], "iommufd") == 0) {
		vfio->iommufd = fact;
	} else if (strcmp(edit->words[1], "extensions") == 0) {
		vfio->extensions_known = fact.known;
		vfio->extensions = (uint32_t)fact.value;
	} else if (strcmp(edit->words[1], "nodes") == 0) {
		const char **nodes = arena_array(edit->system->arena, WORDS,
						 sizeof *nodes);
		vfio->nodes_known = edit_state(value);
		vfio->node_count = 0;
		for (unsigned i = 2; i < edit->count &&
		     vfio->nodes_known == KNOWN; i++)
			nodes[vfio->node_count++] = edit->words[i];
		vfio->nodes = nodes;
	} else {
		err_die("no such field: vfio %s", edit->words[1]);
	}
}

/* A node of a single device. */
static void edit_cdev(const struct edit *edit)
{
	struct vfio *vfio = &edit->system->vfio;
	struct arena *arena = edit->system->arena;
	struct vfio_device *device = arena_alloc(arena, sizeof *device);
	struct node_access *access = arena_alloc(arena, sizeof *access);

	vfio->devices_known = edit_state(edit->words[1]);
	vfio->cdevs_known = KNOWN;
	if (vfio->devices_known != KNOWN)
		return;
	*device = (struct vfio_device){ .name = edit->words[2], .owner = "",
					.device = edit_device(edit, 1) };
	*access = (struct node_access){
		.node = arena_printf(arena, "/dev/vfio/devices/%s",
				     edit->words[2]),
		.mode = { KNOWN, 0600 },
	};
	vfio->devices = device;
	vfio->device_count = 1;
	vfio->access = access;
	vfio->access_count = 1;
}

/* What the loaded module says of it. */
static void edit_denylist(const struct edit *edit)
{
	struct module_parameter *parameter =
		arena_alloc(edit->system->arena, sizeof *parameter);

	*parameter = (struct module_parameter){
		"vfio_pci", "disable_denylist", edit_text(edit, 1),
	};
	edit->system->vfio.parameters = parameter;
	edit->system->vfio.parameter_count = 1;
}

/* Fields of config space that rules look at. */
static bool set_config(struct config *config, const char *name,
		       const char *value)
{
	int64_t n = edit_number(value);

	if (strcmp(name, "config") == 0)
		config->header = config->caps = config->ecaps =
			edit_state(value);
	else if (strcmp(name, "caps") == 0)
		config->caps = config->ecaps = edit_state(value);
	else if (strcmp(name, "live_vendor") == 0)
		config->vendor = config->device = (uint16_t)n;
	else if (strcmp(name, "msi") == 0)
		config->has_msi = n != 0;
	else if (strcmp(name, "pin") == 0)
		config->interrupt_pin = (uint8_t)n;
	else if (strcmp(name, "devcap2") == 0)
		config->devcap2 = (uint32_t)n;
	else if (strcmp(name, "ats") == 0)
		config->has_ats = n != 0;
	else if (strcmp(name, "header") == 0)
		config->header = edit_state(value);
	else
		return false;
	return true;
}

static void edit_dev(const struct edit *edit)
{
	struct device *device = edit_target(edit, 1);
	const char *name = edit->words[2], *value = edit->rest[2];
	struct config *config = (void *)(uintptr_t)device->config;

	if (strcmp(name, "class") == 0) {
		device->class = (uint32_t)edit_number(value);
	} else if (strcmp(name, "sub") == 0) {
		device->subvendor = (uint16_t)(edit_number(value) >> 16);
		device->subdevice = (uint16_t)edit_number(value);
	} else if (strcmp(name, "id") == 0) {
		device->vendor = (uint16_t)(edit_number(value) >> 16);
		device->device = (uint16_t)edit_number(value);
	} else if (strcmp(name, "identity") == 0) {
		device->identity = edit_state(value);
	} else if (strcmp(name, "asleep") == 0) {
		device->asleep = true;
		config->header = config->caps = config->ecaps = ASLEEP;
		device->speed.known = device->speed_max.known = ASLEEP;
		device->width.known = device->width_max.known = ASLEEP;
		device->power_state = (struct fact_text){ KNOWN, "D3cold" };
		device->runtime_status =
			(struct fact_text){ KNOWN, "suspended" };
	} else if (strcmp(name, "silent") == 0) {
		device->silent = edit_number(value) != 0;
	} else if (strcmp(name, "domain") == 0) {
		device->address.domain = (uint32_t)edit_number(value);
	} else if (strcmp(name, "mdevs") == 0) {
		device->mdev = (struct fact_num){ KNOWN, 1 };
		device->mdev_count = (struct fact_num){
			edit_state(value),
			edit_state(value) == KNOWN ? edit_number(value) : 0
		};
	} else if (strcmp(name, "child") == 0) {
		device->first_child = (int)edit_number(value);
	} else if (strcmp(name, "physfn") == 0) {
		struct bdf address;
		device->physfn = bdf_parse(value, &address) ?
			system_device(edit->system, address) :
			(int)edit_number(value);
	} else if (strcmp(name, "resources") == 0) {
		device->resources = edit_state(value);
		device->bar_count = 0;
	} else if (!set_field(device_fields, device, name, value) &&
		   !set_config(config, name, value)) {
		err_die("no such field: dev %s", name);
	}
}

static void edit_unit(const struct edit *edit)
{
	if (!edit->system->unit_count ||
	    !set_field(unit_fields, &edit->system->units[0], edit->words[1],
		       edit->words[2]))
		err_die("no such field: unit %s", edit->words[1]);
}

static void edit_group(const struct edit *edit)
{
	int at = system_group(edit->system,
			      (unsigned)edit_number(edit->words[1]));

	if (at == NONE)
		err_die("no such group: %s", edit->words[1]);
	struct group *group = &edit->system->groups[at];
	const char *name = edit->words[2], *value = edit->words[3];
	if (strcmp(name, "members") == 0) {
		group->members_known = edit_state(value);
	} else if (strcmp(name, "reserved") == 0) {
		struct reserved *range =
			arena_alloc(edit->system->arena, sizeof *range);
		*range = (struct reserved){ 0x1000, 0x1fff, value };
		group->reserved_known = edit_state(value);
		group->reserved = range;
		group->reserved_count = group->reserved_known == KNOWN;
	} else if (!set_field(group_fields, group, name, value)) {
		err_die("no such field: group %s", name);
	}
}

const struct edit_row alter_fields[] = {
	{ "dmar", 3, edit_dmar }, { "host", 3, edit_host },
	{ "cdev", 3, edit_cdev }, { "denylist-off", 2, edit_denylist },
	{ "vfio", 3, edit_vfio }, { "dev", 4, edit_dev },
	{ "unit", 3, edit_unit }, { "group", 4, edit_group }, { 0 },
};
