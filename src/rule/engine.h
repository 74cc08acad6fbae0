// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_ENGINE_H
#define RULE_ENGINE_H

#include "base/arena.h"
#include "model/finding.h"
#include "model/system.h"

struct clues;

/*
 * Sources a rule cannot do without.  When one is not settled for the
 * subject, the engine answers CANNOT_TELL and says which source and why;
 * the rule's function is not called.  A rule that has several ways to know
 * lists none and asks for itself (judge_unknown).
 */
enum need {
	NEED_GROUPS = 1 << 0,		/* /sys/kernel/iommu_groups */
	NEED_UNITS = 1 << 1,		/* /sys/class/iommu */
	NEED_CMDLINE = 1 << 2,
	NEED_CPU = 1 << 3,		/* vendor_id of /proc/cpuinfo */
	NEED_CPU_FLAGS = 1 << 4,
	NEED_TABLES = 1 << 5,		/* list of ACPI tables */
	NEED_KCONFIG = 1 << 6,
	NEED_LOG = 1 << 7,		/* the log, from its beginning */
	NEED_INTERRUPTS = 1 << 8,
	NEED_DEVICES = 1 << 9,
	NEED_CAPS = 1 << 10,		/* device: both capability lists */
	NEED_MEMBERS = 1 << 11,		/* group: its members */
	NEED_RESERVED = 1 << 12,	/* group: reserved_regions */
	NEED_DRIVER = 1 << 13,		/* device: its driver */
	NEED_GROUP = 1 << 14,		/* device: its group */
	NEED_DISPLAY = 1 << 15,		/* /sys/class/drm */
};

struct rule;

enum { JUDGE_EVIDENCE = 24, JUDGE_REMEDIES = 8 };

/* One judgement in progress: a rule, a subject, and what is said of it. */
struct judge {
	const struct rule *rule;
	const struct system *system;
	struct clues *clues;		/* what several sources say together */
	struct subject subject;
	struct arena *arena;
	struct finding *finding;	/* being filled */
	struct evidence evidence[JUDGE_EVIDENCE];	/* more is dropped */
	struct remedy remedies[JUDGE_REMEDIES];
};

struct rule {
	const char *id;
	enum scope scope;
	enum severity severity;		/* at most; judge_severity may lower */
	unsigned needs;			/* enum need, ored */
	bool aside;			/* as in struct finding */
	const char *title;		/* N_(): what is wrong, at most 60
					 * columns */
	const char *well;		/* N_(): what is true when it passes */
	const char *why;		/* N_(): one to three sentences */
	const char *sees;		/* N_(): which evidence it uses */
	const char *reference;		/* below Documentation/, or "" */
	const char *const *after;	/* ids, NULL-ended, or NULL: when one of
					 * these failed before (for the system,
					 * for the same subject, or for its
					 * group), this rule's finding is
					 * folded under it */
	enum verdict (*judge)(struct judge *judge);
};

/*
 * Every rule, cause first; ends with id NULL.  The order of the rows is the
 * order of the findings, scope by scope and subject by subject; about the
 * system what failed comes first, the graver before the slighter.
 */
const struct rule *rule_table(void);

/* Return the rule with that id, or NULL. */
const struct rule *rule_find(const char *id);

/* Return what is read for one need, as a path or in words. */
const char *rule_need_source(enum need need);

/* Judge everything.  The result is in @arena and points into @system. */
const struct findings *rules_judge(const struct system *system,
				   struct arena *arena);

/* --- for the rules themselves --- */

/* Say what proves it.  @source is a path as on the machine, or "kernel log".
 */
void judge_evidence(struct judge *judge, const char *source,
		    const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Add a way out; @commands may be NULL, else NULL-ended. */
void judge_remedy(struct judge *judge, const char *const *commands,
		  const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Add the remedy "add (or, with @remove, take away) a kernel parameter",
 * with file and commands for the boot loader that this machine shows. */
void judge_parameter(struct judge *judge, const char *parameter, bool remove);

/* Add the remedy "take @word out of the parameter @name"; other words that
 * the parameter has stay. */
void judge_word(struct judge *judge, const char *name, const char *word);

/* Replace the rule's title or why by one that names names. */
void judge_title(struct judge *judge, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void judge_why(struct judge *judge, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Lower the severity of this one finding. */
void judge_severity(struct judge *judge, enum severity severity);

/* Say which source was missing and what would let it be seen; returns
 * VERDICT_CANNOT_TELL. */
enum verdict judge_unknown(struct judge *judge, const char *source,
			   enum known known);

/* The same for the kernel's log, which may be there without its beginning. */
enum verdict judge_unknown_log(struct judge *judge);

#endif
