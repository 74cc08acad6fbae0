// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_READ_KFD_H
#define SOURCE_READ_KFD_H

#include "source/read_block.h"

/*
 * Put into @gpus the devices that process @pid computes on through /dev/kfd.
 * False when that cannot be told for all of them, or it uses none yet: then
 * it may be any of the driver's.
 */
bool kfd_used_by(struct reader *reader, const char *pid, struct owners *gpus);

#endif
