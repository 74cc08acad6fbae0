// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Made machines, and what is said of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/explained.h"

#include "lib/alter.h"
#include "lib/scenes.h"
#include "view/explain.h"
#include "view/view.h"

struct arena arena;

struct buf out;

int clean(void **state)
{
	(void)state;
	arena_free(&arena);
	buf_free(&out);
	return 0;
}

struct scene scene_with(const char *machine, const char *edits)
{
	struct scene scene = made_scene(&arena, machine);
	struct system *system = arena_alloc(&arena, sizeof *system);

	*system = *scene.system;
	alter(system, edits);
	scene.system = system;
	scene.findings = rules_judge(system, &arena);
	return scene;
}

const char *explained(const struct scene *scene, const char *word,
		      unsigned columns)
{
	struct page page;

	page_start(&page, &arena, columns);
	assert_true(explain_page(scene, word, &page));
	buf_reset(&out);
	page_text(&page, false, &out);
	return buf_str(&out);
}
