// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_CONTRAST_H
#define VIEW_CONTRAST_H

#include "model/diff.h"
#include "view/scene.h"
#include "view/sign.h"
#include "view/table.h"

/*
 * A difference as a person reads it: a line of a comparison, or of the log of
 * what changed while one looked.  Texts are never NULL.
 */
struct contrast {
	enum difference_kind kind;
	enum role role;		/* bad where something came that stands in the
				 * way */
	const char *time;	/* when it was seen; "" in a comparison */
	const char *ref;	/* what it is about now; "": nothing any more */
	const char *subject;	/* "01:00.0 GeForce RTX 4090"; "" the machine */
	const char *what;	/* "driver", "parameter iommu" */
	const char *from, *to;	/* "–" where not there */
	bool unnamed;		/* its device's name was not loaded yet */
};

/* What was seen to change, oldest first. */
struct changes {
	const struct contrast *items;
	unsigned count;
};

/* Return @difference, which is one of @before and @after; in @arena. */
struct contrast contrast_of(const struct scene *before, const struct scene *after,
			    const struct difference *difference,
			    struct arena *arena);

/* Copy it, with @time, so that it outlives the readings. */
struct contrast contrast_keep(const struct contrast *contrast, const char *time,
			  struct arena *arena);

/* Return the sign that stands for a kind: "+" appeared, "~" changed. */
const char *contrast_sign(enum difference_kind kind);

/* Return it as a sentence: "02:00.0 GeForce RTX 4090: driver: nvidia → vfio-pci". */
const char *contrast_say(const struct contrast *contrast, struct arena *arena);

/* What a row shows of it, from column @first on. */
enum { CONTRAST_SIGN, CONTRAST_SUBJECT, CONTRAST_WHAT, CONTRAST_FROM, CONTRAST_TO,
       CONTRAST_COLUMNS };
void contrast_fill(const struct contrast *contrast, unsigned first,
		 struct row *row);

#define CONTRAST_COLUMNS_FROM(first) \
	[(first) + CONTRAST_SIGN] = { .id = "sign", .title = "", .least = 1 }, \
	[(first) + CONTRAST_SUBJECT] = { .id = "subject", \
		.title = N_("About"), .least = 12, .flexible = true }, \
	[(first) + CONTRAST_WHAT] = { .id = "what", .title = N_("What"), \
		.least = 10, .flexible = true }, \
	[(first) + CONTRAST_FROM] = { .id = "before", .title = N_("Before"), \
		.least = 8, .flexible = true }, \
	[(first) + CONTRAST_TO] = { .id = "after", .title = N_("After"), \
		.least = 8, .flexible = true }

#endif
