// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the writer does at all: paths, values, programs, nodes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "apply/allow.h"
#include "unit/apply_tree.h"

/* What is allowed at all. */

static void only_listed_paths_and_values_are_written(void **state)
{
	static const struct { const char *path, *value; bool good; } cases[] = {
		{ DEVICES GPU "/driver_override", "vfio-pci", true },
		{ DEVICES GPU "/driver_override", "", true },
		{ DEVICES GPU "/driver_override", "-b", false },
		{ DEVICES GPU "/driver_override", "a b", false },
		{ DEVICES GPU "/driver_override", "../x", false },
		{ DEVICES GPU "/driver_override", "a\nb", false },
		{ DEVICES "01:00.0/driver_override", "x", false },
		{ DEVICES "0000:01:00.8/driver_override", "x", false },
		{ DEVICES "../" GPU "/driver_override", "x", false },
		{ DEVICES GPU "/../x/driver_override", "x", false },
		{ DEVICES GPU "//driver_override", "x", false },
		{ DEVICES GPU "/driver_override/", "x", false },
		{ DEVICES GPU "/config", "x", false },
		{ DEVICES GPU "/remove", "1", false },
		{ DEVICES GPU "/rom", "1", false },
		{ DEVICES GPU "/driver/unbind", GPU, true },
		{ DEVICES GPU "/driver/unbind", "0000:02:00.0", false },
		{ DEVICES GPU "/sriov_numvfs", "4", true },
		{ DEVICES GPU "/sriov_numvfs", "-1", false },
		{ DEVICES GPU "/sriov_numvfs", "1000000", false },
		{ DEVICES GPU "/sriov_drivers_autoprobe", "0", true },
		{ DEVICES GPU "/sriov_drivers_autoprobe", "2", false },
		{ DEVICES GPU "/d3cold_allowed", "0", false },
		{ MTTY CREATE, UUID, true },
		{ MTTY CREATE, "1", false },
		{ MTTY "/mdev_supported_types/../create", UUID, false },
		{ MTTY "/../mdev_supported_types/mtty-1/create", UUID,
		  false },
		{ MTTY "/mdev_supported_types/create", UUID, false },
		{ MTTY "/uevent", UUID, false },
		{ "/sys/class/mtty/mtty" CREATE, UUID, false },
		{ DEVICES GPU "/reset", "1", true },
		{ DEVICES GPU "/reset", "0", false },
		{ DEVICES GPU "/power/control", "auto", true },
		{ DEVICES GPU "/power/control", "off", false },
		{ DEVICES GPU "/mdev_supported_types/i915-GVTg_V5_4/create",
		  "01234567-89ab-cdef-0123-456789abcdef", true },
		{ DEVICES GPU "/mdev_supported_types/x/create", "1", false },
		{ "/sys/bus/mdev/devices/01234567-89ab-cdef-0123-456789abcdef"
		  "/remove", "1", true },
		{ "/sys/bus/mdev/devices/0123/remove", "1", false },
		{ "/sys/class/vtconsole/vtcon1/bind", "0", true },
		{ "/sys/class/vtconsole/vtcon1/bind", "1", true },
		{ "/sys/class/vtconsole/vtcon1/bind", "2", false },
		{ "/sys/class/vtconsole/vtcon1/bind", "", false },
		{ "/sys/class/vtconsole/vtcon1/uevent", "0", false },
		{ "/sys/class/vtconsole/vtcon/bind", "0", false },
		{ "/sys/class/vtconsole/vtconx/bind", "0", false },
		{ "/sys/class/vtconsole/../vtcon1/bind", "0", false },
		{ DRIVERS "nvidia/bind", GPU, true },
		{ DRIVERS "nvidia/unbind", "10000:e1:00.0", true },
		{ DRIVERS "nvidia/bind", "01:00.0", false },
		{ DRIVERS "nvidia/bind", "0000:01:00.0 ", false },
		{ DRIVERS "nvidia/new_id", "10de 2684", false },
		{ DRIVERS "../../../kernel/bind", GPU, false },
		{ DRIVERS "a/b/bind", GPU, false },
		{ DRIVERS "/bind", GPU, false },
		{ "/sys/bus/pci/drivers_probe", GPU, true },
		{ "/sys/bus/pci/rescan", "1", false },
		{ "/etc/passwd", "x", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct step step = step_of(cases[i].path, cases[i].value);
		struct err err;
		if (allow_step(&step, &err) != cases[i].good)
			fail_msg("%s <- %s", cases[i].path, cases[i].value);
	}
}

static void only_modprobe_and_services_are_run(void **state)
{
	static const struct { const char *argv[4]; bool good; } cases[] = {
		{ { "modprobe", "vfio-pci" }, true },
		{ { "modprobe", "-b", "pci:v0000d0000" }, true },
		{ { "modprobe", "-r" }, false },
		{ { "modprobe", "-r", "nvidia" }, false },
		{ { "modprobe", "-b", "usb:v1" }, false },
		{ { "modprobe", "-b", "pci:v*" }, false },
		{ { "modprobe", "-C/tmp/x" }, false },
		{ { "modprobe", "a", "b" }, false },
		{ { "modprobe", "../x" }, false },
		{ { "modprobe" }, false },
		{ { "/tmp/modprobe", "vfio-pci" }, false },
		{ { "sh", "-c", "true" }, false },
		{ { "systemctl", "stop", "display-manager.service" }, true },
		{ { "systemctl", "start", "nvidia-persistenced.service" },
		  true },
		{ { "systemctl", "stop", "getty@tty1.service" }, true },
		{ { "systemctl", "kill", "gdm.service" }, false },
		{ { "systemctl", "mask", "gdm.service" }, false },
		{ { "systemctl", "--now", "gdm.service" }, false },
		{ { "systemctl", "stop", "gdm" }, false },
		{ { "systemctl", "stop", "*.service" }, false },
		{ { "systemctl", "stop", "/etc/x.service" }, false },
		{ { "systemctl", "stop", "../x.service" }, false },
		{ { "systemctl", "stop", "-H.service" }, false },
		{ { "systemctl", "stop", "a b.service" }, false },
		{ { "systemctl", "stop", "reboot.target" }, false },
		{ { "systemctl", "stop", ".service" }, false },
		{ { "systemctl", "stop" }, false },
		{ { "systemctl", "reboot" }, false },
		{ { "/bin/systemctl", "stop", "gdm.service" }, false },
		{ { "systemctl", "reset-failed", "gdm.service" }, false },
		{ { "update-grub" }, true },
		{ { "update-grub", "-x" }, false },
		{ { "update-initramfs", "-u" }, true },
		{ { "update-initramfs", "-d" }, false },
		{ { "dracut", "-f" }, true },
		{ { "dracut", "-f", "/etc/passwd" }, false },
		{ { "grub-mkconfig", "-o", "/boot/grub/grub.cfg" }, true },
		{ { "grub-mkconfig", "-o", "/etc/passwd" }, false },
		{ { "grubby", "--update-kernel=ALL", "--args=iommu=pt" },
		  true },
		{ { "grubby", "--update-kernel=ALL", "--args=" }, false },
		{ { "grubby", "--update-kernel=ALL", "--args=a b" }, false },
		{ { "grubby", "--remove-kernel=ALL", "--args=a" }, false },
		{ { "grubby", "--update-kernel=ALL", "--initrd=/x" }, false },
		{ { "rpm-ostree", "kargs", "--append-if-missing=iommu=pt" },
		  true },
		{ { "rpm-ostree", "kargs", "--delete=iommu=pt" }, true },
		{ { "rpm-ostree", "rebase", "--delete=x" }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct step step = { .kind = STEP_RUN, .path = "",
				     .value = "" };
		memcpy(step.argv, cases[i].argv, sizeof step.argv);
		if (allow_step(&step, NULL) != cases[i].good)
			fail_msg("case %zu", i);
	}
}

static void only_listed_paths_are_looked_at(void **state)
{
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);

	(void)state;
	step.expect = (struct expect){ EXPECT_DRIVER, DEVICES GPU "/driver",
				       "" };
	assert_true(allow_step(&step, NULL));
	step.expect = (struct expect){ EXPECT_TEXT, "/etc/shadow", "root" };
	assert_false(allow_step(&step, NULL));
	step.expect.path = DEVICES GPU "/config";
	assert_false(allow_step(&step, NULL));
	step.expect.kind = EXPECT_NOTHING;
	step.before = (struct expect){ EXPECT_EXISTS, "/root/.ssh", "" };
	assert_false(allow_step(&step, NULL));
}

static void only_nodes_of_devices_are_waited_for(void **state)
{
	static const struct { const char *path, *seconds; bool good; } cases[] = {
		{ "/dev/dri/card0", "20", true },
		{ "/dev/dri/renderD128", "0", true },
		{ "/dev/nvidia0", "20", true },
		{ "/dev/nvidiactl", "20", true },
		{ "/dev/nvidia-modeset", "20", true },
		{ "/dev/snd/controlC1", "300", true },
		{ "/dev/kfd", "1", true },
		{ "/dev/dri/card0", "301", false },
		{ "/dev/dri/card0", "", false },
		{ "/dev/dri/card0", "1s", false },
		{ "/dev/sda", "1", false },
		{ "/dev/dri/../sda", "1", false },
		{ "/etc/shadow", "1", false },
		{ "/dev/vfio/13", "1", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct step step = {
			.kind = STEP_CHECK, .path = "", .value = "",
			.expect = { EXPECT_FREE, cases[i].path,
				    cases[i].seconds },
		};
		if (allow_step(&step, NULL) != cases[i].good)
			fail_msg("case %zu: %s", i, cases[i].path);
	}
	/* A node is waited for, and nothing else of it is looked at. */
	struct step step = { .kind = STEP_CHECK, .path = "", .value = "",
			     .expect = { EXPECT_TEXT, "/dev/dri/card0", "" } };
	assert_false(allow_step(&step, NULL));
}

/* Files of configuration. */

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_listed_paths_and_values_are_written),
		TEST(only_modprobe_and_services_are_run),
		TEST(only_listed_paths_are_looked_at),
		TEST(only_nodes_of_devices_are_waited_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
