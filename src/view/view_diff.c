// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine compared with another reading: of yesterday, of before the
 * board's update.  What differs is found out by model/diff.
 */
#include "view/view.h"

#include <string.h>

#include "base/i18n.h"
#include "view/contrast.h"

static const struct column columns[] = { CONTRAST_COLUMNS_FROM(0) };

static struct diff compare(const struct scene *scene, struct arena *arena)
{
	const struct scene *other = scene->other;

	return diff_make(other->system, scene->system, other->findings,
			 scene->findings, arena);
}

static void build(const struct scene *scene, struct rows *rows)
{
	if (!scene->other)
		return;
	struct diff diff = compare(scene, rows->arena);
	for (unsigned i = 0; i < diff.count; i++) {
		struct contrast contrast = contrast_of(
			scene->other, scene, &diff.items[i], rows->arena);
		struct row *row = rows_note(
			rows, arena_printf(rows->arena, "differs:%u", i), 0);
		row->open = *contrast.ref ? contrast.ref : NULL;
		contrast_fill(&contrast, 0, row);
	}
}

/* What a reading is called: its file, and when it was made. */
static const char *name_of(const struct origin *origin, struct arena *arena)
{
	const char *slash = strrchr(origin->path, '/');
	const char *name = slash && slash[1] ? slash + 1 : origin->path;

	if (origin->kind == ORIGIN_LIVE)
		return _("now");
	return *origin->time ? arena_printf(arena, "%s (%s)", name,
					    origin->time) : name;
}

/* "3 facts differ, 2 more are known to one of them only: A → B"; the count
 * first, for the names may be long. */
static const char *sum_up(const struct scene *scene, const struct diff *diff,
			  struct arena *arena)
{
	const char *text = diff->count ?
		arena_printf(arena, P_("%u fact differs", "%u facts differ",
				       diff->count), diff->count) :
		_("Nothing differs that both know");

	if (diff->untold)
		text = arena_printf(
			arena, P_("%s, %u more is known to one of them only",
				  "%s, %u more are known to one of them only",
				  diff->untold), text, diff->untold);
	return arena_printf(arena, "%s: %s → %s", text,
			    name_of(&scene->other->system->origin, arena),
			    name_of(&scene->system->origin, arena));
}

static struct text head(const struct scene *scene, struct arena *arena)
{
	if (!scene->other)
		return (struct text){ "", ROLE_TEXT };
	struct diff diff = compare(scene, arena);
	return (struct text){ sum_up(scene, &diff, arena), ROLE_TEXT };
}

static const char *nothing(const struct scene *scene, struct arena *arena)
{
	if (!scene->other)
		return _("Nothing is compared yet.  :diff FILE compares this "
			 "machine with a capture, a directory or a dump.");
	struct diff diff = compare(scene, arena);
	return sum_up(scene, &diff, arena);
}

const struct view view_diff = {
	.id = "diff", .title = N_("Compared"), VIEW_COLUMNS(columns),
	.build = build, .head = head, .nothing = nothing,
};
