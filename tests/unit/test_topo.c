// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Groups as the kernel makes them: its algorithm and its quirks, each on the
 * smallest machine that shows it.  Captured machines are held against their
 * own groups by cli/groups.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/machine.h"
#include "model/quirk.h"
#include "model/topo.h"

enum { ALL_ON = 0x1d, ROOM = 16 };

/* A row: address, class, id, group, type, multifunction, bus below. */
#define DEVICE(at, class, id, group, type, mf)                                \
	{ at, class, id, NULL, group, type, mf, 0, false, 0, 0 }
#define PORT(at, id, group, type, mf, below, cap, ctrl)                       \
	{ at, 0x060400, id, "pcieport", group, type, mf, below, (cap) != 0,  \
	  cap, ctrl }

static int at(const struct system *system, const char *address)
{
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	int index = system_device(system, bdf);
	assert_int_not_equal(index, NONE);
	return index;
}

static struct acs acs_at(const struct system *system, const char *address)
{
	return topo_acs(system, &system->devices[at(system, address)]);
}

/* Whether the algorithm makes the groups that the table says. */
static void agrees(const struct system *system)
{
	int heads[ROOM];

	assert_true(system->device_count <= ROOM);
	assert_true(topo_predict(system, heads));
	for (unsigned i = 0; i < system->device_count; i++)
		for (unsigned j = 0; j < i; j++) {
			bool same = system->devices[i].group_index ==
				    system->devices[j].group_index;
			assert_int_equal(heads[i] == heads[j], same);
		}
}

static const struct system *machine(struct arena *arena,
				    const struct made_device *table)
{
	const struct system *system = made_machine(arena, table);

	agrees(system);
	return system;
}

static struct shared first_shared(const struct system *system)
{
	for (unsigned i = 0; i < system->group_count; i++) {
		struct shared shared =
			topo_shared(system, &system->groups[i]);
		if (shared.cause != SHARED_NONE)
			return shared;
	}
	return (struct shared){ SHARED_NONE, NONE, NONE, NONE, 0, KNOWN };
}

static void ports_with_acs_keep_what_is_below_apart(void **state)
{
	static const struct made_device table[] = {
		PORT("00:01.0", 0x80861901, 1, PCIE_ROOT_PORT, true, 1, 0x1f,
		     ALL_ON),
		PORT("00:01.1", 0x80861905, 2, PCIE_ROOT_PORT, true, 2, 0x1f,
		     ALL_ON),
		DEVICE("01:00.0", 0x030000, 0x10de2206, 3,
		       PCIE_LEGACY_ENDPOINT, true),
		DEVICE("01:00.1", 0x040300, 0x10de1aef, 3, PCIE_ENDPOINT,
		       true),
		DEVICE("02:00.0", 0x010802, 0x144da80a, 4, PCIE_ENDPOINT,
		       false),
		{ 0 },
	};
	struct arena arena = {0};
	const struct system *system = machine(&arena, table);
	struct topo_step steps[4];

	(void)state;
	assert_int_equal(first_shared(system).cause, SHARED_NONE);
	assert_int_equal(acs_at(system, "00:01.0").why, ACS_ON);
	assert_int_equal(acs_at(system, "02:00.0").why, ACS_NOT_NEEDED);
	assert_int_equal(acs_at(system, "01:00.1").why, ACS_NONE);
	unsigned count = topo_walk(system, at(system, "01:00.1"), steps, 4);
	assert_int_equal(count, 2);
	assert_int_equal(steps[0].joins, SHARED_MF_NO_ACS);
	assert_int_equal(steps[0].with, at(system, "01:00.0"));
	assert_true(steps[1].isolated);
	assert_false(steps[1].same_group);
	assert_int_equal(steps[1].joins, SHARED_NONE);
	arena_free(&arena);
}

static const struct made_device two_ports[] = {
	PORT("00:01.0", 0x80861901, 1, PCIE_ROOT_PORT, true, 1, 0, 0),
	PORT("00:01.1", 0x80861905, 1, PCIE_ROOT_PORT, true, 2, 0, 0),
	DEVICE("01:00.0", 0x030000, 0x10de2206, 1, PCIE_LEGACY_ENDPOINT,
	       false),
	DEVICE("02:00.0", 0x010802, 0x15b75019, 1, PCIE_ENDPOINT, false),
	{ 0 },
};

static void two_ports_of_one_device_are_named_both(void **state)
{
	struct arena arena = {0};
	const struct system *system = machine(&arena, two_ports);
	struct shared shared = first_shared(system);
	struct topo_step steps[4];

	(void)state;
	assert_int_equal(shared.cause, SHARED_ROOT_MF_NO_ACS);
	assert_int_equal(shared.culprit, at(system, "00:01.1"));
	assert_int_equal(shared.with, at(system, "00:01.0"));
	assert_int_equal(shared.victim, at(system, "02:00.0"));
	assert_int_equal(topo_walk(system, at(system, "02:00.0"), steps, 4),
			 2);
	assert_int_equal(steps[0].joins, SHARED_PORT_NO_ACS);
	assert_int_equal(steps[0].culprit, at(system, "00:01.1"));
	assert_int_equal(steps[1].joins, SHARED_ROOT_MF_NO_ACS);
	assert_int_equal(topo_walk(system, at(system, "02:00.0"), steps, 1),
			 1);
	arena_free(&arena);
}

static void bits_that_are_off_are_named(void **state)
{
	struct made_device table[5];
	struct arena arena = {0};

	(void)state;
	memcpy(table, two_ports, sizeof table);
	for (unsigned i = 0; i < 2; i++) {
		table[i].has_acs = true;
		table[i].acs_cap = 0x1f;
		table[i].acs_ctrl = 0x11;
	}
	const struct system *system = machine(&arena, table);
	struct shared shared = first_shared(system);
	assert_int_equal(shared.cause, SHARED_PORT_ACS_OFF);
	assert_int_equal(shared.missing, 0x0c);
	arena_free(&arena);
}

static void bits_that_the_capability_lacks_count_as_on(void **state)
{
	static const struct made_device table[] = {
		PORT("00:01.0", 0x80861901, 1, PCIE_ROOT_PORT, true, 1, 0x05,
		     0x05),
		PORT("00:01.1", 0x80861905, 2, PCIE_ROOT_PORT, true, 2, 0x05,
		     0x05),
		{ 0 },
	};
	struct arena arena = {0};

	(void)state;
	machine(&arena, table);
	arena_free(&arena);
}

static void what_is_below_a_chipset_s_switch_is_together(void **state)
{
	/* An upstream port that is one function of a chip, as AMD's. */
	static const struct made_device table[] = {
		PORT("00:01.3", 0x10221453, 1, PCIE_ROOT_PORT, true, 3, 0x5f,
		     0x5d),
		DEVICE("03:00.0", 0x0c0330, 0x102243d0, 2, PCIE_LEGACY_ENDPOINT,
		       true),
		PORT("03:00.2", 0x102243c6, 2, PCIE_UPSTREAM, true, 32, 0, 0),
		PORT("20:00.0", 0x102243c7, 2, PCIE_DOWNSTREAM, false, 33, 0,
		     0),
		PORT("20:01.0", 0x102243c7, 2, PCIE_DOWNSTREAM, false, 34, 0,
		     0),
		DEVICE("21:00.0", 0x020000, 0x10ec8168, 2, PCIE_ENDPOINT,
		       false),
		DEVICE("22:00.0", 0x010802, 0x144da80a, 2, PCIE_ENDPOINT,
		       false),
		{ 0 },
	};
	struct arena arena = {0};
	const struct system *system = machine(&arena, table);
	struct shared shared = first_shared(system);

	(void)state;
	assert_int_equal(shared.cause, SHARED_MF_NO_ACS);
	assert_int_equal(shared.culprit, at(system, "03:00.2"));
	assert_int_equal(shared.with, at(system, "03:00.0"));
	arena_free(&arena);
}

static void a_switch_alone_on_its_port_keeps_slots_apart(void **state)
{
	/* The kernel looks above the port, not at it: no joining by ports. */
	static const struct made_device table[] = {
		PORT("00:01.0", 0x80861901, 1, PCIE_ROOT_PORT, false, 1, 0x1f,
		     ALL_ON),
		PORT("01:00.0", 0x10b58747, 2, PCIE_UPSTREAM, false, 2, 0, 0),
		PORT("02:08.0", 0x10b58747, 3, PCIE_DOWNSTREAM, false, 3, 0,
		     0),
		DEVICE("03:00.0", 0x010802, 0x144da80a, 3, PCIE_ENDPOINT,
		       false),
		{ 0 },
	};
	struct arena arena = {0};

	(void)state;
	machine(&arena, table);
	arena_free(&arena);
}

static void all_behind_a_conventional_bridge_are_together(void **state)
{
	static const struct made_device table[] = {
		PORT("00:1c.0", 0x8086a110, 1, PCIE_ROOT_PORT, false, 2, 0x1f,
		     ALL_ON),
		{ "02:00.0", 0x060400, 0x1b211080, NULL, 2, MADE_PCI, false, 3,
		  false, 0, 0 },
		DEVICE("03:00.0", 0x040100, 0x13f68788, 2, MADE_PCI, false),
		DEVICE("03:01.0", 0x020000, 0x10ec8139, 2, MADE_PCI, false),
		{ 0 },
	};
	struct made_device dwords[5];
	struct arena arena = {0};
	struct builder builder;

	(void)state;
	memcpy(dwords, table, sizeof dwords);
	made_start(&builder, &arena);
	made_devices(&builder, dwords);
	struct config *port = (void *)(uintptr_t)
		builder.system->devices[0].config;
	port->acs_ctrl = 0;
	port->acs_ctrl_dword = ALL_ON;
	const struct system *system = build_freeze(&builder);
	agrees(system);
	struct shared shared = first_shared(system);
	assert_int_equal(shared.cause, SHARED_CONV_BRIDGE);
	assert_int_equal(shared.culprit, at(system, "02:00.0"));
	assert_non_null(acs_at(system, "02:00.0").quirk);
	assert_non_null(acs_at(system, "00:1c.0").quirk);
	assert_true(acs_at(system, "00:1c.0").isolated);
	arena_free(&arena);
}

static void conventional_functions_of_a_slot_are_together(void **state)
{
	static const struct made_device table[] = {
		DEVICE("00:1f.0", 0x060100, 0x8086a305, 7, MADE_PCI, true),
		DEVICE("00:1f.4", 0x0c0500, 0x8086a323, 7, MADE_PCI, true),
		DEVICE("00:1f.6", 0x020000, 0x808615bc, 7, MADE_PCI, false),
		DEVICE("00:14.0", 0x0c0330, 0x8086a36d, 8, MADE_PCI, false),
		{ 0 },
	};
	struct arena arena = {0};
	const struct system *system = machine(&arena, table);
	struct topo_step step;

	(void)state;
	assert_int_equal(first_shared(system).cause, SHARED_NONE);
	topo_walk(system, at(system, "00:1f.6"), &step, 1);
	assert_int_equal(step.joins, SHARED_LEGACY_PCI);
	arena_free(&arena);
}

static void quirks_isolate_what_has_no_acs(void **state)
{
	static const struct made_device table[] = {
		/* Intel's integrated endpoints, and a NIC of two functions */
		DEVICE("00:0a.0", 0x118000, 0x8086467d, 1, PCIE_RC_ENDPOINT,
		       true),
		DEVICE("00:0a.1", 0x118000, 0x8086467e, 2, PCIE_RC_ENDPOINT,
		       true),
		PORT("00:1c.0", 0x80861c10, 3, PCIE_ROOT_PORT, true, 1, 0, 0),
		PORT("00:1c.1", 0x80861c12, 4, PCIE_ROOT_PORT, true, 2, 0, 0),
		DEVICE("01:00.0", 0x020000, 0x80861521, 5, PCIE_ENDPOINT,
		       true),
		DEVICE("01:00.1", 0x020000, 0x80861521, 6, PCIE_ENDPOINT,
		       true),
		DEVICE("02:00.0", 0x020000, 0x80888888, 7, PCIE_ENDPOINT,
		       false),
		{ 0 },
	};
	struct arena arena = {0};
	const struct system *system = machine(&arena, table);

	(void)state;
	assert_int_equal(acs_at(system, "00:0a.1").why, ACS_QUIRK);
	assert_int_equal(acs_at(system, "00:1c.1").why, ACS_QUIRK);
	assert_int_equal(acs_at(system, "01:00.0").why, ACS_QUIRK);
	assert_int_equal(acs_at(system, "02:00.0").why, ACS_QUIRK_FAILED);
	arena_free(&arena);
}

static void a_quirk_that_failed_by_the_log_does_not_isolate(void **state)
{
	static const struct made_device table[] = {
		PORT("00:1c.0", 0x80861c10, 3, PCIE_ROOT_PORT, true, 1, 0, 0),
		PORT("00:1c.1", 0x80861c12, 3, PCIE_ROOT_PORT, true, 2, 0, 0),
		{ 0 },
	};
	static const struct log_line lines[] = {
		{ 0, "Linux version 6.1.0" },
		{ 0, "pci 0000:00:1c.0: Failed to enable Intel PCH ACS quirk" },
		{ 0, "pci 0000:00:1c.1: Failed to enable Intel PCH ACS quirk" },
	};
	struct arena arena = {0};
	struct builder builder;

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, table);
	builder.system->host.log = (struct log){ KNOWN, true, true, "/dev/kmsg",
						 lines, 3 };
	agrees(build_freeze(&builder));
	arena_free(&arena);
}

/* AMD vouches for its southbridges only where its IOMMU is. */
static void southbridges_need_the_table(void **state)
{
	static const struct acpi_name ivrs = { "IVRS", KNOWN };
	static const struct made_device table[] = {
		DEVICE("00:14.0", 0x0c0500, 0x10024385, 1, MADE_PCI, true),
		DEVICE("00:14.2", 0x040300, 0x10024383, 2, MADE_PCI, true),
		{ 0 },
	};
	static const enum known tables[] = { KNOWN, DENIED };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct arena arena = {0};
		struct builder builder;
		made_start(&builder, &arena);
		made_devices(&builder, table);
		builder.system->host.tables = &ivrs;
		builder.system->host.table_count = i < 2;
		builder.system->host.tables_known = tables[i % 2];
		const struct system *system = build_freeze(&builder);
		struct acs acs = acs_at(system, "00:14.2");
		assert_int_equal(acs.known, i == 3 ? DENIED : KNOWN);
		assert_int_equal(acs.isolated, i < 2);
		arena_free(&arena);
	}
}

static void who_speaks_with_another_s_id_joins_it(void **state)
{
	static const struct made_device table[] = {
		PORT("00:01.0", 0x80861901, 1, PCIE_ROOT_PORT, false, 1, 0x1f,
		     ALL_ON),
		/* Isolated by their ACS; but Ricoh's 1 speaks as 0. */
		{ "01:00.0", 0x080500, 0x1180e822, NULL, 2, PCIE_ENDPOINT, true,
		  0, true, 0x1f, ALL_ON },
		{ "01:00.1", 0x088000, 0x1180e476, NULL, 2, PCIE_ENDPOINT, true,
		  0, true, 0x1f, ALL_ON },
		{ "01:00.2", 0x088000, 0x1180e230, NULL, 3, PCIE_ENDPOINT, true,
		  0, true, 0x1f, ALL_ON },
		{ 0 },
	};
	struct arena arena = {0};
	const struct system *system = machine(&arena, table);
	struct topo_step step;

	(void)state;
	topo_walk(system, at(system, "01:00.1"), &step, 1);
	assert_int_equal(step.joins, SHARED_DMA_ALIAS);
	assert_int_equal(step.with, at(system, "01:00.0"));
	assert_int_equal(step.culprit, at(system, "01:00.1"));
	arena_free(&arena);
}

static void what_is_behind_vmd_is_in_its_group(void **state)
{
	static const struct made_device table[] = {
		DEVICE("00:0e.0", 0x010400, 0x8086a77f, 5, PCIE_RC_ENDPOINT,
		       false),
		PORT("10000:e0:06.0", 0x8086a77d, 5, PCIE_ROOT_PORT, false,
		     0xe1, 0x1f, ALL_ON),
		DEVICE("10000:e1:00.0", 0x010802, 0x144da80a, 5, PCIE_ENDPOINT,
		       false),
		{ 0 },
	};
	struct arena arena = {0};
	struct builder builder;

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, table);
	struct device *port = &builder.system->devices[1];
	port->path_known = port->above_known = true;
	bdf_parse("00:0e.0", &port->above);
	const struct system *system = build_freeze(&builder);
	agrees(system);
	struct shared shared = first_shared(system);
	assert_int_equal(shared.cause, SHARED_REAL_DMA);
	assert_int_equal(shared.culprit, at(system, "00:0e.0"));
	arena_free(&arena);
}

static void a_port_whose_acs_is_out_of_reach_says_so(void **state)
{
	struct arena arena = {0};
	struct builder builder;

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, two_ports);
	for (unsigned i = 0; i < 2; i++) {
		struct config *config = (void *)(uintptr_t)
			builder.system->devices[i].config;
		config->ecaps = ABSENT;
		config->bytes = 256;
	}
	const struct system *system = build_freeze(&builder);
	agrees(system);
	assert_int_equal(first_shared(system).cause, SHARED_NO_EXTENDED);
	arena_free(&arena);
}

static void what_was_not_read_is_not_told(void **state)
{
	struct arena arena = {0};
	struct builder builder;
	int heads[ROOM];
	struct topo_step steps[2];

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, two_ports);
	for (unsigned i = 0; i < builder.system->device_count; i++) {
		struct config *config = (void *)(uintptr_t)
			builder.system->devices[i].config;
		config->caps = config->ecaps = SHORT;
		config->has_pcie = false;
	}
	const struct system *system = build_freeze(&builder);
	assert_false(topo_predict(system, heads));
	struct shared shared = first_shared(system);
	assert_int_equal(shared.cause, SHARED_UNKNOWN);
	assert_int_equal(shared.why_unknown, SHORT);
	topo_walk(system, at(system, "02:00.0"), steps, 2);
	assert_int_equal(steps[0].joins, SHARED_UNKNOWN);
	assert_int_equal(steps[1].why, ACS_UNKNOWN);
	assert_int_equal(steps[1].known, SHORT);
	assert_true(steps[1].same_group);
	arena_free(&arena);
}

static void types_of_quirks_are_minded(void **state)
{
	static const struct made_device table[] = {
		DEVICE("00:01.0", 0x020000, 0x177da000, 1, PCIE_ENDPOINT,
		       false),
		PORT("00:02.0", 0x177da000, 2, PCIE_ROOT_PORT, false, 1, 0, 0),
		PORT("00:03.0", 0x80861d11, 3, PCIE_ROOT_PORT, false, 2, 0, 0),
		{ 0 },
	};
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, table);
	bool sure;

	(void)state;
	assert_int_equal(quirk_acs(&system->devices[0], &sure), QUIRK_NONE);
	assert_int_equal(quirk_acs(&system->devices[1], &sure), QUIRK_PORT);
	assert_true(sure);
	/* Only even ids of Patsburg's are ports. */
	assert_int_equal(quirk_acs(&system->devices[2], &sure), QUIRK_NONE);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_with_acs_keep_what_is_below_apart),
		cmocka_unit_test(two_ports_of_one_device_are_named_both),
		cmocka_unit_test(bits_that_are_off_are_named),
		cmocka_unit_test(bits_that_the_capability_lacks_count_as_on),
		cmocka_unit_test(what_is_below_a_chipset_s_switch_is_together),
		cmocka_unit_test(a_switch_alone_on_its_port_keeps_slots_apart),
		cmocka_unit_test(all_behind_a_conventional_bridge_are_together),
		cmocka_unit_test(conventional_functions_of_a_slot_are_together),
		cmocka_unit_test(quirks_isolate_what_has_no_acs),
		cmocka_unit_test(
			a_quirk_that_failed_by_the_log_does_not_isolate),
		cmocka_unit_test(southbridges_need_the_table),
		cmocka_unit_test(who_speaks_with_another_s_id_joins_it),
		cmocka_unit_test(what_is_behind_vmd_is_in_its_group),
		cmocka_unit_test(a_port_whose_acs_is_out_of_reach_says_so),
		cmocka_unit_test(what_was_not_read_is_not_told),
		cmocka_unit_test(types_of_quirks_are_minded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
