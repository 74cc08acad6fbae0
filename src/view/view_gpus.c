// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every GPU with its monitors, its group, who holds it, and whether it can be
 * given away, the best on top.  The verdict is the findings', the order is
 * candidate.c's.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "model/display.h"
#include "model/topo.h"
#include "view/candidate.h"
#include "view/label.h"
#include "view/view_finding.h"

enum { MOST_HOLDINGS = 64, MOST_GPUS = 256 };

enum { COL_GPU, COL_VERDICT, COL_MONITORS, COL_DRIVER, COL_GROUP, COL_BOOT,
       COL_HELD, COL_RESET, COL_POWER, COL_MEMORY, COL_LINK };

static const struct column columns[] = {
	[COL_GPU] = { .id = "gpu", .title = N_("GPU"), .least = 18,
		.flexible = true, .by_order = true },
	[COL_VERDICT] = { .id = "verdict", .title = N_("Verdict"), .least = 20,
		.flexible = true },
	[COL_MONITORS] = { .id = "monitors", .title = N_("Monitors"),
		.least = 9, .flexible = true, .priority = 1 },
	[COL_DRIVER] = { .id = "driver", .title = N_("Driver"), .least = 8,
		.flexible = true, .priority = 2 },
	[COL_GROUP] = { .id = "group", .title = N_("Group"), .least = 5,
		.priority = 3 },
	[COL_BOOT] = { .id = "boot", .title = N_("Boot"), .least = 4,
		.flexible = true, .priority = 4 },
	[COL_HELD] = { .id = "held", .title = N_("Held by"), .least = 9,
		.flexible = true, .priority = 5 },
	[COL_RESET] = { .id = "reset", .title = N_("Reset"), .least = 5,
		.flexible = true, .priority = 6 },
	[COL_POWER] = { .id = "power", .title = N_("Power"), .least = 5,
		.priority = 7 },
	[COL_MEMORY] = { .id = "memory", .title = N_("Memory"), .least = 7,
		.priority = 8 },
	[COL_LINK] = { .id = "link", .title = N_("Link"), .least = 13,
		.priority = 9 },
};

/* "◉ DP-1 DELL U2720Q": connected outputs, lit or dark, and what hangs on
 * them. */
static struct text monitors(const struct system *system, int device,
			    struct arena *arena)
{
	struct buf text = {0};
	bool known = known_is_settled(system->display_known), any = false;

	for (unsigned i = 0; i < system->connector_count; i++) {
		const struct connector *each = &system->connectors[i];
		if (each->device != device)
			continue;
		any = true;
		if (!known_is_settled(each->status.known))
			known = false;
		if (!topo_is_connected(each))
			continue;
		bool dark = known_is_settled(each->enabled.known) &&
			    !topo_is_connector_lit(each);
		buf_printf(&text, "%s%s %s%s%s", text.len ? ", " : "",
			   dark ? SIGN_DARK : SIGN_LIT, each->name,
			   each->monitor.known == KNOWN ? " " : "",
			   each->monitor.known == KNOWN ?
				   each->monitor.value : "");
	}
	struct text cell = { arena_text(arena, buf_str(&text)), ROLE_TEXT };
	if (!text.len && (!known || (!any && !label_is_dark(system, device))))
		cell = (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	else if (!text.len)
		cell = (struct text){ SIGN_NONE, ROLE_DIM };
	buf_free(&text);
	return cell;
}

/* Programs by name, each once; those that only render or compute on it, and
 * draw on no screen of its, say so. */
static struct text held_by(const struct system *system, int device,
			   struct arena *arena)
{
	struct holding all[MOST_HOLDINGS];
	unsigned count = display_holdings(system, device, all, MOST_HOLDINGS);
	struct buf text = {0};

	for (unsigned i = 0; i < count; i++) {
		bool seen = false;
		for (unsigned j = 0; j < i; j++)
			seen |= strcmp(all[j].command, all[i].command) == 0;
		if (seen)
			continue;
		buf_printf(&text, "%s%s%s", text.len ? ", " : "",
			   all[i].command,
			   all[i].kind == HOLDING_OFFLOADS ?
				   _(" (renders)") :
			   all[i].kind == HOLDING_COMPUTES ?
				   _(" (computes)") : "");
	}
	struct text cell = { arena_text(arena, buf_str(&text)), ROLE_TEXT };
	if (!text.len && system->usage.holders_known != KNOWN)
		cell = (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	else if (!text.len)
		cell = (struct text){ SIGN_NONE, ROLE_DIM };
	buf_free(&text);
	return cell;
}

/* "13 (2)": the number, and how many devices go together. */
static struct text group_text(const struct system *system,
			      const struct device *device,
			      struct arena *arena)
{
	struct text text = label_number(&device->group, arena);

	if (device->group_index == NONE ||
	    topo_members_known(system,
			       &system->groups[device->group_index]) != KNOWN)
		return text;
	unsigned count = topo_endpoints(system,
					&system->groups[device->group_index]);
	text.text = arena_printf(arena, "%s (%u)", text.text, count);
	return text;
}

/* What begins on it: the firmware's screen, the text console. */
static struct text boot_text(const struct system *system, int device)
{
	bool boot;
	enum known known = topo_is_boot_display(system, device, &boot);
	bool console = display_draws_console(system, device, NULL, NULL) ==
		       KNOWN;

	if (boot || console)
		return (struct text){
			!console ? _("yes") :
			boot ? _("yes, console") : _("console"), ROLE_TEXT };
	if (known_is_settled(known))
		return (struct text){ SIGN_NONE, ROLE_DIM };
	return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
}

/* "16 GiB", with "↔" where it can be resized. */
static struct text memory_text(const struct device *device,
			       struct arena *arena)
{
	const struct bar *bar = display_memory(device);
	bool resizes = bar && device->rebar.known == KNOWN &&
		       device->rebar.value >> bar->index & 1;

	if (!bar)
		return device->resources == KNOWN ?
			(struct text){ SIGN_NONE, ROLE_DIM } :
			(struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
	const char *size = label_size(bar->end - bar->start + 1, arena);
	return (struct text){
		resizes ? arena_printf(arena, _("%s resizable"), size) : size,
		ROLE_TEXT };
}

static struct text link_text(const struct device *device, struct arena *arena)
{
	if (device->speed.known != KNOWN || device->width.known != KNOWN)
		return label_fact(&device->speed);
	return (struct text){
		arena_printf(arena, "%s / %s",
			     label_link(&device->speed, &device->width, arena),
			     label_link(&device->speed_max,
					&device->width_max, arena)),
		ROLE_TEXT };
}

static void add_gpu(const struct scene *scene, struct rows *rows, int device)
{
	const struct system *system = scene->system;
	const struct device *self = &system->devices[device];
	struct subject subject = { SCOPE_DEVICE, device };
	struct row *row = rows_add(rows, system, subject, NULL, 0);

	row_set(row, COL_GPU, ROLE_ADDRESS,
		label_device(scene, device, rows->arena));
	row->cells[COL_VERDICT] = finding_verdict(scene, device, rows->arena);
	row->cells[COL_MONITORS] = monitors(system, device, rows->arena);
	row->cells[COL_GROUP] = group_text(system, self, rows->arena);
	row->cells[COL_DRIVER] = label_driver(self);
	row->cells[COL_BOOT] = boot_text(system, device);
	row->cells[COL_HELD] = held_by(system, device, rows->arena);
	row->cells[COL_RESET] = label_fact(&self->reset_method);
	row->cells[COL_POWER] = label_fact(&self->power_state);
	row->cells[COL_MEMORY] = memory_text(self, rows->arena);
	row->cells[COL_LINK] = link_text(self, rows->arena);
}

static void build(const struct scene *scene, struct rows *rows)
{
	int order[MOST_GPUS];
	unsigned count = candidate_order(scene, order, MOST_GPUS);

	for (unsigned i = 0; i < count; i++)
		add_gpu(scene, rows, order[i]);
}

static enum known known(const struct system *system)
{
	return system->devices_known;
}

const struct view view_gpus = {
	.id = "gpus", .title = N_("GPUs"), .digit = '4',
	VIEW_COLUMNS(columns), .build = build, .known = known,
	.head = candidate_advice, .polled = true,
	.empty = N_("This machine has no display controller on PCI."),
};
