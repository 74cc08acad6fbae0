// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ACT_PROGRESS_H
#define ACT_PROGRESS_H

/* How far a step is, and what came of the whole. */
enum step_state {
	STEP_WAITING, STEP_RUNNING, STEP_DONE, STEP_FAILED, STEP_STUCK,
	STEP_UNDOING, STEP_UNDONE, STEP_UNDO_FAILED, STEP_SKIPPED,
};

struct progress {
	enum step_state state;
	unsigned milliseconds;	/* that the step took */
	const char *text;	/* why it failed or is stuck; "" else */
};

/* Values are exit statuses of the command line. */
enum outcome {
	OUTCOME_DONE = 0,		/* done and verified */
	OUTCOME_REFUSED = 10,		/* a gate; nothing written */
	OUTCOME_ROLLED_BACK = 11,
	OUTCOME_PARTLY = 12,		/* failed, and the undo failed too */
	OUTCOME_STUCK = 13,
	OUTCOME_DECLINED = 14,		/* by the person */
	OUTCOME_RUNNING = -1,
};

#endif
