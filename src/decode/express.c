// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fields of the capabilities that matter to passthrough: PCI Express,
 * power management, interrupts, resets, ACS, SR-IOV.  It follows no list and
 * judges nothing.
 *
 * PCI Local Bus 3.0, 6.8; PCI Power Management 1.2, 3.2; PCIe Base 6.0, 7.5,
 * 7.7 and 7.9; ECN Advanced Features; <linux/pci_regs.h>.
 */
#include "decode/express.h"

#include <linux/pci_regs.h>

#include "base/num.h"

static bool power(const uint8_t *at, size_t room, struct config *out)
{
	uint16_t pmcsr = num_le16(at, room, PCI_PM_CTRL);

	out->pm_state = pmcsr & PCI_PM_CTRL_STATE_MASK;
	out->no_soft_reset = pmcsr & PCI_PM_CTRL_NO_SOFT_RESET;
	return true;
}

static bool msi(const uint8_t *at, size_t room, struct config *out)
{
	out->msi_enabled = num_le16(at, room, PCI_MSI_FLAGS) &
			   PCI_MSI_FLAGS_ENABLE;
	return true;
}

static bool msix(const uint8_t *at, size_t room, struct config *out)
{
	uint16_t flags = num_le16(at, room, PCI_MSIX_FLAGS);

	out->msix_enabled = flags & PCI_MSIX_FLAGS_ENABLE;
	out->msix_vectors = (uint16_t)((flags & PCI_MSIX_FLAGS_QSIZE) + 1);
	return true;
}

/* The kernel resets through AF only where it can wait for transactions. */
static bool advanced_features(const uint8_t *at, size_t room,
			      struct config *out)
{
	uint8_t cap = num_le8(at, room, PCI_AF_CAP);

	out->af_flr = (cap & PCI_AF_CAP_TP) && (cap & PCI_AF_CAP_FLR);
	return true;
}

/* Parts of the root complex have no link, and may end before it. */
static bool has_link(uint8_t type)
{
	return type != PCIE_RC_ENDPOINT && type != PCIE_RC_EVENT;
}

static bool link(const uint8_t *at, size_t room, struct config *out)
{
	uint32_t cap = num_le32(at, room, PCI_EXP_LNKCAP);
	uint16_t status = num_le16(at, room, PCI_EXP_LNKSTA);

	out->link_speed_max = cap & PCI_EXP_LNKCAP_SLS;
	out->link_width_max = (cap & PCI_EXP_LNKCAP_MLW) >> 4;
	out->link_speed = status & PCI_EXP_LNKSTA_CLS;
	out->link_width = (status & PCI_EXP_LNKSTA_NLW) >>
			  PCI_EXP_LNKSTA_NLW_SHIFT;
	return room >= PCI_EXP_LNKSTA + 2;
}

static bool express(const uint8_t *at, size_t room, struct config *out)
{
	uint16_t flags = num_le16(at, room, PCI_EXP_FLAGS);

	out->pcie_type = (flags & PCI_EXP_FLAGS_TYPE) >> 4;
	out->pcie_slot = flags & PCI_EXP_FLAGS_SLOT;
	out->flr = num_le32(at, room, PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_FLR;
	if (has_link(out->pcie_type) && !link(at, room, out))
		return false;
	if ((flags & PCI_EXP_FLAGS_VERS) < 2)
		return true;
	out->devcap2 = num_le32(at, room, PCI_EXP_DEVCAP2);
	return room >= PCI_EXP_DEVCAP2 + 4;
}

/* Intel's older root ports hold control as a double word at +8, where the
 * egress vector belongs; which is meant is for the model to say. */
static bool access_control(const uint8_t *at, size_t room, struct config *out)
{
	out->acs_cap = num_le16(at, room, PCI_ACS_CAP);
	out->acs_ctrl = num_le16(at, room, PCI_ACS_CTRL);
	out->acs_ctrl_dword = num_le32(at, room, PCI_ACS_EGRESS_CTL_V);
	return true;
}

static bool virtualization(const uint8_t *at, size_t room, struct config *out)
{
	out->sriov_total = num_le16(at, room, PCI_SRIOV_TOTAL_VF);
	out->sriov_num = num_le16(at, room, PCI_SRIOV_NUM_VF);
	return true;
}

static bool serial_number(const uint8_t *at, size_t room, struct config *out)
{
	out->serial = num_le64(at, room, 4);
	return true;
}

#define FLAG(name) .flag = offsetof(struct config, name)

static const struct capability standard[] = {
	{ .id = PCI_CAP_ID_PM, .need = 6, FLAG(has_pm), .fill = power },
	{ .id = PCI_CAP_ID_MSI, .need = 4, FLAG(has_msi), .fill = msi },
	{ .id = PCI_CAP_ID_EXP, .need = 8, FLAG(has_pcie), .fill = express },
	{ .id = PCI_CAP_ID_MSIX, .need = 4, FLAG(has_msix), .fill = msix },
	{ .id = PCI_CAP_ID_AF, .need = 4, FLAG(has_af),
	  .fill = advanced_features },
};

static const struct capability extended[] = {
	{ .id = PCI_EXT_CAP_ID_DSN, .need = 12, FLAG(has_serial),
	  .fill = serial_number },
	{ .id = PCI_EXT_CAP_ID_ACS, .need = 8, FLAG(has_acs),
	  .fill = access_control },
	{ .id = PCI_EXT_CAP_ID_ARI, FLAG(has_ari) },
	{ .id = PCI_EXT_CAP_ID_ATS, FLAG(has_ats) },
	{ .id = PCI_EXT_CAP_ID_SRIOV, .need = PCI_SRIOV_NUM_VF + 2,
	  FLAG(has_sriov), .fill = virtualization },
	{ .id = PCI_EXT_CAP_ID_REBAR, FLAG(has_rebar) },
	{ .id = PCI_EXT_CAP_ID_PASID, FLAG(has_pasid) },
	{ .id = PCI_EXT_CAP_ID_DPC, FLAG(has_dpc) },
};

static const struct capability *find(const struct capability *rows,
				     size_t count, uint16_t id)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

const struct capability *express_standard(uint8_t id)
{
	return find(standard, sizeof standard / sizeof *standard, id);
}

const struct capability *express_extended(uint16_t id)
{
	return find(extended, sizeof extended / sizeof *extended, id);
}
