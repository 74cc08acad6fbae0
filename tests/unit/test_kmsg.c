// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's log as lines: its forms, where it begins and ends, what is made
 * harmless in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "unit/kmsg_read.h"

/* One line in a form, and what is to be left of it. */
struct form {
	const char *text;
	uint64_t usec;
};

static void every_form_gives_the_same_words(void **state)
{
	static const struct form forms[] = {
		{ "6,12,1345678,-;DMAR: IOMMU enabled", 1345678 },
		{ "6,12,1345678,-,caller=T1;DMAR: IOMMU enabled", 1345678 },
		{ "[    1.345678] DMAR: IOMMU enabled", 1345678 },
		{ "[    1.345678] [      T1] DMAR: IOMMU enabled", 1345678 },
		{ "[    1.345678][    T1] DMAR: IOMMU enabled", 1345678 },
		{ "<6>[    1.345678] DMAR: IOMMU enabled", 1345678 },
		{ "kern  :info  : [    1.345678] DMAR: IOMMU enabled",
		  1345678 },
		{ "[    1.345678 <    0.000012>] DMAR: IOMMU enabled",
		  1345678 },
		{ "[    1.345678] host kernel: DMAR: IOMMU enabled", 1345678 },
		{ "[Sat Nov 22 10:00:00 2025] DMAR: IOMMU enabled", 0 },
		{ "2025-11-22T10:00:00,345678+01:00 DMAR: IOMMU enabled", 0 },
		{ "Nov 22 10:00:00 host kernel: [    1.345678] "
		  "DMAR: IOMMU enabled", 1345678 },
		{ "Nov  2 10:00:00 ho-st.lan kernel: DMAR: IOMMU enabled", 0 },
		{ "2025-11-22T10:00:00.345678+01:00 host kernel: "
		  "[    1.345678] DMAR: IOMMU enabled", 1345678 },
		{ "2025-11-22T10:00:00+0100 host kernel: DMAR: IOMMU enabled",
		  0 },
		{ "Nov 22 10:00:00.345678 host kernel: DMAR: IOMMU enabled",
		  0 },
		{ "Sat 2025-11-22 10:00:00 CET host kernel: DMAR: IOMMU "
		  "enabled", 0 },
		{ "1763802000.345678 host kernel: DMAR: IOMMU enabled", 0 },
		{ "[Nov22 10:00] DMAR: IOMMU enabled", 0 },
		{ "[  +0.000012] DMAR: IOMMU enabled", 0 },
		{ "> [    1.345678] DMAR: IOMMU enabled", 1345678 },
		{ ">>> [    1.345678] DMAR: IOMMU enabled", 1345678 },
		{ "    [    1.345678] DMAR: IOMMU enabled", 1345678 },
		{ "\033[32m[    1.345678] \033[0m\033[33mDMAR\033[0m: IOMMU "
		  "enabled\033[0m", 1345678 },
		{ "DMAR: IOMMU enabled", 0 },
		{ "DMAR: IOMMU enabled\r", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct arena arena = {0};
		struct log log = parse(&arena, forms[i].text);

		assert_int_equal(log.count, 1);
		assert_string_equal(log.lines[0].text, "DMAR: IOMMU enabled");
		assert_true(log.lines[0].usec == forms[i].usec);
		arena_free(&arena);
	}
}

static void words_that_look_like_stamps_stay(void **state)
{
	static const char *const lines[] = {
		"[drm] Initialized i915 1.6.0", "pci 0000:00:02.0: info: x",
		"[Firmware Bug]: TSC", "12,34 apples", "<b>bold</b>",
		"[mem 0x0-0xf]", "[ + ] x", "1763802000 apples", "> bigger",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct arena arena = {0};
		struct log log = parse(&arena, lines[i]);

		assert_int_equal(log.count, 1);
		assert_string_equal(log.lines[0].text, lines[i]);
		arena_free(&arena);
	}
}

static void other_programs_are_left_out(void **state)
{
	struct arena arena = {0};
	struct log log = parse(&arena,
		"-- Journal begins at Sat 2025-11-22 --\n"
		"Nov 22 10:00:00 host kernel: one\n"
		"Nov 22 10:00:00 host systemd[1]: DMAR: IOMMU enabled\n"
		"Nov 22 10:00:00 host kernel: two\n");

	(void)state;
	assert_int_equal(log.count, 2);
	assert_string_equal(log.lines[1].text, "two");
	log = parse(&arena, "[    0.000000] host kernel: one\n"
			    "[    1.000000] host systemd[1]: two\n"
			    "[    1.000000] hostess kernel two\n");
	assert_int_equal(log.count, 2);
	log = parse(&arena, "[    1.000000] usb systemd[1]: two\n");
	assert_int_equal(log.count, 1);
	arena_free(&arena);
}

static void dictionary_lines_of_records_are_left_out(void **state)
{
	struct arena arena = {0};
	struct log log = parse(&arena,
		"6,1,0,-;pci 0000:00:02.0: vgaarb: loaded\n"
		" SUBSYSTEM=pci\n DEVICE=+pci:0000:00:02.0\n"
		"6,2,9,-;next\n");

	(void)state;
	assert_int_equal(log.count, 2);
	assert_string_equal(log.lines[1].text, "next");
	arena_free(&arena);
}

#define FIRST "[    0.000000] Linux version 6.12.9 (x)\n"
#define COMMAND "[    0.000000] Command line: ro quiet\n"
#define MEMORY "[    0.000000] BIOS-provided physical RAM map:\n"
#define FACP "[    0.010000] ACPI: FACP 0x000000007AFB7000 000114 (v06 A)\n"
#define KERNEL_COMMAND "[    0.050000] Kernel command line: ro quiet\n"
#define DRIVER "[    0.700000] pcieport 0000:00:1c.0: PME: Signaling\n"

/* What is not said was not said only where the log holds the start, from the
 * first line to where drivers take devices. */
static void a_log_is_complete_from_its_first_line_to_the_drivers(void **state)
{
	static const struct { const char *text; bool begun, complete; } logs[] = {
		{ FIRST COMMAND MEMORY DRIVER, true, true },
		{ FIRST COMMAND MEMORY "Run /init as init process", true,
		  true },
		{ FIRST COMMAND MEMORY
		  "Freeing unused kernel image (initmem) memory: 1K", true,
		  true },
		{ FIRST COMMAND MEMORY, true, false },
		{ FIRST COMMAND MEMORY "pci 0000:00:1c.0: [8086:a110] type\n"
		  "pci_bus 0000:00: root bus\nACPI: PCI: x 0000:00:1c.0: y",
		  true, false },
		{ COMMAND MEMORY DRIVER, false, false },
		{ "[  100.000000] Linux version 6.1 (x)\n" COMMAND MEMORY
		  DRIVER, false, false },
		{ "", false, false },
		/* Lines picked out of it. */
		{ FIRST MEMORY DRIVER, false, false },
		{ FIRST COMMAND DRIVER, false, false },
		{ FIRST COMMAND MEMORY "[...]\n" DRIVER, false, false },
		{ FIRST KERNEL_COMMAND "Machine model: x\n" DRIVER, true,
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		struct arena arena = {0};
		struct log log = parse(&arena, logs[i].text);

		if (log.begun != logs[i].begun ||
		    log.complete != logs[i].complete)
			fail_msg("%s", logs[i].text);
		arena_free(&arena);
	}
}

static void a_list_of_tables_is_whole_where_the_log_goes_on(void **state)
{
	struct arena arena = {0};

	(void)state;
	struct host host = facts(&arena, FIRST COMMAND MEMORY FACP);
	assert_int_equal(host.tables_known, UNREAD);
	assert_int_equal(host.table_count, 1);
	host = facts(&arena, FIRST COMMAND MEMORY FACP KERNEL_COMMAND);
	assert_int_equal(host.tables_known, KNOWN);
	host = facts(&arena, FIRST FACP KERNEL_COMMAND);
	assert_int_equal(host.tables_known, UNREAD);
	host = facts(&arena, FIRST COMMAND MEMORY
		     "[    0.1] ACPI: Interpreter disabled.\n");
	assert_int_equal(host.tables_known, ABSENT);
	arena_free(&arena);
}

static void only_the_last_boot_counts(void **state)
{
	struct arena arena = {0};
	struct log log = parse(&arena,
		"[    0.000000] Linux version 6.1.0 (x)\n"
		"[    0.000000] Command line: iommu=off\n"
		"[   99.000000] bye\n"
		"[    0.000000] Booting Linux on physical CPU 0x0000000000\n"
		"[    0.000000] Linux version 6.12.0 (x)\n"
		"[    1.000000] hello\n");

	(void)state;
	assert_int_equal(log.count, 3);
	assert_string_equal(log.lines[1].text, "Linux version 6.12.0 (x)");
	assert_string_equal(log.lines[2].text, "hello");
	arena_free(&arena);
}

static void escapes_and_lengths_are_tamed(void **state)
{
	struct arena arena = {0};
	struct buf text = {0};

	(void)state;
	buf_puts(&text, "a\033[2J\n");
	for (unsigned i = 0; i < 10000; i++)
		buf_putc(&text, 'x');
	struct log log = parse(&arena, buf_str(&text));
	assert_string_equal(log.lines[0].text, "a^[[2J");
	assert_int_equal(strlen(log.lines[1].text), 4096);
	buf_free(&text);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_gives_the_same_words),
		cmocka_unit_test(words_that_look_like_stamps_stay),
		cmocka_unit_test(other_programs_are_left_out),
		cmocka_unit_test(dictionary_lines_of_records_are_left_out),
		cmocka_unit_test(
			a_log_is_complete_from_its_first_line_to_the_drivers),
		cmocka_unit_test(
			a_list_of_tables_is_whole_where_the_log_goes_on),
		cmocka_unit_test(only_the_last_boot_counts),
		cmocka_unit_test(escapes_and_lengths_are_tamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
