// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An initramfs of a stranger, walked; and its archives taken in pieces of
 * another size, which must come to the same.
 */
#include "fuzz.h"

#include <string.h>

#include "decode/cpio.h"
#include "source/initramfs.h"

struct image {
	const uint8_t *bytes;
	size_t len, piece;
};

static long read_piece(void *context, uint64_t at, char *room, size_t len)
{
	const struct image *image = context;
	size_t left = at < image->len ? image->len - (size_t)at : 0;
	size_t count = left < len ? left : len;

	count = count < image->piece ? count : image->piece;
	memcpy(room, image->bytes + (at < image->len ? at : 0), count);
	return (long)count;
}

/* What is kept stays where it belongs, and is no more than was there. */
static size_t check_node(const struct node *node, unsigned depth)
{
	size_t count = 1;

	FUZZ_CHECK(depth < 16);
	FUZZ_CHECK(node->kind == NODE_DIR || node->kind == NODE_FILE);
	FUZZ_CHECK(strcmp(node->name, "..") != 0 && fuzz_is_safe(node->name));
	for (const struct node *child = node->first; child; child = child->next)
		count += check_node(child, depth + 1);
	return count;
}

static size_t walk(const uint8_t *bytes, size_t len, size_t piece)
{
	struct image image = { bytes, len, piece };
	const struct initramfs_bytes source = { &image, read_piece };
	struct node *above;
	struct tree tree;
	bool last;

	tree_start(&tree);
	initramfs_keep(&tree, "boot/initrd.img", &source);
	enum known is_for = initramfs_is_for(&source, "6.12.9-amd64");
	const struct node *kept = tree_find(&tree, tree.root, INITRAMFS_KEPT,
					    false, &above, &last);
	FUZZ_CHECK(kept && tree.root->count == 1);
	size_t count = check_node(kept, 0) * 16 + is_for;
	tree_free(&tree);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	FUZZ_CHECK(walk(bytes, len, len + 1) == walk(bytes, len, 113));
	return 0;
}
