// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_PARTS_H
#define MODEL_PARTS_H

#include "model/system.h"

/*
 * Devices that are given out in parts: virtual functions and mediated
 * devices, and who holds such a part.
 */

/*
 * Return the address that VF @number (from 0) of a physical function has, or
 * would have.  False when the kernel did not tell its offset and stride.
 * Source: drivers/pci/iov.c, pci_iov_virtfn_bus().
 */
bool parts_vf_address(const struct device *physical, unsigned number,
		      struct bdf *address);

/* Return the number (from 0) of a VF of @physical, or NONE. */
int parts_vf_number(const struct device *physical, struct bdf address);

/* Return the first VF of device @physical behind @after (NONE: from the
 * beginning), or NONE. */
int parts_next_vf(const struct system *system, int physical, int after);

/*
 * Whether the firmware left room for @count VFs: addresses for their
 * registers, and bus numbers.  ABSENT: it did not, and *why says which; not
 * known when the kernel did not tell enough.
 */
enum parts_lack { LACKS_NOTHING, LACKS_MEMORY, LACKS_BUSES };
enum known parts_room(const struct system *system, int physical,
		      unsigned count, enum parts_lack *why);

/* Return the index of the parent with that name, or NONE; an address may
 * leave its domain out. */
int parts_parent(const struct system *system, const char *name);

/* Return the index of the type with that id of a parent, or NONE. */
int parts_type(const struct system *system, int parent, const char *id);

/* Return the index of the mediated device with that UUID, or NONE. */
int parts_mdev(const struct system *system, const char *uuid);

/* Return who holds the node of a mediated device's group, or NULL. */
const struct holder *parts_mdev_holder(const struct system *system,
				       const struct mdev *mdev);

/* Return the UIO node of a device, or NULL. */
const struct uio *parts_uio(const struct system *system, int device);

/* Whether vfio could reset all of the bus that @device is on: it is below a
 * bridge, and neither that nor anything below it is known to break on it.
 * Source: drivers/pci/pci.c, pci_bus_resettable(). */
bool parts_can_reset_bus(const struct system *system, int device);

/*
 * Say whether a reset by the kernel's file would be done, with the first of
 * the methods that can be; *method gets its name in @arena, "" where the
 * kernel does not tell it.  ABSENT: the device has none, or *method is the
 * last and cannot be done: the bus is reset only for who is alone on it.
 * Source: drivers/pci/pci.c, pci_reset_bus_function().
 */
enum known parts_reset(const struct system *system, int device,
		       struct arena *arena, const char **method);

#endif
