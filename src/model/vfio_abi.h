// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_VFIO_ABI_H
#define MODEL_VFIO_ABI_H

#include <linux/ioctl.h>
#include <stdint.h>

/*
 * What the kernel's interface to user space fixes: the requests that are
 * asked, the sizes of their structures, bits and kinds.  Kept here because
 * the headers a build finds may be older than the kernel it meets.
 *
 * Every structure but those of iommufd begins with argsz, the bytes that the
 * caller has, and flags; the kernel answers in argsz how many there are.
 * Numbers have the machine's own byte order.
 *
 * Source: include/uapi/linux/vfio.h and iommufd.h, 6.1 to 7.2.
 */
#define ABI_REQUEST(n) _IO(';', 100 + (n))
#define ABI_IOMMUFD(n) _IO(';', (n))

enum {
	ABI_VERSION = 0, ABI_EXTENSION = 1, ABI_SET_IOMMU = 2,
	ABI_GROUP_STATUS = 3, ABI_SET_CONTAINER = 4, ABI_DEVICE_FD = 6,
	ABI_DEVICE_INFO = 7, ABI_REGION_INFO = 8, ABI_IRQ_INFO = 9,
	ABI_HOT_RESET_INFO = 12, ABI_IOMMU_INFO = 12, ABI_FEATURE = 17,
	ABI_BIND_IOMMUFD = 18, ABI_ATTACH = 19,
	ABI_IOAS_ALLOC = 0x81, ABI_VFIO_IOAS = 0x88,
};

/* Bytes that are asked with at first. */
enum {
	ABI_GROUP_STATUS_BYTES = 8,	/* argsz, flags */
	ABI_DEVICE_INFO_BYTES = 24,	/* …, regions, irqs, cap_offset; 16
					 * before 5.9 */
	ABI_REGION_INFO_BYTES = 32,	/* …, index, cap_offset, size 64,
					 * offset 64 */
	ABI_IRQ_INFO_BYTES = 16,	/* …, index, count */
	ABI_IOMMU_INFO_BYTES = 24,	/* …, page sizes 64, cap_offset */
	ABI_HOT_RESET_BYTES = 12,	/* …, count, and then as many: */
	ABI_HOT_RESET_ENTRY = 8,	/* group or id, segment 16, bus, devfn */
	ABI_FEATURE_BYTES = 8,
	ABI_CAP_BYTES = 8,		/* id 16, version 16, next */
};

enum {
	ABI_GROUP_VIABLE = 1 << 0,
	ABI_FEATURE_GET = 1 << 16, ABI_FEATURE_SET = 1 << 17,
	ABI_FEATURE_PROBE = 1 << 18,
	ABI_FEATURES_ASKED = 32,	/* features 0 to 31 are probed */
	ABI_DEVICE_IS_PCI = 1 << 1,
	ABI_DEVICE_HAS_CAPS = 1 << 7,
	ABI_REGION_HAS_CAPS = 1 << 3,
	ABI_IOMMU_HAS_SIZES = 1 << 0, ABI_IOMMU_HAS_CAPS = 1 << 1,
	ABI_RESET_BY_ID = 1 << 0,	/* entries begin with the id of a device */
	ABI_RESET_OWNED = 1 << 1,	/* all of them are the asker's */
};

/* Kinds of IOMMU, as CHECK_EXTENSION and SET_IOMMU number them. */
enum {
	ABI_TYPE1 = 1, ABI_SPAPR = 2, ABI_TYPE1_V2 = 3, ABI_SPAPR_V2 = 7,
	ABI_NOIOMMU = 8,
	ABI_EXTENSIONS = 11,		/* numbers 1 to 10 have a meaning */
};

#endif
