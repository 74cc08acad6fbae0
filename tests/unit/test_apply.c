// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The writer against a tree of plain files that stands for sysfs: what it
 * writes, and where it looks first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/write.h"
#include "plan/self.h"
#include "unit/apply_tree.h"

/* The device itself. */

static void make_card(struct tree *tree)
{
	make_file(tree, REAL "/vendor", "0x10de\n");
	make_file(tree, REAL "/device", "0x2684\n");
	make_file(tree, REAL "/subsystem_vendor", "0x1043\n");
	make_file(tree, REAL "/subsystem_device", "0x8888\n");
	make_file(tree, REAL "/class", "0x030000\n");
	make_folder(tree, "/sys/kernel/iommu_groups/13/devices");
	make_file(tree, "/sys/kernel/iommu_groups/13/devices/" GPU, "");
	make_link(tree, REAL "/iommu_group",
		  "../../../kernel/iommu_groups/13");
}

/* A step for the card of make_card: @alone, without asking for its group;
 * else in a group with @also, where that is not NULL. */
static struct step step_for_card(struct tree *tree, bool alone,
				 const char *also)
{
	struct step step = step_of(DEVICES GPU "/driver_override", "vfio-pci");
	struct self self = { .vendor = 0x10de, .device = 0x2684,
			     .subvendor = 0x1043, .subdevice = 0x8888,
			     .class = 0x030000, .grouped = true,
			     .alone = alone };
	char text[SELF_TEXT];

	self_member(&self, GPU);
	if (also)
		self_member(&self, also);
	step.self = arena_text(&tree->arena, self_print(&self, text));
	return step;
}

static void what_was_shown_is_written_to(void **state)
{
	struct tree *tree = *state;

	make_card(tree);
	struct step step = step_for_card(tree, false, NULL);
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(tree, REAL "/driver_override"),
			    "vfio-pci\n");
}

static void another_device_in_its_place_is_not_written_to(void **state)
{
	static const struct { const char *file, *text; } changes[] = {
		{ REAL "/vendor", "0x1002\n" }, { REAL "/device", "0x1\n" },
		{ REAL "/subsystem_vendor", "0x1\n" },
		{ REAL "/subsystem_device", "0x1\n" },
		{ REAL "/class", "0x038000\n" },
	};
	struct tree *tree = *state;

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		for (unsigned alone = 0; alone < 2; alone++) {
			make_card(tree);
			make_file(tree, changes[i].file, changes[i].text);
			struct step step = step_for_card(tree, alone, NULL);
			assert_failed(done_in(tree, &step), PHASE_SELF, 0);
			assert_string_equal(
				read_file(tree, REAL "/driver_override"),
				"(null)\n");
		}
}

static void a_group_that_has_changed_is_not_written_to(void **state)
{
	struct tree *tree = *state;

	make_card(tree);
	/* One has gone; then one has come; then it is in no group at all. */
	struct step step = step_for_card(tree, false, "0000:01:00.1");
	assert_failed(done_in(tree, &step), PHASE_SELF, 0);
	step = step_for_card(tree, false, NULL);
	make_file(tree, "/sys/kernel/iommu_groups/13/devices/0000:02:00.0",
		  "");
	assert_failed(done_in(tree, &step), PHASE_SELF, 0);
	make_link(tree, REAL "/iommu_group", "nowhere");
	assert_failed(done_in(tree, &step), PHASE_SELF, 0);
	assert_string_equal(read_file(tree, REAL "/driver_override"),
			    "(null)\n");
	/* What takes a step back asks only for the device. */
	step = step_for_card(tree, true, NULL);
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
}

/* Writing. */

static void a_value_is_written_with_a_newline(void **state)
{
	struct step step = step_of(DEVICES GPU "/driver_override", "vfio-pci");

	step.expect = (struct expect){ EXPECT_TEXT, step.path, "vfio-pci" };
	assert_int_equal(done_in(*state, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(*state, REAL "/driver_override"),
			    "vfio-pci\n");
}

static void an_empty_value_is_a_bare_newline(void **state)
{
	struct step step = step_of(DEVICES GPU "/driver_override", "");

	make_file(*state, REAL "/driver_override", "");
	assert_int_equal(done_in(*state, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(*state, REAL "/driver_override"), "\n");
}

static void nothing_is_written_when_the_driver_is_another(void **state)
{
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);

	step.before = (struct expect){ EXPECT_DRIVER, DEVICES GPU "/driver",
				       "nouveau" };
	struct reply reply = done_in(*state, &step);
	assert_failed(reply, PHASE_BEFORE, 0);
	assert_string_equal(reply.detail, "nvidia");
	assert_string_equal(read_file(*state, DRIVERS "nvidia/unbind"), "");
}

static void what_was_written_but_not_seen_is_a_failure(void **state)
{
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);

	step.expect = (struct expect){ EXPECT_DRIVER, DEVICES GPU "/driver",
				       "" };
	struct reply reply = done_in(*state, &step);
	assert_failed(reply, PHASE_EXPECT, 0);
	assert_string_equal(reply.detail, "nvidia");
	assert_string_equal(read_file(*state, DRIVERS "nvidia/unbind"),
			    GPU "\n");
}

static void an_ensured_step_that_holds_writes_nothing(void **state)
{
	struct step step = step_of(DRIVERS "vfio-pci/bind", GPU);

	step.ensure = true;
	step.expect = (struct expect){ EXPECT_DRIVER, DEVICES GPU "/driver",
				       "nvidia" };
	assert_int_equal(done_in(*state, &step).kind, REPLY_KEPT);
	assert_string_equal(read_file(*state, DRIVERS "vfio-pci/bind"), "");
}

static void a_check_only_looks(void **state)
{
	struct step step = { .kind = STEP_CHECK, .path = "", .value = "",
			     .expect = { EXPECT_EXISTS, "/dev/vfio/13", "" } };

	assert_failed(done_in(*state, &step), PHASE_EXPECT, 0);
	make_file(*state, "/dev/vfio/13", "");
	assert_int_equal(done_in(*state, &step).kind, REPLY_DONE);
}

static void an_address_must_be_of_a_device_that_is_there(void **state)
{
	struct step step = step_of("/sys/bus/pci/drivers_probe",
				   "0000:09:00.0");

	assert_failed(done_in(*state, &step), PHASE_WRITE, ENODEV);
	assert_string_equal(read_file(*state, "/sys/bus/pci/drivers_probe"),
			    "");
}

static void a_file_that_is_a_link_is_not_followed(void **state)
{
	struct step step = step_of(DRIVERS "nvidia/bind", GPU);

	make_link(*state, DRIVERS "nvidia/bind", "../../../../../etc/victim");
	assert_failed(done_in(*state, &step), PHASE_WRITE, ELOOP);
	assert_string_equal(read_file(*state, "/etc/victim"), "untouched");
}

static void a_folder_that_leads_out_of_sysfs_is_refused(void **state)
{
	struct step step = step_of(DRIVERS "evil/bind", GPU);

	make_link(*state, DRIVERS "evil", "../../../../etc");
	make_file(*state, "/etc/bind", "untouched");
	assert_failed(done_in(*state, &step), PHASE_WRITE, EXDEV);
	assert_string_equal(read_file(*state, "/etc/bind"), "untouched");
}

#define MTTY_REAL "/sys/devices/virtual/mtty/mtty"

static void make_mtty(struct tree *tree)
{
	make_folder(tree, "/sys/class/mdev_bus");
	make_folder(tree, MTTY_REAL "/mdev_supported_types/mtty-1");
	make_link(tree, MTTY, "../../devices/virtual/mtty/mtty");
	make_file(tree, MTTY_REAL CREATE, "");
}

static void a_class_leads_to_a_device_of_that_name(void **state)
{
	struct step step = step_of(MTTY CREATE, UUID);

	make_mtty(*state);
	assert_int_equal(done_in(*state, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(*state, MTTY_REAL CREATE), UUID "\n");
}

/* A link that stays in the device tree and leads to something else. */
static void a_class_that_leads_to_another_name_is_refused(void **state)
{
	struct step step = step_of(MTTY CREATE, UUID);

	make_mtty(*state);
	make_folder(*state, "/sys/devices/other/mdev_supported_types/mtty-1");
	make_file(*state, "/sys/devices/other" CREATE, "");
	make_link(*state, MTTY, "../../devices/other");
	assert_failed(done_in(*state, &step), PHASE_WRITE, EXDEV);
	assert_string_equal(read_file(*state, "/sys/devices/other" CREATE),
			    "");
	/* …and one that is a link below the right name. */
	make_mtty(*state);
	unlink(in(*state, MTTY_REAL CREATE));
	rmdir(in(*state, MTTY_REAL "/mdev_supported_types/mtty-1"));
	make_link(*state, MTTY_REAL "/mdev_supported_types/mtty-1",
		  "../../../../other");
	make_file(*state, "/sys/devices/other/create", "");
	assert_failed(done_in(*state, &step), PHASE_WRITE, EXDEV);
	assert_string_equal(read_file(*state, "/sys/devices/other/create"),
			    "");
}

static void a_root_that_is_only_a_prefix_is_another_place(void **state)
{
	struct tree *tree = *state;
	struct step step = step_of(DRIVERS "evil/bind", GPU);
	const char *twin = arena_printf(&tree->arena, "%s-twin", tree->root);

	/* The twin's path begins with the root's and goes on otherwise. */
	assert_int_equal(mkdir(twin, 0755), 0);
	make_link(tree, DRIVERS "evil", twin);
	assert_failed(done_in(tree, &step), PHASE_WRITE, EXDEV);
	assert_int_equal(rmdir(twin), 0);
}

static void a_file_is_never_made(void **state)
{
	struct step step = step_of(DRIVERS "nvidia/bind", GPU);

	assert_failed(done_in(*state, &step), PHASE_WRITE, ENOENT);
	assert_string_equal(read_file(*state, DRIVERS "nvidia/bind"),
			    "(absent)");
}

static void the_real_writer_writes_to_sysfs_alone(void **state)
{
	struct writer writer = { .root = "" };
	struct step step = step_of("/dev/null", "x");
	struct reply reply;

	(void)state;
	write_step(&writer, &step, &reply);
	assert_failed(reply, PHASE_WRITE, EXDEV);
}

/* Running. */

static struct step modprobe(const char *a, const char *b)
{
	return (struct step){ .kind = STEP_RUN, .path = "", .value = "",
			      .argv = { "modprobe", a, b } };
}

static void modprobe_is_run_with_just_its_words(void **state)
{
	struct tree *tree = *state;
	struct step step = modprobe("-b", "pci:v000010DE");

	make_file(tree, "/sbin/modprobe",
		  arena_printf(&tree->arena,
			       "#!/bin/sh\necho \"$#:$*:$PATH\" > %s/ran\n",
			       tree->root));
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(tree, "/ran"),
			    "2:-b pci:v000010DE:/usr/sbin:/usr/bin:/sbin:"
			    "/bin\n");
}

static void a_program_that_fails_tells_its_status(void **state)
{
	struct step step = modprobe("vfio-pci", NULL);

	assert_failed(done_in(*state, &step), PHASE_RUN, ENOENT);
	make_file(*state, "/sbin/modprobe", "#!/bin/sh\nexit 3\n");
	struct reply reply = done_in(*state, &step);
	assert_failed(reply, PHASE_RUN, 0);
	assert_string_equal(reply.detail, "3");
}

/* What is allowed at all. */

static void a_node_is_free_when_no_process_holds_it(void **state)
{
	struct tree *tree = *state;
	struct step step = { .kind = STEP_CHECK, .path = "", .value = "",
			     .expect = { EXPECT_FREE, "/dev/dri/card0",
					 "0" } };

	make_folder(tree, "/proc/17/fd");
	make_folder(tree, "/proc/1203/fd");
	make_folder(tree, "/dev/dri");
	make_file(tree, "/proc/1203/comm", "Xorg\n");
	/* A node that is not there is held by nobody. */
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	make_file(tree, "/dev/dri/card0", "");
	make_file(tree, "/dev/dri/card1", "");
	make_link(tree, "/proc/17/fd/3", in(tree, "/dev/dri/card1"));
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	make_link(tree, "/proc/1203/fd/12", in(tree, "/dev/dri/card0"));
	struct reply reply = done_in(tree, &step);
	assert_failed(reply, PHASE_EXPECT, 0);
	assert_string_equal(reply.detail, "Xorg (1203)");
	unlink(in(tree, "/proc/1203/fd/12"));
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
}

static void a_service_is_stopped_by_systemctl_alone(void **state)
{
	struct tree *tree = *state;
	struct step step = { .kind = STEP_RUN, .path = "", .value = "",
			     .argv = { "systemctl", "stop", "gdm.service" } };

	assert_failed(done_in(tree, &step), PHASE_RUN, ENOENT);
	make_folder(tree, "/usr/bin");
	make_file(tree, "/usr/bin/systemctl",
		  "#!/bin/sh\nroot=${0%/usr/bin/systemctl}\n"
		  "printf '%s ' \"$@\" >\"$root/told\"\n");
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(tree, "/told"), "stop gdm.service ");
}

/* Files of configuration. */

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_shown_is_written_to),
		TEST(another_device_in_its_place_is_not_written_to),
		TEST(a_group_that_has_changed_is_not_written_to),
		TEST(a_value_is_written_with_a_newline),
		TEST(an_empty_value_is_a_bare_newline),
		TEST(nothing_is_written_when_the_driver_is_another),
		TEST(what_was_written_but_not_seen_is_a_failure),
		TEST(an_ensured_step_that_holds_writes_nothing),
		TEST(a_check_only_looks),
		TEST(an_address_must_be_of_a_device_that_is_there),
		TEST(a_file_that_is_a_link_is_not_followed),
		TEST(a_folder_that_leads_out_of_sysfs_is_refused),
		TEST(a_class_leads_to_a_device_of_that_name),
		TEST(a_class_that_leads_to_another_name_is_refused),
		TEST(a_root_that_is_only_a_prefix_is_another_place),
		TEST(a_file_is_never_made),
		TEST(the_real_writer_writes_to_sysfs_alone),
		TEST(modprobe_is_run_with_just_its_words),
		TEST(a_program_that_fails_tells_its_status),
		TEST(a_node_is_free_when_no_process_holds_it),
		TEST(a_service_is_stopped_by_systemctl_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
