// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What changed while one looked, newest first.  It is kept by tui/app.
 */
#include "view/view.h"

#include "base/i18n.h"
#include "view/contrast.h"

enum { COL_TIME, COL_CHANGE };

static const struct column columns[] = {
	[COL_TIME] = { .id = "time", .title = N_("Seen"), .least = 8,
		.by_order = true },
	CONTRAST_COLUMNS_FROM(COL_CHANGE),
};

static void build(const struct scene *scene, struct rows *rows)
{
	const struct changes *changes = scene->changes;

	for (unsigned i = changes ? changes->count : 0; i--;) {
		const struct contrast *contrast = &changes->items[i];
		struct row *row = rows_note(
			rows, arena_printf(rows->arena, "change:%u", i), 0);
		row->open = *contrast->ref ? contrast->ref : NULL;
		row_set(row, COL_TIME, ROLE_DIM, contrast->time);
		contrast_fill(contrast, COL_CHANGE, row);
	}
}

const struct view view_changes = {
	.id = "changes", .title = N_("Changes"), VIEW_COLUMNS(columns),
	.build = build,
	.empty = N_("Nothing has changed since the explorer was started."),
};
