// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The gates of what a device goes to, whatever it comes from.
 *
 * Source: drivers/uio/uio_pci_generic.c; Documentation/driver-api/uio-howto.rst.
 */
#include "plan/gate_part.h"

#include <string.h>

#include "base/i18n.h"

/* Without vfio nothing confines a device's DMA to what its user may see. */
static void goes_to_uio(const struct gate_view *view)
{
	const char *to = view->change->to;

	if (!to || (strcmp(to, "uio_pci_generic") != 0 &&
		    strcmp(to, "igb_uio") != 0))
		return;
	gate_stand(view, GATE_SOFT, "dev-uio-bound",
		   SAY(_("%s does not use the IOMMU: whoever may open its node "
			 "can let %s reach all memory of the host."),
		       to, view->name),
		   gate_attribute(view, "driver"), to);
}

void gate_targets(struct draft *draft)
{
	for (unsigned i = 0; i < draft->change_count; i++) {
		struct gate_view view = {
			.draft = draft, .system = draft->system,
			.change = &draft->changes[i],
			.device = draft_device(draft, &draft->changes[i]),
			.index = draft->changes[i].device,
		};
		bdf_print_short(view.device->address, view.name);
		if (!view.change->left)
			goes_to_uio(&view);
	}
}
