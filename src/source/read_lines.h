// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_READ_LINES_H
#define SOURCE_READ_LINES_H

#include "source/read.h"

/* A list of lines from many files; starts as {0}. */
struct lines {
	struct config_line *items;
	unsigned count;
	size_t room;
};

/* Add the lines of reader->text, but for comments and empty ones, as those of
 * @source. */
void read_lines(struct reader *reader, const char *source,
		struct lines *lines);

/*
 * Add those of every *.conf of @folder, which is read below @above; the source
 * of each is @before and its path.  *known gets better from ABSENT, and DENIED
 * where a file could not be read.
 */
void read_lines_folder(struct reader *reader, const char *before,
		       const char *above, const char *folder,
		       struct lines *lines, enum known *known);

#endif
