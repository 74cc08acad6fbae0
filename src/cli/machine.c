// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opens, reads, judges and names a machine for one command.
 */
#include "cli/machine.h"

#include "rule/engine.h"
#include "source/names.h"

bool machine_open(struct machine *machine, const char *path, unsigned areas,
		  unsigned with, struct err *err)
{
	*machine = (struct machine){ .root = root_open(path, err) };
	if (!machine->root)
		return false;
	struct scene *scene = &machine->scene;
	static const struct findings none;
	scene->system = source_read(machine->root, &machine->arena, areas,
				    NULL);
	scene->findings = with & WITH_FINDINGS ?
		rules_judge(scene->system, &machine->arena) : &none;
	if (with & WITH_NAMES)
		scene->names = names_load(scene->system, &machine->arena);
	return true;
}

void machine_close(struct machine *machine)
{
	root_close(machine->root);
	arena_free(&machine->arena);
	*machine = (struct machine){0};
}
