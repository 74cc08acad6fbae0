// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a log tells of the machine that wrote it, and what it cannot.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "decode/kmsg.h"
#include "unit/kmsg_read.h"

static const char intel[] =
	"[    0.000000] Linux version 6.12.9-amd64 (b@h) (gcc-14) #1 SMP\n"
	"[    0.000000] Command line: BOOT_IMAGE=/vmlinuz ro intel_iommu=on\n"
	"[    0.000000] BIOS-provided physical RAM map:\n"
	"[    0.000000] DMI: Dell Inc. XPS 15 9500/0XWT2F, BIOS 1.4.0 x\n"
	"[    0.000000] DMI: Memory slots populated: 2/2\n"
	"[    0.010000] ACPI: RSDP 0x000000007AFE0014 000024 (v02 DELL  )\n"
	"[    0.010000] ACPI: FACP 0x000000007AFB7000 000114 (v06 DELL)\n"
	"[    0.010000] ACPI: SSDT 0x000000007AFB8000 002565 (v02 DELL)\n"
	"[    0.010000] ACPI: SSDT 0x000000007AFB9000 002565 (v02 DELL)\n"
	"[    0.010000] ACPI: DMAR 0x000000007AFBA000 0000A8 (v01 INTEL)\n"
	"[    0.010000] ACPI: Reserving FACP table memory at [mem 0x7afb]\n"
	"[    0.020000] ACPI: HPET id: 0x8086a201 base: 0xfed00000\n"
	"[    0.040000] Booting paravirtualized kernel on bare hardware\n"
	"[    0.050000] Kernel command line: BOOT_IMAGE=/vmlinuz ro "
	"intel_iommu=on\n"
	"[    0.100000] smpboot: CPU0: Intel(R) Core(TM) i9-10885H CPU @ "
	"2.40GHz (family: 0x6, model: 0xa5, stepping: 0x2)\n";

static bool has_table(const struct host *host, const char *name)
{
	for (unsigned i = 0; i < host->table_count; i++)
		if (strcmp(host->tables[i].name, name) == 0)
			return true;
	return false;
}

static void a_whole_log_tells_the_machine(void **state)
{
	struct arena arena = {0};
	struct host host = facts(&arena, intel);

	(void)state;
	assert_string_equal(host.release.value, "6.12.9-amd64");
	assert_string_equal(host.architecture.value, "x86_64");
	assert_string_equal(host.cpu_vendor.value, "GenuineIntel");
	assert_string_equal(host.cpu_model.value,
			    "Intel(R) Core(TM) i9-10885H CPU @ 2.40GHz");
	assert_string_equal(host.cmdline.value,
			    "BOOT_IMAGE=/vmlinuz ro intel_iommu=on");
	assert_int_equal(host.parameter_count, 3);
	assert_string_equal(host.parameters[2].name, "intel_iommu");
	assert_string_equal(host.dmi_vendor.value, "Dell Inc.");
	assert_string_equal(host.dmi_product.value, "XPS 15 9500");
	assert_int_equal(host.tables_known, KNOWN);
	assert_string_equal(host.tables_source, "kernel log");
	assert_int_equal(host.table_count, 4);
	assert_true(has_table(&host, "DMAR") && has_table(&host, "SSDT"));
	assert_int_equal(host.tables[0].content, UNREAD);
	assert_int_equal(host.cpu_flags.known, UNREAD);
	arena_free(&arena);
}

static void what_was_read_elsewhere_stays(void **state)
{
	static const struct parameter quiet = { "quiet", NULL };
	struct arena arena = {0};
	struct log log = parse(&arena, intel);
	struct host host = {
		.release = { DENIED, "" },
		.cmdline = { KNOWN, "quiet" },
		.parameters = &quiet,
		.parameter_count = 1,
		.tables_known = ABSENT,
		.cpu_flags = { KNOWN, CPU_VMX },
	};

	(void)state;
	kmsg_facts(&arena, &log, &host);
	assert_int_equal(host.release.known, DENIED);
	assert_string_equal(host.cmdline.value, "quiet");
	assert_ptr_equal(host.parameters, &quiet);
	assert_int_equal(host.tables_known, ABSENT);
	assert_int_equal(host.table_count, 0);
	assert_int_equal(host.cpu_flags.value, CPU_VMX);
	assert_int_equal(host.cpu_vendor.known, KNOWN);
	arena_free(&arena);
}

static void a_part_of_a_log_proves_no_absence(void **state)
{
	struct arena arena = {0};
	struct host host = facts(&arena,
		"[    0.010000] ACPI: FACP 0x000000007AFB7000 000114 (v06 A)\n"
		"[    0.010000] ACPI: IVRS 0x000000007AFBA000 0000A8 (v02 A)\n");

	(void)state;
	assert_int_equal(host.tables_known, UNREAD);
	assert_true(has_table(&host, "IVRS"));
	assert_int_equal(host.release.known, UNREAD);
	assert_int_equal(host.cmdline.known, UNREAD);
	host = facts(&arena,
		"[    0.000000] Linux version 6.1 (x)\n"
		"[    0.010000] ACPI: IVRS 0x000000007AFBA000 0000A8 (v02 A)\n");
	assert_int_equal(host.tables_known, UNREAD);
	host = facts(&arena, "[    0.000000] Linux version 6.1 (x)\n"
			     "[    0.010000] ACPI: Interpreter disabled.\n");
	assert_int_equal(host.tables_known, UNREAD);
	assert_int_equal(host.table_count, 0);
	arena_free(&arena);
}

static void tables_of_old_kernels_are_seen(void **state)
{
	struct arena arena = {0};
	struct host host = facts(&arena,
		"ACPI: DMAR 00000000bf7f2a40 000F0 (v01 AMI OEMDMAR)\n"
		"ACPI: ASF! 7fed0340, 00B0 (r32 INTEL)\n"
		"ACPI: Core revision 20230331\n");

	(void)state;
	assert_int_equal(host.table_count, 2);
	assert_true(has_table(&host, "DMAR") && has_table(&host, "ASF!"));
	arena_free(&arena);
}

static void a_hypervisor_is_told_when_it_is_named(void **state)
{
	struct arena arena = {0};

	(void)state;
	struct host host = facts(&arena, "Hypervisor detected: KVM\n");
	assert_int_equal(host.cpu_flags.known, KNOWN);
	assert_int_equal(host.cpu_flags.value, CPU_HYPERVISOR);
	host = facts(&arena, "Booting paravirtualized kernel on Xen PVH\n");
	assert_int_equal(host.cpu_flags.value, CPU_HYPERVISOR);
	host = facts(&arena, "Linux version 6.1 (x)\n"
		     "Booting paravirtualized kernel on bare hardware\n");
	assert_int_equal(host.cpu_flags.known, UNREAD);
	arena_free(&arena);
}

static void a_broken_command_line_is_put_together(void **state)
{
	struct arena arena = {0};
	struct host host = facts(&arena,
		"[    0.000000] Command line: a=1 b=2\n"
		"[    0.050000] Kernel command line: a=1 \\\n"
		"[    0.050000] Kernel command line: b=2 \\\n"
		"[    0.050000] Kernel command line: c\n");

	(void)state;
	assert_string_equal(host.cmdline.value, "a=1 b=2 c");
	assert_int_equal(host.parameter_count, 3);
	arena_free(&arena);
}

static void a_cut_command_line_is_short(void **state)
{
	struct arena arena = {0};
	struct buf text = {0};

	(void)state;
	buf_puts(&text, "[    0.000000] Command line: intel_iommu=on x=");
	for (unsigned i = 0; i < 980; i++)
		buf_putc(&text, 'y');
	struct host host = facts(&arena, buf_str(&text));
	assert_int_equal(host.cmdline.known, SHORT);
	assert_string_equal(host.cmdline.value, "");
	assert_int_equal(host.parameter_count, 2);
	buf_free(&text);
	arena_free(&arena);
}

/* A line, and the one word that is to come of it. */
struct pair {
	const char *line, *want;
};

static void processors_name_their_maker(void **state)
{
	static const struct pair pairs[] = {
		{ "smpboot: CPU0: AMD Ryzen 9 3950X 16-Core Processor (family: "
		  "0x17, model: 0x71, stepping: 0x0)", "AuthenticAMD" },
		{ "smpboot: CPU0: Hygon C86-4G (OPN:3450M) (family: 0x18, "
		  "model: 0x10, stepping: 0x0)", "HygonGenuine" },
		{ "CPU0: Intel(R) Core(TM) i7 CPU 870 @ 2.93GHz stepping 05",
		  "GenuineIntel" },
		{ "Performance Events: Skylake events, full-width counters, "
		  "Intel PMU driver.", "GenuineIntel" },
		{ "smpboot: CPU0: Common KVM processor (family: 0xf, model: "
		  "0x6, stepping: 0x1)", NULL },
		{ "CPU0: Thermal monitoring enabled (TM1)", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct arena arena = {0};
		struct host host = facts(&arena, pairs[i].line);

		if (pairs[i].want)
			assert_string_equal(host.cpu_vendor.value,
					    pairs[i].want);
		else
			assert_int_equal(host.cpu_vendor.known, UNREAD);
		arena_free(&arena);
	}
}

static void makers_part_from_products(void **state)
{
	static const struct pair pairs[] = {
		{ "DMI: LENOVO 21AH00HFGE/21AH00HFGE, BIOS N3MET08W", "LENOVO" },
		{ "DMI: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16", "QEMU" },
		{ "DMI: Micro-Star International Co., Ltd. MS-7C91/MAG B550, "
		  "BIOS A.G0", "Micro-Star International Co., Ltd." },
		{ "DMI: Red Hat KVM/RHEL-AV, BIOS 0.0.0", "Red Hat" },
		{ "DMI: VMware, Inc. VMware Virtual Platform/440BX, BIOS 6.00",
		  "VMware, Inc." },
		{ "Hardware name: innotek GmbH VirtualBox/VirtualBox, BIOS V",
		  "innotek GmbH" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct arena arena = {0};
		struct host host = facts(&arena, pairs[i].line);

		assert_string_equal(host.dmi_vendor.value, pairs[i].want);
		assert_int_equal(host.dmi_product.known, KNOWN);
		arena_free(&arena);
	}
}

static void architectures_have_marks(void **state)
{
	static const struct pair pairs[] = {
		{ "Booting Linux on physical CPU 0x0000000000 [0x410fd034]",
		  "aarch64" },
		{ "psci: PSCIv1.1 detected in firmware.", "aarch64" },
		{ "CPU0: thread -1, cpu 0, socket 0, mpidr 80000000",
		  "armv7l" },
		{ "BIOS-e820: [mem 0x0-0x9fbff] usable", "x86_64" },
		{ "BIOS-e820: [mem 0x0-0x9fbff] usable\n"
		  "758MB LOWMEM available.", "i686" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct arena arena = {0};
		struct host host = facts(&arena, pairs[i].line);

		assert_string_equal(host.architecture.value, pairs[i].want);
		arena_free(&arena);
	}
}

static void units_are_told_with_their_registers(void **state)
{
	struct arena arena = {0};
	struct host host = facts(&arena,
		"DMAR: DRHD base: 0x000000fed90000 flags: 0x0\n"
		"DMAR: dmar0: reg_base_addr fed90000 ver 4:0 cap "
		"1c0000c40660462 ecap 29a00f0505e\n"
		"DMAR: dmar1: reg_base_addr fed91000 ver 5:0 cap zz ecap 1\n"
		"DMAR: dmar1: reg_base_addr fed91000 ver 5:0 cap d2 ecap da");

	(void)state;
	assert_int_equal(host.logged_unit_count, 2);
	assert_string_equal(host.logged_units[0].name, "dmar0");
	assert_int_equal(host.logged_units[0].address.value, 0xfed90000);
	assert_int_equal(host.logged_units[0].cap.value, 0x1c0000c40660462);
	assert_int_equal(host.logged_units[0].ecap.value, 0x29a00f0505e);
	assert_string_equal(host.logged_units[0].version.value, "4:0");
	assert_int_equal(host.logged_units[1].ecap.value, 0xda);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_log_tells_the_machine),
		cmocka_unit_test(what_was_read_elsewhere_stays),
		cmocka_unit_test(a_part_of_a_log_proves_no_absence),
		cmocka_unit_test(tables_of_old_kernels_are_seen),
		cmocka_unit_test(a_hypervisor_is_told_when_it_is_named),
		cmocka_unit_test(a_broken_command_line_is_put_together),
		cmocka_unit_test(a_cut_command_line_is_short),
		cmocka_unit_test(processors_name_their_maker),
		cmocka_unit_test(makers_part_from_products),
		cmocka_unit_test(architectures_have_marks),
		cmocka_unit_test(units_are_told_with_their_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
