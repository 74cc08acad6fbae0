// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Trees packed and unpacked, node by node, parents first.  Captures, which
 * strangers make, are archive.c's.
 */
#include "source/parcel.h"

#include <stdint.h>
#include <string.h>

/* Stands before each node; its name and its bytes follow. */
struct label {
	uint32_t kind, errnum, listed, name_len, children;
	uint64_t len, size;
};

static void pack(const struct node *node, struct buf *out)
{
	const struct label label = {
		.kind = (uint32_t)node->kind, .errnum = (uint32_t)node->errnum,
		.listed = node->listed,
		.name_len = (uint32_t)strlen(node->name),
		.children = node->count, .len = node->len, .size = node->size,
	};

	buf_add(out, &label, sizeof label);
	buf_add(out, node->name, label.name_len);
	buf_add(out, node->bytes, node->len);
	for (const struct node *child = node->first; child; child = child->next)
		pack(child, out);
}

void parcel_pack(const struct tree *tree, struct buf *out)
{
	pack(tree->root, out);
}

struct parcel {
	const char *at, *end;
	struct tree *tree;
};

/* Return the next @len bytes, or NULL when there are not so many. */
static const char *take(struct parcel *parcel, uint64_t len)
{
	const char *at = parcel->at;

	if (len > (uint64_t)(parcel->end - at))
		return NULL;
	parcel->at += len;
	return at;
}

static bool unpack(struct parcel *parcel, struct node *above)
{
	struct label label;
	const char *head = take(parcel, sizeof label);
	struct node *node = above;

	if (!head)
		return false;
	memcpy(&label, head, sizeof label);
	const char *name = take(parcel, label.name_len);
	const char *bytes = name ? take(parcel, label.len) : NULL;
	if (!bytes || label.kind > NODE_PROBLEM)
		return false;
	if (label.name_len)
		node = tree_make(parcel->tree, above, name, label.name_len,
				 (enum node_kind)label.kind);
	node->errnum = (int)label.errnum;
	node->listed = label.listed;
	node->size = label.size;
	if (label.len)
		tree_fill(parcel->tree, node, bytes, (size_t)label.len);
	for (uint32_t i = 0; i < label.children; i++)
		if (!unpack(parcel, node))
			return false;
	return true;
}

bool parcel_unpack(struct tree *tree, const char *bytes, size_t len)
{
	struct parcel parcel = { bytes, bytes + len, tree };

	tree_start(tree);
	return unpack(&parcel, tree->root) && parcel.at == parcel.end;
}
