// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_VIEW_HISTORY_H
#define VIEW_VIEW_HISTORY_H

#include "plan/past.h"
#include "view/page.h"
#include "view/scene.h"

#define PAST_REF "past:"

/* Return the action that a reference names ("past:/run/vfiotop/3"), or
 * NULL. */
const struct past *past_of_ref(const struct scene *scene, const char *ref);

/* Add what was done, what drove each device before, what drives it now, and
 * how it is taken back. */
void past_page(const struct scene *scene, const struct past *past,
	       struct page *page);

#endif
