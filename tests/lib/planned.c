// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plans that must be possible, for tests of what comes after them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "planned.h"

const struct plan *planned(const struct system *system,
			   const struct intent *intent, struct arena *arena)
{
	struct err err = {0};
	const struct plan *plan = plan_make(system, intent, arena, &err);

	if (!plan)
		fail_msg("%s", err.text);
	return plan;
}

const struct plan *planned_for(const struct system *system,
			       struct arena *arena, enum intent_kind kind,
			       const char *address)
{
	return planned_to(system, arena, kind, address, NULL);
}

const struct plan *planned_to(const struct system *system,
			      struct arena *arena, enum intent_kind kind,
			      const char *address, const char *driver)
{
	struct bdf *bdf = arena_alloc(arena, sizeof *bdf);
	struct intent *intent = arena_alloc(arena, sizeof *intent);

	assert_true(bdf_parse(address, bdf));
	*intent = (struct intent){ .kind = kind, .devices = bdf,
				   .device_count = 1, .driver = driver };
	return planned(system, intent, arena);
}
