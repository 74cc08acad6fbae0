// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Topics, walks, the kernel's configuration and log as JSON.  What each field means is in the manual.
 */
#include "cli/json.h"

#include "base/i18n.h"
#include "rule/line.h"
#include "view/symbol.h"
#include "view/topic.h"
#include "view/walk.h"

json_t *json_topics(void)
{
	json_t *list = json_array();

	for (const struct topic *topic = topics; topic->id; topic++)
		json_array_append_new(list, json_pack(
			"{s:s, s:s}", "id", topic->id, "question",
			_(topic->question)));
	return json_pack("{s:i, s:o}", "schema", 1, "topics", list);
}

json_t *json_topic(const struct scene *scene, const struct topic *topic)
{
	struct arena arena = {0};
	json_t *text = json_array();
	const char *here = topic_here(topic, scene, &arena);

	for (const char *const *each = topic->text; *each; each++)
		json_array_append_new(text, json_string(_(*each)));
	json_t *whole = json_pack(
		"{s:i, s:{s:s, s:s, s:o, s:o}}", "schema", 1, "topic", "id",
		topic->id, "question", _(topic->question), "text", text,
		"here", here ? json_string(here) : json_null());
	arena_free(&arena);
	return whole;
}

static json_t *step_entry(const struct system *system,
			  const struct topo_step *step)
{
	struct arena arena = {0};
	json_t *entry = json_pack(
		"{s:o, s:o, s:s, s:s, s:o, s:b}", "address",
		json_address(system, step->device), "isolated",
		step->known == KNOWN ? json_boolean(step->isolated) :
				       json_null(),
		"acs", walk_word(step->why), "why", walk_reason(step, &arena),
		"missing", step->missing ?
			json_string(walk_bits(step->missing, &arena)) :
			json_null(),
		"same_group", step->same_group);

	arena_free(&arena);
	return entry;
}

json_t *json_walk(const struct scene *scene, int device)
{
	struct topo_step steps[WALK_STEPS];
	unsigned count = topo_walk(scene->system, device, steps,
				   WALK_STEPS);
	json_t *list = json_array();

	for (unsigned i = 0; i < count; i++)
		json_array_append_new(list,
				      step_entry(scene->system, &steps[i]));
	return list;
}

json_t *json_config(const struct scene *scene)
{
	const struct kconfig *config = &scene->system->host.kconfig;
	const char *part = "";
	json_t *list = json_array();

	for (const struct symbol_use *use = symbol_uses; use->part || use->use;
	     use++) {
		char value[2] = { symbol_value(config, use->symbol), '\0' };
		if (use->part) {
			part = use->part;
			continue;
		}
		json_array_append_new(list, json_pack(
			"{s:s, s:o, s:s, s:s, s:o}", "symbol",
			symbol_name(use->symbol), "value",
			config->known == KNOWN ? json_string(value) :
						 json_null(),
			"part", _(part), "use", _(use->use), "rule",
			*use->rule ? json_string(use->rule) : json_null()));
	}
	return json_pack("{s:i, s:o, s:o}", "schema", 1, "source",
			 config->known == KNOWN ? json_string(config->source) :
						  json_null(),
			 "symbols", list);
}

static const char *tone_word(enum line_tone tone)
{
	static const char *const words[] = {
		[LINE_GOOD] = "good", [LINE_NOTE] = "note",
		[LINE_WARN] = "warning", [LINE_BAD] = "bad",
	};

	return words[tone];
}

static json_t *line_entry(const struct system *system, size_t index,
			  const struct line_kind *kind)
{
	const struct log_line *line = &system->host.log.lines[index];

	return json_pack(
		"{s:I, s:o, s:s, s:s, s:s, s:o, s:o, s:b}", "line",
		(json_int_t)index, "seconds",
		line->usec ? json_real((double)line->usec / 1e6) : json_null(),
		"text", line->text, "says", _(kind->says), "tone",
		tone_word(kind->tone), "rule",
		*kind->rule ? json_string(kind->rule) : json_null(), "device",
		json_address(system, line_device(system, line->text)),
		"fault", kind->many == LINE_FAULT);
}

json_t *json_log(const struct scene *scene)
{
	const struct log *log = &scene->system->host.log;
	json_t *list = json_array();

	for (size_t i = 0; log->known == KNOWN && i < log->count; i++) {
		const struct line_kind *kind = line_kind_of(log->lines[i].text);
		if (kind)
			json_array_append_new(list, line_entry(scene->system,
							       i, kind));
	}
	return json_pack("{s:i, s:o, s:o, s:o}", "schema", 1, "source",
			 log->known == KNOWN && log->source ?
				 json_string(log->source) : json_null(),
			 "complete", log->known == KNOWN ?
				 json_boolean(log->complete) : json_null(),
			 "lines", log->known == KNOWN ? list :
				 (json_decref(list), json_null()));
}
