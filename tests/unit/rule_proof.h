// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_RULE_PROOF_H
#define TESTS_RULE_PROOF_H

#include "rule/engine.h"

/*
 * Whether what findings on a made machine show could be looked up there.  Such
 * a machine has no files: a path must be one that readers ask for, see
 * unit/rule_sources.def, and what it names must be a part of the machine,
 * unless the proof is that it is not there.
 */

/*
 * Count, and print, what is wrong with findings: evidence that could not be
 * looked up, and those that cannot tell without naming the source that was
 * wanting, and why.  @edits is for the words.
 */
unsigned proof_count_wrong(const struct findings *findings, const char *edits);

/* The same of rules whose list of what they see has a path that nobody reads;
 * @rules ends with id NULL. */
unsigned proof_count_unseen(const struct rule *rules);

/* The same of rows of the list of sources that nothing has named yet. */
unsigned proof_count_unused(void);

#endif
