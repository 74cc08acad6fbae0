// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_FOLDER_H
#define SOURCE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

struct node;

/* A folder held open, to read many names below it cheaply. */
struct place {
	int fd;			/* -1: in a tree */
	struct node *node;
	const char *path;	/* from the root; for the tee and for words */
};

/* The names in a folder; "." and ".." left out. */
struct listing {
	const char **names;
	unsigned count;
};

/* Join a place and a path below it: "sys/bus/pci" and "devices". */
void place_path(const struct place *at, const char *path, struct buf *out);

/*
 * Everything below is relative to @root, the descriptor of a directory, or to
 * a place in it, and stays inside.  Each returns 0 or an errno.
 */

/* Return a descriptor, or -1 with errno. */
int folder_open(int root, const struct place *at, const char *path,
		int flags);

/* Read a file, a link's own text, the names (in no order), the size of what
 * is there (links are not followed), where a path really is. */
int folder_read(int root, const struct place *at, const char *path,
		size_t max, struct buf *out);
int folder_link(int root, const struct place *at, const char *path,
		struct buf *out);
int folder_list(int root, const struct place *at, const char *path,
		struct arena *arena, struct listing *out);
int folder_size(int root, const struct place *at, const char *path,
		uint64_t *size);
int folder_real(int root, const struct place *at, const char *path,
		struct buf *out);

/* Who owns what is there, and its permission bits. */
struct owner {
	uint32_t mode, uid, gid;
};
int folder_owner(int root, const char *path, struct owner *owner);

/* Read the kernel's log as /dev/kmsg gives it. */
int folder_kmsg(int root, struct buf *out);

/* Open a regular file, and nothing else, to be read in pieces; the descriptor,
 * or -1 with errno.  Read one: at most @len bytes from @at of it on; how many,
 * 0 at its end, -1 with errno. */
int folder_open_file(int root, const char *path);
long folder_piece(int fd, uint64_t at, char *room, size_t len);

/* Read what an open descriptor holds, at most @max bytes. */
int folder_drain(int fd, size_t max, struct buf *out);

#endif
