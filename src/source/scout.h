// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_SCOUT_H
#define SOURCE_SCOUT_H

#include <sys/types.h>

#include "base/err.h"
#include "source/read.h"

/*
 * This machine read by a process that can be spared: while a driver does not
 * let go of a device, reading one of the device's files waits in the kernel
 * and no signal ends it.  What does not answer in time is left out of the
 * reading (enum known SILENT) and not asked again until the process that
 * asked has come back.  A reading in whose time it does so is done once more.
 */
struct scout;

struct scout_ways {
	const char *path;	/* as for root_open; NULL: this machine */
	unsigned patience_ms;	/* how long an answer may take; 0: as usual */
	/* For tests: called there before each look; asked here whether a process
	 * that was given up has come back.  Both may be NULL. */
	void (*before)(const char *path);
	bool (*has_ended)(pid_t pid);
};

/* Memory is from @arena. */
struct scout *scout_make(const struct scout_ways *ways, struct arena *arena);

/* End it; what waits in the kernel is left to it. */
void scout_free(struct scout *scout);

/* Begin a reading, in place of one that is under way.  False with *err when
 * there is no process to be had. */
bool scout_start(struct scout *scout, unsigned areas, const struct bdf *wake,
		 struct err *err);

/*
 * The same, but of what does not stand in @news the answers of @before, a
 * reading of the same machine, are taken over.  Both are needed for the call
 * only.
 */
bool scout_start_briefly(struct scout *scout, unsigned areas,
			 const struct root *before, const struct uevents *news,
			 struct err *err);

bool scout_is_reading(const struct scout *scout);

/* The descriptor to poll for reading while it reads, else -1; the
 * milliseconds until scout_step should be called even so. */
int scout_fd(const struct scout *scout);
int scout_timeout(const struct scout *scout);

/* Take what has come, without waiting; false while it still reads. */
bool scout_step(struct scout *scout);

/*
 * What was brought: a root that answers as the machine did, the caller's to
 * close; give it to source_read.  NULL with *err when nothing was.
 */
struct root *scout_take(struct scout *scout, struct err *err);

/* All of it: start, wait, take. */
struct root *scout_read(struct scout *scout, unsigned areas,
			const struct bdf *wake, struct err *err);

#endif
