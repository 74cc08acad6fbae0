// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_READ_BLOCK_H
#define SOURCE_READ_BLOCK_H

#include "source/read.h"

enum { MOST_OWNERS = 64 };

/* A PCI device that a block device rests on, and over what. */
struct owner_of_block {
	int device;
	const char *through;	/* from the top down: "luks-home (LUKS),
				 * nvme0n1p2"; "" where it is the block device
				 * itself */
};

/* Start as {0}. */
struct owners {
	struct owner_of_block items[MOST_OWNERS];
	unsigned count;
};

/*
 * Add the PCI devices that the block device at @path (sys/class/block/dm-0,
 * sys/dev/block/8:1) rests on, through dm, md, LUKS, LVM, bcache and NVMe
 * multipath, each once.  Texts are in the reader's arena.
 */
void find_block_owners(struct reader *reader, const char *path,
		       struct owners *owners);

#endif
