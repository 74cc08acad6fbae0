// SPDX-License-Identifier: GPL-2.0-or-later
/* Records of what VFIO granted: whole ones, and those that a kernel should
 * not make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "decode/vfio.h"
#include "model/system.h"
#include "model/vfio_abi.h"

/* A record under construction, and what was made of it. */
struct record {
	struct buf text;
	struct arena arena;
	struct grant grant;
};

static void begin(struct record *record, const char *api)
{
	*record = (struct record){0};
	buf_printf(&record->text, "api %s\n", api);
}

/* One line with @count numbers of 32 bits in the machine's byte order. */
static void line(struct record *record, const char *word, unsigned index,
		 const uint32_t *words, size_t count)
{
	const uint8_t *bytes = (const uint8_t *)words;

	buf_printf(&record->text, "%s %u 0 ", word, index);
	for (size_t i = 0; i < count * 4; i++)
		buf_printf(&record->text, "%02x", bytes[i]);
	buf_putc(&record->text, '\n');
}

#define LINE(record, word, index, ...) \
	line(record, word, index, (const uint32_t[]){ __VA_ARGS__ }, \
	     sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static bool decode(struct record *record)
{
	return vfio_decode(buf_str(&record->text), record->text.len,
			   &record->arena, &record->grant);
}

static const struct grant *end(struct record *record)
{
	buf_puts(&record->text, "end 0 0\n");
	assert_true(decode(record));
	return &record->grant;
}

static void drop(struct record *record)
{
	buf_free(&record->text);
	arena_free(&record->arena);
}

/* id 16, version 16 as they lie in one number of the machine. */
static uint32_t head(uint16_t id, uint16_t version)
{
	const uint16_t both[2] = { id, version };
	uint32_t value;

	memcpy(&value, both, sizeof value);
	return value;
}

/* The low and the high half of 64 bits, as they lie. */
static uint32_t half(uint64_t value, unsigned which)
{
	uint32_t halves[2];

	memcpy(halves, &value, sizeof halves);
	return halves[which];
}

#define WIDE(value) half(value, 0), half(value, 1)

static void an_old_kernels_device_has_sixteen_bytes(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	/* It says 24, since that was asked with, and fills 16. */
	LINE(&record, "info", 0, 24, 3, 9, 5, 0, 0);
	const struct grant *grant = end(&record);
	assert_int_equal(grant->info_known, KNOWN);
	assert_int_equal(grant->flags, 3);
	assert_int_equal(grant->regions_told, 9);
	assert_int_equal(grant->irqs_told, 5);
	assert_int_equal(grant->caps.known, ABSENT);
	drop(&record);
}

static void a_newer_kernels_bytes_are_passed_over(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "cdev");
	LINE(&record, "info", 0, 40, 3, 9, 5, 0, 0, 77, 78, 79, 80);
	LINE(&record, "irq", 2, 24, 9, 2, 16, 1, 1);
	const struct grant *grant = end(&record);
	assert_int_equal(grant->api, GRANT_CDEV);
	assert_int_equal(grant->info_known, KNOWN);
	assert_int_equal(grant->irqs[0].count, 16);
	assert_int_equal(grant->irqs[0].flags, 9);
	drop(&record);
}

static void what_argsz_does_not_cover_is_not_believed(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	LINE(&record, "info", 0, 12, 3, 9, 5);
	LINE(&record, "region", 0, 24, 7, 0, 0, WIDE(4096), WIDE(0));
	LINE(&record, "irq", 1, 0, 9, 1, 16);
	const struct grant *grant = end(&record);
	assert_int_equal(grant->info_known, SHORT);
	assert_int_equal(grant->regions[0].known, SHORT);
	assert_int_equal(grant->regions[0].size, 0);
	assert_int_equal(grant->irqs[0].known, SHORT);
	drop(&record);
}

static void a_region_has_its_areas_and_its_type(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	LINE(&record, "region", 9, 32 + 48 + 16 + 8, 15, 9, 32, WIDE(8192),
	     WIDE(9ull << 40),
	     head(1, 1), 80, 2, 0, WIDE(0), WIDE(4096), WIDE(6144), WIDE(2048),
	     head(2, 1), 96, 0x80008086, 1,
	     head(3, 1), 0);
	const struct grant_region *region = &end(&record)->regions[0];
	assert_int_equal(region->index, 9);
	assert_int_equal(region->size, 8192);
	assert_true(region->offset == 9ull << 40);
	assert_int_equal(region->caps.known, KNOWN);
	assert_int_equal(region->caps.count, 3);
	assert_int_equal(region->caps.items[0].span_count, 2);
	assert_int_equal(region->caps.items[0].spans[1].a, 6144);
	assert_int_equal(region->caps.items[0].spans[1].b, 2048);
	assert_int_equal(region->caps.items[1].value[0], 0x80008086);
	assert_int_equal(region->caps.items[1].value[1], 1);
	assert_int_equal(region->caps.items[2].id, 3);
	assert_int_equal(region->caps.items[2].known, KNOWN);
	drop(&record);
}

static void a_chain_that_comes_back_is_walked_once(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	LINE(&record, "region", 0, 48, 15, 0, 32, WIDE(4096), WIDE(0),
	     head(3, 1), 40, head(3, 1), 32);
	LINE(&record, "region", 1, 48, 15, 1, 32, WIDE(4096), WIDE(0),
	     head(3, 1), 32, 0, 0);
	const struct grant *grant = end(&record);
	assert_int_equal(grant->regions[0].caps.known, MALFORMED);
	assert_int_equal(grant->regions[0].caps.count, 2);
	assert_int_equal(grant->regions[1].caps.known, MALFORMED);
	assert_int_equal(grant->regions[1].caps.count, 1);
	/* What is beside the chain stands. */
	assert_int_equal(grant->regions[1].size, 4096);
	drop(&record);
}

static void a_chain_that_leaves_its_structure_is_short(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	LINE(&record, "region", 0, 40, 15, 0, 32, WIDE(4096), WIDE(0),
	     head(3, 1), 4000);
	/* It has a chain, but there was no room for it. */
	LINE(&record, "region", 1, 32, 15, 1, 0, WIDE(4096), WIDE(0));
	/* Its header would begin in the last bytes. */
	LINE(&record, "region", 2, 36, 15, 2, 32, WIDE(4096), WIDE(0),
	     head(3, 1));
	/* More areas are told than there are. */
	LINE(&record, "region", 3, 64, 15, 3, 32, WIDE(4096), WIDE(0),
	     head(1, 1), 0, 0xffffffff, 0, WIDE(0), WIDE(512));
	const struct grant *grant = end(&record);
	assert_int_equal(grant->regions[0].caps.known, SHORT);
	assert_int_equal(grant->regions[0].caps.count, 1);
	assert_int_equal(grant->regions[1].caps.known, SHORT);
	assert_int_equal(grant->regions[1].caps.count, 0);
	assert_int_equal(grant->regions[2].caps.known, SHORT);
	assert_int_equal(grant->regions[2].caps.count, 0);
	assert_int_equal(grant->regions[3].caps.items[0].known, SHORT);
	assert_int_equal(grant->regions[3].caps.items[0].span_count, 1);
	drop(&record);
}

static void a_chain_may_not_begin_in_the_structure_itself(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	LINE(&record, "region", 0, 40, 15, 0, 8, WIDE(4096), WIDE(0), 0, 0);
	assert_int_equal(end(&record)->regions[0].caps.known, MALFORMED);
	drop(&record);
}

static void a_long_chain_ends_somewhere(void **state)
{
	uint32_t words[8 + 2 * 100] = {
		sizeof words, 15, 0, 32, WIDE(4096), WIDE(0),
	};
	struct record record;

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		words[8 + 2 * i] = head(99, 1);
		words[9 + 2 * i] = i == 99 ? 0 : 32 + 8 * (i + 1);
	}
	begin(&record, "group");
	line(&record, "region", 0, words, 8 + 2 * 100);
	const struct grant_caps *caps = &end(&record)->regions[0].caps;
	assert_int_equal(caps->known, SHORT);
	assert_int_equal(caps->count, 64);
	assert_int_equal(caps->items[63].known, UNREAD);
	drop(&record);
}

static void the_iommu_tells_ranges_and_what_is_left(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	buf_puts(&record.text, "iommu-kind 3 0\n");
	LINE(&record, "iommu", 0, 24 + 32 + 12, 3, WIDE(0x40201000), 24, 0,
	     head(1, 1), 56, 1, 0, WIDE(0), WIDE(0xfedfffff),
	     head(3, 1), 0, 65535);
	const struct grant *grant = end(&record);
	assert_int_equal(grant->iommu_kind, ABI_TYPE1_V2);
	assert_true(grant->page_sizes == 0x40201000);
	assert_int_equal(grant->iommu_caps.count, 2);
	assert_true(grant->iommu_caps.items[0].spans[0].b == 0xfedfffff);
	assert_int_equal(grant->iommu_caps.items[1].value[0], 65535);
	drop(&record);
}

static void migration_has_padding_before_its_numbers(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	LINE(&record, "iommu", 0, 24 + 32, 3, WIDE(4096), 24, 0,
	     head(2, 1), 0, 0, 0, WIDE(4096), WIDE(1 << 28));
	const struct grant_cap *cap = end(&record)->iommu_caps.items;
	assert_int_equal(cap->known, KNOWN);
	assert_int_equal(cap->value[0], 4096);
	assert_int_equal(cap->value[1], 1 << 28);
	drop(&record);
}

static void an_iommu_of_before_chains_has_sizes_only(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	LINE(&record, "iommu", 0, 24, 1, WIDE(4096), 0, 0);
	const struct grant *grant = end(&record);
	assert_true(grant->page_sizes == 4096);
	assert_int_equal(grant->iommu_caps.known, ABSENT);
	drop(&record);
}

static void a_hot_reset_names_what_it_takes_along(void **state)
{
	struct record record;
	const uint8_t place[4] = { 0, 0, 1, 0x09 };
	uint32_t where;

	(void)state;
	memcpy(&where, place, sizeof where);
	begin(&record, "group");
	LINE(&record, "hot-reset", 0, 28, 0, 2, 13, where, 14, where);
	const struct grant *grant = end(&record);
	assert_int_equal(grant->reset_known, KNOWN);
	assert_int_equal(grant->victim_count, 2);
	assert_int_equal(grant->victims[1].id, 14);
	assert_int_equal(grant->victims[1].bus, 1);
	assert_int_equal(grant->victims[1].devfn, 9);
	drop(&record);
	begin(&record, "group");
	LINE(&record, "hot-reset", 0, 20, 0, 4000000, 13, where);
	grant = end(&record);
	assert_int_equal(grant->reset_known, SHORT);
	assert_int_equal(grant->victim_count, 1);
	drop(&record);
	begin(&record, "group");
	buf_printf(&record.text, "hot-reset 0 %d\n", ENODEV);
	assert_int_equal(end(&record)->reset_known, ABSENT);
	drop(&record);
}

static void features_are_kept_by_number(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	buf_puts(&record.text, "feature 10 0\nfeature-set 10 0\n"
			       "feature-get 10 22\nfeature 31 0\n"
			       "feature 200 0\n");
	const struct grant *grant = end(&record);
	assert_int_equal(grant->features[10], GRANT_PROBED | GRANT_SET);
	assert_int_equal(grant->features[31], GRANT_PROBED);
	assert_int_equal(grant->features[0], 0);
	drop(&record);
}

static void a_stop_says_where_and_why(void **state)
{
	struct record record;

	(void)state;
	begin(&record, "group");
	buf_printf(&record.text, "stop-open-group 0 %d\n", EBUSY);
	assert_true(decode(&record));
	assert_false(record.grant.whole);
	assert_int_equal(record.grant.stage, GRANT_OPEN_GROUP);
	assert_int_equal(record.grant.errnum, EBUSY);
	drop(&record);
}

static void what_is_no_record_is_none(void **state)
{
	static const char *const bad[] = {
		"", "api\n", "api group", "api groups\nend 0 0\n",
		"api group\n", "api group\nend\n", "api group\nend 0 x\n",
		"api group\nwhat 0 0\nend 0 0\n",
		"api group\ninfo 0 0 0\nend 0 0\n",
		"api group\ninfo 0 0 zz\nend 0 0\n",
		"api group\nstop-nowhere 0 0\n",
		"api group\ninfo 0 99999\nend 0 0\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena arena = {0};
		struct grant grant;
		assert_false(vfio_decode(bad[i], strlen(bad[i]), &arena,
					 &grant));
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_old_kernels_device_has_sixteen_bytes),
		cmocka_unit_test(a_newer_kernels_bytes_are_passed_over),
		cmocka_unit_test(what_argsz_does_not_cover_is_not_believed),
		cmocka_unit_test(a_region_has_its_areas_and_its_type),
		cmocka_unit_test(a_chain_that_comes_back_is_walked_once),
		cmocka_unit_test(a_chain_that_leaves_its_structure_is_short),
		cmocka_unit_test(
			a_chain_may_not_begin_in_the_structure_itself),
		cmocka_unit_test(a_long_chain_ends_somewhere),
		cmocka_unit_test(the_iommu_tells_ranges_and_what_is_left),
		cmocka_unit_test(migration_has_padding_before_its_numbers),
		cmocka_unit_test(an_iommu_of_before_chains_has_sizes_only),
		cmocka_unit_test(a_hot_reset_names_what_it_takes_along),
		cmocka_unit_test(features_are_kept_by_number),
		cmocka_unit_test(a_stop_says_where_and_why),
		cmocka_unit_test(what_is_no_record_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
