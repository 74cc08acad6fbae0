// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "view/canvas.h"

/* One line that a person types. */
struct prompt {
	char text[160];		/* valid UTF-8 */
	size_t at;		/* byte the cursor is before */
};

enum prompt_end { PROMPT_GOES_ON, PROMPT_DONE, PROMPT_LEFT };

void prompt_start(struct prompt *prompt, const char *text);

/* Take one stroke: letters, Backspace, arrows, ^U, ^W; Enter ends it, Esc
 * leaves it, so does Backspace in an empty line. */
enum prompt_end prompt_key(struct prompt *prompt, int stroke);

/*
 * Complete the text to the longest beginning that all of @words (NULL-ended)
 * which begin with it share; a blank follows none.  False when nothing begins
 * with it.
 */
bool prompt_complete(struct prompt *prompt, const char *const *words);

/* Draw "label text" and put the canvas' cursor in it. */
void prompt_paint(const struct prompt *prompt, struct canvas *canvas,
		  struct rect area, const char *label);

#endif
