// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IOMMU groups with their members: what must go together.  Why they are
 * together is said in the detail of a group.
 */
#include "view/view.h"

#include "base/i18n.h"
#include "model/topo.h"
#include "view/verdict.h"
#include "view/label.h"

enum { COL_DEVICE, COL_MARK, COL_KIND, COL_NAME, COL_DRIVER, COL_USE,
       COL_TYPE };

static const struct column columns[] = {
	[COL_DEVICE] = { "group", N_("Group"), 10, .tree = true,
			 .by_order = true },
	[COL_MARK] = { "state", "", 1 },
	[COL_KIND] = { "kind", N_("Kind"), 5, .flexible = true,
		       .priority = 2 },
	[COL_NAME] = { "name", N_("Name"), 8, .flexible = true,
		       .priority = 4 },
	[COL_DRIVER] = { "driver", N_("Driver"), 8, .flexible = true },
	[COL_USE] = { "use", N_("Use"), 5, .flexible = true, .priority = 3 },
	[COL_TYPE] = { "type", N_("Type"), 6, .priority = 5 },
};

/* "2 devices, 1 bridge": what a group takes along. */
static const char *contents(const struct system *system,
			    const struct group *group, struct arena *arena)
{
	unsigned endpoints = topo_endpoints(system, group);
	unsigned bridges = group->member_count - endpoints;
	const char *text = label_count_devices(endpoints, arena);

	if (!bridges)
		return text;
	const char *also = arena_printf(
		arena, P_("%u bridge", "%u bridges", bridges), bridges);
	return endpoints ? arena_printf(arena, "%s, %s", text, also) : also;
}

static void add_member(const struct scene *scene, struct rows *rows,
		       const struct group *group, const struct member *member)
{
	int band = (int)(group - scene->system->groups);

	if (member->device == NONE) {
		struct row *row = rows_note(
			rows, arena_printf(rows->arena, "member:%s",
					   member->name), 1);
		row->subject = (struct subject){ SCOPE_GROUP, band };
		row->band = band;
		row_set(row, COL_DEVICE, ROLE_ADDRESS, member->name);
		row_set(row, COL_KIND, ROLE_DIM, _("not on PCI"));
		return;
	}
	const struct device *device = &scene->system->devices[member->device];
	struct subject subject = { SCOPE_DEVICE, member->device };
	struct row *row = rows_add(rows, scene->system, subject, NULL, 1);
	enum mark mark = verdict_device(scene, member->device);
	row->band = band;
	row_set(row, COL_DEVICE, ROLE_ADDRESS,
		label_address(device, rows->arena));
	row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
	row_set(row, COL_KIND, ROLE_TEXT, label_kind(device));
	row_set(row, COL_NAME, ROLE_TEXT,
		label_name(scene, member->device, rows->arena));
	row->cells[COL_DRIVER] = label_driver(device);
	row->cells[COL_USE] = label_use(scene, member->device, rows->arena);
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->group_count; i++) {
		const struct group *group = &scene->system->groups[i];
		struct subject subject = { SCOPE_GROUP, (int)i };
		struct row *row = rows_add(rows, scene->system, subject,
					   NULL, 0);
		enum mark mark = verdict_group(scene, (int)i);
		row->band = (int)i;
		row_set(row, COL_DEVICE, ROLE_TITLE,
			arena_printf(rows->arena, "%u", group->number));
		row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
		row_set(row, COL_NAME, ROLE_DIM,
			known_is_settled(group->members_known) ?
				contents(scene->system, group, rows->arena) :
				known_why(group->members_known));
		row->cells[COL_TYPE] = label_fact(&group->type);
		for (unsigned m = 0; m < group->member_count; m++)
			add_member(scene, rows, group, &group->members[m]);
	}
}

static enum known known(const struct system *system)
{
	return system->groups_known;
}

const struct view view_groups = {
	.id = "groups", .title = N_("Groups"), .digit = '3',
	VIEW_COLUMNS(columns), .build = build, .known = known,
	.empty = N_("There are no IOMMU groups: no IOMMU is at work.  The "
		    "summary (1) says why."),
};
