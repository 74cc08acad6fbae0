// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_GRANT_H
#define MODEL_GRANT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/known.h"

/*
 * What VFIO granted to one that asked for a device: the kernel's own words,
 * taken apart.  Made by decode/vfio.h; all of it lives in one arena.
 */

/* From where to where: an area of a region (offset, bytes), or a range of
 * IOVAs (first, last). */
struct grant_span {
	uint64_t a, b;
};

/* A capability of a region, a device or the IOMMU. */
struct grant_cap {
	uint16_t id, version;
	enum known known;	/* of what follows its header; UNREAD: of a
				 * kind that is not taken apart */
	uint64_t value[2];	/* region type: type, subtype; atomics: bits;
				 * migration: page sizes, largest bitmap; DMA:
				 * mappings left */
	const struct grant_span *spans;
	unsigned span_count;
};

/* A chain of them.  ABSENT: there is none.  SHORT: it leaves its structure.
 * MALFORMED: it comes back to itself.  What was met before counts. */
struct grant_caps {
	enum known known;
	const struct grant_cap *items;
	unsigned count;
};

struct grant_region {
	unsigned index;
	int errnum;		/* not 0: the kernel grants none */
	enum known known;	/* SHORT: fewer bytes than it has */
	uint32_t flags;		/* b0 read, b1 write, b2 mmap, b3 caps */
	uint64_t size, offset;	/* bytes; where it begins in the descriptor */
	struct grant_caps caps;
};

struct grant_irq {
	unsigned index;
	int errnum;
	enum known known;
	uint32_t flags;		/* b0 eventfd, b1 maskable, b2 automasked, b3
				 * noresize */
	uint32_t count;
};

/* A device that a hot reset takes along. */
struct grant_victim {
	uint32_t id;		/* a group; with ABI_RESET_BY_ID a device's id:
				 * 0 owned, -1 not owned */
	uint16_t segment;
	uint8_t bus, devfn;
};

/* What a feature does; ORed. */
enum { GRANT_PROBED = 1, GRANT_GET = 2, GRANT_SET = 4 };

enum grant_api { GRANT_GROUP, GRANT_CDEV };

/* Where asking ended before its end; in the order of asking. */
enum grant_stage {
	GRANT_OPEN_GROUP, GRANT_STATUS, GRANT_VIABLE, GRANT_OPEN_CONTAINER,
	GRANT_VERSION, GRANT_SET_CONTAINER, GRANT_NO_IOMMU_KIND,
	GRANT_SET_IOMMU, GRANT_DEVICE_FD,
	GRANT_OPEN_DEVICE, GRANT_OPEN_IOMMUFD, GRANT_BIND, GRANT_INFO,
	GRANT_STAGES
};

struct grant {
	enum grant_api api;
	bool whole;		/* went to its end; else: */
	enum grant_stage stage;	/* where it ended… */
	int errnum;		/* …and what the kernel said; 0: nothing */
	int iommu_kind;		/* ABI_TYPE1…; NONE with cdev */
	int attach_errnum;	/* cdev: of attaching it to an address space;
				 * not 0: nothing is known of the IOMMU */
	enum known info_known;
	uint32_t flags;		/* b0 reset, b1 pci … */
	uint32_t regions_told, irqs_told;	/* by the kernel */
	struct grant_caps caps;
	const struct grant_region *regions;
	unsigned region_count;
	const struct grant_irq *irqs;
	unsigned irq_count;
	enum known reset_known;	/* ABSENT: neither slot nor bus can be reset,
				 * or not a PCI device */
	int reset_errnum;
	uint32_t reset_flags;
	const struct grant_victim *victims;
	unsigned victim_count;
	enum known iommu_known;
	int iommu_errnum;
	uint32_t iommu_flags;
	uint64_t page_sizes;	/* a bit each: bit 12 is 4 KiB */
	struct grant_caps iommu_caps;
	uint8_t features[32];	/* GRANT_PROBED…, by number */
};

/* The words by which a record names a stage; NULL where @stage is none. */
const char *grant_stage_word(int stage);

#endif
