// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules that are nothing but a line of the kernel's log: one function, a table
 * of lines.  What is better known from elsewhere is judged elsewhere.
 *
 * Sources: the printk formats of drivers/iommu, drivers/vfio and drivers/pci,
 * and of NVIDIA's driver.
 */
#include <string.h>

#include "base/err.h"
#include "base/i18n.h"
#include "base/num.h"
#include "rule/line.h"
#include "rule/logged.h"
#include "rule/rules.h"
#include "rule/say.h"

/* What makes a line of no account: the thing it spoils works. */
enum unless { NEVER, GROUPS, REMAPPED, ON_VFIO };

enum { LINES_MOST = 8 };

struct logged {
	const char *rule;
	enum unless unless;
	enum cpu_maker maker;		/* MAKER_UNKNOWN: anyone's */
	const char *parameter;		/* to be added, or NULL */
	const char *remedy;		/* N_() or NULL */
	const char *lines[LINES_MOST];	/* any of them; as clue_line_has */
};

static const char firmware[] = N_("Update the firmware.");

static const struct logged system_lines[] = {
	{ "dmar-table-broken", NEVER, MAKER_INTEL, NULL, firmware,
	  { "Your BIOS is broken; DMAR", "DMAR:*Parse DMAR table failure",
	    "DMAR:*No DRHD structure", "DMAR:*Initialization failed",
	    "ailed to map dmar", "DMAR: Invalid DMAR haw",
	    "DMAR*Your BIOS is broken", "DMAR*[Firmware Bug]" } },
	{ "dmar-no-address-width", NEVER, MAKER_INTEL, NULL, firmware,
	  { "No supported address widths" } },
	{ "amd-stoney-quirk", GROUPS, MAKER_AMD, "amd_iommu=force_enable",
	  N_("The kernel leaves it off because graphics fail with it on this "
	     "chip; try only if you can do without them."),
	  { "Disable IOMMU on Stoney Ridge" } },
	{ "amd-sme-microcode", GROUPS, MAKER_AMD, "mem_encrypt=off",
	  N_("Update the processor's microcode, or switch memory encryption "
	     "off."),
	  { "IOMMU not currently supported when SME is active" } },
	{ "ivrs-broken", GROUPS, MAKER_AMD, NULL, firmware,
	  { "IVRS invalid checksum", "IVRS table error",
	    "Failed to initialize IOMMU Hardware",
	    "CMPXCHG16B feature is required", "Unsupported IVHD type",
	    "AMD-Vi*Can not reserve memory region" } },
	{ "irq-remap-erratum", REMAPPED, MAKER_INTEL, NULL,
	  N_("Update the firmware; if the line stays, the chipset cannot do "
	     "it, and only allow_unsafe_interrupts is left."),
	  { "chipset that contains an erratum",
	    "This system BIOS has enabled interrupt remapping" } },
	{ "ivrs-missing-ioapic", REMAPPED, MAKER_AMD, NULL,
	  N_("Update the firmware.  If that does not help, tell the kernel "
	     "where the IOAPIC is: ivrs_ioapic=ID@00:14.0, with the ID that "
	     "the log names."),
	  { "not in IVRS table", "No southbridge IOAPIC found",
	    "AMD-Vi: Disabling interrupt remapping" } },
	{ "dmar-missing-ioapic", REMAPPED, MAKER_INTEL, NULL, firmware,
	  { "has no mapping iommu" } },
	{ "iommu-wedged", NEVER, MAKER_UNKNOWN, "pci=noats",
	  N_("Restart the machine.  If a GPU brings it back, ATS is often the "
	     "fault: switch it off."),
	  { "Completion-Wait loop timed out", "Invalidation Time-out Error" } },
	{ "iommu-faults", NEVER, MAKER_UNKNOWN, NULL,
	  N_("Look which device it is, and update its driver or firmware.  A "
	     "few lines while the machine starts are often the firmware's."),
	  { "DMAR:*[DMA Read", "DMAR:*[DMA Write", "DMAR:*[INTR-REMAP]",
	    "IO_PAGE_FAULT",
	    "ILLEGAL_DEV_TABLE_ENTRY",
	    "INVALID_DEVICE_REQUEST",
	    "PAGE_TAB_HARDWARE_ERROR",
	    "IOTLB_INV_TIMEOUT" } },
	{ "unknown-iommu-param", NEVER, MAKER_UNKNOWN, NULL,
	  N_("Correct the word, or take it out."),
	  { "DMAR: Unknown option", "AMD-Vi: Unknown option" } },
};

/* Lines that name a device. */
static const struct logged device_lines[] = {
	{ "dev-vfio-probe-failed", ON_VFIO, MAKER_UNKNOWN, NULL,
	  N_("-22: it has no IOMMU group, is a bridge, or vfio-pci refuses it; "
	     "-16: it has virtual functions, which must go first."),
	  { "vfio-pci: probe of*failed",
	    "probe with driver vfio-pci failed" } },
	{ "dev-bar-reserve-failed", NEVER, MAKER_UNKNOWN,
	  "initcall_blacklist=sysfb_init",
	  N_("The firmware's framebuffer holds part of its memory: keep the "
	     "kernel from setting it up."),
	  { "BAR*can't reserve" } },
	/* Judged in rule_device. */
	{ "dev-no-iommu-group", NEVER, MAKER_UNKNOWN, NULL, NULL,
	  { "Adding to iommu group", "iommu: Adding device " } },
	/* Judged in rule_driver. */
	{ "dev-vfio-denylist", NEVER, MAKER_UNKNOWN, NULL, NULL,
	  { "exists in vfio-pci device denylist" } },
	/* Judged in rule_resource. */
	{ "dev-ats-quirk", NEVER, MAKER_UNKNOWN, NULL, NULL,
	  { "disabling ATS" } },
	{ "dev-intx-broken-quirk", NEVER, MAKER_UNKNOWN, NULL, NULL,
	  { "doesn't support INTx masking", "Masking broken INTx support" } },
	/* Judged in rule_resource, by the last word on each BAR. */
	{ "dev-bar-unassigned", NEVER, MAKER_UNKNOWN, NULL, NULL,
	  { "BAR*failed to assign", "BAR*: assigned", "BAR*no space for",
	    "BAR*can't assign; no space", "BAR*not assigned" } },
	{ "dev-nvidia-usage-hang", NEVER, MAKER_UNKNOWN, NULL,
	  N_("Save your work, shut the machine down and switch it off.  Next "
	     "time stop everything that uses the GPU first, or bind it to "
	     "vfio-pci when the machine starts."),
	  { "NVRM: Attempting to remove*device*non-zero usage count",
	    "NVRM: Attempting to remove" } },
	{ "dev-reset-failed", NEVER, MAKER_UNKNOWN, NULL,
	  N_("Shut the machine down and switch it off, so that the device "
	     "loses its power; a restart may not do."),
	  { "not ready*giving up", "device inaccessible",
	    "reset recovery - restoring BARs" } },
	{ "dev-sriov-no-resources", NEVER, MAKER_UNKNOWN, "pci=realloc",
	  N_("In the firmware's setup, switch on \"SR-IOV\", \"ARI\" and "
	     "\"Above 4G Decoding\"."),
	  { "not enough MMIO resources for SR-IOV",
	    "can't enable*VFs (bus*out of range" } },
	{ "dev-rmrr-ineligible", NEVER, MAKER_UNKNOWN, NULL,
	  N_("Look in the firmware's setup for what wants the memory (HPE: "
	     "\"Shared Memory\" features) and switch it off, or take another "
	     "device or slot."),
	  { "ineligible for IOMMU domain attach",
	    "requested this device have a 1:1" } },
	{ "dev-igd-opregion-missing", NEVER, MAKER_UNKNOWN, NULL,
	  N_("In the firmware's setup, use UEFI graphics (GOP) and switch CSM "
	     "off."),
	  { "Failed to setup Intel IGD regions" } },
	{ "dev-vfio-busy-blocked", NEVER, MAKER_UNKNOWN, NULL,
	  N_("Shut down the virtual machine that has it."),
	  { "blocked until released by user",
	    "Device is currently in use",
	    "Relaying device request to user" } },
};

enum {
	SYSTEM_LINES = sizeof system_lines / sizeof *system_lines,
	DEVICE_LINES = sizeof device_lines / sizeof *device_lines,
	LINES_SHOWN = 3,
	NOTES_MAX = 1 << 16,
};

static const struct logged *entry_of(const struct judge *judge,
				     const struct logged *table, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(table[i].rule, judge->rule->id) == 0)
			return &table[i];
	err_die("the rule %s has no lines to look for", judge->rule->id);
}

static bool is_said(const struct logged *entry, const char *text)
{
	for (unsigned i = 0; i < LINES_MOST && entry->lines[i]; i++)
		if (clue_line_has(text, entry->lines[i]))
			return true;
	return false;
}

/* Show the first lines and count the others. */
static unsigned say_lines(struct judge *judge, const struct logged *entry)
{
	const struct log *log = &judge->system->host.log;
	unsigned count = 0;

	for (size_t i = 0; log->known == KNOWN && i < log->count; i++)
		if (is_said(entry, log->lines[i].text) &&
		    count++ < LINES_SHOWN)
			say_line(judge, log->lines[i].text);
	if (count > LINES_SHOWN)
		say_line(judge, arena_printf(
			judge->arena,
			P_("(and %u more like it)", "(and %u more like these)",
			   count - LINES_SHOWN),
			count - LINES_SHOWN));
	return count;
}

static void add_remedy(struct judge *judge, const struct logged *entry)
{
	if (entry->remedy)
		judge_remedy(judge, NULL, "%s", _(entry->remedy));
	if (entry->parameter)
		judge_parameter(judge, entry->parameter, false);
}

static bool works_all_the_same(const struct judge *judge, enum unless unless)
{
	return (unless == GROUPS && judge->clues->groups == KNOWN) ||
	       (unless == REMAPPED && judge->clues->remapped == KNOWN);
}

enum verdict rule_logged(struct judge *judge)
{
	const struct logged *entry =
		entry_of(judge, system_lines, SYSTEM_LINES);
	enum cpu_maker maker = judge->clues->maker;

	if (entry->maker != MAKER_UNKNOWN && maker != MAKER_UNKNOWN &&
	    maker != entry->maker)
		return VERDICT_NOT_HERE;
	if (works_all_the_same(judge, entry->unless))
		return VERDICT_PASS;
	if (say_lines(judge, entry)) {
		add_remedy(judge, entry);
		return VERDICT_FAIL;
	}
	if (judge->system->host.log.known == KNOWN &&
	    judge->system->host.log.complete)
		return VERDICT_PASS;
	/* An event that nobody reported weighs less than one that was. */
	if (entry->unless == NEVER && judge->rule->severity > SEVERITY_INFO)
		judge_severity(judge, SEVERITY_WARNING);
	return judge_unknown_log(judge);
}

enum verdict rule_dmar_broken(struct judge *judge)
{
	/* The first lines of its list end the start of VT-d; what the kernel
	 * works around is no more than a warning. */
	enum { FATAL = 6 };
	const struct logged *entry =
		entry_of(judge, system_lines, SYSTEM_LINES);
	enum known fatal = ABSENT;

	for (unsigned i = 0; i < FATAL && fatal != KNOWN; i++)
		fatal = clue_logged(judge->system, entry->lines[i], NULL);
	if (judge->clues->groups != ABSENT || fatal != KNOWN)
		judge_severity(judge, SEVERITY_WARNING);
	return rule_logged(judge);
}

enum verdict rule_iommu_faults(struct judge *judge)
{
	static const char *const reached[] = {
		"DMAR:*[DMA ", "IO_PAGE_FAULT", NULL,
	};
	enum verdict verdict = rule_logged(judge);

	if (verdict != VERDICT_FAIL ||
	    clue_logged_any(judge->system, reached, NULL) == KNOWN)
		return verdict;
	judge_title(judge, _("The IOMMU refused what a device asked for"));
	judge_why(judge,
		  _("An interrupt or a request came that the IOMMU does not "
		    "know.  A device that was left running, or a start by "
		    "kexec, does that."));
	return verdict;
}

/* A line of the log that is about a device, chained by device. */
struct note {
	int next;
	const struct logged *entry;	/* NULL: nobody cared about its irq */
	const char *line;
};

struct notes {
	int *first;		/* per device, into items; NONE */
	struct note *items;
	size_t count, room;
};

static void add_note(struct notes *notes, struct arena *arena, int device,
		     const struct logged *entry, const char *line)
{
	/* A log may repeat itself without end. */
	if (device == NONE || notes->count == NOTES_MAX)
		return;
	notes->items = arena_grow(arena, notes->items, notes->count,
				  &notes->room, sizeof *notes->items);
	notes->items[notes->count] =
		(struct note){ notes->first[device], entry, line };
	notes->first[device] = (int)notes->count++;
}

/* "irq 16: nobody cared": all devices on that line. */
static void note_irq(const struct system *system, struct notes *notes,
		     struct arena *arena, const char *line)
{
	const char *at = strstr(line, "irq ");
	uint64_t irq;

	if (!at || !strstr(at, ": nobody cared"))
		return;
	at += strlen("irq ");
	if (!num_take(&at, 10, &irq) || !irq)
		return;
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].irq.known == KNOWN &&
		    (uint64_t)system->devices[i].irq.value == irq)
			add_note(notes, arena, (int)i, NULL, line);
}

/* One walk over the log for all devices and rules. */
static const struct notes *notes_of(struct judge *judge)
{
	const struct system *system = judge->system;
	const struct log *log = &system->host.log;

	if (judge->clues->notes)
		return judge->clues->notes;
	struct notes *notes = arena_alloc(judge->arena, sizeof *notes);
	notes->first = arena_array(judge->arena, system->device_count,
				   sizeof *notes->first);
	for (unsigned i = 0; i < system->device_count; i++)
		notes->first[i] = NONE;
	for (size_t i = log->known == KNOWN ? log->count : 0; i-- > 0;) {
		const char *line = log->lines[i].text;
		for (unsigned e = 0; e < DEVICE_LINES; e++)
			if (is_said(&device_lines[e], line))
				add_note(notes, judge->arena,
					 line_device(system, line),
					 &device_lines[e], line);
		note_irq(system, notes, judge->arena, line);
	}
	judge->clues->notes = notes;
	return notes;
}

const char *logged_next(struct judge *judge, int *at)
{
	const struct logged *entry =
		entry_of(judge, device_lines, DEVICE_LINES);
	const struct notes *notes = notes_of(judge);
	int next = *at == NONE ? notes->first[judge->subject.index] :
				 notes->items[*at].next;

	while (next != NONE && notes->items[next].entry != entry)
		next = notes->items[next].next;
	*at = next;
	return next == NONE ? NULL : notes->items[next].line;
}

static bool say_notes(struct judge *judge, const struct logged *entry)
{
	const struct notes *notes = notes_of(judge);
	unsigned count = 0;

	for (int at = notes->first[judge->subject.index];
	     at != NONE && count < LINES_SHOWN; at = notes->items[at].next)
		if (notes->items[at].entry == entry) {
			say_line(judge, notes->items[at].line);
			count++;
		}
	return count != 0;
}

/* Whether somebody means to give it away, so that a missing log matters. */
static bool is_candidate(const struct device *device)
{
	return topo_is_display(device) ||
	       (device->driver.known == KNOWN &&
		topo_is_vfio_driver(device->driver.value)) ||
	       (device->driver_override.known == KNOWN &&
		topo_is_vfio_driver(device->driver_override.value));
}

static enum verdict without_line(struct judge *judge)
{
	const struct log *log = &judge->system->host.log;

	if (!is_candidate(say_device(judge)))
		return VERDICT_NOT_HERE;
	if (log->known == KNOWN && log->complete)
		return VERDICT_PASS;
	judge_severity(judge, SEVERITY_INFO);
	return judge_unknown_log(judge);
}

enum verdict rule_dev_logged(struct judge *judge)
{
	const struct logged *entry =
		entry_of(judge, device_lines, DEVICE_LINES);
	const struct device *device = say_device(judge);

	if (entry->unless == ON_VFIO && device->driver.known == KNOWN &&
	    topo_is_vfio_driver(device->driver.value))
		return VERDICT_PASS;
	if (!say_notes(judge, entry))
		return without_line(judge);
	add_remedy(judge, entry);
	return VERDICT_FAIL;
}

enum verdict rule_dev_irq_nobody(struct judge *judge)
{
	if (!say_notes(judge, NULL))
		return without_line(judge);
	say_num(judge, say_path(judge, "irq"), &say_device(judge)->irq);
	judge_remedy(judge, NULL,
		     _("Have the guest use MSI, put the card into another "
		       "slot, or unbind the driver that shares the line."));
	return VERDICT_FAIL;
}
