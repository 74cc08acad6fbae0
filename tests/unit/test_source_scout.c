// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine read by a process that can be spared: files that never answer
 * are played by a look that does not come back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/plant.h"
#include "source/parcel.h"
#include "source/scout.h"

#define FIRST "sys/devices/pci0000:00/0000:00:02.0/"
#define SECOND "sys/devices/pci0000:00/0000:00:03.0/"

static struct arena arena;
static struct scout *scout;

/* What hangs, and how often it was asked; seen by every process. */
static struct shared {
	char path[SILENCE_PATH];
	unsigned asked;
	unsigned looks;
	/* Whoever hangs is not let go before this is looked at. */
	char release_at[SILENCE_PATH];
	bool held;
} *shared;

static void maybe_hang(const char *path)
{
	shared->looks++;
	if (strcmp(path, shared->release_at) == 0)
		shared->held = false;
	if (strcmp(path, shared->path) != 0)
		return;
	shared->asked++;
	for (;;)
		pause();
}

static bool has_ended(pid_t pid)
{
	return !shared->held && waitpid(pid, NULL, 0) != 0;
}

static void put_device(const char *place, const char *address)
{
	char path[256], target[256];
	static const struct { const char *name, *text; } files[] = {
		{ "uevent", "DRIVER=nouveau\nPCI_CLASS=30000\n"
			    "PCI_ID=10DE:2684\nPCI_SUBSYS_ID=1043:8888\n" },
		{ "class", "0x030000\n" }, { "vendor", "0x10de\n" },
		{ "device", "0x2684\n" }, { "subsystem_vendor", "0x1043\n" },
		{ "subsystem_device", "0x8888\n" },
		{ "driver_override", "vfio-pci\n" }, { "numa_node", "1\n" },
	};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s%s", place, files[i].name);
		plant_text(path, files[i].text);
	}
	snprintf(path, sizeof path, "sys/bus/pci/devices/%s", address);
	snprintf(target, sizeof target, "../../../../%.*s",
		 (int)strlen(place) - 1, place);
	plant_link(path, target);
}

static int begin(void **state)
{
	const struct scout_ways ways = {
		.path = plant_root, .patience_ms = 60, .before = maybe_hang,
		.has_ended = has_ended,
	};
	char path[512];

	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || plant_start(state) != 0)
		return -1;
	plant_text("sys/bus/pci/devices/.keep", "");
	put_device(FIRST, "0000:00:02.0");
	put_device(SECOND, "0000:00:03.0");
	plant_path(path, "sys/bus/pci/devices/.keep");
	unlink(path);
	plant_link(FIRST "driver", "../../../bus/pci/drivers/nouveau");
	scout = scout_make(&ways, &arena);
	return 0;
}

static int end(void **state)
{
	scout_free(scout);
	arena_free(&arena);
	munmap(shared, sizeof *shared);
	return plant_stop(state);
}

static void hang_at(const char *path)
{
	snprintf(shared->path, sizeof shared->path, "%s", path);
}

static const struct system *look(void)
{
	struct err err = { "" };
	struct root *root = scout_read(scout, AREA_DEVICES | AREA_DETAIL, NULL,
				       &err);

	if (!root)
		fail_msg("%s", err.text);
	const struct system *system = source_read(
		root, &arena, AREA_DEVICES | AREA_DETAIL, NULL);
	root_close(root);
	return system;
}

static void what_answers_is_read_as_ever(void **state)
{
	(void)state;
	const struct system *system = look();
	assert_int_equal(system->device_count, 2);
	assert_int_equal(system->origin.kind, ORIGIN_DIRECTORY);
	assert_string_equal(system->origin.path, plant_root);
	assert_int_equal(system->problem_count, 0);
	for (unsigned i = 0; i < 2; i++) {
		const struct device *device = &system->devices[i];
		assert_false(device->silent);
		assert_int_equal(device->identity, KNOWN);
		assert_string_equal(device->driver.value, "nouveau");
		assert_string_equal(device->driver_override.value, "vfio-pci");
		assert_int_equal(device->numa_node.value, 1);
		assert_int_equal(device->reset_method.known, ABSENT);
	}
}

static void a_device_that_does_not_answer_costs_no_other(void **state)
{
	(void)state;
	hang_at(FIRST "driver_override");
	const struct system *system = look();
	const struct device *first = &system->devices[0];
	const struct device *second = &system->devices[1];

	assert_int_equal(system->device_count, 2);
	assert_true(first->silent);
	assert_int_equal(first->driver_override.known, SILENT);
	assert_int_equal(first->numa_node.known, SILENT);
	/* Links, and files that need no lock, are still there. */
	assert_int_equal(first->identity, KNOWN);
	assert_int_equal(first->vendor, 0x10de);
	assert_int_equal(first->class, 0x030000);
	assert_string_equal(first->driver.value, "nouveau");
	assert_false(second->silent);
	assert_string_equal(second->driver_override.value, "vfio-pci");
	assert_true(system->problem_count > 0);
}

static void what_is_silent_is_asked_once(void **state)
{
	(void)state;
	hang_at(FIRST "uevent");
	assert_true(look()->devices[0].silent);
	assert_int_equal(shared->asked, 1);
}

static void what_answers_again_is_read_again(void **state)
{
	(void)state;
	hang_at(FIRST "uevent");
	assert_true(look()->devices[0].silent);
	hang_at("nowhere");
	/* The process that asked ends now; the next reading but one may be
	 * the first to see it gone. */
	bool silent = true;
	for (unsigned i = 0; i < 100 && silent; i++)
		silent = look()->devices[0].silent;
	assert_false(silent);
}

/* The kernel comes back while others are asked: nobody would read again. */
static void what_answers_meanwhile_is_not_left_out(void **state)
{
	(void)state;
	hang_at(FIRST "uevent");
	shared->held = true;
	assert_true(look()->devices[0].silent);
	hang_at("nowhere");
	assert_true(look()->devices[0].silent);
	snprintf(shared->release_at, sizeof shared->release_at, "%s",
		 SECOND "uevent");
	assert_false(look()->devices[0].silent);
	assert_false(shared->held);
}

static void a_folder_that_does_not_answer_is_left_out_alone(void **state)
{
	(void)state;
	hang_at("sys/bus/pci/devices/0000:00:02.0");
	const struct system *system = look();
	assert_int_equal(system->device_count, 2);
	assert_int_equal(system->devices[0].identity, SILENT);
	assert_int_equal(system->devices[1].identity, KNOWN);
}

static void the_one_who_waits_is_never_held_up(void **state)
{
	struct err err;

	(void)state;
	hang_at(FIRST "uevent");
	assert_true(scout_start(scout, AREA_DEVICES, NULL, &err));
	assert_true(scout_is_reading(scout));
	assert_true(scout_fd(scout) >= 0);
	assert_true(scout_timeout(scout) > 0);
	/* Another reading takes the place of one that is under way. */
	assert_true(scout_start(scout, AREA_DEVICES, NULL, &err));
	unsigned steps = 0;
	while (!scout_step(scout)) {
		struct pollfd wait = { scout_fd(scout), POLLIN, 0 };
		poll(&wait, 1, scout_timeout(scout));
		steps++;
	}
	assert_true(steps > 1);
	assert_false(scout_is_reading(scout));
	assert_int_equal(scout_fd(scout), -1);
	struct root *root = scout_take(scout, &err);
	assert_non_null(root);
	root_close(root);
}

/* --- brief readings --- */

#define THIRD "sys/devices/pci0000:00/0000:00:04.0/"

static struct root *look_at(unsigned areas)
{
	struct err err = { "" };
	struct root *root = scout_read(scout, areas, NULL, &err);

	assert_non_null(root);
	return root;
}

/* Read briefly what the kernel told of @paths, which NULL ends. */
static struct root *look_briefly(unsigned areas, const struct root *before,
				 const char *const *paths)
{
	struct uevents news = {0};
	struct err err = { "" };

	for (; *paths; paths++)
		uevents_add(&news, *paths);
	assert_true(scout_start_briefly(scout, areas, before, &news, &err));
	while (!scout_step(scout)) {
		struct pollfd wait = { scout_fd(scout), POLLIN, 0 };
		poll(&wait, 1, scout_timeout(scout));
	}
	struct root *root = scout_take(scout, &err);
	assert_non_null(root);
	return root;
}

static void a_brief_reading_asks_for_what_is_in_the_news(void **state)
{
	static const char *const news[] = {
		"/devices/pci0000:00/0000:00:02.0",
		"/devices/pci0000:00/0000:00:04.0", NULL,
	};
	const unsigned areas = AREA_DEVICES | AREA_DETAIL;

	(void)state;
	struct root *before = look_at(areas);
	unsigned whole = shared->looks;
	plant_text(FIRST "numa_node", "0\n");
	put_device(THIRD, "0000:00:04.0");
	hang_at(SECOND "numa_node");
	shared->looks = 0;
	struct root *root = look_briefly(areas, before, news);
	root_close(before);
	const struct system *system = source_read(root, &arena, areas, NULL);
	assert_int_equal(system->device_count, 3);
	assert_int_equal(system->devices[0].numa_node.value, 0);
	assert_int_equal(system->devices[1].numa_node.value, 1);
	assert_string_equal(system->devices[1].driver_override.value,
			    "vfio-pci");
	assert_int_equal(system->devices[2].vendor, 0x10de);
	/* What is not in the news is in the reading, and was not asked. */
	assert_int_equal(shared->asked, 0);
	/* Two of three devices were, and hardly more. */
	assert_true(shared->looks < whole + whole / 4);

	/* Where nothing is new, only folders are looked into. */
	shared->looks = 0;
	struct root *same = look_briefly(areas, root, news + 2);
	assert_true(shared->looks < whole / 4);
	root_close(same);
	root_close(root);
}

static void what_is_gone_is_not_recalled(void **state)
{
	static const char *const news[] = {
		"/devices/pci0000:00/0000:00:03.0", NULL,
	};
	const unsigned areas = AREA_DEVICES | AREA_DETAIL;
	uint64_t size;
	char path[512];

	(void)state;
	struct root *before = look_at(areas);
	plant_path(path, "sys/bus/pci/devices/0000:00:03.0");
	assert_int_equal(unlink(path), 0);
	struct root *root = look_briefly(areas, before, news);
	root_close(before);
	assert_int_equal(source_read(root, &arena, areas, NULL)->device_count,
			 1);
	assert_int_not_equal(root_size(root, NULL, SECOND "numa_node", &size),
			     KNOWN);
	root_close(root);
}

/* Numbers of groups are used again. */
static void a_group_in_the_news_is_asked_again(void **state)
{
	static const char *const news[] = {
		"/devices/pci0000:00/0000:00:02.0", NULL,
	};
	const unsigned areas = AREA_DEVICES | AREA_IOMMU;

	(void)state;
	plant_text("sys/kernel/iommu_groups/5/type", "DMA\n");
	plant_text("sys/kernel/iommu_groups/6/type", "DMA\n");
	plant_text("sys/kernel/iommu_groups/5/devices/.keep", "");
	plant_link("sys/kernel/iommu_groups/5/devices/0000:00:02.0",
		 "../../../../" FIRST);
	plant_link(FIRST "iommu_group", "../../../kernel/iommu_groups/5");
	plant_text("sys/kernel/iommu_groups/6/devices/.keep", "");
	struct root *before = look_at(areas);
	plant_text("sys/kernel/iommu_groups/5/type", "identity\n");
	plant_text("sys/kernel/iommu_groups/6/type", "identity\n");
	struct root *root = look_briefly(areas, before, news);
	root_close(before);
	const struct system *system = source_read(root, &arena, areas, NULL);
	assert_int_equal(system->group_count, 2);
	assert_string_equal(system->groups[0].type.value, "identity");
	assert_string_equal(system->groups[1].type.value, "DMA");
	root_close(root);
}

static void news_are_kept_until_they_were_read(void **state)
{
	static struct uevents news;
	char path[UEVENT_PATH + 1];

	(void)state;
	uevents_add(&news, "/a");
	uevents_begin(&news);
	uevents_add(&news, "/a");	/* again, behind its back */
	uevents_add(&news, "/b");
	uevents_add(&news, "/b");
	assert_int_equal(news.count, 3);
	uevents_end(&news);
	assert_int_equal(news.count, 2);
	assert_string_equal(news.paths[1], "/b");
	/* A reading that was given up has read nothing. */
	uevents_begin(&news);
	uevents_begin(&news);
	assert_int_equal(news.count, 2);
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_true(uevents_are_whole(&news));
	uevents_add(&news, path);
	uevents_end(&news);
	assert_int_equal(news.count, 0);
	assert_false(uevents_are_whole(&news));
	uevents_begin(&news);
	assert_false(uevents_are_whole(&news));
	uevents_end(&news);
	assert_true(uevents_are_whole(&news));
}

static void a_root_that_is_not_there_is_a_sentence(void **state)
{
	const struct scout_ways ways = { .path = "/nowhere/at/all" };
	struct scout *lost = scout_make(&ways, &arena);
	struct err err = { "" };

	(void)state;
	assert_null(scout_read(lost, AREA_ALL, NULL, &err));
	assert_non_null(strstr(err.text, "could not be read"));
	scout_free(lost);
}

static void a_parcel_that_is_cut_is_refused(void **state)
{
	struct tree tree, copy;
	struct buf bytes = {0};

	(void)state;
	tree_start(&tree);
	tree_fill(&tree, tree_path(&tree, "sys/a/b", NODE_FILE), "text", 4);
	tree_path(&tree, "sys/a/c", NODE_PROBLEM)->errnum = 13;
	tree_path(&tree, "sys/a", NODE_DIR)->listed = true;
	parcel_pack(&tree, &bytes);
	assert_true(parcel_unpack(&copy, bytes.data, bytes.len));
	assert_int_equal(tree_path(&copy, "sys/a/c", NODE_PROBLEM)->errnum, 13);
	assert_true(tree_path(&copy, "sys/a", NODE_DIR)->listed);
	assert_string_equal(tree_path(&copy, "sys/a/b", NODE_FILE)->bytes,
			    "text");
	tree_free(&copy);
	for (size_t len = 0; len < bytes.len; len++) {
		assert_false(parcel_unpack(&copy, bytes.data, len));
		tree_free(&copy);
	}
	buf_putc(&bytes, 'x');
	assert_false(parcel_unpack(&copy, bytes.data, bytes.len));
	tree_free(&copy);
	tree_free(&tree);
	buf_free(&bytes);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(what_answers_is_read_as_ever),
		T(a_device_that_does_not_answer_costs_no_other),
		T(what_is_silent_is_asked_once),
		T(what_answers_again_is_read_again),
		T(what_answers_meanwhile_is_not_left_out),
		T(a_folder_that_does_not_answer_is_left_out_alone),
		T(the_one_who_waits_is_never_held_up),
		T(a_brief_reading_asks_for_what_is_in_the_news),
		T(what_is_gone_is_not_recalled),
		T(a_group_in_the_news_is_asked_again),
		T(news_are_kept_until_they_were_read),
		T(a_root_that_is_not_there_is_a_sentence),
		T(a_parcel_that_is_cut_is_refused),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
