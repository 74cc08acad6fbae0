// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "decode/config.h"

/* Config space made by hand, 4096 bytes. */
struct made {
	uint8_t bytes[4096];
};

static void put16(struct made *made, size_t at, uint16_t value)
{
	made->bytes[at] = (uint8_t)value;
	made->bytes[at + 1] = (uint8_t)(value >> 8);
}

static void put32(struct made *made, size_t at, uint32_t value)
{
	put16(made, at, (uint16_t)value);
	put16(made, at + 2, (uint16_t)(value >> 16));
}

/* Put a capability at @at, leading to @next. */
static void put_cap(struct made *made, uint8_t at, uint8_t id, uint8_t next)
{
	made->bytes[at] = id;
	made->bytes[at + 1] = next;
}

static void put_ecap(struct made *made, uint16_t at, uint16_t id,
		     uint16_t next)
{
	put32(made, at, (uint32_t)next << 20 | 1u << 16 | id);
}

/* An endpoint 10de:2206 with an empty list. */
static void start(struct made *made)
{
	memset(made, 0, sizeof *made);
	put16(made, 0x00, 0x10de);
	put16(made, 0x02, 0x2206);
	put16(made, 0x04, 0x0407);
	put16(made, 0x06, 0x0010);
	put16(made, 0x0a, 0x0300);
	made->bytes[0x0e] = 0x80;
	made->bytes[0x3d] = 1;
}

/* A GPU: PM at 60, MSI at 68, PCIe at 78, extended DSN and ACS. */
static void make_gpu(struct made *made)
{
	start(made);
	made->bytes[0x34] = 0x60;
	put_cap(made, 0x60, 0x01, 0x68);
	put16(made, 0x64, 0x0008);		/* D0, no soft reset */
	put_cap(made, 0x68, 0x05, 0x78);
	put16(made, 0x6a, 0x0081);		/* enabled */
	put_cap(made, 0x78, 0x10, 0);
	put16(made, 0x7a, 0x0012);		/* legacy endpoint, version 2 */
	put32(made, 0x7c, 1u << 28);		/* FLR */
	put32(made, 0x84, 0x0104);		/* 16 GT/s x16 */
	put16(made, 0x8a, 0x1081);		/* 2.5 GT/s x8 */
	put32(made, 0x9c, 0x380);		/* atomics */
	put_ecap(made, 0x100, 0x03, 0x120);
	put32(made, 0x104, 0x01234567);
	put32(made, 0x108, 0x89abcdef);
	put_ecap(made, 0x120, 0x0d, 0x140);
	put16(made, 0x124, 0x005f);
	put16(made, 0x126, 0x001d);
	put32(made, 0x128, 0x12345678);
	put_ecap(made, 0x140, 0x10, 0x180);
	put16(made, 0x14e, 63);
	put16(made, 0x150, 5);
	put_ecap(made, 0x180, 0x15, 0);
}

static struct config decode(const struct made *made, size_t len, size_t size)
{
	struct config config;

	config_decode(made->bytes, len, size, &config);
	return config;
}

static void the_header_is_read(void **state)
{
	struct made made;

	(void)state;
	start(&made);
	struct config config = decode(&made, 4096, 4096);
	assert_int_equal(config.header, KNOWN);
	assert_int_equal(config.bytes, 4096);
	assert_int_equal(config.vendor, 0x10de);
	assert_int_equal(config.device, 0x2206);
	assert_int_equal(config.command, 0x0407);
	assert_int_equal(config.header_type, 0);
	assert_true(config.multifunction);
	assert_int_equal(config.interrupt_pin, 1);
	assert_int_equal(config.secondary, 0);
}

static void a_bridge_has_bus_numbers(void **state)
{
	struct made made;

	(void)state;
	start(&made);
	made.bytes[0x0e] = 0x01;
	memcpy(made.bytes + 0x18, "\x00\x01\x05", 3);
	struct config config = decode(&made, 256, 256);
	assert_int_equal(config.header_type, 1);
	assert_false(config.multifunction);
	assert_int_equal(config.primary, 0);
	assert_int_equal(config.secondary, 1);
	assert_int_equal(config.subordinate, 5);
}

static void capabilities_fill_their_fields(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	struct config config = decode(&made, 4096, 4096);
	assert_int_equal(config.caps, KNOWN);
	assert_true(config.has_pm && config.has_msi && config.has_pcie);
	assert_false(config.has_msix || config.has_af);
	assert_true(config.no_soft_reset);
	assert_int_equal(config.pm_state, 0);
	assert_true(config.msi_enabled);
	assert_int_equal(config.pcie_type, PCIE_LEGACY_ENDPOINT);
	assert_false(config.pcie_slot);
	assert_true(config.flr);
	assert_int_equal(config.link_speed_max, 4);
	assert_int_equal(config.link_width_max, 16);
	assert_int_equal(config.link_speed, 1);
	assert_int_equal(config.link_width, 8);
	assert_int_equal(config.devcap2, 0x380);
	assert_int_equal(config.cap_count, 3);
	assert_int_equal(config.cap_ids[2], 0x10);
}

static void extended_capabilities_fill_theirs(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	struct config config = decode(&made, 4096, 4096);
	assert_int_equal(config.ecaps, KNOWN);
	assert_true(config.has_serial && config.has_acs && config.has_sriov &&
		    config.has_rebar);
	assert_false(config.has_ari || config.has_ats || config.has_pasid ||
		     config.has_dpc);
	assert_true(config.serial == 0x89abcdef01234567);
	assert_int_equal(config.acs_cap, 0x5f);
	assert_int_equal(config.acs_ctrl, 0x1d);
	assert_int_equal(config.acs_ctrl_dword, 0x12345678);
	assert_int_equal(config.sriov_total, 63);
	assert_int_equal(config.sriov_num, 5);
	assert_int_equal(config.ecap_count, 4);
}

static void interrupts_and_resets_are_told(void **state)
{
	struct made made;

	(void)state;
	start(&made);
	made.bytes[0x34] = 0x40;
	put_cap(&made, 0x40, 0x11, 0x50);
	put16(&made, 0x42, 0x8000 | 64);
	put_cap(&made, 0x50, 0x13, 0);
	made.bytes[0x53] = 0x03;
	struct config config = decode(&made, 256, 256);
	assert_true(config.has_msix && config.msix_enabled);
	assert_int_equal(config.msix_vectors, 65);
	assert_true(config.af_flr);
	made.bytes[0x53] = 0x02;		/* FLR without TP */
	config = decode(&made, 256, 256);
	assert_true(config.has_af);
	assert_false(config.af_flr);
}

static void sixty_four_bytes_leave_the_lists_short(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	struct config config = decode(&made, 64, 4096);
	assert_int_equal(config.header, KNOWN);
	assert_int_equal(config.caps, SHORT);
	assert_int_equal(config.ecaps, SHORT);
	assert_int_equal(decode(&made, 64, 256).ecaps, ABSENT);
	assert_int_equal(decode(&made, 64, 0).ecaps, SHORT);
	assert_int_equal(decode(&made, 128, 4096).caps, SHORT);
	assert_true(decode(&made, 128, 4096).has_pm);
}

static void no_list_is_known_even_from_the_header(void **state)
{
	struct made made;

	(void)state;
	start(&made);
	put16(&made, 0x06, 0);
	assert_int_equal(decode(&made, 64, 256).caps, ABSENT);
	assert_int_equal(decode(&made, 64, 256).ecaps, ABSENT);
	assert_int_equal(decode(&made, 64, 4096).ecaps, SHORT);
}

static void a_listless_size_tells_of_the_extended_space(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	assert_int_equal(decode(&made, 256, 4096).ecaps, SHORT);
	assert_int_equal(decode(&made, 256, 256).ecaps, ABSENT);
	assert_int_equal(decode(&made, 256, 0).ecaps, SHORT);
	/* Conventional: nothing can follow.  A host bridge may still. */
	start(&made);
	assert_int_equal(decode(&made, 256, 0).ecaps, ABSENT);
	put16(&made, 0x0a, 0x0600);
	assert_int_equal(decode(&made, 256, 0).ecaps, SHORT);
}

static void an_empty_extended_list_is_absent(void **state)
{
	struct made made;

	(void)state;
	start(&made);
	assert_int_equal(decode(&made, 4096, 4096).ecaps, ABSENT);
	put32(&made, 0x100, 0xffffffff);
	assert_int_equal(decode(&made, 4096, 4096).ecaps, ABSENT);
	put_ecap(&made, 0x100, 0, 0x200);	/* a hole that leads on */
	put_ecap(&made, 0x200, 0x0e, 0);
	struct config config = decode(&made, 4096, 4096);
	assert_int_equal(config.ecaps, KNOWN);
	assert_true(config.has_ari);
	assert_int_equal(config.ecap_count, 1);
}

static void loops_end_and_keep_what_was_found(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	made.bytes[0x79] = 0x60;		/* PCIe leads back to PM */
	put_ecap(&made, 0x180, 0x15, 0x120);
	struct config config = decode(&made, 4096, 4096);
	assert_int_equal(config.caps, MALFORMED);
	assert_true(config.has_pcie && config.has_pm);
	assert_int_equal(config.cap_count, 3);
	assert_int_equal(config.ecaps, MALFORMED);
	assert_true(config.has_acs && config.has_rebar);
}

static void pointers_into_the_header_are_malformed(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	made.bytes[0x34] = 0x3c;
	put_ecap(&made, 0x100, 0x03, 0x0f0);
	struct config config = decode(&made, 4096, 4096);
	assert_int_equal(config.caps, MALFORMED);
	assert_false(config.has_pm);
	assert_int_equal(config.ecaps, MALFORMED);
	assert_true(config.has_serial);
}

static void a_capability_past_the_end_is_malformed(void **state)
{
	struct made made;

	(void)state;
	start(&made);
	made.bytes[0x34] = 0xfc;
	put_cap(&made, 0xfc, 0x10, 0);
	assert_int_equal(decode(&made, 4096, 4096).caps, MALFORMED);
	put_ecap(&made, 0x100, 0x03, 0xffc);
	put_ecap(&made, 0xffc, 0x10, 0);
	assert_int_equal(decode(&made, 4096, 4096).ecaps, MALFORMED);
}

static void a_part_of_the_extended_space_is_short(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	struct config config = decode(&made, 0x126, 4096);
	assert_int_equal(config.ecaps, SHORT);
	assert_true(config.has_serial);
	assert_int_equal(decode(&made, 0x140, 4096).ecaps, SHORT);
}

static void the_first_of_a_kind_counts(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	put_ecap(&made, 0x180, 0x0d, 0);
	put16(&made, 0x186, 0x7f);
	assert_int_equal(decode(&made, 4096, 4096).acs_ctrl, 0x1d);
}

static void parts_of_the_root_complex_have_no_link(void **state)
{
	struct made made;

	(void)state;
	start(&made);
	made.bytes[0x34] = 0xf0;
	put_cap(&made, 0xf0, 0x10, 0);
	put16(&made, 0xf2, 0x0091);		/* version 1 */
	struct config config = decode(&made, 256, 256);
	assert_int_equal(config.caps, KNOWN);
	assert_int_equal(config.pcie_type, PCIE_RC_ENDPOINT);
	put16(&made, 0xf2, 0x0001);		/* an endpoint must have one */
	assert_int_equal(decode(&made, 256, 256).caps, MALFORMED);
}

static void a_silent_device_is_malformed(void **state)
{
	struct made made;

	(void)state;
	memset(&made, 0xff, sizeof made);
	struct config config = decode(&made, 4096, 4096);
	assert_int_equal(config.header, MALFORMED);
	assert_int_equal(config.caps, MALFORMED);
	assert_int_equal(config.ecaps, MALFORMED);
	assert_int_equal(config.vendor, 0xffff);
}

static void a_virtual_function_without_ids_is_read(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	put32(&made, 0x00, 0xffffffff);
	assert_int_equal(decode(&made, 4096, 4096).header, KNOWN);
}

static void less_than_a_header_is_short(void **state)
{
	struct made made;

	(void)state;
	make_gpu(&made);
	assert_int_equal(decode(&made, 0, 4096).header, SHORT);
	assert_int_equal(decode(&made, 63, 4096).caps, SHORT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_is_read),
		cmocka_unit_test(a_bridge_has_bus_numbers),
		cmocka_unit_test(capabilities_fill_their_fields),
		cmocka_unit_test(extended_capabilities_fill_theirs),
		cmocka_unit_test(interrupts_and_resets_are_told),
		cmocka_unit_test(sixty_four_bytes_leave_the_lists_short),
		cmocka_unit_test(no_list_is_known_even_from_the_header),
		cmocka_unit_test(a_listless_size_tells_of_the_extended_space),
		cmocka_unit_test(an_empty_extended_list_is_absent),
		cmocka_unit_test(loops_end_and_keep_what_was_found),
		cmocka_unit_test(pointers_into_the_header_are_malformed),
		cmocka_unit_test(a_capability_past_the_end_is_malformed),
		cmocka_unit_test(a_part_of_the_extended_space_is_short),
		cmocka_unit_test(the_first_of_a_kind_counts),
		cmocka_unit_test(parts_of_the_root_complex_have_no_link),
		cmocka_unit_test(a_silent_device_is_malformed),
		cmocka_unit_test(a_virtual_function_without_ids_is_read),
		cmocka_unit_test(less_than_a_header_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
