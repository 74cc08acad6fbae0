// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_SCENES_H
#define TESTS_SCENES_H

#include "view/scene.h"

/* A made machine, judged and named, as the interface is given it. */
struct made_scene {
	const char *name;	/* also of its files in tests/screens/ */
	const struct made_device *devices;
	const char *edits;	/* see lib/alter.h */
};

/* "desktop": all is well; "off": VT-d is not switched on; "shared": a GPU
 * and a drive in one group; "gpus": two GPUs, one on vfio-pci; "user": read
 * without rights.  Ends with name NULL. */
extern const struct made_scene made_scenes[];

/* Machines that differ in their GPUs: "one-gpu", "two-gpus", "twins",
 * "muxless" and "muxed" laptops, "server" and "bmc-only", "sriov"; and
 * "busy", where every device is of use.  Ends with name NULL. */
extern const struct made_scene made_gpu_scenes[];

/* Make the one with that name in @arena; names are there too. */
struct scene made_scene(struct arena *arena, const char *name);

/* Make any other. */
struct scene made_scene_of(struct arena *arena, const struct made_scene *made);

#endif
