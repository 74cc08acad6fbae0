// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_READ_NETFS_H
#define SOURCE_READ_NETFS_H

#include "source/read_block.h"

struct libmnt_fs;

/* What usage->net_mounts has room for. */
struct netfs {
	size_t room;
	bool lost;	/* the host runs from something of which nobody can
			 * tell whether it comes over the network */
};

/* Keep that of a mount which comes over the network, itself or by a disk below
 * it, of the table at @source.  It covers what was mounted there before. */
void netfs_mount(struct reader *reader, struct netfs *netfs,
		 struct libmnt_fs *fs, const struct owners *owners,
		 const char *source);

/* The same of swap. */
void netfs_swap(struct reader *reader, struct netfs *netfs,
		const struct owners *owners);

/* At the end: tell whether the host runs from any of it. */
void netfs_tell(struct reader *reader, const struct netfs *netfs);

#endif
