// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_SOURCE_MADE_H
#define TESTS_SOURCE_MADE_H

#include "source/root.h"

#define DEVICES "sys/devices/pci0000:00/"
#define PORT DEVICES "0000:00:01.0/"
#define GPU PORT "0000:01:00.0/"

/* Plant two functions, one behind the other, as sysfs lays them out; open what
 * was planted; and a system that was read of it must have both. */
void put_machine(void);
struct root *open_folder(void);
void check_machine(const struct system *system);

#endif
