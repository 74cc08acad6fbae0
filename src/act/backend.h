// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_BACKEND_H
#define ACT_BACKEND_H

#include "plan/wire.h"

/*
 * Who does the steps: the writer (run.h) or the model of the kernel
 * (rehearse.h).  One step at a time; each is answered by one reply, the
 * first reply of all is REPLY_READY, or REPLY_BUSY and no other, and REPLY_STUCK
 * may be followed by REPLY_RETURNED.
 */
enum taken {
	TAKEN_NOTHING,	/* no answer yet: poll .fd */
	TAKEN_REPLY,
	TAKEN_END,	/* it is gone; nothing will be answered any more */
};

struct backend {
	void *self;
	/* Begin a step; false when it cannot be told to. */
	bool (*send)(void *self, const struct step *step);
	enum taken (*take)(void *self, struct reply *reply);
	/* The descriptor to poll for reading; -1: an answer is there at once. */
	int (*fd)(const void *self);
	/* Why it is gone, for a person; "" when it said nothing. */
	const char *(*last_words)(const void *self);
	void (*close)(void *self);
};

#endif
