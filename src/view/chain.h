// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_CHAIN_H
#define VIEW_CHAIN_H

#include "base/arena.h"
#include "view/scene.h"
#include "view/sign.h"

/* A link of the chain from the processor to vfio, with its proof. */
struct chain_link {
	enum mark mark;
	const char *label;	/* "Firmware offers VT-d" */
	const char *proof;	/* what was seen where, or why it was not */
	const char *view;	/* id of the view that shows more, or NULL */
};

enum { CHAIN_MAX = 10 };

/* Fill @links in the order of cause and effect; returns how many. */
unsigned chain_make(const struct scene *scene, struct arena *arena,
		    struct chain_link links[static CHAIN_MAX]);

/* What is called VT-d on this machine: "VT-d", "AMD-Vi", "an IOMMU". */
const char *chain_technology(const struct system *system);

#endif
