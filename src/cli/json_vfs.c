// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parts of devices as JSON: virtual functions, mediated devices, and what
 * UIO gives to programs.  What is not known is null.
 */
#include "cli/json.h"

#include <string.h>

#include "model/parts.h"
#include "model/topo.h"

static json_t *flag(const struct fact_num *fact)
{
	return fact->known == KNOWN ? json_boolean(fact->value != 0) :
				      json_null();
}

static json_t *holder_json(const struct holder *holder)
{
	return json_pack("{s:i, s:s, s:s}", "pid", (int)holder->pid,
			 "command", holder->command, "node", holder->node);
}

/* Those that hold the device, or that node; null where some were not seen. */
static json_t *holders_of(const struct system *system, int device,
			  const char *node)
{
	const struct usage *usage = &system->usage;
	json_t *list = json_array();

	for (unsigned i = 0; i < usage->holder_count; i++) {
		const struct holder *each = &usage->holders[i];
		if (node ? strcmp(each->node, node) == 0 :
			   device != NONE && each->device == device)
			json_array_append_new(list, holder_json(each));
	}
	if (json_array_size(list) || usage->holders_known == KNOWN)
		return list;
	json_decref(list);
	return json_null();
}

static json_t *vf_json(const struct system *system, int physical, int index)
{
	const struct device *self = &system->devices[index];
	int number = parts_vf_number(&system->devices[physical],
				     self->address);

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "address",
			 json_address(system, index), "number",
			 number == NONE ? json_null() : json_integer(number),
			 "driver", json_text(self->driver), "driver_override",
			 json_text(self->driver_override), "group",
			 json_num(self->group), "held_by",
			 holders_of(system, index, NULL));
}

static json_t *room_json(const struct system *system, int index)
{
	const struct device *self = &system->devices[index];
	enum parts_lack lack;
	enum known known = parts_room(system, index,
				      (unsigned)self->sriov_total.value,
				      &lack);

	return known_is_settled(known) ? json_boolean(known == KNOWN) :
					 json_null();
}

static json_t *physical_json(const struct system *system, int index)
{
	const struct device *self = &system->devices[index];
	bool vfio = self->driver.known == KNOWN &&
		    topo_is_vfio_driver(self->driver.value);
	json_t *vfs = json_array();

	for (int vf = NONE; (vf = parts_next_vf(system, index, vf)) != NONE;)
		json_array_append_new(vfs, vf_json(system, index, vf));
	json_t *device_id = self->sriov_device.known == KNOWN ?
		json_sprintf("0x%04x", (unsigned)self->sriov_device.value) :
		json_null();
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"address", json_address(system, index), "driver",
		json_text(self->driver), "group", json_num(self->group),
		"total", json_num(self->sriov_total), "enabled",
		json_num(self->sriov_num), "autoprobe",
		flag(&self->sriov_autoprobe), "vf_device_id", device_id,
		"room_for_all", room_json(system, index), "token",
		known_is_settled(self->driver.known) ?
			json_boolean(vfio && self->sriov_num.value > 0) :
			json_null(), "vfs", vfs);
}

json_t *json_vfs(const struct scene *scene)
{
	const struct system *system = scene->system;
	json_t *list = json_array();

	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].sriov_total.known == KNOWN)
			json_array_append_new(list, physical_json(system,
								  (int)i));
	return json_pack("{s:i, s:o}", "schema", 1, "physical_functions",
			 list);
}

static json_t *types_json(const struct mdevs *mdevs, unsigned parent)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < mdevs->type_count; i++) {
		const struct mdev_type *type = &mdevs->types[i];
		if (type->parent != (int)parent)
			continue;
		json_array_append_new(list, json_pack(
			"{s:s, s:o, s:o, s:o, s:o}", "id", type->id, "name",
			json_text(type->name), "description",
			json_text(type->description), "api",
			json_text(type->api), "available",
			json_num(type->available)));
	}
	return list;
}

json_t *json_mdev_items(const struct system *system)
{
	const struct mdevs *mdevs = &system->mdevs;
	json_t *list = json_array();

	for (unsigned i = 0; i < mdevs->item_count; i++) {
		const struct mdev *each = &mdevs->items[i];
		const struct holder *holder = parts_mdev_holder(system, each);
		json_array_append_new(list, json_pack(
			"{s:s, s:s?, s:o, s:o, s:o, s:o}", "uuid",
			each->uuid, "parent", each->parent == NONE ? NULL :
				mdevs->parents[each->parent].name, "type",
			json_text(each->type), "driver",
			json_text(each->driver), "group",
			json_num(each->group), "held_by",
			holder ? json_pack("[o]", holder_json(holder)) :
				 holders_of(system, NONE, "")));
	}
	return list;
}

json_t *json_mdev(const struct scene *scene)
{
	const struct mdevs *mdevs = &scene->system->mdevs;
	json_t *parents = json_array();

	for (unsigned i = 0; i < mdevs->parent_count; i++)
		json_array_append_new(parents, json_pack(
			"{s:s, s:o, s:o}", "name", mdevs->parents[i].name,
			"address", json_address(scene->system,
						mdevs->parents[i].device),
			"types", types_json(mdevs, i)));
	if (!known_is_settled(mdevs->parents_known)) {
		json_decref(parents);
		parents = json_null();
	}
	return json_pack("{s:i, s:o, s:o}", "schema", 1, "parents", parents,
			 "mdevs", known_is_settled(mdevs->items_known) ?
				json_mdev_items(scene->system) : json_null());
}

static json_t *map_json(const struct uio_map *map)
{
	return json_pack("{s:o, s:o, s:o}", "name", json_text(map->name),
			 "address", map->address.known == KNOWN ?
				json_sprintf("0x%llx", (unsigned long long)
					     map->address.value) :
				json_null(), "size", json_num(map->size));
}

json_t *json_uio(const struct scene *scene)
{
	const struct system *system = scene->system;
	json_t *list = json_array();

	for (unsigned i = 0; i < system->uio_count; i++) {
		const struct uio *uio = &system->uios[i];
		json_t *maps = json_array();
		char node[64] = "/dev/";
		strncat(node, uio->node, sizeof node - strlen(node) - 1);
		for (unsigned m = 0; m < uio->map_count; m++)
			json_array_append_new(maps, map_json(&uio->maps[m]));
		json_array_append_new(list, json_pack(
			"{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "node", node,
			"address", json_address(system, uio->device), "name",
			json_text(uio->name), "version",
			json_text(uio->version), "interrupts",
			json_num(uio->event), "maps", maps, "held_by",
			holders_of(system, uio->device, node)));
	}
	return json_pack("{s:i, s:o}", "schema", 1, "uios",
			 known_is_settled(system->uios_known) ? list :
				 (json_decref(list), json_null()));
}
