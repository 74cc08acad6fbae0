// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Machines changed before they are frozen, for tests of plans.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/plan_machine.h"

#include <string.h>

const struct system *changed(struct arena *arena,
			     const struct made_device *table,
			     void (*change)(struct builder *builder))
{
	struct builder builder;

	made_start(&builder, arena);
	made_devices(&builder, table);
	build_sort(&builder);
	if (change)
		change(&builder);
	const struct system *system = build_freeze(&builder);
	for (unsigned i = 0; i < system->group_count; i++)
		if (!builder.system->groups[i].members_known)
			builder.system->groups[i].members_known = KNOWN;
	return system;
}

int index_of(const struct system *system, const char *address)
{
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	return system_device(system, bdf);
}

struct device *at(struct builder *builder, const char *address)
{
	return &builder->system->devices[index_of(builder->system, address)];
}

void without_vfio(struct builder *builder)
{
	struct system *system = builder->system;

	system->vfio.pci_driver = (struct fact_num){ ABSENT, 0 };
	for (unsigned i = 0; i < system->driver_count; i++)
		if (strcmp(system->drivers[i].name, "vfio-pci") == 0)
			system->drivers[i].name = "zzz";
	build_sort(builder);
}

void on_vfio(struct builder *builder)
{
	static const char *const addresses[] = { "01:00.0", "01:00.1" };

	for (size_t i = 0; i < 2; i++) {
		struct device *device = at(builder, addresses[i]);
		device->driver = (struct fact_text){ KNOWN, "vfio-pci" };
		device->driver_override =
			(struct fact_text){ KNOWN, "vfio-pci" };
	}
}

void with_modules_to_load(struct builder *builder)
{
	on_vfio(builder);
	at(builder, "01:00.0")->modules =
		(struct fact_text){ KNOWN, "nova nova_core" };
	at(builder, "01:00.1")->modules =
		(struct fact_text){ KNOWN, "snd_new" };
}

void held(struct builder *builder, const char *address, const char *node)
{
	struct holder *holder = arena_alloc(builder->system->arena,
					    sizeof *holder);

	*holder = (struct holder){
		.pid = 912, .command = "Xorg", .node = node,
		.device = index_of(builder->system, address),
	};
	builder->system->usage.holders = holder;
	builder->system->usage.holder_count = 1;
}

void gpu_held(struct builder *builder)
{
	held(builder, "01:00.0", "/dev/nvidia0");
}
