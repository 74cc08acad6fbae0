// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ACPI tables that describe IOMMUs, from bytes to facts.  Which device a
 * path leads to, and whether a table is any good, is not decided here.
 *
 * DMAR: VT-d specification 4.1, chapter 8.  IVRS: AMD I/O Virtualization
 * Technology 3.07, chapter 5.  VIOT: ACPI 6.5, 5.2.31.
 */
#include "decode/acpi.h"

#include <string.h>

#include "base/num.h"

enum {
	HEADER_BYTES = 36,
	STRUCTURES_AT = 48,	/* in all three tables */
};

/* A piece of a table: the whole of it, a structure, what is left of one. */
struct piece {
	const uint8_t *bytes;
	size_t len;
};

static struct piece piece_from(struct piece piece, size_t offset)
{
	if (offset > piece.len)
		offset = piece.len;
	return (struct piece){ piece.bytes + offset, piece.len - offset };
}

static uint8_t u8(struct piece piece, size_t at)
{
	return num_le8(piece.bytes, piece.len, at);
}

static uint16_t u16(struct piece piece, size_t at)
{
	return num_le16(piece.bytes, piece.len, at);
}

static uint32_t u32(struct piece piece, size_t at)
{
	return num_le32(piece.bytes, piece.len, at);
}

static uint64_t u64(struct piece piece, size_t at)
{
	return num_le64(piece.bytes, piece.len, at);
}

/*
 * Look at the header and cut *table to what belongs to it.  Xen renames DMAR
 * to XMAR, and the bytes are the same.
 */
static enum known open_table(struct piece *table, const char *name,
			     const char *alias)
{
	if (table->len < 4)
		return SHORT;
	if (memcmp(table->bytes, name, 4) != 0 &&
	    memcmp(table->bytes, alias, 4) != 0)
		return MALFORMED;
	if (table->len < 8)
		return SHORT;
	uint32_t length = u32(*table, 4);
	if (length < STRUCTURES_AT)
		return MALFORMED;
	if (table->len < length)
		return SHORT;
	table->len = length;
	return KNOWN;
}

/*
 * Cut the first structure, of @length bytes by its own word, off *rest.
 * False, nothing moved, when the length makes no sense.
 */
static bool cut(struct piece *rest, size_t length, size_t least,
		struct piece *out)
{
	if (length < least || length > rest->len)
		return false;
	*out = (struct piece){ rest->bytes, length };
	*rest = piece_from(*rest, length);
	return true;
}

/* The device scopes of a structure, in an array that grows. */
struct scopes {
	struct scope_entry *items;
	size_t count, room;
};

enum { SCOPE_BYTES = 6, PATH_MOST = 8 };

static bool scope(struct piece piece, struct scope_entry *out)
{
	size_t steps = (piece.len - SCOPE_BYTES) / 2;

	*out = (struct scope_entry){
		.type = u8(piece, 0),
		.flags = u8(piece, 2),
		.id = u8(piece, 4),
		.start_bus = u8(piece, 5),
	};
	for (size_t i = 0; i < steps && i < PATH_MOST; i++) {
		out->path[i].device = u8(piece, SCOPE_BYTES + 2 * i);
		out->path[i].function = u8(piece, SCOPE_BYTES + 2 * i + 1);
		out->path_count++;
	}
	return steps <= PATH_MOST;
}

/* Take the scopes that fill the rest of a structure; false when they do not
 * end with it. */
static bool scope_list(struct arena *arena, struct piece rest,
		       struct scopes *out)
{
	struct piece piece;
	bool whole = true;

	*out = (struct scopes){0};
	while (rest.len) {
		if (!cut(&rest, u8(rest, 1), SCOPE_BYTES, &piece))
			return false;
		out->items = arena_grow(arena, out->items, out->count,
					&out->room, sizeof *out->items);
		if (!scope(piece, &out->items[out->count++]))
			whole = false;
	}
	return whole;
}

/* A DMAR in the making: arrays that grow. */
struct dmar_draft {
	struct arena *arena;
	struct dmar *out;
	struct dmar_unit *units;
	struct dmar_region *regions;
	size_t unit_room, region_room;
};

static bool unit(struct dmar_draft *draft, struct piece piece)
{
	struct dmar *out = draft->out;
	struct scopes scopes;
	bool whole = scope_list(draft->arena, piece_from(piece, 16), &scopes);

	draft->units = arena_grow(draft->arena, draft->units, out->unit_count,
				  &draft->unit_room, sizeof *draft->units);
	draft->units[out->unit_count++] = (struct dmar_unit){
		.include_all = u8(piece, 4) & 1,
		.segment = u16(piece, 6),
		.base = u64(piece, 8),
		.scopes = scopes.items,
		.scope_count = (unsigned)scopes.count,
	};
	out->units = draft->units;
	return whole;
}

static bool region(struct dmar_draft *draft, struct piece piece)
{
	struct dmar *out = draft->out;
	struct scopes scopes;
	bool whole = scope_list(draft->arena, piece_from(piece, 24), &scopes);

	draft->regions = arena_grow(draft->arena, draft->regions,
				    out->region_count, &draft->region_room,
				    sizeof *draft->regions);
	draft->regions[out->region_count++] = (struct dmar_region){
		.segment = u16(piece, 6),
		.base = u64(piece, 8),
		.limit = u64(piece, 16),
		.scopes = scopes.items,
		.scope_count = (unsigned)scopes.count,
	};
	out->regions = draft->regions;
	return whole;
}

static bool dmar_structure(struct dmar_draft *draft, struct piece piece)
{
	enum { DRHD, RMRR, ATSR, RHSA, ANDD, SATC, SIDP, TYPES };
	static const uint8_t least[TYPES] = {
		[DRHD] = 16, [RMRR] = 24, [ATSR] = 8, [RHSA] = 20,
		[ANDD] = 8, [SATC] = 8, [SIDP] = 8,
	};
	uint16_t type = u16(piece, 0);

	if (type < TYPES && piece.len < least[type])
		return false;
	switch (type) {
	case DRHD:
		return unit(draft, piece);
	case RMRR:
		return region(draft, piece);
	case ATSR:
		draft->out->atsr++;
		break;
	case RHSA:
		draft->out->rhsa++;
		break;
	case ANDD:
		draft->out->andd++;
		break;
	case SATC:
		draft->out->satc++;
		break;
	case SIDP:
		draft->out->sidp++;
		break;
	}
	return true;
}

void dmar_decode(struct arena *arena, const uint8_t *bytes, size_t len,
		 struct dmar *out)
{
	struct dmar_draft draft = { .arena = arena, .out = out };
	struct piece table = { bytes, len }, piece;

	*out = (struct dmar){0};
	out->known = open_table(&table, "DMAR", "XMAR");
	if (out->known == MALFORMED || table.len < STRUCTURES_AT)
		return;
	uint8_t flags = u8(table, 37);
	out->address_width = u8(table, HEADER_BYTES) + 1u;
	out->intr_remap = flags & 1 << 0;
	out->x2apic_optout = flags & 1 << 1;
	out->platform_optin = flags & 1 << 2;
	out->remap_optout = flags & 1 << 3;
	out->whole = out->known == KNOWN;
	struct piece rest = piece_from(table, STRUCTURES_AT);
	while (rest.len) {
		if (!cut(&rest, u16(rest, 2), 4, &piece)) {
			out->whole = false;
			break;
		}
		if (!dmar_structure(&draft, piece))
			out->whole = false;
	}
}

/* Numbers that are held once each, sorted.  Machines have a handful; a table
 * with more than fit is made to waste time. */
struct number_set {
	uint64_t *items;
	size_t count, room;
};

enum { NUMBERS_MOST = 1024 };

static bool add_number(struct arena *arena, struct number_set *set,
		       uint64_t number)
{
	size_t at = 0;

	while (at < set->count && set->items[at] < number)
		at++;
	if (at < set->count && set->items[at] == number)
		return true;
	if (set->count == NUMBERS_MOST)
		return false;
	set->items = arena_grow(arena, set->items, set->count, &set->room,
				sizeof *set->items);
	memmove(set->items + at + 1, set->items + at,
		(set->count - at) * sizeof *set->items);
	set->items[at] = number;
	set->count++;
	return true;
}

/* An IVRS in the making. */
struct ivrs_draft {
	struct arena *arena;
	struct ivrs *out;
	struct number_set bases, ioapics, hpets;
	struct ivmd *ivmds;
	size_t ivmd_room;
};

enum {
	ENTRY_SPECIAL = 0x48,
	ENTRY_ACPI_HID = 0xf0,
	ACPI_HID_BYTES = 22,	/* before the unique id */
	VARIETY_IOAPIC = 1,
	VARIETY_HPET = 2,
};

/* Bytes of the device entry at the front of @rest; 0 when it cannot be told,
 * for types from f1 on have no fixed length. */
static size_t entry_bytes(struct piece rest)
{
	uint8_t type = u8(rest, 0);

	if (type == ENTRY_ACPI_HID)
		return rest.len < ACPI_HID_BYTES ? 0 :
		       ACPI_HID_BYTES + (size_t)u8(rest, 21);
	return type < ENTRY_ACPI_HID ? (size_t)4 << (type >> 6) : 0;
}

static bool special(struct ivrs_draft *draft, struct piece entry)
{
	/* Handle and device together tell one entry from another. */
	uint64_t which = (uint64_t)u8(entry, 4) << 16 | u16(entry, 5);
	uint8_t variety = u8(entry, 7);

	if (variety == VARIETY_IOAPIC)
		return add_number(draft->arena, &draft->ioapics, which);
	if (variety == VARIETY_HPET)
		return add_number(draft->arena, &draft->hpets, which);
	return true;
}

static bool device_entries(struct ivrs_draft *draft, struct piece rest)
{
	struct piece entry;

	while (rest.len) {
		if (!cut(&rest, entry_bytes(rest), 4, &entry))
			return false;
		if (u8(entry, 0) == ENTRY_ACPI_HID)
			draft->out->acpi_hid++;
		else if (u8(entry, 0) == ENTRY_SPECIAL &&
			 !special(draft, entry))
			return false;
	}
	return true;
}

static bool hardware(struct ivrs_draft *draft, struct piece piece,
		     size_t entries_at)
{
	if (piece.len < entries_at)
		return false;
	return add_number(draft->arena, &draft->bases, u64(piece, 8)) &&
	       device_entries(draft, piece_from(piece, entries_at));
}

static bool memory(struct ivrs_draft *draft, struct piece piece)
{
	struct ivrs *out = draft->out;

	if (piece.len < 32)
		return false;
	draft->ivmds = arena_grow(draft->arena, draft->ivmds, out->ivmd_count,
				  &draft->ivmd_room, sizeof *draft->ivmds);
	draft->ivmds[out->ivmd_count++] = (struct ivmd){
		.type = u8(piece, 0),
		.flags = u8(piece, 1),
		.devid = u16(piece, 4),
		.last = u16(piece, 6),
		.start = u64(piece, 16),
		.length = u64(piece, 24),
	};
	return true;
}

static bool ivrs_block(struct ivrs_draft *draft, struct piece piece)
{
	switch (u8(piece, 0)) {
	case 0x10:
		draft->out->ivhd10++;
		return hardware(draft, piece, 24);
	case 0x11:
		draft->out->ivhd11++;
		return hardware(draft, piece, 40);
	case 0x40:
		draft->out->ivhd40++;
		return hardware(draft, piece, 40);
	case 0x20:
	case 0x21:
	case 0x22:
		return memory(draft, piece);
	default:
		return true;
	}
}

void ivrs_decode(struct arena *arena, const uint8_t *bytes, size_t len,
		 struct ivrs *out)
{
	struct ivrs_draft draft = { .arena = arena, .out = out };
	struct piece table = { bytes, len }, piece;

	*out = (struct ivrs){0};
	out->known = open_table(&table, "IVRS", "IVRS");
	if (out->known == MALFORMED || table.len < STRUCTURES_AT)
		return;
	out->ivinfo = u32(table, HEADER_BYTES);
	out->whole = out->known == KNOWN;
	struct piece rest = piece_from(table, STRUCTURES_AT);
	while (rest.len) {
		if (!cut(&rest, u16(rest, 2), 4, &piece)) {
			out->whole = false;
			break;
		}
		if (!ivrs_block(&draft, piece))
			out->whole = false;
	}
	out->ivmds = draft.ivmds;
	out->mmio_bases = draft.bases.items;
	out->mmio_count = (unsigned)draft.bases.count;
	out->ioapics = (unsigned)draft.ioapics.count;
	out->hpets = (unsigned)draft.hpets.count;
}

static void viot_node(struct viot *out, uint8_t type)
{
	out->nodes++;
	if (type == 1)
		out->pci_ranges++;
	else if (type == 3)
		out->virtio_pci++;
	else if (type == 4)
		out->virtio_mmio++;
}

void viot_decode(struct arena *arena, const uint8_t *bytes, size_t len,
		 struct viot *out)
{
	struct piece table = { bytes, len }, piece;

	(void)arena;
	*out = (struct viot){0};
	out->known = open_table(&table, "VIOT", "VIOT");
	if (out->known == MALFORMED || table.len < STRUCTURES_AT)
		return;
	uint16_t told = u16(table, HEADER_BYTES);
	uint16_t offset = u16(table, HEADER_BYTES + 2);
	out->whole = out->known == KNOWN && offset >= STRUCTURES_AT &&
		     offset <= table.len;
	struct piece rest = piece_from(table, offset);
	while (rest.len && cut(&rest, u16(rest, 2), 4, &piece))
		viot_node(out, u8(piece, 0));
	if (rest.len || out->nodes != told)
		out->whole = false;
}
