// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Holds a device the way a virtual machine does: opens its group, takes the
 * device out of it, says "held" and waits.  With a third word it closes what
 * it does not need any more, the group.  It ends by a signal, and what it holds
 * is let go.  It knows nothing of the program under test.
 */
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int complain(const char *what)
{
	perror(what);
	return 1;
}

int main(int argc, char **argv)
{
	char node[64];

	if (argc != 3 && argc != 4) {
		fputs("usage: hold GROUP ADDRESS [alone]\n", stderr);
		return 64;
	}
	snprintf(node, sizeof node, "/dev/vfio/%s", argv[1]);
	int container = open("/dev/vfio/vfio", O_RDWR);
	int group = open(node, O_RDWR);
	if (container < 0 || group < 0)
		return complain(node);
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return complain("the container");
	if (ioctl(group, VFIO_GROUP_GET_DEVICE_FD, argv[2]) < 0)
		return complain(argv[2]);
	if (argc == 4) {
		close(group);
		close(container);
	}
	puts("held");
	fflush(stdout);
	for (;;)
		pause();
}
