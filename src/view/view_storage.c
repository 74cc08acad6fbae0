// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Storage controllers with their disks and partitions, what stands on each,
 * and whether one could be given away.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "model/storage.h"
#include "model/topo.h"
#include "view/label.h"
#include "view/view_finding.h"

enum { COL_DISK, COL_VERDICT, COL_HOLDS, COL_MODEL, COL_SIZE, COL_SERIAL };

static const struct column columns[] = {
	[COL_DISK] = { .id = "disk", .title = N_("Disk"), .least = 16,
		.flexible = true, .tree = true, .by_order = true },
	[COL_VERDICT] = { .id = "verdict", .title = N_("Verdict"), .least = 18,
		.flexible = true },
	[COL_HOLDS] = { .id = "holds", .title = N_("Holds"), .least = 14,
		.flexible = true },
	[COL_MODEL] = { .id = "model", .title = N_("Model"), .least = 10,
		.flexible = true, .priority = 2 },
	[COL_SIZE] = { .id = "size", .title = N_("Size"), .least = 6,
		.right = true, .priority = 1 },
	[COL_SERIAL] = { .id = "serial", .title = N_("Serial"), .least = 8,
		.flexible = true, .priority = 3 },
};

/* "/home over luks-home (LUKS)": what is mounted from a block device, over
 * what lies between. */
static const char *mounts(const struct usage *usage, const char *block,
			  struct arena *arena)
{
	const char *text = "";

	for (unsigned i = 0; i < usage->storage_count; i++) {
		const struct storage_use *use = &usage->storage[i];
		const char *through = use->through ? use->through : "";
		bool direct = strcmp(use->block, block) == 0;
		if (!direct && !storage_goes_through(through, block))
			continue;
		text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "",
				    use->what);
		if (!direct)
			text = arena_printf(arena, _("%s over %s"), text,
					    use->block);
	}
	return text;
}

static const char *volumes(const struct usage *usage, const char *block,
			   struct arena *arena)
{
	const char *text = "";

	for (unsigned i = 0; i < usage->stack_count; i++) {
		const struct stack_use *use = &usage->stacks[i];
		if (strcmp(use->block, block) == 0)
			text = arena_printf(arena, "%s%s%s", text,
					    *text ? ", " : "",
					    *use->what ? use->what :
							 use->holder);
	}
	return text;
}

/* What stands on it; what is written on it; or nothing. */
static struct text holds(const struct system *system, int index,
			 struct arena *arena)
{
	const struct usage *usage = &system->usage;
	const struct disk *disk = &usage->disks[index];
	const char *text = mounts(usage, disk->name, arena);
	bool whole = disk->whole == NONE;

	if (*text)
		return (struct text){ text, ROLE_WARN };
	text = volumes(usage, disk->name, arena);
	if (*text)
		return (struct text){ text, ROLE_WARN };
	if (!known_is_settled(usage->storage_known))
		return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	if (disk->content.known == KNOWN)
		return (struct text){
			arena_printf(arena, _("%s, not mounted"),
				     disk->content.value), ROLE_TEXT };
	if (whole && storage_disk_is_used(system, index))
		return (struct text){ "", ROLE_TEXT };
	return (struct text){ _("not in use"), ROLE_DIM };
}

static void add_disk(const struct scene *scene, struct rows *rows, int index,
		     unsigned depth)
{
	const struct usage *usage = &scene->system->usage;
	const struct disk *disk = &usage->disks[index];
	struct row *row = rows_note(rows, arena_printf(rows->arena, "disk:%s",
						       disk->name), depth);

	row->subject = (struct subject){ SCOPE_DEVICE, disk->device };
	row->band = disk->device;
	row_set(row, COL_DISK, ROLE_ADDRESS, disk->name);
	row->cells[COL_HOLDS] = holds(scene->system, index, rows->arena);
	if (disk->size_bytes.known == KNOWN)
		row_set(row, COL_SIZE, ROLE_TEXT,
			label_bytes((uint64_t)disk->size_bytes.value,
				    rows->arena));
	if (disk->whole == NONE) {
		row->cells[COL_MODEL] = label_fact(&disk->model);
		row->cells[COL_SERIAL] = label_fact(&disk->serial);
	}
	for (unsigned i = 0; i < usage->disk_count; i++)
		if (usage->disks[i].whole == index)
			add_disk(scene, rows, (int)i, depth + 1);
}

static bool has_disks(const struct usage *usage, int device)
{
	for (unsigned i = 0; i < usage->disk_count; i++)
		if (usage->disks[i].device == device)
			return true;
	return false;
}

static void add_controller(const struct scene *scene, struct rows *rows,
			   int device)
{
	const struct usage *usage = &scene->system->usage;
	const struct device *self = &scene->system->devices[device];
	struct subject subject = { SCOPE_DEVICE, device };
	struct row *row = rows_add(rows, scene->system, subject, NULL, 0);

	row->band = device;
	row_set(row, COL_DISK, ROLE_ADDRESS,
		label_device(scene, device, rows->arena));
	row->cells[COL_VERDICT] = finding_verdict(scene, device, rows->arena);
	if (!has_disks(usage, device))
		row_set(row, COL_HOLDS,
			usage->disks_known == KNOWN ? ROLE_DIM : ROLE_UNKNOWN,
			usage->disks_known != KNOWN ? SIGN_UNKNOWN :
			self->driver.known == KNOWN &&
			topo_is_vfio_driver(self->driver.value) ?
				_("with vfio") : _("no disk"));
	for (unsigned i = 0; i < usage->disk_count; i++)
		if (usage->disks[i].device == device &&
		    usage->disks[i].whole == NONE)
			add_disk(scene, rows, (int)i, 1);
}

static void build(const struct scene *scene, struct rows *rows)
{
	const struct system *system = scene->system;

	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		if ((device->identity == KNOWN &&
		     device->class >> 16 == CLASS_STORAGE) ||
		    has_disks(&system->usage, (int)i))
			add_controller(scene, rows, (int)i);
	}
}

static enum known known(const struct system *system)
{
	return system->devices_known;
}

const struct view view_storage = {
	.id = "storage", .title = N_("Storage"), VIEW_COLUMNS(columns),
	.build = build, .known = known,
	.empty = N_("This machine has no storage controller on PCI."),
};
