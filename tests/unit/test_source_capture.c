// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands for a machine: captures that read back the same or are refused, a
 * dump of lspci, a log alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/plant.h"
#include "source/archive.h"
#include "source/manifest.h"
#include "source/names.h"
#include "source/read.h"
#include "source/root.h"
#include "unit/source_made.h"

/* What root has read for somebody else is this machine, and says by whom it
 * was seen. */
static void what_root_has_read_is_the_machine_itself(void **state)
{
	struct arena arena = {0};
	struct err err = {0};
	struct buf bytes = {0};
	char path[512];

	(void)state;
	put_machine();
	struct root *root = open_folder();
	plant_path(path, "m.tar");
	root_tee(root);
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	manifest_write(root_tree(root), system);
	assert_true(archive_write(root_tree(root), path, &err));
	root_close(root);
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(folder_drain(fd, 1 << 20, &bytes), 0);
	close(fd);
	root = root_open_lent(buf_str(&bytes), bytes.len, &err);
	assert_non_null(root);
	system = source_read(root, &arena, AREA_ALL, NULL);
	assert_int_equal(system->origin.kind, ORIGIN_LIVE);
	assert_true(system->origin.lent);
	check_machine(system);
	root_close(root);
	assert_null(root_open_lent("no capture", 10, &err));
	buf_free(&bytes);
	arena_free(&arena);
}

static void a_capture_reads_back_the_same(void **state)
{
	static const char *const names[] = { "m.tar", "m.tar.gz", "m.tar.xz",
					     "m.tar.zst" };
	struct err err = {0};
	char path[512];

	(void)state;
	put_machine();
	for (size_t i = 0; i < 4; i++) {
		struct arena arena = {0};
		struct root *root = open_folder();
		plant_path(path, names[i]);
		root_tee(root);
		const struct system *system =
			source_read(root, &arena, AREA_ALL, NULL);
		manifest_write(root_tree(root), system);
		assert_true(archive_write(root_tree(root), path, &err));
		root_close(root);
		root = root_open(path, &err);
		assert_non_null(root);
		assert_int_equal(root_kind(root), ORIGIN_CAPTURE);
		assert_true(root_origin(root)->complete);
		check_machine(source_read(root, &arena, AREA_ALL, NULL));
		root_close(root);
		arena_free(&arena);
		unlink(path);
	}
}

static void what_a_capture_never_asked_is_unknown(void **state)
{
	struct arena arena = {0};
	struct err err = {0};
	struct buf text = {0};
	char path[512];

	(void)state;
	put_machine();
	struct root *root = open_folder();
	root_tee(root);
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	manifest_write(root_tree(root), system);
	plant_path(path, "m.tar");
	assert_true(archive_write(root_tree(root), path, &err));
	root_close(root);
	root = root_open(path, &err);
	assert_non_null(root);
	assert_int_equal(root_read(root, NULL, PORT "never_heard_of", 9, &text),
			 UNREAD);
	assert_int_equal(root_read(root, NULL, GPU "reset_method", 9, &text),
			 ABSENT);
	root_close(root);
	buf_free(&text);
	arena_free(&arena);
}

static void a_truncated_capture_is_refused(void **state)
{
	struct tree tree;
	struct err err = {0};
	char path[512], bytes[8192];

	(void)state;
	tree_start(&tree);
	struct node *node = tree_path(&tree, "proc/cmdline", NODE_FILE);
	memset(bytes, 'x', sizeof bytes);
	tree_fill(&tree, node, bytes, sizeof bytes);
	plant_path(path, "m.tar");
	assert_true(archive_write(&tree, path, &err));
	tree_free(&tree);
	assert_int_equal(truncate(path, 2000), 0);
	assert_null(root_open(path, &err));
	assert_non_null(strstr(err.text, "ends early"));
}

/* One ustar header for a name of our choice. */
static void put_tar(const char *file, const char *name, char type,
		    const char *target)
{
	char block[1536] = "";
	unsigned sum = 0;

	snprintf(block, 100, "%s", name);
	memcpy(block + 100, "0000644", 8);
	memcpy(block + 124, "00000000000", 12);
	memcpy(block + 136, "00000000000", 12);
	memset(block + 148, ' ', 8);
	block[156] = type;
	snprintf(block + 157, 100, "%s", target);
	memcpy(block + 257, "ustar", 6);
	memcpy(block + 263, "00", 2);
	for (unsigned i = 0; i < 512; i++)
		sum += (uint8_t)block[i];
	snprintf(block + 148, 8, "%06o", sum);
	plant_bytes(file, block, sizeof block);
}

static void a_hostile_capture_is_refused(void **state)
{
	struct err err = {0};
	struct buf text = {0};
	char path[512];

	(void)state;
	plant_path(path, "m.tar");
	put_tar("m.tar", "../../etc/cron.d/x", '0', "");
	assert_null(root_open(path, &err));
	assert_non_null(strstr(err.text, "refused"));
	/* A name with an escape is shown harmless. */
	put_tar("m.tar", "../\x1b[31mx", '0', "");
	assert_null(root_open(path, &err));
	assert_null(strchr(err.text, '\x1b'));
	/* A link to the host's files leads nowhere. */
	put_tar("m.tar", "proc/cmdline", '2', "/etc/hostname");
	struct root *root = root_open(path, &err);
	assert_non_null(root);
	assert_int_not_equal(root_read(root, NULL, "proc/cmdline", 64, &text),
			     KNOWN);
	root_close(root);
	/* A link to itself ends. */
	put_tar("m.tar", "proc", '2', "proc");
	root = root_open(path, &err);
	assert_non_null(root);
	assert_int_not_equal(root_read(root, NULL, "proc/cmdline", 64, &text),
			     KNOWN);
	root_close(root);
	buf_free(&text);
}

static void an_lspci_dump_is_a_machine_without_drivers(void **state)
{
	static const char dump[] =
		"00:02.0 VGA compatible controller: Intel\n"
		"00: 86 80 80 a7 07 04 10 00 04 00 00 03 00 00 00 00\n"
		"10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
		"20: 00 00 00 00 00 00 00 00 00 00 00 00 28 10 34 12\n"
		"30: 00 00 00 00 40 00 00 00 00 00 00 00 ff 01 00 00\n\n";
	struct arena arena = {0};
	struct err err = {0};
	char path[512];

	(void)state;
	plant_text("dump", dump);
	plant_path(path, "dump");
	struct root *root = root_open(path, &err);
	assert_non_null(root);
	assert_int_equal(root_kind(root), ORIGIN_DUMP);
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	assert_int_equal(system->device_count, 1);
	assert_int_equal(system->devices[0].class, 0x030000);
	assert_int_equal(system->devices[0].subvendor, 0x1028);
	assert_int_equal(system->devices[0].driver.known, UNREAD);
	assert_int_equal(system->devices[0].group.known, UNREAD);
	assert_int_equal(system->groups_known, UNREAD);
	assert_int_equal(system->devices[0].config->caps, SHORT);
	const struct names *names = names_load(system, &arena);
	assert_string_not_equal(names->devices[0].class, "");
	root_close(root);
	arena_free(&arena);
}

static void a_log_alone_is_a_machine(void **state)
{
	struct arena arena = {0};
	struct err err = {0};
	char path[512];

	(void)state;
	plant_text("dmesg",
		   "[    0.000000] Linux version 6.1.0-44-amd64 (builder)\n"
		   "[    0.000000] Command line: quiet intel_iommu=off\n"
		   "[    0.000000] BIOS-provided physical RAM map:\n"
		   "[    1.900000] Run /init as init process\n"
		 "[    0.010000] ACPI: DMAR 0x000000007A000000 000088 (v01)\n");
	plant_path(path, "dmesg");
	struct root *root = root_open(path, &err);
	assert_non_null(root);
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	assert_int_equal(system->devices_known, UNREAD);
	assert_int_equal(system->host.log.known, KNOWN);
	assert_true(system->host.log.complete);
	assert_string_equal(system_parameter(system, "intel_iommu"), "off");
	assert_int_equal(system_has_table(system, "DMAR"), KNOWN);
	root_close(root);
	arena_free(&arena);
}

static const struct system *read_log_of(struct arena *arena, const char *text,
					unsigned areas)
{
	struct err err = {0};
	struct root *root = root_open_bytes("log", text, strlen(text), &err);

	assert_non_null(root);
	const struct system *system = source_read(root, arena, areas, NULL);
	root_close(root);
	return system;
}

#define LOG_START							\
	"[    0.000000] Linux version 6.1.0-44-amd64 (builder)\n"	\
	"[    0.000000] Command line: quiet\n"				\
	"[    0.000000] BIOS-provided physical RAM map:\n"
#define LOG_DEVICES							\
	"[    0.3] pci 0000:00:01.0: [8086:1901] type 01 class 0x060400\n" \
	"[    0.3] pci 0000:01:00.0: [10de:1b80] type 00 class 0x030000\n" \
	"[    0.3] pci 0000:01:00.0: reg 0x14: [mem 0xe0000000-0xefffffff " \
	"64bit pref]\n"						\
	"[    0.3] pci 0000:00:01.0: PCI bridge to [bus 01]\n"		\
	"[    0.6] pci 0000:01:00.0: Adding to iommu group 12\n"

static void a_log_tells_devices_and_nothing_else_of_them(void **state)
{
	struct arena arena = {0};
	const struct system *system = read_log_of(
		&arena, LOG_START LOG_DEVICES, AREA_ALL);

	(void)state;
	assert_true(system->devices_logged);
	assert_int_equal(system->devices_known, UNREAD);
	assert_int_equal(system->device_count, 2);
	const struct device *gpu = &system->devices[1];
	assert_int_equal(gpu->identity, KNOWN);
	assert_int_equal(gpu->class, 0x030000);
	assert_int_equal(gpu->parent, 0);
	assert_int_equal(gpu->resources, UNREAD);
	assert_int_equal(gpu->bar_count, 1);
	assert_int_equal(gpu->bars[0].index, 1);
	assert_int_equal(gpu->group.value, 12);
	assert_int_equal(gpu->driver.known, UNREAD);
	assert_int_equal(gpu->boot_vga.known, UNREAD);
	assert_int_equal(gpu->reset_method.known, UNREAD);
	assert_int_equal(gpu->sriov_total.known, UNREAD);
	assert_int_equal(gpu->config->header, UNREAD);
	assert_int_equal(system->devices[0].group.known, UNREAD);
	assert_int_equal(system->groups_known, UNREAD);
	assert_int_equal(system->group_count, 1);
	assert_int_equal(system->groups[0].members_known, UNREAD);
	assert_int_equal(system->groups[0].member_count, 1);
	arena_free(&arena);
}

static void a_whole_log_tells_all_devices_of_the_start(void **state)
{
	struct arena arena = {0};

	(void)state;
	/* Also where little is asked for. */
	assert_int_equal(
		read_log_of(&arena, LOG_START LOG_DEVICES
			    "[    1.9] Run /init as init process\n",
			    AREA_DEVICES)->devices_known, KNOWN);
	assert_int_equal(
		read_log_of(&arena, LOG_START LOG_DEVICES
			    "[    1.9] ahci 0000:00:17.0: AHCI 0001\n",
			    AREA_DEVICES)->devices_known, UNREAD);
	arena_free(&arena);
}

/* Where anything else tells devices, the log does not. */
static void a_log_beside_devices_adds_none(void **state)
{
	struct arena arena = {0};
	struct err err = {0};
	char path[512];

	(void)state;
	plant_text("sys/bus/pci/devices/0000:00:02.0/uevent",
		   "PCI_CLASS=30000\nPCI_ID=8086:0412\n");
	plant_text("vfiotop/kmsg", LOG_START LOG_DEVICES);
	plant_path(path, "");
	struct root *root = root_open(path, &err);
	assert_non_null(root);
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	assert_false(system->devices_logged);
	assert_int_equal(system->device_count, 1);
	assert_int_equal(system->group_count, 0);
	root_close(root);
	arena_free(&arena);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, plant_start, plant_stop)
	const struct CMUnitTest tests[] = {
		T(a_capture_reads_back_the_same),
		T(what_root_has_read_is_the_machine_itself),
		T(what_a_capture_never_asked_is_unknown),
		T(a_truncated_capture_is_refused),
		T(a_hostile_capture_is_refused),
		T(an_lspci_dump_is_a_machine_without_drivers),
		T(a_log_alone_is_a_machine),
		T(a_log_tells_devices_and_nothing_else_of_them),
		T(a_whole_log_tells_all_devices_of_the_start),
		T(a_log_beside_devices_adds_none),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
