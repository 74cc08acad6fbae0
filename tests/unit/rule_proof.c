// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looks up evidence on a made machine.  Whether the sources are really read is
 * the matter of test_source_proof, which has the readers.
 */
#include "unit/rule_proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const sources[] = {
#define SOURCE(path) path,
#include "unit/rule_sources.def"
#undef SOURCE
};
enum { SOURCES = sizeof sources / sizeof *sources };

static bool used[SOURCES];

static bool is_read(const char *path)
{
	for (unsigned i = 0; i < SOURCES; i++)
		if (fnmatch(sources[i], path, FNM_PATHNAME) == 0)
			return used[i] = true;
	return false;
}

/* A folder in which sources are. */
static bool holds_sources(const char *path)
{
	size_t len = strlen(path);

	for (unsigned i = 0; i < SOURCES; i++)
		if (strncmp(sources[i], path, len) == 0 &&
		    sources[i][len] == '/')
			return true;
	return false;
}

/* --- parts of the machine --- */

static bool has_device(const struct system *system, const char *name)
{
	struct bdf address;

	return bdf_parse(name, &address) &&
	       system_device(system, address) != NONE;
}

static bool has_group(const struct system *system, const char *name)
{
	for (unsigned i = 0; i < system->group_count; i++)
		if (system->groups[i].number == strtoul(name, NULL, 10))
			return true;
	return false;
}

static bool has_unit(const struct system *system, const char *name)
{
	for (unsigned i = 0; i < system->unit_count; i++)
		if (strcmp(system->units[i].name, name) == 0)
			return true;
	return false;
}

static bool has_table(const struct system *system, const char *name)
{
	return system_has_table(system, name) == KNOWN;
}

static bool has_driver(const struct system *system, const char *name)
{
	for (unsigned i = 0; i < system->driver_count; i++)
		if (strcmp(system->drivers[i].name, name) == 0)
			return true;
	return false;
}

static bool has_interface(const struct system *system, const char *name)
{
	for (unsigned i = 0; i < system->usage.interface_count; i++)
		if (strcmp(system->usage.interfaces[i].name, name) == 0)
			return true;
	return false;
}

static const struct {
	const char *folder;
	bool (*has)(const struct system *system, const char *name);
} parts[] = {
	{ "/sys/bus/pci/devices/", has_device },
	{ "/sys/kernel/iommu_groups/", has_group },
	{ "/sys/class/iommu/", has_unit },
	{ "/sys/firmware/acpi/tables/", has_table },
	{ "/sys/bus/pci/drivers/", has_driver },
	{ "/sys/class/net/", has_interface },
};

static bool is_there(const struct system *system, const char *path)
{
	char name[64];

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (!text_starts(path, parts[i].folder))
			continue;
		path += strlen(parts[i].folder);
		size_t len = strcspn(path, "/");
		if (len >= sizeof name)
			return false;
		memcpy(name, path, len);
		name[len] = '\0';
		return strcmp(name, "*") == 0 || parts[i].has(system, name);
	}
	return true;
}

/* --- findings --- */

static bool shows_lack(const char *value)
{
	return text_starts(value, "(absent)") || text_starts(value, "(no ");
}

/* The log is no file; but it must be there. */
static bool is_log(const struct system *system, const char *source)
{
	return strcmp(source, "kernel log") == 0 &&
	       system->host.log.known == KNOWN;
}

/* The first source that could not be looked up, or NULL. */
static const char *unfounded(const struct finding *finding,
			    const struct system *system)
{
	for (unsigned i = 0; i < finding->evidence_count; i++) {
		const struct evidence *each = &finding->evidence[i];
		if (is_log(system, each->source))
			continue;
		if (!is_read(each->source) ||
		    (!shows_lack(each->value) &&
		     !is_there(system, each->source)))
			return each->source;
	}
	return NULL;
}

/* An attribute named alone: the last name of a source. */
static bool is_attribute(const char *name)
{
	for (unsigned i = 0; i < SOURCES; i++)
		if (strcmp(strrchr(sources[i], '/') + 1, name) == 0)
			return true;
	return false;
}

static bool is_source(const char *text, const struct system *system)
{
	if (*text == '/')
		return (is_read(text) || holds_sources(text)) &&
		       is_there(system, text);
	/* Words, or a variable of the environment. */
	return strchr(text, ' ') || strcmp(text, "SSH_CONNECTION") == 0 ||
	       is_attribute(text);
}

static bool names_source(const struct finding *finding, const struct system *system)
{
	const char *end = strstr(finding->because, ": ");
	char source[256];

	if (!end || !end[2] || end - finding->because >= (int)sizeof source)
		return false;
	memcpy(source, finding->because, (size_t)(end - finding->because));
	source[end - finding->because] = '\0';
	return is_source(source, system);
}

static bool sees_sources(const char *sees)
{
	char path[256];

	for (const char *at = sees; (at = strchr(at, '/'));
	     at += strcspn(at, ",: ")) {
		size_t len = strcspn(at, ",: ");
		if (len >= sizeof path)
			return false;
		memcpy(path, at, len);
		path[len] = '\0';
		if (!is_read(path) && !holds_sources(path))
			return false;
	}
	return true;
}

unsigned proof_count_wrong(const struct findings *findings, const char *edits)
{
	unsigned count = 0;

	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *each = &findings->items[i];
		const char *source = unfounded(each, findings->system);
		if (!source && (each->verdict != VERDICT_CANNOT_TELL ||
				names_source(each, findings->system)))
			continue;
		print_error("%s, with \"%s\": nobody finds \"%s\"\n",
			    each->rule, edits, source ? source : each->because);
		count++;
	}
	return count;
}

unsigned proof_count_unseen(const struct rule *rules)
{
	unsigned count = 0;

	for (; rules->id; rules++) {
		if (sees_sources(rules->sees))
			continue;
		print_error("%s sees what nobody reads: %s\n", rules->id,
			    rules->sees);
		count++;
	}
	return count;
}

unsigned proof_count_unused(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < SOURCES; i++) {
		if (used[i])
			continue;
		print_error("no rule shows %s\n", sources[i]);
		count++;
	}
	return count;
}
