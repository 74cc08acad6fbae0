// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps that make mediated devices and remove them.  What stands in the
 * way is in gate_parts.c.
 *
 * Source: drivers/vfio/mdev/mdev_sysfs.c.
 */
#include "plan/plan_part.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/parts.h"

enum { WRITE_SECONDS = 15 };

static bool check_uuid(const char *uuid, struct err *err)
{
	if (uuid && text_is_uuid(uuid))
		return true;
	err_set(err, _("\"%s\" is no UUID: write it as 8-4-4-4-12 hexadecimal "
		       "digits."), uuid ? uuid : "");
	return false;
}

static const char *item_path(const struct draft *draft, const char *uuid,
			     const char *name)
{
	return arena_printf(draft->arena, "/sys/bus/mdev/devices/%s%s", uuid,
			    name);
}

static struct step write_create(const struct draft *draft,
				const struct mdev_type *type,
				const char *uuid)
{
	const struct mdev_parent *parent =
		&draft->system->mdevs.parents[type->parent];
	struct bdf address;
	const char *folder = bdf_parse(parent->name, &address) ?
		"/sys/bus/pci/devices" : "/sys/class/mdev_bus";

	return (struct step){
		.kind = STEP_WRITE,
		.path = arena_printf(draft->arena,
				     "%s/%s/mdev_supported_types/%s/create",
				     folder, parent->name, type->id),
		.value = uuid,
		.before = { EXPECT_DRIVER, item_path(draft, uuid, ""), "" },
		.expect = { EXPECT_DRIVER, item_path(draft, uuid, ""), uuid },
		.why = _("its parent makes a mediated device"),
		.deadline_s = WRITE_SECONDS, .device = parent->device,
	};
}

static struct step write_remove(const struct draft *draft, const char *uuid,
				int device)
{
	return (struct step){
		.kind = STEP_WRITE,
		.path = item_path(draft, uuid, "/remove"), .value = "1",
		.before = { EXPECT_DRIVER, item_path(draft, uuid, ""), uuid },
		.expect = { EXPECT_DRIVER, item_path(draft, uuid, ""), "" },
		.why = _("its parent removes it"),
		.deadline_s = WRITE_SECONDS, .device = device,
	};
}

static const struct mdev_type *find_type(const struct draft *draft,
					 struct err *err)
{
	const struct mdevs *mdevs = &draft->system->mdevs;
	const struct intent *intent = draft->intent;
	int parent = parts_parent(draft->system, intent->parent);

	if (parent == NONE && !known_is_settled(mdevs->parents_known)) {
		err_set(err, _("Which devices make mediated devices could not "
			       "be read: %s."),
			known_why(mdevs->parents_known));
		return NULL;
	}
	if (parent == NONE) {
		err_set(err, _("\"%s\" makes no mediated devices here; vfiotop "
			       "mdev list shows which devices do."),
			intent->parent);
		return NULL;
	}
	int type = parts_type(draft->system, parent, intent->type);
	if (type == NONE)
		err_set(err, _("%s has no type \"%s\"; vfiotop mdev list shows "
			       "its types."), mdevs->parents[parent].name,
			intent->type);
	return type == NONE ? NULL : &mdevs->types[type];
}

static bool plan_create(struct draft *draft, struct err *err)
{
	const struct mdevs *mdevs = &draft->system->mdevs;
	const char *uuid = draft->intent->uuid;
	const struct mdev_type *type;

	if (!check_uuid(uuid, err) || !(type = find_type(draft, err)))
		return false;
	if (parts_mdev(draft->system, uuid) != NONE) {
		err_set(err, _("There is a mediated device %s already."),
			uuid);
		return false;
	}
	const struct mdev_parent *parent = &mdevs->parents[type->parent];
	struct step step = write_create(draft, type, uuid);
	struct step back = write_remove(draft, uuid, parent->device);
	back.before = (struct expect){ EXPECT_NOTHING, "", "" };
	draft_undo(draft, &step, &back, 1);
	draft_step(draft, step);
	draft->title = arena_printf(draft->arena,
				    _("Make a mediated device %s on %s"),
				    type->id, parent->name);
	if (parent->device != NONE)
		draft_deed(draft, parent->device, true,
			   arena_printf(draft->arena,
					_("makes one mediated device more, %s"),
					uuid), "");
	return true;
}

static const struct mdev *find_mdev(const struct draft *draft,
				    struct err *err)
{
	const struct mdevs *mdevs = &draft->system->mdevs;
	int index = parts_mdev(draft->system, draft->intent->uuid);

	if (index != NONE)
		return &mdevs->items[index];
	if (known_is_settled(mdevs->items_known))
		err_set(err, _("There is no mediated device %s; vfiotop mdev "
			       "list shows which there are."),
			draft->intent->uuid);
	else
		err_set(err, _("Which mediated devices there are could not be "
			       "read: %s."), known_why(mdevs->items_known));
	return NULL;
}

static bool plan_remove(struct draft *draft, struct err *err)
{
	const struct mdevs *mdevs = &draft->system->mdevs;
	const struct mdev *mdev;

	if (!check_uuid(draft->intent->uuid, err) ||
	    !(mdev = find_mdev(draft, err)))
		return false;
	int device = mdev->parent == NONE ? NONE :
		     mdevs->parents[mdev->parent].device;
	int type = mdev->parent == NONE ? NONE :
		   parts_type(draft->system, mdev->parent, mdev->type.value);
	struct step step = write_remove(draft, mdev->uuid, device);
	if (type != NONE) {
		struct step back = write_create(draft, &mdevs->types[type],
						mdev->uuid);
		back.before = (struct expect){ EXPECT_NOTHING, "", "" };
		draft_undo(draft, &step, &back, 1);
	}
	draft_step(draft, step);
	draft->title = arena_printf(draft->arena,
				    _("Remove the mediated device %s"),
				    mdev->uuid);
	if (device != NONE)
		draft_deed(draft, device, true,
			   arena_printf(draft->arena,
					_("has one mediated device less, %s"),
					mdev->uuid), "");
	return true;
}

bool mdev_plan(struct draft *draft, struct err *err)
{
	return draft->intent->kind == INTENT_CREATE ?
		       plan_create(draft, err) : plan_remove(draft, err);
}
