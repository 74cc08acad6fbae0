// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What disks are to their host: in use or not.  It says what is; rules and
 * gates say what that means.
 */
#include "model/storage.h"

#include <string.h>

#include "model/topo.h"

bool storage_is_system(const char *mount_point)
{
	static const char *const places[] = {
		"/", "/usr", "/boot", "/boot/efi", "/efi", "/var", "/etc",
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (strcmp(mount_point, places[i]) == 0)
			return true;
	return false;
}

bool storage_is_vital(const char *mount_point)
{
	return storage_is_system(mount_point) ||
	       strcmp(mount_point, "swap") == 0;
}

const struct net_mount *storage_far(const struct usage *usage, unsigned index)
{
	for (; index < usage->net_mount_count; index++)
		if (storage_is_vital(usage->net_mounts[index].what))
			return &usage->net_mounts[index];
	return NULL;
}

enum { CLASS_SD_HOST = 0x0805 };

bool storage_may_be_on(const struct device *device)
{
	unsigned class = device->class >> 8;

	/* A vfio driver makes no disks of it. */
	if (device->driver.known == KNOWN &&
	    topo_is_vfio_driver(device->driver.value))
		return false;
	return device->identity != KNOWN || class >> 8 == CLASS_STORAGE ||
	       class == CLASS_USB || class == CLASS_SD_HOST;
}

bool storage_goes_through(const char *list, const char *name)
{
	size_t len = strlen(name);

	while (*list) {
		size_t item = strcspn(list, ",");
		size_t word = strcspn(list, " ,");
		if (word == len && memcmp(list, name, len) == 0)
			return true;
		list += item;
		list += strspn(list, ", ");
	}
	return false;
}

/* Whether something stands on that one block device. */
static bool block_is_used(const struct usage *usage, const struct disk *disk)
{
	for (unsigned i = 0; i < usage->storage_count; i++) {
		const struct storage_use *use = &usage->storage[i];
		const char *through = use->through ? use->through : "";
		if (strcmp(use->block, disk->name) == 0 ||
		    storage_goes_through(through, disk->name))
			return true;
		/* "/dev/root" and the like: it may be any of them. */
		if (use->device == disk->device && !*through &&
		    strcmp(use->block, "root") == 0)
			return true;
	}
	for (unsigned i = 0; i < usage->stack_count; i++)
		if (strcmp(usage->stacks[i].block, disk->name) == 0)
			return true;
	return false;
}

bool storage_disk_is_used(const struct system *system, int disk)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->disk_count; i++)
		if (((int)i == disk || usage->disks[i].whole == disk) &&
		    block_is_used(usage, &usage->disks[i]))
			return true;
	return false;
}
