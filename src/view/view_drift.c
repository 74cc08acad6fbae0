// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What each device is now, what it will be after a restart, and why.  Bridges
 * are left out: nobody gives them away.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "rule/drift.h"
#include "view/label.h"

enum { COL_DEVICE, COL_NOW, COL_MARK, COL_NEXT, COL_WHY, COL_SOURCE };

static const struct column columns[] = {
	[COL_DEVICE] = { .id = "device", .title = N_("Device"), .least = 14,
		.flexible = true, .by_order = true },
	[COL_NOW] = { .id = "now", .title = N_("Now"), .least = 8,
		.flexible = true },
	[COL_MARK] = { .id = "mark", .title = "", .least = 1 },
	[COL_NEXT] = { .id = "next", .title = N_("After a start"), .least = 8,
		.flexible = true },
	[COL_WHY] = { .id = "why", .title = N_("Why"), .least = 40,
		.flexible = true, .priority = 1 },
	[COL_SOURCE] = { .id = "source", .title = N_("Says"), .least = 12,
		.flexible = true, .priority = 2 },
};

static struct text driver_cell(const char *driver)
{
	if (!driver)
		return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	if (!*driver)
		return (struct text){ SIGN_NONE, ROLE_DIM };
	return (struct text){ driver, topo_is_vfio_driver(driver) ?
					      ROLE_GOOD : ROLE_TEXT };
}

static enum mark mark_of(const struct drift *drift)
{
	if (!drift->now || !drift->next)
		return MARK_UNKNOWN;
	return strcmp(drift->now, drift->next) == 0 ? MARK_GOOD : MARK_WARN;
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->device_count; i++) {
		struct subject subject = { SCOPE_DEVICE, (int)i };
		if (topo_is_bridge(&scene->system->devices[i]))
			continue;
		struct drift drift = drift_of(scene->system, (int)i,
					      rows->arena);
		struct row *row = rows_add(rows, scene->system, subject, NULL,
					   0);
		enum mark mark = mark_of(&drift);
		row_set(row, COL_DEVICE, ROLE_ADDRESS,
			label_device(scene, (int)i, rows->arena));
		row->cells[COL_NOW] = driver_cell(drift.now);
		row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
		row->cells[COL_NEXT] = driver_cell(drift.next);
		row_set(row, COL_WHY, ROLE_DIM, drift.why);
		row_set(row, COL_SOURCE, ROLE_DIM, drift.source);
	}
}

static enum known known(const struct system *system)
{
	return system->devices_known;
}

const struct view view_drift = {
	.id = "drift", .title = N_("After a restart"), VIEW_COLUMNS(columns),
	.build = build, .known = known,
	.empty = N_("This machine has no PCI devices."),
};
