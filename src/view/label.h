// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_LABEL_H
#define VIEW_LABEL_H

#include "base/arena.h"
#include "model/ability.h"
#include "view/scene.h"
#include "view/table.h"

/*
 * How things are called before a person.  Every text lives in @arena or
 * longer; what is not known is "?" with ROLE_UNKNOWN, what is not there is
 * "–" with ROLE_DIM.
 */

/* Return the short word for what a device is: "VGA", "Root port", "NVMe". */
const char *label_kind(const struct device *device);

/* Return its short address: "01:00.0". */
const char *label_address(const struct device *device, struct arena *arena);

/* Return what a person calls it: "GeForce RTX 4090"; its ids "10de:2684"
 * while names are not loaded or where the list has none. */
const char *label_name(const struct scene *scene, int device,
		       struct arena *arena);

/* The same with the vendor and in full: "NVIDIA AD102 [GeForce RTX 4090]". */
const char *label_full_name(const struct scene *scene, int device,
			    struct arena *arena);

/* Address and name: "01:00.0 GeForce RTX 4090". */
const char *label_device(const struct scene *scene, int device,
			 struct arena *arena);

/* A fact as the text of a cell. */
struct text label_fact(const struct fact_text *fact);
struct text label_number(const struct fact_num *fact, struct arena *arena);

/* The driver: vfio drivers in good, none dim. */
struct text label_driver(const struct device *device);

/*
 * What the host does with a device, in signs and a few words: "◉ DP-1",
 * "⛁ / /home", "⇅ enp4s0", "z". "" for nothing known.
 */
struct text label_use(const struct scene *scene, int device,
		      struct arena *arena);

/* Whether it is a GPU of which every connector is known to be dark. */
bool label_is_dark(const struct system *system, int device);

/* A link's speed and width: "16.0 GT/s ×16". */
const char *label_link(const struct fact_text *speed,
		       const struct fact_num *width, struct arena *arena);

/* What an IOMMU unit can do, in a word or two: "posted interrupts". */
const char *label_ability(enum ability ability);

/* What that is good for, as the end of a sentence. */
const char *label_ability_use(enum ability ability);

/* "2 devices", "1 device". */
const char *label_count_devices(unsigned count, struct arena *arena);

/* "16 MiB", as windows of addresses are told; "2.0 TB", as disks are sold. */
const char *label_size(uint64_t bytes, struct arena *arena);
const char *label_bytes(uint64_t bytes, struct arena *arena);

#endif
