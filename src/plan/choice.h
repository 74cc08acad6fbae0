// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef PLAN_CHOICE_H
#define PLAN_CHOICE_H

#include "model/system.h"

enum { CHOICE_MOST = 16 };

/* What a person types for "the best of vfio's", and for "no driver". */
#define CHOICE_BEST "best"
#define CHOICE_NONE "none"

/*
 * Return the driver that vfio has for @device: a variant that its modalias
 * names, which knows the device (and can let it migrate), else vfio-pci.
 */
const char *choice_best(const struct device *device, struct arena *arena);

/*
 * Fill @names, NULL-ended, with what could be meant for @device, best first:
 * vfio's, the host's own by its modules, pci-stub, uio_pci_generic, "none".
 * In @arena.
 */
void choice_drivers(const struct system *system, const struct device *device,
		    const char *names[static CHOICE_MOST],
		    struct arena *arena);

#endif
