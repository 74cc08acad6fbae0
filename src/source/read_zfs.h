// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_READ_ZFS_H
#define SOURCE_READ_ZFS_H

#include "source/read_block.h"

/*
 * The pools of ZFS that are imported, and the block devices that each stands
 * on, as udev saw by their labels: ZFS tells nobody which devices it holds, and
 * its labels are not read here.  Texts are in the reader's arena.
 */
struct pool_part {
	const char *pool, *block;
};

struct pools {
	const struct pool_part *parts;
	unsigned count;
	bool lost;		/* of one at least no part was seen */
};

void zfs_look(struct reader *reader, struct pools *pools);

/* Add what the pool of a dataset ("rpool/ROOT/debian") stands on; owners->lost
 * where that was not seen. */
void zfs_find(struct reader *reader, const struct pools *pools,
	      const char *dataset, struct owners *owners);

/* Read what stands on block devices besides file systems (read_stacks.c). */
void read_stacks(struct reader *reader, const struct pools *pools);

#endif
