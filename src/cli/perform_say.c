// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a command that acts says: the plan before, the outcome after, as text
 * and as JSON.  It does nothing.
 */
#include "cli/perform_part.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/json.h"
#include "model/parts.h"
#include "view/loss.h"

/* --- the plan in words --- */

static void print_changes(const struct scene *scene, const struct plan *plan)
{
	for (unsigned i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];
		char address[BDF_TEXT];
		bdf_print_short(scene->system->devices[change->device].address,
				address);
		const char *name =
			names_of(scene->names, change->device).device;
		if (change->deed || change->left)
			printf("  %s  %s: %s\n", address, name, change->deed ?
			       change->deed :
			       change->why_left);
		else
			printf("  %s  %s: %s -> %s\n", address, name,
			       *change->from ? change->from : _("no driver"),
			       !change->to   ? _("what the kernel chooses") :
			       *change->to   ? change->to : _("no driver"));
		if (change->note && *change->note)
			printf("      %s\n", change->note);
	}
}

void perform_say_gates(const struct plan *plan, FILE *out)
{
	for (unsigned i = 0; i < plan->gate_count; i++) {
		const struct gate *gate = &plan->gates[i];
		fprintf(out, "%s %s  [%s]\n",
			gate->kind == GATE_HARD ? "x" : "!", gate->text,
			gate->id);
		if (gate->source && *gate->source)
			fprintf(out, "    %s: %s\n", gate->source,
				gate->value ? gate->value : "");
	}
}

static void print_lines(const char *sign, const char *text)
{
	const char *end = text + strlen(text), *line;
	size_t len;

	while (text_line(&text, end, &line, &len))
		printf("    %s%.*s\n", sign, (int)len, line);
}

/* What stands in a file, and what will. */
static void print_diff(const struct step *step)
{
	if (step->kind != STEP_FILE)
		return;
	printf("  %s\n", step->path);
	print_lines("- ", step->before.value);
	print_lines("+ ", step->expect.value);
}

void perform_say_plan(const struct scene *scene, const struct plan *plan)
{
	struct arena arena = {0};

	puts(plan->title);
	print_changes(scene, plan);
	struct losses losses = loss_of_plan(scene, plan, &arena);
	if (losses.used && !plan->done_already)
		puts(loss_sentence(&losses, &arena));
	perform_say_gates(plan, stdout);
	for (unsigned i = 0; i < plan->step_count; i++)
		print_diff(&plan->steps[i]);
	for (unsigned i = 0; i < plan->step_count; i++) {
		const char *expect = shell_expect(plan, i, &arena);
		bool done = plan->resumes && i < plan->done;
		printf("%4u  %s%s%s%s\n", i + 1, done ? _("(done) ") : "",
		       shell_step(plan, i, &arena),
		       *expect ? "    # " : "", expect);
	}
	if (plan->done_already)
		puts(_("There is nothing to do: it is so already."));
	arena_free(&arena);
}

int perform_show(const struct options *options, struct machine *machine,
		 const struct plan *plan)
{
	if (options->json)
		json_print(json_plan(&machine->scene, plan));
	else
		perform_say_plan(&machine->scene, plan);
	return plan_is_refused(plan) ? OUTCOME_REFUSED : OUTCOME_DONE;
}

/* --- the outcome --- */

static const char *outcome_word(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_DONE:
		return "done";
	case OUTCOME_REFUSED:
		return "refused";
	case OUTCOME_ROLLED_BACK:
		return "rolled-back";
	case OUTCOME_PARTLY:
		return "partly-rolled-back";
	case OUTCOME_STUCK:
		return "stuck";
	case OUTCOME_DECLINED:
		return "declined";
	case OUTCOME_RUNNING:
		break;
	}
	return "running";
}

bool perform_is_about_mdevs(const struct plan *plan)
{
	return plan->intent.kind == INTENT_CREATE ||
	       plan->intent.kind == INTENT_REMOVE;
}

static json_t *device_now(const struct system *after, int index)
{
	const struct device *device = &after->devices[index];

	return json_pack("{s:o, s:o, s:o, s:o}", "address",
			 json_address(after, index), "driver",
			 json_text(device->driver), "driver_override",
			 json_text(device->driver_override), "group",
			 json_num(device->group));
}

/* Virtual functions that came with the plan. */
static void add_vfs_now(const struct plan *plan, const struct scene *before,
			const struct system *after, json_t *list)
{
	for (unsigned i = 0; after && i < plan->change_count; i++) {
		int physical = system_device(after, before->system->devices[
			plan->changes[i].device].address);
		for (int vf = NONE; physical != NONE &&
			(vf = parts_next_vf(after, physical, vf)) != NONE;) {
			bool named = false;
			for (unsigned k = 0; k < plan->change_count; k++)
				named |= bdf_compare(
					before->system->devices[
						plan->changes[k].device]
						.address,
					after->devices[vf].address) == 0;
			if (!named)
				json_array_append_new(list,
						      device_now(after, vf));
		}
	}
}

/* The devices of the plan as they are now, on the machine or in the model. */
static json_t *devices_now(const struct plan *plan,
			   const struct scene *before,
			   const struct system *after)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < plan->change_count; i++) {
		const struct device *was =
			&before->system->devices[plan->changes[i].device];
		int now = after ? system_device(after, was->address) : NONE;
		json_array_append_new(list, now != NONE ?
			device_now(after, now) : json_pack(
			"{s:o, s:n, s:n, s:n}", "address",
			json_address(before->system, plan->changes[i].device),
			"driver", "driver_override", "group"));
	}
	add_vfs_now(plan, before, after, list);
	return list;
}

int perform_report(const struct options *options, struct machine *machine,
		   const struct plan *plan, enum outcome outcome,
		   const char *message, const struct system *after)
{
	bool live = machine->scene.system->origin.kind == ORIGIN_LIVE;

	if (options->json) {
		json_t *json = json_pack(
			"{s:i, s:s, s:b, s:s, s:o, s:o}", "schema", 1,
			"result", outcome_word(outcome), "rehearsed", !live,
			"message", message, "devices",
			devices_now(plan, &machine->scene, after), "plan",
			json_plan(&machine->scene, plan));
		if (after && perform_is_about_mdevs(plan))
			json_object_set_new(json, "mdevs",
					    json_mdev_items(after));
		json_print(json);
	} else if (outcome == OUTCOME_DONE) {
		printf("%s%s\n", live ? "" : _("Rehearsed: "), message);
	}
	if (outcome != OUTCOME_DONE)
		fprintf(stderr, "vfiotop: %s\n", message);
	return (int)outcome;
}
