// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

#include "base/arena.h"

/* Where a test keeps journals and other files. */
struct place {
	struct arena arena;
	char folder[64];	/* to be made; beside it all is the test's */
};

/* Make it and remove it whole.  Each step waits until its journal is on disk:
 * where memory can be the disk, that takes no time. */
void place_make(struct place *place);
void place_remove(struct place *place);

/* Remove what is in the folder, and it. */
void place_empty(const struct place *place);

/* The same for cmocka, which hands it to each test. */
int place_start(void **state);
int place_stop(void **state);

#endif
