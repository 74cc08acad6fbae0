// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Made machines: tables into frozen systems.
 */
#include "machine.h"

#include <linux/pci_regs.h>
#include <string.h>

const struct made_device made_desktop[] = {
	{ "00:00.0", 0x060000, 0x8086a700, NULL, 0, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 12, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:02.0", 0x030000, 0x8086a780, "i915", 1, PCIE_RC_ENDPOINT, false,
	  0, false, 0, 0 },
	{ "00:14.0", 0x0c0330, 0x80867a60, "xhci_hcd", 4, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ "00:1b.0", 0x060400, 0x80867a40, "pcieport", 8, PCIE_ROOT_PORT,
	  false, 2, true, 0x1f, 0x1d },
	{ "00:1f.0", 0x060100, 0x80867a04, NULL, 9, MADE_PCI, true, 0, false,
	  0, 0 },
	{ "00:1f.4", 0x0c0500, 0x80867a23, "i801_smbus", 9, MADE_PCI, true, 0,
	  false, 0, 0 },
	{ "01:00.0", 0x030000, 0x10de2684, "nvidia", 13, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x10de22ba, "snd_hda_intel", 13, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "02:00.0", 0x010802, 0x144da80c, "nvme", 14, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

const struct made_device made_shared[] = {
	{ "00:05.0", 0x060400, 0x1b36000c, "pcieport", 2, PCIE_ROOT_PORT,
	  false, 1, false, 0, 0 },
	{ "01:00.0", 0x038000, 0x10020001, "amdgpu", 2, PCIE_ENDPOINT, true, 0,
	  false, 0, 0 },
	{ "01:00.1", 0x040300, 0x10020002, NULL, 2, PCIE_ENDPOINT, true, 0,
	  false, 0, 0 },
	{ "02:00.0", 0x020000, 0x80861533, "igb", 2, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

const struct made_device made_parts[] = {
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 1, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "01:00.0", 0x010802, 0x1b360010, "nvme", 2, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "02:00.0", 0x020000, 0x808610d3, "e1000e", 4, PCIE_ENDPOINT, false,
	  0, false, 0, 0 },
	{ 0 },
};

const struct made_device made_with_vfs[] = {
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 1, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "01:00.0", 0x010802, 0x1b360010, "nvme", 2, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "01:00.1", 0x010802, 0x1b360010, "nvme", 0, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "01:00.2", 0x010802, 0x1b360010, "vfio-pci", 3, PCIE_ENDPOINT,
	  false, 0, false, 0, 0 },
	{ 0 },
};

static struct fact_text text(const char *value)
{
	return (struct fact_text){ KNOWN, value };
}

static struct fact_num num(int64_t value)
{
	return (struct fact_num){ KNOWN, value };
}

static const struct fact_text no_text = { ABSENT, "" };
static const struct fact_num no_num = { ABSENT, 0 };

void made_start(struct builder *builder, struct arena *arena)
{
	static const struct acpi_name tables[] = {
		{ "APIC", DENIED }, { "DMAR", DENIED }, { "FACP", DENIED },
	};
	static const char *const modules[] = { "vfio", "vfio_iommu_type1",
					       "vfio_pci", "vfio_pci_core" };
	static const char *const nodes[] = { "vfio" };
	static const struct parameter parameters[] = { { "quiet", NULL } };
	struct host *host;

	build_start(builder, arena);
	struct system *system = builder->system;
	system->origin = (struct origin){
		.kind = ORIGIN_DIRECTORY, .path = "made", .time = "",
		.complete = true,
	};
	system->devices_known = system->groups_known = KNOWN;
	system->units_known = system->drivers_known = KNOWN;
	system->display_known = KNOWN;
	system->iomem_known = KNOWN;
	host = &system->host;
	host->release = text("6.12.9-amd64");
	host->hostname = text("made");
	host->distribution = text("debian");
	host->architecture = text("x86_64");
	host->cpu_vendor = text("GenuineIntel");
	host->cpu_model = text("Made CPU");
	host->cpu_flags = num(CPU_VMX);
	host->cmdline = text("quiet");
	host->parameters = parameters;
	host->parameter_count = 1;
	host->dmi_vendor = text("Made");
	host->dmi_product = text("Board");
	host->xen_capabilities = host->hypervisor = host->container = no_text;
	host->root = true;
	host->kvm = num(1);
	host->tables_known = KNOWN;
	host->tables_source = "/sys/firmware/acpi/tables";
	host->tables = tables;
	host->table_count = 3;
	host->ivrs.known = host->viot.known = host->iort.known = ABSENT;
	host->kconfig.known = KNOWN;
	host->kconfig.source = "/boot/config-6.12.9-amd64";
	memset(host->kconfig.value, 'n', sizeof host->kconfig.value);
	static const enum symbol built[] = {
		CFG_IOMMU_SUPPORT, CFG_IOMMU_API, CFG_INTEL_IOMMU,
		CFG_INTEL_IOMMU_DEFAULT_ON, CFG_AMD_IOMMU, CFG_IRQ_REMAP,
		CFG_PCI_QUIRKS, CFG_VFIO_GROUP, CFG_VFIO_CONTAINER,
	};
	static const enum symbol modular[] = {
		CFG_VFIO, CFG_VFIO_PCI, CFG_VFIO_IOMMU_TYPE1, CFG_KVM,
	};
	for (size_t i = 0; i < sizeof built / sizeof *built; i++)
		host->kconfig.value[built[i]] = 'y';
	for (size_t i = 0; i < sizeof modular / sizeof *modular; i++)
		host->kconfig.value[modular[i]] = 'm';
	host->modules_known = KNOWN;
	host->modules = modules;
	host->module_count = 4;
	host->vfio_module = text("kernel/drivers/vfio/pci/vfio-pci.ko");
	host->unsafe_type1 = num(0);
	host->unsafe_iommufd = no_num;
	host->noiommu_mode = no_num;
	host->enable_sriov = num(0);
	for (unsigned i = 0; i < TRACE_COUNT; i++)
		host->trace[i] = no_num;
	host->trace[TRACE_DEFAULT_GRUB] = num(1);
	host->trace[TRACE_UPDATE_GRUB] = num(1);
	host->devicetree = host->devicetree_smmu = no_num;
	host->type1_module = text("kernel/drivers/vfio/vfio_iommu_type1.ko");
	host->apicv = num(1);
	host->avic = no_num;
	host->modprobe_known = host->modules_load_known = KNOWN;
	host->memory_bytes = num(32ll << 30);
	host->memlock_bytes = num(-1);
	host->capabilities = num(0x1ffffffffff);
	host->secure_boot = num(0);
	host->sleep_states = text("freeze mem");
	host->numa_nodes = text("0");
	host->backlights_known = host->switcheroo_known = KNOWN;
	host->lockdown = num(0);
	host->dmesg_restrict = num(1);
	struct interrupt *lines = arena_array(arena, 2, sizeof *lines);
	lines[0] = (struct interrupt){ "9", "IR-IO-APIC", "acpi", 3, NONE };
	lines[1] = (struct interrupt){ "120", "IR-PCI-MSI-0000:00:01.0",
				       "PCIe PME", 0, NONE };
	host->interrupts_known = KNOWN;
	host->interrupts = lines;
	host->interrupt_count = 2;
	struct log_line *log = arena_array(arena, 1, sizeof *log);
	log[0].text = "Linux version 6.12.9-amd64";
	host->log = (struct log){ KNOWN, true, true, "/dev/kmsg", log, 1 };
	system->vfio = (struct vfio){ .nodes_known = KNOWN, .nodes = nodes,
				      .node_count = 1, .iommufd = no_num,
				      .pci_driver = num(1) };
	system->mdevs.parents_known = system->mdevs.items_known = ABSENT;
	system->uios_known = ABSENT;
	system->usage = (struct usage){ .storage_known = KNOWN,
					.routes_known = KNOWN,
					.interfaces_known = KNOWN,
					.network_root = no_text,
					.session_known = KNOWN,
					.session = "",
					.stacks_known = KNOWN,
					.spaces_known = KNOWN,
					.terminal_device = NONE,
					.keyboards_known = KNOWN,
					.sounds_known = KNOWN,
					.claims_known = KNOWN,
					.pools_known = KNOWN,
					.gear_known = KNOWN,
					.holders_known = KNOWN };
}

static struct config *made_config(struct arena *arena,
				  const struct made_device *made)
{
	struct config *config = arena_alloc(arena, sizeof *config);

	config->header = config->caps = KNOWN;
	config->ecaps = made->pcie_type == MADE_PCI ? ABSENT : KNOWN;
	config->bytes = made->pcie_type == MADE_PCI ? 256 : 4096;
	config->vendor = (uint16_t)(made->id >> 16);
	config->device = (uint16_t)made->id;
	config->header_type = made->secondary ? 1 : 0;
	config->multifunction = made->multifunction;
	config->secondary = config->subordinate = made->secondary;
	config->has_pcie = made->pcie_type != MADE_PCI;
	config->pcie_type = config->has_pcie ? made->pcie_type : 0;
	config->has_acs = made->has_acs;
	config->acs_cap = made->acs_cap;
	config->acs_ctrl = made->acs_ctrl;
	return config;
}

static void add_device(struct builder *builder, const struct made_device *made)
{
	struct arena *arena = builder->system->arena;
	struct bdf address = {0};

	bdf_parse(made->address, &address);
	struct device *device = build_device(builder, address);
	device->identity = KNOWN;
	device->class = made->class;
	device->vendor = (uint16_t)(made->id >> 16);
	device->device = (uint16_t)made->id;
	device->revision = num(0);
	device->driver = made->driver ? text(made->driver) : no_text;
	device->driver_override = no_text;
	device->modalias = text(arena_printf(
		arena, "pci:v%08Xd%08X", device->vendor, device->device));
	device->modules = made->driver ? text(made->driver) : no_text;
	device->group = made->group < 0 ? no_num : num(made->group);
	device->iommu = made->group < 0 ? no_text : text("dmar0");
	device->secondary_bus = made->secondary ? num(made->secondary) : no_num;
	device->subordinate_bus = device->secondary_bus;
	device->power_state = text("D0");
	device->runtime_status = text("active");
	device->runtime_control = text("on");
	device->reset_method = made->secondary ? no_text : text("flr bus");
	device->reset_file = made->secondary ? no_num : num(1);
	device->boot_vga = made->class >> 8 == 0x0300 ?
				   num(address.bus == 0) : no_num;
	device->numa_node = num(-1);
	device->irq = num(0);
	device->msi_bus = num(1);
	device->sriov_total = device->sriov_num = no_num;
	device->sriov_offset = device->sriov_stride = no_num;
	device->sriov_device = device->sriov_autoprobe = no_num;
	device->d3cold_allowed = num(1);
	device->speed_max = made->pcie_type == MADE_PCI ?
				    no_text : text("16.0 GT/s PCIe");
	device->speed = device->speed_max;
	device->width = device->width_max =
		made->pcie_type == MADE_PCI ? no_num : num(16);
	device->removable = text("fixed");
	device->config_size = num(made->pcie_type == MADE_PCI ? 256 : 4096);
	device->builtin = made->driver ? num(0) : no_num;
	device->variant = no_text;
	device->mdev = device->rebar = no_num;
	device->resources = KNOWN;
	device->config = made_config(arena, made);
}

static bool has_group(const struct system *system, unsigned number)
{
	for (unsigned i = 0; i < system->group_count; i++)
		if (system->groups[i].number == number)
			return true;
	return false;
}

static bool has_driver(const struct system *system, const char *name)
{
	for (unsigned i = 0; i < system->driver_count; i++)
		if (strcmp(system->drivers[i].name, name) == 0)
			return true;
	return false;
}

void made_devices(struct builder *builder, const struct made_device *table)
{
	struct system *system = builder->system;
	bool grouped = false;

	for (; table->address; table++) {
		add_device(builder, table);
		if (table->group >= 0) {
			grouped = true;
			unsigned number = (unsigned)table->group;
			if (!has_group(system, number)) {
				struct group *group =
					build_group(builder, number);
				group->name = no_text;
				group->type = text("DMA-FQ");
				group->reserved_known = KNOWN;
			}
		}
		if (table->driver && !has_driver(system, table->driver))
			build_driver(builder, table->driver)->module =
				text(table->driver);
	}
	if (!has_driver(system, "vfio-pci"))
		build_driver(builder, "vfio-pci")->module = text("vfio_pci");
	if (grouped) {
		struct unit *unit = build_unit(builder, "dmar0");
		unit->kind = "intel";
		unit->address = num(0xfed91000);
		unit->cap = num(0xd2008c40660462);
		unit->ecap = num(0xf050da);
		unit->version = text("5:0");
		unit->devices_known = KNOWN;
	}
}

const struct system *made_machine(struct arena *arena,
				  const struct made_device *table)
{
	struct builder builder;

	made_start(&builder, arena);
	made_devices(&builder, table);
	const struct system *system = build_freeze(&builder);
	for (unsigned i = 0; i < system->group_count; i++)
		builder.system->groups[i].members_known = KNOWN;
	return system;
}
