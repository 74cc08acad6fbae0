// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The looking commands: list, check, explain; as text or as JSON.  What they
 * say comes from the same views and findings as on the screen.
 */
#include "cli/report.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/complain.h"
#include "cli/json.h"
#include "cli/subject.h"
#include "rule/engine.h"
#include "view/explain.h"
#include "view/ref.h"
#include "view/topic.h"
#include "view/verdict.h"
#include "view/view.h"
#include "view/view_finding.h"

static const struct {
	const char *name;
	unsigned areas, with;
	json_t *(*json)(const struct scene *scene);
} lists[] = {
	{ "devices", AREA_DEVICES, WITH_NAMES, json_devices },
	{ "tree", AREA_ALL, WITH_NAMES | WITH_FINDINGS, json_tree },
	{ "groups", AREA_ALL, WITH_NAMES | WITH_FINDINGS, json_groups },
	{ "gpus", AREA_ALL, WITH_NAMES | WITH_FINDINGS, json_gpus },
	{ "usb", AREA_ALL, WITH_NAMES | WITH_FINDINGS, json_usb },
	{ "storage", AREA_ALL, WITH_NAMES | WITH_FINDINGS, json_storage },
	{ "iommus", AREA_ALL, WITH_NAMES, json_iommus },
	{ "interrupts", AREA_ALL, WITH_NAMES, json_interrupts },
	{ "vfio", AREA_ALL, WITH_NAMES | WITH_FINDINGS, json_vfio },
	{ "holders", AREA_ALL, WITH_NAMES, json_holders },
	{ "drift", AREA_ALL | AREA_INITRAMFS, WITH_NAMES, json_drift },
	{ "vfs", AREA_ALL, WITH_NAMES | WITH_FINDINGS, json_vfs },
	{ "mdev", AREA_ALL, WITH_NAMES, json_mdev },
	{ "uio", AREA_ALL, WITH_NAMES, json_uio },
	{ "history", AREA_DEVICES, 0, json_history },
	{ "config", AREA_ALL, 0, json_config },
	{ "log", AREA_ALL, WITH_NAMES, json_log },
	{ "rules", 0, 0, NULL },
};

enum { LISTS = sizeof lists / sizeof *lists };

static size_t find_list(const char *what)
{
	size_t i = 0;

	while (i < LISTS && strcmp(lists[i].name, what) != 0)
		i++;
	return i;
}

bool report_list_needs(const char *what, bool json, unsigned *areas,
		       unsigned *with)
{
	size_t i = find_list(what);

	if (i == LISTS)
		return false;
	/* As JSON, devices have what the host would lose with them. */
	*areas = json && lists[i].json == json_devices ? AREA_ALL :
							lists[i].areas;
	*with = lists[i].with;
	return true;
}

static void print_text(struct buf *text)
{
	fputs(buf_str(text), stdout);
	buf_free(text);
}

/* The width of the terminal; 0, no limit, where the output goes elsewhere. */
static unsigned columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_col < 40)
		return 0;
	return size.ws_col;
}

int report_list(const struct options *options, const struct machine *machine,
		const char *what)
{
	size_t i = find_list(what);
	struct buf text = {0};

	if (options->json) {
		json_print(lists[i].json ? lists[i].json(&machine->scene) :
					   json_rules());
		return EXIT_READY;
	}
	const struct view *view = view_find(what);
	if (!view)
		return EXIT_BROKEN;
	view_text(view, &machine->scene, columns(), &text);
	print_text(&text);
	return EXIT_READY;
}

/* --- check --- */

struct chosen {
	const struct findings *findings;
	const struct subject *subjects;
	unsigned count;
	bool all;
};

/* Without subjects: all but what is in the nature of a thing; with: what
 * concerns them. */
static bool is_chosen(const struct finding *finding, void *data)
{
	const struct chosen *chosen = data;

	if (!chosen->count)
		return chosen->all || !finding->aside;
	for (unsigned i = 0; i < chosen->count; i++)
		if (chosen->subjects[i].scope == SCOPE_SYSTEM ?
			    finding->subject.scope == SCOPE_SYSTEM :
			    findings_concern(chosen->findings, finding,
					     chosen->subjects[i]))
			return true;
	return false;
}

/* The worst of several: blocked, unknown, warnings, ready. */
static enum overall worse(enum overall a, enum overall b)
{
	static const int rank[] = {
		[OVERALL_READY] = 0, [OVERALL_WARNINGS] = 1,
		[OVERALL_UNKNOWN] = 2, [OVERALL_BLOCKED] = 3,
	};

	return rank[a] > rank[b] ? a : b;
}

static enum overall sum_up(const struct findings *findings,
			   const struct chosen *chosen)
{
	enum overall overall = OVERALL_READY;

	if (!chosen->count)
		return findings_overall(findings, NULL);
	for (unsigned i = 0; i < chosen->count; i++)
		overall = worse(overall,
			findings_overall(findings,
				chosen->subjects[i].scope == SCOPE_SYSTEM ?
					NULL : &chosen->subjects[i]));
	return overall;
}

static int status_of(enum overall overall)
{
	static const int statuses[] = {
		[OVERALL_READY] = EXIT_READY,
		[OVERALL_WARNINGS] = EXIT_WARNINGS,
		[OVERALL_BLOCKED] = EXIT_BLOCKED,
		[OVERALL_UNKNOWN] = EXIT_UNKNOWN,
	};

	return statuses[overall];
}

static const char *overall_text(enum overall overall)
{
	static const char *const texts[] = {
		[OVERALL_READY] = N_("Nothing stands in the way."),
		[OVERALL_WARNINGS] =
			N_("Nothing stands in the way, but see the warnings."),
		[OVERALL_BLOCKED] = N_("Something stands in the way; the first "
				       "finding is the cause."),
		[OVERALL_UNKNOWN] =
			N_("Nobody can tell yet: a source could not be read."),
	};

	return _(texts[overall]);
}

static void check_marked(const struct scene *scene, struct chosen *chosen,
			 enum mark wanted, struct buf *text)
{
	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		bool plain = !finding->under &&
			     finding->verdict != VERDICT_PASS;
		if ((!plain && !chosen->all) || !is_chosen(finding, chosen) ||
		    verdict_mark(finding) != wanted)
			continue;
		buf_putc(text, '\n');
		report_finding(scene, finding, columns(), text);
	}
}

static void check_text(const struct scene *scene, enum overall overall,
		       struct chosen *chosen)
{
	struct buf text = {0};

	buf_printf(&text, "%s\n", overall_text(overall));
	for (unsigned i = 0; i < VERDICT_ORDER; i++)
		check_marked(scene, chosen, verdict_order[i], &text);
	print_text(&text);
}

int report_check(const struct options *options,
		 const struct machine *machine)
{
	const struct scene *scene = &machine->scene;
	unsigned count = options->word_count ? options->word_count - 1 : 0;
	struct arena arena = {0};
	struct subject *subjects =
		arena_array(&arena, count + 1u, sizeof *subjects);
	struct err err;

	for (unsigned i = 0; i < count; i++)
		if (!subject_find(scene->system, options->words[i + 1],
				  &subjects[i], &err)) {
			arena_free(&arena);
			return complain(&err, EXIT_USAGE);
		}
	struct chosen chosen = { scene->findings, subjects, count,
				 options->all };
	enum overall overall = sum_up(scene->findings, &chosen);
	if (options->json)
		json_print(json_check(scene, overall, is_chosen, &chosen,
				      options->all));
	else
		check_text(scene, overall, &chosen);
	arena_free(&arena);
	return status_of(overall);
}

/* --- diff --- */

int report_diff(const struct options *options, const struct machine *before,
		const struct machine *machine)
{
	struct scene scene = machine->scene;
	struct arena arena = {0};
	struct buf text = {0};

	scene.other = &before->scene;
	struct diff diff = diff_make(before->scene.system, scene.system,
				     before->scene.findings, scene.findings,
				     &arena);
	if (options->json) {
		json_print(json_diff(&scene, &diff));
	} else {
		view_text(view_find("diff"), &scene, columns(), &text);
		print_text(&text);
	}
	arena_free(&arena);
	return diff.count ? EXIT_WARNINGS : EXIT_READY;
}

/* --- explain --- */

static void print_page(const struct scene *scene, const char *word)
{
	struct arena arena = {0};
	struct buf text = {0};
	struct page page;

	page_start(&page, &arena, columns());
	explain_page(scene, word, &page);
	page_text(&page, scene->ascii, &text);
	print_text(&text);
	arena_free(&arena);
}

/* The findings about a subject, and for a group or device how it hangs. */
static json_t *subject_json(const struct scene *scene, enum overall overall,
			    struct subject subject, bool all)
{
	struct chosen chosen = { scene->findings, &subject, 1, all };
	json_t *whole = json_check(scene, overall, is_chosen, &chosen, all);
	json_t *walks = json_array();

	if (subject.scope == SCOPE_DEVICE) {
		json_array_append_new(walks, json_walk(scene, subject.index));
	} else if (subject.scope == SCOPE_GROUP) {
		const struct group *group =
			&scene->system->groups[subject.index];
		for (unsigned i = 0; i < group->member_count; i++)
			if (group->members[i].device != NONE)
				json_array_append_new(walks, json_walk(
					scene, group->members[i].device));
	}
	json_object_set_new(whole, "walks", walks);
	if (subject.scope == SCOPE_DEVICE || subject.scope == SCOPE_GROUP) {
		struct arena arena = {0};
		struct losses losses = loss_of_subject(scene, subject, &arena);
		json_object_set_new(whole, "loses",
				    json_losses(scene->system, &losses));
		arena_free(&arena);
	}
	return whole;
}

/* Whatever is known of a subject; its status is that of check. */
static int explain_subject(const struct options *options,
			   const struct machine *machine, const char *word)
{
	const struct scene *scene = &machine->scene;
	const struct finding *finding;
	struct subject subject;
	struct err err;

	/* Units are no subjects of other commands: nothing acts on them. */
	bool unit = text_starts(word, "iommu:") &&
		    ref_find(scene, word, &subject, &finding);
	if (!unit && !subject_find(scene->system, word, &subject, &err)) {
		/* A line of the log, a unit that is not at work. */
		if (!options->json && explain_knows(scene, word)) {
			print_page(scene, word);
			return EXIT_READY;
		}
		err_prefix(&err, _("No rule and no topic"));
		return complain(&err, EXIT_USAGE);
	}
	if (subject.scope == SCOPE_SYSTEM)
		return report_check(options, machine);
	enum overall overall = findings_overall(scene->findings, &subject);
	if (options->json)
		json_print(subject_json(scene, overall, subject,
					options->all));
	else
		print_page(scene, word);
	return status_of(overall);
}

int report_explain(const struct options *options,
		   const struct machine *machine, const char *word)
{
	const struct scene *scene = &machine->scene;
	const struct topic *topic = topic_find(word);
	bool all = strcmp(word, "topics") == 0;

	if (!topic && !all && !rule_find(word))
		return explain_subject(options, machine, word);
	if (!options->json)
		print_page(scene, word);
	else
		json_print(topic ? json_topic(scene, topic) :
			   all	 ? json_topics() : json_rule(word));
	return EXIT_READY;
}

bool report_explain_alone(const struct options *options, const char *word)
{
	static const struct system nothing;
	const struct findings none = { .system = &nothing };
	const struct machine machine = {
		.scene = { .system = &nothing, .findings = &none,
			   .ascii = options->ascii },
	};

	if (!topic_find(word) && strcmp(word, "topics") != 0)
		return false;
	report_explain(options, &machine, word);
	return true;
}
