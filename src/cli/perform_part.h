// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_PERFORM_PART_H
#define CLI_PERFORM_PART_H

#include <jansson.h>

#include "cli/machine.h"
#include "cli/options.h"
#include "plan/plan.h"

/* What the files perform*.c share; private to them. */

/* Fill the devices of @intent with those that @words name; a group stands
 * for all its endpoints. */
bool perform_find(struct machine *machine, const char *const *words,
		  unsigned count, struct intent *intent, struct err *err);

/* Show a plan, ask, do it; with --dry-run only show it.  NULL: complain about
 * @err.  Returns an exit status. */
int perform_intent(const struct options *options, struct machine *machine,
		   const struct intent *intent);


#endif
