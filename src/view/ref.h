// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_REF_H
#define VIEW_REF_H

#include "view/scene.h"

enum { REF_TEXT = 112 };

/*
 * A reference is the name of a subject, or of a finding about one, that
 * outlives the reading: "0000:01:00.0", "group:13", "system no-iommu-groups".
 * The cursor, the marks and the opened pages are kept as references, so they
 * find their subject again after every rebuild.
 */

/* Print the reference of @subject, and of the finding of @rule about it
 * unless that is NULL.  Returns @out. */
char *ref_print(const struct system *system, struct subject subject,
		const char *rule, char out[static REF_TEXT]);

/*
 * Find what @ref names in today's scene.  *finding is NULL when it names
 * none.  False when the subject, or the finding, is no longer there.
 */
bool ref_find(const struct scene *scene, const char *ref,
	      struct subject *subject, const struct finding **finding);

#endif
