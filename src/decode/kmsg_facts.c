// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel's log tells of the host, for where nothing better could be
 * read.  It never overrules another source, and judges nothing.
 *
 * init/main.c, print_kernel_cmdline(); arch/x86/kernel/setup.c;
 * drivers/acpi/acpica/tbprint.c; arch/x86/kernel/cpu/common.c,
 * print_cpu_info(); drivers/firmware/dmi_scan.c, dmi_format_ids().
 */
#include "decode/kmsg.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "decode/cmdline.h"

enum {
	TABLES_MOST = 256,
	/* printk cuts a record at 1024 bytes, its stamp included. */
	CUT_BYTES = 960,
};

static bool is_unread(const struct fact_text *fact)
{
	return fact->known == UNREAD;
}

static void tell(struct arena *arena, struct fact_text *fact, const char *text,
		 size_t len)
{
	fact->known = KNOWN;
	fact->value = text_safe(arena, text, len);
}

/* Return what follows @prefix in the first line from *@from on that begins
 * with it; NULL when there is none. */
static const char *behind(const struct log *log, size_t *from,
			  const char *prefix)
{
	while (*from < log->count) {
		const char *text = log->lines[(*from)++].text;

		if (text_starts(text, prefix))
			return text + strlen(prefix);
	}
	return NULL;
}

static const char *first_behind(const struct log *log, const char *prefix)
{
	size_t from = 0;

	return behind(log, &from, prefix);
}

static bool mentions(const struct log *log, const char *part)
{
	size_t from = 0;

	return log_find(log, &from, part) != NULL;
}

static void release(struct arena *arena, const struct log *log,
		    struct host *host)
{
	const char *text = first_behind(log, "Linux version ");

	if (!is_unread(&host->release) || !text || !*text)
		return;
	tell(arena, &host->release, text, strcspn(text, " "));
	host->logged_facts |= LOGGED_RELEASE;
}

/*
 * Put together the lines "Kernel command line: …".  Kernels of 6.19 and later
 * break a long one over several, each but the last ending in a backslash.
 */
static bool join_cmdline(const struct log *log, struct buf *out)
{
	static const char prefix[] = "Kernel command line: ";
	size_t from = 0;
	const char *text;

	while ((text = behind(log, &from, prefix)) != NULL) {
		size_t len = strlen(text);
		bool more = text_ends(text, " \\");

		buf_add(out, text, more ? len - 1 : len);
		if (!more)
			return len < CUT_BYTES;
	}
	return false;
}

/*
 * A line as long as the log allows may have lost its end: what it names is
 * told, but what it does not name is not known to be absent.
 */
static void command_line(struct arena *arena, const struct log *log,
			 struct host *host)
{
	struct buf joined = {0};

	if (!is_unread(&host->cmdline))
		return;
	bool whole = join_cmdline(log, &joined);
	const char *text = buf_str(&joined);
	const char *early = first_behind(log, "Command line: ");
	if (early && (!joined.len || (!whole && strlen(early) > joined.len))) {
		text = early;
		whole = strlen(early) < CUT_BYTES;
	}
	if (early || joined.len) {
		host->parameter_count =
			cmdline_parse(arena, text, &host->parameters);
		tell(arena, &host->cmdline, text, strlen(text));
		host->logged_facts |= LOGGED_CMDLINE;
		if (!whole)
			host->cmdline = (struct fact_text){ SHORT, "" };
	}
	buf_free(&joined);
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/*
 * Whether @text, behind "ACPI: ", announces a table: "DMAR 0x00000000…", or
 * "DMAR 7fed0340, 00b0" as kernels before 2.6.29 had it.
 */
static bool is_table_line(const char *text)
{
	for (unsigned i = 0; i < 4; i++)
		if (text[i] < '!' || text[i] > '~')
			return false;
	if (text[4] != ' ')
		return false;
	const char *at = text + 5;
	if (text_starts(at, "0x"))
		at += 2;
	const char *digits = at;
	while (is_hex(*at))
		at++;
	return at - digits >= 8 && (*at == ' ' || *at == ',');
}

static bool is_listed(const struct acpi_name *names, unsigned count,
		      const char *name)
{
	for (unsigned i = 0; i < count; i++)
		if (strncmp(names[i].name, name, 4) == 0)
			return true;
	return false;
}

/*
 * Of tables that stand several times, such as SSDT, the name is held once.
 * Every machine has FACP: a list without it was cut, and proves no absence.
 * A machine without ACPI has no list: ABSENT.
 */
static void tables(struct arena *arena, const struct log *log,
		   struct host *host)
{
	struct acpi_name *names = NULL;
	size_t room = 0, from = 0;
	unsigned count = 0;
	const char *text;

	if (host->tables_known != UNREAD || host->table_count)
		return;
	while ((text = behind(log, &from, "ACPI: ")) && count < TABLES_MOST) {
		if (!is_table_line(text) || is_listed(names, count, text))
			continue;
		names = arena_grow(arena, names, count, &room, sizeof *names);
		names[count++] = (struct acpi_name){
			.name = text_safe(arena, text, 4),
			.content = UNREAD,
		};
	}
	if (!count) {
		if (log->begun && mentions(log, "ACPI: Interpreter disabled."))
			host->tables_known = ABSENT;
		return;
	}
	host->tables = names;
	host->table_count = count;
	host->tables_source = "kernel log";
	if (log->begun && is_listed(names, count, "FACP") &&
	    (log->complete || mentions(log, "Kernel command line: ")))
		host->tables_known = KNOWN;
}

/* A mark in the log, and what it stands for; the first that fits counts. */
struct mark {
	const char *part;
	const char *meaning;
};

static const struct mark vendors[] = {
	{ "Intel", "GenuineIntel" },
	{ "AMD", "AuthenticAMD" },
	{ "Hygon", "HygonGenuine" },
	{ "VIA ", "CentaurHauls" },
	{ "ZHAOXIN", "Shanghai" },
	{ "Zhaoxin", "Shanghai" },
};

/* The events driver speaks up right behind the processor's name. */
static const struct mark event_drivers[] = {
	{ ", Intel PMU driver", "GenuineIntel" },
	{ "Intel P-state driver initializing", "GenuineIntel" },
	{ ", AMD PMU driver", "AuthenticAMD" },
};

static const struct mark architectures[] = {
	{ "MB LOWMEM available.", "i686" },
	{ "BIOS-provided physical RAM map:", "x86_64" },
	{ "BIOS-e820: ", "x86_64" },
	{ "x86/fpu: ", "x86_64" },
	{ "x86/PAT: ", "x86_64" },
	{ "smpboot: ", "x86_64" },
	{ "CPU: ARMv7 Processor", "armv7l" },
	{ ", mpidr 8", "armv7l" },
	{ "CPU features: detected", "aarch64" },
	{ "Booting Linux on physical CPU 0x0000", "aarch64" },
	{ "GICv3: ", "aarch64" },
	{ "psci: ", "aarch64" },
	{ "SBI specification v", "riscv64" },
	{ "ppc64_pft_size", "ppc64" },
	{ "PCI host bridge /", "ppc64" },
	{ "(Loongson-64bit)", "loongarch64" },
};

static const struct mark hypervisors[] = {
	{ "Hypervisor detected: ", "" },
	{ "kvm-clock: Using msrs ", "" },
	{ "Hyper-V: Hypervisor Build ", "" },
	{ "Booting paravirtualized kernel on KVM", "" },
	{ "Booting paravirtualized kernel on Xen", "" },
	{ "Booting paravirtualized kernel on Hyper-V", "" },
	{ "Booting paravirtualized kernel on VMware", "" },
};

/* Return the meaning of the first of @count marks that @log bears, or NULL. */
static const char *mark_in_log(const struct log *log, const struct mark *marks,
			       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (mentions(log, marks[i].part))
			return marks[i].meaning;
	return NULL;
}

static const char *mark_in_text(const char *text, const struct mark *marks,
				size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, marks[i].part))
			return marks[i].meaning;
	return NULL;
}

#define COUNT(array) (sizeof (array) / sizeof *(array))

static const char *processor_line(const struct log *log, const char *prefix)
{
	size_t from = 0;
	const char *text;

	while ((text = behind(log, &from, prefix)) != NULL)
		if (strstr(text, " (family: ") || strstr(text, " stepping "))
			return text;
	return NULL;
}

static size_t name_len(const char *line)
{
	const char *end = strstr(line, " (family: ");

	if (!end)
		end = strstr(line, " stepping ");
	return end ? (size_t)(end - line) : strlen(line);
}

/* "smpboot: CPU0: NAME (family: 0x6, model: …", before 3.13 without smpboot,
 * before 3.9 "CPU0: NAME stepping 05". */
static void processor(struct arena *arena, const struct log *log,
		      struct host *host)
{
	const char *line = processor_line(log, "smpboot: CPU0: ");
	const char *vendor = NULL;

	if (!line)
		line = processor_line(log, "CPU0: ");
	if (line)
		vendor = mark_in_text(line, vendors, COUNT(vendors));
	if (!vendor)
		vendor = mark_in_log(log, event_drivers,
				     COUNT(event_drivers));
	if (is_unread(&host->cpu_vendor) && vendor) {
		host->cpu_vendor = (struct fact_text){ KNOWN, vendor };
		host->logged_facts |= LOGGED_CPU;
	}
	if (is_unread(&host->cpu_model) && line)
		tell(arena, &host->cpu_model, line, name_len(line));
}

/* The log can prove a hypervisor; that there is none it cannot, for emulators
 * stay unnamed. */
static void hypervisor_flag(const struct log *log, struct host *host)
{
	if (host->cpu_flags.known != UNREAD ||
	    !mark_in_log(log, hypervisors, COUNT(hypervisors)))
		return;
	host->cpu_flags = (struct fact_num){ KNOWN, CPU_HYPERVISOR };
	host->logged_facts |= LOGGED_FLAGS;
}

static void architecture(const struct log *log, struct host *host)
{
	const char *name = mark_in_log(log, architectures,
				       COUNT(architectures));

	if (is_unread(&host->architecture) && name)
		host->architecture = (struct fact_text){ KNOWN, name };
}

/*
 * Bytes of the maker's name in "maker product/board, BIOS …", where nothing
 * parts maker and product: a name known to have blanks, or all up to a word
 * that ends companies' names, or one word.
 */
static size_t maker_len(const char *text)
{
	static const char *const whole[] = {
		"Red Hat ", "Amazon EC2 ", "To Be Filled By O.E.M. ",
		"To be filled by O.E.M. ", "System manufacturer ",
		"OpenStack Foundation ", "Alibaba Cloud ",
		"Intel(R) Client Systems ", "Default string ",
		"Hasee Computer ",
	};
	static const char *const ends[] = {
		" Inc. ", " INC. ", " Inc ", " Ltd. ", ",Ltd. ", " LTD. ",
		" Corporation ", " CORPORATION ", " Corp. ", " GmbH ",
		" Limited ",
	};
	size_t best = 0;

	for (size_t i = 0; i < COUNT(whole); i++)
		if (text_starts(text, whole[i]))
			return strlen(whole[i]) - 1;
	for (size_t i = 0; i < COUNT(ends); i++) {
		const char *found = strstr(text, ends[i]);
		size_t len = found ? (size_t)(found - text) +
					     strlen(ends[i]) - 1 : 0;

		if (found && (!best || len < best))
			best = len;
	}
	return best ? best : strcspn(text, " ");
}

static const char *dmi_line(const struct log *log)
{
	static const char *const prefixes[] = { "DMI: ", "Hardware name: " };

	for (size_t i = 0; i < COUNT(prefixes); i++) {
		size_t from = 0;
		const char *text;

		while ((text = behind(log, &from, prefixes[i])) != NULL)
			if (strstr(text, ", BIOS"))
				return text;
	}
	return NULL;
}

static void machine(struct arena *arena, const struct log *log,
		    struct host *host)
{
	const char *line = dmi_line(log);

	if (!line)
		return;
	size_t names = (size_t)(strstr(line, ", BIOS") - line);
	const char *text = arena_copy(arena, line, names);
	size_t maker = maker_len(text);
	const char *product = text + maker;
	if (*product == ' ')
		product++;
	if (is_unread(&host->dmi_vendor) && is_unread(&host->dmi_product))
		host->logged_facts |= LOGGED_DMI;
	if (is_unread(&host->dmi_vendor) && maker)
		tell(arena, &host->dmi_vendor, text, maker);
	if (is_unread(&host->dmi_product) && *product && *product != '/')
		tell(arena, &host->dmi_product, product,
		     strcspn(product, "/"));
}

void kmsg_facts(struct arena *arena, const struct log *log, struct host *host)
{
	release(arena, log, host);
	command_line(arena, log, host);
	tables(arena, log, host);
	processor(arena, log, host);
	hypervisor_flag(log, host);
	architecture(log, host);
	machine(arena, log, host);
	kmsg_units(arena, log, host);
}
