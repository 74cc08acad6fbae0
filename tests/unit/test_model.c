// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/machine.h"
#include "model/ability.h"
#include "model/topo.h"

static int at(const struct system *system, const char *text)
{
	struct bdf address;

	assert_true(bdf_parse(text, &address));
	return system_device(system, address);
}

static void addresses_are_parsed_whole(void **state)
{
	char text[BDF_TEXT];
	struct bdf bdf;

	(void)state;
	assert_true(bdf_parse("08:09.7", &bdf));
	assert_int_equal(bdf.bus, 8);
	assert_int_equal(bdf.device, 9);
	assert_string_equal(bdf_print(bdf, text), "0000:08:09.7");
	assert_string_equal(bdf_print_short(bdf, text), "08:09.7");
	assert_true(bdf_parse("10000:e1:00.0", &bdf));
	assert_int_equal(bdf.domain, 0x10000);
	assert_string_equal(bdf_print_short(bdf, text), "10000:e1:00.0");
	assert_false(bdf_parse("01:00", &bdf));
	assert_false(bdf_parse("01:20.0", &bdf));
	assert_false(bdf_parse("01:00.8", &bdf));
	assert_false(bdf_parse("1:00.0", &bdf));
	assert_false(bdf_parse("0000:01:00.0x", &bdf));
	assert_false(bdf_parse("", &bdf));
	assert_false(bdf_parse("100:00.0", &bdf));
}

static void the_tree_is_linked_by_bus_numbers(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	int port = at(system, "00:01.0"), gpu = at(system, "01:00.0");

	(void)state;
	assert_int_equal(system->devices[gpu].parent, port);
	assert_int_equal(system->devices[port].first_child, gpu);
	assert_int_equal(system->devices[gpu].next_sibling,
			 at(system, "01:00.1"));
	assert_int_equal(system->devices[port].parent, NONE);
	assert_int_equal(at(system, "07:00.0"), NONE);
	arena_free(&arena);
}

static void a_bridge_cannot_be_its_own_ancestor(void **state)
{
	static const struct made_device loop[] = {
		{ "01:00.0", 0x060400, 0x80861, NULL, -1, PCIE_UPSTREAM, false,
		  2, false, 0, 0 },
		{ "02:00.0", 0x060400, 0x80862, NULL, -1, PCIE_UPSTREAM, false,
		  1, false, 0, 0 },
		{ 0 },
	};
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, loop);

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		unsigned steps = 0;
		for (int up = (int)i; up != NONE;
		     up = system->devices[up].parent)
			assert_true(steps++ < 10);
	}
	arena_free(&arena);
}

static void groups_know_their_members_in_order(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	int index = system_group(system, 13);

	(void)state;
	assert_true(index != NONE);
	const struct group *group = &system->groups[index];
	assert_int_equal(group->member_count, 2);
	assert_string_equal(group->members[0].name, "0000:01:00.0");
	assert_int_equal(topo_endpoints(system, group), 2);
	assert_int_equal(system_group(system, 99), NONE);
	arena_free(&arena);
}

static void gpus_are_grouped_as_the_words_say(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	int out[8];

	(void)state;
	assert_int_equal(topo_grouping(system, at(system, "01:00.0")),
			 GROUPING_OWN_FUNCTIONS);
	assert_int_equal(topo_grouping(system, at(system, "00:02.0")),
			 GROUPING_ALONE);
	assert_int_equal(topo_companions(system, at(system, "01:00.0"), out, 8),
			 1);
	assert_int_equal(out[0], at(system, "01:00.1"));
	arena_free(&arena);
}

static void remapping_is_read_from_the_chips(void **state)
{
	struct interrupt lines[] = {
		{ "9", "IO-APIC", "acpi", 1, NONE },
		{ "24", "PCI-MSI-0000:00:00.2", "AMD-Vi0-Evt", 0, NONE },
	};
	struct arena arena = {0};
	struct builder builder;

	(void)state;
	made_start(&builder, &arena);
	assert_int_equal(topo_remapping(builder.system), REMAP_ON);
	builder.system->host.interrupts = lines;
	assert_int_equal(topo_remapping(builder.system), REMAP_OFF);
	builder.system->host.interrupts = lines + 1;
	builder.system->host.interrupt_count = 1;
	assert_int_equal(topo_remapping(builder.system), REMAP_UNKNOWN);
	arena_free(&arena);
}

static void parameters_take_the_last_word(void **state)
{
	static const struct parameter words[] = {
		{ "intel_iommu", "off" }, { "vfio-pci.ids", "10de:1" },
		{ "intel_iommu", "on" },
	};
	struct arena arena = {0};
	struct builder builder;

	(void)state;
	made_start(&builder, &arena);
	builder.system->host.parameters = words;
	builder.system->host.parameter_count = 3;
	assert_string_equal(system_parameter(builder.system, "intel_iommu"),
			    "on");
	assert_non_null(system_parameter(builder.system, "vfio_pci.ids"));
	assert_null(system_parameter(builder.system, "iommu"));
	arena_free(&arena);
}

static struct unit unit_of(const char *kind, uint64_t cap, uint64_t ecap)
{
	struct unit unit = { .name = "unit", .kind = kind };

	unit.cap = (struct fact_num){ KNOWN, (int64_t)cap };
	unit.ecap = (struct fact_num){ KNOWN, (int64_t)ecap };
	return unit;
}

static void intel_units_tell_their_abilities_by_bits(void **state)
{
	/* A real one: 39 bits by four levels, no posting. */
	struct unit unit = unit_of("intel", 0x1c0000c40660462, 0x19e2ff0505e);

	(void)state;
	assert_int_equal(ability_has(&unit, ABILITY_INTERRUPT_REMAPPING),
			 KNOWN);
	assert_int_equal(ability_has(&unit, ABILITY_POSTED_INTERRUPTS),
			 ABSENT);
	assert_int_equal(ability_has(&unit, ABILITY_CACHING_MODE), ABSENT);
	assert_int_equal(ability_has(&unit, ABILITY_SUPERPAGE_1G), KNOWN);
	assert_int_equal(ability_has(&unit, ABILITY_GUEST_APIC), ABSENT);
	assert_false(ability_applies(&unit, ABILITY_GUEST_APIC));
	assert_int_equal(ability_table_bits(&unit), 48);
	assert_int_equal(ability_address_bits(&unit), 39);
	assert_int_equal(ability_domains(&unit), 256);
	unit.cap.value |= 1LL << 59 | 1 << 7 | 1 << 11;
	assert_int_equal(ability_has(&unit, ABILITY_POSTED_INTERRUPTS),
			 KNOWN);
	assert_int_equal(ability_has(&unit, ABILITY_CACHING_MODE), KNOWN);
	assert_int_equal(ability_table_bits(&unit), 57);
}

static void amd_units_tell_theirs_and_no_others(void **state)
{
	struct unit unit = { .name = "ivhd0", .kind = "amd",
			     .features = { KNOWN, 0x246577efa2254afa },
			     .amd_cap = { KNOWN, 0x190b640f } };

	(void)state;
	assert_int_equal(ability_has(&unit, ABILITY_INTERRUPT_REMAPPING),
			 KNOWN);
	assert_int_equal(ability_has(&unit, ABILITY_PAGE_REQUESTS), KNOWN);
	assert_int_equal(ability_has(&unit, ABILITY_X2APIC), ABSENT);
	assert_int_equal(ability_has(&unit, ABILITY_GUEST_APIC), KNOWN);
	assert_int_equal(ability_has(&unit, ABILITY_POSTED_INTERRUPTS), KNOWN);
	assert_int_equal(ability_has(&unit, ABILITY_DEVICE_TLB), KNOWN);
	assert_false(ability_applies(&unit, ABILITY_SCALABLE));
}

static void an_ability_that_was_not_read_is_unknown(void **state)
{
	struct unit unit = unit_of("intel", 0, 0);

	(void)state;
	unit.ecap = (struct fact_num){ DENIED, 0 };
	assert_int_equal(ability_has(&unit, ABILITY_INTERRUPT_REMAPPING),
			 DENIED);
	unit.ecap.known = ABSENT;
	assert_int_equal(ability_has(&unit, ABILITY_INTERRUPT_REMAPPING),
			 UNREAD);
	unit.cap.known = DENIED;
	assert_int_equal(ability_table_bits(&unit), 0);
}

static void a_unit_is_found_in_the_table_that_names_it(void **state)
{
	static const struct dmar_unit units[] = {
		{ .base = 0xfed90000 },
		{ .base = 0xfed91000, .include_all = true },
	};
	const uint64_t base = 0xfeb80000;
	struct unit unit = unit_of("intel", 0, 0);
	struct system system = { .units = &unit, .unit_count = 1 };

	(void)state;
	unit.address = (struct fact_num){ KNOWN, 0xfed91000 };
	system.host.dmar = (struct dmar){ .known = KNOWN, .units = units,
					  .unit_count = 2 };
	assert_ptr_equal(ability_named(&system, &unit).entry, &units[1]);
	assert_int_equal(ability_unit_at(&system, 0xfed91000), 0);
	assert_int_equal(ability_unit_at(&system, 0xfed90000), NONE);
	unit.kind = "amd";
	system.host.ivrs = (struct ivrs){ .known = KNOWN, .mmio_bases = &base,
					  .mmio_count = 1 };
	assert_string_equal(ability_named(&system, &unit).table, "IVRS");
	assert_int_equal(ability_named(&system, &unit).base, base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_parsed_whole),
		cmocka_unit_test(the_tree_is_linked_by_bus_numbers),
		cmocka_unit_test(a_bridge_cannot_be_its_own_ancestor),
		cmocka_unit_test(groups_know_their_members_in_order),
		cmocka_unit_test(gpus_are_grouped_as_the_words_say),
		cmocka_unit_test(remapping_is_read_from_the_chips),
		cmocka_unit_test(parameters_take_the_last_word),
		cmocka_unit_test(intel_units_tell_their_abilities_by_bits),
		cmocka_unit_test(amd_units_tell_theirs_and_no_others),
		cmocka_unit_test(an_ability_that_was_not_read_is_unknown),
		cmocka_unit_test(a_unit_is_found_in_the_table_that_names_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
