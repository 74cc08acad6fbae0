// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_READ_BLOCK_H
#define SOURCE_READ_BLOCK_H

#include "source/read.h"

enum { MOST_OWNERS = 64, MOST_ENDS = 16 };

/* Where a block device comes out of the network. */
struct far_end {
	const char *by;		/* iSCSI, nbd, NVMe over tcp … */
	const char *source;	/* that says so: "/sys/class/block/nbd0" */
	const char *address;	/* of the server; "" not told */
	const char *local;	/* of this end; "" not told */
	const char *interface;	/* that it is bound to; "" none, or not told */
	const char *way;	/* what tells of that */
};

/* The PCI devices that a block device rests on, each with what lies between,
 * from the top down: "luks-home (LUKS), nvme0n1p2"; "" where nothing does; and
 * where it comes over the network.  Texts are in the reader's arena. */
struct owners {
	int device[MOST_OWNERS];
	const char *through[MOST_OWNERS];
	unsigned count;
	struct far_end ends[MOST_ENDS];
	unsigned end_count;
	bool lost;		/* a way down could not be followed */
};

/* Add one; two partitions of one disk are one owner, told by both names. */
void owners_add(struct reader *reader, struct owners *owners, int device,
		const char *through);

/* Whether nothing was found below it. */
static inline bool owners_none(const struct owners *owners)
{
	return !owners->count && !owners->end_count;
}

/* Add the ends of the network that a block device hangs on, by where its
 * folder in sysfs really is, and which no PCI device has (read_far.c). */
void far_find(struct reader *reader, const char *real, const char *through,
	      struct owners *owners);

/* Add the owners of the block device whose folder in sysfs is @path; or of
 * another node of a name space of NVMe, which stands where its disk does. */
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
