// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_WIRE_H
#define PLAN_WIRE_H

#include "base/buf.h"
#include "plan/plan.h"

/*
 * How steps and answers cross a pipe: one line each, fields with tabs
 * between, everything in a field but printable ASCII without % written as
 * %XX.  The same escapes serve the journal.
 *
 *   do|ensure  write|run|check|file|ask  path value  word word word
 *            before: kind path value  after: kind path value  seconds  self
 *
 * To the writer a step goes as an order: with one field more, the boot that
 * the machine was in when the plan was made, for a plan made of another
 * machine, or before its last start, is not for this one.
 */
enum { WIRE_LINE = 8192, WIRE_FIELDS = 20 };

/* Add one field, escaped; a tab before it unless the line is empty. */
void wire_field(struct buf *line, const char *text);

/*
 * Take a line apart into unescaped fields in @arena.  Returns how many, 0
 * when it is malformed: a bare control character, a bad escape, an escaped
 * NUL, more than WIRE_FIELDS of them.
 */
unsigned wire_split(const char *line, struct arena *arena,
		    const char *fields[static WIRE_FIELDS]);

/* Add the fields of @step to @line; no newline.  What is told only to people
 * (why, device) and the undo do not cross. */
void wire_step(struct buf *line, const struct step *step);

/* Parse what wire_step made, and nothing else.  False with *err. */
bool wire_parse_step(const char *line, struct arena *arena, struct step *step,
		     struct err *err);

/* The same for an order; @boot is /proc/sys/kernel/random/boot_id as it was
 * read with the machine, WIRE_NO_BOOT where it was not. */
#define WIRE_NO_BOOT "-"
void wire_order(struct buf *line, const struct step *step, const char *boot);
bool wire_parse_order(const char *line, struct arena *arena, struct step *step,
		      const char **boot, struct err *err);

enum reply_kind {
	REPLY_READY,	/* waits for the first step */
	REPLY_BUSY,	/* in place of READY: another one is at work on this
			 * machine, or .errnum; nothing is done */
	REPLY_DONE,	/* done, and seen to be */
	REPLY_KEPT,	/* it was so already */
	REPLY_FAILED,
	REPLY_STUCK,	/* past its deadline in the kernel; without a .pid:
			 * the kernel itself has stumbled (an oops) */
	REPLY_RETURNED,	/* what was stuck has come back; nothing follows */
	REPLY_FOUND,	/* .detail is a piece of what was asked for; more
			 * follows */
};

/* Where a step failed. */
enum phase {
	PHASE_REFUSED,	/* no step that the writer does; nothing written */
	PHASE_SELF,	/* the device is another, or its group has changed;
			 * nothing written; .detail is what it is */
	PHASE_BEFORE,	/* what must hold before did not; nothing written */
	PHASE_WRITE,	/* opening or writing: .errnum */
	PHASE_RUN,	/* the program: .errnum, or .detail holds its status */
	PHASE_EXPECT,	/* written, but not seen: .detail is what was seen */
};

struct reply {
	enum reply_kind kind;
	enum phase phase;	/* of FAILED */
	int errnum;		/* of FAILED; 0 where none is told */
	unsigned ms;		/* that the step has taken */
	unsigned pid;		/* of STUCK: the process that waits; of BUSY:
				 * the one at work, 0 for unknown */
	char detail[320];	/* FAILED: see enum phase; STUCK: where it
				 * waits in the kernel; FOUND: see there; BUSY:
				 * the number of the user at work, or "" */
};

void wire_reply(struct buf *line, const struct reply *reply);

/* Parse what wire_reply made; false for anything else. */
bool wire_parse_reply(const char *line, struct reply *reply);

#endif
