// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine: it puts every rule to every subject and gathers what they
 * answer, cause first.  It knows no rule; the table is rules.def.
 */
#include "rule/engine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "rule/clue.h"

enum { AFTER_MAX = 24 };

/* All judgements of one system. */
struct run {
	struct judge judge;
	const struct rule *rules;
	unsigned rule_count;
	short (*after)[AFTER_MAX];	/* per rule: rows of after, -1 ends */
	bool *failed;			/* per rule: failed for the system */
	bool *failed_group;		/* per group and rule */
	bool *failed_here;		/* per rule: for the subject at hand */
	const char **unknown_title;	/* per rule, made when first wanted */
	const char **looked_at;		/* the same */
	struct arena growing;		/* of items, until all are there */
	struct finding *items;
	unsigned count;
	size_t room;
};

static int row_of(const struct rule *rules, const char *id)
{
	for (int i = 0; rules[i].id; i++)
		if (strcmp(rules[i].id, id) == 0)
			return i;
	return NONE;
}

const struct rule *rule_find(const char *id)
{
	const struct rule *rules = rule_table();
	int row = row_of(rules, id);

	return row == NONE ? NULL : &rules[row];
}

static enum known state_of(const struct system *system, struct subject subject,
			   enum need need)
{
	const struct device *device = subject.scope == SCOPE_DEVICE ?
				     &system->devices[subject.index] : NULL;
	const struct group *group = subject.scope == SCOPE_GROUP ?
				    &system->groups[subject.index] : NULL;
	const struct host *host = &system->host;

	switch (need) {
	case NEED_GROUPS: return system->groups_known;
	case NEED_UNITS: return system->units_known;
	case NEED_CMDLINE: return host->cmdline.known;
	case NEED_CPU: return host->cpu_vendor.known;
	case NEED_CPU_FLAGS: return host->cpu_flags.known;
	case NEED_TABLES: return host->tables_known;
	case NEED_KCONFIG: return host->kconfig.known == ABSENT ?
				  UNREAD : host->kconfig.known;
	case NEED_LOG: return host->log.known == KNOWN && !host->log.complete ?
			      SHORT : host->log.known;
	case NEED_INTERRUPTS: return host->interrupts_known;
	case NEED_DEVICES: return system->devices_known;
	case NEED_CAPS: return !device ? KNOWN :
			known_is_settled(device->config->caps) ?
			device->config->ecaps : device->config->caps;
	case NEED_MEMBERS: return group ? group->members_known : KNOWN;
	case NEED_RESERVED: return !group ? KNOWN :
			group->reserved_known == ABSENT ? UNREAD :
			group->reserved_known;
	case NEED_DRIVER: return device ? device->driver.known : KNOWN;
	case NEED_GROUP: return device ? device->group.known : KNOWN;
	case NEED_DISPLAY: return system->display_known;
	}
	return KNOWN;
}

static const struct {
	enum need need;
	const char *source;
} sources[] = {
	{ NEED_GROUPS, "/sys/kernel/iommu_groups" },
	{ NEED_UNITS, "/sys/class/iommu" },
	{ NEED_CMDLINE, "/proc/cmdline" },
	{ NEED_CPU, "/proc/cpuinfo" },
	{ NEED_CPU_FLAGS, "/proc/cpuinfo" },
	{ NEED_TABLES, "/sys/firmware/acpi/tables" },
	{ NEED_KCONFIG, N_("the kernel's configuration") },
	{ NEED_LOG, N_("the kernel log") },
	{ NEED_INTERRUPTS, "/proc/interrupts" },
	{ NEED_DEVICES, "/sys/bus/pci/devices" },
	{ NEED_CAPS, N_("its config space") },
	{ NEED_MEMBERS, N_("the members of the group") },
	{ NEED_RESERVED, "reserved_regions" },
	{ NEED_DRIVER, N_("its driver") },
	{ NEED_GROUP, "iommu_group" },
	{ NEED_DISPLAY, "/sys/class/drm" },
};

const char *rule_need_source(enum need need)
{
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
		if (sources[i].need == need)
			return _(sources[i].source);
	return "";
}

/* The first source that is wanting makes it a CANNOT_TELL. */
static bool lacks_source(struct judge *judge, unsigned needs)
{
	for (size_t i = 0; needs && i < sizeof sources / sizeof *sources; i++) {
		if (!(needs & sources[i].need))
			continue;
		enum known known = state_of(judge->system, judge->subject,
					    sources[i].need);
		if (known_is_settled(known))
			continue;
		if (sources[i].need == NEED_LOG)
			judge_unknown_log(judge);
		else
			judge_unknown(judge, _(sources[i].source), known);
		return true;
	}
	return false;
}

/* Rows are few and their order fixed, so ids are looked up once a run. */
static void resolve_after(struct run *run)
{
	for (unsigned i = 0; i < run->rule_count; i++) {
		const char *const *after = run->rules[i].after;
		unsigned count = 0;
		while (after && *after && count + 1 < AFTER_MAX) {
			int row = row_of(run->rules, *after++);
			if (row != NONE)
				run->after[i][count++] = (short)row;
		}
		run->after[i][count] = -1;
	}
}

/* Where the failures of the group of the subject stand, or NULL. */
static bool *group_row(const struct run *run, struct subject subject)
{
	int group = subject.scope == SCOPE_GROUP ? subject.index : NONE;

	if (subject.scope == SCOPE_DEVICE)
		group = run->judge.system->devices[subject.index].group_index;
	return group == NONE ? NULL :
			       run->failed_group +
				       (size_t)group * run->rule_count;
}

static const char *explained_by(const struct run *run, unsigned row,
				struct subject subject)
{
	const bool *group = group_row(run, subject);

	for (const short *after = run->after[row]; *after >= 0; after++)
		if (run->failed[*after] || run->failed_here[*after] ||
		    (group && group[*after]))
			return run->rules[*after].id;
	return NULL;
}

static const char *title_of(struct run *run, unsigned row, enum verdict verdict)
{
	const struct rule *rule = &run->rules[row];

	if (verdict == VERDICT_PASS)
		return _(rule->well);
	if (verdict == VERDICT_FAIL)
		return _(rule->title);
	if (!run->unknown_title[row])
		/* TRANSLATORS: %s is the title of a finding, such as "VT-d is
		 * off in the firmware"; it could not be found out. */
		run->unknown_title[row] = arena_printf(
			run->judge.arena, _("Not known whether: %s"),
			_(rule->title));
	return run->unknown_title[row];
}

/* The rule's own words hold only where it failed. */
static const char *why_of(struct run *run, unsigned row,
			  const struct finding *finding)
{
	const struct rule *rule = &run->rules[row];

	if (finding->verdict == VERDICT_FAIL)
		return finding->why ? finding->why : _(rule->why);
	if (!run->looked_at[row])
		/* TRANSLATORS: %s lists files and the like. */
		run->looked_at[row] = arena_printf(
			run->judge.arena, _("To be seen in: %s."),
			_(rule->sees));
	return run->looked_at[row];
}

static void *keep(struct arena *arena, const void *items, unsigned count,
		  size_t size)
{
	void *copy = count ? arena_array(arena, count, size) : NULL;

	if (copy)
		memcpy(copy, items, count * size);
	return copy;
}

static void note_failure(struct run *run, unsigned row)
{
	bool *group = group_row(run, run->judge.subject);

	if (run->judge.subject.scope == SCOPE_SYSTEM)
		run->failed[row] = true;
	else if (run->judge.subject.scope == SCOPE_GROUP)
		group[row] = true;
	else
		run->failed_here[row] = true;
}

static void judge_one(struct run *run, unsigned row)
{
	const struct rule *rule = &run->rules[row];
	struct judge *judge = &run->judge;
	struct finding finding = {
		.rule = rule->id, .severity = rule->severity,
		.subject = judge->subject, .because = "",
		.reference = rule->reference, .aside = rule->aside,
	};

	judge->rule = rule;
	judge->finding = &finding;
	finding.verdict = VERDICT_CANNOT_TELL;
	if (!lacks_source(judge, rule->needs))
		finding.verdict = rule->judge(judge);
	if (finding.verdict == VERDICT_NOT_HERE)
		return;
	if (!finding.title || finding.verdict != VERDICT_FAIL)
		finding.title = title_of(run, row, finding.verdict);
	finding.why = why_of(run, row, &finding);
	if (finding.verdict != VERDICT_FAIL)
		finding.remedy_count = 0;
	finding.evidence = keep(judge->arena, judge->evidence,
				finding.evidence_count,
				sizeof *judge->evidence);
	finding.remedies = keep(judge->arena, judge->remedies,
				finding.remedy_count,
				sizeof *judge->remedies);
	if (finding.verdict != VERDICT_PASS)
		finding.under = explained_by(run, row, judge->subject);
	if (finding.verdict == VERDICT_FAIL)
		note_failure(run, row);
	run->items = arena_grow(&run->growing, run->items, run->count,
				&run->room, sizeof *run->items);
	run->items[run->count++] = finding;
}

/* Put the rules of a scope, or those of them that stand aside, to each of
 * its subjects. */
static void judge_scope(struct run *run, enum scope scope, unsigned subjects,
			bool aside)
{
	unsigned *rows = arena_array(run->judge.arena, run->rule_count,
				     sizeof *rows);
	unsigned count = 0;

	for (unsigned i = 0; i < run->rule_count; i++)
		if (run->rules[i].scope == scope &&
		    run->rules[i].aside == aside)
			rows[count++] = i;
	for (unsigned at = 0; count && at < subjects; at++) {
		run->judge.subject = (struct subject){ scope, (int)at };
		memset(run->failed_here, 0,
		       run->rule_count * sizeof *run->failed_here);
		for (unsigned i = 0; i < count; i++)
			judge_one(run, rows[i]);
	}
}

/* What failed comes first, the graver before the slighter; among equals the
 * table's order stays, so that the first is the cause. */
static unsigned rank(const struct finding *finding)
{
	return finding->verdict == VERDICT_FAIL ?
		       (unsigned)(SEVERITY_BLOCKER - finding->severity) :
		       SEVERITY_BLOCKER + 1;
}

static void order_by_rank(struct run *run)
{
	struct finding *sorted =
		arena_array(&run->growing, run->count, sizeof *sorted);
	unsigned count = 0;

	for (unsigned want = 0; want <= SEVERITY_BLOCKER + 1; want++)
		for (unsigned i = 0; i < run->count; i++)
			if (rank(&run->items[i]) == want)
				sorted[count++] = run->items[i];
	if (count)
		memcpy(run->items, sorted, count * sizeof *sorted);
}

static void run_start(struct run *run, const struct system *system,
		      struct arena *arena, struct clues *clues)
{
	*run = (struct run){ .rules = rule_table() };
	while (run->rules[run->rule_count].id)
		run->rule_count++;
	unsigned count = run->rule_count;
	run->after = arena_array(arena, count, sizeof *run->after);
	run->failed = arena_array(arena, count, sizeof(bool));
	run->failed_here = arena_array(arena, count, sizeof(bool));
	run->failed_group = arena_array(
		arena, (size_t)count * system->group_count, sizeof(bool));
	run->unknown_title = arena_array(arena, count, sizeof(char *));
	run->looked_at = arena_array(arena, count, sizeof(char *));
	resolve_after(run);
	clues_gather(system, clues);
	run->judge.system = system;
	run->judge.clues = clues;
	run->judge.arena = arena;
}

const struct findings *rules_judge(const struct system *system,
				   struct arena *arena)
{
	struct findings *findings = arena_alloc(arena, sizeof *findings);
	struct clues clues;
	struct run run;

	run_start(&run, system, arena, &clues);
	judge_scope(&run, SCOPE_SYSTEM, 1, false);
	order_by_rank(&run);
	for (int aside = 0; aside < 2; aside++) {
		judge_scope(&run, SCOPE_IOMMU, system->unit_count, aside);
		judge_scope(&run, SCOPE_GROUP, system->group_count, aside);
		judge_scope(&run, SCOPE_DEVICE, system->device_count, aside);
	}
	*findings = (struct findings){
		keep(arena, run.items, run.count, sizeof *run.items),
		run.count, system,
	};
	arena_free(&run.growing);
	return findings;
}

static char *print_args(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static char *print_args(struct arena *arena, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	size_t size = len < 0 ? 1 : (size_t)len + 1;
	char *text = arena_alloc(arena, size);
	if (len >= 0)
		vsnprintf(text, size, format, args);
	return text;
}

void judge_evidence(struct judge *judge, const char *source,
		    const char *format, ...)
{
	struct finding *finding = judge->finding;
	va_list args;

	if (finding->evidence_count == JUDGE_EVIDENCE)
		return;
	va_start(args, format);
	judge->evidence[finding->evidence_count++] = (struct evidence){
		source, print_args(judge->arena, format, args),
	};
	va_end(args);
}

void judge_remedy(struct judge *judge, const char *const *commands,
		  const char *format, ...)
{
	struct finding *finding = judge->finding;
	unsigned count = 0;
	va_list args;

	if (finding->remedy_count == JUDGE_REMEDIES)
		return;
	while (commands && commands[count])
		count++;
	va_start(args, format);
	judge->remedies[finding->remedy_count++] = (struct remedy){
		.text = print_args(judge->arena, format, args),
		.commands = keep(judge->arena, commands, count,
				 sizeof *commands),
		.command_count = count,
	};
	va_end(args);
}

void judge_title(struct judge *judge, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	judge->finding->title = print_args(judge->arena, format, args);
	va_end(args);
}

void judge_why(struct judge *judge, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	judge->finding->why = print_args(judge->arena, format, args);
	va_end(args);
}

void judge_severity(struct judge *judge, enum severity severity)
{
	judge->finding->severity = severity;
}

enum verdict judge_unknown(struct judge *judge, const char *source,
			   enum known known)
{
	/* A settled source that does not settle the question: the capture
	 * or the kernel tells too little. */
	const char *why = known_why(known_is_settled(known) ? UNREAD : known);

	/* TRANSLATORS: a source and why it is wanting: "/proc/iomem: these
	 * rights do not reach it; needs root". */
	judge->finding->because =
		arena_printf(judge->arena, _("%s: %s"), source, why);
	return VERDICT_CANNOT_TELL;
}

enum verdict judge_unknown_log(struct judge *judge)
{
	const struct log *log = &judge->system->host.log;

	if (log->known == KNOWN && !log->complete) {
		judge->finding->because =
			_("the kernel log: it does not hold the whole start "
			  "of the machine; all of dmesg, taken soon after the "
			  "start, does");
		return VERDICT_CANNOT_TELL;
	}
	return judge_unknown(judge, _("the kernel log"), log->known);
}
