// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which devices a person means: the marked ones, else what is under the
 * cursor; of a group all but its bridges.
 */
#include "tui/app_part.h"

#include "base/text.h"
#include "model/topo.h"
#include "plan/export.h"
#include "view/ref.h"

static void add_device(struct app *app, struct meant *meant, int device)
{
	meant->devices = arena_grow(meant->arena, meant->devices,
				    meant->count, &meant->room,
				    sizeof *meant->devices);
	meant->devices[meant->count++] =
		app->scene.system->devices[device].address;
}

static void add_mdev(struct meant *meant, const char *uuid)
{
	meant->mdevs = arena_grow(meant->arena, meant->mdevs,
				  meant->mdev_count, &meant->mdev_room,
				  sizeof *meant->mdevs);
	meant->mdevs[meant->mdev_count++] = uuid;
}

static void add_group(struct app *app, struct meant *meant, int index)
{
	const struct system *system = app->scene.system;
	const struct group *group = &system->groups[index];

	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at != NONE && !topo_is_bridge(&system->devices[at]))
			add_device(app, meant, at);
		else if (at == NONE && export_is_mdev(group->members[i].name))
			add_mdev(meant, group->members[i].name);
	}
}

static void add_ref(struct app *app, struct meant *meant, const char *ref)
{
	const struct finding *finding;
	struct subject subject;

	if (!ref_find(&app->scene, ref, &subject, &finding))
		return;
	if (subject.scope == SCOPE_DEVICE)
		add_device(app, meant, subject.index);
	else if (subject.scope == SCOPE_GROUP)
		add_group(app, meant, subject.index);
}

static void add_marked(struct app *app, struct meant *meant)
{
	const char *at = buf_str(&app->marked.text);
	const char *end = at + app->marked.text.len, *line;
	size_t len;

	while (text_line(&at, end, &line, &len))
		if (len)
			add_ref(app, meant,
				arena_copy(&app->frame, line, len));
}

void meant_find(struct app *app, struct meant *meant)
{
	const char *ref = app->marked.count ? NULL : screen_ref(app);

	if (app->marked.count)
		add_marked(app, meant);
	else if (ref)
		add_ref(app, meant, ref);
}
