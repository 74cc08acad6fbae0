// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first screen: the answer, the proof, what to do, and then the rest.  It
 * judges nothing: the verdict is that of the findings.
 */
#include "view/view.h"

#include "base/i18n.h"
#include "base/text.h"
#include "model/topo.h"
#include "view/chain.h"
#include "view/label.h"
#include "view/verdict.h"
#include "view/view_finding.h"

static void add_sentence(struct page *page, const char *text)
{
	page_indent(page, 3, 3);
	page_add(page, ROLE_TEXT, text);
	page_end(page);
}

/* What a finding says under the verdict: title, then why. */
static void add_cause(const struct scene *scene,
		      const struct finding *finding, struct page *page)
{
	char ref[REF_TEXT];

	page->ref = arena_text(page->arena,
			       ref_print(scene->system, finding->subject,
					 finding->rule, ref));
	page_indent(page, 3, 3);
	page_add(page, sign_role(verdict_mark(finding)), finding->title);
	page_end(page);
	page->ref = NULL;
	/* Where it is narrow the proof matters more; e explains. */
	if (page->width && page->width < 60)
		return;
	add_sentence(page, finding->verdict == VERDICT_CANNOT_TELL &&
				   *finding->because ? finding->because :
						       finding->why);
}

static const struct finding *first_unknown(const struct scene *scene)
{
	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		if (finding->verdict == VERDICT_CANNOT_TELL &&
		    finding->severity == SEVERITY_BLOCKER && !finding->under &&
		    finding->subject.scope <= SCOPE_IOMMU)
			return finding;
	}
	return NULL;
}

/* "01:00.0 GeForce RTX 4090: ready"; what cannot be told says it all. */
static const char *gpu_text(const struct scene *scene, int device,
			    enum fitness fitness,
			    const struct finding *reason, struct arena *arena)
{
	const char *name = label_device(scene, device, arena);

	if (!reason)
		return arena_printf(arena, "%s: %s", name,
				    fitness_text(fitness));
	if (fitness == FITNESS_UNKNOWN)
		return arena_printf(arena, "%s: %s", name, reason->title);
	return arena_printf(arena, "%s: %s, %s", name, fitness_text(fitness),
			    reason->title);
}

/* Which GPU is free to go is what most people came to ask. */
static void add_gpus(const struct scene *scene, struct page *page)
{
	page_indent(page, 3, 5);
	for (unsigned i = 0; i < scene->system->device_count; i++) {
		struct subject subject = { SCOPE_DEVICE, (int)i };
		const struct finding *reason = NULL;
		char ref[REF_TEXT];
		unsigned count;
		if (!topo_is_display(&scene->system->devices[i]))
			continue;
		enum fitness fitness = verdict_fitness(scene, (int)i, &reason,
						       1, &count);
		page->ref = arena_text(page->arena,
				       ref_print(scene->system, subject, NULL,
						 ref));
		page_marked(page, fitness_mark(fitness), ROLE_TEXT,
			    gpu_text(scene, (int)i, fitness,
				     count ? reason : NULL, page->arena));
		page->ref = NULL;
	}
}

/* "0b:00.0 is refused, says the kernel log." */
static const char *refusal(const struct scene *scene,
			   const struct finding *finding, struct arena *arena)
{
	return arena_printf(arena, finding->subject.scope == SCOPE_GROUP ?
				_("By the kernel log, no device of %s can be "
				  "passed through.") :
				_("By the kernel log, %s cannot be passed "
				  "through."),
			    finding_subject(scene, finding, arena));
}

static void add_verdict(const struct scene *scene, struct page *page)
{
	enum overall overall = findings_overall(scene->findings, NULL);
	const struct finding *finding = verdict_logged_first(scene);

	page_indent(page, 1, 3);
	if (finding && overall != OVERALL_BLOCKED) {
		page_marked(page, MARK_BAD, ROLE_BAD,
			    refusal(scene, finding, page->arena));
		add_cause(scene, finding, page);
		return;
	}
	finding = NULL;
	switch (overall) {
	case OVERALL_BLOCKED:
		page_marked(page, MARK_BAD, ROLE_BAD,
			    _("No device can be passed through."));
		finding = verdict_machine_first(scene, SEVERITY_BLOCKER);
		break;
	case OVERALL_UNKNOWN:
		page_marked(page, MARK_UNKNOWN, ROLE_UNKNOWN,
			    _("Whether devices can be passed through cannot "
			      "be told from here."));
		finding = first_unknown(scene);
		break;
	case OVERALL_WARNINGS:
		page_marked(page, MARK_WARN, ROLE_WARN,
			    _("Devices can be passed through, with care."));
		finding = verdict_machine_first(scene, SEVERITY_WARNING);
		break;
	case OVERALL_READY:
		page_marked(page, MARK_GOOD, ROLE_GOOD,
			    _("Devices can be passed through."));
		break;
	}
	if (finding)
		add_cause(scene, finding, page);
	if (overall == OVERALL_READY || overall == OVERALL_WARNINGS)
		add_gpus(scene, page);
}

static void add_chain(const struct scene *scene, struct page *page)
{
	struct chain_link links[CHAIN_MAX];
	unsigned count = chain_make(scene, page->arena, links), widest = 0;

	page_gap(page);
	for (unsigned i = 0; i < count; i++)
		if (text_width(links[i].label) > widest)
			widest = text_width(links[i].label);
	bool narrow = page->width && page->width < 60;
	page_indent(page, 3, narrow ? 7 : 3 + 2 + widest + 2);
	for (unsigned i = 0; i < count; i++) {
		page->ref = links[i].view ?
			arena_printf(page->arena, VIEW_REF "%s",
				     links[i].view) : NULL;
		page_solid(page, sign_role(links[i].mark),
			   sign_of(links[i].mark));
		page_tab(page, 5);
		page_solid(page, ROLE_TEXT, links[i].label);
		/* Narrow: no room beside; only what is not well says why. */
		if (!narrow) {
			page_tab(page, page->hang);
			page_add(page, ROLE_DIM, links[i].proof);
		} else if (links[i].mark != MARK_GOOD) {
			page_end(page);
			page_indent(page, 7, 7);
			page_add(page, ROLE_DIM, links[i].proof);
			page_indent(page, 3, 7);
		}
		page_end(page);
	}
	page->ref = NULL;
}

/* The finding whose remedy comes first: the cause, else the worst. */
static const struct finding *to_mend(const struct scene *scene)
{
	const struct finding *finding =
		verdict_machine_first(scene, SEVERITY_BLOCKER);

	if (!finding)
		finding = verdict_logged_first(scene);
	if (!finding)
		finding = verdict_machine_first(scene, SEVERITY_WARNING);
	return finding;
}

static void add_remedy(const struct scene *scene, struct page *page)
{
	const struct finding *finding = to_mend(scene);

	if (!finding || !finding->remedy_count)
		return;
	page_gap(page);
	page_indent(page, 3, 3);
	page_title(page, _("What to do"));
	page_indent(page, 5, 5);
	finding_remedies(finding, page);
}

/* How many of each kind are listed here; the view of findings has all. */
static unsigned most_of(enum mark mark)
{
	return mark == MARK_BAD ? 12 : mark == MARK_WARN ? 8 : 3;
}

/* Everything else that deserves a word, worst first. */
static void add_rest(const struct scene *scene, struct page *page,
		     enum mark wanted)
{
	const struct finding *told = to_mend(scene);
	unsigned more = 0, left = most_of(wanted);

	page_indent(page, 3, 5);
	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		if (finding == told || finding->under || finding->aside ||
		    verdict_mark(finding) != wanted)
			continue;
		if (left) {
			finding_line(scene, finding, page);
			left--;
		} else {
			more++;
		}
	}
	if (!more)
		return;
	page_tab(page, 5);
	page_printf(page, ROLE_DIM, P_("and %u more: 8 lists all",
				       "and %u more: 8 lists all", more),
		    more);
	page_end(page);
}

static void add_counts(const struct scene *scene, struct page *page)
{
	const struct {
		enum mark mark;
		unsigned count;
		const char *one, *many;
	} counts[] = {
		{ MARK_BAD, verdict_count(scene, SEVERITY_BLOCKER),
		  N_("blocker"), N_("blockers") },
		{ MARK_WARN, verdict_count(scene, SEVERITY_WARNING),
		  N_("warning"), N_("warnings") },
		{ MARK_UNKNOWN, verdict_count_unknown(scene),
		  N_("cannot tell"), N_("cannot tell") },
		{ MARK_NOTE, verdict_count(scene, SEVERITY_INFO), N_("note"),
		  N_("notes") },
	};

	page_gap(page);
	page_indent(page, 3, 3);
	page_solid(page, ROLE_TITLE, _("All findings"));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		if (!counts[i].count)
			continue;
		page_solid(page, ROLE_TEXT, "   ");
		page_solid(page, sign_role(counts[i].mark),
			   sign_of(counts[i].mark));
		page_solid(page, ROLE_TEXT,
			   arena_printf(page->arena, " %u %s",
					counts[i].count,
					P_(counts[i].one, counts[i].many,
					   counts[i].count)));
	}
	page_end(page);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		add_rest(scene, page, counts[i].mark);
}

/* Reading would have woken them. */
static void add_sleepers(const struct system *system, struct page *page)
{
	unsigned count = 0;

	for (unsigned i = 0; i < system->device_count; i++)
		count += system->devices[i].asleep;
	if (!count)
		return;
	page_printf(page, ROLE_DIM,
		    P_("%u device sleeps and was not read in full.",
		       "%u devices sleep and were not read in full.", count),
		    count);
	if (system->origin.kind == ORIGIN_LIVE)
		page_add(page, ROLE_DIM, _("  w wakes one and reads it."));
	page_end(page);
}

/* Whose eyes saw this, and when: what is missing may be there. */
static void add_origin(const struct system *system, struct page *page)
{
	const struct origin *origin = &system->origin;

	page_gap(page);
	page_indent(page, 3, 3);
	if (origin->kind != ORIGIN_LIVE) {
		page_printf(page, ROLE_DIM, _("Read from %s"), origin->path);
		if (origin->time && *origin->time)
			page_printf(page, ROLE_DIM, _(", made %s"),
				    origin->time);
		page_add(page, ROLE_DIM, origin->complete ? "." :
			 _("; it does not hold everything."));
		page_end(page);
	}
	if (system->devices_logged) {
		page_add(page, ROLE_DIM, system->devices_known == KNOWN ?
			 _("The kernel log alone tells of devices.") :
			 _("The kernel log alone tells of devices, and maybe "
			   "not of all."));
		page_end(page);
	}
	if (!system->host.root) {
		page_add(page, ROLE_DIM,
			 _("Read without root's rights: what needs them is "
			   "marked ?."));
		page_end(page);
	}
	add_sleepers(system, page);
}

static void build(const struct scene *scene, struct page *page)
{
	add_verdict(scene, page);
	add_chain(scene, page);
	add_remedy(scene, page);
	add_counts(scene, page);
	add_origin(scene->system, page);
}

const struct view view_summary = {
	.id = "summary", .title = N_("Summary"), .digit = '1', .page = build,
};
