// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_VIEW_MDEV_H
#define VIEW_VIEW_MDEV_H

#include "view/page.h"
#include "view/scene.h"

/* What a row of the list of mediated devices is about; NONE where it is
 * about none such. */
struct mdev_ref {
	int parent, type, item;		/* into system->mdevs */
};

/* Whether @ref is one of that list's own. */
bool mdev_is_ref(const char *ref);

/* Find what @ref is about: a device that is a parent, too.  False when it is
 * nothing of mediated devices, or is not there any more. */
bool mdev_find(const struct scene *scene, const char *ref,
	       struct mdev_ref *found);

/* Add all that is known of it to a page. */
void mdev_page(const struct scene *scene, const struct mdev_ref *about,
	       struct page *page);

#endif
