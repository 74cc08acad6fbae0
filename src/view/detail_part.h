// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_DETAIL_PART_H
#define VIEW_DETAIL_PART_H

#include "view/detail.h"

/* What the files detail*.c share; private to them. */

enum { DETAIL_LABEL = 11 };	/* columns of the labels */

/* Add what a GPU has that others have not: screens, consoles, the firmware's
 * framebuffer, memory (detail_gpu.c). */
void detail_screens(const struct scene *scene, int device, struct page *page);
void detail_memory(const struct device *device, struct page *page);

/* Add who holds it, and with what. */
void detail_holders(const struct system *system, int device,
		    struct page *page);

/* Add what the host would lose with a device or a group. */
void detail_losses(const struct scene *scene, struct subject subject,
		   struct page *page);

#endif
