// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/finding.h"
#include "source/scout.h"
#include "view/scene.h"

/*
 * A machine as a command needs it: opened, read as far as wanted, judged,
 * and its devices named.
 */
struct machine {
	struct root *root;
	struct scout *scout;	/* NULL: not this machine */
	struct arena arena;
	struct scene scene;
};

/* What to have beside the system. */
enum { WITH_FINDINGS = 1 << 0, WITH_NAMES = 1 << 1 };

/* Open and read; false with *err when the root cannot be read. */
bool machine_open(struct machine *machine, const char *path, unsigned areas,
		  unsigned with, struct err *err);
/* Read it once more; the scene stays as it was.  NULL with *err when it cannot
 * be read. */
const struct system *machine_read(struct machine *machine, unsigned areas,
				  struct err *err);
void machine_close(struct machine *machine);

/* Read all of the machine that @from names, with @more areas, and write it to
 * @to; false with *err. */
bool machine_capture(const char *from, const char *to, unsigned more,
		     struct err *err);

/* Write what @machine was read from to @to; false with *err. */
bool machine_keep(struct machine *machine, const char *to, struct err *err);

#endif
