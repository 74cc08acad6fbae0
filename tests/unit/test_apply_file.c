// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The few files of the host that the writer makes, changes and removes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "apply/allow.h"
#include "unit/apply_tree.h"

/* Files of configuration. */

#define OWN "/etc/modprobe.d/vfiotop-vfio.conf"
#define GRUB "/etc/default/grub"
#define QUIET "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\""
#define LOUD "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\""
#define IDS "options vfio-pci ids=10de:2684"

static struct step file_step(const char *path, enum expect_kind was,
			     const char *before, enum expect_kind is,
			     const char *after)
{
	return (struct step){
		.kind = STEP_FILE, .path = path, .value = after,
		.before = { was, path, before },
		.expect = { is, path, after }, .deadline_s = 15,
	};
}

static const struct file_row {
	bool allowed;
	const char *path;
	enum expect_kind was;
	const char *before;
	enum expect_kind is;
	const char *after;
} file_rows[] = {
	{ true, OWN, EXPECT_GONE, "", EXPECT_FILE, IDS },
	{ true, OWN, EXPECT_FILE, IDS, EXPECT_GONE, "" },
	{ true, OWN, EXPECT_FILE, IDS, EXPECT_FILE,
	  IDS "\nsoftdep nouveau pre: vfio-pci" },
	{ true, "/etc/driverctl.d/0000:01:00.0", EXPECT_GONE, "", EXPECT_FILE,
	  "vfio-pci" },
	{ true, GRUB, EXPECT_LINE, QUIET, EXPECT_LINE, LOUD },
	{ true, "/etc/kernel/cmdline", EXPECT_LINE, "root=/dev/sda1 quiet",
	  EXPECT_LINE, "root=/dev/sda1 quiet iommu=pt" },
	/* Other files, and ways to them. */
	{ false, "/etc/shadow", EXPECT_GONE, "", EXPECT_FILE, IDS },
	{ false, "/etc/modprobe.d/other.conf", EXPECT_GONE, "", EXPECT_FILE,
	  IDS },
	{ false, "/etc/modprobe.d/vfiotop-.conf", EXPECT_GONE, "", EXPECT_FILE,
	  IDS },
	{ false, "/etc/modprobe.d/vfiotop-a/../../x.conf", EXPECT_GONE, "",
	  EXPECT_FILE, IDS },
	{ false, "/etc/driverctl.d/../shadow", EXPECT_GONE, "", EXPECT_FILE,
	  "vfio-pci" },
	{ false, "/etc/driverctl.d/01:00.0", EXPECT_GONE, "", EXPECT_FILE,
	  "vfio-pci" },
	{ false, "/etc/default/grub.d/x", EXPECT_LINE, QUIET, EXPECT_LINE,
	  LOUD },
	/* What must not stand in them. */
	{ false, OWN, EXPECT_GONE, "", EXPECT_FILE,
	  "install vfio-pci /bin/sh" },
	{ false, OWN, EXPECT_GONE, "", EXPECT_FILE,
	  IDS "\ninstall nvme /bin/sh" },
	{ false, OWN, EXPECT_GONE, "", EXPECT_FILE,
	  "options vfio-pci ids=10de:2684 disable_vga=1" },
	{ false, OWN, EXPECT_GONE, "", EXPECT_FILE, "" },
	{ false, GRUB, EXPECT_LINE, QUIET, EXPECT_LINE,
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"$(id)\"" },
	{ false, GRUB, EXPECT_LINE, QUIET, EXPECT_LINE,
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"`id`\"" },
	{ false, GRUB, EXPECT_LINE, QUIET, EXPECT_LINE,
	  "GRUB_CMDLINE_LINUX_DEFAULT=a id" },
	{ false, GRUB, EXPECT_LINE, QUIET, EXPECT_LINE, QUIET "\nid" },
	{ false, GRUB, EXPECT_LINE, QUIET, EXPECT_LINE, "GRUB_TIMEOUT=0" },
	{ false, GRUB, EXPECT_GONE, "", EXPECT_FILE, QUIET },
	{ false, "/etc/driverctl.d/0000:01:00.0", EXPECT_GONE, "",
	  EXPECT_FILE, "/bin/sh" },
};

static void only_listed_files_are_changed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof file_rows / sizeof *file_rows; i++) {
		const struct file_row *row = &file_rows[i];
		const struct step step = file_step(row->path, row->was,
						   row->before, row->is,
						   row->after);
		if (allow_step(&step, NULL) != row->allowed)
			fail_msg("row %zu: %s: %s", i, row->path, row->after);
	}
	/* Before and after are of one file, and the value is what is seen. */
	struct step step = file_step(OWN, EXPECT_GONE, "", EXPECT_FILE, IDS);
	step.before.path = "/etc/modprobe.d/vfiotop-x.conf";
	assert_false(allow_step(&step, NULL));
	step = file_step(OWN, EXPECT_GONE, "", EXPECT_FILE, IDS);
	step.value = "vfio-pci";
	assert_false(allow_step(&step, NULL));
}

static void a_file_is_made_changed_and_removed(void **state)
{
	struct tree *tree = *state;
	struct step step = file_step(OWN, EXPECT_GONE, "", EXPECT_FILE, IDS);

	make_folder(tree, "/etc/modprobe.d");
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(tree, OWN), IDS "\n");
	/* There is one now. */
	assert_failed(done_in(tree, &step), PHASE_BEFORE, 0);
	step = file_step(OWN, EXPECT_FILE, IDS, EXPECT_FILE, IDS ",1:2");
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(tree, OWN), IDS ",1:2\n");
	assert_string_equal(read_file(tree, OWN ".vfiotop-old"), IDS "\n");
	assert_failed(done_in(tree, &step), PHASE_BEFORE, 0);
	step = file_step(OWN, EXPECT_FILE, IDS ",1:2", EXPECT_GONE, "");
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(tree, OWN), "(absent)");
}

static void one_line_is_changed_and_no_other(void **state)
{
	struct tree *tree = *state;
	struct step step = file_step(GRUB, EXPECT_LINE, QUIET, EXPECT_LINE,
				     LOUD);

	make_folder(tree, "/etc/default");
	make_file(tree, GRUB, "# " QUIET "\n" QUIET "\nGRUB_DEFAULT=0");
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(tree, GRUB),
			    "# " QUIET "\n" LOUD "\nGRUB_DEFAULT=0");
	assert_string_equal(read_file(tree, GRUB ".vfiotop-old"),
			    "# " QUIET "\n" QUIET "\nGRUB_DEFAULT=0");
	/* Not what was read: nothing is written. */
	assert_failed(done_in(tree, &step), PHASE_BEFORE, 0);
	make_file(tree, GRUB, QUIET "\n" QUIET "\n");
	assert_failed(done_in(tree, &step), PHASE_BEFORE, 0);
	assert_string_equal(read_file(tree, GRUB), QUIET "\n" QUIET "\n");
}

static void a_link_to_a_file_or_folder_is_not_followed(void **state)
{
	struct tree *tree = *state;
	struct step step = file_step(GRUB, EXPECT_LINE, QUIET, EXPECT_LINE,
				     LOUD);

	make_folder(tree, "/etc/default");
	make_file(tree, "/etc/victim", QUIET "\n");
	make_link(tree, GRUB, "../victim");
	assert_int_equal(done_in(tree, &step).kind, REPLY_FAILED);
	unlink(in(tree, GRUB));
	assert_int_equal(rmdir(in(tree, "/etc/default")), 0);
	make_folder(tree, "/elsewhere");
	make_file(tree, "/elsewhere/grub", QUIET "\n");
	make_link(tree, "/etc/default", "../elsewhere");
	assert_int_equal(done_in(tree, &step).kind, REPLY_FAILED);
	assert_string_equal(read_file(tree, "/etc/victim"), QUIET "\n");
	assert_string_equal(read_file(tree, "/elsewhere/grub"), QUIET "\n");
	/* One that is prepared for the new file's name is replaced, not
	 * written through. */
	unlink(in(tree, "/etc/default"));
	make_folder(tree, "/etc/default");
	make_file(tree, GRUB, QUIET "\n");
	make_link(tree, "/etc/default/.grub.new", "../victim");
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(tree, "/etc/victim"), QUIET "\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_listed_files_are_changed),
		TEST(a_file_is_made_changed_and_removed),
		TEST(one_line_is_changed_and_no_other),
		TEST(a_link_to_a_file_or_folder_is_not_followed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
