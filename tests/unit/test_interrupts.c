// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "decode/interrupts.h"

static unsigned parse(struct arena *arena, const char *text,
		      const struct interrupt **out)
{
	return interrupts_parse(arena, text, strlen(text), out);
}

static void expect(const struct interrupt *got, const char *number,
		   const char *chip, uint64_t count, const char *actions)
{
	assert_string_equal(got->number, number);
	assert_string_equal(got->chip, chip);
	assert_true(got->count == count);
	assert_string_equal(got->actions, actions);
	assert_int_equal(got->device, NONE);
}

static void lines_of_kernel_6_12_name_the_device(void **state)
{
	struct arena arena = {0};
	const struct interrupt *got;
	unsigned count = parse(&arena,
		"           CPU0       CPU1       \n"
		"  0:         94          0  IR-IO-APIC   2-edge      timer\n"
		" 25:          1          2  IR-PCI-MSIX-0000:00:03.0   0-edge"
		"      PCIe PME, aerdrv\n"
		"NMI:          3          4   Non-maskable interrupts\n"
		"ERR:          5\n", &got);

	(void)state;
	assert_int_equal(count, 4);
	expect(&got[0], "0", "IR-IO-APIC", 94, "timer");
	expect(&got[1], "25", "IR-PCI-MSIX-0000:00:03.0", 3,
	       "PCIe PME, aerdrv");
	expect(&got[2], "NMI", "", 7, "Non-maskable interrupts");
	expect(&got[3], "ERR", "", 5, "");
	arena_free(&arena);
}

static void lines_of_kernel_6_1_name_the_chip_only(void **state)
{
	struct arena arena = {0};
	const struct interrupt *got;
	unsigned count = parse(&arena,
		"            CPU0       \n"
		" 120:          9  IR-PCI-MSI 458752-edge      PCIe PME\n"
		" 121:          9  PCI-MSI 524288-edge    \n", &got);

	(void)state;
	assert_int_equal(count, 2);
	expect(&got[0], "120", "IR-PCI-MSI", 9, "PCIe PME");
	expect(&got[1], "121", "PCI-MSI", 9, "");
	arena_free(&arena);
}

static void other_architectures_have_other_columns(void **state)
{
	struct arena arena = {0};
	const struct interrupt *got;
	unsigned count = parse(&arena,
		"           CPU0       CPU4       \n"
		" 11:      10         20     GICv3  27 Level     arch_timer\n"
		"  5:       1          0  RISC-V INTC   5 Edge      timer\n"
		" 64:       1          0   xen-dyn    -event     xenbus\n"
		"IPI0:     7          8       Rescheduling interrupts\n", &got);

	(void)state;
	assert_int_equal(count, 4);
	expect(&got[0], "11", "GICv3", 30, "arch_timer");
	expect(&got[1], "5", "RISC-V INTC", 1, "timer");
	expect(&got[2], "64", "xen-dyn", 1, "xenbus");
	expect(&got[3], "IPI0", "", 15, "Rescheduling interrupts");
	arena_free(&arena);
}

static void a_line_without_trigger_has_one_word_of_chip(void **state)
{
	struct arena arena = {0};
	const struct interrupt *got;

	(void)state;
	assert_int_equal(parse(&arena, " CPU0\n 7: 1 None some driver here now\n"
			       " 8: 2\n", &got), 2);
	expect(&got[0], "7", "None", 1, "some driver here now");
	expect(&got[1], "8", "", 2, "");
	arena_free(&arena);
}

static void without_processors_nothing_is_told(void **state)
{
	struct arena arena = {0};
	const struct interrupt *got;

	(void)state;
	assert_int_equal(parse(&arena, "", &got), 0);
	assert_int_equal(parse(&arena, "  0: 1 IO-APIC 2-edge timer\n", &got),
			 0);
	assert_int_equal(parse(&arena, " CPU0\nno colon\n: 1\n", &got), 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_kernel_6_12_name_the_device),
		cmocka_unit_test(lines_of_kernel_6_1_name_the_chip_only),
		cmocka_unit_test(other_architectures_have_other_columns),
		cmocka_unit_test(a_line_without_trigger_has_one_word_of_chip),
		cmocka_unit_test(without_processors_nothing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
