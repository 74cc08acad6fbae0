// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model of the kernel: what binds, what it refuses, what hangs on a driver.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>

#include "act/kernel.h"
#include "act/transact.h"
#include "lib/machine.h"
#include "lib/planned.h"
#include "lib/rehearsed.h"

/* The kernel's answers. */

static void bind_answers_as_the_kernel_does(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	struct kernel *kernel = kernel_make(system, &arena);
	static const struct {
		const char *path, *value;
		int answer;
	} cases[] = {
		/* Not matching comes before busy. */
		{ "drivers/vfio-pci/bind", "0000:01:00.0", ENODEV },
		{ "drivers/nvidia/bind", "0000:01:00.0", EBUSY },
		{ "drivers/nvidia/bind", "0000:07:00.0", ENODEV },
		{ "drivers/nouveau/bind", "0000:01:00.0", ENOENT },
		{ "drivers/vfio-pci/unbind", "0000:01:00.0", ENODEV },
		{ "drivers/nvidia/unbind", "0000:01:00.0", 0 },
		{ "drivers/nvidia/unbind", "0000:01:00.0", ENODEV },
		{ "drivers_probe", "0000:07:00.0", ENODEV },
		{ "devices/0000:01:00.0/driver_override", "none", 0 },
		/* Nothing matches, and that is no error. */
		{ "drivers_probe", "0000:01:00.0", 0 },
		{ "drivers/nvidia/bind", "0000:01:00.0", ENODEV },
		{ "devices/0000:01:00.0/driver_override", "vfio-pci", 0 },
		{ "drivers/vfio-pci/bind", "0000:01:00.0", 0 },
		{ "drivers/vfio-pci/bind", "0000:01:00.0", EBUSY },
		/* A bridge is refused by vfio's probe. */
		{ "drivers/pcieport/unbind", "0000:00:01.0", 0 },
		{ "devices/0000:00:01.0/driver_override", "vfio-pci", 0 },
		{ "drivers/vfio-pci/bind", "0000:00:01.0", EINVAL },
		{ "devices/0000:07:00.0/driver_override", "x", ENOENT },
		{ "devices/0000:01:00.0/config", "x", ENOENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *path = arena_printf(&arena, "/sys/bus/pci/%s",
						cases[i].path);
		int answer = kernel_write(kernel, path, cases[i].value);
		if (answer != cases[i].answer)
			fail_msg("%s <- %s: %d", path, cases[i].value, answer);
	}
	arena_free(&arena);
}

static void a_device_without_group_is_refused_by_vfio(void **state)
{
	static const struct made_device bare[] = {
		{ "01:00.0", 0x020000, 0x80861533, NULL, -1, PCIE_ENDPOINT,
		  false, 0, false, 0, 0 },
		{ 0 },
	};
	struct arena arena = {0};
	struct kernel *kernel =
		kernel_make(made_machine(&arena, bare), &arena);

	(void)state;
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/devices/"
				      "0000:01:00.0/driver_override",
				      "vfio-pci"), 0);
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/drivers/vfio-pci/"
				      "bind", "0000:01:00.0"), EINVAL);
	arena_free(&arena);
}

static void unbinding_what_a_guest_holds_blocks(void **state)
{
	struct arena arena = {0};
	struct transact transact;
	const struct system *system = made_machine(&arena, made_desktop);
	struct system *given = (struct system *)(uintptr_t)rehearsed(
		system, planned_for(system, &arena, INTENT_BIND, "01:00.0"),
		NULL, &transact, &arena);
	struct bdf bdf;

	(void)state;
	assert_true(bdf_parse("01:00.0", &bdf));
	const struct holder qemu = {
		.pid = 77, .command = "qemu", .node = "/dev/vfio/13",
		.device = system_device(given, bdf),
	};
	given->usage.holders = &qemu;
	given->usage.holder_count = 1;
	struct kernel *kernel = kernel_make(given, &arena);
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/drivers/vfio-pci/"
				      "unbind", "0000:01:00.0"),
			 KERNEL_BLOCKS);
	arena_free(&arena);
}

static void a_host_driver_is_refused_while_a_guest_holds_the_group(void **s)
{
	struct arena arena = {0};
	struct transact transact;
	const struct system *system = made_machine(&arena, made_desktop);
	struct system *given = (struct system *)(uintptr_t)rehearsed(
		system, planned_for(system, &arena, INTENT_BIND, "01:00.0"),
		NULL, &transact, &arena);
	struct bdf bdf;

	(void)s;
	assert_true(bdf_parse("01:00.0", &bdf));
	const struct holder qemu = {
		.pid = 77, .command = "qemu", .node = "/dev/vfio/13",
		.device = system_device(given, bdf),
	};
	given->usage.holders = &qemu;
	given->usage.holder_count = 1;
	struct kernel *kernel = kernel_make(given, &arena);
	static const char audio[] = "0000:01:00.1";
	kernel_write(kernel, "/sys/bus/pci/drivers/vfio-pci/unbind", audio);
	kernel_write(kernel, "/sys/bus/pci/devices/0000:01:00.1/"
		     "driver_override", "");
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/drivers/"
				      "snd_hda_intel/bind", audio), EINVAL);
	/* drivers_probe says nothing of it. */
	assert_int_equal(kernel_write(kernel, "/sys/bus/pci/drivers_probe",
				      audio), 0);
	assert_string_equal(driver_at(kernel_result(kernel, &arena),
				      "01:00.1"), "");
	arena_free(&arena);
}

static void loading_a_module_binds_what_is_free(void **state)
{
	struct arena arena = {0};
	struct builder builder;
	static const char *const words[] = { "modprobe", "snd-hda-intel",
					     NULL };

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, made_shared);
	builder.system->devices[2].modules =
		(struct fact_text){ KNOWN, "snd_hda_intel" };
	struct kernel *kernel = kernel_make(build_freeze(&builder), &arena);
	assert_int_equal(kernel_run(kernel, words), 0);
	const struct system *after = kernel_result(kernel, &arena);
	assert_string_equal(driver_at(after, "01:00.1"), "snd-hda-intel");
	assert_true(system_driver(after, "snd-hda-intel") != NONE);
	static const char *const absent[] = { "modprobe", "no_such_module",
					      NULL };
	assert_int_equal(kernel_run(kernel, absent), 1);
	arena_free(&arena);
}

static void what_hung_on_the_old_driver_is_gone(void **state)
{
	struct arena arena = {0};
	struct builder builder;
	struct transact transact;

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, made_desktop);
	build_sort(&builder);
	struct bdf bdf;
	assert_true(bdf_parse("01:00.0", &bdf));
	int gpu = system_device(builder.system, bdf);
	build_card(&builder, "card1")->device = gpu;
	*build_connector(&builder) = (struct connector){
		.card = "card1", .name = "DP-1", .device = gpu };
	const struct system *system = build_freeze(&builder);
	const struct system *after = rehearsed(
		system, planned_for(system, &arena, INTENT_BIND, "01:00.0"),
		NULL, &transact, &arena);
	assert_int_equal(after->card_count, 0);
	assert_int_equal(after->connector_count, 0);
	assert_int_equal(system->card_count, 1);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bind_answers_as_the_kernel_does),
		cmocka_unit_test(a_device_without_group_is_refused_by_vfio),
		cmocka_unit_test(unbinding_what_a_guest_holds_blocks),
		cmocka_unit_test(
			a_host_driver_is_refused_while_a_guest_holds_the_group),
		cmocka_unit_test(loading_a_module_binds_what_is_free),
		cmocka_unit_test(what_hung_on_the_old_driver_is_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
