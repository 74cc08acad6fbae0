// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include <stdbool.h>

#include "model/intent.h"
#include "model/system.h"

enum verdict {
	VERDICT_PASS,		/* looked, and it is well */
	VERDICT_FAIL,		/* it stands in the way, or deserves a word */
	VERDICT_CANNOT_TELL,	/* a source was missing: .because says which */
	VERDICT_NOT_HERE,	/* the rule does not apply to this subject */
};

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_BLOCKER };

enum scope { SCOPE_SYSTEM, SCOPE_IOMMU, SCOPE_GROUP, SCOPE_DEVICE };

/* What a rule, a row or an action is about; index into the array of its
 * scope, 0 for the system. */
struct subject {
	enum scope scope;
	int index;
};

enum { SUBJECT_TEXT = 32 };

/* Print "system", "iommu:dmar0", "group:13" or "0000:01:00.0"; returns
 * @out. */
char *subject_print(const struct system *system, struct subject subject,
		    char out[static SUBJECT_TEXT]);

bool subject_is_same(struct subject a, struct subject b);

/* One proof: the file, and what it said. */
struct evidence {
	const char *source;	/* /proc/cmdline; "kernel log" */
	const char *value;	/* what stood there; "(absent)" */
};

struct edit;	/* model/intent.h */

/* One way out: a sentence, and commands or lines to write, if any. */
struct remedy {
	const char *text;
	const char *const *commands;
	unsigned command_count;
	const struct edit *edit;	/* what vfiotop itself can do of it, or
					 * NULL */
};

struct finding {
	const char *rule;	/* id: intel-iommu-default-off */
	enum severity severity;
	enum verdict verdict;
	struct subject subject;
	const char *title;	/* one line, translated */
	const char *why;	/* one to three sentences; where it did not
				 * FAIL, what it is told by */
	const char *because;	/* of CANNOT_TELL: what was missing and what
				 * would let it be seen; else "" */
	const struct evidence *evidence;
	unsigned evidence_count;
	const struct remedy *remedies;
	unsigned remedy_count;
	const char *reference;	/* below the kernel's Documentation/; or "" */
	const char *under;	/* id of the failed rule that explains this one;
				 * NULL: stands for itself */
	bool aside;		/* in the nature of its subject, such as that a
				 * bridge cannot be given away: listed last,
				 * for whoever asks about that subject */
};

/* All findings of a system, cause first: those about the system, then
 * units, groups, devices, and last the ones that stand aside. */
struct findings {
	const struct finding *items;
	unsigned count;
	const struct system *system;	/* what they are about; may be NULL */
};

/* The whole, in one word. */
enum overall {
	OVERALL_READY, OVERALL_WARNINGS, OVERALL_BLOCKED, OVERALL_UNKNOWN,
};

/*
 * Whether a finding counts for @subject: its own do, those of the system for
 * everything, those of a group for its members, those of a unit for the
 * devices it serves.
 */
bool findings_concern(const struct findings *findings,
		      const struct finding *finding, struct subject subject);

/*
 * Sum up what stands for itself (not folded under a cause).  A blocker that
 * failed wins; then a blocker that could not be told; then warnings.
 *
 * With @subject: all that concerns it.  Without: the machine, which is judged
 * by what was found about the system and its IOMMU units.  Every machine has
 * a host bridge, a screen and a few crowded groups; a GPU that cannot be given
 * away does not make it a machine that cannot give away GPUs.
 */
enum overall findings_overall(const struct findings *findings,
			      const struct subject *subject);

/*
 * Return what the program believes to be the cause: the first finding that
 * failed, stands for itself and is more than a note; about the system when
 * there is one, else about a unit, group or device.  NULL when there is none.
 */
const struct finding *findings_cause(const struct findings *findings);

/* Return the finding of @rule about @subject, or NULL. */
const struct finding *findings_of(const struct findings *findings,
				  const char *rule, struct subject subject);

#endif
