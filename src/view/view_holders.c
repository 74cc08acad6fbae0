// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What on this host uses which device: processes, file systems, interfaces.
 * Whether that is in the way is for the rules.
 */
#include "view/view.h"

#include "base/i18n.h"
#include "view/label.h"

enum { COL_DEVICE, COL_BY, COL_WHAT };

static const struct column columns[] = {
	[COL_DEVICE] = { .id = "device", .title = N_("Device"), .least = 12,
		.flexible = true },
	[COL_BY] = { .id = "by", .title = N_("Held by"), .least = 10,
		.flexible = true },
	[COL_WHAT] = { .id = "what", .title = N_("Through"), .least = 10,
		.flexible = true },
};

static void add(const struct scene *scene, struct rows *rows, int device,
		const char *by, const char *what)
{
	struct row *row = rows_note(
		rows, arena_printf(rows->arena, "use:%zu", rows->count), 0);

	row_set(row, COL_DEVICE, ROLE_ADDRESS, SIGN_NONE);
	if (device != NONE) {
		row->subject = (struct subject){ SCOPE_DEVICE, device };
		row_set(row, COL_DEVICE, ROLE_ADDRESS,
			label_device(scene, device, rows->arena));
	}
	row_set(row, COL_BY, ROLE_TEXT, by);
	row_set(row, COL_WHAT, ROLE_TEXT, what);
}

static void build(const struct scene *scene, struct rows *rows)
{
	const struct usage *usage = &scene->system->usage;
	struct arena *arena = rows->arena;

	for (unsigned i = 0; i < usage->holder_count; i++)
		add(scene, rows, usage->holders[i].device,
		    arena_printf(arena, "%s (%u)", usage->holders[i].command,
				 usage->holders[i].pid),
		    usage->holders[i].node);
	for (unsigned i = 0; i < usage->storage_count; i++)
		add(scene, rows, usage->storage[i].device,
		    usage->storage[i].what,
		    arena_printf(arena, "%s, %s", usage->storage[i].block,
				 usage->storage[i].type));
	for (unsigned i = 0; i < usage->interface_count; i++)
		add(scene, rows, usage->interfaces[i].device,
		    usage->interfaces[i].name,
		    usage->interfaces[i].default_route ?
			    _("default route") :
			    label_fact(&usage->interfaces[i].operstate).text);
}

static enum known known(const struct system *system)
{
	return system->usage.holders_known;
}

const struct view view_holders = {
	.id = "holders", .title = N_("Holders"), VIEW_COLUMNS(columns),
	.build = build, .known = known, .polled = true,
	.empty = N_("Nothing that was looked at holds a device."),
};
