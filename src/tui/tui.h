// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "base/arena.h"
#include "base/err.h"
#include "model/grant.h"
#include "tui/term.h"
#include "view/scene.h"

/* How to read the machine. */
enum look {
	LOOK_AGAIN,	/* as ever */
	LOOK_BRIEFLY,	/* at what the news were about: a whole look is owed */
	LOOK_LONG,	/* and watch for a second who opens nodes: before
			 * anything is written */
	LOOK_INSIDE,	/* and into the initramfs, which takes a while; later
			 * readings keep what it found */
	LOOK_AS_ROOT,	/* by another, who may see more */
	LOOK_LONG_AS_ROOT,	/* and watches for a second */
};

/* What the text interface is given, and what it may ask for. */
struct tui_config {
	const struct scene *scene;	/* read and judged; names may be NULL */
	enum term_color color;
	bool interactive;	/* rights must be asked for: pkexec or sudo may
				 * use the terminal when a plan begins */
	void *context;		/* handed to every function below */

	/*
	 * Begin to read the machine again, in place of a reading under way,
	 * the device at @wake (may be NULL) even if it sleeps; false with
	 * *err when that cannot be.  May be NULL: a machine that does not
	 * change.
	 */
	bool (*read)(void *context, enum look look, const struct bdf *wake,
		     struct err *err);

	/* Whether rights for what is under way were given or refused: until
	 * then whoever asks for them may want the terminal. */
	bool (*read_has_begun)(void *context);

	/* What to poll for reading meanwhile (-1: nothing), and for how many
	 * milliseconds at most; go on, true when it is over; take what was
	 * read, in @arena, NULL with *err when nothing could be. */
	int (*read_fd)(void *context);
	int (*read_timeout)(void *context);
	bool (*read_step)(void *context);
	const struct system *(*read_take)(void *context, struct arena *arena,
					  struct err *err);

	/* Load the names of the devices of @system into @arena; may be NULL.
	 * Called late: the first screen does not wait for it. */
	const struct names *(*names)(void *context,
				     const struct system *system,
				     struct arena *arena);

	/* Understand what a device that was asked told, in @arena; NULL where it
	 * makes no sense. */
	const struct grant *(*grant)(const char *record, size_t len,
				     struct arena *arena);

	/* Read and judge another machine, which @path names, to compare with;
	 * it lives until the next one.  NULL with *err.  May be NULL. */
	const struct scene *(*other)(void *context, const char *path,
				     struct err *err);

	/* Write a capture to @path; may be NULL. */
	bool (*capture)(void *context, const char *path, struct err *err);

	/* A descriptor that is readable when the machine may have changed, and
	 * what takes the news from it (true: read again); -1 and NULL for
	 * none. */
	int watch_fd;
	bool (*watch)(void *context);
};

/*
 * Run the text interface until the person leaves it.  False with *err, and
 * nothing drawn, when the terminal cannot be used.  The terminal is given
 * back in every case.
 */
bool tui_run(const struct tui_config *config, struct err *err);

#endif
