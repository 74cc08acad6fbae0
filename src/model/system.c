// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Questions to a frozen system.  It answers from what is there; it judges
 * nothing.
 */
#include "model/system.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

static const char *const symbol_names[] = {
#define S(name) [CFG_##name] = "CONFIG_" #name
	S(IOMMU_SUPPORT), S(IOMMU_API), S(INTEL_IOMMU),
	S(INTEL_IOMMU_DEFAULT_ON), S(INTEL_IOMMU_DEFAULT_OFF),
	S(INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF), S(AMD_IOMMU), S(IRQ_REMAP),
	S(ARM_SMMU), S(ARM_SMMU_V3), S(VIRTIO_IOMMU), S(HYPERV_IOMMU),
	S(IOMMU_DEFAULT_PASSTHROUGH), S(IOMMU_DEFAULT_DMA_STRICT),
	S(IOMMU_DEFAULT_DMA_LAZY), S(VFIO), S(VFIO_GROUP), S(VFIO_CONTAINER),
	S(VFIO_IOMMU_TYPE1), S(VFIO_DEVICE_CDEV), S(IOMMUFD), S(VFIO_PCI),
	S(VFIO_PCI_VGA), S(VFIO_PCI_IGD), S(VFIO_NOIOMMU), S(VFIO_VIRQFD),
	S(VFIO_MDEV), S(KVM), S(KVM_INTEL), S(KVM_AMD), S(KVM_VFIO),
	S(PCI_IOV), S(PCI_ATS), S(PCI_QUIRKS), S(PCI_STUB), S(PCI_MMCONFIG),
	S(VGA_ARB), S(VGA_SWITCHEROO), S(SYSFB_SIMPLEFB), S(DRM_SIMPLEDRM),
	S(FB_EFI), S(FB_VESA), S(FB_DEVICE), S(UIO), S(UIO_PCI_GENERIC),
	S(STRICT_DEVMEM), S(SECURITY_LOCKDOWN_LSM), S(XEN_PCIDEV_BACKEND),
	S(INTEL_IOMMU_SVM), S(INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON),
	S(IOMMUFD_VFIO_CONTAINER), S(VFIO_PCI_CORE), S(PCI_PRI), S(PCI_PASID),
	S(HOTPLUG_PCI_PCIE), S(SYSFB), S(DRM_EFIDRM), S(DRM_VESADRM),
	S(FB_SIMPLE), S(IO_STRICT_DEVMEM), S(SECURITY_DMESG_RESTRICT),
#undef S
};

_Static_assert(sizeof symbol_names / sizeof *symbol_names == SYMBOL_COUNT,
	       "every symbol has a name");

const char *symbol_name(enum symbol symbol)
{
	return symbol_names[symbol];
}

struct device_name names_of(const struct names *names, int device)
{
	static const struct device_name none = { "", "", "" };

	if (!names || device < 0 || (unsigned)device >= names->count)
		return none;
	return names->devices[device];
}

int system_device(const struct system *system, struct bdf address)
{
	unsigned low = 0, high = system->device_count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = bdf_compare(system->devices[middle].address,
					address);
		if (order == 0)
			return (int)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NONE;
}

int system_group(const struct system *system, unsigned number)
{
	unsigned low = 0, high = system->group_count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		unsigned here = system->groups[middle].number;
		if (here == number)
			return (int)middle;
		if (here < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NONE;
}

int system_driver(const struct system *system, const char *name)
{
	unsigned low = 0, high = system->driver_count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = strcmp(system->drivers[middle].name, name);
		if (order == 0)
			return (int)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NONE;
}

static bool same_dashed(const char *a, const char *b)
{
	size_t len = strlen(a);

	return len == strlen(b) && text_same_dashed(a, b, len);
}

const char *system_driver_of(const struct system *system, const char *module,
			     size_t len)
{
	for (unsigned i = 0; i < system->driver_count; i++) {
		const struct driver *driver = &system->drivers[i];
		if (driver->module.known == KNOWN &&
		    strlen(driver->module.value) == len &&
		    text_same_dashed(driver->module.value, module, len))
			return driver->name;
	}
	return NULL;
}

enum known system_has_module(const struct system *system, const char *name)
{
	const struct host *host = &system->host;

	for (unsigned i = 0; i < host->module_count; i++)
		if (same_dashed(host->modules[i], name))
			return KNOWN;
	return host->modules_known == KNOWN ? ABSENT : host->modules_known;
}

const char *holder_source(const struct holder *holder, struct arena *arena)
{
	/* One node for all of AMD's: it was told there which. */
	if (holder->device != NONE && strcmp(holder->node, "/dev/kfd") == 0)
		return arena_printf(arena, "/sys/class/kfd/kfd/proc/%u",
				    (unsigned)holder->pid);
	return arena_printf(arena, "/proc/%u/%s", (unsigned)holder->pid,
			    holder->mapped ? "maps" : "fd");
}

bool holder_is_disk(const char *node)
{
	static const char nvme[] = "/dev/nvme";
	static const char *const disks[] = {
		"/dev/ng", "/dev/sd", "/dev/sr", "/dev/dm-", "/dev/md",
		"/dev/mapper/",
	};

	if (text_starts(node, nvme))
		return strchr(node + sizeof nvme - 1, 'n') != NULL;
	for (size_t i = 0; i < sizeof disks / sizeof *disks; i++)
		if (text_starts(node, disks[i]))
			return true;
	return false;
}

enum known system_is_laptop(const struct system *system)
{
	static const int portable[] = { 8, 9, 10, 11, 14, 30, 31, 32 };
	const struct host *host = &system->host;

	if (host->battery.known == KNOWN)
		return KNOWN;
	if (host->chassis.known != KNOWN || host->chassis.value <= 2)
		return UNREAD;
	for (size_t i = 0; i < sizeof portable / sizeof *portable; i++)
		if (host->chassis.value == portable[i])
			return KNOWN;
	return ABSENT;
}

enum known system_has_table(const struct system *system, const char *name)
{
	const struct host *host = &system->host;

	for (unsigned i = 0; i < host->table_count; i++)
		if (strcmp(host->tables[i].name, name) == 0)
			return KNOWN;
	return host->tables_known == KNOWN ? ABSENT : host->tables_known;
}

const char *system_parameter(const struct system *system, const char *name)
{
	const struct host *host = &system->host;

	for (unsigned i = host->parameter_count; i-- > 0;) {
		const struct parameter *parameter = &host->parameters[i];
		if (same_dashed(parameter->name, name))
			return parameter->value ? parameter->value : "";
	}
	return NULL;
}

const struct log_line *log_find(const struct log *log, size_t *from,
				const char *part)
{
	while (*from < log->count) {
		const struct log_line *line = &log->lines[(*from)++];
		if (strstr(line->text, part))
			return line;
	}
	return NULL;
}

unsigned system_kernel(const struct system *system)
{
	const struct fact_text *release = &system->host.release;
	const char *at = release->value;
	uint64_t major, minor;

	if (release->known != KNOWN || !num_take(&at, 10, &major) ||
	    *at++ != '.' || !num_take(&at, 10, &minor) || major > 99 ||
	    minor > 999)
		return 0;
	return (unsigned)(major * 1000 + minor);
}

const struct node_access *system_access(const struct system *system,
					const char *node)
{
	for (unsigned i = 0; i < system->vfio.access_count; i++)
		if (strcmp(system->vfio.access[i].node, node) == 0)
			return &system->vfio.access[i];
	return NULL;
}

const struct holder *system_holder(const struct system *system,
				   unsigned *from, const char *node)
{
	while (*from < system->usage.holder_count) {
		const struct holder *holder =
			&system->usage.holders[(*from)++];
		if (strcmp(holder->node, node) == 0)
			return holder;
	}
	return NULL;
}

const struct vfio_device *system_vfio_device(const struct system *system,
					     int device, const char *owner)
{
	for (unsigned i = 0; i < system->vfio.device_count; i++) {
		const struct vfio_device *each = &system->vfio.devices[i];
		if (device != NONE ? each->device == device :
				     strcmp(each->owner, owner) == 0)
			return each;
	}
	return NULL;
}
