// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_KMSG_H
#define DECODE_KMSG_H

#include "base/arena.h"
#include "model/system.h"

/*
 * Split the kernel's log into lines: records of /dev/kmsg
 * ("6,12,345,-;text"), dmesg ("[    0.000000] text", with or without level
 * and facility), journalctl's short-monotonic ("[    0.000000] host kernel:
 * text") and syslog's forms ("Nov 22 10:00:00 host kernel: [    0.0] text"),
 * or bare text.  Lines of other programs are left out, and of a file with
 * several boots only the last is kept.  Colours and the marks of quoting go.
 * Sets lines, count, begun and complete; known and source are the caller's.
 * Lines and their length are bounded.
 */
void kmsg_parse(struct arena *arena, const char *text, size_t len,
		struct log *out);

/*
 * Whether lines were picked out of the log: an excerpt may begin as the whole
 * does, but lacks lines that every start prints.
 */
bool kmsg_is_excerpt(const struct log *log);

/* Whether the log goes on to where drivers take devices, or to the first
 * program: IOMMUs are started, or will not be. */
bool kmsg_is_past_start(const struct log *log);

/*
 * Fill what is still UNREAD in *host from the log: command line, release,
 * ACPI table names, processor vendor and model, DMI names, architecture,
 * hypervisor flag; which of them, is noted in logged_facts.
 *
 * tables_known becomes KNOWN only where the log has begun, goes on behind its
 * list of tables, and that has FACP, which every machine has; else the names found are there
 * and it stays UNREAD.  cpu_flags becomes KNOWN only where a hypervisor is
 * proved, with that flag alone: the log does not tell VMX and SVM.  A command
 * line that the log has cut is SHORT, its parameters so far are there.
 */
void kmsg_facts(struct arena *arena, const struct log *log, struct host *host);

/*
 * Fill host->logged_units with the units of VT-d that the log describes, in
 * its order: address, version, cap and ecap.  Called by kmsg_facts().
 */
void kmsg_units(struct arena *arena, const struct log *log,
		struct host *host);

enum { BARS_LOGGED = 7 };	/* of one device: six, and the ROM */

/* A PCI function as the log tells of it.  What it does not tell is 0. */
struct logged_device {
	struct bdf address;
	uint32_t class;			/* 24 bits */
	uint16_t vendor, device;
	uint8_t header_type;		/* 0, 1 or 2 */
	bool bridges;			/* the buses below it were told: */
	uint8_t secondary, subordinate;
	bool grouped;			/* its IOMMU group was told: */
	uint32_t group;
	struct bar bars[BARS_LOGGED];	/* flags 0: not told, or no address */
};

/*
 * Point *out at the PCI functions that the log names with their ids, one per
 * address and sorted, in the arena; returns how many.  *whole: these are all
 * of that start, for the log is complete and speaks of no other; what came and
 * went later may be missing all the same.
 */
unsigned kmsg_devices(struct arena *arena, const struct log *log,
		      const struct logged_device **out, bool *whole);

/* What a line says of a device that it begins with, as "pci 0000:01:00.0: …"
 * does, whoever speaks; NULL where it is of another form. */
const char *kmsg_speaks_of(const char *text, struct bdf *address);

#endif
