// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pages that explain: a rule, a topic, a subject with all its verdicts.  What
 * is known of a subject is its detail's; this adds the why.
 */
#include "view/explain.h"

#include <string.h>

#include "base/i18n.h"
#include "base/num.h"
#include "base/text.h"
#include "rule/line.h"
#include "view/detail.h"
#include "view/label.h"
#include "view/ref.h"
#include "view/topic.h"
#include "view/verdict.h"
#include "view/view_finding.h"
#include "view/walk.h"

enum { LABEL = 14, LINES_SHOWN = 8 };	/* columns of the labels */

/* --- a rule --- */

static const char *severity_text(enum severity severity)
{
	static const char *const texts[] = {
		[SEVERITY_INFO] = N_("note"),
		[SEVERITY_WARNING] = N_("warning"),
		[SEVERITY_BLOCKER] = N_("blocker"),
	};

	return _(texts[severity]);
}

static const char *scope_text(enum scope scope)
{
	static const char *const texts[] = {
		[SCOPE_SYSTEM] = N_("about the machine"),
		[SCOPE_IOMMU] = N_("about each IOMMU unit"),
		[SCOPE_GROUP] = N_("about each group"),
		[SCOPE_DEVICE] = N_("about each device"),
	};

	return _(texts[scope]);
}

/* The sources without which it cannot tell. */
static void add_needs(const struct rule *rule, struct page *page)
{
	struct buf text = {0};

	for (unsigned bit = 0; bit < 32; bit++)
		if (rule->needs >> bit & 1)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				   rule_need_source(1u << bit));
	if (text.len)
		page_pair(page, _("needs"), LABEL, ROLE_TEXT,
			  arena_text(page->arena, buf_str(&text)));
	buf_free(&text);
}

static void add_after(const struct rule *rule, struct page *page)
{
	for (const char *const *id = rule->after; id && *id; id++) {
		page->ref = arena_printf(page->arena, EXPLAIN_REF "%s", *id);
		page_pair(page, id == rule->after ? _("explained by") : "",
			  LABEL, ROLE_ADDRESS, *id);
		page->ref = NULL;
	}
}

/* One line each of what a rule said with this verdict; returns how many. */
static unsigned add_lines(const struct scene *scene, const struct rule *rule,
			  enum verdict verdict, struct page *page)
{
	const struct findings *findings = scene->findings;
	unsigned count = 0;

	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (strcmp(finding->rule, rule->id) != 0 ||
		    finding->verdict != verdict)
			continue;
		if (count++ < LINES_SHOWN)
			finding_line(scene, finding, page);
	}
	if (count > LINES_SHOWN) {
		page_printf(page, ROLE_DIM, P_("and %u more like it",
					       "and %u more like these",
					       count - LINES_SHOWN),
			    count - LINES_SHOWN);
		page_end(page);
	}
	return count;
}

/* Of what failed, the first in full: proof and remedy are alike. */
static void add_said(const struct scene *scene, const struct rule *rule,
		     struct page *page)
{
	const struct findings *findings = scene->findings;
	const struct finding *first = NULL;
	unsigned said = 0;

	for (unsigned i = 0; i < findings->count && !first; i++)
		if (strcmp(findings->items[i].rule, rule->id) == 0 &&
		    findings->items[i].verdict == VERDICT_FAIL)
			first = &findings->items[i];
	if (first)
		finding_page(scene, first, page);
	if (first && first->under) {
		page->ref = arena_printf(page->arena, EXPLAIN_REF "%s",
					 first->under);
		page_marked(page, MARK_NOTE, ROLE_TEXT,
			    arena_printf(page->arena, _("It follows from %s."),
					 first->under));
		page->ref = NULL;
	}
	page_gap(page);
	if (rule->scope != SCOPE_SYSTEM || !first) {
		said += add_lines(scene, rule, VERDICT_FAIL, page);
		said += add_lines(scene, rule, VERDICT_CANNOT_TELL, page);
		said += add_lines(scene, rule, VERDICT_PASS, page);
	}
	if (!said && !first) {
		page_add(page, ROLE_DIM,
			 _("Nothing: what it asks about is not here."));
		page_end(page);
	}
}

void explain_rule(const struct scene *scene, const struct rule *rule,
		  struct page *page)
{
	page_printf(page, ROLE_TITLE, "%s", rule->id);
	page_printf(page, ROLE_DIM, _("  %s, %s"),
		    severity_text(rule->severity), scope_text(rule->scope));
	page_end(page);
	page_gap(page);
	page_pair(page, _("fails when"), LABEL, ROLE_TEXT, _(rule->title));
	page_pair(page, _("passes when"), LABEL, ROLE_TEXT, _(rule->well));
	if (rule->sees && *rule->sees)
		page_pair(page, _("looks at"), LABEL, ROLE_TEXT,
			  _(rule->sees));
	add_needs(rule, page);
	page_gap(page);
	page_add(page, ROLE_TEXT, _(rule->why));
	page_end(page);
	page_gap(page);
	add_after(rule, page);
	if (*rule->reference)
		page_pair(page, _("read"), LABEL, ROLE_DIM,
			  arena_printf(page->arena, "Documentation/%s",
				       rule->reference));
	page_gap(page);
	page_title(page, _("On this machine"));
	add_said(scene, rule, page);
}

/* --- a subject --- */

static bool add_verdicts(const struct scene *scene, struct subject subject,
			 struct page *page, enum verdict verdict,
			 const char *title)
{
	const struct findings *findings = scene->findings;
	bool any = false;

	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->verdict != verdict ||
		    !findings_concern(findings, finding, subject))
			continue;
		/* What passed about the machine is told of the machine; what
		 * did not about the subject itself stands above. */
		if (verdict == VERDICT_PASS ?
			    finding->subject.scope == SCOPE_SYSTEM :
			    !finding->under && subject_is_same(
						finding->subject, subject))
			continue;
		if (!any) {
			page_gap(page);
			page_title(page, title);
		}
		any = true;
		finding_line(scene, finding, page);
	}
	return any;
}

/* Remedies of what failed about the subject itself. */
static void add_remedies(const struct scene *scene, struct subject subject,
			 struct page *page)
{
	bool any = false;

	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		if (finding->verdict != VERDICT_FAIL || finding->under ||
		    !finding->remedy_count ||
		    !subject_is_same(finding->subject, subject))
			continue;
		if (!any) {
			page_gap(page);
			page_title(page, _("What to do"));
		}
		any = true;
		finding_remedies(finding, page);
	}
}

static void add_subject(const struct scene *scene, struct subject subject,
			struct page *page)
{
	if (subject.scope == SCOPE_DEVICE)
		detail_device(scene, subject.index, page);
	else if (subject.scope == SCOPE_GROUP)
		detail_group(scene, subject.index, page);
	else if (subject.scope == SCOPE_IOMMU)
		detail_unit(scene, subject.index, page);
	if (subject.scope == SCOPE_GROUP)
		walk_page(scene, subject.index, page);
	add_remedies(scene, subject, page);
	add_verdicts(scene, subject, page, VERDICT_FAIL, _("Said of the machine, its unit and group"));
	add_verdicts(scene, subject, page, VERDICT_CANNOT_TELL,
		     _("Not to be told"));
	add_verdicts(scene, subject, page, VERDICT_PASS, _("What is well"));
}

/* A device's group has more to say than it. */
static void add_further(const struct scene *scene, struct subject subject,
			struct page *page)
{
	if (subject.scope != SCOPE_DEVICE ||
	    scene->system->devices[subject.index].group_index == NONE)
		return;
	const char *word = arena_printf(
		page->arena, "explain group:%lld",
		(long long)scene->system->devices[subject.index].group.value);
	page_gap(page);
	page->ref = arena_printf(page->arena, EXPLAIN_REF "%s",
				 word + strlen("explain "));
	page_pair(page, _("More"), 6, ROLE_DIM, word);
	page->ref = NULL;
}

/* --- a line of the log --- */

static const char line_word[] = "line:";

static const struct log_line *find_line(const struct scene *scene,
					const char *word)
{
	const struct log *log = &scene->system->host.log;
	uint64_t index;

	if (!text_starts(word, line_word) ||
	    !num_parse(word + strlen(line_word), 10, &index) ||
	    log->known != KNOWN || index >= log->count)
		return NULL;
	return &log->lines[index];
}

static void add_line(const struct scene *scene, const struct log_line *line,
		     struct page *page)
{
	const struct line_kind *kind = line_kind_of(line->text);
	int device = line_device(scene->system, line->text);
	const struct rule *rule = kind ? rule_find(kind->rule) : NULL;

	page_add(page, ROLE_TEXT, line->text);
	page_end(page);
	page_gap(page);
	if (kind)
		page_pair(page, _("it says"), LABEL, ROLE_TEXT,
			  _(kind->says));
	page_pair(page, _("in"), LABEL, ROLE_DIM,
		  scene->system->host.log.source);
	if (device != NONE) {
		struct subject subject = { SCOPE_DEVICE, device };
		char ref[REF_TEXT];
		page->ref = arena_text(page->arena,
				       ref_print(scene->system, subject, NULL,
						 ref));
		page_pair(page, _("device"), LABEL, ROLE_TEXT,
			  label_device(scene, device, page->arena));
		page->ref = NULL;
	}
	page_gap(page);
	if (!rule)
		return;
	page_title(page, _("The rule it speaks to"));
	explain_rule(scene, rule, page);
}

/* --- a unit that is not at work --- */

static const struct unit *find_unit(const struct scene *scene,
				    const char *word)
{
	static const char prefix[] = "iommu:";
	const struct host *host = &scene->system->host;

	for (unsigned i = 0; i < host->logged_unit_count; i++)
		if (text_starts(word, prefix) &&
		    strcmp(host->logged_units[i].name,
			   word + strlen(prefix)) == 0)
			return &host->logged_units[i];
	return NULL;
}

/* --- any word --- */

static bool find_subject(const struct scene *scene, const char *word,
			 struct subject *subject)
{
	const struct finding *finding;
	struct bdf address;
	char ref[BDF_TEXT];

	if (bdf_parse(word, &address))
		word = bdf_print(address, ref);
	return ref_find(scene, word, subject, &finding) && !finding &&
	       subject->scope != SCOPE_SYSTEM;
}

bool explain_knows(const struct scene *scene, const char *word)
{
	struct subject subject;

	return strcmp(word, "topics") == 0 || topic_find(word) ||
	       rule_find(word) || find_line(scene, word) ||
	       find_subject(scene, word, &subject) || find_unit(scene, word);
}

bool explain_page(const struct scene *scene, const char *word,
		  struct page *page)
{
	const struct topic *topic = topic_find(word);
	const struct rule *rule = rule_find(word);
	struct subject subject;

	if (topic) {
		topic_page(scene, topic, page);
	} else if (rule) {
		explain_rule(scene, rule, page);
	} else if (find_line(scene, word)) {
		add_line(scene, find_line(scene, word), page);
	} else if (strcmp(word, "topics") == 0) {
		topic_list(page);
	} else if (find_subject(scene, word, &subject)) {
		add_subject(scene, subject, page);
		add_further(scene, subject, page);
	} else if (find_unit(scene, word)) {
		detail_logged_unit(scene, find_unit(scene, word), page);
	} else {
		return false;
	}
	return true;
}

bool explain_open(const struct scene *scene, const char *ref,
		  struct page *page)
{
	return (text_starts(ref, EXPLAIN_REF) &&
		explain_page(scene, ref + strlen(EXPLAIN_REF), page)) ||
	       detail_page(scene, ref, page);
}

const char *const *explain_words(struct arena *arena)
{
	size_t count = 0, at = 0;

	for (const struct topic *topic = topics; topic->id; topic++)
		count++;
	for (const struct rule *rule = rule_table(); rule->id; rule++)
		count++;
	const char **list = arena_array(arena, count + 2, sizeof *list);
	list[at++] = "topics";
	for (const struct topic *topic = topics; topic->id; topic++)
		list[at++] = topic->id;
	for (const struct rule *rule = rule_table(); rule->id; rule++)
		list[at++] = rule->id;
	return list;
}
