// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IOMMU groups with their members: what must go together.  Why they are
 * together is said in the detail of a group.
 */
#include "view/view.h"

#include "base/i18n.h"
#include "model/topo.h"
#include "view/label.h"
#include "view/verdict.h"

enum { COL_GROUP, COL_MARK, COL_DEVICE, COL_KIND, COL_NAME, COL_DRIVER,
       COL_USE, COL_TYPE };

static const struct column columns[] = {
	[COL_GROUP] = { .id = "group", .title = N_("Group"), .least = 3,
		.tree = true, .by_order = true },
	[COL_MARK] = { .id = "state", .title = "", .least = 1 },
	[COL_DEVICE] = { .id = "device", .title = N_("Device"), .least = 7 },
	[COL_KIND] = { .id = "kind", .title = N_("Kind"), .least = 5,
		.flexible = true, .priority = 2 },
	[COL_NAME] = { .id = "name", .title = N_("Name"), .least = 8,
		.flexible = true, .priority = 4 },
	[COL_DRIVER] = { .id = "driver", .title = N_("Driver"), .least = 8,
		.flexible = true },
	[COL_USE] = { .id = "use", .title = N_("Use"), .least = 5,
		.flexible = true, .priority = 3 },
	[COL_TYPE] = { .id = "type", .title = N_("Type"), .least = 6,
		.priority = 5 },
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

static const char *number(const struct group *group, struct arena *arena)
{
	return arena_printf(arena, "%u", group->number);
}

/* A member that another bus knows. */
static void add_foreign(struct rows *rows, const struct group *group,
			const struct member *member, struct subject subject,
			unsigned depth)
{
	struct row *row = rows_note(rows, arena_printf(rows->arena,
						       "member:%s",
						       member->name), depth);

	row->subject = subject;
	row->band = subject.index;
	row_set(row, COL_GROUP, depth ? ROLE_DIM : ROLE_TITLE,
		number(group, rows->arena));
	row_set(row, COL_DEVICE, ROLE_ADDRESS, member->name);
	row_set(row, COL_KIND, ROLE_DIM, _("not on PCI"));
}

static void add_member(const struct scene *scene, struct rows *rows,
		       int group, unsigned index, unsigned depth)
{
	const struct group *self = &scene->system->groups[group];
	int device = self->members[index].device;
	struct subject subject = { SCOPE_DEVICE, device };

	if (device == NONE) {
		add_foreign(rows, self, &self->members[index],
			    (struct subject){ SCOPE_GROUP, group }, depth);
		return;
	}
	const struct device *member = &scene->system->devices[device];
	struct row *row = rows_add(rows, scene->system, subject, NULL, depth);
	enum mark mark = verdict_device(scene, device);
	row->band = group;
	row_set(row, COL_GROUP, depth ? ROLE_DIM : ROLE_TITLE,
		number(self, rows->arena));
	row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
	row_set(row, COL_DEVICE, ROLE_ADDRESS,
		label_address(member, rows->arena));
	row_set(row, COL_KIND, ROLE_TEXT, label_kind(member));
	row_set(row, COL_NAME, ROLE_TEXT,
		label_name(scene, device, rows->arena));
	row->cells[COL_DRIVER] = label_driver(member);
	row->cells[COL_USE] = label_use(scene, device, rows->arena);
	row->cells[COL_TYPE] = label_fact(&self->type);
}

/* The row above the members of a group that has several. */
static void add_head(const struct scene *scene, struct rows *rows, int group)
{
	const struct group *self = &scene->system->groups[group];
	struct subject subject = { SCOPE_GROUP, group };
	struct row *row = rows_add(rows, scene->system, subject, NULL, 0);
	enum mark mark = verdict_group(scene, group);

	row->band = group;
	row_set(row, COL_GROUP, ROLE_TITLE, number(self, rows->arena));
	row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
	row_set(row, COL_NAME, ROLE_DIM,
		topo_members_known(scene->system, self) == KNOWN ?
			contents(scene->system, self, rows->arena) :
			known_why(self->members_known));
	row->cells[COL_TYPE] = label_fact(&self->type);
}

/* A group of one needs no head: its row is its device's. */
static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->group_count; i++) {
		const struct group *group = &scene->system->groups[i];
		bool alone = group->member_count == 1;
		if (!alone)
			add_head(scene, rows, (int)i);
		for (unsigned m = 0; m < group->member_count; m++)
			add_member(scene, rows, (int)i, m, !alone);
	}
}

static enum known known(const struct system *system)
{
	return system->groups_known;
}

const struct view view_groups = {
	.id = "groups", .title = N_("Groups"), .digit = '3',
	VIEW_COLUMNS(columns), .build = build, .known = known,
	.empty = N_("There are no IOMMU groups: no IOMMU is at work."),
};
