// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_VIEW_FINDING_H
#define VIEW_VIEW_FINDING_H

#include "view/page.h"
#include "view/scene.h"

/* Add the whole of a finding to @page: what, why, proof, what to do. */
void finding_page(const struct scene *scene, const struct finding *finding,
		  struct page *page);

/* Add its ways out only: sentences and commands. */
void finding_remedies(const struct finding *finding, struct page *page);

/* Add one line that refers to it: sign, subject, title. */
void finding_line(const struct scene *scene, const struct finding *finding,
		  struct page *page);

/* Return its title as short as a column wants it: what could not be told is
 * what the rule looks for, behind the sign that says so. */
const char *finding_title(const struct finding *finding);

/* Return what it is about, short: "01:00.0", "group 13", "" for the
 * machine. */
const char *finding_subject(const struct scene *scene,
			    const struct finding *finding,
			    struct arena *arena);

/* Add the whole of a finding to @out as text, wrapped at @columns (0: not
 * at all): what `check` and `explain` print. */
void report_finding(const struct scene *scene, const struct finding *finding,
		    unsigned columns, struct buf *out);

/* Whether a device can be given away, and the first reason: "✗ blocked: The
 * host runs from it". */
struct text finding_verdict(const struct scene *scene, int device,
			    struct arena *arena);

#endif
