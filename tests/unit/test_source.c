// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reading door and the readers, on trees made in a folder of their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/plant.h"
#include "source/archive.h"
#include "source/dump.h"
#include "source/manifest.h"
#include "source/names.h"
#include "source/read.h"
#include "source/root.h"

#define DEVICES "sys/devices/pci0000:00/"
#define PORT DEVICES "0000:00:01.0/"
#define GPU PORT "0000:01:00.0/"

/* Two functions, one behind the other, as sysfs lays them out. */
static void put_machine(void)
{
	uint8_t config[256] = { [0] = 0xde, 0x10, 0x84, 0x26, [0x0a] = 0x00,
				0x03 };

	plant_text(PORT "uevent", "DRIVER=pcieport\nPCI_CLASS=60400\n"
		 "PCI_ID=8086:A70D\nPCI_SUBSYS_ID=0000:0000\n"
		 "PCI_SLOT_NAME=0000:00:01.0\n");
	plant_text(PORT "secondary_bus_number", "1\n");
	plant_text(GPU "uevent", "DRIVER=nouveau\nPCI_CLASS=30000\n"
		 "PCI_ID=10DE:2684\nPCI_SUBSYS_ID=1043:8888\n"
		 "PCI_SLOT_NAME=0000:01:00.0\nMODALIAS=pci:v000010DE\n");
	plant_bytes(GPU "config", (char *)config, sizeof config);
	plant_text(GPU "resource",
		 "0x00000000c0000000 0x00000000c0ffffff 0x0000000000040200\n"
		 "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
	plant_text(GPU "boot_vga", "1\n");
	plant_text(GPU "driver_override", "(null)\n");
	plant_text(GPU "power/runtime_status", "active\n");
	plant_link("sys/bus/pci/devices/0000:00:01.0",
		 "../../../devices/pci0000:00/0000:00:01.0");
	plant_link("sys/bus/pci/devices/0000:01:00.0",
		 "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
	plant_link(GPU "iommu_group",
		 "../../../../kernel/iommu_groups/13");
	plant_link("sys/kernel/iommu_groups/13/devices/0000:01:00.0",
		 "../../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
	plant_text("sys/kernel/iommu_groups/13/type", "DMA-FQ\n");
	plant_text("sys/kernel/iommu_groups/13/reserved_regions",
		 "0x00000000fee00000 0x00000000feefffff msi\n");
}

static struct root *open_folder(void)
{
	struct err err = {0};
	struct root *root = root_open(plant_root, &err);

	assert_non_null(root);
	return root;
}

static void check_machine(const struct system *system)
{
	struct bdf address;

	assert_int_equal(system->device_count, 2);
	assert_true(bdf_parse("01:00.0", &address));
	const struct device *gpu =
		&system->devices[system_device(system, address)];
	assert_int_equal(gpu->class, 0x030000);
	assert_int_equal(gpu->vendor, 0x10de);
	assert_int_equal(gpu->subdevice, 0x8888);
	assert_string_equal(gpu->driver.value, "nouveau");
	assert_int_equal(gpu->driver_override.known, ABSENT);
	assert_int_equal(gpu->boot_vga.value, 1);
	assert_int_equal(gpu->parent, 0);
	assert_int_equal(gpu->bar_count, 1);
	assert_int_equal(gpu->bars[0].end, 0xc0ffffff);
	assert_int_equal(gpu->group.value, 13);
	assert_int_equal(gpu->config->vendor, 0x10de);
	assert_int_equal(gpu->reset_method.known, ABSENT);
	assert_int_equal(system->group_count, 1);
	assert_string_equal(system->groups[0].type.value, "DMA-FQ");
	assert_int_equal(system->groups[0].reserved[0].end, 0xfeefffff);
	assert_string_equal(system->groups[0].reserved[0].type, "msi");
}

static void a_directory_reads_as_a_machine(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_machine();
	struct root *root = open_folder();
	check_machine(source_read(root, &arena, AREA_ALL, NULL));
	root_close(root);
	arena_free(&arena);
}

static pid_t start_renaming(void)
{
	char here[512], there[512];
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	plant_path(here, "here");
	plant_path(there, "there");
	while (rename(here, there) == 0 && rename(there, here) == 0)
		;
	_exit(1);
}

/* The kernel gives up a path with ".." in it while anything is renamed. */
static void a_name_is_found_while_others_are_renamed(void **state)
{
	struct buf text = {0};
	unsigned lost = 0;
	int status;

	(void)state;
	put_machine();
	plant_text("here", "");
	pid_t pid = start_renaming();
	struct root *root = open_folder();
	for (unsigned i = 0; i < 5000; i++)
		lost += root_read(root, NULL,
				  "sys/bus/pci/devices/0000:01:00.0/boot_vga",
				  64, &text) != KNOWN;
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(lost, 0);
	root_close(root);
	buf_free(&text);
}

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

static void a_missing_name_is_absent_only_where_its_folder_is(void **state)
{
	struct buf text = {0};

	(void)state;
	plant_text("sys/bus/pci/devices/0000:00:00.0/uevent",
		   "PCI_CLASS=60000");
	plant_folder("sys/kernel/iommu_groups");
	struct root *root = open_folder();
	assert_int_equal(root_read(root, NULL, "sys/bus/pci/devices/"
				   "0000:00:00.0/reset_method", 9, &text),
			 ABSENT);
	assert_int_equal(root_read(root, NULL, "sys/class/drm/card0/x", 9,
				   &text), UNREAD);
	assert_int_equal(root_read(root, NULL, "proc/cmdline", 9, &text),
			 UNREAD);
	assert_int_equal(root_read(root, NULL, "sys/kernel/iommu_groups/0",
				   9, &text), ABSENT);
	root_close(root);
	buf_free(&text);
}

static void nothing_leads_out_of_the_root(void **state)
{
	struct buf text = {0};

	(void)state;
	plant_link("proc/cmdline", "/etc/passwd");
	plant_link("proc/version", "../../../../../../etc/passwd");
	plant_text("etc/passwd", "inside");
	struct root *root = open_folder();
	assert_int_equal(root_read(root, NULL, "proc/cmdline", 64, &text),
			 KNOWN);
	assert_string_equal(buf_str(&text), "inside");
	assert_int_equal(root_read(root, NULL, "proc/version", 64, &text),
			 KNOWN);
	assert_string_equal(buf_str(&text), "inside");
	root_close(root);
	buf_free(&text);
}

static void a_sleeping_device_is_left_alone(void **state)
{
	static const struct bdf woken = { 0, 1, 0, 0 };
	struct arena arena = {0};

	(void)state;
	put_machine();
	plant_text(GPU "power/runtime_status", "suspended\n");
	plant_text(GPU "max_link_speed", "16.0 GT/s PCIe\n");
	struct root *root = open_folder();
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	assert_true(system->devices[1].asleep);
	assert_int_equal(system->devices[1].config->header, ASLEEP);
	assert_int_equal(system->devices[1].speed_max.known, ASLEEP);
	assert_false(system->devices[0].asleep);
	system = source_read(root, &arena, AREA_ALL, &woken);
	assert_int_equal(system->devices[1].config->vendor, 0x10de);
	plant_text(GPU "power/runtime_status", "active\n");
	plant_text(GPU "power_state", "D3cold\n");
	system = source_read(root, &arena, AREA_ALL, NULL);
	assert_int_equal(system->devices[1].config->header, ASLEEP);
	root_close(root);
	arena_free(&arena);
}

static void an_unreadable_root_is_a_sentence(void **state)
{
	struct err err = {0};
	char path[512];

	(void)state;
	plant_path(path, "nothing-here");
	assert_null(root_open(path, &err));
	assert_non_null(strstr(err.text, "nothing-here"));
	plant_path(path, "junk");
	plant_text("junk", "this is neither tar nor log\n");
	assert_null(root_open(path, &err));
	assert_non_null(strstr(err.text, "neither"));
	plant_text("junk", "");
	assert_null(root_open(path, &err));
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

static void vmd_children_hang_below_their_controller(void **state)
{
	struct arena arena = {0};

	(void)state;
	plant_text(DEVICES "0000:00:0e.0/uevent", "PCI_CLASS=10400\n"
		 "PCI_ID=8086:A77F\n");
	plant_text(DEVICES "0000:00:0e.0/pci10000:e0/10000:e0:06.0/uevent",
		 "PCI_CLASS=60400\nPCI_ID=8086:A74D\n");
	plant_link("sys/bus/pci/devices/0000:00:0e.0",
		 "../../../devices/pci0000:00/0000:00:0e.0");
	plant_link("sys/bus/pci/devices/10000:e0:06.0",
		 "../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/"
		 "10000:e0:06.0");
	struct root *root = open_folder();
	const struct system *system =
		source_read(root, &arena, AREA_DEVICES, NULL);
	assert_int_equal(system->device_count, 2);
	assert_int_equal(system->devices[1].address.domain, 0x10000);
	assert_int_equal(system->devices[1].parent, 0);
	root_close(root);
	arena_free(&arena);
}

static void mounts_routes_and_swap_find_their_device(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_machine();
	plant_text(GPU "block/sda/sda1/dev", "8:1\n");
	plant_text(GPU "net/eth0/operstate", "up\n");
	plant_link("sys/dev/block/8:1", "../../devices/pci0000:00/0000:00:01.0/"
		 "0000:01:00.0/block/sda/sda1");
	plant_link("sys/class/block/sda1", "../../devices/pci0000:00/"
		 "0000:00:01.0/0000:01:00.0/block/sda/sda1");
	plant_text("sys/devices/virtual/block/dm-0/dev", "253:0\n");
	plant_link("sys/devices/virtual/block/dm-0/slaves/sda1",
		 "../../../../pci0000:00/0000:00:01.0/0000:01:00.0/block/sda/"
		 "sda1");
	plant_link("sys/dev/block/253:0", "../../devices/virtual/block/dm-0");
	plant_link("sys/class/net/eth0",
		   "../../devices/pci0000:00/0000:00:01.0/"
		   "0000:01:00.0/net/eth0");
	plant_text("proc/self/mountinfo",
		 "26 1 8:1 / /boot rw - ext4 /dev/sda1 rw\n"
		 "27 1 253:0 / /home\\040dir rw - xfs /dev/mapper/x rw\n"
		 "28 1 0:5 / /proc rw - proc proc rw\n");
	plant_text("proc/swaps", "Filename Type Size Used Priority\n"
		 "/dev/sda1 partition 1 0 -2\n");
	plant_text(
		"proc/net/route",
		"Iface\tDestination\tGateway\tFlags\tRefCnt"
		"\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
		"eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
	struct root *root = open_folder();
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	const struct usage *usage = &system->usage;
	assert_int_equal(usage->storage_known, KNOWN);
	assert_int_equal(usage->storage_count, 3);
	assert_string_equal(usage->storage[0].what, "/boot");
	assert_int_equal(usage->storage[0].device, 1);
	assert_string_equal(usage->storage[1].what, "/home dir");
	assert_string_equal(usage->storage[2].what, "swap");
	assert_int_equal(usage->interface_count, 1);
	assert_true(usage->interfaces[0].default_route);
	assert_int_equal(usage->interfaces[0].device, 1);
	root_close(root);
	arena_free(&arena);
}

static void names_with_escapes_are_made_harmless(void **state)
{
	struct arena arena = {0};

	(void)state;
	put_machine();
	plant_text("sys/class/dmi/id/product_name", "A\x1b]0;gotcha\x07" "B\n");
	struct root *root = open_folder();
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	assert_string_equal(system->host.dmi_product.value,
			    "A^[]0;gotcha^GB");
	root_close(root);
	arena_free(&arena);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, plant_start, plant_stop)
	const struct CMUnitTest tests[] = {
		T(a_directory_reads_as_a_machine),
		T(a_name_is_found_while_others_are_renamed),
		T(a_capture_reads_back_the_same),
		T(what_root_has_read_is_the_machine_itself),
		T(what_a_capture_never_asked_is_unknown),
		T(a_missing_name_is_absent_only_where_its_folder_is),
		T(nothing_leads_out_of_the_root),
		T(a_sleeping_device_is_left_alone),
		T(an_unreadable_root_is_a_sentence),
		T(a_truncated_capture_is_refused),
		T(a_hostile_capture_is_refused),
		T(an_lspci_dump_is_a_machine_without_drivers),
		T(a_log_alone_is_a_machine),
		T(vmd_children_hang_below_their_controller),
		T(mounts_routes_and_swap_find_their_device),
		T(names_with_escapes_are_made_harmless),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
