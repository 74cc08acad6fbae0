// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_VIEW_GRANT_H
#define VIEW_VIEW_GRANT_H

#include "model/grant.h"
#include "plan/ask.h"
#include "view/page.h"
#include "view/scene.h"

/* Add what VFIO granted to who asked for a device, or why it did not. */
void grant_page(const struct scene *scene, const struct ask *ask,
		const struct grant *grant, struct page *page);

#endif
