// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "view/page.h"
#include "view/scene.h"
#include "view/table.h"

/*
 * A way to look at the machine: a list (columns and build) or a page.  The
 * screen and `vfiotop list` show the same.
 */
struct view {
	const char *id;		/* "groups": of list and of ':' */
	const char *title;	/* N_() */
	char digit;		/* key that goes there; 0: no tab of its own */
	const struct column *columns;
	unsigned column_count;
	void (*build)(const struct scene *scene, struct rows *rows);
	void (*page)(const struct scene *scene, struct page *page);
	enum known (*known)(const struct system *system);
				/* whether its source was read; NULL: always */
	struct text (*head)(const struct scene *scene, struct arena *arena);
				/* how it stands, above a list; NULL: none */
	bool polled;		/* shows what changes without the kernel telling
				 * anyone, such as who holds a device */
	const char *empty;	/* N_(): said when there is nothing to show */
	const char *(*nothing)(const struct scene *scene, struct arena *arena);
				/* the same, where it depends; NULL: .empty */
};

/* The views with a tab come first, in the order of their digits. */
enum { VIEW_TABS = 8, VIEW_COUNT = 20 };

/* A reference that leads to a view: "view:config". */
#define VIEW_REF "view:"

/* Return the index of the view that @ref leads to, or NONE. */
int view_of_ref(const char *ref);

/* Return the view at @index, or NULL behind the last. */
const struct view *view_at(unsigned index);

/* Return the view with that id, or NULL. */
const struct view *view_find(const char *id);

/* Return what to say when the view has nothing to show. */
const char *view_empty(const struct view *view, const struct scene *scene,
		       struct arena *arena);

/*
 * Add the view to @out as plain text: a page wrapped at @columns, or a list
 * with its headings; 0 columns: as wide as it is.
 */
void view_text(const struct view *view, const struct scene *scene,
	       unsigned columns, struct buf *out);

/* The views, each in a file of its own. */
extern const struct view view_summary, view_tree, view_groups, view_gpus,
	view_interrupts, view_vfio, view_devices, view_findings, view_iommus,
	view_holders, view_rules, view_sessions, view_history, view_config,
	view_log, view_drift, view_diff, view_changes, view_usb, view_storage;

#define VIEW_COLUMNS(table) \
	.columns = (table), .column_count = sizeof(table) / sizeof *(table)

#endif
