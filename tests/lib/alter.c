// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Machines altered by words.  A small table-driven language for tests; what
 * a machine is, it takes from the model.  The words stand in alter_*.c, by
 * what they are about.
 */
#include "alter_part.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum known edit_state(const char *value)
{
	return strcmp(value, "?") == 0 ? DENIED :
	       strcmp(value, "-") == 0 ? ABSENT : KNOWN;
}

int64_t edit_number(const char *value)
{
	return strtoll(value, NULL, 0);
}

struct device *edit_target(const struct edit *edit, unsigned word)
{
	struct bdf address;

	if (!bdf_parse(edit->words[word], &address))
		err_die("no address: %s", edit->words[word]);
	int at = system_device(edit->system, address);
	if (at == NONE)
		err_die("no such device: %s", edit->words[word]);
	return &edit->system->devices[at];
}

int edit_device(const struct edit *edit, unsigned word)
{
	return (int)(edit_target(edit, word) - edit->system->devices);
}

struct fact_text edit_text(const struct edit *edit, unsigned word)
{
	const char *value = word < edit->count ? edit->words[word] : "-";

	return (struct fact_text){ edit_state(value),
				   edit_state(value) == KNOWN ? value : "" };
}

/* The words there are, by what they are about. */
static const struct edit_row *const tables[] = {
	alter_fields, alter_host, alter_desk, alter_parts, alter_taken,
	alter_use,
};

static const struct edit_row *row_of(const char *word)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const struct edit_row *row = tables[i]; row->word; row++)
			if (strcmp(word, row->word) == 0)
				return row;
	return NULL;
}

static void run(const struct edit *edit)
{
	const struct edit_row *row = row_of(edit->words[0]);

	if (!row)
		err_die("no such edit: %s", edit->words[0]);
	if (edit->count < row->words)
		err_die("too few words: %s", edit->rest[0]);
	row->edit(edit);
}

/* Cut a text at blanks, keeping what follows each word whole. */
static void split(struct edit *edit, const char *text)
{
	struct arena *arena = edit->system->arena;

	edit->count = 0;
	for (unsigned i = 0; i < WORDS; i++)
		edit->words[i] = edit->rest[i] = "";
	while (*text && edit->count < WORDS) {
		size_t len = strcspn(text, " ");
		edit->words[edit->count] = arena_copy(arena, text, len);
		text += len;
		text += strspn(text, " ");
		edit->rest[edit->count++] = text;
	}
}

void alter(struct system *system, const char *edits)
{
	struct edit edit = { .system = system };

	while (*edits) {
		edits += strspn(edits, " ");
		size_t len = strcspn(edits, ";");
		split(&edit, arena_copy(system->arena, edits, len));
		if (edit.count)
			run(&edit);
		edits += len + (edits[len] == ';');
	}
}

static void deny(enum known *known)
{
	if (*known == KNOWN)
		*known = DENIED;
}

static const struct config *cut_config(struct arena *arena,
				       const struct config *whole)
{
	struct config *cut = arena_alloc(arena, sizeof *cut);

	if (whole->header != KNOWN)
		return whole;
	*cut = (struct config){
		.header = KNOWN, .caps = SHORT, .ecaps = SHORT, .bytes = 64,
		.vendor = whole->vendor, .device = whole->device,
		.command = whole->command, .status = whole->status,
		.header_type = whole->header_type,
		.multifunction = whole->multifunction,
		.primary = whole->primary, .secondary = whole->secondary,
		.subordinate = whole->subordinate,
		.interrupt_pin = whole->interrupt_pin,
	};
	return cut;
}

static void deny_tables(struct system *system)
{
	struct host *host = &system->host;
	struct acpi_name *names = arena_array(
		system->arena, host->table_count + 1u, sizeof *names);

	for (unsigned i = 0; i < host->table_count; i++)
		names[i] = (struct acpi_name){ host->tables[i].name, DENIED };
	host->tables = names;
	deny(&host->dmar.known);
	deny(&host->ivrs.known);
	deny(&host->viot.known);
	deny(&host->iort.known);
}

struct system *altered(struct arena *arena, const struct made_device *table,
		       const char *edits)
{
	struct system *system =
		(struct system *)(uintptr_t)made_machine(arena, table);

	alter(system, edits);
	return system;
}

void alter_rights(struct system *system)
{
	struct host *host = &system->host;

	for (unsigned i = 0; i < system->device_count; i++)
		system->devices[i].config = cut_config(
			system->arena, system->devices[i].config);
	deny_tables(system);
	host->log = (struct log){ .known = DENIED };
	host->logged_unit_count = 0;
	host->root = false;
	host->capabilities = (struct fact_num){ KNOWN, 0 };
	host->switcheroo_known = DENIED;
	host->switcheroo_count = 0;
	system->iomem_known = DENIED;
	system->bootfb_count = 0;
	system->usage.holders_known = DENIED;
	system->usage.holder_count = 0;
}
