// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The label on a capture, read and written.  It holds nothing of the machine
 * itself.
 */
#include "source/manifest.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum { MOST_LABEL = 16 * 1024 * 1024 };

static void take_problems(struct root *root)
{
	struct buf text = {0}, line = {0};
	const char *at, *start;
	size_t len;

	if (root_read(root, NULL, "vfiotop/problems", MOST_LABEL, &text) !=
	    KNOWN)
		goto out;
	at = buf_str(&text);
	while (text_line(&at, buf_end(&text), &start, &len)) {
		uint64_t errnum;
		buf_reset(&line);
		buf_add(&line, start, len);
		const char *path = buf_str(&line);
		if (!num_take(&path, 10, &errnum) || *path != ' ' ||
		    errnum > 4095)
			continue;
		struct node *node = tree_path(root_tree(root), path + 1,
					      NODE_PROBLEM);
		if (node && node->kind == NODE_PROBLEM)
			node->errnum = (int)errnum;
	}
out:
	buf_free(&text);
	buf_free(&line);
}

static void take_listed(struct root *root, const json_t *listed)
{
	size_t index;
	json_t *value;

	json_array_foreach(listed, index, value) {
		const char *path = json_string_value(value);
		struct node *above;
		bool missing_last;
		if (!path)
			continue;
		struct node *node = tree_find(root_tree(root),
					      root_tree(root)->root, path,
					      false, &above, &missing_last);
		if (node && node->kind == NODE_DIR)
			node->listed = true;
	}
}

void manifest_read(struct root *root, struct arena *arena,
		   struct origin *origin, bool *privileged)
{
	struct buf text = {0};

	if (root_read(root, NULL, "vfiotop/manifest.json", MOST_LABEL,
		      &text) != KNOWN) {
		buf_free(&text);
		return;
	}
	json_t *manifest = json_loadb(buf_str(&text), text.len, 0, NULL);
	const char *time = json_string_value(json_object_get(manifest, "time"));
	if (time)
		origin->time = text_safe(arena, time, strlen(time));
	origin->complete =
		json_is_true(json_object_get(manifest, "complete"));
	*privileged = json_is_true(json_object_get(manifest, "privileged"));
	if (manifest) {
		take_problems(root);
		take_listed(root, json_object_get(manifest, "listed"));
	}
	json_decref(manifest);
	buf_free(&text);
}

static void list_nodes(const struct node *node, json_t *listed,
		       struct buf *problems)
{
	struct buf path = {0};

	if (node->kind == NODE_PROBLEM ||
	    (node->kind == NODE_DIR && node->listed)) {
		tree_name(node, &path);
		if (node->kind == NODE_PROBLEM)
			buf_printf(problems, "%d %s\n", node->errnum,
				   buf_str(&path));
		else
			json_array_append_new(listed,
					      json_string(buf_str(&path)));
		buf_free(&path);
	}
	for (const struct node *child = node->first; child;
	     child = child->next)
		list_nodes(child, listed, problems);
}

void manifest_write(struct tree *tree, const struct system *system)
{
	struct buf problems = {0};
	json_t *listed = json_array();

	list_nodes(tree->root, listed, &problems);
	json_t *manifest = json_pack(
		"{s:i, s:s, s:s, s:s, s:s, s:b, s:b, s:o}", "schema", 1,
		"program", PACKAGE_NAME, "version", PACKAGE_VERSION, "time",
		system->origin.time, "kernel", system->host.release.value ?
		system->host.release.value : "", "complete", 1, "privileged",
		system->host.root, "listed", listed);
	char *text = json_dumps(manifest, JSON_INDENT(1));
	struct node *node = tree_path(tree, "vfiotop/manifest.json", NODE_FILE);
	if (text && node)
		tree_fill(tree, node, text, strlen(text));
	node = tree_path(tree, "vfiotop/problems", NODE_FILE);
	if (node)
		tree_fill(tree, node, buf_str(&problems), problems.len);
	free(text);
	json_decref(manifest);
	buf_free(&problems);
}
