// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_COMPLAIN_H
#define CLI_COMPLAIN_H

#include "base/err.h"

/* Print the sentence to standard error, made safe for a terminal (it may
 * quote what a person or a stranger wrote); returns @status. */
int complain(const struct err *err, int status);

#endif
