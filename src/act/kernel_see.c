// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking at the model of the kernel: one path, or the whole as a system.
 * What changes it is in kernel.c.
 */
#include "act/kernel.h"

#include <stdio.h>
#include <string.h>

#include "act/kernel_part.h"
#include "base/num.h"
#include "base/text.h"

/* What a path below a device reads; false when it is not there. */
static bool read_device(const struct kernel *kernel, const char *path,
			const char **value)
{
	char name[64];
	int device = NONE;

	if (part_take(&path, name, sizeof name))
		device = part_device(kernel, name);
	if (device == NONE)
		return false;
	const struct part *part = &kernel->parts[device];
	if (strcmp(path, "driver_override") == 0) {
		*value = *part->override ? part->override : "(null)";
		return true;
	}
	if (parts_read(kernel, device, path, value))
		return true;
	*value = part->driver;
	return !*path || (strcmp(path, "driver") == 0 && *part->driver);
}

static bool is_there(const struct kernel *kernel, const char *path)
{
	static const char nodes[] = "/dev/vfio/";
	const char *value;
	uint64_t number;

	if (text_starts(path, PART_DEVICES))
		return read_device(kernel, path + sizeof PART_DEVICES - 1,
				   &value);
	if (text_starts(path, PART_DRIVERS))
		return part_is_registered(kernel, path + sizeof PART_DRIVERS - 1);
	return text_starts(path, nodes) &&
	       num_parse(path + sizeof nodes - 1, 10, &number) &&
	       number <= UINT32_MAX && part_has_node(kernel, (unsigned)number);
}

bool kernel_look(const struct kernel *kernel, const struct expect *expect,
		 char *seen, size_t size)
{
	const char *value = "";
	bool there;

	if (expect->kind == EXPECT_FREE ||
	    text_starts(expect->path, PART_CONSOLES))
		return host_look(kernel, expect, seen, size);
	if (text_starts(expect->path, PART_MODULES))
		return module_look(kernel, expect, seen, size);
	if (text_starts(expect->path, PART_MDEVS))
		return mdev_look(kernel, expect, seen, size);
	if (expect->kind == EXPECT_LINE || expect->kind == EXPECT_FILE ||
	    expect->kind == EXPECT_GONE) {
		snprintf(seen, size, "%s", "");
		return file_look(kernel, expect);
	}
	switch (expect->kind) {
	case EXPECT_NOTHING:
		return true;
	case EXPECT_EXISTS:
		snprintf(seen, size, "%s", "");
		return is_there(kernel, expect->path);
	case EXPECT_FREE:
	case EXPECT_LINE:
	case EXPECT_FILE:
	case EXPECT_GONE:
	case EXPECT_SPARE:
	case EXPECT_UNLOADED:
		break;
	case EXPECT_TEXT:
	case EXPECT_DRIVER:
	case EXPECT_OTHER:
		there = text_starts(expect->path, PART_DEVICES) &&
			read_device(kernel,
				    expect->path + sizeof PART_DEVICES - 1,
				    &value);
		snprintf(seen, size, "%s", there ? value : "");
		/* A device that is gone has no driver, and no text either. */
		if (!there)
			return expect->kind == EXPECT_DRIVER &&
			       !*expect->value;
		return (strcmp(value, expect->value) == 0) ==
		       (expect->kind != EXPECT_OTHER);
	}
	return false;
}

/* Whether what hung on the device's first driver is no more. */
static bool lost(const struct kernel *kernel, int device)
{
	return device != NONE && (kernel->parts[device].was_unbound ||
				  kernel->parts[device].gone);
}

/* Keep the items of an array whose device has not lost them. */
#define KEEP(kernel, arena, array, count)				\
	do {								\
		size_t size_ = sizeof *(array);				\
		char *to_ = arena_array(arena, (count) + 1u, size_);	\
		unsigned kept_ = 0;					\
		for (unsigned i_ = 0; i_ < (count); i_++)		\
			if (!lost(kernel, (array)[i_].device))		\
				memcpy(to_ + kept_++ * size_,		\
				       &(array)[i_], size_);		\
		(array) = (void *)to_;					\
		(count) = kept_;					\
	} while (0)

/* Disks and USB devices go by one another's place: they keep it, and are of
 * no device. */
static void forget_places(const struct kernel *kernel, struct system *result,
			  struct arena *arena)
{
	struct usage *usage = &result->usage;
	struct disk *disks = arena_array(arena, usage->disk_count + 1u,
					 sizeof *disks);
	struct usb_device *plugged = arena_array(
		arena, usage->usb_device_count + 1u, sizeof *plugged);

	for (unsigned i = 0; i < usage->disk_count; i++) {
		disks[i] = usage->disks[i];
		if (lost(kernel, disks[i].device))
			disks[i].device = NONE;
	}
	for (unsigned i = 0; i < usage->usb_device_count; i++) {
		plugged[i] = usage->usb_devices[i];
		if (lost(kernel, plugged[i].device))
			plugged[i].device = NONE;
	}
	usage->disks = disks;
	usage->usb_devices = plugged;
}

static void copy_devices(const struct kernel *kernel, struct system *result,
			 struct arena *arena)
{
	struct device *devices = arena_array(
		arena, result->device_count + 1u, sizeof *devices);

	for (unsigned i = 0; i < result->device_count; i++) {
		const struct part *part = &kernel->parts[i];
		devices[i] = result->devices[i];
		devices[i].driver = (struct fact_text){
			*part->driver ? KNOWN : ABSENT,
			arena_text(arena, part->driver) };
		devices[i].driver_override = (struct fact_text){
			*part->override ? KNOWN : ABSENT,
			arena_text(arena, part->override) };
		devices[i].driver_index = *part->driver ?
			system_driver(result, part->driver) : NONE;
		if (part->unsure)
			devices[i].driver = (struct fact_text){ UNREAD, "" };
		if (part->gone)
			devices[i].identity = ABSENT;
	}
	result->devices = devices;
}

/* Sorted by name, as a system's are. */
static void copy_drivers(const struct kernel *kernel, struct system *result,
			 struct arena *arena)
{
	struct driver *drivers = arena_array(
		arena, kernel->driver_count + 1u, sizeof *drivers);
	unsigned count = 0;

	for (unsigned i = 0; i < kernel->driver_count; i++) {
		unsigned at = count++;
		for (; at && strcmp(drivers[at - 1].name,
				    kernel->drivers[i].name) > 0; at--)
			drivers[at] = drivers[at - 1];
		drivers[at] = kernel->drivers[i];
		drivers[at].name = arena_text(arena, drivers[at].name);
	}
	result->drivers = drivers;
	result->driver_count = count;
}

/* A group that was there at the start may be gone now. */
static bool is_group_node(const struct kernel *kernel, const char *name)
{
	uint64_t number;

	return num_parse(name, 10, &number) && number <= UINT32_MAX &&
	       (system_group(kernel->original, (unsigned)number) != NONE ||
		system_group(kernel->system, (unsigned)number) != NONE);
}

/* Nodes come with the first member on vfio and go with the last. */
static void copy_nodes(const struct kernel *kernel, struct system *result,
		       struct arena *arena)
{
	struct vfio *vfio = &result->vfio;
	const char **nodes = arena_array(
		arena, vfio->node_count + result->group_count + 1u,
		sizeof *nodes);
	unsigned count = 0;

	for (unsigned i = 0; i < vfio->node_count; i++)
		if (!is_group_node(kernel, vfio->nodes[i]))
			nodes[count++] = vfio->nodes[i];
	for (unsigned i = 0; i < result->group_count; i++)
		if (part_has_node(kernel, result->groups[i].number))
			nodes[count++] = arena_printf(
				arena, "%u", result->groups[i].number);
	vfio->nodes = nodes;
	vfio->node_count = count;
	if (count)
		vfio->nodes_known = KNOWN;
	if (part_is_registered(kernel, "vfio-pci"))
		vfio->pci_driver = (struct fact_num){ KNOWN, 1 };
}

const struct system *kernel_result(const struct kernel *kernel,
				   struct arena *arena)
{
	struct system *result = arena_alloc(arena, sizeof *result);

	*result = *kernel->system;
	result->arena = arena;
	copy_drivers(kernel, result, arena);
	copy_devices(kernel, result, arena);
	copy_nodes(kernel, result, arena);
	host_result(kernel, result, arena);
	module_result(kernel, result, arena);
	file_result(kernel, result, arena);
	KEEP(kernel, arena, result->connectors, result->connector_count);
	KEEP(kernel, arena, result->cards, result->card_count);
	KEEP(kernel, arena, result->framebuffers, result->framebuffer_count);
	KEEP(kernel, arena, result->usage.interfaces,
	     result->usage.interface_count);
	KEEP(kernel, arena, result->usage.storage,
	     result->usage.storage_count);
	KEEP(kernel, arena, result->usage.holders,
	     result->usage.holder_count);
	KEEP(kernel, arena, result->usage.stacks, result->usage.stack_count);
	KEEP(kernel, arena, result->usage.sounds, result->usage.sound_count);
	KEEP(kernel, arena, result->usage.keyboards,
	     result->usage.keyboard_count);
	KEEP(kernel, arena, result->usage.sound_cards,
	     result->usage.sound_card_count);
	KEEP(kernel, arena, result->usage.gear, result->usage.gear_count);
	forget_places(kernel, result, arena);
	KEEP(kernel, arena, result->host.backlights,
	     result->host.backlight_count);
	return result;
}
