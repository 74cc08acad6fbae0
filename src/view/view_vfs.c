// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Physical functions and the virtual ones they have: how many, in which
 * groups, in whose hands.  Making and removing them is a plan's.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "model/parts.h"
#include "model/topo.h"
#include "view/label.h"

enum { COL_DEVICE, COL_DRIVER, COL_GROUP, COL_COUNT, COL_NOTE };

static const struct column columns[] = {
	[COL_DEVICE] = { .id = "device", .title = N_("Device"), .least = 14,
		.flexible = true, .tree = true, .by_order = true },
	[COL_DRIVER] = { .id = "driver", .title = N_("Driver"), .least = 8 },
	[COL_GROUP] = { .id = "group", .title = N_("Group"), .least = 5,
		.right = true },
	[COL_COUNT] = { .id = "vfs", .title = N_("VFs"), .least = 7 },
	[COL_NOTE] = { .id = "note", .title = N_("Note"), .least = 12,
		.flexible = true, .priority = 1 },
};

static const struct holder *holder_of(const struct system *system, int device)
{
	for (unsigned i = 0; i < system->usage.holder_count; i++)
		if (system->usage.holders[i].device == device)
			return &system->usage.holders[i];
	return NULL;
}

/* What to know before one asks for VFs here. */
static struct text note_of(const struct system *system, int index)
{
	const struct device *self = &system->devices[index];
	bool vfio = self->driver.known == KNOWN &&
		    topo_is_vfio_driver(self->driver.value);
	enum parts_lack lack;

	parts_room(system, index, (unsigned)self->sriov_total.value, &lack);
	if (self->driver.known == ABSENT)
		return (struct text){ _("no driver: none can be made or "
					"removed"), ROLE_WARN };
	if (lack == LACKS_MEMORY)
		return (struct text){ _("no room: the firmware gave them no "
					"addresses"), ROLE_BAD };
	if (vfio && self->sriov_num.value > 0)
		return (struct text){ _("on vfio: its VFs ask for a token "
					"(explain vf-token)"), ROLE_WARN };
	if (vfio && system->host.enable_sriov.known == KNOWN &&
	    !system->host.enable_sriov.value)
		return (struct text){ _("on vfio without enable_sriov: none "
					"can be made"), ROLE_WARN };
	if (lack == LACKS_BUSES)
		return (struct text){ _("too few bus numbers for all"),
				      ROLE_WARN };
	if (self->sriov_autoprobe.known == KNOWN &&
	    !self->sriov_autoprobe.value)
		return (struct text){ _("autoprobe is off"), ROLE_TEXT };
	return (struct text){ "", ROLE_TEXT };
}

static struct text count_of(const struct device *self, struct arena *arena)
{
	if (self->sriov_num.known != KNOWN)
		return label_number(&self->sriov_num, arena);
	return (struct text){
		arena_printf(arena, _("%lld of %lld"),
			     (long long)self->sriov_num.value,
			     (long long)self->sriov_total.value),
		self->sriov_num.value ? ROLE_CHANGED : ROLE_TEXT,
	};
}

static struct row *add(const struct scene *scene, struct rows *rows,
		       int index, unsigned depth)
{
	const struct device *self = &scene->system->devices[index];
	struct subject subject = { SCOPE_DEVICE, index };
	struct row *row = rows_add(rows, scene->system, subject, NULL, depth);

	row_set(row, COL_DEVICE, ROLE_ADDRESS,
		label_device(scene, index, rows->arena));
	row->cells[COL_DRIVER] = label_driver(self);
	row->cells[COL_GROUP] = label_number(&self->group, rows->arena);
	return row;
}

static void add_vf(const struct scene *scene, struct rows *rows, int physical,
		   int index)
{
	const struct system *system = scene->system;
	const struct device *self = &system->devices[index];
	const struct holder *holder = holder_of(system, index);
	struct row *row = add(scene, rows, index, 1);
	int number = parts_vf_number(&system->devices[physical],
				     self->address);

	row_set(row, COL_COUNT, ROLE_DIM, number == NONE ? "" :
		arena_printf(rows->arena, _("VF %d"), number));
	row->cells[COL_NOTE] = holder ? (struct text){
		arena_printf(rows->arena, _("held by %s (%u)"),
			     holder->command, holder->pid), ROLE_WARN } :
		label_use(scene, index, rows->arena);
}

static void build(const struct scene *scene, struct rows *rows)
{
	const struct system *system = scene->system;

	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *self = &system->devices[i];
		if (self->sriov_total.known != KNOWN)
			continue;
		struct row *row = add(scene, rows, (int)i, 0);
		row->cells[COL_COUNT] = count_of(self, rows->arena);
		row->cells[COL_NOTE] = note_of(system, (int)i);
		for (int vf = NONE; (vf = parts_next_vf(system, (int)i, vf)) !=
				    NONE;)
			add_vf(scene, rows, (int)i, vf);
	}
}

static enum known known(const struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++)
		if (!known_is_settled(system->devices[i].sriov_total.known))
			return system->devices[i].sriov_total.known;
	return system->devices_known;
}

const struct view view_vfs = {
	.id = "vfs", .title = N_("Virtual functions"), VIEW_COLUMNS(columns),
	.build = build, .known = known,
	.empty = N_("No device here can be split into virtual functions "
		    "(SR-IOV)."),
};
