// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_IDS_H
#define MODEL_IDS_H

#include "model/system.h"

/*
 * What is known of hardware by its ids alone: the kernel's own lists of what
 * is broken, and a few that people's reports made.
 */
enum id_list {
	IDS_DENIED,		/* vfio-pci refuses them: denylist */
	IDS_NO_BUS_RESET,	/* quirk_no_bus_reset */
	IDS_NO_FLR,		/* quirk_no_flr */
	IDS_OWN_RESET,		/* pci_dev_reset_methods */
	IDS_INTX_BROKEN,	/* quirk_broken_intx_masking and vfio's own */
	IDS_NO_ATS,		/* quirk_amd_harvest_no_ats, intel_no_ats */
	IDS_AMD_RESET_BUG,	/* Polaris, Vega, Navi 1x: users' reports */
	IDS_COUNT
};

/* Whether the vendor and device id of @device are in @list. */
bool ids_have(enum id_list list, const struct device *device);

/* Whether any id of that vendor is. */
bool ids_have_vendor(enum id_list list, const struct device *device);

#endif
