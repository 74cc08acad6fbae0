// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_READ_BLOCK_H
#define SOURCE_READ_BLOCK_H

#include "source/read.h"

enum { MOST_OWNERS = 64 };

/* The PCI devices that a block device rests on, each with what lies between,
 * from the top down: "luks-home (LUKS), nvme0n1p2"; "" where nothing does.
 * Texts are in the reader's arena. */
struct owners {
	int device[MOST_OWNERS];
	const char *through[MOST_OWNERS];
	unsigned count;
};

/* Add the owners of the block device whose folder in sysfs is @path. */
void block_owners(struct reader *reader, const char *path,
		  struct owners *owners);

/* The same by its name there, nvme0n1p2. */
void block_named(struct reader *reader, const char *name,
		 struct owners *owners);

/* Put into @name how sysfs calls the node of @len letters: "dm-0" for
 * "/dev/mapper/root", else the last part of it. */
void block_name(struct reader *reader, const char *node, size_t len,
		struct buf *name);

#endif
