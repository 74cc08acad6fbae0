// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The two harmless questions to VFIO's container.  What the answers mean is
 * not known here.
 */
#include "source/container.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "model/vfio_abi.h"
#include "source/folder.h"

enum { MISC_MAJOR = 10, VFIO_MINOR = 196 };	/* linux/miscdevice.h */

/* Whether it is the node it is named as. */
static bool is_container(int fd)
{
	struct stat stat;

	return fstat(fd, &stat) == 0 && S_ISCHR(stat.st_mode) &&
	       stat.st_rdev == makedev(MISC_MAJOR, VFIO_MINOR);
}

static int ask(int fd, struct buf *out)
{
	int version = ioctl(fd, ABI_REQUEST(ABI_VERSION));

	if (version < 0)
		return errno;
	buf_printf(out, "version %d\n", version);
	for (int i = 1; i < ABI_EXTENSIONS; i++) {
		int value = ioctl(fd, ABI_REQUEST(ABI_EXTENSION),
				  (unsigned long)i);
		buf_printf(out, "extension %d %d\n", i, value > 0 ? value : 0);
	}
	return 0;
}

int container_ask(int root, struct buf *out)
{
	uint64_t size;

	/* Registered means loaded or built in; the node alone means nothing. */
	if (folder_size(root, NULL, "sys/class/misc/vfio", &size) != 0)
		return ENODEV;
	int fd = folder_open(root, NULL, "dev/vfio/vfio",
			     O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno;
	int errnum = is_container(fd) ? ask(fd, out) : ENODEV;
	close(fd);
	return errnum;
}
