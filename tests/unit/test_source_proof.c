// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What rules show as evidence is what readers ask for.  The readers are
 * listened to on the captured machines and in a folder with what those lack;
 * the rules themselves, and what they show, are the matter of test_rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/plant.h"
#include "source/read.h"

static const char *const sources[] = {
#define SOURCE(path) path,
#include "unit/rule_sources.def"
#undef SOURCE
};
enum { SOURCES = sizeof sources / sizeof *sources };

/* Read on a machine that runs only, and past the reading door: the log, which
 * does not end. */
static const char *const only_live[] = {
	"/dev/kmsg",
};

static bool asked[SOURCES];

static void note(void *context, const char *path, bool begins)
{
	(void)context;
	for (unsigned i = 0; begins && i < SOURCES; i++)
		if (!asked[i] &&
		    fnmatch(sources[i] + 1, path, FNM_PATHNAME) == 0)
			asked[i] = true;
}

static void listen_to(const char *path)
{
	static const struct silence nothing;
	struct arena arena = {0};
	struct err err = {0};
	struct root *root = root_open(path, &err);

	if (!root)
		fail_msg("cannot read %s", path);
	root_heed(root, note, NULL, &nothing);
	source_read(root, &arena, AREA_ALL | AREA_INITRAMFS, NULL);
	root_close(root);
	arena_free(&arena);
}

static void listen_to_captures(void)
{
	const char *top = getenv("srcdir");
	char folder[512], path[1024];
	struct dirent *entry;

	snprintf(folder, sizeof folder, "%s/tests/machines", top ? top : ".");
	DIR *machines = opendir(folder);
	if (!machines)
		fail_msg("there is no %s", folder);
	while ((entry = readdir(machines))) {
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (strstr(entry->d_name, ".tar."))
			listen_to(path);
	}
	closedir(machines);
}

static void plant_disk(const char *name, const char *where, const char *number)
{
	char path[128], target[128];

	snprintf(path, sizeof path, "sys/devices/%s/%s/dev", where, name);
	plant_text(path, number);
	snprintf(path, sizeof path, "sys/class/block/%s", name);
	snprintf(target, sizeof target, "../../devices/%s/%s", where, name);
	plant_link(path, target);
}

/* Disks that come over the network. */
static void plant_disks(void)
{
	plant_disk("sda", "platform/host3/session1/block", "8:0\n");
	plant_disk("nvme1n1", "virtual/nvme-fabrics/ctl/nvme1", "259:0\n");
	plant_disk("etherd!e0.0", "virtual/block", "152:0\n");
	plant_folder("sys/class/iscsi_connection/connection1:0");
	plant_text("proc/swaps", "Filename Type Size Used Priority\n"
		   "/dev/sda partition 1 0 -2\n"
		   "/dev/nvme1n1 partition 1 0 -2\n"
		   "/dev/etherd!e0.0 partition 1 0 -2\n");
}

/* A device without uevent, and what the captured machines lack. */
static void plant(void)
{
#define DEVICE "sys/bus/pci/devices/0000:00:03.0/"
	plant_text(DEVICE "class", "0x030000\n");
	plant_text(DEVICE "vendor", "0x10de\n");
	plant_text(DEVICE "device", "0x2684\n");
	plant_text(DEVICE "modalias", "pci:v000010DEd00002684\n");
	plant_text("proc/sys/kernel/osrelease", "6.12.9-amd64\n");
	plant_text("boot/initrd.img-6.12.9-amd64", "an image");
	plant_text("sys/class/backlight/panel/type", "raw\n");
	plant_text("etc/modprobe.d/vfio.conf", "options vfio-pci ids=1:2\n");
	plant_text("etc/modules-load.d/vfio.conf", "vfio-pci\n");
	plant_link("proc/912/fd/3", "/dev/kfd");
	plant_text("sys/module/vfio_pci/parameters/disable_denylist", "N\n");
	plant_disks();
}

static bool is_only_live(const char *source)
{
	for (size_t i = 0; i < sizeof only_live / sizeof *only_live; i++)
		if (strcmp(only_live[i], source) == 0)
			return true;
	return false;
}

static void every_source_of_evidence_is_read(void **state)
{
	unsigned wrong = 0;

	(void)state;
	listen_to_captures();
	plant();
	listen_to(plant_root);
	for (unsigned i = 0; i < SOURCES; i++)
		if (!asked[i] && !is_only_live(sources[i])) {
			print_error("no reader asks for %s\n", sources[i]);
			wrong++;
		}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_source_of_evidence_is_read, plant_start,
			plant_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
