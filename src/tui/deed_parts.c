// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plans that change no driver, made of what is under the cursor: virtual
 * functions, mediated devices, power.
 */
#include "tui/app_part.h"

#include <string.h>

#include "act/uuid.h"
#include "view/view_mdev.h"

enum effect deed_vfs(struct app *app, unsigned count)
{
	struct intent *intent = deed_start(app);

	*intent = (struct intent){ .kind = INTENT_VFS, .count = count };
	if (!deed_choose(app, intent))
		return EFFECT_PAINT;
	return deed_show(app, intent);
}

/* Awake, unless the first of them is kept awake now. */
enum effect deed_power(struct app *app)
{
	struct intent *intent = deed_start(app);

	*intent = (struct intent){ .kind = INTENT_POWER };
	if (!deed_choose(app, intent))
		return EFFECT_PAINT;
	int first = system_device(app->scene.system, intent->devices[0]);
	const struct fact_text *now = first == NONE ? NULL :
		&app->scene.system->devices[first].runtime_control;
	intent->power = now && now->known == KNOWN &&
			strcmp(now->value, "on") == 0 ? "auto" : "on";
	return deed_show(app, intent);
}

enum effect deed_create(struct app *app)
{
	const struct mdevs *mdevs = &app->scene.system->mdevs;
	const char *ref = screen_ref(app);
	struct intent *intent = deed_start(app);
	struct arena *arena = &app->deed.arena;
	struct mdev_ref found;
	struct err err;

	if (!mdev_find(&app->scene, ref, &found) || found.type == NONE)
		return EFFECT_NONE;
	*intent = (struct intent){
		.kind = INTENT_CREATE,
		.parent = arena_text(arena, mdevs->parents[found.parent].name),
		.type = arena_text(arena, mdevs->types[found.type].id),
		.uuid = uuid_make(arena, &err),
	};
	return intent->uuid ? deed_show(app, intent) :
			      deed_give_up(app, &err);
}

enum effect deed_remove(struct app *app)
{
	const char *ref = screen_ref(app);
	struct intent *intent = deed_start(app);
	struct mdev_ref found;

	if (!mdev_find(&app->scene, ref, &found) || found.item == NONE)
		return EFFECT_NONE;
	*intent = (struct intent){
		.kind = INTENT_REMOVE,
		.uuid = arena_text(&app->deed.arena,
				   app->scene.system->mdevs.items[found.item]
					   .uuid),
	};
	return deed_show(app, intent);
}
