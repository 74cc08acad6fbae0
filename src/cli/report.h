// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/machine.h"
#include "cli/options.h"

/* What a list needs to be read and had; false when there is no such list. */
bool report_list_needs(const char *what, bool json, unsigned *areas,
		       unsigned *with);

/* Each prints to standard output and returns an exit status. */
int report_list(const struct options *options, const struct machine *machine,
		const char *what);
int report_check(const struct options *options,
		 const struct machine *machine);
int report_explain(const struct options *options,
		   const struct machine *machine, const char *word);

/* Compare @before with @machine; the status is EXIT_READY where nothing
 * differs, else EXIT_WARNINGS. */
int report_diff(const struct options *options, const struct machine *before,
		const struct machine *machine);

/* Print what another program needs to be told about the subjects that follow
 * the two words of the command. */
int report_export(const struct options *options,
		  const struct machine *machine);

/* Explain a topic where no machine could be read; false where @word is none.
 */
bool report_explain_alone(const struct options *options, const char *word);

#endif
