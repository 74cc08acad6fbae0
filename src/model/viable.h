// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_VIABLE_H
#define MODEL_VIABLE_H

#include "model/system.h"

/* Whether the host has its hands off a group, so that VFIO gives it out. */
struct viable {
	enum known known;	/* KNOWN: viable; ABSENT: it is not; else: how
				 * that could not be told */
	int culprit;		/* into the group's members: the first that is in
				 * the way, or cannot be told; NONE */
	bool on_vfio;		/* a member is on a vfio driver */
};

/*
 * Judge a group by the drivers of its members and by what the kernel that
 * runs here lets stand: a bridge's own driver was harmless from 4.13 until
 * 5.19.  Who has it open is not asked.
 *
 * Source: drivers/vfio/vfio.c, vfio_dev_viable(); from 5.19 on
 * drivers/iommu/iommu.c, iommu_group_claim_dma_owner().
 */
struct viable viable_group(const struct system *system,
			   const struct group *group);

/* Whether a member's driver leaves DMA to others, on kernel @version (0: not
 * known).  The member is on PCI. */
bool viable_is_harmless(const struct device *member, unsigned version);

/* The driver of a member, wherever it is. */
const struct fact_text *viable_driver(const struct system *system,
				      const struct member *member);

/* Whether a name is that of a mediated device: a UUID. */
bool viable_is_mediated(const char *name);

#endif
