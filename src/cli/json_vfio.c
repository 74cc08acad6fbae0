// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The nodes of VFIO, groups as it sees them, extensions and parameters, as
 * JSON.
 */
#include "cli/json.h"

#include <stdio.h>

#include "model/vfio_abi.h"
#include "model/viable.h"
#include "view/label_grant.h"
#include "view/node.h"

static json_t *holders_of(const struct system *system, const char *node)
{
	json_t *list = json_array();
	const struct holder *holder;
	unsigned from = 0;

	while (node && (holder = system_holder(system, &from, node)) != NULL)
		json_array_append_new(list, json_pack(
			"{s:I, s:s, s:o}", "pid", (json_int_t)holder->pid,
			"command", holder->command, "guest",
			holder->guest ? json_string(holder->guest) :
					 json_null()));
	return list;
}

/* A node, its permission bits in octal, who has it open. */
static json_t *node_entry(const struct system *system, const char *node)
{
	const struct node_access *access = system_access(system, node);
	char mode[16];

	if (!access || access->mode.known != KNOWN)
		return json_pack("{s:s, s:n, s:n, s:n, s:o}", "node", node,
				 "mode", "uid", "gid", "holders",
				 holders_of(system, node));
	snprintf(mode, sizeof mode, "%04o",
		 (unsigned)access->mode.value & 07777);
	return json_pack("{s:s, s:s, s:I, s:I, s:o}", "node", node, "mode",
			 mode, "uid", (json_int_t)access->uid, "gid",
			 (json_int_t)access->gid, "holders",
			 holders_of(system, node));
}

static json_t *accesses(const struct system *system)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < system->vfio.access_count; i++)
		json_array_append_new(list, node_entry(
			system, system->vfio.access[i].node));
	return list;
}

static json_t *extensions(const struct vfio *vfio)
{
	if (vfio->extensions_known != KNOWN)
		return json_null();
	json_t *list = json_array();
	for (unsigned i = 1; i < ABI_EXTENSIONS; i++)
		json_array_append_new(list, json_pack(
			"{s:i, s:s, s:b}", "number", (int)i, "name",
			label_extension(i), "supported",
			vfio->extensions >> i & 1));
	return list;
}

static json_t *group_entry(const struct scene *scene,
			   const struct group *group, struct arena *arena)
{
	const struct system *system = scene->system;
	const char *node = node_of_group(system, group, arena);
	struct viable viable = viable_group(system, group);

	return json_pack(
		"{s:i, s:o, s:o, s:o, s:o, s:o}", "number", (int)group->number,
		"node", node ? json_string(node) : json_null(), "why_no_node",
		node ? json_null() : json_string(node_why(scene, group, arena)),
		"viable", known_is_settled(viable.known) ?
			json_boolean(viable.known == KNOWN) : json_null(),
		"in_the_way", viable.known == ABSENT && viable.culprit != NONE ?
			json_string(group->members[viable.culprit].name) :
			json_null(), "holders", holders_of(system, node));
}

static json_t *groups(const struct scene *scene)
{
	struct arena arena = {0};
	json_t *list = json_array();

	for (unsigned i = 0; i < scene->system->group_count; i++)
		json_array_append_new(list, group_entry(
			scene, &scene->system->groups[i], &arena));
	arena_free(&arena);
	return list;
}

static json_t *made(const struct system *system)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < system->vfio.device_count; i++)
		json_array_append_new(list, json_pack(
			"{s:s, s:s}", "name", system->vfio.devices[i].name,
			"owner", system->vfio.devices[i].owner));
	return list;
}

static json_t *parameters(const struct vfio *vfio)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < vfio->parameter_count; i++)
		json_array_append_new(list, json_pack(
			"{s:s, s:s, s:o}", "module", vfio->parameters[i].module,
			"name", vfio->parameters[i].name, "value",
			json_text(vfio->parameters[i].value)));
	return list;
}

void json_vfio_more(const struct scene *scene, json_t *whole)
{
	const struct system *system = scene->system;

	json_object_set_new(whole, "allow_unsafe_interrupts_iommufd",
			    json_num(system->host.unsafe_iommufd));
	json_object_set_new(whole, "memlock",
			    json_num(system->host.memlock_bytes));
	json_object_set_new(whole, "access", accesses(system));
	json_object_set_new(whole, "extensions", extensions(&system->vfio));
	json_object_set_new(whole, "groups", groups(scene));
	json_object_set_new(whole, "vfio_devices", made(system));
	json_object_set_new(whole, "parameters", parameters(&system->vfio));
}
