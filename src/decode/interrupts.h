// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_INTERRUPTS_H
#define DECODE_INTERRUPTS_H

#include "base/arena.h"
#include "model/system.h"

/*
 * Parse /proc/interrupts.  The first line names the processors; each other
 * gives a number or a name, a count per processor, and for numbers chip,
 * hardware interrupt with trigger, and actions.  For a name, .chip is "" and
 * .actions says what the line counts.  Returns how many lines, 0 when the
 * first names no processor; the device of each is found later (build_freeze).
 * Form: kernel/irq/proc.c, show_interrupts.
 */
unsigned interrupts_parse(struct arena *arena, const char *text, size_t len,
			  const struct interrupt **out);

#endif
