// SPDX-License-Identifier: GPL-2.0-or-later
/* Which device may be asked, by which node; and whether a group could be given
 * out, on kernels old and new. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "lib/alter.h"
#include "lib/machine.h"
#include "model/viable.h"
#include "plan/ask.h"

/* A GPU with sound below a port, in one group with it. */
static const struct made_device table[] = {
	{ "00:01.0", 0x060400, 0x80861901, "pcieport", 13, PCIE_ROOT_PORT,
	  false, 1, true, 0, 0 },
	{ "01:00.0", 0x030000, 0x10de2684, "vfio-pci", 13, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x10de22ba, "vfio-pci", 13, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ 0 },
};

enum { PORT, GPU, SOUND };

static struct system *make(struct arena *arena, const char *edits)
{
	/* Freshly made, and nobody else's. */
	struct system *system = (void *)(uintptr_t)made_machine(arena, table);

	alter(system, edits);
	return system;
}

/* The device's own node, beside iommufd. */
static void give_own_node(struct system *system)
{
	static const struct vfio_device made = { "vfio3", "0000:01:00.0",
						 GPU };
	static const struct node_access access = {
		.node = "/dev/vfio/devices/vfio3", .mode = { KNOWN, 0600 },
	};

	system->vfio.devices = &made;
	system->vfio.device_count = 1;
	system->vfio.access = &access;
	system->vfio.access_count = 1;
	system->vfio.iommufd = (struct fact_num){ KNOWN, 1 };
}

static void refused(const char *edits, enum ask_way way, const char *why)
{
	struct arena arena = {0};
	const struct system *system = make(&arena, edits);
	struct ask ask;
	struct err err;

	assert_false(ask_make(system, GPU, NULL, way, &arena, &ask, &err));
	if (!strstr(err.text, why))
		fail_msg("%s", err.text);
	arena_free(&arena);
}

static void the_groups_node_is_taken(void **state)
{
	struct arena arena = {0};
	const struct system *system = make(&arena, "vfio nodes 13 vfio");
	struct ask ask;
	struct err err;

	(void)state;
	assert_true(ask_make(system, GPU, NULL, ASK_ANY, &arena, &ask, &err));
	assert_false(ask.cdev);
	assert_int_equal(ask.step.kind, STEP_ASK);
	assert_string_equal(ask.step.path, "/dev/vfio/13");
	assert_string_equal(ask.step.value, "0000:01:00.0");
	assert_string_equal(ask.step.before.path,
			    "/sys/bus/pci/devices/0000:01:00.0/driver");
	assert_string_equal(ask.step.before.value, "vfio-pci");
	assert_non_null(strstr(ask_warning(&ask, &arena), "resets it"));
	arena_free(&arena);
}

static void its_own_node_is_taken_first(void **state)
{
	struct arena arena = {0};
	struct system *system = make(&arena, "vfio nodes 13 devices vfio");
	struct ask ask;
	struct err err;

	(void)state;
	give_own_node(system);
	assert_true(ask_make(system, GPU, NULL, ASK_ANY, &arena, &ask, &err));
	assert_true(ask.cdev);
	assert_string_equal(ask.step.path, "/dev/vfio/devices/vfio3");
	assert_true(ask_make(system, GPU, NULL, ASK_GROUP, &arena, &ask,
			     &err));
	assert_string_equal(ask.step.path, "/dev/vfio/13");
	/* The other function has none of its own. */
	assert_false(ask_make(system, SOUND, NULL, ASK_CDEV, &arena, &ask,
			      &err));
	arena_free(&arena);
}

static void without_an_iommu_that_is_said(void **state)
{
	struct arena arena = {0};
	const struct system *system = make(&arena, "vfio nodes noiommu-13");
	struct ask ask;
	struct err err;

	(void)state;
	assert_true(ask_make(system, GPU, NULL, ASK_ANY, &arena, &ask, &err));
	assert_true(ask.noiommu);
	assert_string_equal(ask.step.path, "/dev/vfio/noiommu-13");
	assert_non_null(strstr(ask_warning(&ask, &arena), "no IOMMU"));
	arena_free(&arena);
}

static void what_cannot_be_asked_says_why(void **state)
{
	(void)state;
	refused("vfio nodes 13; dev 01:00.0 driver nouveau", ASK_ANY,
		"not on a vfio driver (nouveau)");
	refused("vfio nodes 13; dev 01:00.0 driver -", ASK_ANY, "no driver");
	refused("vfio nodes vfio", ASK_ANY, "no node in /dev/vfio");
	refused("vfio nodes 13", ASK_CDEV, "CONFIG_VFIO_DEVICE_CDEV");
	refused("vfio nodes 13; holder 01:00.0 /dev/vfio/13", ASK_ANY,
		"someone (912) has /dev/vfio/13 open");
	refused("vfio nodes 13; holder 01:00.0 /dev/vfio/13 win10", ASK_ANY,
		"for the guest win10");
	/* Whoever has one device of the group has the group. */
	refused("vfio nodes 13; holder 01:00.1 /dev/vfio/devices/vfio9",
		ASK_ANY, "/dev/vfio/devices/vfio9");
}

static void a_container_without_a_group_is_in_nobodys_way(void **state)
{
	struct arena arena = {0};
	const struct system *system = make(
		&arena, "vfio nodes 13; holder - /dev/vfio/vfio");
	struct ask ask;
	struct err err;

	(void)state;
	assert_true(ask_make(system, GPU, NULL, ASK_ANY, &arena, &ask, &err));
	arena_free(&arena);
}

static void judge(const char *edits, enum known known, int culprit)
{
	struct arena arena = {0};
	const struct system *system = make(&arena, edits);
	struct viable viable = viable_group(system, &system->groups[0]);

	if (viable.known != known)
		fail_msg("%s: %d", edits, (int)viable.known);
	assert_int_equal(viable.culprit == NONE ? NONE :
			 system->groups[0].members[viable.culprit].device,
			 culprit);
	arena_free(&arena);
}

static void who_may_have_the_rest_depends_on_the_kernel(void **state)
{
	static const char *const recent[] = { "host release 5.19.0",
					      "host release 6.12.9" };

	(void)state;
	judge("host release 6.12.9", KNOWN, NONE);
	judge("dev 01:00.1 driver snd_hda_intel", ABSENT, SOUND);
	judge("dev 01:00.1 driver -", KNOWN, NONE);
	judge("dev 01:00.1 driver pci-stub", KNOWN, NONE);
	judge("dev 01:00.1 driver some_new_vfio_pci", KNOWN, NONE);
	judge("dev 01:00.1 driver ?", DENIED, SOUND);
	judge("host release 5.18.7; dev 00:01.0 driver shpchp", KNOWN, NONE);
	judge("host release 4.12.0; dev 00:01.0 driver shpchp", ABSENT, PORT);
	for (size_t i = 0; i < 2; i++) {
		char edits[80];
		snprintf(edits, sizeof edits, "%s; dev 00:01.0 driver shpchp",
			 recent[i]);
		judge(edits, ABSENT, PORT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_groups_node_is_taken),
		cmocka_unit_test(its_own_node_is_taken_first),
		cmocka_unit_test(without_an_iommu_that_is_said),
		cmocka_unit_test(what_cannot_be_asked_says_why),
		cmocka_unit_test(
			a_container_without_a_group_is_in_nobodys_way),
		cmocka_unit_test(who_may_have_the_rest_depends_on_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
