// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_KNOWN_H
#define MODEL_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What became of looking at a source.  "Absent" is knowledge: the directory
 * was read and the name is not in it.  Everything behind ABSENT is a way of
 * not knowing.
 */
enum known {
	UNREAD,		/* nobody looked, or the capture does not hold it */
	KNOWN,		/* read; the value beside it is meant */
	ABSENT,		/* looked for and not there */
	DENIED,		/* there, but these eyes may not read it: needs root */
	ASLEEP,		/* not read: reading would wake the device */
	SHORT,		/* fewer bytes than the thing has (64 of config space) */
	MALFORMED,	/* read, but it makes no sense */
	SILENT,		/* asked, and the kernel did not answer in time */
	KNOWN_COUNT
};

/* Whether the question has an answer: KNOWN or ABSENT. */
static inline bool known_is_settled(enum known known)
{
	return known == KNOWN || known == ABSENT;
}

/*
 * Why a source could not be read, as the end of a sentence: "needs root",
 * "the device is asleep", "not in this capture"…  "" when it is settled.
 */
const char *known_why(enum known known);

/* A number, with what is known of it; value is 0 unless KNOWN. */
struct fact_num {
	enum known known;
	int64_t value;
};

/* A text made safe to print; "" unless KNOWN, never NULL once read. */
struct fact_text {
	enum known known;
	const char *value;
};

#endif
