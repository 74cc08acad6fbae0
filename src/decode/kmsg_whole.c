// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How much of a machine's start a log holds: whether the lack of a line means
 * anything.  It says nothing of what the lines mean.
 *
 * Sources: init/main.c, start_kernel() and kernel_init(); arch/x86/kernel/
 * e820.c, e820__memory_setup(); drivers/pci/pci-driver.c.
 */
#include "decode/kmsg.h"

#include <string.h>

#include "base/text.h"
#include "model/bdf.h"

static bool mentions(const struct log *log, const char *const *parts)
{
	for (; *parts; parts++) {
		size_t from = 0;
		if (log_find(log, &from, *parts))
			return true;
	}
	return false;
}

/* "[...]", where somebody left lines out. */
static bool is_gap(const char *text)
{
	static const char *const gaps[] = {
		"...", "[...]", "(...)", "[snip]", "<snip>", "[…]", "…",
	};

	for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
		if (strcmp(text, gaps[i]) == 0)
			return true;
	return false;
}

bool kmsg_is_excerpt(const struct log *log)
{
	/* Printed by every kernel on its way. */
	static const char *const command[] = { "ommand line: ", NULL };
	/* …by every one on x86, and what others say at their beginning. */
	static const char *const starts[] = {
		"BIOS-provided physical RAM map:",
		"Booting Linux on physical CPU", "Machine model: ",
		"CPU features: detected", "psci: ", "SBI specification v",
		"Linux is running", "ppc64_pft_size", "PCI host bridge /",
		"Loongson", "MIPS: machine is", "PROMLIB:", "riscv: ",
		", mpidr 8", "CPU: ARMv", NULL,
	};

	for (size_t i = 0; i < log->count; i++)
		if (is_gap(log->lines[i].text))
			return true;
	return !mentions(log, command) || !mentions(log, starts);
}

/* "xhci_hcd 0000:00:14.0: xHCI Host Controller": a driver speaks for a
 * device; before, the bus itself does. */
static bool is_driver_line(const char *text)
{
	struct bdf address;

	return !text_starts(text, "pci ") && kmsg_speaks_of(text, &address);
}

bool kmsg_is_past_start(const struct log *log)
{
	for (size_t i = 0; i < log->count; i++) {
		const char *text = log->lines[i].text;
		if (text_starts(text, "Run /") ||
		    text_starts(text, "Freeing unused kernel") ||
		    is_driver_line(text))
			return true;
	}
	return false;
}
