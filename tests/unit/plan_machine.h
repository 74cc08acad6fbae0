// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_PLAN_MACHINE_H
#define TESTS_PLAN_MACHINE_H

#include "lib/machine.h"
#include "plan/plan.h"

/* A machine that @change, where it is not NULL, has altered before it was
 * frozen. */
const struct system *changed(struct arena *arena,
			     const struct made_device *table,
			     void (*change)(struct builder *builder));

/* A device by its address: its index or NONE; the one that is there. */
int index_of(const struct system *system, const char *address);
struct device *at(struct builder *builder, const char *address);

/* Changes of the made desktop: vfio-pci is not loaded; the card is on it; on
 * it, and its own drivers' modules are not loaded. */
void without_vfio(struct builder *builder);
void on_vfio(struct builder *builder);
void with_modules_to_load(struct builder *builder);

/* One process holds a device by its node; the card. */
void held(struct builder *builder, const char *address, const char *node);
void gpu_held(struct builder *builder);

#endif
