// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is told of the nodes in /dev/vfio: whose they are, who has them open,
 * and why there is none.  Nothing is judged that a rule judges.
 */
#include "view/node.h"

#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "model/viable.h"
#include "view/label.h"

static bool has_node(const struct system *system, const char *name)
{
	for (unsigned i = 0; i < system->vfio.node_count; i++)
		if (strcmp(system->vfio.nodes[i], name) == 0)
			return true;
	return false;
}

const char *node_of_group(const struct system *system,
			  const struct group *group, struct arena *arena)
{
	static const char *const prefixes[] = { "", "noiommu-" };

	for (unsigned i = 0; i < 2; i++) {
		const char *name = arena_printf(arena, "%s%u", prefixes[i],
						group->number);
		if (has_node(system, name))
			return arena_printf(arena, "/dev/vfio/%s", name);
	}
	return NULL;
}

/* "01:00.0 nouveau, 01:00.1 snd_hda_intel": the endpoints and what has
 * them. */
static const char *drivers_of(const struct scene *scene,
			      const struct group *group, struct arena *arena)
{
	struct buf text = {0};

	for (unsigned i = 0; i < group->member_count; i++) {
		const struct member *member = &group->members[i];
		const struct fact_text *driver =
			viable_driver(scene->system, member);
		const struct device *device = member->device == NONE ? NULL :
			&scene->system->devices[member->device];
		if (device && topo_is_bridge(device))
			continue;
		buf_printf(&text, "%s%s %s", text.len ? ", " : "",
			   device ? label_address(device, arena) :
				    member->name,
			   driver->known == KNOWN  ? driver->value :
			   driver->known == ABSENT ? _("no driver") :
						     SIGN_UNKNOWN);
	}
	const char *kept = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return kept;
}

/* The kernel has made a node for the group, or should have. */
static const char *why_missing(const struct scene *scene, struct arena *arena)
{
	const struct kconfig *config = &scene->system->host.kconfig;
	const struct vfio *vfio = &scene->system->vfio;

	if (config->known == KNOWN && config->value[CFG_VFIO_GROUP] == 'n')
		return _("This kernel has no nodes of groups "
			 "(CONFIG_VFIO_GROUP is not set): its devices have "
			 "nodes of their own, in /dev/vfio/devices.");
	if (vfio->cdevs_known == KNOWN)
		return _("A device of it is on vfio; this kernel seems to have "
			 "nodes of single devices only, in "
			 "/dev/vfio/devices.");
	return arena_printf(arena, "%s",
			    _("A device of it is on vfio, so the kernel has "
			      "the node, but it is not in /dev: devtmpfs or "
			      "udev makes it, and a container must be given "
			      "it."));
}

static const char *why_no_vfio(const struct scene *scene)
{
	const struct fact_text *module = &scene->system->host.vfio_module;

	if (module->known == ABSENT)
		return _("vfio-pci is not installed, so no device can be on "
			 "it; the node comes with the first device that is.");
	return _("vfio-pci is not loaded, so no device is on it; the node "
		 "comes with the first device that is.");
}

const char *node_why(const struct scene *scene, const struct group *group,
		     struct arena *arena)
{
	const struct system *system = scene->system;
	const struct vfio *vfio = &system->vfio;
	struct viable viable = viable_group(system, group);

	if (!known_is_settled(vfio->nodes_known))
		return arena_printf(arena, _("Whether it has a node is not "
					     "known: %s."),
				    known_why(vfio->nodes_known));
	if (!topo_endpoints(system, group))
		return _("It holds only bridges, which are never given away: "
			 "it gets no node.");
	if (viable.on_vfio)
		return why_missing(scene, arena);
	if (vfio->pci_driver.known == ABSENT ||
	    (vfio->pci_driver.known == KNOWN && !vfio->pci_driver.value))
		return why_no_vfio(scene);
	if (known_is_settled(viable.known))
		return arena_printf(
			arena, _("None of its devices is on a vfio driver "
				 "(%s); the node comes with the first that "
				 "is."), drivers_of(scene, group, arena));
	return arena_printf(arena, _("What its devices are on is not known: "
				     "%s."), known_why(viable.known));
}

const char *node_access(const struct system *system, const char *node,
			struct arena *arena)
{
	const struct node_access *access = system_access(system, node);

	if (!access || access->mode.known != KNOWN)
		return NULL;
	unsigned mode = (unsigned)access->mode.value & 0777;
	if ((mode & 06) == 06)
		return arena_printf(arena, _("anyone (%04o)"), mode);
	if ((mode & 060) == 060 && access->gid)
		return access->uid ?
			arena_printf(arena, _("root, user %u, group %u "
					      "(%04o)"), access->uid,
				     access->gid, mode) :
			arena_printf(arena, _("root, group %u (%04o)"),
				     access->gid, mode);
	return access->uid ?
		arena_printf(arena, _("root, user %u (%04o)"), access->uid,
			     mode) :
		arena_printf(arena, _("root only (%04o)"), mode);
}

const char *node_holders(const struct system *system, const char *node,
			 struct arena *arena)
{
	struct buf text = {0};
	const struct holder *holder;
	unsigned from = 0;

	while ((holder = system_holder(system, &from, node)) != NULL) {
		buf_printf(&text, "%s%s (%u)", text.len ? "; " : "",
			   holder->command, holder->pid);
		if (holder->guest)
			buf_printf(&text, _(", guest %s"), holder->guest);
	}
	const char *kept = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return kept;
}

struct text node_viable(const struct system *system,
			const struct group *group, enum mark *mark,
			struct arena *arena)
{
	struct viable viable = viable_group(system, group);

	if (viable.known == KNOWN) {
		*mark = MARK_GOOD;
		return (struct text){ _("viable"), ROLE_TEXT };
	}
	if (viable.known != ABSENT || viable.culprit == NONE) {
		*mark = MARK_UNKNOWN;
		return (struct text){
			arena_printf(arena, _("not known to be viable: %s"),
				     known_why(viable.known)), ROLE_UNKNOWN };
	}
	const struct member *member = &group->members[viable.culprit];
	*mark = MARK_BAD;
	return (struct text){
		arena_printf(arena, _("not viable: %s is on %s"),
			     member->device == NONE ? member->name :
			     label_address(&system->devices[member->device],
					   arena),
			     viable_driver(system, member)->value), ROLE_BAD };
}
