// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Machines altered by words.  A small table-driven language for tests; what
 * a machine is, it takes from the model.
 */
#include "alter_part.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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
	{ 0 },
};

static const struct field group_fields[] = {
	FIELD(group, TEXT, type), FIELD(group, TEXT, name), { 0 },
};

static const struct field unit_fields[] = {
	FIELD(unit, NUM, cap), FIELD(unit, NUM, ecap),
	FIELD(unit, NUM, features), { 0 },
};

enum known edit_state(const char *value)
{
	return strcmp(value, "?") == 0 ? DENIED :
	       strcmp(value, "-") == 0 ? ABSENT : KNOWN;
}

int64_t edit_number(const char *value)
{
	return strtoll(value, NULL, 0);
}

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

static struct device *device_at(const struct edit *edit, unsigned word)
{
	struct bdf address;

	if (!bdf_parse(edit->words[word], &address))
		err_die("no address: %s", edit->words[word]);
	int at = system_device(edit->system, address);
	if (at == NONE)
		err_die("no such device: %s", edit->words[word]);
	return &edit->system->devices[at];
}

static void edit_groups(const struct edit *edit)
{
	struct system *system = edit->system;
	const char *how = edit->words[1];
	bool unknown = strcmp(how, "?") == 0;

	system->group_count = system->unit_count = 0;
	system->groups_known = unknown ? UNREAD :
			       strcmp(how, "missing") == 0 ? ABSENT : KNOWN;
	system->units_known = unknown ? UNREAD : KNOWN;
	for (unsigned i = 0; i < system->device_count; i++) {
		struct device *device = &system->devices[i];
		device->group_index = device->unit_index = NONE;
		device->group = (struct fact_num){ unknown ? UNREAD : ABSENT,
						   0 };
	}
}

static void edit_cmdline(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct arena *arena = edit->system->arena;
	const char *text = edit->count > 1 ? edit->rest[0] : "";

	host->cmdline = (struct fact_text){ edit_state(text), text };
	host->parameters = NULL;
	host->parameter_count = 0;
	if (host->cmdline.known != KNOWN)
		return;
	struct parameter *list = arena_array(arena, 16, sizeof *list);
	host->parameters = list;
	for (char *word = strtok(arena_text(arena, text), " ");
	     word && host->parameter_count < 16; word = strtok(NULL, " ")) {
		char *value = strchr(word, '=');
		if (value)
			*value++ = '\0';
		list[host->parameter_count++] =
			(struct parameter){ word, value };
	}
}

static void edit_log(const struct edit *edit)
{
	struct log *log = &edit->system->host.log;

	if (strcmp(edit->rest[0], "?") == 0) {
		*log = (struct log){ .known = DENIED };
	} else if (strcmp(edit->rest[0], "none") == 0) {
		*log = (struct log){ .known = UNREAD };
	} else if (strcmp(edit->rest[0], "cut") == 0) {
		log->begun = log->complete = false;
	} else {
		struct log_line *lines =
			arena_array(edit->system->arena, log->count + 1,
				    sizeof *lines);
		if (log->count)
			memcpy(lines, log->lines, log->count * sizeof *lines);
		lines[log->count++].text = edit->rest[0];
		log->lines = lines;
		log->known = KNOWN;
	}
}

/* As the reader has it: a table that a list of them lacks is absent.  Not so
 * DMAR, whose units a made machine has whatever its maker. */
static void settle_tables(struct system *system)
{
	struct host *host = &system->host;
	const struct {
		const char *name;
		enum known *known;
	} decoded[] = {
		{ "IVRS", &host->ivrs.known }, { "VIOT", &host->viot.known },
		{ "IORT", &host->iort.known },
	};

	for (size_t i = 0; i < sizeof decoded / sizeof *decoded; i++) {
		enum known *known = decoded[i].known;
		if (host->tables_known == KNOWN &&
		    system_has_table(system, decoded[i].name) == ABSENT)
			*known = ABSENT;
		else if (*known == ABSENT)
			*known = UNREAD;
	}
}

static void edit_table(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct acpi_name *names = arena_array(
		edit->system->arena, host->table_count + 1u, sizeof *names);
	const char *word = edit->words[1];
	unsigned count = 0;

	if (*word == '?' || strcmp(word, "-") == 0) {
		host->tables_known = *word == '?' ? UNREAD : ABSENT;
		host->table_count = 0;
		settle_tables(edit->system);
		return;
	}
	for (unsigned i = 0; i < host->table_count; i++)
		if (strcmp(host->tables[i].name, word + 1) != 0)
			names[count++] = host->tables[i];
	if (*word == '+')
		names[count++] = (struct acpi_name){ word + 1, DENIED };
	host->tables = names;
	host->table_count = count;
	settle_tables(edit->system);
}

static void edit_cfg(const struct edit *edit)
{
	struct kconfig *kconfig = &edit->system->host.kconfig;

	if (edit_state(edit->words[1]) != KNOWN) {
		kconfig->known = *edit->words[1] == '-' ? ABSENT : UNREAD;
		return;
	}
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		if (strcmp(symbol_name(i) + strlen("CONFIG_"),
			   edit->words[1]) == 0) {
			kconfig->value[i] = edit->words[2][0];
			return;
		}
	err_die("no such symbol: %s", edit->words[1]);
}

static void edit_irq(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct interrupt *line = arena_alloc(edit->system->arena, sizeof *line);

	host->interrupts_known = edit_state(edit->words[1]);
	host->interrupt_count = 0;
	if (host->interrupts_known != KNOWN)
		return;
	*line = (struct interrupt){ "24", edit->words[1], edit->rest[1], 9,
				    NONE };
	host->interrupts = line;
	host->interrupt_count = 1;
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

static void edit_trace(const struct edit *edit)
{
	static const char *const names[TRACE_COUNT] = {
		[TRACE_OSTREE] = "ostree", [TRACE_NIXOS] = "nixos",
		[TRACE_PROXMOX] = "proxmox",
		[TRACE_PROXMOX_BOOT_TOOL] = "proxmox-boot-tool",
		[TRACE_DEFAULT_GRUB] = "default-grub",
		[TRACE_GRUBBY] = "grubby", [TRACE_BLS] = "bls",
		[TRACE_BLS_EFI] = "bls-efi",
		[TRACE_KERNEL_CMDLINE] = "kernel-cmdline",
		[TRACE_UPDATE_GRUB] = "update-grub",
	};
	struct fact_num *traces = edit->system->host.trace;

	for (unsigned i = 0; i < TRACE_COUNT; i++) {
		if (strcmp(edit->words[1], "none") == 0)
			traces[i] = (struct fact_num){ ABSENT, 0 };
		else if (strcmp(edit->words[1], names[i]) == 0)
			traces[i] = (struct fact_num){ KNOWN, 1 };
	}
}

static void edit_vfio(const struct edit *edit)
{
	struct vfio *vfio = &edit->system->vfio;
	const char *value = edit->words[2];
	struct fact_num fact = { edit_state(value),
				 edit_state(value) == KNOWN ? edit_number(value) : 0 };

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

/* Fields of config space that rules look at. */
static bool set_config(struct config *config, const char *name,
		       const char *value)
{
	int64_t n = edit_number(value);

	if (strcmp(name, "config") == 0)
		config->header = config->caps = config->ecaps = edit_state(value);
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
	struct device *device = device_at(edit, 1);
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
			edit_state(value), edit_state(value) == KNOWN ? edit_number(value) :
							      0 };
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
	int at = system_group(edit->system, (unsigned)edit_number(edit->words[1]));

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

int edit_device(const struct edit *edit, unsigned word)
{
	return (int)(device_at(edit, word) - edit->system->devices);
}

struct fact_text edit_text(const struct edit *edit, unsigned word)
{
	const char *value = word < edit->count ? edit->words[word] : "-";

	return (struct fact_text){ edit_state(value),
				   edit_state(value) == KNOWN ? value : "" };
}

static void edit_connector(const struct edit *edit)
{
	struct system *system = edit->system;
	struct connector *all = arena_array(
		system->arena, system->connector_count + 1u, sizeof *all);

	if (system->connector_count)
		memcpy(all, system->connectors,
		       system->connector_count * sizeof *all);
	all[system->connector_count++] = (struct connector){
		.card = "card0", .name = edit->words[2],
		.status = edit_text(edit, 3), .enabled = edit_text(edit, 4),
		.dpms = { ABSENT, "" }, .monitor = edit_text(edit, 5),
		.device = edit_device(edit, 1),
	};
	system->connectors = all;
}

/* Of the connector that was added last. */
static void edit_dpms(const struct edit *edit)
{
	struct system *system = edit->system;
	struct connector *all = (void *)(uintptr_t)system->connectors;

	all[system->connector_count - 1].dpms = edit_text(edit, 1);
}

static void edit_display(const struct edit *edit)
{
	edit->system->display_known = edit_state(edit->words[1]);
	edit->system->connector_count = 0;
}

static void edit_bar(const struct edit *edit)
{
	struct device *device = device_at(edit, 1);
	struct bar *bar = arena_alloc(edit->system->arena, sizeof *bar);

	*bar = (struct bar){
		.start = (uint64_t)edit_number(edit->words[2]),
		.end = (uint64_t)edit_number(edit->words[3]),
		.flags = (uint64_t)edit_number(edit->words[4]),
	};
	device->resources = KNOWN;
	device->bars = bar;
	device->bar_count = 1;
}

static void edit_bootfb(const struct edit *edit)
{
	struct system *system = edit->system;

	if (strcmp(edit->words[1], "?") == 0) {
		system->iomem_known = DENIED;
		return;
	}
	struct bootfb *range = arena_alloc(system->arena, sizeof *range);
	*range = (struct bootfb){ (uint64_t)edit_number(edit->words[1]),
				  (uint64_t)edit_number(edit->words[2]),
				  edit->words[3] };
	system->bootfbs = range;
	system->bootfb_count = 1;
}

static void edit_fb(const struct edit *edit)
{
	struct framebuffer *fb = arena_alloc(edit->system->arena, sizeof *fb);

	*fb = (struct framebuffer){ "fb0", edit_text(edit, 2), edit_device(edit, 1),
				    "" };
	edit->system->framebuffers = fb;
	edit->system->framebuffer_count = 1;
}

static void edit_console(const struct edit *edit)
{
	struct vtconsole *console =
		arena_alloc(edit->system->arena, sizeof *console);
	const char *value = edit->words[1];

	*console = (struct vtconsole){
		"vtcon1", { KNOWN, "(M) frame buffer device" },
		{ edit_state(value), edit_state(value) == KNOWN ? edit_number(value) : 0 },
	};
	edit->system->vtconsoles = console;
	edit->system->vtconsole_count = 1;
}

static void edit_driverctl(const struct edit *edit)
{
	struct host *host = &edit->system->host;

	host->driverctl = (struct fact_num){ edit_state(edit->words[1]), 1 };
	host->overrides_known = KNOWN;
}

static void edit_override(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct config_line *line = arena_alloc(edit->system->arena,
					       sizeof *line);

	*line = (struct config_line){
		arena_printf(edit->system->arena, "/etc/driverctl.d/0000:%s",
			     edit->words[1]), edit->words[2] };
	host->overrides_known = KNOWN;
	host->overrides = line;
	host->override_count = 1;
}

static void edit_service(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	const char **services = arena_array(
		edit->system->arena, host->service_count + 1u,
		sizeof *services);

	host->services_known = edit_state(edit->words[1]);
	if (host->services_known != KNOWN)
		return;
	for (unsigned i = 0; i < host->service_count; i++)
		services[i] = host->services[i];
	services[host->service_count++] = edit->words[1];
	host->services = services;
}

static void edit_storage(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;

	if (strcmp(edit->words[1], "?") == 0) {
		usage->storage_known = DENIED;
		return;
	}
	struct storage_use *use = arena_alloc(edit->system->arena, sizeof *use);
	*use = (struct storage_use){
		.block = "sda1", .what = edit->words[2], .type = "ext4",
		.source = "/proc/self/mountinfo",
		.device = edit_device(edit, 1), .through = "",
	};
	usage->storage = use;
	usage->storage_count = 1;
}

static void edit_net(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;

	if (strcmp(edit->words[1], "?") == 0) {
		usage->routes_known = usage->interfaces_known = DENIED;
		return;
	}
	struct interface *net = arena_alloc(edit->system->arena, sizeof *net);
	*net = (struct interface){
		.name = "eth0", .operstate = edit_text(edit, 2),
		.default_route = edit_number(edit->words[3]) != 0,
		.device = edit_device(edit, 1),
	};
	usage->interfaces = net;
	usage->interface_count = 1;
}

static void edit_holder(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;

	if (strcmp(edit->words[1], "?") == 0) {
		usage->holders_known = DENIED;
		return;
	}
	struct holder *holders = arena_array(edit->system->arena,
					     usage->holder_count + 1u,
					     sizeof *holders);
	if (usage->holder_count)
		memcpy(holders, usage->holders,
		       usage->holder_count * sizeof *holders);
	holders[usage->holder_count++] = (struct holder){
		.pid = 912, .command = "someone", .node = edit->words[2],
		.mapped = strcmp(edit->words[0], "mapped") == 0,
		.device = strcmp(edit->words[1], "-") == 0 ?
				  NONE : edit_device(edit, 1),
		.guest = *edit->rest[2] ? edit->rest[2] : NULL,
	};
	usage->holders = holders;
}

static void edit_elsewhere(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;

	if (strcmp(edit->words[1], "?") == 0) {
		usage->spaces_known = DENIED;
		return;
	}
	edit_storage(edit);
	((struct storage_use *)(uintptr_t)usage->storage)->pid = 4711;
}

static void edit_claim(const struct edit *edit)
{
	struct claim *claim = arena_alloc(edit->system->arena, sizeof *claim);

	*claim = (struct claim){ edit->words[2], edit->words[3],
				 "/run/claims", edit_device(edit, 1) };
	edit->system->usage.claims = claim;
	edit->system->usage.claim_count = 1;
}

static void edit_users(const struct edit *edit)
{
	int driver = system_driver(edit->system, edit->words[1]);

	if (driver == NONE)
		err_die("no such driver: %s", edit->words[1]);
	edit->system->drivers[driver].module =
		(struct fact_text){ KNOWN, edit->words[1] };
	edit->system->drivers[driver].users =
		(struct fact_num){ KNOWN, edit_number(edit->words[2]) };
}

/* loaded nvidia_drm 2: a module that is loaded, and how often it is in use */
static void edit_loaded(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct arena *arena = edit->system->arena;
	const char **names = arena_array(arena, host->module_count + 1u,
					 sizeof *names);
	struct fact_num *users = arena_array(arena, host->module_count + 1u,
					     sizeof *users);

	for (unsigned i = 0; i < host->module_count; i++) {
		names[i] = host->modules[i];
		users[i] = host->module_users ? host->module_users[i] :
						(struct fact_num){ KNOWN, 0 };
	}
	names[host->module_count] = edit->words[1];
	users[host->module_count] =
		(struct fact_num){ KNOWN, edit_number(edit->words[2]) };
	host->modules = names;
	host->module_users = users;
	host->module_count++;
}

static void edit_terminal(const struct edit *edit)
{
	edit->system->usage.terminal = edit->words[2];
	edit->system->usage.terminal_device = edit_device(edit, 1);
}

static void edit_drivers(const struct edit *edit)
{
	edit->system->drivers_known = edit_state(edit->words[1]);
	edit->system->driver_count = 0;
}

/* One line of a list, or that the list is not known. */
static void set_line(const struct edit *edit, const char *source,
		     enum known *known, const struct config_line **lines,
		     unsigned *count)
{
	struct config_line *line = arena_alloc(edit->system->arena,
					       sizeof *line);

	if (edit_state(edit->rest[0]) != KNOWN) {
		*known = DENIED;
		return;
	}
	*line = (struct config_line){ source, edit->rest[0] };
	*lines = line;
	*count = 1;
}

static void edit_modprobe(const struct edit *edit)
{
	struct host *host = &edit->system->host;

	set_line(edit, "/etc/modprobe.d/vfio.conf", &host->modprobe_known,
		 &host->modprobe, &host->modprobe_count);
}

static void edit_load(const struct edit *edit)
{
	struct host *host = &edit->system->host;

	set_line(edit, "/etc/modules-load.d/vfio.conf",
		 &host->modules_load_known, &host->modules_load,
		 &host->modules_load_count);
}

static void edit_backlight(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct backlight *light = arena_alloc(edit->system->arena,
					      sizeof *light);

	host->backlights_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (host->backlights_known != KNOWN)
		return;
	*light = (struct backlight){ "intel_backlight", { KNOWN, "raw" },
				     edit_device(edit, 1) };
	host->backlights = light;
	host->backlight_count = 1;
}

static void edit_switcheroo(const struct edit *edit)
{
	struct host *host = &edit->system->host;
	struct switcheroo *line = arena_alloc(edit->system->arena,
					      sizeof *line);

	host->switcheroo_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (host->switcheroo_known != KNOWN)
		return;
	*line = (struct switcheroo){ edit->rest[1], edit_device(edit, 1) };
	host->switcheroos = line;
	host->switcheroo_count = 1;
}

static void edit_stack(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;
	struct stack_use *use = arena_alloc(edit->system->arena, sizeof *use);

	usage->stacks_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (usage->stacks_known != KNOWN)
		return;
	*use = (struct stack_use){ "sda2", edit->words[2], "vg0-data",
				   edit_device(edit, 1) };
	usage->stacks = use;
	usage->stack_count = 1;
}

static void edit_keyboard(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;
	struct keyboard *all = arena_array(edit->system->arena,
					   usage->keyboard_count + 1u,
					   sizeof *all);

	usage->keyboards_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (usage->keyboards_known != KNOWN)
		return;
	if (usage->keyboard_count)
		memcpy(all, usage->keyboards,
		       usage->keyboard_count * sizeof *all);
	all[usage->keyboard_count++] = (struct keyboard){
		"A keyboard", "/devices/somewhere/input/input3",
		*edit->words[1] == '-' ? NONE : edit_device(edit, 1),
	};
	usage->keyboards = all;
}

static void edit_sound(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;
	struct sound_use *use = arena_alloc(edit->system->arena, sizeof *use);

	usage->sounds_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (usage->sounds_known != KNOWN)
		return;
	*use = (struct sound_use){ "card1/pcm0p/sub0", edit->words[2], 912,
				   edit_device(edit, 1), "mpv" };
	usage->sounds = use;
	usage->sound_count = 1;
}

static void edit_netroot(const struct edit *edit)
{
	edit->system->usage.network_root = edit_text(edit, 1);
}

/* This connection comes in by the interface that "net" made. */
static void edit_session(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;
	struct interface *net = (void *)(uintptr_t)usage->interfaces;

	usage->session_known = *edit->words[1] == '?' ? DENIED : KNOWN;
	if (usage->session_known != KNOWN)
		return;
	usage->session = "ssh";
	net->session = true;
}

/* Permission bits of every node in /dev/vfio. */
static void edit_access(const struct edit *edit)
{
	struct vfio *vfio = &edit->system->vfio;
	struct node_access *access = arena_array(
		edit->system->arena, vfio->node_count + 1u, sizeof *access);
	enum known known = edit_state(edit->words[1]);

	for (unsigned i = 0; i < vfio->node_count; i++)
		access[i] = (struct node_access){
			.node = arena_printf(edit->system->arena,
					     "/dev/vfio/%s", vfio->nodes[i]),
			.mode = { known, known == KNOWN ?
				  edit_number(edit->words[1]) : 0 },
		};
	vfio->access = access;
	vfio->access_count = vfio->node_count;
}

static void edit_vfbar(const struct edit *edit)
{
	struct device *device = device_at(edit, 1);
	struct bar *bar = arena_alloc(edit->system->arena, sizeof *bar);

	*bar = (struct bar){ .start = (uint64_t)edit_number(edit->words[2]),
			     .end = (uint64_t)edit_number(edit->words[3]),
			     .flags = (uint64_t)edit_number(edit->words[4]) };
	device->vf_bars = bar;
	device->vf_bar_count = 1;
}

static int mdev_parent(const struct edit *edit, const char *name)
{
	struct mdevs *mdevs = &edit->system->mdevs;
	struct mdev_parent *all = arena_array(edit->system->arena,
					      mdevs->parent_count + 1u,
					      sizeof *all);
	struct bdf address;

	for (unsigned i = 0; i < mdevs->parent_count; i++) {
		if (strcmp(mdevs->parents[i].name, name) == 0)
			return (int)i;
		all[i] = mdevs->parents[i];
	}
	all[mdevs->parent_count] = (struct mdev_parent){
		name, bdf_parse(name, &address) ?
			system_device(edit->system, address) : NONE, KNOWN };
	mdevs->parents = all;
	mdevs->parents_known = mdevs->items_known = KNOWN;
	return (int)mdevs->parent_count++;
}

/* One type more, of a parent that may be new. */
static void edit_mdevtype(const struct edit *edit)
{
	struct mdevs *mdevs = &edit->system->mdevs;
	int parent = mdev_parent(edit, edit->words[1]);
	struct mdev_type *all = arena_array(edit->system->arena,
					    mdevs->type_count + 1u,
					    sizeof *all);
	const char *left = edit->words[3];

	for (unsigned i = 0; i < mdevs->type_count; i++)
		all[i] = mdevs->types[i];
	all[mdevs->type_count++] = (struct mdev_type){
		.parent = parent, .id = edit->words[2],
		.name = { KNOWN, edit->rest[3] },
		.description = { ABSENT, "" }, .api = { KNOWN, "vfio-pci" },
		.available = { edit_state(left),
			       edit_state(left) == KNOWN ? edit_number(left) : 0 },
	};
	mdevs->types = all;
}

static void edit_mdev(const struct edit *edit)
{
	struct mdevs *mdevs = &edit->system->mdevs;
	struct mdev *all = arena_array(edit->system->arena,
				       mdevs->item_count + 1u, sizeof *all);

	if (*edit->words[1] == '?') {
		mdevs->parents_known = mdevs->items_known = DENIED;
		return;
	}
	for (unsigned i = 0; i < mdevs->item_count; i++)
		all[i] = mdevs->items[i];
	all[mdevs->item_count++] = (struct mdev){
		.uuid = edit->words[1],
		.parent = mdev_parent(edit, edit->words[2]),
		.type = { KNOWN, edit->words[3] },
		.driver = { KNOWN, "vfio_mdev" },
		.group = { KNOWN, edit_number(edit->words[4]) },
	};
	mdevs->items = all;
}

static void edit_uio(const struct edit *edit)
{
	struct system *system = edit->system;
	struct uio_map *map = arena_alloc(system->arena, sizeof *map);
	struct uio *uio = arena_alloc(system->arena, sizeof *uio);

	system->uios_known = edit_state(edit->words[1]);
	if (system->uios_known != KNOWN)
		return;
	*map = (struct uio_map){ { KNOWN, "0000:02:00.0" },
				 { KNOWN, 0xfe000000 }, { KNOWN, 0x4000 } };
	*uio = (struct uio){
		.node = "uio0", .name = { KNOWN, "uio_pci_generic" },
		.version = { KNOWN, "0.01.0" },
		.event = { KNOWN, edit_number(edit->words[2]) },
		.device = edit_device(edit, 1), .maps_known = KNOWN, .maps = map,
		.map_count = 1,
	};
	system->uios = uio;
	system->uio_count = 1;
}

static void edit_devices(const struct edit *edit)
{
	edit->system->devices_known = edit_state(edit->words[1]);
}

static void edit_module(const struct edit *edit)
{
	int at = system_driver(edit->system, edit->words[1]);

	if (at == NONE)
		err_die("no such driver: %s", edit->words[1]);
	edit->system->drivers[at].module = edit_text(edit, 2);
}

static void edit_modules(const struct edit *edit)
{
	edit->system->host.modules_known =
		*edit->words[1] == '-' ? KNOWN : DENIED;
	edit->system->host.module_count = 0;
}

static const struct {
	const char *word;
	unsigned words;		/* at least, itself included */
	void (*edit)(const struct edit *edit);
} edits_known[] = {
	{ "groups", 2, edit_groups }, { "cmdline", 1, edit_cmdline },
	{ "log", 2, edit_log }, { "table", 2, edit_table },
	{ "cfg", 2, edit_cfg }, { "irq", 2, edit_irq },
	{ "dmar", 3, edit_dmar }, { "host", 3, edit_host },
	{ "trace", 2, edit_trace }, { "vfio", 3, edit_vfio },
	{ "dev", 4, edit_dev }, { "unit", 3, edit_unit },
	{ "group", 4, edit_group }, { "connector", 5, edit_connector },
	{ "display", 2, edit_display }, { "dpms", 2, edit_dpms }, { "bar", 5, edit_bar },
	{ "bootfb", 2, edit_bootfb }, { "fb", 3, edit_fb },
	{ "service", 2, edit_service }, { "driverctl", 2, edit_driverctl },
	{ "override", 3, edit_override }, { "console", 2, edit_console },
	{ "storage", 2, edit_storage }, { "elsewhere", 2, edit_elsewhere },
	{ "claim", 4, edit_claim }, { "users", 3, edit_users },
	{ "loaded", 3, edit_loaded },
	{ "terminal", 3, edit_terminal },
	{ "net", 2, edit_net }, { "holder", 2, edit_holder },
	{ "mapped", 3, edit_holder },
	{ "drivers", 2, edit_drivers }, { "devices", 2, edit_devices },
	{ "modules", 2, edit_modules }, { "module", 3, edit_module },
	{ "modprobe", 2, edit_modprobe }, { "load", 2, edit_load },
	{ "backlight", 2, edit_backlight }, { "stack", 2, edit_stack },
	{ "switcheroo", 2, edit_switcheroo }, { "sound", 2, edit_sound },
	{ "keyboard", 2, edit_keyboard }, { "session", 2, edit_session },
	{ "vfbar", 5, edit_vfbar }, { "mdevtype", 4, edit_mdevtype },
	{ "mdev", 2, edit_mdev }, { "uio", 2, edit_uio },
	{ "access", 2, edit_access }, { "netroot", 2, edit_netroot },
};

static void run(struct edit *edit)
{
	for (size_t i = 0; i < sizeof edits_known / sizeof *edits_known; i++) {
		if (strcmp(edit->words[0], edits_known[i].word) != 0)
			continue;
		if (edit->count < edits_known[i].words)
			err_die("too few words: %s", edit->rest[0]);
		edits_known[i].edit(edit);
		return;
	}
	if (!alter_use(edit))
		err_die("no such edit: %s", edit->words[0]);
}

/* Cut a text at blanks, keeping what follows each word whole. */
static void split(struct edit *edit, const char *text)
{
	struct arena *arena = edit->system->arena;

	edit->count = 0;
	for (unsigned i = 0; i < WORDS; i++)
		edit->words[i] = edit->rest[i] = "";
	while (*text && edit->count < WORDS) {
		size_t len = strcspn(text, " ");
		edit->words[edit->count] = arena_copy(arena, text, len);
		text += len;
		text += strspn(text, " ");
		edit->rest[edit->count++] = text;
	}
}

void alter(struct system *system, const char *edits)
{
	struct edit edit = { .system = system };

	while (*edits) {
		edits += strspn(edits, " ");
		size_t len = strcspn(edits, ";");
		split(&edit, arena_copy(system->arena, edits, len));
		if (edit.count)
			run(&edit);
		edits += len + (edits[len] == ';');
	}
}

static void deny(enum known *known)
{
	if (*known == KNOWN)
		*known = DENIED;
}

static const struct config *cut_config(struct arena *arena,
				       const struct config *whole)
{
	struct config *cut = arena_alloc(arena, sizeof *cut);

	if (whole->header != KNOWN)
		return whole;
	*cut = (struct config){
		.header = KNOWN, .caps = SHORT, .ecaps = SHORT, .bytes = 64,
		.vendor = whole->vendor, .device = whole->device,
		.command = whole->command, .status = whole->status,
		.header_type = whole->header_type,
		.multifunction = whole->multifunction,
		.primary = whole->primary, .secondary = whole->secondary,
		.subordinate = whole->subordinate,
		.interrupt_pin = whole->interrupt_pin,
	};
	return cut;
}

static void deny_tables(struct system *system)
{
	struct host *host = &system->host;
	struct acpi_name *names = arena_array(
		system->arena, host->table_count + 1u, sizeof *names);

	for (unsigned i = 0; i < host->table_count; i++)
		names[i] = (struct acpi_name){ host->tables[i].name, DENIED };
	host->tables = names;
	deny(&host->dmar.known);
	deny(&host->ivrs.known);
	deny(&host->viot.known);
	deny(&host->iort.known);
}

void alter_rights(struct system *system)
{
	struct host *host = &system->host;

	for (unsigned i = 0; i < system->device_count; i++)
		system->devices[i].config = cut_config(
			system->arena, system->devices[i].config);
	deny_tables(system);
	host->log = (struct log){ .known = DENIED };
	host->logged_unit_count = 0;
	host->root = false;
	host->capabilities = (struct fact_num){ KNOWN, 0 };
	host->switcheroo_known = DENIED;
	host->switcheroo_count = 0;
	system->iomem_known = DENIED;
	system->bootfb_count = 0;
	system->usage.holders_known = DENIED;
	system->usage.holder_count = 0;
}
