// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's structures of VFIO, taken apart.  Asking for them is
 * vfiotop-apply's; what they mean for a person is the view's.
 */
#include "decode/vfio.h"

#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "model/system.h"
#include "model/vfio_abi.h"

enum { CAPS_MOST = 64, SPANS_MOST = 1024, VICTIMS_MOST = 4096,
       REGIONS_MOST = 256, FIELDS = 4 };

/* A structure of the kernel: as many bytes as both sides vouch for. */
struct piece {
	const uint8_t *bytes;
	size_t len;
};

static uint16_t host16(const struct piece *piece, size_t at)
{
	uint16_t value = 0;

	if (at <= piece->len && piece->len - at >= sizeof value)
		memcpy(&value, piece->bytes + at, sizeof value);
	return value;
}

static uint32_t host32(const struct piece *piece, size_t at)
{
	uint32_t value = 0;

	if (at <= piece->len && piece->len - at >= sizeof value)
		memcpy(&value, piece->bytes + at, sizeof value);
	return value;
}

static uint64_t host64(const struct piece *piece, size_t at)
{
	uint64_t value = 0;

	if (at <= piece->len && piece->len - at >= sizeof value)
		memcpy(&value, piece->bytes + at, sizeof value);
	return value;
}

/* --- chains --- */

/* What follows the header: pairs of 64 bits, their number before them. */
static void take_spans(const struct piece *piece, size_t at,
		       struct arena *arena, struct grant_cap *cap)
{
	uint32_t told = host32(piece, at + 8);
	size_t fit = piece->len > at + 16 ? (piece->len - at - 16) / 16 : 0;
	uint32_t count = told;

	if (count > fit)
		count = (uint32_t)fit;
	if (count > SPANS_MOST)
		count = SPANS_MOST;
	struct grant_span *spans = arena_array(arena, count + 1u,
					       sizeof *spans);
	for (uint32_t i = 0; i < count; i++) {
		spans[i].a = host64(piece, at + 16 + 16u * i);
		spans[i].b = host64(piece, at + 24 + 16u * i);
	}
	cap->spans = spans;
	cap->span_count = count;
	cap->known = count == told && piece->len >= at + 16 ? KNOWN : SHORT;
}

typedef void take_fn(const struct piece *piece, size_t at,
		     struct arena *arena, struct grant_cap *cap);

static void know(const struct piece *piece, size_t end, struct grant_cap *cap)
{
	cap->known = piece->len >= end ? KNOWN : SHORT;
}

static void take_type(const struct piece *piece, size_t at,
		      struct arena *arena, struct grant_cap *cap)
{
	(void)arena;
	cap->value[0] = host32(piece, at + 8);
	cap->value[1] = host32(piece, at + 12);
	know(piece, at + 16, cap);
}

/* It says something by being there. */
static void take_nothing(const struct piece *piece, size_t at,
			 struct arena *arena, struct grant_cap *cap)
{
	(void)arena;
	know(piece, at + ABI_CAP_BYTES, cap);
}

static void take_number(const struct piece *piece, size_t at,
			struct arena *arena, struct grant_cap *cap)
{
	(void)arena;
	cap->value[0] = host32(piece, at + 8);
	know(piece, at + 12, cap);
}

/* flags, four bytes of padding, page sizes, largest bitmap. */
static void take_migration(const struct piece *piece, size_t at,
			   struct arena *arena, struct grant_cap *cap)
{
	(void)arena;
	cap->value[0] = host64(piece, at + 16);
	cap->value[1] = host64(piece, at + 24);
	know(piece, at + 32, cap);
}

/* A target address, or a speed: NVLink's second generation. */
static void take_nvlink(const struct piece *piece, size_t at,
			struct arena *arena, struct grant_cap *cap)
{
	(void)arena;
	if (cap->id == 4)
		cap->value[0] = host64(piece, at + 8);
	else
		cap->value[0] = host32(piece, at + 8);
	know(piece, at + (cap->id == 4 ? 16 : 12), cap);
}

static take_fn *const of_region[] = {
	[1] = take_spans, [2] = take_type, [3] = take_nothing,
	[4] = take_nvlink, [5] = take_nvlink,
};
static take_fn *const of_device[] = { [5] = take_number };
static take_fn *const of_iommu[] = {
	[1] = take_spans, [2] = take_migration, [3] = take_number,
};

#define KINDS(table) table, sizeof (table) / sizeof *(table)

/* Follow the chain that begins at @at.  The kernel writes them in order, but
 * does not promise it: so a place may be met before one that lies behind,
 * but none is met twice. */
static void walk(const struct piece *piece, size_t at, take_fn *const *kinds,
		 size_t kind_count, struct arena *arena,
		 struct grant_caps *out)
{
	struct grant_cap *caps = arena_array(arena, CAPS_MOST, sizeof *caps);
	size_t seen[CAPS_MOST];

	out->items = caps;
	out->known = KNOWN;
	while (at) {
		if (at > piece->len || piece->len - at < ABI_CAP_BYTES) {
			out->known = SHORT;
			return;
		}
		for (unsigned i = 0; i < out->count; i++)
			if (seen[i] == at)
				out->known = MALFORMED;
		if (out->known != KNOWN)
			return;
		if (out->count == CAPS_MOST) {
			out->known = SHORT;
			return;
		}
		struct grant_cap *cap = &caps[out->count];
		seen[out->count++] = at;
		cap->id = host16(piece, at);
		cap->version = host16(piece, at + 2);
		if (cap->id < kind_count && kinds[cap->id])
			kinds[cap->id](piece, at, arena, cap);
		at = host32(piece, at + 4);
	}
}

/* The chain of a structure whose place is told at @field, if @has. */
static void take_caps(const struct piece *piece, bool has, size_t field,
		      take_fn *const *kinds, size_t kind_count,
		      struct arena *arena, struct grant_caps *out)
{
	*out = (struct grant_caps){ .known = ABSENT };
	if (!has)
		return;
	size_t at = host32(piece, field);
	/* It has some, but they did not come. */
	if (!at)
		out->known = SHORT;
	else if (at < field + 4)
		out->known = MALFORMED;
	else
		walk(piece, at, kinds, kind_count, arena, out);
}

/* --- structures --- */

/* What is collected while the lines are read. */
struct taking {
	struct arena *arena;
	struct grant *out;
	struct grant_region *regions;
	struct grant_irq *irqs;
	size_t region_room, irq_room;
	unsigned index;
	int errnum;
};

/* KNOWN when the piece has @least bytes. */
static enum known judge(const struct taking *taking, const struct piece *piece,
			size_t least)
{
	return taking->errnum ? UNREAD : piece->len < least ? SHORT : KNOWN;
}

static void take_info(struct taking *taking, const struct piece *piece)
{
	struct grant *out = taking->out;

	out->info_known = judge(taking, piece, 16);
	if (out->info_known != KNOWN)
		return;
	out->flags = host32(piece, 4);
	out->regions_told = host32(piece, 8);
	out->irqs_told = host32(piece, 12);
	take_caps(piece, out->flags & ABI_DEVICE_HAS_CAPS, 16,
		  KINDS(of_device), taking->arena, &out->caps);
}

static void take_region(struct taking *taking, const struct piece *piece)
{
	struct grant *out = taking->out;

	if (out->region_count == REGIONS_MOST)
		return;
	taking->regions = arena_grow(taking->arena, taking->regions,
				     out->region_count, &taking->region_room,
				     sizeof *taking->regions);
	out->regions = taking->regions;
	struct grant_region *region = &taking->regions[out->region_count++];
	*region = (struct grant_region){
		.index = taking->index, .errnum = taking->errnum,
		.known = judge(taking, piece, ABI_REGION_INFO_BYTES),
		.caps = { .known = ABSENT },
	};
	if (region->known != KNOWN)
		return;
	region->flags = host32(piece, 4);
	region->size = host64(piece, 16);
	region->offset = host64(piece, 24);
	take_caps(piece, region->flags & ABI_REGION_HAS_CAPS, 12,
		  KINDS(of_region), taking->arena, &region->caps);
}

static void take_irq(struct taking *taking, const struct piece *piece)
{
	struct grant *out = taking->out;

	if (out->irq_count == REGIONS_MOST)
		return;
	taking->irqs = arena_grow(taking->arena, taking->irqs, out->irq_count,
				  &taking->irq_room, sizeof *taking->irqs);
	out->irqs = taking->irqs;
	struct grant_irq *irq = &taking->irqs[out->irq_count++];
	*irq = (struct grant_irq){
		.index = taking->index, .errnum = taking->errnum,
		.known = judge(taking, piece, ABI_IRQ_INFO_BYTES),
	};
	if (irq->known != KNOWN)
		return;
	irq->flags = host32(piece, 4);
	irq->count = host32(piece, 12);
}

static void take_hot_reset(struct taking *taking, const struct piece *piece)
{
	struct grant *out = taking->out;
	uint32_t told = host32(piece, 8), count = told;

	out->reset_errnum = taking->errnum;
	out->reset_known = taking->errnum == ENODEV ? ABSENT :
		judge(taking, piece, ABI_HOT_RESET_BYTES);
	if (out->reset_known != KNOWN)
		return;
	size_t fit = (piece->len - ABI_HOT_RESET_BYTES) / ABI_HOT_RESET_ENTRY;
	if (count > fit)
		count = (uint32_t)fit;
	if (count > VICTIMS_MOST)
		count = VICTIMS_MOST;
	if (count < told)
		out->reset_known = SHORT;
	struct grant_victim *victims = arena_array(taking->arena, count + 1u,
						   sizeof *victims);
	for (uint32_t i = 0; i < count; i++) {
		size_t at = ABI_HOT_RESET_BYTES +
			    (size_t)i * ABI_HOT_RESET_ENTRY;
		victims[i] = (struct grant_victim){
			.id = host32(piece, at),
			.segment = host16(piece, at + 4),
			.bus = piece->bytes[at + 6],
			.devfn = piece->bytes[at + 7],
		};
	}
	out->reset_flags = host32(piece, 4);
	out->victims = victims;
	out->victim_count = count;
}

static void take_iommu(struct taking *taking, const struct piece *piece)
{
	struct grant *out = taking->out;

	out->iommu_errnum = taking->errnum;
	out->iommu_known = judge(taking, piece, 16);
	if (out->iommu_known != KNOWN)
		return;
	out->iommu_flags = host32(piece, 4);
	if (out->iommu_flags & ABI_IOMMU_HAS_SIZES)
		out->page_sizes = host64(piece, 8);
	take_caps(piece, out->iommu_flags & ABI_IOMMU_HAS_CAPS, 16,
		  KINDS(of_iommu), taking->arena, &out->iommu_caps);
}

static void take_feature(struct taking *taking, uint8_t bit)
{
	if (!taking->errnum &&
	    taking->index < sizeof taking->out->features)
		taking->out->features[taking->index] |= bit;
}

static void take_probed(struct taking *taking, const struct piece *piece)
{
	(void)piece;
	take_feature(taking, GRANT_PROBED);
}

static void take_getter(struct taking *taking, const struct piece *piece)
{
	(void)piece;
	take_feature(taking, GRANT_GET);
}

static void take_setter(struct taking *taking, const struct piece *piece)
{
	(void)piece;
	take_feature(taking, GRANT_SET);
}

static void take_kind(struct taking *taking, const struct piece *piece)
{
	(void)piece;
	taking->out->iommu_kind = (int)(taking->index & 0xffff);
}

static void take_attach(struct taking *taking, const struct piece *piece)
{
	(void)piece;
	taking->out->attach_errnum = taking->errnum;
}

static void take_end(struct taking *taking, const struct piece *piece)
{
	(void)piece;
	taking->out->whole = true;
}

static const struct {
	const char *word;
	void (*take)(struct taking *taking, const struct piece *piece);
} takers[] = {
	{ "info", take_info }, { "region", take_region }, { "irq", take_irq },
	{ "hot-reset", take_hot_reset }, { "iommu", take_iommu },
	{ "feature", take_probed }, { "feature-get", take_getter },
	{ "feature-set", take_setter }, { "iommu-kind", take_kind },
	{ "attach", take_attach }, { "end", take_end },
};

/* --- lines --- */

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes from hexadecimal digits, as many as argsz says at most. */
static bool take_hex(const char *text, struct arena *arena,
		     struct piece *piece)
{
	size_t digits = strlen(text);
	uint8_t *bytes = arena_alloc(arena, digits / 2 + 1);

	if (digits % 2)
		return false;
	for (size_t i = 0; i < digits / 2; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	*piece = (struct piece){ bytes, digits / 2 };
	if (piece->len >= 4 && host32(piece, 0) < piece->len)
		piece->len = host32(piece, 0);
	return true;
}

static bool take_stop(struct taking *taking, const char *word)
{
	for (int stage = 0; grant_stage_word(stage); stage++)
		if (strcmp(grant_stage_word(stage), word) == 0) {
			taking->out->stage = (enum grant_stage)stage;
			taking->out->errnum = taking->errnum;
			return true;
		}
	return false;
}

/* The words of a line, in place. */
static unsigned split(char *line, char *fields[static FIELDS])
{
	unsigned count = 0;

	for (char *at = line; *at && count < FIELDS;) {
		fields[count++] = at;
		at += strcspn(at, " ");
		if (*at)
			*at++ = '\0';
	}
	return count;
}

static bool take_line(struct taking *taking, const char *bytes, size_t len)
{
	char *line = arena_copy(taking->arena, bytes, len);
	char *fields[FIELDS] = { NULL };
	uint64_t index, errnum;
	struct piece piece = {0};

	unsigned count = split(line, fields);
	if (count < 3 || !num_parse(fields[1], 10, &index) ||
	    !num_parse(fields[2], 10, &errnum) || index > UINT16_MAX ||
	    errnum > 4095)
		return false;
	taking->index = (unsigned)index;
	taking->errnum = (int)errnum;
	if (count == 4 && !take_hex(fields[3], taking->arena, &piece))
		return false;
	if (text_starts(fields[0], "stop-"))
		return take_stop(taking, fields[0] + strlen("stop-"));
	for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
		if (strcmp(fields[0], takers[i].word) == 0) {
			takers[i].take(taking, &piece);
			return true;
		}
	return false;
}

bool vfio_decode(const char *record, size_t len, struct arena *arena,
		 struct grant *out)
{
	struct taking taking = { .arena = arena, .out = out };
	const char *at = record, *end = record + len, *line;
	bool good = true;
	size_t width;

	*out = (struct grant){
		.iommu_kind = NONE, .stage = GRANT_STAGES,
		.caps = { .known = ABSENT }, .iommu_caps = { .known = ABSENT },
	};
	if (!len || !text_line(&at, end, &line, &width))
		return false;
	if (width == 8 && memcmp(line, "api cdev", 8) == 0)
		out->api = GRANT_CDEV;
	else if (width != 9 || memcmp(line, "api group", 9) != 0)
		return false;
	while (good && text_line(&at, end, &line, &width))
		good = take_line(&taking, line, width);
	return good && (out->whole || out->stage != GRANT_STAGES);
}
