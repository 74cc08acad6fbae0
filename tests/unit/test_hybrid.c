// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which GPUs share the panel of a laptop, and which machines only look as if
 * they did: each on a made machine of up to three GPUs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/alter.h"
#include "lib/machine.h"
#include "model/build.h"
#include "model/display.h"

static const struct made_device gpus[] = {
	{ "00:00.0", 0x060000, 0x80869a36, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.0", 0x060400, 0x80869a01, "pcieport", 1, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:02.0", 0x030000, 0x80869a60, "i915", 2, PCIE_RC_ENDPOINT, false,
	  0, false, 0, 0 },
	{ "00:07.0", 0x060400, 0x80869a23, "pcieport", 3, PCIE_ROOT_PORT,
	  false, 3, true, 0x1f, 0x1d },
	{ "01:00.0", 0x030000, 0x10de24dd, "nouveau", 16,
	  PCIE_LEGACY_ENDPOINT, false, 0, false, 0, 0 },
	{ "03:00.0", 0x030000, 0x100273bf, "amdgpu", 17,
	  PCIE_LEGACY_ENDPOINT, false, 0, false, 0, 0 },
	{ 0 },
};

#define PANEL "connector 00:02.0 eDP-1 connected enabled Panel;"
#define SECOND "connector 01:00.0 HDMI-A-1 disconnected disabled;"
#define THIRD "connector 03:00.0 DP-1 disconnected disabled;"
#define NOTEBOOK "host chassis 10;"
#define DESKTOP "host chassis 3; host battery -;"
#define IN_A_BOX "dev 03:00.0 removable removable;"
#define NOT_THIRD "dev 03:00.0 class 0x020000;"

static const struct row {
	const char *what, *edits, *word, *panel, *other;
} rows[] = {
	{ "two and a panel", NOT_THIRD PANEL SECOND, "muxless", "00:02.0",
	  "01:00.0" },
	{ "the same, and a chassis", NOT_THIRD NOTEBOOK PANEL SECOND,
	  "muxless", "00:02.0", "01:00.0" },
	{ "a desktop whose screen is called a panel",
	  NOT_THIRD DESKTOP PANEL SECOND, "", NULL, NULL },
	{ "a desktop's chassis with a battery",
	  NOT_THIRD "host chassis 3; host battery 1;" PANEL SECOND,
	  "muxless", "00:02.0", "01:00.0" },
	{ "a chassis that says nothing", NOT_THIRD "host chassis 2;" PANEL
	  SECOND, "muxless", "00:02.0", "01:00.0" },
	{ "a desktop with a screen", NOT_THIRD DESKTOP
	  "connector 00:02.0 DP-1 connected enabled Dell;" SECOND, "", NULL,
	  NULL },
	{ "a notebook whose panel nobody has", NOT_THIRD NOTEBOOK
	  "connector 00:02.0 DP-1 connected enabled Dell;" SECOND, "", NULL,
	  NULL },
	{ "a card in a box beside", NOTEBOOK IN_A_BOX PANEL SECOND THIRD,
	  "muxless", "00:02.0", "01:00.0" },
	{ "a third that nobody tells apart", NOTEBOOK PANEL SECOND THIRD,
	  "muxless", "00:02.0", "01:00.0" },
	{ "a third, and a wire", NOTEBOOK PANEL SECOND
	  "connector 03:00.0 eDP-2 disconnected disabled;", "muxed",
	  "00:02.0", "03:00.0" },
	{ "a third, and a switch", NOTEBOOK PANEL SECOND THIRD
	  "switch 00:02.0 0:IGD:+:Pwr:0000:00:02.0;"
	  "switch 03:00.0 1:DIS: :DynOff:0000:03:00.0;", "muxless",
	  "00:02.0", "03:00.0" },
	{ "the panel on the second", NOTEBOOK NOT_THIRD
	  "connector 00:02.0 eDP-1 disconnected disabled;"
	  "connector 01:00.0 eDP-2 connected enabled Panel;", "muxed",
	  "01:00.0", "00:02.0" },
	{ "no wire is seen", NOT_THIRD NOTEBOOK, "unknown", "00:02.0",
	  "01:00.0" },
	{ "the same, not known to be a laptop", NOT_THIRD, "", NULL, NULL },
	{ "no wire is seen, and a switch", NOT_THIRD NOTEBOOK
	  "switch 00:02.0 0:IGD:+:Pwr:0000:00:02.0;"
	  "switch 01:00.0 1:DIS: :DynPwr:0000:01:00.0;", "muxless",
	  "00:02.0", "01:00.0" },
	{ "no wire is seen, and half a switch", NOT_THIRD NOTEBOOK
	  "switch 00:02.0 0:DIS: :DynPwr:0000:00:02.0;", "muxless",
	  "01:00.0", "00:02.0" },
};

static int at(const struct system *system, const char *address)
{
	struct bdf bdf;

	if (!address)
		return NONE;
	assert_true(bdf_parse(address, &bdf));
	return system_device(system, bdf);
}

static void panels_are_shared_by_the_gpus_of_a_laptop(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct arena arena = {0};
		struct builder builder;
		made_start(&builder, &arena);
		made_devices(&builder, gpus);
		struct system *system = builder.system;
		build_freeze(&builder);
		alter(system, row->edits);
		struct hybrid hybrid = display_hybrid(system);
		if (strcmp(hybrid_word(hybrid.kind), row->word) != 0 ||
		    hybrid.panel != at(system, row->panel) ||
		    hybrid.other != at(system, row->other))
			fail_msg("%s: \"%s\", panel %d, other %d", row->what,
				 hybrid_word(hybrid.kind), hybrid.panel,
				 hybrid.other);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(panels_are_shared_by_the_gpus_of_a_laptop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
