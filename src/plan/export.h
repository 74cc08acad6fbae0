// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_EXPORT_H
#define PLAN_EXPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "model/system.h"

/*
 * What other programs need to be told about devices that are given away: the
 * virtual machine's side, and lines that make it so from the next start on.
 * Why each line is so stands beside it as a comment.
 */
enum export_kind {
	EXPORT_QEMU,		/* options of qemu-system-* */
	EXPORT_LIBVIRT,		/* elements of <devices> */
	EXPORT_MODPROBE,	/* a file of modprobe.d */
	EXPORT_DRIVERCTL,	/* commands */
	EXPORT_CMDLINE,		/* words for the kernel's command line */
	EXPORT_DOT,		/* the tree, for Graphviz; needs no devices */
	EXPORT_COUNT
};

struct export_wish {
	enum export_kind kind;
	const struct system *system;
	const struct names *names;	/* NULL: not loaded */
	const struct bdf *devices;	/* named; their groups go along */
	unsigned device_count;
	const char *const *mdevs;	/* UUIDs of mediated devices */
	unsigned mdev_count;
};

/* Return the word of a kind: "qemu"; the kind of a word, or EXPORT_COUNT. */
const char *export_word(enum export_kind kind);
enum export_kind export_of_word(const char *word);

/* Whether a member of a group is a mediated device: its name is a UUID. */
bool export_is_mdev(const char *name);

/*
 * Add the text to @out.  False with *err, and nothing added, when a device
 * cannot be passed through at all.
 */
bool export_make(const struct export_wish *wish, struct buf *out,
		 struct err *err);

#endif
