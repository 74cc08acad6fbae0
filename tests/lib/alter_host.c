// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Edits of alter.c about the host: its log, tables, configuration, modules,
 * services, and what of it cannot be read.
 */
#include "alter_part.h"

#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "model/storage.h"

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

/* The only one. */
static void set_net_mount(const struct edit *edit,
			  const struct net_mount *mount)
{
	struct usage *usage = &edit->system->usage;
	struct net_mount *all = arena_alloc(edit->system->arena, sizeof *all);

	*all = *mount;
	usage->net_mounts = all;
	usage->net_mount_count = 1;
}

static void edit_netroot(const struct edit *edit)
{
	struct fact_text *root = &edit->system->usage.network_root;

	*root = edit_text(edit, 1);
	if (root->known != KNOWN)
		return;
	set_net_mount(edit, &(struct net_mount){
		.what = "/", .type = root->value, .by = "",
		.source = "/proc/self/mountinfo", .address = "10.0.2.2",
		.local = "", .interface = "", .way = "",
	});
	root->value = arena_printf(edit->system->arena, "/ %s", root->value);
}

/* netdisk iSCSI SOURCE WAY: swap lies on a disk that comes over the network,
 * as the one says, by eth0, as the other does */
static void edit_netdisk(const struct edit *edit)
{
	set_net_mount(edit, &(struct net_mount){
		.what = "swap", .type = "swap", .by = edit->words[1],
		.source = edit->words[2], .address = "10.0.2.2", .local = "",
		.interface = "eth0", .way = edit->words[3],
	});
	edit->system->usage.network_root = (struct fact_text){
		KNOWN, arena_printf(edit->system->arena, "swap, %s",
				    edit->words[1]),
	};
}

/* netby 03:00.0 /srv, netby - /, netby ? /srv */
static void edit_netby(const struct edit *edit)
{
	struct usage *usage = &edit->system->usage;
	struct interface *all = (void *)(uintptr_t)usage->interfaces;
	const char *what = edit->words[2];
	bool known = *edit->words[1] != '?';
	int device = *edit->words[1] == '-' || !known ? NONE :
							edit_device(edit, 1);

	if (usage->network_root.known != KNOWN)
		set_net_mount(edit, &(struct net_mount){
			.what = what, .type = "nfs4", .by = "",
			.source = "/proc/self/mountinfo",
			.address = "10.0.2.2", .local = "", .interface = "",
			.way = "",
		});
	for (unsigned i = 0; i < usage->interface_count; i++) {
		bool here = known && all[i].device == device;
		all[i].mounts = (struct fact_text){
			here ? KNOWN : known ? ABSENT : UNREAD,
			here ? what : "",
		};
		all[i].root = storage_is_vital(what) ? all[i].mounts.known :
						       ABSENT;
	}
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

static void edit_devices(const struct edit *edit)
{
	edit->system->devices_logged = strcmp(edit->words[1], "log") == 0;
	if (!edit->system->devices_logged)
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

const struct edit_row alter_host[] = {
	{ "groups", 2, edit_groups }, { "cmdline", 1, edit_cmdline },
	{ "log", 2, edit_log }, { "table", 2, edit_table },
	{ "cfg", 2, edit_cfg }, { "irq", 2, edit_irq },
	{ "trace", 2, edit_trace }, { "modules", 2, edit_modules },
	{ "module", 3, edit_module }, { "modprobe", 2, edit_modprobe },
	{ "load", 2, edit_load }, { "drivers", 2, edit_drivers },
	{ "devices", 2, edit_devices }, { "service", 2, edit_service },
	{ "driverctl", 2, edit_driverctl }, { "override", 3, edit_override },
	{ "session", 2, edit_session }, { "netroot", 2, edit_netroot },
	{ "netby", 3, edit_netby }, { "netdisk", 4, edit_netdisk },
	{ "access", 2, edit_access }, { "bootfb", 2, edit_bootfb }, { 0 },
};
