// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_COMMAND_H
#define VIEW_COMMAND_H

#include "view/page.h"
#include "view/scene.h"
#include "view/stroke.h"

enum command_id {
#define COMMAND(id, name, keys, where, wants, bar, help) COMMAND_##id,
#include "view/commands.def"
#undef COMMAND
	COMMAND_COUNT,
	COMMAND_NONE = -1
};

/* Where a command can be given. */
enum where {
	WHERE_LIST = 1 << 0,
	WHERE_PAGE = 1 << 1,	/* the summary, or an opened page */
	WHERE_PLAN = 1 << 2,	/* a plan is shown */
	WHERE_RECOVERY = 1 << 3,	/* and it recovers an earlier action */
};

/* What it cannot do without. */
enum wants {
	WANTS_NOTHING = 0,
	WANTS_ROW = 1 << 0,	/* something under the cursor */
	WANTS_DEVICE = 1 << 1,	/* a device or a group under the cursor */
	WANTS_CHOSEN = 1 << 5,	/* the same, or marked ones */
	WANTS_DRIVERS = 1 << 2,	/* a machine whose drivers can be changed, or
				 * a change rehearsed */
	WANTS_ASLEEP = 1 << 3,	/* a sleeping device on the live machine */
	WANTS_QUESTION = 1 << 6,	/* a plan that waits for an answer */
	WANTS_FINDING = 1 << 4,	/* something is said about it */
	WANTS_ROOT = 1 << 9,	/* a live machine that root may see more of */
	WANTS_UNDOABLE = 1 << 8,	/* an action that can be taken back */
	WANTS_WRITING = 1 << 10,	/* a machine that can be written to, or what is
				 * written rehearsed */
	WANTS_PHYSICAL = 1 << 11,	/* a device that can have VFs */
	WANTS_MDEV_TYPE = 1 << 12,	/* a type of mediated devices */
	WANTS_MDEV = 1 << 13,	/* a mediated device */
	WANTS_MODULES = 1 << 14,	/* a plan that could unload modules */
	WANTS_ON_VFIO = 1 << 15,	/* a device on a vfio driver, and the live
					 * machine */
};

struct command {
	const char *name;	/* for ':' and the manual */
	const char *keys;	/* "Up k": see view/stroke.h */
	unsigned where;		/* enum where, ored */
	unsigned wants;		/* enum wants, ored */
	const char *bar;	/* N_(): word for the key bar, or "" */
	const char *help;	/* N_(): a sentence */
};

/* What a command would meet now. */
struct situation {
	const struct scene *scene;
	unsigned where;		/* enum where, ored */
	const char *ref;	/* under the cursor; NULL: nothing */
	unsigned marked;	/* devices chosen by space */
	bool busy;		/* a plan is being carried out */
	bool stuck;		/* the kernel has not come back from a step:
				 * nothing is written any more */
	bool unread;		/* what a plan has just done was not read yet */
	bool asked;		/* a plan is shown that can be confirmed */
	bool modules;		/* one is shown, not begun, that could let
				 * go by unloading modules */
};

extern const struct command commands[COMMAND_COUNT];

/* Return the command of @stroke in the places @where, or COMMAND_NONE. */
enum command_id command_of_stroke(int stroke, unsigned where);

/* Return the command with that name, or COMMAND_NONE. */
enum command_id command_of_name(const char *name);

/* Return why the command is not possible now, as a sentence, or NULL when it
 * is. */
const char *command_refusal(enum command_id id,
			    const struct situation *situation);

/* Draw the keys that lead somewhere into one row, most useful first; those
 * not possible now are dim. */
void command_bar(struct canvas *canvas, struct rect area,
		 const struct situation *situation);

/* Add every command with its keys and its sentence, and why it is not
 * possible now. */
void command_help(const struct situation *situation, struct page *page);

#endif
