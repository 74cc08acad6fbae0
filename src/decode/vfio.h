// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_VFIO_H
#define DECODE_VFIO_H

#include <stddef.h>

#include "base/arena.h"
#include "model/grant.h"

/*
 * Take apart what vfiotop-apply brought back from asking a device through
 * VFIO.  The record is text, a line each:
 *
 *     api group|cdev
 *     WORD INDEX ERRNO HEX
 *
 * WORD says what was asked: info, region, irq, hot-reset, iommu (HEX: the
 * structure as the kernel filled it), feature, feature-get, feature-set,
 * iommu-kind (INDEX), attach, stop-STAGE, end.  ERRNO is 0 where the kernel
 * said yes.
 *
 * Fills *out, in @arena; false when it is no such record.  Only bytes that
 * both the structure has and argsz covers are believed; capability chains
 * are followed inside of them, each place once.
 *
 * Source: include/uapi/linux/vfio.h.
 */
bool vfio_decode(const char *record, size_t len, struct arena *arena,
		 struct grant *out);

#endif
