// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tells of each question whether the answer of an earlier reading stands.  It
 * asks nothing itself.
 *
 * What belongs to a device is found by names, not by places: the same device
 * is reached as sys/bus/pci/devices/0000:05:00.0, from its group, its driver
 * and its class, and each name of these is that of its folder.
 */
#include "source/recall.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

/* What changes with the news, and is cheap to ask for. */
static const char *const always[] = {
	"proc/modules", "proc/interrupts", "sys/module/",
};

/* Folders whose names come and go with devices and drivers, and in which a
 * name that was missing may have come. */
static const char *const lists[] = {
	"dev", "proc/driver", "sys/block", "sys/bus", "sys/class",
	"sys/kernel/iommu_groups", "sys/module",
};

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 &&
	       (path[len] == '/' || path[len] == '\0');
}

static bool is_list(const char *path)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (is_below(path, lists[i]))
			return true;
	return false;
}

/* The last name of a path, and the one above it. */
static void last_names(const char *path, const char **name, size_t *len,
		       const char **above, size_t *above_len)
{
	const char *end = path + strlen(path);

	*name = end;
	while (*name > path && (*name)[-1] != '/')
		(*name)--;
	*len = (size_t)(end - *name);
	end = *name > path ? *name - 1 : path;
	*above = end;
	while (*above > path && (*above)[-1] != '/')
		(*above)--;
	*above_len = (size_t)(end - *above);
}

static bool same(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len == b_len && memcmp(a, b, a_len) == 0;
}

/* Whether one of the names of a path is @name. */
static bool has_name(const char *path, const char *name, size_t len)
{
	while (*path) {
		size_t width = strcspn(path, "/");
		if (same(path, width, name, len))
			return true;
		path += width;
		path += *path == '/';
	}
	return false;
}

bool recall_is_news(const struct recall *recall, const char *path)
{
	const char *name, *above, *last, *folder;
	size_t len, above_len, last_len, folder_len;

	last_names(path, &last, &last_len, &folder, &folder_len);
	for (unsigned i = 0; i < recall->news->count; i++) {
		last_names(recall->news->paths[i], &name, &len, &above,
			   &above_len);
		if (has_name(path, name, len) ||
		    same(folder, folder_len, above, above_len))
			return true;
	}
	for (unsigned i = 0; i < recall->group_count; i++)
		if (has_name(path, recall->groups[i],
			     strlen(recall->groups[i])))
			return true;
	return false;
}

/* Whether it is a failure that tells of the name, and not of the moment. */
static bool is_settled(const struct node *node, const char *path)
{
	switch (node->errnum) {
	case ENOENT:
	case ENOTDIR:
	case ENODEV:
	case ENXIO:
		return !is_list(path);
	case EACCES:
	case EPERM:
		return true;
	default:
		return false;
	}
}

const struct node *recall_find(const struct recall *recall, const char *path,
			       bool follow)
{
	struct node *above;
	bool missing_last;
	struct buf real = {0};

	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		if (text_starts(path, always[i]))
			return NULL;
	if (recall_is_news(recall, path))
		return NULL;
	const struct node *node = tree_find(recall->tree, recall->tree->root,
					    path, follow, &above,
					    &missing_last);
	if (!node)
		return NULL;
	tree_name(node, &real);
	if (recall_is_news(recall, buf_str(&real)) ||
	    (node->kind == NODE_PROBLEM && !is_settled(node, buf_str(&real))))
		node = NULL;
	buf_free(&real);
	return node;
}

const struct node *recall_names(const struct recall *recall, const char *path)
{
	const struct node *node = recall_find(recall, path, true);

	if (!node || node->kind == NODE_PROBLEM)
		return node;
	return node->kind == NODE_DIR && node->listed && !is_list(path) ?
		       node : NULL;
}
