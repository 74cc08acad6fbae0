// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who holds a device node open, told by /proc/PID/fd.  It opens no node and
 * ends no process.
 */
#include "apply/held.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two names of one node, wherever they are. */
static bool is_same(const struct stat *a, const struct stat *b)
{
	if (S_ISCHR(a->st_mode) || S_ISCHR(b->st_mode))
		return S_ISCHR(a->st_mode) && S_ISCHR(b->st_mode) &&
		       a->st_rdev == b->st_rdev;
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether the process behind the folder holds it. */
static bool holds(int proc, const char *pid, const struct stat *node)
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
		held = holds(dirfd(list), entry->d_name, &node);
		if (held)
			say_who(dirfd(list), entry->d_name, who, size);
	}
	if (list)
		closedir(list);
	return held;
}
