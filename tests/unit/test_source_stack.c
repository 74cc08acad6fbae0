// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands on a disk: mounts anywhere, pools, mapped names, many paths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/plant.h"
#include "unit/source_disks.h"

static void check_space(const struct system *system)
{
	const struct storage_use *use = stored(system, "00:04.0");

	assert_int_equal(system->usage.spaces_known, KNOWN);
	assert_non_null(use);
	assert_string_equal(use->what, "/data");
	assert_string_equal(use->source, "/proc/77/mountinfo");
	assert_int_equal(use->pid, 77);
	assert_null(stored(system, "00:05.0"));
}

static void a_mount_in_another_namespace_is_seen(void **state)
{
	(void)state;
	plant_text("proc/1/mountinfo",
		   "25 1 0:23 / / rw - tmpfs tmpfs rw\n");
	plant_text("proc/77/mountinfo",
		   "90 80 0:40 / / rw - overlay overlay rw\n"
		   "91 90 259:0 / /data rw - ext4 /dev/nvme0n1 rw\n");
	check_space(look());
	check_space(look_at_capture());
}

/* Nobody was looked at: that is no knowledge. */
static void no_process_seen_is_not_none_there(void **state)
{
	(void)state;
	const struct system *system = look();
	assert_false(known_is_settled(system->usage.spaces_known));
	assert_false(known_is_settled(system->usage.holders_known));
}

static void every_device_of_a_btrfs_is_in_use(void **state)
{
	(void)state;
	plant_text("proc/self/mountinfo",
		   "25 1 0:23 / / rw - tmpfs tmpfs rw\n"
		   "26 25 0:50 / /srv rw - btrfs /dev/nvme0n1 rw\n");
	plant_link("sys/fs/btrfs/0b2c-4d/devices/nvme0n1", "/x");
	plant_link("sys/fs/btrfs/0b2c-4d/devices/nvme1n1", "/x");
	plant_folder("sys/fs/btrfs/features");
	const struct system *system = look();
	assert_string_equal(stored(system, "00:04.0")->what, "/srv");
	assert_string_equal(stored(system, "00:05.0")->what, "/srv");
}

static void every_device_of_a_bcachefs_is_in_use(void **state)
{
	(void)state;
	plant_text("proc/self/mountinfo",
		   "26 25 0:50 / /srv rw - bcachefs "
		   "/dev/nvme0n1:/dev/nvme1n1 rw\n");
	const struct system *system = look();
	assert_non_null(stored(system, "00:04.0"));
	assert_non_null(stored(system, "00:05.0"));
}

/* LUKS under LVM under a file system: the mapper's name leads down. */
static void a_mapped_name_leads_to_the_disk(void **state)
{
	(void)state;
	put_block("dm-0", "virtual/block", "254:0\n");
	plant_text("sys/devices/virtual/block/dm-0/dm/name", "crypt\n");
	plant_link("sys/devices/virtual/block/dm-0/slaves/nvme0n1", "/x");
	put_block("dm-1", "virtual/block", "254:1\n");
	plant_text("sys/devices/virtual/block/dm-1/dm/name", "vg-root\n");
	plant_link("sys/devices/virtual/block/dm-1/slaves/dm-0", "/x");
	plant_link("sys/devices/" NVME "/nvme0n1/holders/dm-0", "/x");
	plant_text("proc/self/mountinfo",
		   "26 25 0:50 / /srv rw - btrfs /dev/mapper/vg-root rw\n");
	const struct system *system = look();
	assert_non_null(stored(system, "00:04.0"));
	assert_string_equal(stacked(system, "00:04.0")->what, "crypt");
	assert_null(stored(system, "00:05.0"));
}

static void a_loop_over_a_disk_stands_on_it(void **state)
{
	(void)state;
	put_block("loop0", "virtual/block", "7:0\n");
	plant_text("sys/devices/virtual/block/loop0/loop/backing_file",
		   "/dev/nvme1n1\n");
	plant_text("proc/self/mountinfo",
		   "26 25 7:0 / /srv rw - ext4 /dev/loop0 rw\n");
	const struct system *system = look();
	assert_string_equal(stacked(system, "00:05.0")->holder, "loop0");
	assert_string_equal(stored(system, "00:05.0")->what, "/srv");
	assert_null(stacked(system, "00:04.0"));
}

static void an_imported_pool_holds_its_disks(void **state)
{
	(void)state;
	plant_text("proc/spl/kstat/zfs/tank/state", "ONLINE\n");
	plant_text("run/udev/data/b259:0", "E:ID_FS_TYPE=zfs_member\n"
		   "E:ID_FS_LABEL=tank\n");
	/* Of a pool that is not imported: the host does not use it. */
	plant_text("run/udev/data/b259:1", "E:ID_FS_TYPE=zfs_member\n"
		   "E:ID_FS_LABEL=spare\n");
	const struct system *system = look();
	assert_string_equal(stacked(system, "00:04.0")->what, "zfs tank");
	assert_null(stacked(system, "00:05.0"));
	assert_int_equal(system->usage.stacks_known, KNOWN);
}

static void a_pool_on_disks_unknown_leaves_all_in_doubt(void **state)
{
	(void)state;
	plant_text("proc/spl/kstat/zfs/tank/state", "ONLINE\n");
	assert_int_equal(look()->usage.stacks_known, UNREAD);
	/* That another is known does not help. */
	plant_text("proc/spl/kstat/zfs/other/state", "ONLINE\n");
	plant_text("run/udev/data/b259:0", "E:ID_FS_TYPE=zfs_member\n"
		   "E:ID_FS_LABEL=other\n");
	const struct system *system = look();
	assert_string_equal(stacked(system, "00:04.0")->what, "zfs other");
	assert_int_equal(system->usage.stacks_known, UNREAD);
}

static void a_host_on_a_pool_runs_from_its_disks(void **state)
{
	(void)state;
	plant_text("proc/spl/kstat/zfs/rpool/state", "ONLINE\n");
	plant_text("run/udev/data/b259:0", "E:ID_FS_TYPE=zfs_member\n"
		   "E:ID_FS_LABEL=rpool\n");
	plant_text("proc/self/mountinfo",
		   "26 1 0:25 / / rw - zfs rpool/ROOT/debian rw\n"
		   "27 26 0:26 / /rp rw - zfs rpool2/x rw\n");
	for (int capture = 0; capture < 2; capture++) {
		const struct system *system =
			capture ? look_at_capture() : look();
		const struct storage_use *use = stored(system, "00:04.0");
		assert_string_equal(use->what, "/");
		assert_string_equal(use->block, "rpool/ROOT/debian");
		assert_string_equal(use->through, "nvme0n1");
		assert_null(stored(system, "00:05.0"));
		assert_int_equal(system->usage.storage_count, 1);
	}
}

static void all_paths_of_a_multipath_disk_are_in_use(void **state)
{
	(void)state;
	put_multipath();
	plant_text("proc/self/mountinfo",
		   "26 25 259:9 / /srv rw - ext4 /dev/nvme2n1 rw\n");
	const struct system *system = look();
	assert_non_null(stored(system, "00:04.0"));
	assert_non_null(stored(system, "00:05.0"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_mount_in_another_namespace_is_seen),
		T(no_process_seen_is_not_none_there),
		T(every_device_of_a_btrfs_is_in_use),
		T(every_device_of_a_bcachefs_is_in_use),
		T(a_mapped_name_leads_to_the_disk),
		T(a_loop_over_a_disk_stands_on_it),
		T(an_imported_pool_holds_its_disks),
		T(a_pool_on_disks_unknown_leaves_all_in_doubt),
		T(a_host_on_a_pool_runs_from_its_disks),
		T(all_paths_of_a_multipath_disk_are_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
