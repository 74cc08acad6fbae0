// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What other programs need to be told of the devices that are meant, as a page
 * to read, copy and write to a file.  What it says is plan/export's.
 */
#include "tui/app_part.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "plan/export.h"

void handout_free(struct app *app)
{
	buf_free(&app->handout);
}

const char *const *handout_words(struct app *app)
{
	const char **words = arena_array(&app->frame, EXPORT_COUNT + 1,
					 sizeof *words);

	for (unsigned i = 0; i < EXPORT_COUNT; i++)
		words[i] = export_word((enum export_kind)i);
	return words;
}

bool handout_is_shown(const struct app *app)
{
	return app->opened_count &&
	       text_starts(app->opened[app->opened_count - 1].ref,
			   HANDOUT_REF);
}

static bool make(struct app *app, enum export_kind kind)
{
	struct meant meant = { .arena = &app->frame };
	struct err err;

	/* Another export is of what the one shown is of. */
	bool over = handout_is_shown(app);
	app->opened_count -= over;
	meant_find(app, &meant);
	app->opened_count += over;
	const struct export_wish wish = {
		.kind = kind, .system = app->scene.system,
		.names = app->scene.names, .devices = meant.devices,
		.device_count = (unsigned)meant.count,
		.mdevs = meant.mdevs, .mdev_count = (unsigned)meant.mdev_count,
	};
	struct buf text = {0};
	if (!export_make(&wish, &text, &err)) {
		app_say(app, MARK_BAD, "%s", err.text);
		return false;
	}
	buf_free(&app->handout);
	app->handout = text;
	return true;
}

/* "qemu" opens the page, "qemu FILE" writes it. */
enum effect handout_make(struct app *app, const char *words)
{
	size_t len = strcspn(words, " ");
	const char *word = arena_copy(&app->frame, words, len);
	const char *file = words + len + strspn(words + len, " ");
	enum export_kind kind = export_of_word(word);
	char ref[REF_TEXT];

	if (kind == EXPORT_COUNT) {
		app_say(app, MARK_WARN, "%s",
			_("One of: qemu, libvirt, modprobe, driverctl, "
			  "cmdline, dot; and a file, to write it there."));
		return EFFECT_PAINT;
	}
	/* What is shown is written as it is, not made of the page's text. */
	snprintf(ref, sizeof ref, HANDOUT_REF "%s", word);
	bool shown = handout_is_shown(app) &&
		     strcmp(app->opened[app->opened_count - 1].ref, ref) == 0;
	if (!shown && !make(app, kind))
		return EFFECT_PAINT;
	if (*file) {
		buf_reset(&app->words);
		buf_puts(&app->words, file);
		return EFFECT_WRITE;
	}
	screen_open(app, ref);
	return EFFECT_PAINT;
}

void handout_page(struct app *app, struct page *page)
{
	const char *at = buf_str(&app->handout), *end = buf_end(&app->handout);
	const char *line;
	bool comment = false;
	size_t len;

	page_indent(page, 1, 3);
	while (text_line(&at, end, &line, &len)) {
		const char *text = arena_copy(page->arena, line, len);
		comment |= text_starts(text, "<!--");
		bool dim = comment || *text == '#';
		if (text_ends(text, "-->"))
			comment = false;
		if (dim)
			page_solid(page, ROLE_DIM, text);
		else
			page_add(page, ROLE_TEXT, text);
		page_end(page);
	}
}
