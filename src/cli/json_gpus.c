// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GPUs, those who hold devices, and what the host would lose, as JSON.  What
 * each field means is in the manual; what is not known is null.
 */
#include "cli/json.h"

#include <string.h>

#include "model/display.h"
#include "model/topo.h"
#include "view/candidate.h"
#include "view/verdict.h"

enum { MOST_COMPANIONS = 256, MOST_REASONS = 64, MOST_GPUS = 256 };

/* --- what the host would lose --- */

json_t *json_losses(const struct system *system, const struct losses *losses)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < losses->count; i++) {
		const struct loss *loss = &losses->items[i];
		json_array_append_new(list, json_pack(
			"{s:s, s:s, s:o, s:s}", "kind", loss->kind, "weight",
			loss_weight_word(loss->weight), "device",
			json_address(system, loss->device), "text",
			loss->text));
	}
	return list;
}

json_t *json_loses_of(const struct scene *scene, int device)
{
	struct arena arena = {0};
	struct losses losses = loss_of(scene, &device, 1, &arena);
	json_t *list = json_losses(scene->system, &losses);

	arena_free(&arena);
	return list;
}

/* --- holders --- */

json_t *json_holding(const struct system *system, int device)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < system->usage.holder_count; i++) {
		const struct holder *each = &system->usage.holders[i];
		if (device == NONE || display_is_held(system, each, device))
			json_array_append_new(list, json_pack(
				"{s:i, s:s, s:s, s:s}", "pid",
				(int)each->pid, "command", each->command,
				"node", each->node, "does",
				holding_word(display_holding(
					system, i, device != NONE ?
							   device :
							   each->device))));
	}
	return list;
}

/* --- GPUs --- */

static json_t *flag(enum known known, bool value)
{
	return known == KNOWN ? json_boolean(value) : json_null();
}

/* Whether a picture is sent to it; null where that was not read. */
static json_t *lit_of(const struct connector *connector)
{
	if (!known_is_settled(connector->status.known) ||
	    !known_is_settled(connector->enabled.known))
		return json_null();
	return json_boolean(topo_is_connector_lit(connector));
}

/* What became of its EDID, where no name came of it. */
static const char *edid_word(const struct connector *connector)
{
	return connector->monitor.known == KNOWN     ? "read" :
	       connector->monitor.known == ABSENT    ? "none" :
	       connector->monitor.known == MALFORMED ? "unreadable" :
						       "unknown";
}

static json_t *displays_of(const struct system *system, int device)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < system->connector_count; i++) {
		const struct connector *each = &system->connectors[i];
		if (each->device == device)
			json_array_append_new(list, json_pack(
				"{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:b}",
				"connector", each->name, "status",
				json_text(each->status), "enabled",
				json_text(each->enabled), "monitor",
				json_text(each->monitor), "edid",
				edid_word(each), "dpms", json_text(each->dpms),
				"lit", lit_of(each), "panel",
				(int)display_is_panel(each)));
	}
	return list;
}

static json_t *resets_of(const struct device *device)
{
	json_t *list = json_array();
	const char *at = device->reset_method.value;

	if (!known_is_settled(device->reset_method.known)) {
		json_decref(list);
		return json_null();
	}
	while (device->reset_method.known == KNOWN && *at) {
		size_t len = strcspn(at, " ");
		if (len)
			json_array_append_new(list, json_stringn(at, len));
		at += len + strspn(at + len, " ");
	}
	return list;
}

/* Its memory window, and what it can be resized to, in bytes. */
static json_t *memory_of(const struct device *device)
{
	const struct bar *bar = display_memory(device);
	json_t *sizes = json_array();

	for (unsigned i = 0; bar && i < 44; i++)
		if (bar->sizes >> i & 1)
			json_array_append_new(sizes, json_integer(
				(json_int_t)1 << (i + 20)));
	if (!bar) {
		json_decref(sizes);
		return json_null();
	}
	return json_pack("{s:i, s:I, s:o, s:o}", "bar", (int)bar->index,
			 "size", (json_int_t)(bar->end - bar->start + 1),
			 "resizable", device->rebar.known == KNOWN ?
				json_boolean(device->rebar.value >>
					     bar->index & 1) :
				flag(device->rebar.known == ABSENT ? KNOWN :
						device->rebar.known, false),
			 "sizes", sizes);
}

static json_t *link_of(const struct device *device)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "speed",
			 json_text(device->speed), "width",
			 json_num(device->width), "speed_max",
			 json_text(device->speed_max), "width_max",
			 json_num(device->width_max));
}

/* The firmware's framebuffer, where it still stands as a device. */
static json_t *sysfb_of(const struct system *system, int device)
{
	const struct sysfb *sysfb = display_sysfb(system, device);

	return sysfb ? json_pack("{s:s, s:o}", "name", sysfb->name, "driver",
				 json_text(sysfb->driver)) : json_null();
}

static json_t *companions_of(const struct system *system, int device)
{
	int others[MOST_COMPANIONS];
	unsigned count = topo_companions(system, device, others,
					 MOST_COMPANIONS);
	json_t *list = json_array();

	for (unsigned i = 0; i < count; i++)
		json_array_append_new(list, json_address(system, others[i]));
	return list;
}

/* What the kernel links to it as depending on it. */
static json_t *consumers_of(const struct device *device)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < device->consumer_count; i++) {
		char text[BDF_TEXT];
		json_array_append_new(list, json_string(
			bdf_print(device->consumers[i], text)));
	}
	if (known_is_settled(device->consumers_known))
		return list;
	json_decref(list);
	return json_null();
}

static json_t *reasons_of(const struct scene *scene, int device,
			  enum fitness *fitness)
{
	const struct finding *reasons[MOST_REASONS];
	json_t *list = json_array();
	unsigned count;

	*fitness = verdict_fitness(scene, device, reasons, MOST_REASONS,
				   &count);
	for (unsigned i = 0; i < count; i++)
		json_array_append_new(list, json_string(reasons[i]->rule));
	return list;
}

/* What it shows, and to whom it belongs meanwhile. */
static json_t *use_of(const struct scene *scene, int index)
{
	const struct system *system = scene->system;
	const struct device *device = &system->devices[index];
	enum known console = display_draws_console(system, index, NULL, NULL);
	struct hybrid hybrid = display_hybrid(system);
	bool shares = hybrid.kind != HYBRID_NONE &&
		      (index == hybrid.panel || index == hybrid.other);

	return json_pack(
		"{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "console",
		known_is_settled(console) ? json_boolean(console == KNOWN) :
					    json_null(),
		"firmware_framebuffer", sysfb_of(system, index), "bmc",
		(int)display_is_bmc(device), "hybrid",
		shares ? json_string(hybrid_word(hybrid.kind)) : json_null(),
		"consumers", consumers_of(device), "memory",
		memory_of(device), "link", link_of(device), "loses",
		json_loses_of(scene, index));
}

static json_t *gpu_entry(const struct scene *scene, int index)
{
	const struct system *system = scene->system;
	bool boot;
	enum known boot_known = topo_is_boot_display(system, index, &boot);
	enum fitness fitness;
	json_t *reasons = reasons_of(scene, index, &fitness);
	enum grouping grouping = topo_grouping(system, index);
	json_t *entry = json_device(scene, (unsigned)index);
	json_t *more = json_pack(
		"{s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:s, s:o}",
		"boot_display", flag(boot_known, boot), "displays",
		displays_of(system, index), "companions",
		companions_of(system, index), "holders",
		json_holding(system, index), "holders_complete",
		system->usage.holders_known == KNOWN, "reset",
		resets_of(&system->devices[index]), "grouping",
		grouping == GROUPING_NONE ? json_null() :
				json_string(grouping_word(grouping)),
		"verdict", fitness_word(fitness), "reasons", reasons);
	json_t *use = use_of(scene, index);

	json_object_update(entry, more);
	json_object_update(entry, use);
	json_decref(more);
	json_decref(use);
	return entry;
}

json_t *json_gpus(const struct scene *scene)
{
	struct arena arena = {0};
	int order[MOST_GPUS];
	unsigned count = candidate_order(scene, order, MOST_GPUS);
	json_t *list = json_array();

	for (unsigned i = 0; i < count; i++)
		json_array_append_new(list, gpu_entry(scene, order[i]));
	json_t *whole = json_wrap("gpus", list);
	json_object_set_new(whole, "advice", json_string(
		candidate_advice(scene, &arena).text));
	arena_free(&arena);
	return whole;
}
