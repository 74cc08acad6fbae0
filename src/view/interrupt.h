// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_INTERRUPT_H
#define VIEW_INTERRUPT_H

#include "view/scene.h"
#include "view/table.h"

/*
 * How devices interrupt, put together from config space and the kernel's list
 * of lines.  Texts live in @arena or longer.
 */

/* How a device interrupts now. */
enum interrupt_kind { INTERRUPT_UNKNOWN, INTERRUPT_NONE, INTERRUPT_PIN,
		      INTERRUPT_MSI, INTERRUPT_MSIX };

/* Return it; *lines gets how many the kernel's list names as the device's. */
enum interrupt_kind interrupt_kind_of(const struct system *system, int device,
				      unsigned *lines);

/* Return the word of it for other programs: "msi-x"; NULL for unknown. */
const char *interrupt_word(enum interrupt_kind kind);

/* Return a device's mode: "MSI-X 5/65", vectors in use and at most; "MSI";
 * "INTA, line 16". */
struct text interrupt_mode(const struct system *system, int device,
			   struct arena *arena);

/* Return whether its interrupts go through the IOMMU: "yes", "no". */
struct text interrupt_remapped(const struct system *system, int device);

/* The same of one line. */
struct text interrupt_line_remapped(const struct interrupt *line);

/* Whether several handlers wait on one line. */
bool interrupt_is_shared(const struct interrupt *line);

/* Return the line that a device without MSI uses, or NULL. */
const struct interrupt *interrupt_of_pin(const struct system *system,
					 int device);

/* Whether interrupts can reach a running guest without the host: KNOWN yes,
 * ABSENT no; *able gets whether the units could. */
enum known interrupt_posted(const struct system *system, enum known *able);

/* How it stands with all of them, in a sentence or three. */
struct text interrupt_summary(const struct scene *scene, struct arena *arena);

#endif
