// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export: what other programs need to be told, as text, or as JSON around
 * it.  What it says is made by plan/export.
 */
#include "cli/report.h"

#include <stdio.h>

#include "base/i18n.h"
#include "cli/complain.h"
#include "cli/json.h"
#include "cli/subject.h"
#include "plan/export.h"

/* The devices that the words name, in arrays of the arena's. */
struct named {
	struct bdf *devices;
	unsigned count;
	const char **mdevs;
	unsigned mdev_count;
	size_t mdev_room;
};

/* Mediated devices are members of groups, and of nothing else. */
static void take_mdevs(const struct group *group, struct arena *arena,
		       struct named *named)
{
	for (unsigned i = 0; i < group->member_count; i++) {
		if (!export_is_mdev(group->members[i].name))
			continue;
		named->mdevs = arena_grow(arena, named->mdevs,
					  named->mdev_count,
					  &named->mdev_room,
					  sizeof *named->mdevs);
		named->mdevs[named->mdev_count++] = group->members[i].name;
	}
}

static bool take(const struct options *options, const struct system *system,
		 struct arena *arena, struct named *named, struct err *err)
{
	bool dot = export_of_word(options->words[1]) == EXPORT_DOT;

	named->devices = arena_array(arena, (system->device_count + 1u) *
						    options->word_count,
				     sizeof *named->devices);
	for (unsigned i = 2; i < options->word_count; i++) {
		struct subject subject;
		if (!subject_find(system, options->words[i], &subject, err))
			return false;
		if (subject.scope == SCOPE_SYSTEM && dot)
			continue;
		if (subject.scope == SCOPE_SYSTEM) {
			err_set(err, _("A whole machine cannot be given away; "
				       "name a device or a group."));
			return false;
		}
		named->count += subject_devices(system, subject,
						named->devices + named->count);
		if (subject.scope == SCOPE_GROUP)
			take_mdevs(&system->groups[subject.index], arena,
				   named);
	}
	return true;
}

static void print(const struct options *options, const struct buf *text)
{
	if (options->json)
		json_print(json_pack("{s:i, s:s, s:s}", "schema", 1, "export",
				     options->words[1], "text",
				     buf_str(text)));
	else
		fputs(buf_str(text), stdout);
}

int report_export(const struct options *options,
		  const struct machine *machine)
{
	struct arena arena = {0};
	struct named named = {0};
	struct buf text = {0};
	struct err err;
	int status = EXIT_READY;

	if (!take(options, machine->scene.system, &arena, &named, &err)) {
		arena_free(&arena);
		return complain(&err, EXIT_USAGE);
	}
	const struct export_wish wish = {
		.kind = export_of_word(options->words[1]),
		.system = machine->scene.system,
		.names = machine->scene.names, .devices = named.devices,
		.device_count = named.count, .mdevs = named.mdevs,
		.mdev_count = named.mdev_count,
	};
	if (export_make(&wish, &text, &err))
		print(options, &text);
	else
		status = complain(&err, EXIT_BLOCKED);
	buf_free(&text);
	arena_free(&arena);
	return status;
}
