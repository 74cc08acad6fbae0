// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a device was given: addresses, lanes, interrupts, a place.
 *
 * Sources: include/linux/ioport.h; drivers/pci/setup-bus.c;
 * Documentation/PCI/sysfs-pci.rst.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "model/ids.h"
#include "rule/logged.h"
#include "rule/rules.h"
#include "rule/say.h"

enum {
	RES_MEM = 0x200,
	RES_PREFETCH = 0x2000,
	RES_MEM_64 = 0x100000,
	RES_UNSET = 0x20000000,
	BARS = 6,		/* behind them: ROM, virtual functions */
};

static const uint64_t four_gib = 1ull << 32;
static const uint64_t large_bytes = 256ull << 20;

static bool is_fixture(const struct device *device)
{
	return topo_is_bridge(device) || topo_is_platform(device);
}

static uint64_t bar_bytes(const struct bar *bar)
{
	return bar->end - bar->start + 1;
}

static void say_bar(struct judge *judge, const struct bar *bar)
{
	judge_evidence(judge, say_read(judge, "resource"),
		       "BAR %u: 0x%016" PRIx64 " 0x%016" PRIx64
		       " 0x%016" PRIx64,
		       bar->index, bar->start, bar->end, bar->flags);
}

static bool is_unassigned(const struct bar *bar)
{
	return bar->index < BARS && bar->flags & RES_MEM &&
	       (bar->flags & RES_UNSET || (!bar->start && bar->end));
}

static bool is_large_low(const struct bar *bar)
{
	unsigned wanted = RES_MEM | RES_PREFETCH | RES_MEM_64;

	return bar->index < BARS && (bar->flags & wanted) == wanted &&
	       !(bar->flags & RES_UNSET) && bar->start &&
	       bar->start < four_gib && bar_bytes(bar) >= large_bytes;
}

static bool is_large(const struct bar *bar)
{
	return bar->index < BARS && bar->flags & RES_MEM &&
	       bar_bytes(bar) > large_bytes;
}

/* Show the BARs that @is says yes to. */
static enum verdict bars_that(struct judge *judge,
			      bool (*is)(const struct bar *bar))
{
	const struct device *device = say_device(judge);

	for (unsigned i = 0; i < device->bar_count; i++)
		if (is(&device->bars[i]))
			say_bar(judge, &device->bars[i]);
	if (judge->finding->evidence_count)
		return VERDICT_FAIL;
	/* Every device has the file; a tree made from a log has not. */
	return device->resources == KNOWN ?
		       VERDICT_PASS :
		       judge_unknown(judge, say_path(judge, "resource"),
				     device->resources);
}

/* The number of the BAR that a line of the log is about, where that is one of
 * memory; BARS else: the ROM, those of virtual functions, ports. */
static unsigned bar_of_line(const char *line)
{
	const char *at = strstr(line, "BAR ");
	unsigned number = at && at[4] >= '0' && at[4] < '0' + BARS &&
			  (at[5] == ':' || at[5] == ' ') ?
				  (unsigned)(at[4] - '0') : BARS;

	if (number == BARS || !strstr(at, "[mem ") ||
	    (at - line >= 3 && strncmp(at - 3, "VF ", 3) == 0))
		return BARS;
	return number;
}

/* By the log, where resource was not read: the kernel tries again, so the
 * last word on a BAR counts. */
static enum verdict bars_by_log(struct judge *judge)
{
	const char *failed[BARS] = { 0 }, *line;
	int at = NONE;

	while ((line = logged_next(judge, &at))) {
		unsigned number = bar_of_line(line);
		bool given = strstr(line, ": assigned") != NULL;
		if (number < BARS)
			failed[number] = given ? NULL : line;
	}
	for (unsigned i = 0; i < BARS; i++)
		say_line(judge, failed[i]);
	if (!judge->finding->evidence_count)
		return VERDICT_CANNOT_TELL;
	judge->finding->because = "";
	return VERDICT_FAIL;
}

enum verdict rule_dev_bar_unassigned(struct judge *judge)
{
	if (is_fixture(say_device(judge)))
		return VERDICT_NOT_HERE;
	enum verdict verdict = bars_that(judge, is_unassigned);
	if (verdict == VERDICT_CANNOT_TELL)
		verdict = bars_by_log(judge);
	if (verdict == VERDICT_FAIL) {
		judge_remedy(judge, NULL,
			     _("In the firmware's setup, switch \"Above 4G "
			       "Decoding\" on and CSM off."));
		judge_parameter(judge, "pci=realloc", false);
	}
	return verdict;
}

enum verdict rule_dev_bar_low(struct judge *judge)
{
	if (is_fixture(say_device(judge)))
		return VERDICT_NOT_HERE;
	enum verdict verdict = bars_that(judge, is_large_low);
	/* That other devices have none is not worth a word. */
	if (verdict != VERDICT_FAIL && !topo_is_display(say_device(judge)))
		return VERDICT_NOT_HERE;
	if (verdict == VERDICT_FAIL)
		judge_remedy(judge, NULL,
			     _("In the firmware's setup, switch \"Above 4G "
			       "Decoding\" on if the guest lacks room."));
	return verdict;
}

enum verdict rule_dev_rebar(struct judge *judge)
{
	const struct fact_num *rebar = &say_device(judge)->rebar;

	if (!topo_is_display(say_device(judge)))
		return VERDICT_NOT_HERE;
	if (!known_is_settled(rebar->known))
		return judge_unknown(judge, say_path(judge, "resource0_resize"),
				     rebar->known);
	if (!rebar->value)
		return VERDICT_PASS;
	enum verdict verdict = bars_that(judge, is_large);
	if (verdict == VERDICT_FAIL)
		judge_remedy(judge, NULL,
			     _("If the guest does not start with it, choose a "
			       "smaller size (resourceN_resize), or switch "
			       "\"Re-Size BAR\" off in the firmware's setup."));
	return verdict;
}

enum verdict rule_dev_link_narrow(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const struct fact_num *width = &device->width;
	const struct fact_num *max = &device->width_max;

	if (is_fixture(device) || width->known == ABSENT ||
	    max->known == ABSENT ||
	    (width->known == KNOWN && width->value == 0))
		return VERDICT_NOT_HERE;
	if (width->known != KNOWN || max->known != KNOWN)
		return judge_unknown(judge,
				     say_path(judge, "current_link_width"),
				     width->known != KNOWN ? width->known :
							     max->known);
	/* Asleep it may be narrow by intent. */
	if (device->power_state.known == KNOWN &&
	    strcmp(device->power_state.value, "D0") != 0)
		return VERDICT_NOT_HERE;
	if (width->value >= max->value)
		return VERDICT_PASS;
	say_num(judge, say_path(judge, "current_link_width"), width);
	say_num(judge, say_path(judge, "max_link_width"), max);
	judge_remedy(judge, NULL,
		     _("See whether the slot has that many lanes, whether the "
		       "card sits well, and whether a riser or a split slot "
		       "is between."));
	return VERDICT_FAIL;
}

/* "8.0 GT/s PCIe" as tenths; 0 for "Unknown". */
static unsigned long speed_tenths(const struct fact_text *speed)
{
	char *end;
	unsigned long whole = strtoul(speed->value, &end, 10);

	return whole * 10 + (*end == '.' && end[1] >= '0' && end[1] <= '9' ?
				     (unsigned long)(end[1] - '0') : 0);
}

enum verdict rule_dev_link_slow(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const struct fact_text *speed = &device->speed;
	const struct fact_text *max = &device->speed_max;

	if (is_fixture(device) || speed->known == ABSENT ||
	    max->known == ABSENT)
		return VERDICT_NOT_HERE;
	if (speed->known != KNOWN || max->known != KNOWN)
		return judge_unknown(judge,
				     say_path(judge, "current_link_speed"),
				     speed->known != KNOWN ? speed->known :
							     max->known);
	if (!speed_tenths(speed) || !speed_tenths(max))
		return VERDICT_NOT_HERE;
	if (speed_tenths(speed) >= speed_tenths(max))
		return VERDICT_PASS;
	say_text(judge, say_path(judge, "current_link_speed"), speed);
	say_text(judge, say_path(judge, "max_link_speed"), max);
	return VERDICT_FAIL;
}

/* The row of /proc/interrupts that the device shares with others, or NULL. */
static const struct interrupt *shared_row(const struct judge *judge)
{
	const struct host *host = &judge->system->host;
	const struct fact_num *irq = &say_device(judge)->irq;

	if (irq->known != KNOWN || irq->value <= 0)
		return NULL;
	for (unsigned i = 0; i < host->interrupt_count; i++) {
		const struct interrupt *row = &host->interrupts[i];
		if (strtol(row->number, NULL, 10) == irq->value &&
		    strchr(row->actions, ','))
			return row;
	}
	return NULL;
}

enum verdict rule_dev_intx(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const struct config *config = device->config;

	if (is_fixture(device))
		return VERDICT_NOT_HERE;
	if (config->caps != KNOWN && config->caps != ABSENT)
		return judge_unknown(judge, say_path(judge, "config"),
				     config->caps);
	if (config->has_msi || config->has_msix || !config->interrupt_pin ||
	    device->physfn != NONE)
		return VERDICT_PASS;
	if (judge->system->host.interrupts_known != KNOWN)
		return judge_unknown(judge, "/proc/interrupts",
				     judge->system->host.interrupts_known);
	const struct interrupt *row = shared_row(judge);
	if (!row)
		return VERDICT_PASS;
	judge_evidence(judge, say_path(judge, "config"),
		       _("interrupt pin INT%c, neither MSI nor MSI-X"),
		       'A' + (config->interrupt_pin - 1) % 4);
	judge_evidence(judge, "/proc/interrupts", "%s: %s %s", row->number,
		       row->chip, row->actions);
	judge_remedy(judge, NULL,
		     _("Put the card into another slot, or unbind the drivers "
		       "that share the line."));
	return VERDICT_FAIL;
}

/* Show how the chip is known; KNOWN where it is. */
static enum known say_intx_ids(struct judge *judge)
{
	const struct device *device = say_device(judge);

	if (ids_have(IDS_INTX_BROKEN, device))
		say_id(judge, judge->subject.index, "");
	else if (ids_have(IDS_INTX_HIDDEN, device))
		say_id(judge, judge->subject.index,
		       arena_printf(judge->arena, ": %s",
				    _("vfio hides its interrupt pin")));
	return judge->finding->evidence_count ? KNOWN : ABSENT;
}

enum verdict rule_dev_intx_quirk(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const struct log *log = &judge->system->host.log;
	const char *line;
	int at = NONE;

	if (is_fixture(device))
		return VERDICT_NOT_HERE;
	if (device->identity == KNOWN && say_intx_ids(judge) == KNOWN)
		return VERDICT_FAIL;
	/* Of some the kernel asks the firmware, and says what it found. */
	if ((line = logged_next(judge, &at))) {
		say_line(judge, line);
		return VERDICT_FAIL;
	}
	if (device->identity != KNOWN)
		return judge_unknown(judge, say_path(judge, "uevent"),
				     device->identity);
	if (ids_have(IDS_INTX_FIRMWARE, device) &&
	    !(log->known == KNOWN && log->complete))
		return judge_unknown_log(judge);
	return ids_have_vendor(IDS_INTX_BROKEN, device) ? VERDICT_PASS :
							  VERDICT_NOT_HERE;
}

enum verdict rule_dev_numa(struct judge *judge)
{
	const struct fact_num *node = &say_device(judge)->numa_node;

	if (is_fixture(say_device(judge)) || node->known == ABSENT)
		return VERDICT_NOT_HERE;
	if (node->known != KNOWN)
		return judge_unknown(judge, say_path(judge, "numa_node"),
				     node->known);
	if (node->value < 0 || !judge->clues->many_nodes)
		return VERDICT_PASS;
	say_num(judge, say_path(judge, "numa_node"), node);
	return VERDICT_FAIL;
}

enum verdict rule_dev_untrusted(struct judge *judge)
{
	const struct fact_text *removable = &say_device(judge)->removable;

	if (removable->known == ABSENT)
		return VERDICT_NOT_HERE;
	if (removable->known != KNOWN)
		return judge_unknown(judge, say_path(judge, "removable"),
				     removable->known);
	if (strcmp(removable->value, "removable") != 0)
		return VERDICT_PASS;
	say_text(judge, say_path(judge, "removable"), removable);
	return VERDICT_FAIL;
}

enum verdict rule_dev_vmd(struct judge *judge)
{
	enum { VMD_DOMAINS = 0x10000 };
	char text[BDF_TEXT];
	const struct device *device = say_device(judge);

	if (device->address.domain < VMD_DOMAINS)
		return VERDICT_PASS;
	judge_evidence(judge, judge->system->devices_logged ?
			       say_read(judge, "") : "/sys/bus/pci/devices",
		       "%s", bdf_print(device->address, text));
	judge_remedy(judge, NULL,
		     _("In the firmware's setup, switch \"VMD\" off; drives "
		       "that an operating system starts from may then need "
		       "attention."));
	return VERDICT_FAIL;
}

enum verdict rule_dev_ats_quirk(struct judge *judge)
{
	const struct device *device = say_device(judge);
	const char *line;
	int at = NONE;

	if (is_fixture(device))
		return VERDICT_NOT_HERE;
	if ((line = logged_next(judge, &at))) {
		say_line(judge, line);
		return VERDICT_FAIL;
	}
	if (!ids_have_vendor(IDS_NO_ATS, device))
		return VERDICT_NOT_HERE;
	enum known listed = ids_known(IDS_NO_ATS, device);
	if (listed == ABSENT)
		return VERDICT_PASS;
	if (listed != KNOWN)
		return judge_unknown(judge,
				     say_path(judge, device->identity == KNOWN ?
						     "revision" : "uevent"),
				     listed);
	if (!known_is_settled(device->config->ecaps))
		return judge_unknown(judge, say_path(judge, "config"),
				     device->config->ecaps);
	if (!device->config->has_ats)
		return VERDICT_PASS;
	judge_evidence(judge, say_path(judge, "config"),
		       _("%04x:%04x with extended capability 0x000f (ATS)"),
		       device->vendor, device->device);
	return VERDICT_FAIL;
}

enum verdict rule_dev_atomics(struct judge *judge)
{
	enum { COMPLETER = 7 << 7 };	/* DevCap2: 32, 64, 128 bit */
	const struct system *system = judge->system;
	const struct device *device = say_device(judge);
	int root = device->parent;

	/* Only AMD's compute stack (ROCm) insists. */
	if (!topo_is_display(device) || device->vendor != 0x1002 ||
	    root == NONE)
		return VERDICT_NOT_HERE;
	while (system->devices[root].parent != NONE)
		root = system->devices[root].parent;
	const struct config *port = system->devices[root].config;
	if (port->caps != KNOWN)
		return judge_unknown(judge,
				     say_device_path(judge, root, "config"),
				     port->caps == ABSENT ? UNREAD :
							    port->caps);
	if (port->devcap2 & COMPLETER)
		return VERDICT_PASS;
	judge_evidence(judge, say_device_path(judge, root, "config"),
		       _("DevCap2 0x%08x: no AtomicOp completer"),
		       port->devcap2);
	judge_remedy(judge, NULL,
		     _("Put the card into a slot of the processor."));
	return VERDICT_FAIL;
}
