// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a device to the one question that opens it.  What it answers is not
 * known here.
 */
#include "plan/ask.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"

enum { DEADLINE_S = 60 };	/* a bus reset takes seconds */

/* The device is on a vfio driver at this moment. */
static bool set_before(const struct system *system, struct ask *ask,
		       struct arena *arena, struct err *err)
{
	struct expect *before = &ask->step.before;

	if (ask->device == NONE) {
		*before = (struct expect){ EXPECT_EXISTS, arena_printf(
			arena, "/sys/bus/mdev/devices/%s", ask->name), "" };
		return true;
	}
	const struct fact_text *driver = &system->devices[ask->device].driver;
	if (driver->known != KNOWN || !topo_is_vfio_driver(driver->value)) {
		err_set(err, _("%s is not on a vfio driver (%s), so VFIO knows "
			       "nothing of it.  Give it to vfio-pci first: "
			       "vfiotop bind %s"), ask->name,
			driver->known == KNOWN ? driver->value :
			driver->known == ABSENT ? _("no driver") :
						  known_why(driver->known),
			ask->name);
		return false;
	}
	*before = (struct expect){ EXPECT_DRIVER, arena_printf(
		arena, "/sys/bus/pci/devices/%s/driver", ask->name),
		arena_text(arena, driver->value) };
	return true;
}

static int group_of(const struct system *system, const struct ask *ask)
{
	if (ask->device != NONE)
		return system->devices[ask->device].group_index;
	for (unsigned i = 0; i < system->group_count; i++)
		for (unsigned m = 0; m < system->groups[i].member_count; m++)
			if (strcmp(system->groups[i].members[m].name,
				   ask->name) == 0)
				return (int)i;
	return NONE;
}

static bool has_node(const struct system *system, const char *name)
{
	for (unsigned i = 0; i < system->vfio.node_count; i++)
		if (strcmp(system->vfio.nodes[i], name) == 0)
			return true;
	return false;
}

/* The node of its own, with iommufd beside it; NULL. */
static const char *own_node(const struct system *system, const struct ask *ask,
			    struct arena *arena)
{
	const struct vfio_device *made =
		system_vfio_device(system, ask->device, ask->name);

	if (!made || system->vfio.iommufd.known != KNOWN)
		return NULL;
	const char *node = arena_printf(arena, "/dev/vfio/devices/%s",
					made->name);
	return system_access(system, node) ? node : NULL;
}

/* The node of its group; NULL. */
static const char *group_node(const struct system *system, struct ask *ask,
			      struct arena *arena)
{
	static const char *const prefixes[] = { "", "noiommu-" };

	for (unsigned i = 0; ask->group != NONE && i < 2; i++) {
		const char *name = arena_printf(
			arena, "%s%u", prefixes[i],
			system->groups[ask->group].number);
		if (!has_node(system, name))
			continue;
		ask->noiommu = i == 1;
		return arena_printf(arena, "/dev/vfio/%s", name);
	}
	return NULL;
}

static bool choose_node(const struct system *system, enum ask_way way,
			struct ask *ask, struct arena *arena, struct err *err)
{
	const char *own = way != ASK_GROUP ? own_node(system, ask, arena) :
					     NULL;
	const char *node = own ? own :
			   way != ASK_CDEV ? group_node(system, ask, arena) :
					     NULL;

	ask->cdev = own != NULL;
	if (!node && way == ASK_CDEV)
		err_set(err, _("%s has no node of its own: that wants a kernel "
			       "with CONFIG_VFIO_DEVICE_CDEV and iommufd "
			       "(/dev/iommu)."), ask->name);
	else if (!node)
		err_set(err, _("There is no node in /dev/vfio for %s; vfiotop "
			       "explain group:N says why."), ask->name);
	ask->step.path = node ? node : "";
	return node != NULL;
}

/* Whoever has the device, or any of its group, has all of the group. */
static const struct holder *find_holder(const struct system *system,
					const struct ask *ask)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->holder_count; i++) {
		const struct holder *holder = &usage->holders[i];
		int device = holder->device;
		if (!text_starts(holder->node, "/dev/vfio/") &&
		    !text_starts(holder->node, HOLDER_VFIO))
			continue;
		if (strcmp(holder->node, ask->step.path) == 0 ||
		    (device != NONE && ask->group != NONE &&
		     system->devices[device].group_index == ask->group))
			return holder;
	}
	return NULL;
}

static bool is_free(const struct system *system, const struct ask *ask,
		    struct err *err)
{
	const struct holder *holder = find_holder(system, ask);

	if (!holder)
		return true;
	if (holder->guest)
		err_set(err, _("%s (%u) has %s open for the guest %s: only one "
			       "at a time can ask.  Shut the guest down "
			       "first."), holder->command, holder->pid,
			holder->node, holder->guest);
	else
		err_set(err, _("%s (%u) has %s open: only one at a time can "
			       "ask.  End that program first."),
			holder->command, holder->pid, holder->node);
	return false;
}

bool ask_make(const struct system *system, int device, const char *uuid,
	      enum ask_way way, struct arena *arena, struct ask *ask,
	      struct err *err)
{
	char address[BDF_TEXT];

	*ask = (struct ask){
		.device = device, .group = NONE,
		.name = device == NONE ? uuid : arena_text(
			arena, bdf_print(system->devices[device].address,
					 address)),
		.step = { .kind = STEP_ASK, .path = "", .why = "",
			  .expect = { EXPECT_NOTHING, "", "" },
			  .deadline_s = DEADLINE_S, .device = device },
	};
	ask->step.value = ask->name;
	if (!set_before(system, ask, arena, err))
		return false;
	ask->group = group_of(system, ask);
	return choose_node(system, way, ask, arena, err) &&
	       is_free(system, ask, err);
}

const char *ask_warning(const struct ask *ask, struct arena *arena)
{
	if (ask->device == NONE)
		return arena_printf(
			arena, _("Asking opens %s by %s, and that resets it."),
			ask->name, ask->step.path);
	if (ask->noiommu)
		return arena_printf(
			arena, _("Asking opens %s by %s, and that resets it; "
				 "no IOMMU keeps it from any memory "
				 "meanwhile."), ask->name, ask->step.path);
	return arena_printf(
		arena, _("Asking opens %s by %s, and that resets it, as a "
			 "guest's start and end do."),
		ask->name, ask->step.path);
}
