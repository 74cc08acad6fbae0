// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Single devices: what no one can pass through, whatever the machine offers.
 *
 * Sources: drivers/vfio/pci/vfio_pci_core.c; Documentation/driver-api/vfio.rst.
 */
#include "base/i18n.h"
#include "rule/logged.h"
#include "rule/rules.h"
#include "rule/say.h"

enum verdict rule_dev_no_group(struct judge *judge)
{
	const struct device *device = say_device(judge);
	int at = NONE;

	/* The IOMMU itself never has one. */
	if (judge->clues->groups == ABSENT ||
	    device->class >> 8 == CLASS_IOMMU)
		return VERDICT_NOT_HERE;
	if (device->group.known == KNOWN)
		return VERDICT_PASS;
	if (device->group.known != ABSENT || judge->clues->groups != KNOWN)
		return judge_unknown(judge, "iommu_group",
				     device->group.known == ABSENT ?
					     judge->clues->groups :
					     device->group.known);
	/* A tree put together from a log has no links. */
	if (logged_next(judge, &at))
		return judge_unknown(judge, "iommu_group", UNREAD);
	/* It may be an IOMMU. */
	if (device->identity != KNOWN)
		return judge_unknown(judge, "class", device->identity);
	judge_evidence(judge, say_path(judge, "iommu_group"), _("(absent)"));
	if (clue_parameter(judge->system, "intel_iommu", "igfx_off") == KNOWN)
		say_parameter(judge, "intel_iommu");
	if (topo_is_display(device))
		judge_remedy(judge, NULL,
			     _("Take igfx_off out of intel_iommu= if it is "
			       "there; on some older chipsets the kernel "
			       "leaves the graphics' IOMMU off, and nothing "
			       "helps."));
	return VERDICT_FAIL;
}

/* A read that waits in the kernel: what holds the lock may never let go. */
enum verdict rule_dev_stuck(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (!device->silent && device->identity != KNOWN)
		return judge_unknown(judge, "uevent", device->identity);
	/* Nobody asked it. */
	if (judge->system->devices_logged)
		return judge_unknown(judge, "uevent", UNREAD);
	if (!device->silent)
		return VERDICT_PASS;
	judge_evidence(judge, say_path(judge, "uevent"), "%s",
		       known_why(SILENT));
	judge_remedy(judge, NULL,
		     _("Look who uses the device and let him end; where nobody "
		       "does, save your work and reboot."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_is_bridge(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (device->identity != KNOWN && device->config->header != KNOWN)
		return judge_unknown(judge, "class", device->identity);
	if (!topo_is_bridge(device))
		return VERDICT_PASS;
	if (device->config->header == KNOWN)
		judge_evidence(judge, say_path(judge, "config"),
			       _("header type %u at 0x0e"),
			       device->config->header_type);
	say_class(judge, judge->subject.index);
	return VERDICT_FAIL;
}

enum verdict rule_dev_platform(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (device->identity != KNOWN)
		return judge_unknown(judge, "class", device->identity);
	if (!topo_is_platform(device))
		return VERDICT_PASS;
	say_class(judge, judge->subject.index);
	return VERDICT_FAIL;
}
