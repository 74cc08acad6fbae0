// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices that can be given out in parts: virtual functions, mediated
 * devices, and what they ask for.
 *
 * Sources: Documentation/PCI/pci-iov-howto.rst, driver-api/
 * vfio-mediated-device.rst; drivers/vfio/pci/vfio_pci_core.c.
 */
#include "base/i18n.h"
#include "model/parts.h"
#include "rule/rules.h"
#include "rule/say.h"

static bool is_on_vfio(const struct device *device)
{
	return device->driver.known == KNOWN &&
	       topo_is_vfio_driver(device->driver.value);
}

static bool has_vfs(const struct device *device)
{
	return device->sriov_num.known == KNOWN && device->sriov_num.value > 0;
}

enum verdict rule_dev_vfs_enabled(struct judge *judge)
{
	const struct fact_num *vfs = &say_device(judge)->sriov_num;

	if (vfs->known == ABSENT)
		return VERDICT_NOT_HERE;
	if (vfs->known != KNOWN)
		return judge_unknown(judge, say_path(judge, "sriov_numvfs"),
				     vfs->known);
	/* Once vfio-pci has it, it makes them itself (enable_sriov=1). */
	if (!has_vfs(say_device(judge)) || is_on_vfio(say_device(judge)))
		return VERDICT_PASS;
	char address[BDF_TEXT];
	bdf_print_short(say_device(judge)->address, address);
	const char *commands[] = {
		arena_printf(judge->arena, "echo 0 > %s",
			     say_path(judge, "sriov_numvfs")),
		NULL,
	};
	say_num(judge, say_path(judge, "sriov_numvfs"), vfs);
	judge_remedy(judge, commands,
		     _("Give the virtual functions away instead, or remove "
		       "them first; \"vfiotop vfs %s 0\" looks who uses them "
		       "before it does this:"), address);
	return VERDICT_FAIL;
}

/* Before anybody asked for them their registers' addresses tell it, afterwards
 * the kernel's log. */
enum verdict rule_dev_vf_room(struct judge *judge)
{
	const struct device *device = say_device(judge);
	enum verdict verdict = rule_dev_logged(judge);
	enum parts_lack lack;

	if (verdict == VERDICT_FAIL || device->sriov_total.known != KNOWN)
		return verdict;
	parts_room(judge->system, judge->subject.index,
		   (unsigned)device->sriov_total.value, &lack);
	if (lack != LACKS_MEMORY && verdict != VERDICT_NOT_HERE)
		return verdict;
	if (lack != LACKS_MEMORY)
		return known_is_settled(device->resources) ?
			       VERDICT_PASS :
			       judge_unknown(judge, say_path(judge, "resource"),
					     device->resources);
	judge_evidence(judge, say_path(judge, "resource"), "%s",
		       _("no addresses for virtual functions"));
	judge_remedy(judge, NULL,
		     _("In the firmware's setup, switch on \"SR-IOV\", "
		       "\"ARI\" and \"Above 4G Decoding\"."));
	judge_parameter(judge, "pci=realloc", false);
	return VERDICT_FAIL;
}

enum verdict rule_dev_sriov(struct judge *judge)
{
	const struct fact_num *total = &say_device(judge)->sriov_total;

	if (total->known == ABSENT)
		return VERDICT_NOT_HERE;
	if (total->known != KNOWN)
		return judge_unknown(judge, say_path(judge, "sriov_totalvfs"),
				     total->known);
	if (total->value <= 0)
		return VERDICT_PASS;
	say_num(judge, say_path(judge, "sriov_totalvfs"), total);
	return VERDICT_FAIL;
}

/* The physical function that rules over this one: itself or its PF. */
static int physical_of(const struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (device->physfn != NONE)
		return device->physfn;
	return device->sriov_total.known == ABSENT ? NONE :
						     judge->subject.index;
}

enum verdict rule_dev_vf_token(struct judge *judge)
{
	int at = physical_of(judge);

	if (at == NONE)
		return VERDICT_NOT_HERE;
	const struct device *physical = &judge->system->devices[at];
	const char *path = say_device_path(judge, at, "driver");
	if (physical->driver.known == ABSENT)
		return VERDICT_PASS;
	if (physical->driver.known != KNOWN)
		return judge_unknown(judge, path, physical->driver.known);
	const struct fact_num *vfs = &physical->sriov_num;
	if (!is_on_vfio(physical) ||
	    (known_is_settled(vfs->known) && !has_vfs(physical)))
		return VERDICT_PASS;
	path = say_device_path(judge, at, "sriov_numvfs");
	/* A virtual function is itself the proof that there are some. */
	if (!known_is_settled(vfs->known) && at == judge->subject.index)
		return judge_unknown(judge, path, vfs->known);
	say_driver(judge, at);
	say_num(judge, path, vfs);
	judge_remedy(judge, NULL,
		     _("Give physical and virtual functions the same token: "
		       "vf-token=UUID of QEMU's -device vfio-pci."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_mdev(struct judge *judge)
{
	const struct fact_num *mdev = &say_device(judge)->mdev;

	if (topo_is_bridge(say_device(judge)) ||
	    topo_is_platform(say_device(judge)))
		return VERDICT_NOT_HERE;
	if (!known_is_settled(mdev->known))
		return judge_unknown(judge,
				     say_path(judge, "mdev_supported_types"),
				     mdev->known);
	if (!mdev->value)
		return VERDICT_PASS;
	judge_evidence(judge, say_path(judge, "mdev_supported_types"),
		       _("(present)"));
	return VERDICT_FAIL;
}
