// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Findings, rules and plans as JSON.  The first finding with verdict "fail"
 * is what the program believes to be the cause.
 */
#include "cli/json.h"

#include <string.h>

#include "base/i18n.h"
#include "model/topo.h"
#include "plan/past.h"
#include "rule/drift.h"
#include "rule/engine.h"

static const char *const severities[] = {
	[SEVERITY_INFO] = "info",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_BLOCKER] = "blocker",
};

static const char *const scopes[] = {
	[SCOPE_SYSTEM] = "system", [SCOPE_IOMMU] = "iommu",
	[SCOPE_GROUP] = "group", [SCOPE_DEVICE] = "device",
};

static const char *const verdicts[] = {
	[VERDICT_PASS] = "pass", [VERDICT_FAIL] = "fail",
	[VERDICT_CANNOT_TELL] = "cannot-tell", [VERDICT_NOT_HERE] = "not-here",
};

const char *overall_word(enum overall overall)
{
	static const char *const words[] = {
		[OVERALL_READY] = "ready", [OVERALL_WARNINGS] = "warnings",
		[OVERALL_BLOCKED] = "blocked", [OVERALL_UNKNOWN] = "unknown",
	};

	return words[overall];
}

static json_t *remedies_of(const struct finding *finding)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < finding->remedy_count; i++) {
		const struct remedy *remedy = &finding->remedies[i];
		json_t *commands = json_array();
		for (unsigned c = 0; c < remedy->command_count; c++)
			json_array_append_new(commands, json_string(
				remedy->commands[c]));
		json_array_append_new(list, json_pack(
			"{s:s, s:o}", "text", remedy->text, "commands",
			commands));
	}
	return list;
}

static json_t *finding_entry(const struct scene *scene,
			     const struct finding *finding)
{
	char subject[SUBJECT_TEXT];
	json_t *evidence = json_array();

	for (unsigned i = 0; i < finding->evidence_count; i++)
		json_array_append_new(evidence, json_pack(
			"{s:s, s:s}", "source", finding->evidence[i].source,
			"value", finding->evidence[i].value));
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s, "
		"s:s*}", "rule", finding->rule, "severity",
		severities[finding->severity], "verdict",
		verdicts[finding->verdict], "scope",
		scopes[finding->subject.scope], "subject",
		subject_print(scene->system, finding->subject, subject),
		"title", finding->title, "why", finding->why, "because",
		finding->because ? finding->because : "", "evidence",
		evidence, "remedy", remedies_of(finding), "reference",
		finding->reference, "under", finding->under);
}

json_t *json_origin(const struct system *system)
{
	static const char *const kinds[] = {
		[ORIGIN_LIVE] = "live", [ORIGIN_DIRECTORY] = "directory",
		[ORIGIN_CAPTURE] = "capture", [ORIGIN_DUMP] = "dump",
	};

	const struct origin *origin = &system->origin;
	return json_pack("{s:s, s:s, s:s, s:b}", "kind", kinds[origin->kind],
			 "path", origin->path, "time", origin->time,
			 "complete", origin->complete);
}

json_t *json_check(const struct scene *scene, enum overall overall,
		   bool (*keep)(const struct finding *finding, void *data),
		   void *data, bool all)
{
	const struct findings *findings = scene->findings;
	json_t *list = json_array();

	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		bool plain = !finding->under &&
			     finding->verdict != VERDICT_PASS;
		if ((plain || all) && (!keep || keep(finding, data)))
			json_array_append_new(list,
					      finding_entry(scene, finding));
	}
	return json_pack("{s:i, s:s, s:s, s:o, s:s, s:o}", "schema", 1,
			 "program", PACKAGE_NAME, "version", PACKAGE_VERSION,
			 "origin", json_origin(scene->system),
			 "verdict", overall_word(overall), "findings", list);
}

static json_t *rule_entry(const struct rule *rule)
{
	json_t *after = json_array(), *needs = json_array();

	for (const char *const *id = rule->after; id && *id; id++)
		json_array_append_new(after, json_string(*id));
	for (unsigned bit = 0; bit < 32; bit++)
		if (rule->needs >> bit & 1)
			json_array_append_new(needs, json_string(
				rule_need_source(1u << bit)));
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:o}", "rule",
		rule->id, "scope", scopes[rule->scope], "severity",
		severities[rule->severity], "title", _(rule->title), "well",
		_(rule->well), "why", _(rule->why), "sees",
		rule->sees ? _(rule->sees) : "", "needs", needs, "reference",
		rule->reference, "after", after);
}

json_t *json_rules(void)
{
	json_t *list = json_array();

	for (const struct rule *rule = rule_table(); rule->id; rule++)
		json_array_append_new(list, rule_entry(rule));
	return json_pack("{s:i, s:o}", "schema", 1, "rules", list);
}

json_t *json_rule(const char *id)
{
	const struct rule *rule = rule_find(id);

	return rule ? json_pack("{s:i, s:o}", "schema", 1, "rule",
				rule_entry(rule)) : NULL;
}

json_t *json_drift(const struct scene *scene)
{
	const struct system *system = scene->system;
	json_t *list = json_array();
	struct arena arena = {0};

	for (unsigned i = 0; i < system->device_count; i++) {
		if (topo_is_bridge(&system->devices[i]))
			continue;
		struct drift drift = drift_of(system, (int)i, &arena);
		bool sure = drift.now && drift.next;
		json_array_append_new(list, json_pack(
			"{s:o, s:s?, s:s?, s:o, s:s, s:s}", "address",
			json_address(system, (int)i), "now", drift.now,
			"next", drift.next, "same", sure ?
				json_boolean(strcmp(drift.now,
						    drift.next) == 0) :
				json_null(), "why", drift.why, "source",
			drift.source));
	}
	arena_free(&arena);
	return json_pack("{s:i, s:o}", "schema", 1, "drift", list);
}

json_t *json_history(const struct scene *scene)
{
	const struct pasts *pasts = scene->pasts;
	json_t *list = json_array();

	for (unsigned i = 0; pasts && i < pasts->count; i++) {
		const struct past *past = &pasts->items[i];
		json_array_append_new(list, json_pack(
			"{s:i, s:s, s:s, s:i, s:b, s:s*}", "number",
			(int)past->number, "time", past->time, "title",
			past->title, "outcome", past->outcome, "undone",
			past->undone, "session",
			*past->session ? past->session : NULL));
	}
	return json_pack("{s:i, s:o}", "schema", 1, "history", list);
}

json_t *json_plan(const struct scene *scene, const struct plan *plan)
{
	json_t *changes = json_array(), *gates = json_array();
	json_t *steps = json_array();
	struct arena arena = {0};

	for (unsigned i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[i];
		json_array_append_new(changes, json_pack(
			"{s:o, s:s, s:s?, s:b, s:b, s:s*, s:s*}", "address",
			json_address(scene->system, change->device), "from",
			change->from, "to", change->to, "named",
			change->named, "left", change->left, "why_left",
			change->left ? change->why_left : NULL, "note",
			change->note && *change->note ? change->note : NULL));
	}
	for (unsigned i = 0; i < plan->gate_count; i++) {
		const struct gate *gate = &plan->gates[i];
		json_array_append_new(gates, json_pack(
			"{s:s, s:s, s:b, s:o, s:s, s:s*, s:s*}", "rule",
			gate->id, "kind",
			gate->kind == GATE_HARD ? "hard" : "soft", "unknown",
			gate->unknown, "device",
			json_address(scene->system, gate->device), "text",
			gate->text, "source", gate->source, "value",
			gate->value));
	}
	for (unsigned i = 0; i < plan->step_count; i++)
		json_array_append_new(steps, json_pack(
			"{s:s, s:s, s:s, s:i}", "shell",
			shell_step(plan, i, &arena), "expects",
			shell_expect(plan, i, &arena), "why",
			plan->steps[i].why, "deadline",
			(int)plan->steps[i].deadline_s));
	struct losses losses = loss_of_plan(scene, plan, &arena);
	json_t *whole = json_pack(
		"{s:i, s:s, s:b, s:o, s:o, s:o, s:o}", "schema", 1, "title",
		plan->title, "refused", plan_is_refused(plan), "changes",
		changes, "gates", gates, "steps", steps, "loses",
		json_losses(scene->system, &losses));
	arena_free(&arena);
	return whole;
}
