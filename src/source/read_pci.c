// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads /sys/bus/pci/devices: who is there, who drives it, how it stands.
 * One read of "uevent" tells most of it; nothing is read twice, and nothing
 * that would wake a sleeping device (Documentation/ABI/testing/sysfs-bus-pci;
 * drivers/pci/access.c, pci_config_pm_runtime_get).
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "decode/config.h"
#include "source/read.h"

static const struct fact_num absent_num = { ABSENT, 0 };
static const struct fact_text absent_text = { ABSENT, "" };

enum { IS_VF = -2 };	/* its PF is found once all devices are in */

/* Take "10DE:2684" apart. */
static void take_ids(const char *text, uint16_t *first, uint16_t *second)
{
	uint64_t a, b;

	if (!num_take(&text, 16, &a) || *text++ != ':' ||
	    !num_take(&text, 16, &b))
		return;
	*first = (uint16_t)a;
	*second = (uint16_t)b;
}

/* Parse "KEY=value" lines; the buffer is cut into pieces in place. */
static void take_uevent(struct reader *reader, struct device *device)
{
	char *at = reader->text.data, *end = at + reader->text.len;

	device->driver = absent_text;
	device->modalias = absent_text;
	for (char *line = at; line < end;) {
		char *stop = memchr(line, '\n', (size_t)(end - line));
		if (!stop)
			stop = end;
		*stop = '\0';
		char *value = strchr(line, '=');
		uint64_t number;
		if (value) {
			*value++ = '\0';
			if (strcmp(line, "DRIVER") == 0)
				device->driver = (struct fact_text){
					KNOWN, text_safe(reader->arena, value,
							 strlen(value)),
				};
			else if (strcmp(line, "PCI_CLASS") == 0 &&
				 num_parse(value, 16, &number)) {
				device->class = (uint32_t)number & 0xffffff;
				device->identity = KNOWN;
			} else if (strcmp(line, "PCI_ID") == 0)
				take_ids(value, &device->vendor,
					 &device->device);
			else if (strcmp(line, "PCI_SUBSYS_ID") == 0)
				take_ids(value, &device->subvendor,
					 &device->subdevice);
			else if (strcmp(line, "MODALIAS") == 0)
				device->modalias = (struct fact_text){
					KNOWN, text_safe(reader->arena, value,
							 strlen(value)),
				};
		}
		line = stop + 1;
	}
}

static uint16_t read_id(struct reader *reader, const struct place *at,
			const char *name)
{
	struct fact_num id = read_num(reader, at, name, 16);

	return id.known == KNOWN ? (uint16_t)id.value : 0;
}

/* Where uevent is missing or says too little: the files one by one. */
static void identify_by_files(struct reader *reader, const struct place *at,
			      struct device *device)
{
	struct fact_num class = read_num(reader, at, "class", 16);

	device->identity = class.known;
	device->class = (uint32_t)class.value & 0xffffff;
	device->vendor = read_id(reader, at, "vendor");
	device->device = read_id(reader, at, "device");
	device->subvendor = read_id(reader, at, "subsystem_vendor");
	device->subdevice = read_id(reader, at, "subsystem_device");
}

static void identify(struct reader *reader, const struct place *at,
		     struct device *device)
{
	enum known known = root_read(reader->root, at, "uevent", 4096,
				     &reader->text);

	device->driver.known = device->modalias.known = known;
	device->silent = known == SILENT;
	if (known == KNOWN)
		take_uevent(reader, device);
	device->uevent_id = device->identity == KNOWN;
	device->uevent_driver = device->driver.known == KNOWN;
	if (device->identity != KNOWN)
		identify_by_files(reader, at, device);
	/* The kernel's own uevent is the whole truth; a hand-made one may
	 * leave the driver to the link. */
	if (device->driver.known != KNOWN &&
	    (known != KNOWN || !root_origin(reader->root)->complete))
		device->driver = read_link(reader, at, "driver");
	if (device->modalias.known != KNOWN && known != KNOWN)
		device->modalias = read_text(reader, at, "modalias");
}

/* "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0": the name before
 * the last is the bridge above, or the host bridge's bus. */
static void read_path(struct reader *reader, const struct place *folder,
		      const char *name, struct device *device)
{
	if (root_link(reader->root, folder, name, &reader->text) != KNOWN)
		return;
	char *target = reader->text.data;
	char *last = strrchr(target, '/');
	if (!last)
		return;
	*last = '\0';
	char *above = strrchr(target, '/');
	if (!above)
		return;
	device->path_known = true;
	device->above_known = bdf_parse(above + 1, &device->above);
	/* VMD: …/0000:00:0e.0/pci10000:e0/10000:e0:06.0 */
	if (!device->above_known && strncmp(above + 1, "pci", 3) == 0) {
		*above = '\0';
		char *owner = strrchr(target, '/');
		device->above_known = owner &&
				      bdf_parse(owner + 1, &device->above);
	}
}

static struct fact_num number_of(struct fact_text text)
{
	uint64_t value;

	if (text.known != KNOWN)
		return (struct fact_num){ text.known, 0 };
	if (!num_parse(text.value, 10, &value))
		return (struct fact_num){ MALFORMED, 0 };
	return (struct fact_num){ KNOWN, (int64_t)value };
}

static void read_standing(struct reader *reader, const struct place *at,
			  struct device *device)
{
	device->group = number_of(read_link(reader, at, "iommu_group"));
	device->iommu = read_link(reader, at, "iommu");
}

static bool is_bridge_class(uint32_t class)
{
	uint32_t kind = class >> 8;

	return kind == 0x0604 || kind == 0x0607 || kind == 0x0609 ||
	       kind == 0x060a;
}

static void read_power(struct reader *reader, const struct place *at,
		       struct device *device)
{
	device->power_state = read_text(reader, at, "power_state");
	device->runtime_status = read_text(reader, at, "power/runtime_status");
	device->runtime_control = read_text(reader, at, "power/control");

	bool cold = device->power_state.known == KNOWN &&
		    strcmp(device->power_state.value, "D3cold") == 0;
	enum known status = device->runtime_status.known;
	bool running = status == ABSENT ||
		       (status == KNOWN &&
			(strcmp(device->runtime_status.value, "active") == 0 ||
			 strcmp(device->runtime_status.value,
				"unsupported") == 0));
	/* Only a live device can be woken; but what slept then was not read. */
	if (root_kind(reader->root) != ORIGIN_LIVE && status != KNOWN)
		running = true;
	device->asleep = cold || !running;
	if (reader->wake && bdf_compare(*reader->wake, device->address) == 0)
		device->asleep = false;
}

static void read_bars(struct reader *reader, const struct place *at,
		      struct device *device)
{
	struct bar bars[7];
	unsigned count = 0;

	device->resources = root_read(reader->root, at, "resource", 4096,
				      &reader->text);
	if (device->resources != KNOWN)
		return;
	const char *text = buf_str(&reader->text);
	for (uint8_t index = 0; index < 7; index++) {
		struct bar bar = { .index = index };
		if (!num_take(&text, 16, &bar.start) ||
		    !num_take(&text, 16, &bar.end) ||
		    !num_take(&text, 16, &bar.flags))
			break;
		if (bar.flags && bar.end >= bar.start)
			bars[count++] = bar;
	}
	struct bar *kept = arena_array(reader->arena, count + 1u, sizeof *kept);
	memcpy(kept, bars, count * sizeof *bars);
	device->bars = kept;
	device->bar_count = count;
}

static void read_speed(struct reader *reader, const struct place *at,
		       struct device *device)
{
	if (device->asleep) {
		device->speed.known = device->speed_max.known = ASLEEP;
		device->width.known = device->width_max.known = ASLEEP;
		device->speed.value = device->speed_max.value = "";
		return;
	}
	device->speed_max = read_text(reader, at, "max_link_speed");
	if (device->speed_max.known == ABSENT) {
		device->speed = absent_text;
		device->width = device->width_max = absent_num;
		return;
	}
	device->speed = read_text(reader, at, "current_link_speed");
	device->width_max = read_num(reader, at, "max_link_width", 10);
	device->width = read_num(reader, at, "current_link_width", 10);
}

static void read_config(struct reader *reader, const struct place *at,
			struct device *device)
{
	struct config *config = arena_alloc(reader->arena, sizeof *config);
	uint64_t size = 0;

	device->config = config;
	device->config_size.known = root_size(reader->root, at, "config",
					      &size);
	device->config_size.value = (int64_t)size;
	if (device->asleep) {
		config->header = config->caps = config->ecaps = ASLEEP;
		return;
	}
	enum known known = root_read(reader->root, at, "config", 4096,
				     &reader->text);
	if (known != KNOWN) {
		config->header = config->caps = config->ecaps = known;
		return;
	}
	/* In a capture the size is what was read; PCIe has 4096. */
	if (root_kind(reader->root) != ORIGIN_LIVE && size < 256)
		size = 0;
	config_decode((const uint8_t *)buf_str(&reader->text),
		      reader->text.len, (size_t)size, config);
}

static void read_functions(struct reader *reader, const struct place *at,
			   struct device *device)
{
	device->sriov_total = read_num(reader, at, "sriov_totalvfs", 10);
	device->sriov_num = device->sriov_total.known == KNOWN ?
				    read_num(reader, at, "sriov_numvfs", 10) :
				    device->sriov_total;
	if (read_exists(reader, at, "physfn").known == KNOWN)
		device->physfn = IS_VF;
}

static void read_override(struct reader *reader, const struct place *at,
			  struct device *device)
{
	device->driver_override = read_text(reader, at, "driver_override");
	if (device->driver_override.known == KNOWN &&
	    (strcmp(device->driver_override.value, "(null)") == 0 ||
	     !*device->driver_override.value))
		device->driver_override = absent_text;
}

static void read_detail(struct reader *reader, const struct place *at,
			struct device *device)
{
	read_power(reader, at, device);
	read_override(reader, at, device);
	read_bars(reader, at, device);
	device->revision = read_num(reader, at, "revision", 16);
	device->reset_method = read_text(reader, at, "reset_method");
	device->reset_file = read_exists(reader, at, "reset");
	device->numa_node = read_num(reader, at, "numa_node", 10);
	device->irq = read_num(reader, at, "irq", 10);
	device->msi_bus = read_num(reader, at, "msi_bus", 10);
	device->removable = read_text(reader, at, "removable");
	device->boot_vga = absent_num;
	if (device->class >> 16 == 0x03 || device->class == 0x000100)
		device->boot_vga = read_num(reader, at, "boot_vga", 10);
	device->secondary_bus = device->subordinate_bus = absent_num;
	device->sriov_total = device->sriov_num = absent_num;
	if (is_bridge_class(device->class)) {
		device->secondary_bus = read_num(reader, at,
						 "secondary_bus_number", 10);
		device->subordinate_bus = read_num(
			reader, at, "subordinate_bus_number", 10);
	} else {
		read_functions(reader, at, device);
		read_extras(reader, at, device);
	}
	read_speed(reader, at, device);
	read_config(reader, at, device);
}

static void read_one(struct reader *reader, const struct place *folder,
		     const char *name, struct bdf address)
{
	struct device *device = build_device(&reader->builder, address);
	struct place at;
	char path[80];

	read_path(reader, folder, name, device);
	snprintf(path, sizeof path, "sys/bus/pci/devices/%s", name);
	enum known known = root_enter(reader->root, NULL, path, &at);
	if (known != KNOWN) {
		device->identity = known == ABSENT ? UNREAD : known;
		return;
	}
	identify(reader, &at, device);
	read_standing(reader, &at, device);
	if (reader->areas & AREA_DETAIL)
		read_detail(reader, &at, device);
	root_leave(reader->root, &at);
}

/* VFs name their PF; devices are sorted now, so it can be found. */
static void find_physfns(struct reader *reader)
{
	struct system *system = reader->system;

	for (unsigned i = 0; i < system->device_count; i++) {
		struct device *device = &system->devices[i];
		char path[64], name[BDF_TEXT];
		struct bdf address;
		if (device->physfn != IS_VF)
			continue;
		device->physfn = NONE;
		snprintf(path, sizeof path, "sys/bus/pci/devices/%s/physfn",
			 bdf_print(device->address, name));
		struct fact_text physfn = read_link(reader, NULL, path);
		if (physfn.known == KNOWN && bdf_parse(physfn.value, &address))
			device->physfn = system_device(system, address);
	}
}

/* Mediated devices are devices of a bus of their own, in their parent's
 * folder. */
static void count_mdevs(struct reader *reader)
{
	struct system *system = reader->system;
	struct arena names = {0};
	struct listing listing;
	enum known known = root_list(reader->root, NULL,
				     "sys/bus/mdev/devices", &names, &listing);

	for (unsigned i = 0; i < system->device_count; i++)
		system->devices[i].mdev_count.known =
			system->devices[i].mdev.known != KNOWN ?
				system->devices[i].mdev.known :
			known == ABSENT ? KNOWN : known;
	for (unsigned i = 0; i < listing.count; i++) {
		struct buf path = {0};
		buf_printf(&path, "sys/bus/mdev/devices/%s", listing.names[i]);
		int parent = device_behind(reader, buf_str(&path));
		buf_free(&path);
		if (parent != NONE)
			system->devices[parent].mdev_count = (struct fact_num){
				KNOWN,
				system->devices[parent].mdev_count.value + 1,
			};
	}
	arena_free(&names);
}

void read_devices(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;
	struct place folder;

	reader->system->devices_known = root_list(
		reader->root, NULL, "sys/bus/pci/devices", &names, &listing);
	if (reader->system->devices_known == KNOWN &&
	    root_enter(reader->root, NULL, "sys/bus/pci/devices", &folder) ==
		    KNOWN) {
		for (unsigned i = 0; i < listing.count; i++) {
			struct bdf address;
			if (strlen(listing.names[i]) < 40 &&
			    bdf_parse(listing.names[i], &address))
				read_one(reader, &folder, listing.names[i],
					 address);
		}
		root_leave(reader->root, &folder);
	}
	build_sort(&reader->builder);
	if (reader->areas & AREA_DETAIL) {
		find_physfns(reader);
		count_mdevs(reader);
		read_slots(reader);
	}
	arena_free(&names);
}
