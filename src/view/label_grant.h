// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef VIEW_LABEL_GRANT_H
#define VIEW_LABEL_GRANT_H

#include "model/grant.h"
#include "plan/ask.h"
#include "view/scene.h"

/*
 * How VFIO's bits and numbers are called.  Words are the field's own and the
 * same in JSON; sentences are translated.  NULL where a number has no name.
 */
const char *label_device_flag(unsigned bit);	/* "reset", "pci" */
const char *label_region_flag(unsigned bit);	/* "read", "mmap" */
const char *label_irq_flag(unsigned bit);	/* "eventfd" */
const char *label_region(unsigned index);	/* of PCI: "BAR 0", "config" */
const char *label_irq(unsigned index);		/* of PCI: "MSI-X" */
const char *label_feature(unsigned number);	/* "bus-master" */
const char *label_extension(unsigned number);	/* "TYPE1v2" */
const char *label_extension_use(unsigned number); /* what that means */

/* Whose capabilities. */
enum grant_owner { GRANT_OF_DEVICE, GRANT_OF_REGION, GRANT_OF_IOMMU };
const char *label_cap(enum grant_owner owner, unsigned id);

/* Return the names of the bits of @flags with blanks between; a bit without
 * a name as "bit 9". */
const char *label_bits(uint32_t flags, const char *(*name)(unsigned bit),
		       struct arena *arena);

/* Return why the kernel did not grant the device, a sentence with what to
 * do. */
const char *label_refusal(const struct scene *scene, const struct ask *ask,
			  const struct grant *grant, struct arena *arena);

#endif
