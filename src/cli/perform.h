// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_PERFORM_H
#define CLI_PERFORM_H

#include "cli/machine.h"
#include "cli/options.h"
#include "model/intent.h"

/* Show what @kind would do to the subjects named in words[from…]; returns
 * an exit status. */
int perform_plan(const struct options *options, struct machine *machine,
		 enum intent_kind kind, unsigned from);

/* Carry out the remedy of @rule that vfiotop can do itself: a kernel
 * parameter.  The finding that fails first counts. */
int perform_fix(const struct options *options, struct machine *machine,
		const char *rule);

/* Do it: plan, gates, confirmation, steps, verification.  On a machine that
 * is not this one it is rehearsed.  Returns an exit status. */
int perform_do(const struct options *options, struct machine *machine,
	       enum intent_kind kind, unsigned from);

/* Do what words[1] says with the session that words[2] names; the words are
 * enough.  Returns an exit status. */
int perform_session(const struct options *options, struct machine *machine);

/* Whether there is such a word behind "session"; *least gets how many words
 * the whole wants at least. */
bool perform_session_is_verb(const char *verb, unsigned *least);

/* Do what words[0] says with virtual functions (vfs), mediated devices (mdev
 * create, remove), resets (reset) or power (power).  The words are enough:
 * perform_parts_check said so.  Returns an exit status. */
int perform_parts(const struct options *options, struct machine *machine);

/* Whether the words behind such a command are enough; false with *err. */
bool perform_parts_check(const struct options *options, struct err *err);
/* Ask the device that words[1] names what VFIO grants; returns an exit
 * status. */
int perform_inspect(const struct options *options, struct machine *machine);

/* Take back the last action that was done; returns an exit status. */
int perform_undo(const struct options *options, struct machine *machine);

/* Give the scene of a live machine what was done to it. */
void perform_pasts(struct machine *machine);

/* Take back what an interrupted action left behind; returns an exit status. */
int perform_recover(const struct options *options, struct machine *machine);

#endif
