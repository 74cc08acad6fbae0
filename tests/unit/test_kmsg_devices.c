// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PCI devices of a log, in the words of several kernels, and whether they are
 * all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "decode/kmsg.h"
#include "unit/kmsg_read.h"

#define BEGIN								\
	"[    0.0] Linux version 6.1.0 (b@h)\n"				\
	"[    0.0] Command line: quiet\n"				\
	"[    0.0] BIOS-provided physical RAM map:\n"
#define PORT								\
	"[    0.3] pci 0000:00:01.0: [8086:1901] type 01 class 0x060400\n"
#define GPU								\
	"[    0.3] pci 0000:01:00.0: [10de:1b80] type 00 class 0x030000\n"
#define END "[    2.0] Run /init as init process\n"

static unsigned read_devices_of(struct arena *arena, const char *text,
				const struct logged_device **out, bool *whole)
{
	struct log log = parse(arena, text);

	return kmsg_devices(arena, &log, out, whole);
}

static void old_kernels_tell_registers(void **state)
{
	const struct logged_device *devices;
	struct arena arena = {0};
	bool whole;

	(void)state;
	assert_int_equal(read_devices_of(&arena, BEGIN GPU
		"[    0.3] pci 0000:01:00.0: reg 0x10: [mem 0xf6000000-"
		"0xf6ffffff]\n"
		"[    0.3] pci 0000:01:00.0: reg 0x14: [mem 0xe0000000-"
		"0xefffffff 64bit pref]\n"
		"[    0.3] pci 0000:01:00.0: reg 0x24: [io  0xe000-0xe07f]\n"
		"[    0.3] pci 0000:01:00.0: reg 0x30: [mem 0xf7000000-"
		"0xf707ffff pref]\n"
		"[    0.3] pci 0000:01:00.0: reg 0x24c: [mem 0x0-0x3fff]\n"
		PORT
		"[    0.3] pci 0000:00:01.0: PCI bridge to [bus 01-02]\n"
		"[    0.3] pci 0000:00:01.0: BAR 14: assigned [mem 0x90000000-"
		"0x901fffff]\n"
		"[    0.6] pci 0000:01:00.0: Adding to iommu group 12\n" END,
		&devices, &whole), 2);
	assert_true(whole);
	/* By address, not as they were found. */
	assert_int_equal(devices[0].header_type, 1);
	assert_true(devices[0].bridges && !devices[0].grouped);
	assert_int_equal(devices[0].secondary, 1);
	assert_int_equal(devices[0].subordinate, 2);
	assert_int_equal(devices[1].vendor, 0x10de);
	assert_int_equal(devices[1].device, 0x1b80);
	assert_int_equal(devices[1].class, 0x030000);
	assert_int_equal(devices[1].bars[0].flags, 0x200);
	assert_int_equal(devices[1].bars[0].start, 0xf6000000);
	assert_int_equal(devices[1].bars[1].flags, 0x102200);
	assert_int_equal(devices[1].bars[1].end, 0xefffffff);
	assert_int_equal(devices[1].bars[2].flags, 0);
	assert_int_equal(devices[1].bars[5].flags, 0x100);
	assert_int_equal(devices[1].bars[6].flags, 0x2200);
	assert_true(devices[1].grouped && !devices[1].bridges);
	assert_int_equal(devices[1].group, 12);
	arena_free(&arena);
}

static void new_kernels_tell_bars_and_types(void **state)
{
	const struct logged_device *devices;
	struct arena arena = {0};
	bool whole;

	(void)state;
	assert_int_equal(read_devices_of(&arena, BEGIN
		"[    0.3] pci 10000:e1:00.0: [144d:a808] type 00 class "
		"0x010802 PCIe Endpoint\n"
		"[    0.3] pci 10000:e1:00.0: BAR 0 [mem 0x82000000-0x82003fff "
		"64bit]\n"
		"[    0.3] pci 10000:e1:00.0: ROM [mem 0xf7000000-0xf707ffff "
		"pref]\n"
		"[    0.3] pci 10000:e1:00.0: VF BAR 0 [mem 0x0-0x3fff]\n"
		"[    0.4] pci 10000:e1:00.0: BAR 0 [mem 0x90000000-0x90003fff "
		"64bit]: assigned\n", &devices, &whole), 1);
	assert_false(whole);
	assert_int_equal(devices[0].address.domain, 0x10000);
	assert_int_equal(devices[0].class, 0x010802);
	assert_int_equal(devices[0].bars[0].start, 0x90000000);
	assert_int_equal(devices[0].bars[0].flags, 0x100200);
	assert_int_equal(devices[0].bars[6].start, 0xf7000000);
	arena_free(&arena);
}

/* What has lost its address is not told as if it had it. */
static void a_bar_without_address_is_not_told(void **state)
{
	static const char *const lines[] = {
		"pci 0000:01:00.0: BAR 0: failed to assign [mem size 0x100]\n",
		"pci 0000:01:00.0: BAR 0 [mem size 0x100]: failed to assign\n",
		"pci 0000:01:00.0: BAR 0 [mem 0xe0000000-0xefffffff]: releasing"
		"\n",
		"pci 0000:01:00.0: BAR 0: assigned [mem 0xe0000000-\n",
		&GPU[12],
	};
	const struct logged_device *devices;
	bool whole;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct arena arena = {0};
		char text[1024] = BEGIN GPU
			"[    0.3] pci 0000:01:00.0: reg 0x10: [mem 0xf6000000-"
			"0xf6ffffff]\n[    0.4] ";
		strcat(text, lines[i]);
		assert_int_equal(read_devices_of(&arena, text, &devices,
						 &whole), 1);
		assert_int_equal(devices[0].bars[0].flags, 0);
		arena_free(&arena);
	}
}

static void a_group_can_be_left(void **state)
{
	const struct logged_device *devices;
	struct arena arena = {0};
	bool whole;

	(void)state;
	read_devices_of(&arena, BEGIN GPU
		"[    0.6] pci 0000:01:00.0: Adding to iommu group 12\n"
		"[    9.6] vfio-pci 0000:01:00.0: Removing from iommu group "
		"12\n", &devices, &whole);
	assert_false(devices[0].grouped);
	arena_free(&arena);
}

/* Cut before, cut behind, or with a word of somebody else. */
static void a_part_does_not_tell_all(void **state)
{
	static const char *const logs[] = {
		GPU END, BEGIN GPU,
		BEGIN GPU "[    1.0] ahci 0000:00:17.0: AHCI 0001\n" END,
	};
	const struct logged_device *devices;
	bool whole;

	(void)state;
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		struct arena arena = {0};
		assert_int_equal(read_devices_of(&arena, logs[i], &devices,
						 &whole), 1);
		assert_false(whole);
		arena_free(&arena);
	}
}

static void words_of_others_name_no_device(void **state)
{
	static const char *const lines[] = {
		"pci_bus 0000:01: root bus resource [bus 00-ff]\n",
		"pci 0000:01:00.0: [10de] type 00 class 0x030000\n",
		"pci 0000:01:00.0: [10de:11b80] type 00 class 0x030000\n",
		"pci 0000:01:00.0: [10de:1b80] type 00 class 0x1030000\n",
		"[drm] 0000:01:00.0: [10de:1b80] is it\n",
	};
	const struct logged_device *devices;
	bool whole;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct arena arena = {0};
		assert_int_equal(read_devices_of(&arena, lines[i], &devices,
						 &whole), 0);
		assert_false(whole);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_kernels_tell_registers),
		cmocka_unit_test(new_kernels_tell_bars_and_types),
		cmocka_unit_test(a_bar_without_address_is_not_told),
		cmocka_unit_test(a_group_can_be_left),
		cmocka_unit_test(a_part_does_not_tell_all),
		cmocka_unit_test(words_of_others_name_no_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
