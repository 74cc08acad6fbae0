// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_TOPIC_H
#define VIEW_TOPIC_H

#include "view/page.h"
#include "view/scene.h"

/* An answer to what newcomers ask; topics.def has them all. */
struct topic {
	const char *id;			/* "acs" */
	const char *question;		/* N_() */
	const char *const *text;	/* N_(): paragraphs, NULL-ended */
	const char *(*here)(const struct scene *scene, struct arena *arena);
};

/* Every topic, in the order of the list; ends with id NULL. */
extern const struct topic topics[];

/* Return the topic with that id, or NULL. */
const struct topic *topic_find(const char *id);

/* Return what this machine adds to it, as a sentence; NULL for nothing. */
const char *topic_here(const struct topic *topic, const struct scene *scene,
		       struct arena *arena);

/* Add question, answer, and what is so here. */
void topic_page(const struct scene *scene, const struct topic *topic,
		struct page *page);

/* Add the list of topics, each leading to its page. */
void topic_list(struct page *page);

#endif
