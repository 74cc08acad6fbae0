// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Config space to facts: the header, and the walks over both capability
 * lists.  What an entry of a list holds is in express.c; base addresses come
 * from the kernel, which may have moved them, and not from here.
 *
 * PCI Local Bus 3.0, 6.1 and 6.7; PCIe Base 6.0, 7.6.
 */
#include "decode/config.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "base/num.h"
#include "decode/express.h"

enum {
	CLASSIC_BYTES = 256,	/* config space of PCI */
	WHOLE_BYTES = 4096,	/* …and of PCI Express */
	CLASS_WORD_HOST = 0x0600,
};

/* Config space as it was read. */
struct space {
	const uint8_t *bytes;
	size_t len;		/* read */
	size_t size;		/* there is; 0 unknown */
};

/* Where a walk has been, one bit for each double word. */
struct trail {
	uint32_t seen[WHOLE_BYTES / 4 / 32];
};

/* Whether the walk comes here for the first time. */
static bool is_new(struct trail *trail, size_t at)
{
	uint32_t *word = &trail->seen[at / 4 / 32];
	uint32_t bit = 1u << (at / 4 % 32);

	if (*word & bit)
		return false;
	*word |= bit;
	return true;
}

static bool is_all_ones(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0xff)
			return false;
	return true;
}

static void mark_present(struct config *out, const struct capability *row)
{
	bool yes = true;

	memcpy((char *)out + row->flag, &yes, sizeof yes);
}

/*
 * Take what @row wants out of the capability at @at.  Returns what that makes
 * of its list: KNOWN, SHORT when the bytes read end inside it, MALFORMED when
 * the space itself (of @end bytes) does.
 */
static enum known take(const struct space *space, size_t at, size_t end,
		       const struct capability *row, struct config *out)
{
	size_t stop = space->len < end ? space->len : end;

	mark_present(out, row);
	if (!row->fill)
		return KNOWN;
	if (stop - at >= row->need &&
	    row->fill(space->bytes + at, stop - at, out))
		return KNOWN;
	return stop < end ? SHORT : MALFORMED;
}

/* A capability that stands twice counts with its first, as in the kernel. */
static bool is_listed(const uint8_t *ids, unsigned count, uint8_t id)
{
	return memchr(ids, id, count) != NULL;
}

static bool is_listed_ext(const uint16_t *ids, unsigned count, uint16_t id)
{
	for (unsigned i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static enum known note(const struct space *space, size_t at, uint8_t id,
		       struct config *out)
{
	const struct capability *row = express_standard(id);
	bool again = is_listed(out->cap_ids, out->cap_count, id);

	if (out->cap_count < sizeof out->cap_ids)
		out->cap_ids[out->cap_count++] = id;
	return row && !again ? take(space, at, CLASSIC_BYTES, row, out) :
			       KNOWN;
}

static enum known walk(const struct space *space, struct config *out)
{
	uint8_t first = out->header_type == PCI_HEADER_TYPE_CARDBUS ?
			PCI_CB_CAPABILITY_LIST : PCI_CAPABILITY_LIST;
	size_t at = space->bytes[first] & ~3u;
	struct trail trail = {0};

	if (!(out->status & PCI_STATUS_CAP_LIST) || !at)
		return ABSENT;
	for (; at; at = space->bytes[at + PCI_CAP_LIST_NEXT] & ~3u) {
		if (at < PCI_STD_HEADER_SIZEOF || !is_new(&trail, at))
			return MALFORMED;
		if (space->len < at + 2)
			return SHORT;
		uint8_t id = space->bytes[at + PCI_CAP_LIST_ID];
		if (id == 0xff)
			return MALFORMED;
		enum known known = note(space, at, id, out);
		if (known != KNOWN)
			return known;
	}
	return KNOWN;
}

/*
 * Whether there is nothing from 0x100 on, or how it is not known.  Without a
 * size by stat, a device that is not on PCIe has none; the kernel looks for
 * it with host bridges all the same (drivers/pci/probe.c,
 * pci_cfg_space_size), and PCI-X may have it.
 */
static enum known extended_space(const struct space *space,
				 const struct config *config)
{
	if (space->len > CLASSIC_BYTES)
		return KNOWN;
	if (space->size)
		return space->size <= CLASSIC_BYTES ? ABSENT : SHORT;
	if (!known_is_settled(config->caps) || config->has_pcie ||
	    is_listed(config->cap_ids, config->cap_count, PCI_CAP_ID_PCIX) ||
	    num_le16(space->bytes, space->len, PCI_CLASS_DEVICE) ==
		    CLASS_WORD_HOST)
		return SHORT;
	return ABSENT;
}

static enum known note_extended(const struct space *space, size_t at,
				uint16_t id, struct config *out)
{
	const struct capability *row = express_extended(id);
	bool again = is_listed_ext(out->ecap_ids, out->ecap_count, id);

	/* Id 0 is a hole that only leads on. */
	if (id && out->ecap_count <
			  sizeof out->ecap_ids / sizeof *out->ecap_ids)
		out->ecap_ids[out->ecap_count++] = id;
	return row && !again ? take(space, at, WHOLE_BYTES, row, out) : KNOWN;
}

static enum known walk_extended(const struct space *space, struct config *out)
{
	enum known there = extended_space(space, out);
	struct trail trail = {0};
	uint32_t head;

	if (there != KNOWN)
		return there;
	for (size_t at = CLASSIC_BYTES; at; at = PCI_EXT_CAP_NEXT(head)) {
		if (at < CLASSIC_BYTES || !is_new(&trail, at))
			return MALFORMED;
		if (space->len < at + 4)
			return SHORT;
		head = num_le32(space->bytes, space->len, at);
		if (at == CLASSIC_BYTES && (!head || head == UINT32_MAX))
			return ABSENT;
		if (head == UINT32_MAX)
			return MALFORMED;
		enum known known = note_extended(space, at,
						 PCI_EXT_CAP_ID(head), out);
		if (known != KNOWN)
			return known;
	}
	return KNOWN;
}

static enum known header(const struct space *space, struct config *out)
{
	const uint8_t *bytes = space->bytes;
	size_t len = space->len;

	if (len < PCI_STD_HEADER_SIZEOF)
		return SHORT;
	uint8_t type = bytes[PCI_HEADER_TYPE];
	out->vendor = num_le16(bytes, len, PCI_VENDOR_ID);
	out->device = num_le16(bytes, len, PCI_DEVICE_ID);
	out->command = num_le16(bytes, len, PCI_COMMAND);
	out->status = num_le16(bytes, len, PCI_STATUS);
	out->header_type = type & 0x7f;
	out->multifunction = type & 0x80;
	out->interrupt_pin = bytes[PCI_INTERRUPT_PIN];
	if (is_all_ones(bytes, PCI_STD_HEADER_SIZEOF) ||
	    out->header_type > PCI_HEADER_TYPE_CARDBUS)
		return MALFORMED;
	if (out->header_type != PCI_HEADER_TYPE_NORMAL) {
		out->primary = bytes[PCI_PRIMARY_BUS];
		out->secondary = bytes[PCI_SECONDARY_BUS];
		out->subordinate = bytes[PCI_SUBORDINATE_BUS];
	}
	return KNOWN;
}

void config_decode(const uint8_t *bytes, size_t len, size_t size,
		   struct config *out)
{
	struct space space = {
		.bytes = bytes,
		.len = len < WHOLE_BYTES ? len : WHOLE_BYTES,
		.size = size,
	};

	*out = (struct config){ .bytes = len };
	out->header = header(&space, out);
	if (out->header == KNOWN) {
		out->caps = walk(&space, out);
		out->ecaps = walk_extended(&space, out);
	} else {
		out->caps = out->header;
		out->ecaps = out->header;
	}
}
