// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_PARTS_MADE_H
#define TESTS_PARTS_MADE_H

#include "lib/machine.h"
#include "plan/plan.h"

#define UUID "11111111-2222-4333-8444-555555555555"
#define OTHER "00000000-2222-4333-8444-555555555555"

/* A device by its address: as a number; as it is in a machine, or NULL. */
struct bdf at(const char *text);
const struct device *device(const struct system *system, const char *address);

/* What to do with a device, NULL being none; VFs of 01:00.0. */
struct intent *intent_of(enum intent_kind kind, const char *address,
			 struct arena *arena);
const struct plan *vfs(const struct system *system, unsigned count,
		       enum autoprobe autoprobe, struct arena *arena);

/* A plan of any kind for 01:00.0 or a parent, and what stands in its way. */
struct story {
	const char *name;
	const struct made_device *devices;
	const char *edits;
	enum intent_kind kind;
	unsigned count;			/* of VFS */
	const char *type;		/* of CREATE, or "on", "auto" */
	const char *gate;		/* that must stand; NULL: none may */
	enum gate_kind how;
	bool unknown;
};

const struct plan *plan_of(const struct story *story,
			   const struct system *system, struct arena *arena);
void check_gate(const struct story *story, const struct plan *plan);

/* All that plans for parts change is the same. */
void assert_same(const struct system *a, const struct system *b);

#endif
