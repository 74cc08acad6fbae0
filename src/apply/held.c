// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who holds a device node, told by /proc/PID/fd and, for what was mapped and
 * closed, by /proc/PID/maps.  It opens no node and ends no process.
 *
 * Source: Documentation/filesystems/proc.rst, maps, map_files.
 */
#include "apply/held.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"

/* Two names of one node, wherever they are. */
static bool is_same(const struct stat *a, const struct stat *b)
{
	if (S_ISCHR(a->st_mode) || S_ISCHR(b->st_mode))
		return S_ISCHR(a->st_mode) && S_ISCHR(b->st_mode) &&
		       a->st_rdev == b->st_rdev;
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether a line of maps is of the node: by the file system and number of its
 * name, or, where a container has a name of its own, by the node behind it. */
static bool is_mapping(int folder, const char *line, const struct stat *node)
{
	size_t range = strcspn(line, " ");
	const char *at = line + range;
	uint64_t offset, major, minor, inode;
	struct stat mapped;
	char path[64];

	at += strspn(at, " ");
	at += strcspn(at, " ");	/* rw-s */
	if (!num_take(&at, 16, &offset) || !num_take(&at, 16, &major) ||
	    *at++ != ':' || !num_take(&at, 16, &minor) ||
	    !num_take(&at, 10, &inode) || !inode)
		return false;
	if (makedev((unsigned)major, (unsigned)minor) == node->st_dev &&
	    inode == node->st_ino)
		return true;
	at += strspn(at, " ");
	snprintf(path, sizeof path, "map_files/%.*s", (int)(range < 40 ? range : 40),
		 line);
	return text_starts(at, "/dev/") &&
	       fstatat(folder, path, &mapped, 0) == 0 &&
	       is_same(&mapped, node);
}

static bool maps(int proc, const char *pid, const struct stat *node)
{
	int folder = openat(proc, pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int file = folder >= 0 ?
		openat(folder, "maps", O_RDONLY | O_CLOEXEC) : -1;
	FILE *lines = file >= 0 ? fdopen(file, "r") : NULL;
	char *line = NULL;
	size_t room = 0;
	bool found = false;

	while (!found && lines && getline(&line, &room, lines) > 0)
		found = is_mapping(folder, line, node);
	free(line);
	if (lines)
		fclose(lines);
	else if (file >= 0)
		close(file);
	if (folder >= 0)
		close(folder);
	return found;
}

/* Whether the process behind the folder has it open. */
static bool opens(int proc, const char *pid, const struct stat *node)
{
	char path[64];
	struct dirent *entry;
	bool found = false;

	snprintf(path, sizeof path, "%.20s/fd", pid);
	int folder = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = folder >= 0 ? fdopendir(folder) : NULL;
	if (!list) {
		if (folder >= 0)
			close(folder);
		return false;
	}
	while (!found && (entry = readdir(list)) != NULL) {
		struct stat open_file;
		found = entry->d_name[0] != '.' &&
			fstatat(dirfd(list), entry->d_name, &open_file,
				0) == 0 && is_same(&open_file, node);
	}
	closedir(list);
	return found;
}

static void say_who(int proc, const char *pid, char *who, size_t size)
{
	char path[64], name[64] = "";

	snprintf(path, sizeof path, "%.20s/comm", pid);
	int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
	ssize_t len = file >= 0 ? read(file, name, sizeof name - 1) : 0;
	if (file >= 0)
		close(file);
	name[len > 0 ? len : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	snprintf(who, size, "%s (%.20s)", name, pid);
}

bool held_by(const char *root, const char *path, char *who, size_t size)
{
	char folder[4096];
	struct stat node;
	struct dirent *entry;
	bool held = false;

	*who = '\0';
	snprintf(folder, sizeof folder, "%s/proc", root);
	if (stat(path, &node) != 0)
		return false;
	DIR *list = opendir(folder);
	while (list && !held && (entry = readdir(list)) != NULL) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
			continue;
		held = opens(dirfd(list), entry->d_name, &node) ||
		       maps(dirfd(list), entry->d_name, &node);
		if (held)
			say_who(dirfd(list), entry->d_name, who, size);
	}
	if (list)
		closedir(list);
	return held;
}
