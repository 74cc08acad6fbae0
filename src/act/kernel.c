// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model of the kernel that rehearsals write to.  It is not a simulation
 * of devices: only of what binding, unbinding and loading answer and change.
 *
 * Source: drivers/base/bus.c, dd.c; drivers/pci/pci-driver.c,
 * pci_match_device(); drivers/vfio/pci/vfio_pci_core.c; drivers/iommu/iommu.c,
 * iommu_device_use_default_domain(); and what kernels 6.1 and 6.12 were seen
 * to do.
 */
#include "act/kernel.h"

#include <errno.h>
#include <string.h>

#include "act/kernel_part.h"
#include "base/text.h"
#include "model/topo.h"

static const char *value_of(const struct fact_text *fact)
{
	return fact->known == KNOWN ? fact->value : "";
}

struct kernel *kernel_make(const struct system *system, struct arena *arena)
{
	struct kernel *kernel = arena_alloc(arena, sizeof *kernel);

	kernel->original = kernel->system = system;
	kernel->arena = arena;
	kernel->parts = arena_array(arena, system->device_count + 1u,
				    sizeof *kernel->parts);
	for (unsigned i = 0; i < system->device_count; i++)
		kernel->parts[i] = (struct part){
			.driver = value_of(&system->devices[i].driver),
			.first = value_of(&system->devices[i].driver),
			.override =
				value_of(&system->devices[i].driver_override),
		};
	kernel->driver_room = system->driver_count + 8u;
	kernel->drivers = arena_array(arena, kernel->driver_room,
				      sizeof *kernel->drivers);
	if (system->driver_count)
		memcpy(kernel->drivers, system->drivers,
		       system->driver_count * sizeof *kernel->drivers);
	kernel->driver_count = system->driver_count;
	host_make(kernel);
	module_make(kernel);
	file_make(kernel);
	return kernel;
}

bool part_is_registered(const struct kernel *kernel, const char *name)
{
	for (unsigned i = 0; i < kernel->driver_count; i++)
		if (strcmp(kernel->drivers[i].name, name) == 0)
			return true;
	/* What the starting system says of vfio-pci alone. */
	return strcmp(name, "vfio-pci") == 0 &&
	       kernel->system->vfio.pci_driver.known == KNOWN &&
	       kernel->system->vfio.pci_driver.value;
}

int part_device(const struct kernel *kernel, const char *text)
{
	struct bdf address;

	if (!bdf_parse(text, &address))
		return NONE;
	int index = system_device(kernel->system, address);
	return index != NONE && kernel->parts[index].gone ? NONE : index;
}

static bool is_bound_to_vfio(const struct kernel *kernel, int device)
{
	return !kernel->parts[device].gone &&
	       topo_is_vfio_driver(kernel->parts[device].driver);
}

/* Whether somebody holds the node of a device. */
static bool is_held(const struct kernel *kernel, int device, const char *prefix)
{
	const struct usage *usage = &kernel->system->usage;

	for (unsigned i = 0; i < usage->holder_count; i++)
		if (usage->holders[i].device == device &&
		    part_holds(kernel, &usage->holders[i]) &&
		    text_starts(usage->holders[i].node, prefix))
			return true;
	return false;
}

/* Whether a guest holds the group of a device. */
static bool is_group_held(const struct kernel *kernel, int device)
{
	int group = kernel->system->devices[device].group_index;

	for (unsigned i = 0; group != NONE && i < kernel->system->device_count;
	     i++)
		if (kernel->system->devices[i].group_index == group &&
		    is_bound_to_vfio(kernel, (int)i) &&
		    is_held(kernel, (int)i, "/dev/vfio/"))
			return true;
	return false;
}

bool part_is_held(const struct kernel *kernel, int device)
{
	return is_bound_to_vfio(kernel, device) &&
	       is_held(kernel, device, "/dev/vfio/");
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (;;) {
		text += strspn(text, " ");
		size_t here = strcspn(text, " ");
		if (!here)
			return false;
		if (here == len && text_same_dashed(text, word, len))
			return true;
		text += here;
	}
}

static const char *module_of(const struct driver *driver)
{
	return driver->module.known == KNOWN ? driver->module.value :
					       driver->name;
}

/* Whether the ids of a device are in the driver's table: by the modules that
 * could drive it, and by what drove it. */
static bool has_ids(const struct kernel *kernel, const struct driver *driver,
		    int device)
{
	const struct device *self = &kernel->system->devices[device];

	if (topo_is_vfio_driver(driver->name) ||
	    strcmp(driver->name, "pci-stub") == 0)
		return false;
	if (strcmp(kernel->parts[device].first, driver->name) == 0)
		return true;
	return self->modules.known == KNOWN &&
	       has_word(self->modules.value, module_of(driver));
}

static const struct driver *driver_named(const struct kernel *kernel,
					 const char *name)
{
	static const struct driver vfio_pci = {
		.name = "vfio-pci", .module = { KNOWN, "vfio_pci" },
	};

	for (unsigned i = 0; i < kernel->driver_count; i++)
		if (strcmp(kernel->drivers[i].name, name) == 0)
			return &kernel->drivers[i];
	return part_is_registered(kernel, name) ? &vfio_pci : NULL;
}

/* pci_match_device: an override admits its driver alone, and any id. */
static bool matches(const struct kernel *kernel, const struct driver *driver,
		    int device)
{
	const char *override = kernel->parts[device].override;

	return *override ? strcmp(override, driver->name) == 0 :
			   has_ids(kernel, driver, device);
}

/* The driver's own probe. */
static int probe(struct kernel *kernel, const struct driver *driver,
		 int device)
{
	const struct device *self = &kernel->system->devices[device];

	if (topo_is_vfio_driver(driver->name)) {
		if (self->group_index == NONE || topo_is_bridge(self))
			return EINVAL;
		if (self->sriov_num.known == KNOWN && self->sriov_num.value)
			return EBUSY;
	} else if (!topo_is_harmless_driver(driver->name) &&
		   is_group_held(kernel, device)) {
		/* The group's DMA belongs to a guest. */
		return EINVAL;
	}
	kernel->parts[device].driver = driver->name;
	kernel->parts[device].unsure = false;
	return 0;
}

static int bind_device(struct kernel *kernel, const char *name,
		       const char *value)
{
	const struct driver *driver = driver_named(kernel, name);
	int device = part_device(kernel, value);

	if (!driver)
		return ENOENT;
	if (device == NONE || !matches(kernel, driver, device))
		return ENODEV;
	if (*kernel->parts[device].driver)
		return EBUSY;
	return probe(kernel, driver, device);
}

/* An unbind is never refused; it waits for those who hold the device. */
static bool would_block(const struct kernel *kernel, int device)
{
	const char *driver = kernel->parts[device].driver;

	if (topo_is_vfio_driver(driver))
		return is_held(kernel, device, "/dev/vfio/");
	if (strcmp(driver, "nvidia") == 0)
		return is_held(kernel, device, "/dev/");
	return strcmp(driver, "snd_hda_intel") == 0 &&
	       is_held(kernel, device, "/dev/snd/");
}

static int unbind_device(struct kernel *kernel, const char *name,
			 const char *value)
{
	int device = part_device(kernel, value);

	if (!part_is_registered(kernel, name))
		return ENOENT;
	if (device == NONE ||
	    strcmp(kernel->parts[device].driver, name) != 0)
		return ENODEV;
	/* The link goes first, the writer waits afterwards. */
	bool blocks = would_block(kernel, device);
	kernel->parts[device].driver = "";
	kernel->parts[device].was_unbound = true;
	return blocks ? KERNEL_BLOCKS : 0;
}

/* Match one device against every driver, as drivers_probe does. */
void part_attach(struct kernel *kernel, int device)
{
	struct part *part = &kernel->parts[device];
	const struct driver *first = driver_named(kernel, part->first);

	if (part->gone || *part->driver)
		return;
	/* Which of several comes first is the order of loading, which nobody
	 * tells: what drove it at the start goes before. */
	if (first && matches(kernel, first, device) &&
	    probe(kernel, first, device) == 0)
		return;
	if (*part->override) {
		const struct driver *only =
			driver_named(kernel, part->override);
		if (only)
			probe(kernel, only, device);
		return;
	}
	for (unsigned i = 0; i < kernel->driver_count; i++)
		if (matches(kernel, &kernel->drivers[i], device) &&
		    probe(kernel, &kernel->drivers[i], device) == 0)
			return;
}

static int set_override(struct kernel *kernel, int device, const char *value)
{
	kernel->parts[device].override = arena_text(kernel->arena, value);
	return 0;
}

bool part_take(const char **path, char *out, size_t size)
{
	size_t len = strcspn(*path, "/");

	if (!len || len >= size)
		return false;
	memcpy(out, *path, len);
	out[len] = '\0';
	*path += len;
	*path += **path == '/';
	return true;
}

static int write_device(struct kernel *kernel, const char *path,
			const char *value)
{
	char name[64];
	int device = NONE;

	if (part_take(&path, name, sizeof name))
		device = part_device(kernel, name);
	if (device == NONE)
		return ENOENT;
	if (strcmp(path, "driver_override") == 0)
		return set_override(kernel, device, value);
	if (strcmp(path, "driver/unbind") == 0)
		return *kernel->parts[device].driver ?
			       unbind_device(kernel,
					     kernel->parts[device].driver,
					     value) : ENOENT;
	return parts_write(kernel, device, path, value);
}

static int write_driver(struct kernel *kernel, const char *path,
			const char *value)
{
	char name[64];

	if (!part_take(&path, name, sizeof name))
		return ENOENT;
	if (strcmp(path, "bind") == 0)
		return bind_device(kernel, name, value);
	if (strcmp(path, "unbind") == 0)
		return unbind_device(kernel, name, value);
	return ENOENT;
}

int kernel_write(struct kernel *kernel, const char *path, const char *value)
{
	if (mdev_is_path(path))
		return mdev_write(kernel, path, value);
	if (text_starts(path, PART_DEVICES))
		return write_device(kernel, path + sizeof PART_DEVICES - 1,
				    value);
	if (text_starts(path, PART_DRIVERS))
		return write_driver(kernel, path + sizeof PART_DRIVERS - 1,
				    value);
	if (strcmp(path, "/sys/bus/pci/drivers_probe") == 0) {
		int device = part_device(kernel, value);
		if (device == NONE)
			return ENODEV;
		part_attach(kernel, device);
		return 0;
	}
	return host_write(kernel, path, value);
}

/* Modules whose driver bears another name. */
static const struct { const char *module, *driver; } renamed[] = {
	{ "vfio_pci", "vfio-pci" },	{ "pci_stub", "pci-stub" },
	{ "xhci_pci", "xhci_hcd" },	{ "ehci_pci", "ehci-pci" },
	{ "uhci_hcd", "uhci_hcd" },	{ "bochs", "bochs-drm" },
	{ "virtio_pci", "virtio-pci" },	{ "i2c_i801", "i801_smbus" },
	{ "i2c_nvidia_gpu", "nvidia-gpu" },
};

static const char *driver_of_module(struct kernel *kernel, const char *module,
				    size_t len)
{
	for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
		if (strlen(renamed[i].module) == len &&
		    text_same_dashed(renamed[i].module, module, len))
			return renamed[i].driver;
	return arena_copy(kernel->arena, module, len);
}

/* A registered driver takes what is free and matches. */
void part_register(struct kernel *kernel, const char *module,
		   size_t len)
{
	const char *name = driver_of_module(kernel, module, len);

	if (part_is_registered(kernel, name))
		return;
	module_add(kernel, arena_copy(kernel->arena, module, len));
	kernel->drivers = arena_grow(kernel->arena, kernel->drivers,
				     kernel->driver_count,
				     &kernel->driver_room,
				     sizeof *kernel->drivers);
	struct driver *driver = &kernel->drivers[kernel->driver_count++];
	*driver = (struct driver){
		.name = name,
		.module = { KNOWN, arena_copy(kernel->arena, module, len) },
		.users = { KNOWN, 0 },
	};
	for (unsigned i = 0; i < kernel->system->device_count; i++)
		if (!kernel->parts[i].gone && !*kernel->parts[i].driver &&
		    matches(kernel, driver, (int)i))
			probe(kernel, driver, (int)i);
}

/* Load what the modules of a device with that alias are. */
static int load_alias(struct kernel *kernel, const char *alias)
{
	const struct system *system = kernel->system;
	int status = 1;

	for (unsigned i = 0; i < system->device_count; i++) {
		const char *at = value_of(&system->devices[i].modules);
		if (strcmp(value_of(&system->devices[i].modalias), alias) != 0)
			continue;
		for (;;) {
			at += strspn(at, " ");
			size_t len = strcspn(at, " ");
			if (!len)
				break;
			if (!module_load(kernel,
					 arena_copy(kernel->arena, at, len)))
				part_register(kernel, at, len);
			status = 0;
			at += len;
		}
	}
	return status;
}

/* Whether the machine has the module, as far as it was told. */
static bool has_module(const struct kernel *kernel, const char *name)
{
	const struct system *system = kernel->system;

	if (text_same_dashed(name, "vfio-pci", sizeof "vfio-pci"))
		return system->host.vfio_module.known != ABSENT;
	for (unsigned i = 0; i < system->device_count; i++)
		if (has_word(value_of(&system->devices[i].modules), name))
			return true;
	/* These come with the kernel, if at all. */
	return topo_is_harmless_driver(name) || plan_is_unloaded(name) ||
	       strcmp(name, "uio_pci_generic") == 0;
}

static int modprobe(struct kernel *kernel, const char *const *words)
{
	if (words[0] && strcmp(words[0], "-b") == 0 && words[1])
		return load_alias(kernel, words[1]);
	if (words[0] && strcmp(words[0], "-r") == 0 && words[1])
		return module_unload(kernel, words[1]);
	if (words[0] && module_load(kernel, words[0]))
		return 0;
	if (!words[0] || !has_module(kernel, words[0]))
		return 1;
	part_register(kernel, words[0], strlen(words[0]));
	return 0;
}

int kernel_run(struct kernel *kernel, const char *const *words)
{
	if (strcmp(words[0], "systemctl") == 0)
		return host_systemctl(kernel, words + 1);
	if (strcmp(words[0], "modprobe") == 0)
		return modprobe(kernel, words + 1);
	/* What prepares the next start changes nothing that is seen now. */
	return 0;
}

int kernel_file(struct kernel *kernel, const struct step *step)
{
	return file_do(kernel, step);
}

bool part_has_node(const struct kernel *kernel, unsigned number)
{
	const struct mdevs *mdevs = &kernel->system->mdevs;
	int group = system_group(kernel->system, number);

	for (unsigned i = 0; i < mdevs->item_count; i++)
		if (mdevs->items[i].group.known == KNOWN &&
		    mdevs->items[i].group.value == (int64_t)number)
			return true;

	for (unsigned i = 0; group != NONE && i < kernel->system->device_count;
	     i++)
		if (kernel->system->devices[i].group_index == group &&
		    is_bound_to_vfio(kernel, (int)i))
			return true;
	return false;
}

bool kernel_self(const struct kernel *kernel, const char *address, bool alone,
		 struct self *self)
{
	int device = part_device(kernel, address);

	return device != NONE && self_of(kernel->system, device, alone, self);
}

/* Where a device is now that the model was started with. */
static int now_at(const struct kernel *kernel, int device)
{
	return system_device(kernel->system,
			     kernel->original->devices[device].address);
}

void kernel_put_driver(struct kernel *kernel, int device, const char *driver)
{
	int at = now_at(kernel, device);

	if (at != NONE)
		kernel->parts[at].driver = driver;
}

void kernel_unplug(struct kernel *kernel, int device)
{
	int at = now_at(kernel, device);

	if (at == NONE)
		return;
	kernel->parts[at].gone = true;
	kernel->parts[at].driver = "";
}
