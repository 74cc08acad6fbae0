// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_DETAIL_H
#define VIEW_DETAIL_H

#include "view/page.h"
#include "view/scene.h"

/* Add everything known about one device, group or unit to @page. */
void detail_device(const struct scene *scene, int device, struct page *page);
void detail_group(const struct scene *scene, int group, struct page *page);
void detail_unit(const struct scene *scene, int unit, struct page *page);

/* Add how a device is reset and sleeps; and its parts: virtual functions,
 * mediated devices, what UIO shows of it. */
void detail_reset(const struct scene *scene, int device, struct page *page);
void detail_parts(const struct scene *scene, int device, struct page *page);

/* The same of a unit that only the kernel's log tells of. */
void detail_logged_unit(const struct scene *scene, const struct unit *unit,
			struct page *page);

/*
 * Add what @ref names: a finding, a device, a group, a unit, the machine's
 * cause.  False, with a sentence that says so, when it is no longer there.
 */
bool detail_page(const struct scene *scene, const char *ref,
		 struct page *page);

/* Add the findings about @subject, those that are not well, and those that
 * could not be told; false when there are none. */
bool detail_findings(const struct scene *scene, struct subject subject,
		     struct page *page);

#endif
