// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_PERFORM_PART_H
#define CLI_PERFORM_PART_H

#include <stdio.h>

#include "act/act.h"
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

/* Show a plan, ask, do it. */
int perform_confirmed(const struct options *options, struct machine *machine,
		      const struct plan *plan);

/* Whether a person says yes; no where nobody is there to ask. */
bool perform_ask(const char *question);

/* Say on standard error what another user left unfinished. */
void perform_warn_of_others(struct machine *machine);

/* --- perform_say.c --- */

/* Print a plan as text; its gates alone. */
void perform_say_plan(const struct scene *scene, const struct plan *plan);
void perform_say_gates(const struct plan *plan, FILE *out);

/* Whether a plan makes or removes mediated devices. */
bool perform_is_about_mdevs(const struct plan *plan);

/* Show a plan as the options want it.  Returns an exit status. */
int perform_show(const struct options *options, struct machine *machine,
		 const struct plan *plan);

/* Say what came of a plan; @after: the machine as it is then, or NULL.
 * Returns the outcome as an exit status. */
int perform_report(const struct options *options, struct machine *machine,
		   const struct plan *plan, enum outcome outcome,
		   const char *message, const struct system *after);

#endif
