// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_SIGN_H
#define VIEW_SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "view/role.h"

/*
 * The signs of the interface.  Everywhere above the canvas they are written
 * as UTF-8; where a terminal shows ASCII only, the canvas (and sign_puts)
 * puts each one's letter in its place.  Each is one column wide.
 */
#define SIGN_GOOD "✓"
#define SIGN_WARN "!"
#define SIGN_BAD "✗"
#define SIGN_UNKNOWN "?"
#define SIGN_NOTE "·"
#define SIGN_LIT "◉"		/* a screen that someone looks at */
#define SIGN_DARK "◌"		/* a GPU without a screen */
#define SIGN_DISK "⛁"		/* mounted file systems, swap */
#define SIGN_NET "⇅"		/* the way out to the network */
#define SIGN_ASLEEP "z"
#define SIGN_VFIO "V"
#define SIGN_HELD "⚙"		/* a process holds it open */
#define SIGN_NONE "–"

/* What a sign at the head of a line says. */
enum mark { MARK_NONE, MARK_GOOD, MARK_WARN, MARK_BAD, MARK_UNKNOWN,
	    MARK_NOTE };

const char *sign_of(enum mark mark);
enum role sign_role(enum mark mark);

/* Return the ASCII letter that stands for @c: itself for ASCII, '?' where
 * no better one is known. */
uint32_t sign_ascii(uint32_t c);

/* Add @text to @out, letter for letter in ASCII when @ascii. */
void sign_puts(struct buf *out, const char *text, bool ascii);

#endif
