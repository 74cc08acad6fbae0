// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mediated devices: who makes them, which kinds, and those that there are.
 * Making and removing them is a plan's.
 */
#include "view/view_mdev.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/parts.h"
#include "view/label.h"
#include "view/view.h"

enum { COL_WHAT, COL_GROUP, COL_STATE, COL_ABOUT };

static const struct column columns[] = {
	[COL_WHAT] = { .id = "what", .title = N_("What"), .least = 20,
		.flexible = true, .tree = true, .by_order = true },
	[COL_GROUP] = { .id = "group", .title = N_("Group"), .least = 5,
		.right = true },
	[COL_STATE] = { .id = "state", .title = N_("State"), .least = 12,
		.flexible = true },
	[COL_ABOUT] = { .id = "about", .title = N_("About"), .least = 10,
		.flexible = true, .priority = 1 },
};

static const char prefix[] = "mdev:";

bool mdev_is_ref(const char *ref)
{
	return ref && text_starts(ref, prefix);
}

/* "mdev:UUID", "mdev:PARENT/TYPE", "mdev:PARENT" */
static bool find_own(const struct system *system, const char *name,
		     struct mdev_ref *found)
{
	struct arena scratch = {0};
	const char *slash = strchr(name, '/');

	if (text_is_uuid(name)) {
		found->item = parts_mdev(system, name);
		return found->item != NONE;
	}
	found->parent = parts_parent(system, slash ? arena_copy(
		&scratch, name, (size_t)(slash - name)) : name);
	if (slash && found->parent != NONE)
		found->type = parts_type(system, found->parent, slash + 1);
	arena_free(&scratch);
	return found->parent != NONE && (!slash || found->type != NONE);
}

bool mdev_find(const struct scene *scene, const char *ref,
	       struct mdev_ref *found)
{
	*found = (struct mdev_ref){ NONE, NONE, NONE };
	if (!ref)
		return false;
	return find_own(scene->system, ref + (mdev_is_ref(ref) ?
					      sizeof prefix - 1 : 0), found);
}

static const char *plural_left(const struct mdev_type *type,
			       struct arena *arena)
{
	if (type->available.known != KNOWN)
		return _("? more");
	return arena_printf(arena, _("%lld more"),
			    (long long)type->available.value);
}

static void add_item(const struct scene *scene, struct rows *rows,
		     const struct mdev *mdev, unsigned depth)
{
	const struct holder *holder = parts_mdev_holder(scene->system, mdev);
	struct row *row = rows_note(
		rows, arena_printf(rows->arena, "%s%s", prefix, mdev->uuid),
		depth);

	row_set(row, COL_WHAT, ROLE_TEXT, mdev->uuid);
	row->cells[COL_GROUP] = label_number(&mdev->group, rows->arena);
	row_set(row, COL_STATE, holder ? ROLE_WARN : ROLE_TEXT, holder ?
		arena_printf(rows->arena, _("held by %s (%u)"),
			     holder->command, holder->pid) : _("free"));
	row->cells[COL_ABOUT] = label_fact(&mdev->driver);
	if (mdev->driver.known == ABSENT)
		row_set(row, COL_ABOUT, ROLE_WARN, _("no driver"));
}

static void add_type(const struct scene *scene, struct rows *rows, int index)
{
	const struct mdevs *mdevs = &scene->system->mdevs;
	const struct mdev_type *type = &mdevs->types[index];
	struct row *row = rows_note(
		rows, arena_printf(rows->arena, "%s%s/%s", prefix,
				   mdevs->parents[type->parent].name,
				   type->id), 1);

	row_set(row, COL_WHAT, ROLE_TEXT, type->name.known == KNOWN ?
		arena_printf(rows->arena, "%s (%s)", type->id,
			     type->name.value) : type->id);
	row_set(row, COL_GROUP, ROLE_DIM, "");
	row_set(row, COL_STATE, type->available.known == KNOWN &&
		type->available.value ? ROLE_GOOD : ROLE_DIM,
		plural_left(type, rows->arena));
	row_set(row, COL_ABOUT, ROLE_DIM, type->description.known == KNOWN ?
		type->description.value : type->api.value);
	for (unsigned i = 0; i < mdevs->item_count; i++)
		if (mdevs->items[i].parent == type->parent &&
		    strcmp(mdevs->items[i].type.value, type->id) == 0)
			add_item(scene, rows, &mdevs->items[i], 2);
}

static void add_parent(const struct scene *scene, struct rows *rows,
		       int index)
{
	const struct mdev_parent *parent =
		&scene->system->mdevs.parents[index];
	struct subject subject = { SCOPE_DEVICE, parent->device };
	struct row *row = parent->device == NONE ?
		rows_note(rows, arena_printf(rows->arena, "%s%s", prefix,
					     parent->name), 0) :
		rows_add(rows, scene->system, subject, NULL, 0);

	row_set(row, COL_WHAT, ROLE_ADDRESS, parent->device == NONE ?
		parent->name : label_device(scene, parent->device,
					    rows->arena));
	row_set(row, COL_GROUP, ROLE_DIM, "");
	row_set(row, COL_STATE, ROLE_TEXT, parent->types_known == KNOWN ?
		_("makes them") : known_why(parent->types_known));
	row_set(row, COL_ABOUT, ROLE_DIM, "");
}

/* What has no parent that was seen stands at the end. */
static bool is_shown(const struct mdevs *mdevs, const struct mdev *mdev)
{
	for (unsigned i = 0; i < mdevs->type_count; i++)
		if (mdevs->types[i].parent == mdev->parent &&
		    strcmp(mdevs->types[i].id, mdev->type.value) == 0)
			return true;
	return false;
}

static void build(const struct scene *scene, struct rows *rows)
{
	const struct mdevs *mdevs = &scene->system->mdevs;

	for (unsigned p = 0; p < mdevs->parent_count; p++) {
		add_parent(scene, rows, (int)p);
		for (unsigned t = 0; t < mdevs->type_count; t++)
			if (mdevs->types[t].parent == (int)p)
				add_type(scene, rows, (int)t);
	}
	for (unsigned i = 0; i < mdevs->item_count; i++)
		if (!is_shown(mdevs, &mdevs->items[i]))
			add_item(scene, rows, &mdevs->items[i], 0);
}

static enum known known(const struct system *system)
{
	return system->mdevs.parents_known;
}

/* --- one of them, on a page --- */

enum { LABEL = 14 };

static void pair(struct page *page, const char *label, struct text text)
{
	page_pair(page, label, LABEL, text.role, text.text);
}

static void type_page(const struct scene *scene, const struct mdev_type *type,
		      struct page *page)
{
	const struct mdev_parent *parent =
		&scene->system->mdevs.parents[type->parent];

	page_title(page, arena_printf(page->arena, _("Type %s"), type->id));
	page_gap(page);
	pair(page, _("name"), label_fact(&type->name));
	pair(page, _("about"), label_fact(&type->description));
	pair(page, _("interface"), label_fact(&type->api));
	page_pair(page, _("made by"), LABEL, ROLE_TEXT,
		  parent->device == NONE ? parent->name :
		  label_device(scene, parent->device, page->arena));
	pair(page, _("can make"), (struct text){
		plural_left(type, page->arena), ROLE_TEXT });
	page_gap(page);
	page_add(page, ROLE_TEXT,
		 _("a makes one, with a UUID that is chosen at random; vfiotop "
		   "mdev create takes one of yours."));
	page_end(page);
}

static void item_page(const struct scene *scene, const struct mdev *mdev,
		      struct page *page)
{
	const struct holder *holder = parts_mdev_holder(scene->system, mdev);

	page_title(page, arena_printf(page->arena, _("Mediated device %s"),
				      mdev->uuid));
	page_gap(page);
	pair(page, _("type"), label_fact(&mdev->type));
	page_pair(page, _("made by"), LABEL, ROLE_TEXT, mdev->parent == NONE ?
		  "?" : scene->system->mdevs.parents[mdev->parent].name);
	pair(page, _("driver"), label_fact(&mdev->driver));
	pair(page, _("group"), label_number(&mdev->group, page->arena));
	page_pair(page, _("held by"), LABEL, holder ? ROLE_WARN : ROLE_DIM,
		  holder ? arena_printf(page->arena, "%s (%u) %s",
					holder->command, holder->pid,
					holder->node) :
		  known_is_settled(scene->system->usage.holders_known) ?
			  _("nobody") :
			  known_why(scene->system->usage.holders_known));
	page_gap(page);
	page_add(page, ROLE_TEXT, _("A guest of QEMU's gets it with"));
	page_end(page);
	page_solid(page, ROLE_KEY, arena_printf(
		page->arena, "-device vfio-pci,sysfsdev="
		"/sys/bus/mdev/devices/%s", mdev->uuid));
	page_end(page);
	page_gap(page);
	page_add(page, ROLE_TEXT, _("d removes it."));
	page_end(page);
}

void mdev_page(const struct scene *scene, const struct mdev_ref *about,
	       struct page *page)
{
	const struct mdevs *mdevs = &scene->system->mdevs;

	if (about->item != NONE) {
		item_page(scene, &mdevs->items[about->item], page);
	} else if (about->type != NONE) {
		type_page(scene, &mdevs->types[about->type], page);
	} else if (about->parent != NONE) {
		page_title(page, arena_printf(
			page->arena, _("%s makes mediated devices"),
			mdevs->parents[about->parent].name));
		page_gap(page);
		page_add(page, ROLE_TEXT,
			 _("It is no PCI device.  Go to one of its types, and "
			   "a makes one."));
		page_end(page);
	}
}

const struct view view_mdev = {
	.id = "mdev", .title = N_("Mediated devices"), VIEW_COLUMNS(columns),
	.build = build, .known = known,
	.empty = N_("No driver here makes mediated devices (explain mdev says "
		    "what they are)."),
};
