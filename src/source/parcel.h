// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_PARCEL_H
#define SOURCE_PARCEL_H

#include "base/buf.h"
#include "source/tree.h"

/*
 * A tree as bytes, to cross a pipe between two processes of this program.
 * Unlike a capture it is not kept, is not compressed, and loses nothing.
 */
void parcel_pack(const struct tree *tree, struct buf *out);

/* Unpack into @tree, which is started anew.  False when the bytes are not
 * whole. */
bool parcel_unpack(struct tree *tree, const char *bytes, size_t len);

#endif
