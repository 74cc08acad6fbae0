// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices that UIO gives to programs, and what UIO lacks beside VFIO.
 */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/parts.h"
#include "view/label.h"

enum { COL_DEVICE, COL_DRIVER, COL_NODE, COL_COUNT, COL_MAPS, COL_HOLDER };

static const struct column columns[] = {
	[COL_DEVICE] = { .id = "device", .title = N_("Device"), .least = 12,
		.flexible = true, .by_order = true },
	[COL_DRIVER] = { .id = "driver", .title = N_("Driver"), .least = 8 },
	[COL_NODE] = { .id = "node", .title = N_("Node"), .least = 9 },
	[COL_COUNT] = { .id = "interrupts", .title = N_("Interrupts"),
		.least = 5, .right = true },
	[COL_MAPS] = { .id = "maps", .title = N_("Regions"), .least = 10,
		.flexible = true, .priority = 1 },
	[COL_HOLDER] = { .id = "holder", .title = N_("Held by"), .least = 8,
		.flexible = true },
};

static struct text maps_of(const struct uio *uio, struct arena *arena)
{
	struct buf text = {0};

	if (uio->maps_known != KNOWN)
		return (struct text){ uio->maps_known == ABSENT ? _("none") :
				      "?", uio->maps_known == ABSENT ?
				      ROLE_DIM : ROLE_UNKNOWN };
	for (unsigned i = 0; i < uio->map_count; i++)
		buf_printf(&text, "%s%" PRIu64 " KiB", text.len ? ", " : "",
			   (uint64_t)uio->maps[i].size.value >> 10);
	struct text cell = { arena_text(arena, buf_str(&text)), ROLE_TEXT };
	buf_free(&text);
	return cell;
}

static struct text holder_of(const struct system *system,
			     const struct uio *uio, struct arena *arena)
{
	const struct usage *usage = &system->usage;
	const char *node = arena_printf(arena, "/dev/%s", uio->node);

	for (unsigned i = 0; i < usage->holder_count; i++)
		if (strcmp(usage->holders[i].node, node) == 0)
			return (struct text){
				arena_printf(arena, "%s (%u)",
					     usage->holders[i].command,
					     usage->holders[i].pid),
				ROLE_WARN };
	if (!known_is_settled(usage->holders_known))
		return (struct text){ "?", ROLE_UNKNOWN };
	return (struct text){ _("nobody"), ROLE_DIM };
}

static void add(const struct scene *scene, struct rows *rows,
		const struct uio *uio)
{
	const struct system *system = scene->system;
	struct subject subject = { SCOPE_DEVICE, uio->device };
	struct row *row = uio->device == NONE ?
		rows_note(rows, arena_printf(rows->arena, "note:%s",
					     uio->node), 0) :
		rows_add(rows, system, subject, NULL, 0);

	row_set(row, COL_DEVICE, ROLE_ADDRESS, uio->device == NONE ?
		_("not on PCI") : label_device(scene, uio->device,
					       rows->arena));
	row->cells[COL_DRIVER] = uio->device == NONE ?
		label_fact(&uio->name) :
		label_driver(&system->devices[uio->device]);
	row_set(row, COL_NODE, ROLE_TEXT,
		arena_printf(rows->arena, "/dev/%s", uio->node));
	row->cells[COL_COUNT] = label_number(&uio->event, rows->arena);
	row->cells[COL_MAPS] = maps_of(uio, rows->arena);
	row->cells[COL_HOLDER] = holder_of(system, uio, rows->arena);
}

static void build(const struct scene *scene, struct rows *rows)
{
	for (unsigned i = 0; i < scene->system->uio_count; i++)
		add(scene, rows, &scene->system->uios[i]);
}

static struct text head(const struct scene *scene, struct arena *arena)
{
	(void)scene;
	(void)arena;
	return (struct text){
		_("UIO knows no IOMMU (DMA reaches all memory) and no MSI, "
		  "and wants root."), ROLE_WARN };
}

static enum known known(const struct system *system)
{
	return system->uios_known;
}

const struct view view_uio = {
	.id = "uio", .title = N_("UIO"), VIEW_COLUMNS(columns),
	.build = build, .known = known, .head = head,
	.empty = N_("No device is given to a program by UIO.  bind --to "
		    "uio_pci_generic, or B, gives one; explain uio says what "
		    "that lacks beside VFIO."),
};
