// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_ARCHIVE_H
#define SOURCE_ARCHIVE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "source/tree.h"

/*
 * Read a tar archive, compressed in any way libarchive knows, into @tree.
 * Only files, directories and symbolic links are taken; names that climb
 * ("..") are refused, as is more than a machine can be (sizes and counts are
 * bounded).  False with *err for anything that is no whole archive; @name is
 * for the words.
 */
bool archive_load(struct tree *tree, const char *bytes, size_t len,
		  const char *name, struct err *err);

/*
 * Write @tree as a tar to @path ("-": standard output), compressed as the
 * end of the name says (.tar, .tar.gz, .tar.xz, .tar.zst; standard output:
 * zstd).  The file appears whole or not at all, and is never overwritten
 * half.
 */
bool archive_write(const struct tree *tree, const char *path,
		   struct err *err);

/*
 * Unpack one compressed file (gzip, xz, zstd…) into *out, at most 32 MiB.
 * False when it is damaged or larger.
 */
bool archive_unpack(const char *bytes, size_t len, struct buf *out);

/*
 * The same in pieces, for what is too large to hold.  The packed bytes come
 * from @feed, which puts at most @len bytes into @room, returns how many, 0 at
 * the end and -1 when they cannot be read; what is unpacked goes to @take,
 * false from which ends it.  gzip, bzip2, lzma, xz, lz4, zstd and, where
 * libarchive was built so, lzo are known; no other program is ever asked.
 */
struct archive_ways {
	void *context;
	long (*feed)(void *context, char *room, size_t len);
	bool (*take)(void *context, const char *bytes, size_t len);
};
enum archive_end {
	ARCHIVE_WHOLE,		/* unpacked to the end; *used packed bytes */
	ARCHIVE_ENOUGH,		/* @take had enough */
	ARCHIVE_UNKNOWN,	/* not packed in any way that is known */
	ARCHIVE_DAMAGED,	/* it ends early, or makes no sense */
};
enum archive_end archive_stream(const struct archive_ways *ways,
				uint64_t *used);

#endif
