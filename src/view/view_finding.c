// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One finding, for the screen and for text: what, why, proof, what to do.  It
 * repeats what the rule said and adds nothing.
 */
#include "view/view_finding.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "rule/engine.h"
#include "view/label.h"
#include "view/ref.h"
#include "view/verdict.h"

const char *finding_subject(const struct scene *scene,
			    const struct finding *finding,
			    struct arena *arena)
{
	const struct system *system = scene->system;
	int index = finding->subject.index;

	switch (finding->subject.scope) {
	case SCOPE_DEVICE:
		return label_address(&system->devices[index], arena);
	case SCOPE_GROUP:
		return arena_printf(arena, _("group %u"),
				    system->groups[index].number);
	case SCOPE_IOMMU:
		return system->units[index].name;
	default:
		return "";
	}
}

const char *finding_title(const struct finding *finding)
{
	const struct rule *rule = finding->verdict == VERDICT_CANNOT_TELL ?
					  rule_find(finding->rule) : NULL;

	return rule ? _(rule->title) : finding->title;
}

static const char *severity_word(const struct finding *finding)
{
	static const char *const words[] = {
		[SEVERITY_INFO] = N_("note"),
		[SEVERITY_WARNING] = N_("warning"),
		[SEVERITY_BLOCKER] = N_("blocker"),
	};

	if (finding->verdict == VERDICT_PASS)
		return _("fine");
	if (finding->verdict == VERDICT_CANNOT_TELL)
		return _("cannot tell");
	return _(words[finding->severity]);
}

static void add_evidence(const struct finding *finding, struct page *page)
{
	unsigned widest = 0;

	if (!finding->evidence_count)
		return;
	page_gap(page);
	page_title(page, _("What shows it"));
	for (unsigned i = 0; i < finding->evidence_count; i++) {
		unsigned width = text_width(finding->evidence[i].source);
		if (width > widest)
			widest = width;
	}
	/* Side by side where that leaves half of the page for the value. */
	bool beside = !page->width || widest + 4 <= page->width / 2;
	page_indent(page, page->indent + 2, page->indent + 2);
	for (unsigned i = 0; i < finding->evidence_count; i++) {
		const struct evidence *each = &finding->evidence[i];
		if (beside) {
			page_pair(page, each->source, widest + 2, ROLE_TEXT,
				  each->value);
			continue;
		}
		page_solid(page, ROLE_DIM, each->source);
		page_end(page);
		page_indent(page, page->indent + 2, page->indent + 2);
		page_add(page, ROLE_TEXT, each->value);
		page_end(page);
		page_indent(page, page->indent - 2, page->indent - 2);
	}
	page_indent(page, page->indent - 2, page->indent - 2);
}

void finding_remedies(const struct finding *finding, struct page *page)
{
	for (unsigned i = 0; i < finding->remedy_count; i++) {
		const struct remedy *remedy = &finding->remedies[i];
		unsigned indent = page->indent;
		page_indent(page, indent, indent);
		page_add(page, ROLE_TEXT, remedy->text);
		page_end(page);
		page_indent(page, indent + 2, indent + 2);
		for (unsigned c = 0; c < remedy->command_count; c++) {
			page_solid(page, ROLE_CHANGED, remedy->commands[c]);
			page_end(page);
		}
		page_indent(page, indent, indent);
	}
}

/* Findings that this one explains, by their reference. */
static void add_folded(const struct scene *scene,
		       const struct finding *finding, struct page *page)
{
	bool any = false;

	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *other = &scene->findings->items[i];
		if (!other->under || strcmp(other->under, finding->rule) != 0)
			continue;
		if (!any) {
			page_gap(page);
			page_title(page, _("It explains"));
		}
		any = true;
		finding_line(scene, other, page);
	}
}

void finding_page(const struct scene *scene, const struct finding *finding,
		  struct page *page)
{
	const char *subject = finding_subject(scene, finding, page->arena);
	enum mark mark = verdict_mark(finding);

	page_marked(page, mark, sign_role(mark), finding->title);
	page_indent(page, page->indent + 2, page->indent + 2);
	page_printf(page, ROLE_DIM, "%s · %s%s%s", severity_word(finding),
		    finding->rule, *subject ? " · " : "", subject);
	page_end(page);
	page_gap(page);
	if (*finding->why) {
		page_add(page, ROLE_TEXT, finding->why);
		page_end(page);
	}
	if (finding->verdict == VERDICT_CANNOT_TELL && finding->because &&
	    *finding->because) {
		page_gap(page);
		page_add(page, ROLE_UNKNOWN, finding->because);
		page_end(page);
	}
	add_evidence(finding, page);
	if (finding->remedy_count) {
		page_gap(page);
		page_title(page, _("What to do"));
		page_indent(page, page->indent + 2, page->indent + 2);
		finding_remedies(finding, page);
		page_indent(page, page->indent - 2, page->indent - 2);
	}
	add_folded(scene, finding, page);
	if (finding->reference && *finding->reference) {
		page_gap(page);
		page_pair(page, _("Read"), 6, ROLE_DIM,
			  arena_printf(page->arena, "Documentation/%s",
				       finding->reference));
	}
	page_indent(page, page->indent - 2, page->indent - 2);
}

void finding_line(const struct scene *scene, const struct finding *finding,
		  struct page *page)
{
	const char *subject = finding_subject(scene, finding, page->arena);
	char ref[REF_TEXT];

	page->ref = arena_text(page->arena,
			       ref_print(scene->system, finding->subject,
					 finding->rule, ref));
	page_marked(page, verdict_mark(finding), ROLE_TEXT,
		    *subject ? arena_printf(page->arena, "%s: %s", subject,
					    finding->title) :
			       finding->title);
	page->ref = NULL;
}

void report_finding(const struct scene *scene, const struct finding *finding,
		    unsigned columns, struct buf *out)
{
	struct arena arena = {0};
	struct page page;

	page_start(&page, &arena, columns);
	finding_page(scene, finding, &page);
	page_text(&page, scene->ascii, out);
	arena_free(&arena);
}

struct text finding_verdict(const struct scene *scene, int device,
			    struct arena *arena)
{
	const struct finding *reason = NULL;
	unsigned count;
	enum fitness fitness = verdict_fitness(scene, device, &reason, 1,
					       &count);
	enum mark mark = fitness_mark(fitness);

	if (fitness == FITNESS_READY || !count)
		return (struct text){
			arena_printf(arena, "%s %s", sign_of(mark),
				     fitness_text(fitness)),
			sign_role(mark) };
	if (fitness == FITNESS_UNKNOWN)
		return (struct text){ arena_printf(arena, "%s %s",
						   sign_of(mark),
						   finding_title(reason)),
				      sign_role(mark) };
	return (struct text){ arena_printf(arena, "%s %s: %s", sign_of(mark),
					   fitness_text(fitness),
					   reason->title), sign_role(mark) };
}
