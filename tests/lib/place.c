// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A folder of a test's own, for what is written beside the machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "plant.h"

/* Scripts are run there, too. */
static bool may_be_used(const char *folder)
{
	struct statvfs info;

	return access(folder, W_OK | X_OK) == 0 &&
	       statvfs(folder, &info) == 0 && !(info.f_flag & ST_NOEXEC);
}

void place_make(struct place *place)
{
	char made[32];

	*place = (struct place){0};
	snprintf(made, sizeof made, "%s/vfiotop-test-XXXXXX",
		 may_be_used("/dev/shm") ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(made));
	snprintf(place->folder, sizeof place->folder, "%s/vfiotop", made);
}

void place_empty(const struct place *place)
{
	plant_remove(place->folder);
}

void place_remove(struct place *place)
{
	*strrchr(place->folder, '/') = '\0';
	plant_remove(place->folder);
	arena_free(&place->arena);
}

int place_start(void **state)
{
	struct place *place = test_malloc(sizeof *place);

	place_make(place);
	*state = place;
	return 0;
}

int place_stop(void **state)
{
	struct place *place = *state;

	place_remove(place);
	test_free(place);
	return 0;
}
