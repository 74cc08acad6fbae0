// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tree: every device below the bridge it hangs on.  It does not say why
 * groups are what they are.
 */
#include "view/view.h"

#include "base/i18n.h"
#include "view/label.h"
#include "view/verdict.h"

enum { COL_ADDRESS, COL_MARK, COL_KIND, COL_NAME, COL_USE, COL_DRIVER,
       COL_GROUP };

static const struct column columns[] = {
	[COL_ADDRESS] = { .id = "address", .title = N_("Address"), .least = 7,
		.tree = true, .by_order = true },
	[COL_MARK] = { .id = "state", .title = "", .least = 1, .priority = 1 },
	[COL_KIND] = { .id = "kind", .title = N_("Kind"), .least = 5,
		.flexible = true, .priority = 2 },
	[COL_NAME] = { .id = "name", .title = N_("Name"), .least = 8,
		.flexible = true, .priority = 4 },
	[COL_USE] = { .id = "use", .title = N_("Use"), .least = 5,
		.flexible = true, .priority = 3 },
	[COL_DRIVER] = { .id = "driver", .title = N_("Driver"), .least = 8,
		.flexible = true },
	[COL_GROUP] = { .id = "group", .title = N_("Grp"), .least = 3,
		.right = true },
};

static void add_device(const struct scene *scene, struct rows *rows,
		       int device, unsigned depth)
{
	const struct device *self = &scene->system->devices[device];
	struct subject subject = { SCOPE_DEVICE, device };
	struct row *row = rows_add(rows, scene->system, subject, NULL, depth);
	enum mark mark = verdict_device(scene, device);

	row->band = self->group_index;
	row_set(row, COL_ADDRESS, ROLE_ADDRESS,
		label_address(self, rows->arena));
	row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
	row_set(row, COL_KIND, ROLE_TEXT, label_kind(self));
	row_set(row, COL_NAME, ROLE_TEXT,
		label_name(scene, device, rows->arena));
	row->cells[COL_USE] = label_use(scene, device, rows->arena);
	row->cells[COL_DRIVER] = label_driver(self);
	row->cells[COL_GROUP] = label_number(&self->group, rows->arena);
}

/* Depth is bounded: no device is its own ancestor (model/build). */
static void add_below(const struct scene *scene, struct rows *rows,
		      int device, unsigned depth)
{
	add_device(scene, rows, device, depth);
	for (int child = scene->system->devices[device].first_child;
	     child != NONE;
	     child = scene->system->devices[child].next_sibling)
		add_below(scene, rows, child, depth + 1);
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->device_count; i++)
		if (scene->system->devices[i].parent == NONE)
			add_below(scene, rows, (int)i, 0);
}

static enum known known(const struct system *system)
{
	return system->devices_known;
}

const struct view view_tree = {
	.id = "tree", .title = N_("Tree"), .digit = '2',
	VIEW_COLUMNS(columns), .build = build, .known = known,
	.empty = N_("This machine has no PCI devices."),
};
