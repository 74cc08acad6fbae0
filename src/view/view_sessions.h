// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_VIEW_SESSIONS_H
#define VIEW_VIEW_SESSIONS_H

#include "plan/session.h"
#include "view/page.h"
#include "view/scene.h"

/* Return the session that a reference names ("session:win11"), or NULL. */
const struct session *session_of_ref(const struct scene *scene,
				     const char *ref);

/* Add what a session is and how each of its devices stands. */
void session_page(const struct scene *scene, const struct session *session,
		  struct page *page);

#endif
