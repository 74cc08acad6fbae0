// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's events, through libudev.  What they mean for the machine is
 * found out by reading it again.
 */
#include "source/watch.h"

#include <libudev.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"

struct watch {
	struct arena arena;	/* holds the watch itself */
	struct udev *udev;
	struct udev_monitor *monitor;
};

/* What tells of devices, and of what the host does with them. */
static const char *const subsystems[] = {
	"backlight", "block", "drm", "graphics", "input", "iommu", "mdev",
	"module", "net", "nvme", "pci", "sound", "usb", "vfio", "vfio-dev",
	"vtconsole",
};

static bool start(struct watch *watch)
{

	watch->udev = udev_new();
	if (!watch->udev)
		return false;
	/* "kernel": before udevd, which need not run. */
	watch->monitor =
		udev_monitor_new_from_netlink(watch->udev, "kernel");
	if (!watch->monitor)
		return false;
	for (size_t i = 0; i < sizeof subsystems / sizeof *subsystems; i++)
		if (udev_monitor_filter_add_match_subsystem_devtype(
			    watch->monitor, subsystems[i], NULL) < 0)
			return false;
	return udev_monitor_enable_receiving(watch->monitor) >= 0;
}

struct watch *watch_open(void)
{
	struct arena arena = {0};
	struct watch *watch = arena_alloc(&arena, sizeof *watch);

	watch->arena = arena;
	if (start(watch))
		return watch;
	watch_close(watch);
	return NULL;
}

void watch_close(struct watch *watch)
{
	if (!watch)
		return;
	udev_monitor_unref(watch->monitor);
	udev_unref(watch->udev);
	struct arena arena = watch->arena;
	arena_free(&arena);
}

int watch_fd(const struct watch *watch)
{
	return udev_monitor_get_fd(watch->monitor);
}

/* Containers come and go with interfaces of their own, which are no
 * device's. */
static bool concerns(struct udev_device *device)
{
	const char *subsystem = udev_device_get_subsystem(device);
	const char *path = udev_device_get_devpath(device);

	return !subsystem || !path || strcmp(subsystem, "net") != 0 ||
	       strncmp(path, "/devices/virtual/", 17) != 0;
}

bool watch_take(struct watch *watch, struct uevents *uevents)
{
	struct udev_device *device;
	bool any = false;

	while ((device = udev_monitor_receive_device(watch->monitor))) {
		if (concerns(device)) {
			const char *path = udev_device_get_devpath(device);
			uevents_add(uevents, path ? path : "");
			any = true;
		}
		udev_device_unref(device);
	}
	return any;
}
