// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words of the kernel command line, compared as the kernel compares them: by
 * their beginnings, in order, dashes and underscores alike.  What follows
 * from a word is the rules' matter.
 *
 * Sources: init/main.c, obsolete_checksetup(); kernel/params.c, parameqn();
 * drivers/iommu/intel/iommu.c, intel_iommu_setup(); drivers/iommu/
 * irq_remapping.c, setup_irqremap(); arch/x86/kernel/acpi/boot.c,
 * parse_acpi().  The list of unknown words: init/main.c,
 * print_unknown_bootoptions(), since 5.14.
 */
#include "rule/clue_part.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

bool clue_is_named(const struct parameter *parameter, const char *name)
{
	size_t len = strlen(name);

	return strlen(parameter->name) == len &&
	       text_same_dashed(parameter->name, name, len);
}

/* Step to the next comma-separated word; NULL at the end. */
static const char *next_word(const char *word)
{
	word = strchr(word, ',');
	return word ? word + 1 : NULL;
}

bool clue_has_word(const char *value, const char *word)
{
	for (const char *at = value; at; at = next_word(at))
		if (text_starts(at, word))
			return true;
	return false;
}

char *clue_without_word(struct arena *arena, const char *value,
			const char *word)
{
	struct buf rest = {0};

	for (const char *at = value; at; at = next_word(at))
		if (!text_starts(at, word))
			buf_printf(&rest, "%s%.*s", rest.len ? "," : "",
				   (int)strcspn(at, ","), at);
	char *copy = arena_text(arena, buf_str(&rest));
	buf_free(&rest);
	return copy;
}

static enum known unread(const struct host *host)
{
	return host->cmdline.known == ABSENT ? UNREAD : host->cmdline.known;
}

enum known clue_parameter(const struct system *system, const char *name,
			  const char *word)
{
	const struct host *host = &system->host;

	if (host->cmdline.known != KNOWN)
		return unread(host);
	for (unsigned i = 0; i < host->parameter_count; i++) {
		if (clue_is_named(&host->parameters[i], name) &&
		    clue_has_word(host->parameters[i].value, word))
			return KNOWN;
	}
	return ABSENT;
}

enum known clue_switch(const struct system *system, const char *name)
{
	const struct host *host = &system->host;
	enum known on = UNREAD;

	for (unsigned i = 0; i < host->parameter_count; i++) {
		if (!clue_is_named(&host->parameters[i], name))
			continue;
		for (const char *at = host->parameters[i].value; at;
		     at = next_word(at)) {
			if (text_starts(at, "on"))
				on = KNOWN;
			else if (text_starts(at, "off"))
				on = ABSENT;
		}
	}
	return on;
}

const char clue_unknown_words[] = "Unknown kernel command line parameters \"";

/* Whether a log line lists a word of the command line by that name. */
static bool is_listed(const struct system *system, const char *line,
		      const char *name)
{
	const struct host *host = &system->host;

	for (unsigned i = 0; i < host->parameter_count; i++) {
		const char *word = host->parameters[i].name;
		const char *at = clue_is_named(&host->parameters[i], name) ?
					 strstr(line, word) : NULL;
		if (at && strchr(" \"", at[-1]) && at[strlen(word)] == '=')
			return true;
	}
	return false;
}

enum known clue_taken(const struct system *system, const char *name,
		      const char *const *echoes)
{
	const char *line;

	if (clue_parameter(system, name, "") != KNOWN)
		return UNREAD;
	if (clue_logged(system, clue_unknown_words, &line) == KNOWN &&
	    is_listed(system, line, name))
		return ABSENT;
	if (!echoes || clue_switch(system, name) == UNREAD)
		return UNREAD;
	return clue_logged_any(system, echoes, NULL);
}

bool clue_acpi_off(const struct system *system)
{
	const struct host *host = &system->host;
	bool off = false;

	for (unsigned i = 0; i < host->parameter_count; i++) {
		const struct parameter *each = &host->parameters[i];
		if (!clue_is_named(each, "acpi") || !each->value)
			continue;
		if (strcmp(each->value, "off") == 0)
			off = true;
		else if (strcmp(each->value, "force") == 0)
			off = false;
	}
	return off && !host->table_count;
}
