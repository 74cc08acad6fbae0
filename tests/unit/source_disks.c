// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine with two disks, read alive and from a capture.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/source_disks.h"

#include <stdio.h>
#include <string.h>

#include "lib/plant.h"
#include "source/archive.h"
#include "source/manifest.h"
#include "source/read.h"

struct arena arena;

void put_device(const char *address, const char *below, const char *uevent)
{
	char path[256], link[256], target[256];

	snprintf(path, sizeof path, "sys/devices/pci0000:00/%s%s/uevent",
		 below, address);
	snprintf(link, sizeof link, "sys/bus/pci/devices/%s", address);
	snprintf(target, sizeof target, "../../../devices/pci0000:00/%s%s",
		 below, address);
	plant_text(path, uevent);
	plant_link(link, target);
}

void put_block(const char *name, const char *where, const char *number)
{
	char path[256], target[256];

	snprintf(path, sizeof path, "sys/devices/%s/%s/dev", where, name);
	plant_text(path, number);
	snprintf(path, sizeof path, "sys/class/block/%s", name);
	snprintf(target, sizeof target, "../../devices/%s/%s", where, name);
	plant_link(path, target);
	snprintf(path, sizeof path, "sys/dev/block/%.*s",
		 (int)strcspn(number, "\n"), number);
	plant_link(path, target);
}

#define OTHER "pci0000:00/0000:00:05.0/nvme/nvme1"

int start(void **state)
{
	if (plant_start(state))
		return -1;
	put_device("0000:00:02.0", "", "DRIVER=amdgpu\nPCI_CLASS=30000\n"
		   "PCI_ID=1002:73BF\nPCI_SUBSYS_ID=1043:8888\n");
	put_device("0000:00:04.0", "", "DRIVER=nvme\nPCI_CLASS=10802\n"
		   "PCI_ID=144D:A80C\nPCI_SUBSYS_ID=144D:A801\n");
	put_device("0000:00:05.0", "", "DRIVER=nvme\nPCI_CLASS=10802\n"
		   "PCI_ID=144D:A80C\nPCI_SUBSYS_ID=144D:A801\n");
	put_block("nvme0n1", NVME, "259:0\n");
	put_block("nvme1n1", OTHER, "259:1\n");
	plant_text("proc/self/mountinfo",
		   "25 1 0:23 / / rw - tmpfs tmpfs rw\n");
	plant_text("proc/swaps", "Filename Type Size Used Priority\n");
	return 0;
}

int stop(void **state)
{
	arena_free(&arena);
	return plant_stop(state);
}

const struct system *look(void)
{
	struct root *root = root_open(plant_root, NULL);

	assert_non_null(root);
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	root_close(root);
	return system;
}

const struct system *look_at_capture(void)
{
	struct root *root = root_open(plant_root, NULL);
	struct err err = {0};
	char path[512];

	snprintf(path, sizeof path, "%s/m.tar", plant_root);
	root_tee(root);
	manifest_write(root_tree(root),
		       source_read(root, &arena, AREA_ALL, NULL));
	if (!archive_write(root_tree(root), path, &err))
		fail_msg("%s", err.text);
	root_close(root);
	root = root_open(path, &err);
	assert_non_null(root);
	const struct system *system =
		source_read(root, &arena, AREA_ALL, NULL);
	root_close(root);
	return system;
}

int device_at(const struct system *system, const char *text)
{
	struct bdf address;

	assert_true(bdf_parse(text, &address));
	return system_device(system, address);
}

void put_multipath(void)
{
	put_block("nvme2n1", "virtual/nvme-subsystem/nvme-subsys2",
		  "259:9\n");
	plant_link("sys/devices/virtual/nvme-subsystem/nvme-subsys2/nvme0",
		   "../../../" NVME);
	plant_link("sys/devices/virtual/nvme-subsystem/nvme-subsys2/nvme1",
		   "../../../" OTHER);
}

const struct storage_use *stored(const struct system *system,
				 const char *address)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->storage_count; i++)
		if (usage->storage[i].device == device_at(system, address))
			return &usage->storage[i];
	return NULL;
}

const struct stack_use *stacked(const struct system *system,
				const char *address)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->stack_count; i++)
		if (usage->stacks[i].device == device_at(system, address))
			return &usage->stacks[i];
	return NULL;
}
