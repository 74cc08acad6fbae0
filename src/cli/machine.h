// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/finding.h"
#include "source/read.h"
#include "view/scene.h"

/*
 * A machine as a command needs it: opened, read as far as wanted, judged,
 * and its devices named.
 */
struct machine {
	struct root *root;
	struct arena arena;
	struct scene scene;
};

/* What to have beside the system. */
enum { WITH_FINDINGS = 1 << 0, WITH_NAMES = 1 << 1 };

/* Open and read; false with *err when the root cannot be read. */
bool machine_open(struct machine *machine, const char *path, unsigned areas,
		  unsigned with, struct err *err);
void machine_close(struct machine *machine);

#endif
