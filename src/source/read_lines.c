// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads files of lines, such as those of modprobe.d.  What the lines mean is
 * not its business.
 */
#include "source/read_lines.h"

#include <string.h>

#include "base/text.h"

void read_lines(struct reader *reader, const char *source,
		struct lines *lines)
{
	const char *at = buf_str(&reader->text), *line;
	size_t len;

	while (text_line(&at, buf_end(&reader->text), &line, &len)) {
		const char *text = text_safe(reader->arena, line, len);
		if (!*text || *text == '#' || *text == ';')
			continue;
		lines->items = arena_grow(reader->arena, lines->items,
					  lines->count, &lines->room,
					  sizeof *lines->items);
		lines->items[lines->count++] =
			(struct config_line){ source, text };
	}
}

void read_lines_folder(struct reader *reader, const char *before,
		       const char *above, const char *folder,
		       struct lines *lines, enum known *known)
{
	struct arena names = {0};
	struct listing listing;
	const char *where = arena_printf(&names, "%s%s", above, folder);
	enum known here =
		root_list(reader->root, NULL, where, &names, &listing);

	/* What could not be read is the worse answer. */
	if (here == KNOWN && *known != DENIED)
		*known = KNOWN;
	else if (here != KNOWN && *known == ABSENT)
		*known = here;
	for (unsigned i = 0; i < listing.count; i++) {
		const char *name = listing.names[i];
		if (!text_ends(name, ".conf"))
			continue;
		if (read_file(reader, arena_printf(&names, "%s/%s", where,
						   name)) == KNOWN)
			read_lines(reader, arena_printf(reader->arena,
							"%s%s/%s", before,
							folder, name), lines);
		else
			*known = DENIED;
	}
	arena_free(&names);
}
