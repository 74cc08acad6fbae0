// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file system in memory.  It opens nothing; links never lead out of it.
 */
#include "source/tree.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

enum { FIRST_SLOTS = 1024, MOST_LINKS = 40 };

void tree_start(struct tree *tree)
{
	*tree = (struct tree){0};
	tree->slot_count = FIRST_SLOTS;
	tree->slots = arena_array(&tree->arena, FIRST_SLOTS,
				  sizeof *tree->slots);
	tree->root = arena_alloc(&tree->arena, sizeof *tree->root);
	tree->root->name = "";
	tree->root->parent = tree->root;
}

void tree_free(struct tree *tree)
{
	struct arena arena = tree->arena;

	arena_free(&arena);
	*tree = (struct tree){0};
}

/* FNV-1a over the parent's place and the name. */
static size_t hash(const struct node *parent, const char *name, size_t len)
{
	uint64_t sum = 0xcbf29ce484222325u ^ (uint64_t)(uintptr_t)parent;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (uint8_t)name[i]) * 0x100000001b3u;
	return (size_t)(sum ^ sum >> 29);
}

static struct node **slot_of(const struct tree *tree,
			     const struct node *parent, const char *name,
			     size_t len)
{
	size_t at = hash(parent, name, len) & (tree->slot_count - 1);

	for (;; at = (at + 1) & (tree->slot_count - 1)) {
		struct node *node = tree->slots[at];
		if (!node || (node->parent == parent &&
			      strlen(node->name) == len &&
			      memcmp(node->name, name, len) == 0))
			return &tree->slots[at];
	}
}

struct node *tree_child(const struct tree *tree, const struct node *parent,
			const char *name, size_t len)
{
	return *slot_of(tree, parent, name, len);
}

static void grow_slots(struct tree *tree)
{
	struct node **old = tree->slots;
	size_t count = tree->slot_count;

	tree->slot_count = count * 2;
	tree->slots = arena_array(&tree->arena, tree->slot_count,
				  sizeof *tree->slots);
	for (size_t i = 0; i < count; i++)
		if (old[i])
			*slot_of(tree, old[i]->parent, old[i]->name,
				 strlen(old[i]->name)) = old[i];
}

struct node *tree_make(struct tree *tree, struct node *parent,
		       const char *name, size_t len, enum node_kind kind)
{
	struct node **slot = slot_of(tree, parent, name, len);

	if (*slot) {
		if ((*slot)->kind == NODE_PROBLEM)
			(*slot)->kind = kind;
		return *slot;
	}
	struct node *node = arena_alloc(&tree->arena, sizeof *node);
	node->kind = kind;
	node->name = arena_copy(&tree->arena, name, len);
	node->parent = parent;
	node->bytes = "";
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->count++;
	*slot = node;
	if (++tree->node_count * 2 > tree->slot_count)
		grow_slots(tree);
	return node;
}

/* Take the next name of a path; false at the end. */
static bool next_name(const char **path, const char **name, size_t *len)
{
	while (**path == '/')
		(*path)++;
	*name = *path;
	*len = strcspn(*path, "/");
	*path += *len;
	return *len != 0;
}

static bool is_dot(const char *name, size_t len)
{
	return len == 1 && name[0] == '.';
}

static bool is_dot_dot(const char *name, size_t len)
{
	return len == 2 && name[0] == '.' && name[1] == '.';
}

struct node *tree_path(struct tree *tree, const char *path,
		       enum node_kind kind)
{
	struct node *at = tree->root;
	const char *name;
	size_t len;

	while (next_name(&path, &name, &len)) {
		if (is_dot(name, len))
			continue;
		if (is_dot_dot(name, len) || at->kind != NODE_DIR)
			return NULL;
		bool last = path[strspn(path, "/")] == '\0';
		at = tree_make(tree, at, name, len, last ? kind : NODE_DIR);
	}
	return at;
}

void tree_fill(struct tree *tree, struct node *node, const char *bytes,
	       size_t len)
{
	node->bytes = arena_copy(&tree->arena, bytes, len);
	node->len = len;
	tree->bytes += len;
}

static struct node *find(const struct tree *tree, struct node *at,
			 const char *path, bool follow, unsigned *links,
			 struct node **above, bool *missing_last)
{
	const char *name;
	size_t len;

	while (next_name(&path, &name, &len)) {
		bool last = path[strspn(path, "/")] == '\0';
		*above = at;
		*missing_last = last;
		if (is_dot(name, len))
			continue;
		if (is_dot_dot(name, len)) {
			at = at->parent;
			continue;
		}
		if (at->kind != NODE_DIR)
			return NULL;
		struct node *child = tree_child(tree, at, name, len);
		if (!child)
			return NULL;
		if (child->kind == NODE_LINK && (!last || follow)) {
			if (++*links > MOST_LINKS)
				return NULL;
			child = find(tree,
				     child->bytes[0] == '/' ? tree->root : at,
				     child->bytes, true, links, above,
				     missing_last);
			if (!child) {
				*missing_last = *missing_last && last;
				return NULL;
			}
		}
		at = child;
	}
	return at;
}

struct node *tree_find(const struct tree *tree, struct node *at,
		       const char *path, bool follow, struct node **above,
		       bool *missing_last)
{
	unsigned links = 0;

	*above = at;
	*missing_last = false;
	return find(tree, at, path, follow, &links, above, missing_last);
}

void tree_name(const struct node *node, struct buf *out)
{
	if (node->parent == node)
		return;
	tree_name(node->parent, out);
	if (out->len)
		buf_putc(out, '/');
	buf_puts(out, node->name);
}

int tree_bytes(const struct node *node, size_t max, struct buf *out)
{
	if (node->kind == NODE_PROBLEM)
		return node->errnum;
	if (node->kind != NODE_FILE)
		return EISDIR;
	buf_add(out, node->bytes, node->len < max ? node->len : max);
	return 0;
}

int tree_target(const struct node *node, struct buf *out)
{
	if (node->kind == NODE_PROBLEM)
		return node->errnum;
	if (node->kind != NODE_LINK)
		return EINVAL;
	buf_add(out, node->bytes, node->len);
	return 0;
}

int tree_names(const struct node *node, struct arena *arena,
	       struct listing *out)
{
	if (node->kind == NODE_PROBLEM)
		return node->errnum;
	out->names = arena_array(arena, node->count, sizeof *out->names);
	for (struct node *child = node->first; child; child = child->next)
		if (child->kind != NODE_PROBLEM || child->errnum != ENOENT)
			out->names[out->count++] = child->name;
	return 0;
}

int tree_size(const struct node *node, uint64_t *size)
{
	*size = node->size ? node->size :
		node->kind == NODE_FILE ? node->len : 0;
	return node->kind == NODE_PROBLEM ? node->errnum : 0;
}
