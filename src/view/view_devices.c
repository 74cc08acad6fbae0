// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every device in one flat list, for sorting and filtering.  How they hang
 * together is in the tree.
 */
#include "view/view.h"

#include "base/i18n.h"
#include "view/label.h"
#include "view/verdict.h"

enum { COL_ADDRESS, COL_MARK, COL_IDS, COL_KIND, COL_NAME, COL_DRIVER,
       COL_GROUP, COL_POWER, COL_RESET, COL_LINK };

static const struct column columns[] = {
	[COL_ADDRESS] = { .id = "address", .title = N_("Address"), .least = 7,
		.by_order = true },
	[COL_MARK] = { .id = "state", .title = "", .least = 1, .priority = 1 },
	[COL_IDS] = { .id = "ids", .title = N_("Ids"), .least = 9,
		.priority = 5 },
	[COL_KIND] = { .id = "kind", .title = N_("Kind"), .least = 8,
		.flexible = true, .priority = 2 },
	[COL_NAME] = { .id = "name", .title = N_("Name"), .least = 14,
		.flexible = true, .priority = 4 },
	[COL_DRIVER] = { .id = "driver", .title = N_("Driver"), .least = 8,
		.flexible = true },
	[COL_GROUP] = { .id = "group", .title = N_("Grp"), .least = 3,
		.right = true },
	[COL_POWER] = { .id = "power", .title = N_("Power"), .least = 5,
		.priority = 6 },
	[COL_RESET] = { .id = "reset", .title = N_("Reset"), .least = 5,
		.flexible = true, .priority = 7 },
	[COL_LINK] = { .id = "link", .title = N_("Link"), .least = 8,
		.priority = 8 },
};

/* "16.0 GT/s ×16": what the link does now. */
static struct text link_text(const struct device *device, struct arena *arena)
{
	struct text text = label_fact(&device->speed);

	if (device->asleep)
		return (struct text){ SIGN_ASLEEP, ROLE_DIM };
	if (device->speed.known == KNOWN && device->width.known == KNOWN)
		text.text = label_link(&device->speed, &device->width, arena);
	return text;
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->device_count; i++) {
		const struct device *self = &scene->system->devices[i];
		struct subject subject = { SCOPE_DEVICE, (int)i };
		struct row *row = rows_add(rows, scene->system, subject,
					   NULL, 0);
		enum mark mark = verdict_device(scene, (int)i);
		row_set(row, COL_ADDRESS, ROLE_ADDRESS,
			label_address(self, rows->arena));
		row_set(row, COL_MARK, sign_role(mark), sign_of(mark));
		row_set(row, COL_IDS, ROLE_DIM,
			self->identity == KNOWN ?
				arena_printf(rows->arena, "%04x:%04x",
					     self->vendor, self->device) :
				SIGN_UNKNOWN);
		row_set(row, COL_KIND, ROLE_TEXT, label_kind(self));
		row_set(row, COL_NAME, ROLE_TEXT,
			label_name(scene, (int)i, rows->arena));
		row->cells[COL_DRIVER] = label_driver(self);
		row->cells[COL_GROUP] = label_number(&self->group,
						     rows->arena);
		row->cells[COL_POWER] = label_fact(&self->power_state);
		row->cells[COL_RESET] = label_fact(&self->reset_method);
		row->cells[COL_LINK] = link_text(self, rows->arena);
	}
}

static enum known known(const struct system *system)
{
	return system->devices_known;
}

const struct view view_devices = {
	.id = "devices", .title = N_("Devices"), .digit = '7',
	VIEW_COLUMNS(columns), .build = build, .known = known,
	.empty = N_("This machine has no PCI devices."),
};
