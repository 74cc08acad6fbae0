// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_CPIO_H
#define DECODE_CPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Archives of cpio's "newc" form, as the kernel unpacks an initramfs: one or
 * more behind each other, with zeros between them.  The bytes are pushed in
 * pieces of any size; nothing is held but the name of the entry at hand.
 *
 * Source: Documentation/driver-api/early-userspace/buffer-format.rst;
 * init/initramfs.c.
 */
enum { CPIO_HEADER = 110, CPIO_NAME_MOST = 4096 };

enum cpio_state {
	CPIO_BETWEEN,	/* before an archive, behind one */
	CPIO_IN_HEADER,
	CPIO_IN_NAME,
	CPIO_IN_CONTENT,
	CPIO_IN_PADDING,	/* of a name or of a content */
	CPIO_OTHER,	/* between archives stands something else */
	CPIO_BAD,	/* no archive: .flaw says why */
};

/* What is done with an entry; @name has no "/" or "./" in front. */
struct cpio_ways {
	void *context;
	/* A file or something else of this mode begins; true: its content is
	 * wanted. */
	bool (*begin)(void *context, const char *name, uint32_t mode,
		      uint32_t size);
	void (*content)(void *context, const char *bytes, size_t len);
};

struct cpio {
	struct cpio_ways ways;
	enum cpio_state state, behind;	/* .behind: what follows a padding */
	const char *flaw;	/* a clause, to be translated */
	uint64_t entries;
	uint32_t mode, size, left, padding, name_size, name_len;
	bool wanted;
	unsigned header_len;
	char header[CPIO_HEADER];
	char name[CPIO_NAME_MOST + 1];
};

void cpio_start(struct cpio *cpio, const struct cpio_ways *ways);

/*
 * Take @len bytes; returns how many were taken: fewer only where .state is
 * CPIO_OTHER or CPIO_BAD then.  From CPIO_OTHER it goes on when .state is set
 * to CPIO_BETWEEN.
 */
size_t cpio_push(struct cpio *cpio, const char *bytes, size_t len);

#endif
