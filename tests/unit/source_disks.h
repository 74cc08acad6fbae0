// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_SOURCE_DISKS_H
#define TESTS_SOURCE_DISKS_H

#include "model/system.h"

#define NVME "pci0000:00/0000:00:04.0/nvme/nvme0"

/* What is read is in here. */
extern struct arena arena;

/* For cmocka: plant a machine with two NVMe drives and nothing on them. */
int start(void **state);
int stop(void **state);

/* A PCI device below others ("" or "0000:00:1c.0/"), by its uevent. */
void put_device(const char *address, const char *below, const char *uevent);

/* A disk or partition: its folder, and its number. */
void put_block(const char *name, const char *where, const char *number);

/* Both drives are paths to one disk. */
void put_multipath(void);

/* Read it; and the same through a capture: what it keeps must say the same. */
const struct system *look(void);
const struct system *look_at_capture(void);

/* Of a device by its address: its index; the first use of its storage, of a
 * block device that stands on it; NULL where there is none. */
int device_at(const struct system *system, const char *text);
const struct storage_use *stored(const struct system *system,
				 const char *address);
const struct stack_use *stacked(const struct system *system,
				const char *address);

#endif
