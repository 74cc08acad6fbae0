// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What VFIO told: a record of a stranger, and a stranger's bytes in the place
 * of each of the kernel's structures.
 */
#include "fuzz.h"

#include <string.h>

#include "base/buf.h"
#include "decode/guest.h"
#include "decode/vfio.h"

static void check_caps(const struct grant_caps *caps)
{
	FUZZ_CHECK(caps->count <= 64);
	for (unsigned i = 0; i < caps->count; i++)
		for (unsigned s = 0; s < caps->items[i].span_count; s++)
			FUZZ_CHECK(caps->items[i].spans[s].a |
				   ~caps->items[i].spans[s].a);
}

static void look(const char *record, size_t len)
{
	struct arena arena = {0};
	struct grant grant;

	if (vfio_decode(record, len, &arena, &grant)) {
		FUZZ_CHECK(grant.whole || grant_stage_word((int)grant.stage));
		check_caps(&grant.caps);
		check_caps(&grant.iommu_caps);
		for (unsigned i = 0; i < grant.region_count; i++)
			check_caps(&grant.regions[i].caps);
		FUZZ_CHECK(grant.victim_count * 8u <= len);
	}
	arena_free(&arena);
}

static void look_at(const char *word, const uint8_t *bytes, size_t len)
{
	struct buf record = {0};

	buf_printf(&record, "api group\n%s 0 0 ", word);
	for (size_t i = 0; i < len; i++)
		buf_printf(&record, "%02x", bytes[i]);
	buf_puts(&record, "\nend 0 0\n");
	look(buf_str(&record), record.len);
	buf_free(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const words[] = {
		"info", "region", "irq", "hot-reset", "iommu",
	};
	struct arena arena = {0};

	look((const char *)bytes, len);
	for (size_t i = 0; i < sizeof words / sizeof *words && len < 65536;
	     i++)
		look_at(words[i], bytes, len);
	FUZZ_CHECK(fuzz_is_safe(guest_name((const char *)bytes, len,
					   &arena)));
	arena_free(&arena);
	return 0;
}
