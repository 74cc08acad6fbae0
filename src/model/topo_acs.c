// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether the kernel holds a device isolated from its neighbours, and why.
 * What it makes of that is in topo_join.c.
 *
 * Source: drivers/pci/pci.c, pci_acs_enabled(); drivers/pci/quirks.c,
 * pci_dev_specific_acs_enabled().
 */
#include "model/topo.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "model/quirk.h"

enum {
	/* What the kernel asks of every port and function for isolation. */
	ACS_WANTED = PCI_ACS_SV | PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_UF,
};

bool topo_is_multifunction(const struct system *system,
			   const struct device *device)
{
	const struct bdf *address = &device->address;

	if (device->physfn != NONE)
		return false;
	if (address->function != 0 || device->config->multifunction)
		return true;
	if (address->device == 0 || device->parent == NONE)
		return false;
	/* Below a port there is one device: another slot is ARI's function. */
	const struct config *above = system->devices[device->parent].config;
	return above->header == KNOWN && above->has_pcie &&
	       (above->pcie_type == PCIE_ROOT_PORT ||
		above->pcie_type == PCIE_DOWNSTREAM);
}

static struct acs unknown(enum known known)
{
	return (struct acs){ .known = known == ABSENT ? UNREAD : known };
}

static struct acs answer(bool isolated, enum acs_why why)
{
	return (struct acs){ KNOWN, isolated, why, NULL, 0 };
}

static struct acs by_quirk(bool isolated, enum acs_quirk quirk)
{
	return (struct acs){
		KNOWN, isolated, isolated ? ACS_QUIRK : ACS_QUIRK_FAILED,
		quirk_name(quirk), 0,
	};
}

/* The rule for what must have ACS. */
static struct acs by_flags(const struct device *device, enum acs_quirk quirk)
{
	const struct config *config = device->config;
	unsigned control = quirk == QUIRK_DWORDS ? config->acs_ctrl_dword :
						   config->acs_ctrl;
	unsigned wanted = ACS_WANTED & config->acs_cap;

	if (!known_is_settled(config->ecaps) &&
	    !(config->has_acs && config->acs_cap))
		return unknown(config->ecaps);
	if (!config->has_acs)
		return answer(false, config->bytes <= 256 ? ACS_NO_EXTENDED :
							    ACS_NONE);
	if (quirk_lacks_validation(device))
		wanted &= ~(unsigned)PCI_ACS_SV;
	struct acs acs = answer(!(wanted & ~control), ACS_ON);
	if (!acs.isolated) {
		acs.why = ACS_OFF;
		acs.missing = (uint16_t)(wanted & ~control);
	}
	if (quirk == QUIRK_DWORDS)
		acs.quirk = quirk_name(quirk);
	return acs;
}

static struct acs by_type(const struct system *system,
			  const struct device *device, enum acs_quirk quirk)
{
	switch (device->config->pcie_type) {
	case PCIE_TO_PCI_BRIDGE:
	case PCI_TO_PCIE_BRIDGE:
	case PCIE_RC_EVENT:
		return answer(false, ACS_BRIDGE);
	case PCIE_ROOT_PORT:
	case PCIE_DOWNSTREAM:
		return by_flags(device, quirk);
	case PCIE_ENDPOINT:
	case PCIE_LEGACY_ENDPOINT:
	case PCIE_UPSTREAM:
	case PCIE_RC_ENDPOINT:
		if (topo_is_multifunction(system, device))
			return by_flags(device, quirk);
		break;
	default:
		break;
	}
	return answer(true, ACS_NOT_NEEDED);
}

/* The kernel says of each such port, as it finds it, whether it could. */
static bool has_failed(const struct system *system,
		       const struct device *device)
{
	const struct log_line *line;
	char address[BDF_TEXT];
	size_t from = 0;

	bdf_print(device->address, address);
	while ((line = log_find(&system->host.log, &from,
				"Failed to enable Intel PCH ACS quirk")))
		if (strstr(line->text, address))
			return true;
	return false;
}

/* What a quirk settles; false where it leaves that to ACS. */
static bool settle(const struct system *system, const struct device *device,
		   enum acs_quirk quirk, struct acs *out)
{
	enum known table;

	switch (quirk) {
	case QUIRK_FUNCTIONS:
	case QUIRK_INTEGRATED:
	case QUIRK_PORT:
		*out = by_quirk(true, quirk);
		return true;
	case QUIRK_REFUSED:
		*out = by_quirk(false, quirk);
		return true;
	case QUIRK_PCH:
		*out = by_quirk(!has_failed(system, device), quirk);
		return true;
	case QUIRK_SOUTHBRIDGE:
		if (device->parent != NONE ||
		    !topo_is_multifunction(system, device))
			return false;
		table = system_has_table(system, "IVRS");
		*out = known_is_settled(table) ? by_quirk(true, quirk) :
						 unknown(table);
		return table != ABSENT;
	case QUIRK_NONE:
	case QUIRK_DWORDS:
		break;
	}
	return false;
}

struct acs topo_acs(const struct system *system, const struct device *device)
{
	const struct config *config = device->config;
	struct acs acs;
	bool sure;
	enum acs_quirk quirk = quirk_acs(device, &sure);

	if (sure && settle(system, device, quirk, &acs))
		return acs;
	if (config->header != KNOWN)
		return unknown(config->header);
	if (config->has_pcie)
		return sure ? by_type(system, device, quirk) :
			      unknown(device->identity);
	if (topo_is_pcie(device) != ABSENT)
		return unknown(config->caps);
	acs = answer(false, ACS_CONVENTIONAL);
	if (quirk_is_hidden_pcie(device))
		acs.quirk = "PCIe-to-PCI bridge that does not say so";
	return acs;
}
