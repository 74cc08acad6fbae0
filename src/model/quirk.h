// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_QUIRK_H
#define MODEL_QUIRK_H

#include "model/system.h"

/*
 * Hardware that the kernel knows to stand otherwise to its neighbours than
 * its config space says.  The lists are those of Linux 6.12.117, the same in
 * 6.1.192, and what 7.2 has more, which is said there.
 * Source: drivers/pci/quirks.c.
 */

/* What the kernel holds of a device's isolation, whatever its ACS says. */
enum acs_quirk {
	QUIRK_NONE,		/* nothing; ACS decides */
	QUIRK_FUNCTIONS,	/* isolated: its functions do not talk */
	QUIRK_SOUTHBRIDGE,	/* isolated where the table IVRS exists, on the
				 * root bus, as one function of several */
	QUIRK_INTEGRATED,	/* isolated: Intel's root complex endpoints */
	QUIRK_PCH,		/* isolated once the kernel has set up the
				 * chipset; its log says when it could not */
	QUIRK_DWORDS,		/* its ACS control stands at +8, not +6 */
	QUIRK_PORT,		/* isolated: ports that do not route between
				 * peers, though they have no ACS */
	QUIRK_REFUSED,		/* not isolated, even if it has ACS */
};

/*
 * Return the first quirk that the kernel has for @device.  Some are for ports
 * of one PCIe type: *sure is false where the ids match and the type is not
 * known, and the quirk returned is then what may hold.
 * Source: pci_dev_acs_enabled[].
 */
enum acs_quirk quirk_acs(const struct device *device, bool *sure);

/* Return what the hardware of a quirk is called, not translated; NULL for
 * QUIRK_NONE. */
const char *quirk_name(enum acs_quirk quirk);

/* Whether the switch's source validation is broken, so that newer kernels do
 * without it.  Source: pci_disable_broken_acs_cap(), in 7.2. */
bool quirk_lacks_validation(const struct device *device);

/*
 * Whether @device also sends with the requester id of @slot.@function on its
 * own bus, which need not exist.
 * Source: quirk_dma_func0_alias(), quirk_dma_func1_alias(),
 * quirk_fixed_dma_alias(), quirk_mic_x200_dma_alias(), quirk_pex_vca_alias(),
 * quirk_plx_ntb_dma_alias().
 * The ids of Microsemi's switches are in their registers, and not told here.
 */
bool quirk_aliases(const struct device *device, unsigned slot,
		   unsigned function);

/* Whether it has ids of others at all, on its own bus. */
bool quirk_has_alias(const struct device *device);

/* Whether a bridge without PCIe capability is known to be a PCIe-to-PCI
 * bridge where it hangs below PCIe.
 * Source: quirk_use_pcie_bridge_dma_alias(). */
bool quirk_is_hidden_pcie(const struct device *bridge);

/* Whether a PCIe-to-PCI bridge passes on the ids of what is behind it.
 * Source: quirk_aspeed_pci_bridge_no_alias(), in 7.2. */
bool quirk_passes_ids(const struct device *bridge);

/* Whether the IOMMU sits below this bridge, so that nothing above counts.
 * Source: quirk_bridge_cavm_thrx2_pcie_root(). */
bool quirk_ends_walk(const struct device *bridge);

#endif
