// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words for what VFIO grants and for why it does not.
 *
 * Sources: include/uapi/linux/vfio.h; drivers/vfio/group.c, container.c,
 * device_cdev.c, vfio_iommu_type1.c.
 */
#include "view/label_grant.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "model/viable.h"
#include "view/label.h"

#define NAME_OF(table, index) \
	((index) < sizeof (table) / sizeof *(table) ? (table)[index] : NULL)

const char *label_device_flag(unsigned bit)
{
	static const char *const names[] = {
		"reset", "pci", "platform", "amba", "ccw", "ap", "fsl-mc",
		"caps", "cdx",
	};

	return NAME_OF(names, bit);
}

const char *label_region_flag(unsigned bit)
{
	static const char *const names[] = { "read", "write", "mmap", "caps" };

	return NAME_OF(names, bit);
}

const char *label_irq_flag(unsigned bit)
{
	static const char *const names[] = {
		"eventfd", "maskable", "automasked", "noresize",
	};

	return NAME_OF(names, bit);
}

const char *label_region(unsigned index)
{
	static const char *const names[] = {
		"BAR 0", "BAR 1", "BAR 2", "BAR 3", "BAR 4", "BAR 5", "ROM",
		"config", "VGA",
	};

	return NAME_OF(names, index);
}

const char *label_irq(unsigned index)
{
	static const char *const names[] = {
		"INTx", "MSI", "MSI-X", "error", "request",
	};

	return NAME_OF(names, index);
}

const char *label_feature(unsigned number)
{
	static const char *const names[] = {
		"vf-token", "migration", "migration-state",
		"low-power-entry", "low-power-entry-with-wakeup",
		"low-power-exit", "dma-logging-start", "dma-logging-stop",
		"dma-logging-report", "migration-data-size", "bus-master",
		"dma-buf", "precopy-info-v2", "zpci-error",
	};

	return NAME_OF(names, number);
}

const char *label_extension(unsigned number)
{
	static const char *const names[] = {
		NULL, "TYPE1", "SPAPR_TCE", "TYPE1v2", "DMA_CC", "EEH",
		"NESTING", "SPAPR_TCE_v2", "NOIOMMU", "UNMAP_ALL",
		"UPDATE_VADDR",
	};

	return NAME_OF(names, number);
}

const char *label_extension_use(unsigned number)
{
	static const char *const uses[] = {
		NULL,
		N_("page tables of x86, Arm and s390; unmapping may cut a "
		   "larger mapping"),
		N_("fixed windows for DMA, of POWER"),
		N_("the same, but a mapping is taken back whole; what QEMU "
		   "uses"),
		N_("the IOMMU keeps DMA coherent with caches; told only of a "
		   "container that has a group"),
		N_("errors of the bus are handled apart, on POWER"),
		N_("the guest has page tables of its own; gone since 6.13"),
		N_("windows for DMA that are made on demand, of POWER"),
		N_("devices without an IOMMU, which nothing keeps from any "
		   "memory"),
		N_("all mappings can be taken back at once"),
		N_("a guest's memory may move in its process, for updates of "
		   "QEMU"),
	};

	return number && number < sizeof uses / sizeof *uses ?
		       _(uses[number]) : NULL;
}

const char *label_cap(enum grant_owner owner, unsigned id)
{
	static const char *const of_device[] = {
		NULL, "zpci-base", "zpci-group", "zpci-util", "zpci-pfip",
		"atomic-completion",
	};
	static const char *const of_region[] = {
		NULL, "sparse-mmap", "type", "msix-mappable", "nvlink2-target",
		"nvlink2-speed",
	};
	static const char *const of_iommu[] = {
		NULL, "iova-ranges", "migration", "dma-available",
	};

	return owner == GRANT_OF_DEVICE ? NAME_OF(of_device, id) :
	       owner == GRANT_OF_REGION ? NAME_OF(of_region, id) :
					  NAME_OF(of_iommu, id);
}

const char *label_bits(uint32_t flags, const char *(*name)(unsigned bit),
		       struct arena *arena)
{
	struct buf text = {0};

	for (unsigned bit = 0; bit < 32; bit++) {
		if (!(flags >> bit & 1))
			continue;
		if (text.len)
			buf_putc(&text, ' ');
		if (name(bit))
			buf_puts(&text, name(bit));
		else
			buf_printf(&text, "bit-%u", bit);
	}
	const char *kept = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return kept;
}

/* --- why not --- */

/* The member that stands in the way, as far as the drivers tell. */
static const char *culprit_of(const struct scene *scene,
			      const struct ask *ask, struct arena *arena)
{
	const struct system *system = scene->system;

	if (ask->group == NONE)
		return NULL;
	const struct group *group = &system->groups[ask->group];
	struct viable viable = viable_group(system, group);
	if (viable.known != ABSENT || viable.culprit == NONE)
		return NULL;
	const struct member *member = &group->members[viable.culprit];
	return arena_printf(arena, _("%s is on the host's driver %s"),
			    member->name,
			    viable_driver(system, member)->value);
}

/* Stages that end so, and what they say: the errno, or 0 for any. */
static const struct {
	enum grant_stage stage;
	int errnum;
	const char *text;
} refusals[] = {
	{ GRANT_OPEN_GROUP, EBUSY,
	  N_("Its group is in use: another process has the group's node open, "
	     "and only one can.  vfiotop list holders shows which, to root.") },
	{ GRANT_OPEN_GROUP, EPERM,
	  N_("The kernel gives a device without an IOMMU only to who may reach "
	     "all of memory anyway: CAP_SYS_RAWIO is missing.") },
	{ GRANT_OPEN_GROUP, ENODEV,
	  N_("No device of the group is on vfio any more.") },
	{ GRANT_OPEN_CONTAINER, ENOENT,
	  N_("There is no /dev/vfio/vfio: this kernel has no container "
	     "(CONFIG_VFIO_CONTAINER), or nothing made the node.") },
	{ GRANT_SET_CONTAINER, EPERM,
	  N_("The kernel did not give the group out: a driver of the host, or "
	     "another process, has one of its devices.") },
	{ GRANT_SET_CONTAINER, EBUSY,
	  N_("The group is in use by its devices' own nodes, or the IOMMU "
	     "serves it in a way that was set by hand.") },
	{ GRANT_SET_CONTAINER, EINVAL,
	  N_("The firmware wants memory of its own for a device of the group "
	     "(RMRR); the kernel does not give such a group out.") },
	{ GRANT_NO_IOMMU_KIND, 0,
	  N_("The kernel offers no kind of IOMMU for it: vfio_iommu_type1 is "
	     "not loaded, or not built.") },
	{ GRANT_SET_IOMMU, EPERM,
	  N_("The kernel refused at the last step: interrupts cannot be "
	     "remapped, and allow_unsafe_interrupts is not set.") },
	{ GRANT_DEVICE_FD, EACCES,
	  N_("It is a virtual function whose physical function is on vfio "
	     "too: it wants the token that was set there.") },
	{ GRANT_DEVICE_FD, ENODEV,
	  N_("The device is not in that group any more.") },
	{ GRANT_OPEN_IOMMUFD, ENOENT,
	  N_("There is no /dev/iommu: iommufd is not loaded, or not built.") },
	{ GRANT_BIND, EBUSY,
	  N_("Its group is in use: another process has it, by the group's node "
	     "or by a device's own.") },
	{ GRANT_BIND, EPERM,
	  N_("The kernel did not give the device out: a driver of the host, or "
	     "another process, has a device of its group.") },
	{ GRANT_BIND, EINVAL,
	  N_("The device is in use by another process, wants the token of its "
	     "physical function, or the firmware wants memory of its own for "
	     "it (RMRR).") },
};

static const char *stage_text(enum grant_stage stage)
{
	static const char *const texts[] = {
		[GRANT_OPEN_GROUP] = N_("open the group's node"),
		[GRANT_STATUS] = N_("ask for the group's state"),
		[GRANT_VIABLE] = N_("find the group viable"),
		[GRANT_OPEN_CONTAINER] = N_("open /dev/vfio/vfio"),
		[GRANT_VERSION] = N_("speak the container's version"),
		[GRANT_SET_CONTAINER] = N_("put the group into a container"),
		[GRANT_NO_IOMMU_KIND] = N_("find a kind of IOMMU"),
		[GRANT_SET_IOMMU] = N_("set the kind of IOMMU"),
		[GRANT_DEVICE_FD] = N_("open the device"),
		[GRANT_OPEN_DEVICE] = N_("open the device's node"),
		[GRANT_OPEN_IOMMUFD] = N_("open /dev/iommu"),
		[GRANT_BIND] = N_("bind the device to iommufd"),
		[GRANT_INFO] = N_("ask the device what it is"),
	};

	return stage < GRANT_STAGES ? _(texts[stage]) : "";
}

const char *label_refusal(const struct scene *scene, const struct ask *ask,
			  const struct grant *grant, struct arena *arena)
{
	const char *culprit = culprit_of(scene, ask, arena);
	enum grant_stage stage = grant->stage;

	if (culprit && (stage == GRANT_VIABLE ||
			(grant->errnum == EPERM && stage != GRANT_SET_IOMMU &&
			 stage != GRANT_OPEN_GROUP)))
		return arena_printf(
			arena, _("The group is not viable: %s, so the kernel "
				 "gives none of its devices out.  Give all of "
				 "the group to vfio: vfiotop bind %s"),
			culprit, ask->name);
	if (stage == GRANT_VIABLE)
		return _("The group is not viable: the kernel says that the "
			 "host, or another process, has one of its devices.");
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (refusals[i].stage == stage &&
		    (!refusals[i].errnum ||
		     refusals[i].errnum == grant->errnum))
			return _(refusals[i].text);
	return arena_printf(arena, _("The kernel did not let it %s: %s."),
			    stage_text(stage), strerror(grant->errnum));
}
