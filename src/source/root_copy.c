// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The copy that a root keeps of all that is read, and the copy of an earlier
 * reading that it may answer from.  The looks themselves are root.c's.
 */
#include <string.h>

#include "source/root_part.h"

void root_tee(struct root *root)
{
	if (root->fd >= 0)
		root->tee = (struct tee){ .fd = root->fd, .tree = &root->tree,
					  .on = true };
}

bool root_hush(struct root *root, bool quiet)
{
	bool was = root->tee.hushed;

	root->tee.hushed = quiet;
	return was;
}

void root_heed(struct root *root, root_note_fn *note_fn, void *context,
	       const struct silence *silence)
{
	root->note = note_fn;
	root->note_context = context;
	root->silence = silence;
}

/* The number of the group of a device in the news. */
static void add_group(struct root *root, const char *target)
{
	struct recall *recall = root->recall;
	const char *slash = strrchr(target, '/');

	if (slash)
		recall->groups[recall->group_count++] =
			arena_text(&root->arena, slash + 1);
}

void root_recall(struct root *root, const struct root *before,
		 const struct uevents *news)
{
	struct recall *recall = arena_alloc(&root->arena, sizeof *recall);
	struct buf path = {0}, target = {0};

	recall->tree = &before->tree;
	recall->news = news;
	recall->groups = arena_array(&root->arena, 2 * news->count + 1u,
				     sizeof *recall->groups);
	root->recall = recall;
	for (unsigned i = 0; i < news->count; i++) {
		struct node *above;
		bool missing_last;
		buf_reset(&path);
		buf_printf(&path, "sys%s/iommu_group", news->paths[i]);
		const struct node *was = tree_find(recall->tree,
						   recall->tree->root,
						   buf_str(&path), false,
						   &above, &missing_last);
		if (was && was->kind == NODE_LINK)
			add_group(root, was->bytes);
		buf_reset(&target);
		if (!folder_link(root->fd, NULL, buf_str(&path), &target))
			add_group(root, buf_str(&target));
	}
	buf_free(&path);
	buf_free(&target);
	root->tee.recall = recall;
}

bool root_recalls(const struct root *root, const char *path)
{
	const struct node *node =
		root->recall ? recall_find(root->recall, path, true) : NULL;

	return node && node->kind != NODE_PROBLEM;
}

struct tree *root_tree(struct root *root)
{
	return &root->tree;
}

void root_note(struct root *root, const char *path, const char *text,
	       size_t len)
{
	if (!root->tee.on)
		return;
	struct node *node = tree_path(&root->tree, path, NODE_FILE);
	if (node && node->kind == NODE_FILE)
		tree_fill(&root->tree, node, text, len);
}
