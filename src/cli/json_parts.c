// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * USB controllers and disks as JSON.  What each field means is in the manual;
 * what is not known is null.
 */
#include "cli/json.h"

#include <string.h>

#include "model/storage.h"
#include "model/topo.h"
#include "model/usb.h"
#include "view/label_usb.h"
#include "view/verdict.h"

/* A controller: as in list devices, with its verdict and what goes with it. */
static json_t *controller_entry(const struct scene *scene, int device)
{
	const struct finding *reasons[16];
	json_t *entry = json_device(scene, (unsigned)device);
	json_t *rules = json_array();
	unsigned count;
	enum fitness fitness = verdict_fitness(scene, device, reasons, 16,
					       &count);

	for (unsigned i = 0; i < count; i++)
		json_array_append_new(rules, json_string(reasons[i]->rule));
	json_object_set_new(entry, "verdict",
			    json_string(fitness_word(fitness)));
	json_object_set_new(entry, "reasons", rules);
	json_object_set_new(entry, "loses", json_loses_of(scene, device));
	return entry;
}

/* --- USB --- */

static json_t *functions_of(unsigned bits)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < USB_FUNCTIONS; i++)
		if (bits >> i & 1)
			json_array_append_new(list,
				json_string(usb_function_word(i)));
	return list;
}

static json_t *usb_entry(const struct usb_device *device)
{
	return json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "port", device->name,
		"vendor_id", device->vendor.known == KNOWN ?
			json_hex((uint64_t)device->vendor.value, 4) :
			json_null(),
		"product_id", device->product.known == KNOWN ?
			json_hex((uint64_t)device->product.value, 4) :
			json_null(),
		"maker", json_text(device->maker), "model",
		json_text(device->model), "mbit", json_text(device->speed),
		"functions", functions_of(device->functions));
}

static json_t *port_entry(const struct system *system, int port)
{
	const struct usb_port *self = &system->usage.usb_ports[port];
	int device = usb_in_port(system, port);

	return json_pack(
		"{s:s, s:i, s:o, s:o, s:o, s:o}", "name", self->name,
		"number", (int)self->number, "connect_type",
		json_text(self->connect_type), "place", json_text(self->panel),
		"peer", *self->peer ? json_string(self->peer) : json_null(),
		"plugged", device == NONE ? json_null() :
			usb_entry(&system->usage.usb_devices[device]));
}

static bool may_have_far(const struct system *system, int device)
{
	for (unsigned i = 0; i < system->usage.keyboard_count; i++)
		if (usb_may_have_far(system, &system->usage.keyboards[i],
				     device))
			return true;
	return false;
}

static json_t *usb_controller(const struct scene *scene, int device)
{
	const struct system *system = scene->system;
	const struct usage *usage = &system->usage;
	json_t *entry = controller_entry(scene, device);
	json_t *ports = json_array(), *plugged = json_array();

	for (unsigned i = 0; i < usage->usb_port_count; i++)
		if (usage->usb_devices[usage->usb_ports[i].hub].device ==
			    device && !usb_is_hidden_port(system, (int)i))
			json_array_append_new(ports,
					      port_entry(system, (int)i));
	for (unsigned i = 0; i < usage->usb_device_count; i++)
		if (usage->usb_devices[i].device == device &&
		    usage->usb_devices[i].hub != NONE)
			json_array_append_new(plugged, usb_entry(
				&usage->usb_devices[i]));
	json_object_set_new(entry, "ports", ports);
	json_object_set_new(entry, "devices", plugged);
	json_object_set_new(entry, "last_keyboard",
		known_is_settled(usage->keyboards_known) &&
		!may_have_far(system, device) ?
			json_boolean(usb_has_last_keyboard(system, device)) :
			json_null());
	return entry;
}

json_t *json_usb(const struct scene *scene)
{
	const struct system *system = scene->system;
	json_t *list = json_array();

	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].identity == KNOWN &&
		    system->devices[i].class >> 8 == CLASS_USB)
			json_array_append_new(list,
					      usb_controller(scene, (int)i));
	return json_wrap("controllers", list);
}

/* --- storage --- */

static json_t *flag_or_null(struct fact_num num)
{
	return num.known == KNOWN ? json_boolean(num.value != 0) : json_null();
}

/* What is mounted from a block device or swapped to it, over what. */
static json_t *mounts_of(const struct usage *usage, const struct disk *disk)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < usage->storage_count; i++) {
		const struct storage_use *use = &usage->storage[i];
		const char *through = use->through ? use->through : "";
		if (strcmp(use->block, disk->name) == 0 ||
		    storage_goes_through(through, disk->name))
			json_array_append_new(list, json_pack(
				"{s:s, s:s, s:s, s:s}", "mount", use->what,
				"type", use->type, "block", use->block,
				"through", through));
	}
	if (known_is_settled(usage->storage_known))
		return list;
	json_decref(list);
	return json_null();
}

static json_t *stacked_on(const struct usage *usage, const struct disk *disk)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < usage->stack_count; i++)
		if (strcmp(usage->stacks[i].block, disk->name) == 0)
			json_array_append_new(list, json_string(
				*usage->stacks[i].what ?
					usage->stacks[i].what :
					usage->stacks[i].holder));
	return list;
}

static json_t *disk_entry(const struct system *system, int index)
{
	const struct usage *usage = &system->usage;
	const struct disk *disk = &usage->disks[index];
	json_t *entry = json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:o}", "name", disk->name, "size",
		json_num(disk->size_bytes), "content",
		json_text(disk->content), "label", json_text(disk->label),
		"mounts", mounts_of(usage, disk), "stacked",
		stacked_on(usage, disk));
	json_t *parts = json_array();

	if (disk->whole != NONE) {
		json_decref(parts);
		return entry;
	}
	for (unsigned i = 0; i < usage->disk_count; i++)
		if (usage->disks[i].whole == index)
			json_array_append_new(parts,
					      disk_entry(system, (int)i));
	json_t *more = json_pack(
		"{s:o, s:o, s:o, s:o, s:b, s:o}", "model",
		json_text(disk->model), "serial", json_text(disk->serial),
		"removable", flag_or_null(disk->removable), "rotational",
		flag_or_null(disk->rotational), "in_use",
		(int)storage_disk_is_used(system, index), "partitions", parts);
	json_object_update(entry, more);
	json_decref(more);
	return entry;
}

static json_t *disks_of(const struct system *system, int device)
{
	const struct usage *usage = &system->usage;
	json_t *list = json_array();

	for (unsigned i = 0; i < usage->disk_count; i++)
		if (usage->disks[i].device == device &&
		    usage->disks[i].whole == NONE)
			json_array_append_new(list,
					      disk_entry(system, (int)i));
	return list;
}

json_t *json_storage(const struct scene *scene)
{
	const struct system *system = scene->system;
	json_t *list = json_array();

	for (unsigned i = 0; i < system->device_count; i++) {
		json_t *disks = disks_of(system, (int)i);
		bool storage = system->devices[i].identity == KNOWN &&
			       system->devices[i].class >> 16 == CLASS_STORAGE;
		if (!storage && !json_array_size(disks)) {
			json_decref(disks);
			continue;
		}
		json_t *entry = controller_entry(scene, (int)i);
		json_object_set_new(entry, "disks", disks);
		json_array_append_new(list, entry);
	}
	return json_wrap("controllers", list);
}
