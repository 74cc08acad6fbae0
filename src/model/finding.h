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

/* One way out: a sentence, and commands or lines to write, if any. */
struct remedy {
	const char *text;
	const char *const *commands;
	unsigned command_count;
};

struct finding {
	const char *rule;	/* id: intel-iommu-default-off */
	enum severity severity;
	enum verdict verdict;
	struct subject subject;
	const char *title;	/* one line, translated */
	const char *why;	/* one to three sentences */
	const char *because;	/* of CANNOT_TELL: what was missing and what
				 * would let it be seen; else "" */
	const struct evidence *evidence;
	unsigned evidence_count;
	const struct remedy *remedies;
	unsigned remedy_count;
	const char *reference;	/* below the kernel's Documentation/; or "" */
	const char *under;	/* id of the failed rule that explains this one;
				 * NULL: stands for itself */
};

/* All findings of a system, cause first. */
struct findings {
	const struct finding *items;
	unsigned count;
};

/* The whole, in one word. */
enum overall {
	OVERALL_READY, OVERALL_WARNINGS, OVERALL_BLOCKED, OVERALL_UNKNOWN,
};

/*
 * Sum up what stands for itself (not folded under a cause) about @subject,
 * or about everything when @subject is NULL.  A blocker that failed wins;
 * then a blocker that could not be told; then warnings.
 */
enum overall findings_overall(const struct findings *findings,
			      const struct subject *subject);

/* Return the first finding with verdict FAIL that stands for itself, or
 * NULL: what the program believes to be the cause. */
const struct finding *findings_cause(const struct findings *findings);

/* Return the finding of @rule about @subject, or NULL. */
const struct finding *findings_of(const struct findings *findings,
				  const char *rule, struct subject subject);

#endif
