// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IORT, the table by which Arm firmware says what stands between devices and
 * memory.  Only what tells whether there is an SMMU is decoded.
 *
 * Source: Arm DEN 0049, IO Remapping Table, 3.1.
 */
#include "decode/acpi.h"

#include <string.h>

#include "base/num.h"

enum {
	IORT_ITS = 0, IORT_ROOT_COMPLEX = 2, IORT_SMMU = 3, IORT_SMMU3 = 4,
	IORT_RMR = 6,
	HEADER = 48, NODE = 16, MAPPING = 20, MOST_NODES = 4096,
};

static unsigned type_at(const uint8_t *bytes, size_t len, size_t at)
{
	return at >= HEADER && at < len ? bytes[at] : 0xff;
}

/* Whether a root complex hands its ids to an SMMU. */
static bool is_mapped(const uint8_t *bytes, size_t len, size_t node,
		      size_t node_len)
{
	uint32_t count = num_le32(bytes, len, node + 8);
	uint32_t offset = num_le32(bytes, len, node + 12);

	for (uint32_t i = 0; i < count; i++) {
		size_t at = offset + (size_t)i * MAPPING;
		if (at + MAPPING > node_len)
			return false;
		unsigned type = type_at(bytes, len,
					num_le32(bytes, len, node + at + 12));
		if (type == IORT_SMMU || type == IORT_SMMU3)
			return true;
	}
	return false;
}

void iort_decode(const uint8_t *bytes, size_t len, struct iort *out)
{
	*out = (struct iort){ .known = MALFORMED };
	if (len < HEADER || memcmp(bytes, "IORT", 4) != 0)
		return;
	uint32_t total = num_le32(bytes, len, 4);
	if (total < HEADER)
		return;
	out->known = total > len ? SHORT : KNOWN;
	if (total < len)
		len = total;
	uint32_t count = num_le32(bytes, len, 36);
	size_t at = num_le32(bytes, len, 40);
	for (; out->nodes < count && out->nodes < MOST_NODES; out->nodes++) {
		if (at < HEADER || at + NODE > len)
			return;
		size_t node_len = num_le16(bytes, len, at + 1);
		if (node_len < NODE || node_len > len - at)
			return;
		switch (bytes[at]) {
		case IORT_ITS:
			out->its++;
			break;
		case IORT_ROOT_COMPLEX:
			out->root_complexes++;
			out->unmapped += !is_mapped(bytes, len, at, node_len);
			break;
		case IORT_SMMU:
		case IORT_SMMU3:
			out->smmus++;
			break;
		case IORT_RMR:
			out->rmrs++;
			break;
		default:
			break;
		}
		at += node_len;
	}
	out->whole = out->known == KNOWN && out->nodes == count;
}
