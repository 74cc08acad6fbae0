// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_REFRESH_H
#define MODEL_REFRESH_H

#include "model/system.h"

/*
 * The words of the command by which this distribution makes its initramfs
 * anew, NULL behind them; NULL where it is not known.
 */
const char *const *refresh_words(const struct host *host);

/* The same as a line, "update-initramfs -u"; "" where it is not known. */
const char *refresh_line(const struct host *host, struct arena *arena);

#endif
