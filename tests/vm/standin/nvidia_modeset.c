// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A module that stands on nvidia.c, so that only the two together go.
 */
#include <linux/module.h>

void nvidia_stands(void);

static int __init begin(void)
{
	nvidia_stands();
	return 0;
}

static void __exit end(void)
{
}

module_init(begin);
module_exit(end);
MODULE_DESCRIPTION("stands on the driver that is unloaded");
MODULE_LICENSE("GPL");
