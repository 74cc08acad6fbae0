// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text interface, put together: what it shows comes from the floors
 * below, the screen from tui/.
 */
#include "explore.h"

#include "source/archive.h"
#include "source/manifest.h"
#include "source/read.h"

bool capture_root(struct root *root, struct arena *arena, const char *path,
		  struct err *err)
{
	root_tee(root);
	const struct system *system =
		source_read(root, arena, AREA_ALL, NULL);
	manifest_write(root_tree(root), system);
	return archive_write(root_tree(root), path, err);
}

int explore(const struct options *options)
{
	(void)options;
	return EXIT_BROKEN;
}
