// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a restart makes of a device: what is written down, the initramfs
 * looked into and not.  The device is 01:00.0, a GPU that nvidia has now.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/alter.h"
#include "lib/machine.h"
#include "rule/drift.h"

#define IDS "modprobe options vfio-pci ids=10de:2684; "
#define CMDLINE "cmdline quiet vfio-pci.ids=10de:2684; "
#define COPY "early options vfio-pci ids=10de:2684; "
#define WAITS "early softdep nvidia pre: vfio-pci; "
#define DEBIAN "host distribution debian; "

static const struct {
	const char *edits;
	const char *next;	/* NULL: not known */
	const char *why;	/* a part of the sentence */
	const char *source;
} rows[] = {
	/* Nobody looked into it. */
	{ "", "nvidia", "Nothing else", "" },
	{ IDS, NULL, "the initramfs was not looked into",
	  "/etc/modprobe.d/vfio.conf" },
	{ IDS "initramfs -", NULL, "of this kernel was not found",
	  "/etc/modprobe.d/vfio.conf" },
	{ IDS "initramfs ?", NULL, "/boot/initrd.img-6.12.9 was not read: "
	  "these rights do not reach it", "/etc/modprobe.d/vfio.conf" },
	{ IDS "initramfs broken", NULL, "could not be taken apart: it is empty",
	  "/etc/modprobe.d/vfio.conf" },
	/* Its own driver is there, and vfio-pci is not. */
	{ IDS "initramfs ext4 nvidia", "nvidia", "not in the initramfs; nvidia "
	  "is, and comes first", "/boot/initrd.img-6.12.9" },
	{ "initramfs ext4 nvidia", "nvidia", "Nothing else", "" },
	/* Both are; what settles it is the order there. */
	{ IDS COPY "initramfs nvidia vfio_pci", "nvidia", "does not wait",
	  "/boot/initrd.img-6.12.9" },
	{ IDS "initramfs nvidia vfio_pci; " COPY WAITS, "vfio-pci",
	  "the initramfs loads first",
	  "/boot/initrd.img-6.12.9: etc/modprobe.d/vfio.conf" },
	{ IDS "initramfs nvidia vfio_pci; " COPY "earlyload first vfio_pci",
	  "vfio-pci", "the initramfs loads first", "/boot/initrd.img-6.12.9: "
	  "etc/cmdline.d/20-force_drivers.conf" },
	{ IDS "initramfs nvidia vfio_pci; " COPY "earlyload first nvidia;"
	  "earlyload first vfio_pci", "nvidia", "does not wait",
	  "/boot/initrd.img-6.12.9" },
	{ IDS "initramfs nvidia vfio_pci; " COPY "earlyload beside vfio-pci",
	  NULL, "in no order", "/boot/initrd.img-6.12.9: "
	  "etc/modules-load.d/vfio.conf" },
	{ IDS "initramfs nvidia vfio_pci; " COPY "earlyload behind vfio-pci",
	  "nvidia", "does not wait", "/boot/initrd.img-6.12.9" },
	{ IDS "initramfs nvidia vfio_pci; " COPY "early blacklist nvidia;"
	  "earlyload behind vfio-pci", "vfio-pci", "the initramfs loads first",
	  "/boot/initrd.img-6.12.9: conf/modules" },
	{ "cmdline vfio-pci.ids=10de:2684 rd.driver.blacklist=nouveau,nvidia;"
	  "initramfs nvidia vfio_pci; earlyload behind vfio-pci", "vfio-pci",
	  "the initramfs loads first", "/boot/initrd.img-6.12.9: conf/modules" },
	/* Only vfio-pci is. */
	{ CMDLINE "initramfs vfio_pci; earlyload behind vfio_pci", "vfio-pci",
	  "the initramfs loads first", "/boot/initrd.img-6.12.9: conf/modules" },
	{ IDS "initramfs vfio_pci; earlyload behind vfio_pci", "nvidia",
	  "has loaded that without them", "/boot/initrd.img-6.12.9" },
	/* Neither is: the root's files decide. */
	{ IDS "initramfs ext4", "nvidia", "neither a softdep nor the initramfs",
	  "/etc/modprobe.d/vfio.conf" },
	{ IDS "initramfs ext4; load vfio-pci", NULL, "no softdep lets that",
	  "/etc/modprobe.d/vfio.conf" },
	{ CMDLINE "initramfs ext4; modprobe softdep nvidia pre: vfio-pci",
	  "vfio-pci", "before the host's own driver", "/proc/cmdline" },
	{ IDS "dev 01:00.0 modules -; initramfs ext4", "", "nothing loads that, "
	  "nor does the initramfs", "/etc/modprobe.d/vfio.conf" },
	/* A copy that is older, or newer than what it was made of. */
	{ IDS DEBIAN "initramfs vfio_pci; earlyload behind vfio_pci", "nvidia",
	  "(/etc/modprobe.d/vfio.conf: \"options vfio-pci ids=10de:2684\"): "
	  "make the initramfs anew, with update-initramfs -u.",
	  "/boot/initrd.img-6.12.9" },
	{ "host distribution nixos; initramfs nvidia vfio_pci; " COPY WAITS,
	  "vfio-pci", "(/boot/initrd.img-6.12.9: etc/modprobe.d/vfio.conf: "
	  "\"options vfio-pci ids=10de:2684\"): make the initramfs anew.",
	  "/boot/initrd.img-6.12.9: etc/modprobe.d/vfio.conf" },
	/* What is stronger. */
	{ IDS COPY "initramfs vfio_pci; dev 01:00.0 builtin 1", "nvidia",
	  "built into the kernel", "/lib/modules/*/modules.builtin" },
	/* pci-stub takes nothing that it was not told to. */
	{ "cmdline pci-stub.ids=10de:2684; cfg PCI_STUB y; " IDS,
	  "pci-stub", "built into", "/proc/cmdline" },
	{ "cmdline pci-stub.ids=10de:2685; cfg PCI_STUB y", "nvidia",
	  "Nothing else", "" },
	{ "cmdline pci-stub.ids=10de:2684; cfg PCI_STUB m", NULL,
	  "loads that before", "/proc/cmdline" },
	{ "cmdline pci-stub.ids=10de:2684; cfg PCI_STUB n", "nvidia",
	  "Nothing else", "" },
	{ "modprobe options pci-stub ids=10de:2684; cfg PCI_STUB m", NULL,
	  "loads that before", "/etc/modprobe.d/vfio.conf" },
	{ "modprobe options pci-stub ids=10de:2684; cfg PCI_STUB y",
	  "nvidia", "Nothing else", "" },
	{ "driverctl 1; override 01:00.0 pci-stub; initramfs nvidia", "pci-stub",
	  "driverctl sets", "/etc/driverctl.d/0000:01:00.0" },
};

static unsigned count_wrong(size_t i)
{
	struct arena arena = {0};
	struct builder builder;
	struct bdf address;

	made_start(&builder, &arena);
	made_devices(&builder, made_desktop);
	build_freeze(&builder);
	alter(builder.system, rows[i].edits);
	assert_true(bdf_parse("01:00.0", &address));
	struct drift drift = drift_of(
		builder.system, system_device(builder.system, address), &arena);
	bool ok = (drift.next ? rows[i].next &&
			strcmp(drift.next, rows[i].next) == 0 :
			!rows[i].next) &&
		  strstr(drift.why, rows[i].why) &&
		  strcmp(drift.source, rows[i].source) == 0;
	if (!ok)
		print_error("row %zu, \"%s\": %s; %s (%s)\n", i, rows[i].edits,
			    drift.next ? drift.next : "?", drift.why,
			    drift.source);
	arena_free(&arena);
	return !ok;
}

static void a_restart_is_foretold(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wrong += count_wrong(i);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_restart_is_foretold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
