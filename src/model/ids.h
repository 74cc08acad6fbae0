// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_IDS_H
#define MODEL_IDS_H

#include "model/system.h"

/*
 * What is known of hardware by its ids: the kernel's own lists of what is
 * broken, and one that people's reports made.  What changes groups is
 * model/quirk's.
 *
 * The lists are those of Linux 6.12.117, held against 6.1.192, which lacks
 * two ids of IDS_NO_FLR, and against what 7.2 has more.
 */
enum id_list {
	IDS_DENIED,		/* vfio-pci refuses them: denylist */
	IDS_NO_BUS_RESET,	/* quirk_no_bus_reset, quirk_nvidia_… */
	IDS_NO_FLR,		/* quirk_no_flr, quirk_no_flr_snet; also no
				 * af_flr */
	IDS_NO_PM_RESET,	/* quirk_no_pm_reset: a way through D3hot that
				 * resets nothing */
	IDS_OWN_RESET,		/* pci_dev_reset_methods */
	IDS_INTX_BROKEN,	/* quirk_broken_intx_masking, and the first
				 * list of mellanox_check_… */
	IDS_INTX_FIRMWARE,	/* the rest of it: broken with old firmware,
				 * which the kernel then says in its log */
	IDS_INTX_HIDDEN,	/* vfio_pci_nointx: vfio shows no pin */
	IDS_NO_ATS,		/* quirk_amd_harvest_no_ats, intel_e2000 */
	IDS_AMD_RESET_BUG,	/* Polaris, Vega, Navi 1x: users' reports */
	IDS_COUNT
};

/*
 * Whether @device is in @list.  Some of a list's ids count only for a
 * revision, a card, a class, or below a bridge: UNREAD (or what else stands
 * against it) where its ids are in the list and that is not known.
 */
enum known ids_known(enum id_list list, const struct device *device);

/* Whether that is known to be so. */
bool ids_have(enum id_list list, const struct device *device);

/* Whether any id of that vendor is. */
bool ids_have_vendor(enum id_list list, const struct device *device);

#endif
