// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Folders that look like a machine's root, for readers.
 */
#include "plant.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

char plant_root[] = "/tmp/vfiotop-test-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int plant_remove(const char *folder)
{
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int plant_start(void **state)
{
	(void)state;
	memcpy(plant_root, "/tmp/vfiotop-test-XXXXXX",
	       sizeof "/tmp/vfiotop-test-XXXXXX");
	return mkdtemp(plant_root) ? 0 : -1;
}

int plant_stop(void **state)
{
	(void)state;
	return plant_remove(plant_root);
}

void plant_path(char full[static 512], const char *path)
{
	snprintf(full, 512, "%s/%s", plant_root, path);
}

/* The whole path, its folders made. */
static void make_way(char full[static 512], const char *path)
{
	plant_path(full, path);
	for (char *at = full + strlen(plant_root) + 1; (at = strchr(at, '/'));
	     at++) {
		*at = '\0';
		mkdir(full, 0755);
		*at = '/';
	}
}

void plant_text(const char *path, const char *text)
{
	plant_bytes(path, text, strlen(text));
}

void plant_bytes(const char *path, const void *bytes, size_t len)
{
	char full[512];

	make_way(full, path);
	int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		err_die("cannot plant %s", full);
	close(fd);
}

void plant_link(const char *path, const char *target)
{
	char full[512];

	make_way(full, path);
	unlink(full);
	if (symlink(target, full) != 0)
		err_die("cannot plant %s", full);
}

void plant_folder(const char *path)
{
	char full[512];

	make_way(full, path);
	mkdir(full, 0755);
}
