// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_PLANT_H
#define TESTS_PLANT_H

#include <stddef.h>

/* A folder of one's own that looks like a machine's root: a temporary one,
 * with what a test puts into it.  Paths are below it. */
extern char plant_root[];

/* For cmocka: make it, remove it whole. */
int plant_start(void **state);
int plant_stop(void **state);

/* Remove any folder with all that is in it; 0 when it is gone. */
int plant_remove(const char *folder);

/* The whole path of what is there. */
void plant_path(char full[static 512], const char *path);

/* Put a file, a link, an empty folder there; folders on the way are made. */
void plant_text(const char *path, const char *text);
void plant_bytes(const char *path, const void *bytes, size_t len);
void plant_link(const char *path, const char *target);
void plant_folder(const char *path);

#endif
