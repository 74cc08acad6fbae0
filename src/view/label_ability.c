// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the abilities of IOMMU units are called before a person.  Whether a unit
 * has them is the model's to tell.
 */
#include "view/label.h"

#include "base/i18n.h"

/* What each ability is called, and what it is good for. */
static const struct {
	const char *name, *use;
} words[ABILITY_COUNT] = {
	[ABILITY_INTERRUPT_REMAPPING] = { N_("interrupt remapping"),
		N_("keeps a device from forging interrupts; vfio asks for "
		   "it") },
	[ABILITY_X2APIC] = { N_("x2APIC"),
		N_("remaps interrupts to processors above number 255") },
	[ABILITY_POSTED_INTERRUPTS] = { N_("posted interrupts"),
		N_("brings interrupts to a running guest without waking the "
		   "host") },
	[ABILITY_DEVICE_TLB] = { N_("device TLB (ATS)"),
		N_("lets devices keep translations of their own") },
	[ABILITY_PAGE_REQUESTS] = { N_("page requests"),
		N_("lets a device ask for a page that is not there") },
	[ABILITY_CACHING_MODE] = { N_("caching mode"),
		N_("is emulated: this machine is a guest, and nested "
		   "assignment works") },
	[ABILITY_QUEUED_INVALIDATION] = { N_("queued invalidation"),
		N_("takes orders by a queue; remapping interrupts wants it") },
	[ABILITY_PASS_THROUGH] = { N_("pass-through mode"),
		N_("serves host devices untranslated (iommu=pt) at no cost") },
	[ABILITY_SNOOP_CONTROL] = { N_("snoop control"),
		N_("forces DMA to be coherent; KVM need not trap cache "
		   "flushes") },
	[ABILITY_COHERENT] = { N_("coherent tables"),
		N_("reads its tables through the caches") },
	[ABILITY_SUPERPAGE_2M] = { N_("pages of 2 MiB"),
		N_("maps guest memory with fewer entries") },
	[ABILITY_SUPERPAGE_1G] = { N_("pages of 1 GiB"),
		N_("maps large guests with fewer still") },
	[ABILITY_SCALABLE] = { N_("scalable mode"),
		N_("keeps tables per process of a device (PASID)") },
	[ABILITY_FIRST_LEVEL] = { N_("first-level tables"),
		N_("walks tables in the processor's own format") },
	[ABILITY_SECOND_LEVEL] = { N_("second-level tables"),
		N_("walks guest tables in scalable mode") },
	[ABILITY_NESTED] = { N_("nested translation"),
		N_("walks a guest's tables below the host's") },
	[ABILITY_PASID] = { N_("PASID"),
		N_("tells processes that share one device apart") },
	[ABILITY_WRITE_FLUSH] = { N_("write-buffer flush"),
		N_("must be flushed by hand: old hardware") },
	[ABILITY_PREFETCH] = { N_("prefetch"),
		N_("fetches translations before they are asked for") },
	[ABILITY_NO_EXECUTE] = { N_("no-execute"),
		N_("keeps devices from fetching code") },
	[ABILITY_GUEST_TRANSLATION] = { N_("guest translation"),
		N_("walks a guest's tables below the host's") },
	[ABILITY_INVALIDATE_ALL] = { N_("invalidate all"),
		N_("forgets everything by one order") },
	[ABILITY_GUEST_APIC] = { N_("guest APIC"),
		N_("knows tables of virtual interrupts") },
	[ABILITY_HARDWARE_ERRORS] = { N_("error registers"),
		N_("reports its own faults") },
	[ABILITY_COUNTERS] = { N_("counters"),
		N_("counts what it does, for perf") },
	[ABILITY_GUEST_IO] = { N_("guest I/O protection"),
		N_("supports I/O of protected guests") },
	[ABILITY_SECURE_NESTED] = { N_("secure nested paging"),
		N_("guards the memory of SEV-SNP guests") },
};

const char *label_ability(enum ability ability)
{
	return _(words[ability].name);
}

const char *label_ability_use(enum ability ability)
{
	return _(words[ability].use);
}
