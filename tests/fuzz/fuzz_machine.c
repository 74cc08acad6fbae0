// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A capture, an lspci dump or a log of a stranger, opened and read as a
 * machine.
 */
#include "fuzz.h"

#include <string.h>

#include "model/topo.h"
#include "source/read.h"
#include "source/root.h"

/* Whatever stands in config space, the walks end. */
static void check_topo(const struct system *system)
{
	struct topo_step steps[8];

	for (unsigned i = 0; i < system->device_count; i++)
		FUZZ_CHECK(topo_walk(system, (int)i, steps, 8) >= 1);
	for (unsigned i = 0; i < system->group_count; i++)
		FUZZ_CHECK(topo_shared(system, &system->groups[i]).cause <
			   SHARED_COUNT);
}

static void check_system(const struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++) {
		const struct device *device = &system->devices[i];
		unsigned steps = 0;
		FUZZ_CHECK(device->config != NULL);
		FUZZ_CHECK(!i || bdf_compare(system->devices[i - 1].address,
					     device->address) <= 0);
		for (int up = device->parent; up != NONE;
		     up = system->devices[up].parent)
			FUZZ_CHECK(steps++ < 4096);
		FUZZ_CHECK(device->driver.known != KNOWN ||
			   fuzz_is_safe(device->driver.value));
	}
	check_topo(system);
	for (unsigned i = 0; i < system->group_count; i++)
		for (unsigned m = 0; m < system->groups[i].member_count; m++)
			FUZZ_CHECK(fuzz_is_safe(
				system->groups[i].members[m].name));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = {0};
	struct err err = {0};
	struct root *root =
		root_open_bytes("fuzz", (const char *)bytes, len, &err);

	if (root)
		check_system(source_read(root, &arena, AREA_ALL, NULL));
	else
		FUZZ_CHECK(err.text[0] != '\0');
	root_close(root);
	arena_free(&arena);
	return 0;
}
