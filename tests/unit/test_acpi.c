// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "decode/acpi.h"

/* The header of a table of fewer than 256 bytes; checksums are not looked
 * at, for firmware has them wrong and the kernel goes on. */
#define HEADER(a, b, c, d, length) \
	a, b, c, d, length, 0, 0, 0, 1, 0, \
	'V', 'F', 'I', 'O', 'T', 'P', 'T', 'E', 'S', 'T', 'T', 'A', 'B', 'L', \
	1, 0, 0, 0, 'T', 'E', 'S', 'T', 1, 0, 0, 0
#define ZEROS8 0, 0, 0, 0, 0, 0, 0, 0

enum {
	DMAR_FLAGS = 37, UNIT_AT = 48, REGION_AT = 80, ATSR_AT = 112,
	RHSA_AT = 120, ANDD_AT = 140, SATC_AT = 160, SIDP_AT = 168,
	DMAR_BYTES = 176,
};

static const uint8_t dmar_table[] = {
	HEADER('D', 'M', 'A', 'R', DMAR_BYTES),
	38, 0x03, ZEROS8, 0, 0,
	/* DRHD, all of segment 2, with a bridge's child and an IOAPIC */
	0, 0, 32, 0, 1, 0, 2, 0, 0, 0x10, 0xd9, 0xfe, 0, 0, 0, 0,
	1, 8, 0, 0, 9, 0, 0x1c, 4,
	3, 8, 0, 0, 2, 0xf0, 0x1f, 7,
	/* RMRR 4b000000 to 4f7fffff for 00:02.0 */
	1, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0x4b, 0, 0, 0, 0,
	0xff, 0xff, 0x7f, 0x4f, 0, 0, 0, 0,
	1, 8, 0, 0, 0, 0, 2, 0,
	/* ATSR, RHSA, ANDD with a name, SATC, SIDP */
	2, 0, 8, 0, 1, 0, 0, 0,
	3, 0, 20, 0, 0, 0, 0, 0, 0, 0x10, 0xd9, 0xfe, 0, 0, 0, 0, 1, 0, 0, 0,
	4, 0, 20, 0, 0, 0, 0, 1, '\\', '_', 'S', 'B', '.', 'I', '2', 'C', '0',
	0, 0, 0,
	5, 0, 8, 0, 1, 0, 0, 0,
	6, 0, 8, 0, 0, 0, 0, 0,
};
_Static_assert(sizeof dmar_table == DMAR_BYTES, "the table is counted right");

/* Decode the first @len bytes of a copy in which the byte at @at is @value. */
static struct dmar spoiled(struct arena *arena, size_t len, size_t at,
			   uint8_t value)
{
	uint8_t bytes[DMAR_BYTES];
	struct dmar dmar;

	memcpy(bytes, dmar_table, sizeof bytes);
	bytes[at] = value;
	dmar_decode(arena, bytes, len, &dmar);
	return dmar;
}

static void dmar_flags_and_counts_are_read(void **state)
{
	struct arena arena = {0};
	struct dmar dmar;

	(void)state;
	dmar_decode(&arena, dmar_table, sizeof dmar_table, &dmar);
	assert_int_equal(dmar.known, KNOWN);
	assert_true(dmar.whole);
	assert_int_equal(dmar.address_width, 39);
	assert_true(dmar.intr_remap && dmar.x2apic_optout);
	assert_false(dmar.platform_optin || dmar.remap_optout);
	assert_int_equal(dmar.atsr, 1);
	assert_int_equal(dmar.rhsa, 1);
	assert_int_equal(dmar.andd, 1);
	assert_int_equal(dmar.satc, 1);
	assert_int_equal(dmar.sidp, 1);
	dmar = spoiled(&arena, sizeof dmar_table, DMAR_FLAGS, 0x0c);
	assert_false(dmar.intr_remap || dmar.x2apic_optout);
	assert_true(dmar.platform_optin && dmar.remap_optout);
	arena_free(&arena);
}

static void dmar_units_know_their_scopes(void **state)
{
	struct arena arena = {0};
	struct dmar dmar;

	(void)state;
	dmar_decode(&arena, dmar_table, sizeof dmar_table, &dmar);
	assert_int_equal(dmar.unit_count, 1);
	const struct dmar_unit *unit = &dmar.units[0];
	assert_true(unit->base == 0xfed91000 && unit->include_all);
	assert_int_equal(unit->segment, 2);
	assert_int_equal(unit->scope_count, 2);
	assert_int_equal(unit->scopes[0].type, 1);
	assert_int_equal(unit->scopes[0].path_count, 1);
	assert_int_equal(unit->scopes[0].path[0].device, 0x1c);
	assert_int_equal(unit->scopes[0].path[0].function, 4);
	assert_int_equal(unit->scopes[1].type, 3);
	assert_int_equal(unit->scopes[1].id, 2);
	assert_int_equal(unit->scopes[1].start_bus, 0xf0);
	arena_free(&arena);
}

static void dmar_regions_end_at_their_last_byte(void **state)
{
	struct arena arena = {0};
	struct dmar dmar;

	(void)state;
	dmar_decode(&arena, dmar_table, sizeof dmar_table, &dmar);
	assert_int_equal(dmar.region_count, 1);
	assert_true(dmar.regions[0].base == 0x4b000000);
	assert_true(dmar.regions[0].limit == 0x4f7fffff);
	assert_int_equal(dmar.regions[0].scope_count, 1);
	assert_int_equal(dmar.regions[0].scopes[0].path[0].device, 2);
	arena_free(&arena);
}

static void xen_hides_dmar_under_another_name(void **state)
{
	struct arena arena = {0};

	(void)state;
	struct dmar dmar = spoiled(&arena, DMAR_BYTES, 0, 'X');
	assert_int_equal(dmar.known, KNOWN);
	assert_int_equal(dmar.unit_count, 1);
	arena_free(&arena);
}

static void a_cut_dmar_is_short_and_keeps_its_front(void **state)
{
	struct arena arena = {0};

	(void)state;
	struct dmar dmar = spoiled(&arena, ATSR_AT, 0, 'D');
	assert_int_equal(dmar.known, SHORT);
	assert_false(dmar.whole);
	assert_int_equal(dmar.unit_count, 1);
	assert_int_equal(dmar.region_count, 1);
	assert_int_equal(spoiled(&arena, 0, 0, 'D').known, SHORT);
	assert_int_equal(spoiled(&arena, 20, 0, 'D').known, SHORT);
	assert_int_equal(spoiled(&arena, 48, 4, 40).known, MALFORMED);
	arena_free(&arena);
}

static void a_structure_of_no_length_ends_the_walk(void **state)
{
	struct arena arena = {0};

	(void)state;
	struct dmar dmar = spoiled(&arena, DMAR_BYTES, REGION_AT + 2, 0);
	assert_int_equal(dmar.known, KNOWN);
	assert_false(dmar.whole);
	assert_int_equal(dmar.unit_count, 1);
	assert_int_equal(dmar.region_count, 0);
	dmar = spoiled(&arena, DMAR_BYTES, SIDP_AT + 2, 9);
	assert_false(dmar.whole);
	assert_int_equal(dmar.satc, 1);
	assert_int_equal(dmar.sidp, 0);
	arena_free(&arena);
}

static void a_broken_scope_spoils_only_its_list(void **state)
{
	struct arena arena = {0};

	(void)state;
	struct dmar dmar = spoiled(&arena, DMAR_BYTES, UNIT_AT + 16 + 1, 2);
	assert_false(dmar.whole);
	assert_int_equal(dmar.unit_count, 1);
	assert_int_equal(dmar.units[0].scope_count, 0);
	assert_int_equal(dmar.region_count, 1);
	arena_free(&arena);
}

static void unknown_structures_are_skipped(void **state)
{
	struct arena arena = {0};

	(void)state;
	struct dmar dmar = spoiled(&arena, DMAR_BYTES, ANDD_AT, 99);
	assert_true(dmar.whole);
	assert_int_equal(dmar.andd, 0);
	assert_int_equal(dmar.satc, 1);
	arena_free(&arena);
}

enum { IVRS_BYTES = 203, BLOCK10_AT = 48 };

static const uint8_t ivrs_table[] = {
	HEADER('I', 'V', 'R', 'S', IVRS_BYTES),
	0x41, 0x30, 0x20, 0, ZEROS8,
	/* IVHD 10h: all devices, an alias, IOAPIC 33 at 00:14.0, HPET 0 */
	0x10, 0xb0, 52, 0, 2, 0, 0x40, 0, 0, 0, 0xb8, 0xfe, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
	0x01, 0, 0, 0,
	0x42, 0, 1, 0, 0, 0xa5, 0, 0,
	0x48, 0, 0, 0xd7, 33, 0xa0, 0, 1,
	0x48, 0, 0, 0, 0, 0xa0, 0, 2,
	/* IVHD 11h, the same unit: the IOAPIC again, and a named device */
	0x11, 0xb0, 71, 0, 2, 0, 0x40, 0, 0, 0, 0xb8, 0xfe, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, ZEROS8, ZEROS8,
	0x48, 0, 0, 0xd7, 33, 0xa0, 0, 1,
	0xf0, 0xa5, 0x40, 0, 'A', 'M', 'D', 'I', '0', '0', '2', '0', ZEROS8,
	1, 1, '9',
	/* IVMD 22h: unity for 01:00.0 to 01:00.7 */
	0x22, 0x07, 32, 0, 0x00, 0x01, 0x07, 0x01, ZEROS8,
	0, 0x00, 0x10, 0x80, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0,
};
_Static_assert(sizeof ivrs_table == IVRS_BYTES, "the table is counted right");

static void ivrs_blocks_are_counted_once_each(void **state)
{
	struct arena arena = {0};
	struct ivrs ivrs;

	(void)state;
	ivrs_decode(&arena, ivrs_table, sizeof ivrs_table, &ivrs);
	assert_int_equal(ivrs.known, KNOWN);
	assert_true(ivrs.whole);
	assert_int_equal(ivrs.ivinfo, 0x203041);
	assert_int_equal(ivrs.ivhd10, 1);
	assert_int_equal(ivrs.ivhd11, 1);
	assert_int_equal(ivrs.ivhd40, 0);
	assert_int_equal(ivrs.mmio_count, 1);
	assert_true(ivrs.mmio_bases[0] == 0xfeb80000);
	assert_int_equal(ivrs.ioapics, 1);
	assert_int_equal(ivrs.hpets, 1);
	assert_int_equal(ivrs.acpi_hid, 1);
	arena_free(&arena);
}

static void ivrs_memory_names_its_devices(void **state)
{
	struct arena arena = {0};
	struct ivrs ivrs;

	(void)state;
	ivrs_decode(&arena, ivrs_table, sizeof ivrs_table, &ivrs);
	assert_int_equal(ivrs.ivmd_count, 1);
	assert_int_equal(ivrs.ivmds[0].type, 0x22);
	assert_int_equal(ivrs.ivmds[0].flags, 7);
	assert_int_equal(ivrs.ivmds[0].devid, 0x100);
	assert_int_equal(ivrs.ivmds[0].last, 0x107);
	assert_true(ivrs.ivmds[0].start == 0x80100000);
	assert_true(ivrs.ivmds[0].length == 0x2000);
	arena_free(&arena);
}

static void an_entry_of_unknown_length_ends_its_block_only(void **state)
{
	struct arena arena = {0};
	uint8_t bytes[IVRS_BYTES];
	struct ivrs ivrs;

	(void)state;
	memcpy(bytes, ivrs_table, sizeof bytes);
	bytes[BLOCK10_AT + 24 + 4] = 0xf3;
	ivrs_decode(&arena, bytes, sizeof bytes, &ivrs);
	assert_int_equal(ivrs.known, KNOWN);
	assert_false(ivrs.whole);
	assert_int_equal(ivrs.hpets, 0);
	assert_int_equal(ivrs.ioapics, 1);
	assert_int_equal(ivrs.ivmd_count, 1);
	arena_free(&arena);
}

static void no_prefix_of_a_table_is_whole(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t len = 0; len < IVRS_BYTES; len++) {
		struct ivrs ivrs;

		ivrs_decode(&arena, ivrs_table, len, &ivrs);
		assert_int_equal(ivrs.known, SHORT);
		assert_false(ivrs.whole);
	}
	arena_free(&arena);
}

static const uint8_t viot_table[] = {
	HEADER('V', 'I', 'O', 'T', 88),
	2, 0, 48, 0, ZEROS8,
	1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 72, 0, 0, 0,
	0, 0, 0, 0,
	3, 0, 16, 0, 0, 0, 8, 0, ZEROS8,
};

static void viot_counts_its_nodes(void **state)
{
	struct arena arena = {0};
	struct viot viot;

	(void)state;
	assert_int_equal(sizeof viot_table, 88);
	viot_decode(&arena, viot_table, sizeof viot_table, &viot);
	assert_int_equal(viot.known, KNOWN);
	assert_true(viot.whole);
	assert_int_equal(viot.nodes, 2);
	assert_int_equal(viot.pci_ranges, 1);
	assert_int_equal(viot.virtio_pci, 1);
	assert_int_equal(viot.virtio_mmio, 0);
	arena_free(&arena);
}

static void viot_with_a_false_count_is_not_whole(void **state)
{
	struct arena arena = {0};
	uint8_t bytes[sizeof viot_table];
	struct viot viot;

	(void)state;
	memcpy(bytes, viot_table, sizeof bytes);
	bytes[36] = 3;
	viot_decode(&arena, bytes, sizeof bytes, &viot);
	assert_false(viot.whole);
	assert_int_equal(viot.nodes, 2);
	arena_free(&arena);
}

static void one_table_is_not_another(void **state)
{
	struct arena arena = {0};
	struct ivrs ivrs;

	(void)state;
	ivrs_decode(&arena, dmar_table, sizeof dmar_table, &ivrs);
	assert_int_equal(ivrs.known, MALFORMED);
	arena_free(&arena);
}

/* An IORT with one SMMUv3 and two root complexes, one of them unmapped. */
static size_t make_iort(uint8_t out[static 256])
{
	static const struct { size_t at; uint8_t bytes[20]; } parts[] = {
		{ 0, { 'I', 'O', 'R', 'T', 160 } },
		{ 36, { 3, 0, 0, 0, 48 } },
		{ 48, { 4, 32, 0 } },			/* SMMUv3 */
		{ 80, { 2, 44, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 24 } },
		{ 80 + 24 + 12, { 48 } },		/* to the SMMU */
		{ 124, { 2, 36, 0 } },			/* maps nothing */
	};

	memset(out, 0, 256);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		memcpy(out + parts[i].at, parts[i].bytes,
		       sizeof parts[i].bytes > 256 - parts[i].at ?
		       256 - parts[i].at : 13);
	return 160;
}

static void iort_tells_who_is_behind_an_smmu(void **state)
{
	uint8_t bytes[256];
	size_t len = make_iort(bytes);
	struct iort iort;

	(void)state;
	iort_decode(bytes, len, &iort);
	assert_int_equal(iort.known, KNOWN);
	assert_true(iort.whole);
	assert_int_equal(iort.smmus, 1);
	assert_int_equal(iort.root_complexes, 2);
	assert_int_equal(iort.unmapped, 1);
	iort_decode(bytes, 100, &iort);
	assert_int_equal(iort.known, SHORT);
	assert_false(iort.whole);
	bytes[48 + 1] = 2;	/* a node shorter than its own head */
	iort_decode(bytes, len, &iort);
	assert_false(iort.whole);
	assert_int_equal(iort.smmus, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dmar_flags_and_counts_are_read),
		cmocka_unit_test(dmar_units_know_their_scopes),
		cmocka_unit_test(dmar_regions_end_at_their_last_byte),
		cmocka_unit_test(xen_hides_dmar_under_another_name),
		cmocka_unit_test(a_cut_dmar_is_short_and_keeps_its_front),
		cmocka_unit_test(a_structure_of_no_length_ends_the_walk),
		cmocka_unit_test(a_broken_scope_spoils_only_its_list),
		cmocka_unit_test(unknown_structures_are_skipped),
		cmocka_unit_test(ivrs_blocks_are_counted_once_each),
		cmocka_unit_test(ivrs_memory_names_its_devices),
		cmocka_unit_test(an_entry_of_unknown_length_ends_its_block_only),
		cmocka_unit_test(no_prefix_of_a_table_is_whole),
		cmocka_unit_test(viot_counts_its_nodes),
		cmocka_unit_test(viot_with_a_false_count_is_not_whole),
		cmocka_unit_test(one_table_is_not_another),
		cmocka_unit_test(iort_tells_who_is_behind_an_smmu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
