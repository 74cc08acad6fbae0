// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_SESSION_MADE_H
#define TESTS_SESSION_MADE_H

#include "plan/session.h"

/* The made desktop, changed; and what it takes to have its GPU in use. */
const struct system *made(struct arena *arena, const char *edits);
extern const char busy[];

/* A session of the GPU, which stops the service and gives the consoles away. */
struct session saved(const struct system *system, struct arena *arena);

#endif
