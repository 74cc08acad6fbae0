// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The gates of what a device goes to, whatever it comes from.
 *
 * Source: drivers/uio/uio_pci_generic.c; Documentation/driver-api/uio-howto.rst;
 * drivers/vfio/pci/vfio_pci_core.c, vfio_pci_validate_vf_token() and
 * vfio_pci_bus_notifier().
 */
#include "plan/gate_part.h"

#include <string.h>

#include "base/i18n.h"
#include "model/ids.h"
#include "model/topo.h"

/* Without vfio nothing confines a device's DMA to what its user may see. */
static void goes_to_uio(const struct gate_view *view)
{
	const char *to = view->change->to;

	if (!to || !topo_is_uio_driver(to))
		return;
	gate_stand(view, GATE_SOFT, "dev-uio-bound",
		   SAY(_("%s does not use the IOMMU: whoever may open its node "
			 "can let %s reach all memory of the host."),
		       to, view->name),
		   gate_attribute(view, "driver"), to);
}

/* It serves one interrupt line, and takes no device whose line it could not
 * mask.  Which number the line has while MSI is used, nobody can tell. */
static void lacks_line(const struct gate_view *view)
{
	const struct config *config = view->device->config;
	const char *to = view->change->to;

	if (!to || strcmp(to, "uio_pci_generic") != 0)
		return;
	if (view->device->physfn == NONE && config->header != KNOWN)
		gate_unknown(view, "dev-uio-bound",
			     SAY(_("Whether %s has an interrupt line could not "
				   "be read, and uio_pci_generic knows no "
				   "MSI."), view->name),
			     gate_attribute(view, "config"),
			     config->header == ABSENT ? UNREAD :
							config->header);
	else if (view->device->physfn != NONE || !config->interrupt_pin)
		gate_stand(view, GATE_SOFT, "dev-uio-bound",
			   SAY(_("%s has no interrupt line (INTx), and "
				 "uio_pci_generic knows no MSI: no interrupt "
				 "will reach the program."), view->name),
			   gate_attribute(view, "config"), _("pin 0"));
	else if (ids_have(IDS_INTX_BROKEN, view->device))
		gate_stand(view, GATE_HARD, "dev-intx-broken-quirk",
			   SAY(_("The interrupt line of %s cannot be masked: "
				 "uio_pci_generic does not take it."),
			       view->name),
			   gate_attribute(view, "uevent"),
			   SAY("PCI_ID=%04X:%04X", view->device->vendor,
			       view->device->device));
}

/*
 * Whoever has the PF rules over its VFs: a guest, with vfio-pci.  The kernel
 * lets such a VF be used through vfio by those who name the token that the PF
 * was opened with: without it, or with another, opening it fails with EACCES
 * and nothing is harmed.  So that can be accepted.  It also binds a driver of
 * its own to the VF, and warns only ("VF … bound to driver … while PF bound to
 * driver …"): the host would trust what a guest rules, and that is refused.
 * Seen on 6.1: enable_sriov=1, the PF opened with a token, VFs made then.
 */
static void has_pf_on_vfio(const struct gate_view *view, const char *physical,
			   const char *source, const char *driver)
{
	const char *to = view->change->to;

	if (to && topo_is_vfio_driver(to))
		gate_stand(view, GATE_SOFT, "dev-vf-token",
			   SAY(_("%s, the physical function of %s, is itself on "
				 "%s: whoever opens %s must name the token that "
				 "%s was opened with."), physical, view->name,
			       driver, view->name, physical),
			   source, driver);
	else
		gate_stand(view, GATE_HARD, "dev-vf-pf-elsewhere",
			   SAY(_("%s, the physical function of %s, is on %s: "
				 "whoever has it rules over %s too, and the "
				 "host would trust %s."), physical, view->name,
			       driver, view->name, view->name),
			   source, driver);
}

/* A VF lives by its PF, whose driver made it and may take it away. */
static void has_pf_elsewhere(const struct gate_view *view)
{
	const struct device *physical;
	const char *to = view->change->to;
	char name[BDF_TEXT], address[BDF_TEXT];

	if (view->device->physfn == NONE || (to && !*to))
		return;
	physical = &view->system->devices[view->device->physfn];
	const struct fact_text *driver = &physical->driver;
	const char *source = SAY("/sys/bus/pci/devices/%s/driver",
				 bdf_print(physical->address, address));
	bdf_print_short(physical->address, name);
	if (!known_is_settled(driver->known))
		gate_unknown(view, "dev-vf-pf-elsewhere",
			     SAY(_("Who drives %s, the physical function of "
				   "%s, could not be read."), name,
				 view->name), source, driver->known);
	else if (driver->known == ABSENT)
		gate_stand(view, GATE_SOFT, "dev-vf-pf-elsewhere",
			   SAY(_("%s, the physical function of %s, has no "
				 "driver: most virtual functions do not work "
				 "without it."), name, view->name),
			   source, _("(absent)"));
	else if (topo_is_vfio_driver(driver->value))
		has_pf_on_vfio(view, name, source, driver->value);
	else if (strcmp(driver->value, "pci-stub") == 0 ||
		 topo_is_uio_driver(driver->value))
		gate_stand(view, GATE_SOFT, "dev-vf-pf-elsewhere",
			   SAY(_("%s, the physical function of %s, is on %s "
				 "and not with the host: most virtual functions "
				 "do not work without its own driver."), name,
			       view->name, driver->value),
			   source, driver->value);
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
		if (view.change->left)
			continue;
		goes_to_uio(&view);
		lacks_line(&view);
		has_pf_elsewhere(&view);
	}
}
