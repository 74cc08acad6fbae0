// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opens, reads, judges and names a machine for one command.
 */
#include "cli/machine.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "rule/engine.h"
#include "source/archive.h"
#include "source/manifest.h"
#include "source/names.h"

static bool is_live(const char *path)
{
	return !path || strcmp(path, "/") == 0;
}

/* What did not answer is said beside whatever the command prints. */
static void tell_silence(const struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++) {
		char name[BDF_TEXT];
		if (system->devices[i].silent)
			fprintf(stderr, _("vfiotop: %s does not answer: "
					  "something holds it in the kernel. "
					  "What it would say is not known.\n"),
				bdf_print_short(system->devices[i].address,
						name));
	}
}

/* This machine is read by a process that can be spared. */
static struct root *bring(struct machine *machine, unsigned areas,
			  struct err *err)
{
	static const struct scout_ways ways;

	if (!machine->scout)
		machine->scout = scout_make(&ways, &machine->arena);
	return scout_read(machine->scout, areas, NULL, err);
}

const struct system *machine_read(struct machine *machine, unsigned areas,
				  struct err *err)
{
	if (machine->scout) {
		struct root *root = bring(machine, areas, err);
		if (!root)
			return NULL;
		root_close(machine->root);
		machine->root = root;
	}
	return source_read(machine->root, &machine->arena, areas, NULL);
}

bool machine_open(struct machine *machine, const char *path, unsigned areas,
		  unsigned with, struct err *err)
{
	*machine = (struct machine){0};
	machine->root = is_live(path) ? bring(machine, areas, err) :
					root_open(path, err);
	if (!machine->root) {
		machine_close(machine);
		return false;
	}
	struct scene *scene = &machine->scene;
	static const struct findings none;
	scene->system = source_read(machine->root, &machine->arena, areas,
				    NULL);
	tell_silence(scene->system);
	scene->findings = with & WITH_FINDINGS ?
		rules_judge(scene->system, &machine->arena) : &none;
	if (with & WITH_NAMES)
		scene->names = names_load(scene->system, &machine->arena);
	return true;
}

void machine_close(struct machine *machine)
{
	if (machine->scout)
		scout_free(machine->scout);
	root_close(machine->root);
	arena_free(&machine->arena);
	*machine = (struct machine){0};
}

bool machine_keep(struct machine *machine, const char *to, struct err *err)
{
	struct tree *tree = root_tree(machine->root);

	manifest_write(tree, machine->scene.system);
	return archive_write(tree, to, err);
}

bool machine_capture(const char *from, const char *to, unsigned more,
		     struct err *err)
{
	const unsigned areas = AREA_ALL | AREA_INITRAMFS | more;
	struct machine machine = {0};

	machine.root = is_live(from) ? bring(&machine, areas, err) :
				       root_open(from, err);
	if (machine.root)
		root_tee(machine.root);
	machine.scene.system = machine.root ?
		source_read(machine.root, &machine.arena, areas, NULL) :
		NULL;
	bool ok = machine.root && machine_keep(&machine, to, err);
	machine_close(&machine);
	return ok;
}
