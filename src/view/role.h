// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_ROLE_H
#define VIEW_ROLE_H

/* What a character means.  The terminal alone knows how a role looks; none
 * of them says anything that the character does not say as well. */
enum role {
	ROLE_TEXT,
	ROLE_DIM,	/* beside the point: hints, absent things */
	ROLE_TITLE,	/* name of a page, a box, a section */
	ROLE_HEADING,	/* over a column */
	ROLE_TAB,	/* the view one is in */
	ROLE_GOOD,
	ROLE_WARN,
	ROLE_BAD,
	ROLE_UNKNOWN,
	ROLE_KEY,	/* what can be pressed */
	ROLE_BORDER,
	ROLE_ADDRESS,
	ROLE_MARKED,	/* chosen by the person, by space */
	ROLE_CHANGED,	/* new since the last reading; to be written */
	ROLE_COUNT
};

/* What a character stands on. */
enum ground {
	GROUND_PLAIN,
	GROUND_BAND,		/* every other group, so that one sees it */
	GROUND_SELECTED,	/* under the cursor */
	GROUND_COUNT
};

#endif
