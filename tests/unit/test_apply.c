// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The writer against a tree of plain files that stands for sysfs.  A pipe
 * with a name is a write that blocks, and whoever reads it is the kernel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/allow.h"
#include "apply/child.h"
#include "apply/serve.h"
#include "apply/write.h"
#include "plan/self.h"

#define GPU "0000:01:00.0"
#define DEVICES "/sys/bus/pci/devices/"
#define DRIVERS "/sys/bus/pci/drivers/"
#define REAL "/sys/devices/pci0000:00/" GPU

enum { PATIENCE_MS = 20000 };

struct tree {
	struct arena arena;
	char root[PATH_MAX];
};

static const char *in(struct tree *tree, const char *path)
{
	return arena_printf(&tree->arena, "%s%s", tree->root, path);
}

static void make_folder(struct tree *tree, const char *path)
{
	char *full = arena_printf(&tree->arena, "%s%s", tree->root, path);

	for (char *at = full + strlen(tree->root) + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		mkdir(full, 0755);
		*at = '/';
	}
	assert_true(mkdir(full, 0755) == 0 || errno == EEXIST);
}

static void make_file(struct tree *tree, const char *path, const char *text)
{
	int file = open(in(tree, path), O_WRONLY | O_CREAT | O_TRUNC, 0755);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	close(file);
}

static void make_link(struct tree *tree, const char *path, const char *to)
{
	unlink(in(tree, path));
	assert_int_equal(symlink(to, in(tree, path)), 0);
}

static const char *read_file(struct tree *tree, const char *path)
{
	char text[512];
	int file = open(in(tree, path), O_RDONLY);

	if (file < 0)
		return "(absent)";
	ssize_t len = read(file, text, sizeof text - 1);
	close(file);
	assert_true(len >= 0);
	return arena_copy(&tree->arena, text, (size_t)len);
}

static int set_up(void **state)
{
	struct tree *tree = test_calloc(1, sizeof *tree);
	const char *base = getenv("TMPDIR");
	char made[PATH_MAX];

	snprintf(made, sizeof made, "%s/vfiotop-apply-XXXXXX",
		 base ? base : "/tmp");
	assert_non_null(mkdtemp(made));
	assert_non_null(realpath(made, tree->root));
	make_folder(tree, REAL "/power");
	make_folder(tree, DEVICES);
	make_folder(tree, DRIVERS "nvidia");
	make_folder(tree, DRIVERS "vfio-pci");
	make_folder(tree, "/dev/vfio");
	make_folder(tree, "/sbin");
	make_folder(tree, "/etc");
	make_link(tree, DEVICES GPU,
		  "../../../devices/pci0000:00/" GPU);
	make_link(tree, REAL "/driver", "../../../bus/pci/drivers/nvidia");
	make_file(tree, REAL "/driver_override", "(null)\n");
	make_file(tree, REAL "/sriov_numvfs", "");
	make_file(tree, REAL "/reset", "");
	make_file(tree, REAL "/power/control", "");
	make_file(tree, DRIVERS "nvidia/unbind", "");
	make_file(tree, DRIVERS "vfio-pci/bind", "");
	make_file(tree, "/sys/bus/pci/drivers_probe", "");
	make_file(tree, "/etc/victim", "untouched");
	*state = tree;
	return 0;
}

static int remove_one(const char *path, const struct stat *info, int type,
		      struct FTW *where)
{
	(void)info;
	(void)type;
	(void)where;
	return remove(path);
}

static int tear_down(void **state)
{
	struct tree *tree = *state;

	nftw(tree->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	arena_free(&tree->arena);
	test_free(tree);
	return 0;
}

static struct writer writer_in(const struct tree *tree)
{
	return (struct writer){ .root = tree->root, .settle_ms = 0 };
}

static struct step step_of(const char *path, const char *value)
{
	return (struct step){
		.kind = STEP_WRITE, .path = path, .value = value,
		.before = { EXPECT_NOTHING, "", "" },
		.expect = { EXPECT_NOTHING, "", "" },
		.deadline_s = 1,
	};
}

static struct reply done_in(struct tree *tree, const struct step *step)
{
	struct writer writer = writer_in(tree);
	struct reply reply;

	write_step(&writer, step, &reply);
	return reply;
}

static void assert_failed(struct reply reply, enum phase phase, int errnum)
{
	assert_int_equal(reply.kind, REPLY_FAILED);
	assert_int_equal(reply.phase, phase);
	assert_int_equal(reply.errnum, errnum);
}

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

#define MTTY "/sys/class/mdev_bus/mtty"
#define MTTY_REAL "/sys/devices/virtual/mtty/mtty"
#define CREATE "/mdev_supported_types/mtty-1/create"
#define UUID "01234567-89ab-cdef-0123-456789abcdef"

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

static void only_listed_paths_and_values_are_written(void **state)
{
	static const struct { const char *path, *value; bool good; } cases[] = {
		{ DEVICES GPU "/driver_override", "vfio-pci", true },
		{ DEVICES GPU "/driver_override", "", true },
		{ DEVICES GPU "/driver_override", "-b", false },
		{ DEVICES GPU "/driver_override", "a b", false },
		{ DEVICES GPU "/driver_override", "../x", false },
		{ DEVICES GPU "/driver_override", "a\nb", false },
		{ DEVICES "01:00.0/driver_override", "x", false },
		{ DEVICES "0000:01:00.8/driver_override", "x", false },
		{ DEVICES "../" GPU "/driver_override", "x", false },
		{ DEVICES GPU "/../x/driver_override", "x", false },
		{ DEVICES GPU "//driver_override", "x", false },
		{ DEVICES GPU "/driver_override/", "x", false },
		{ DEVICES GPU "/config", "x", false },
		{ DEVICES GPU "/remove", "1", false },
		{ DEVICES GPU "/rom", "1", false },
		{ DEVICES GPU "/driver/unbind", GPU, true },
		{ DEVICES GPU "/driver/unbind", "0000:02:00.0", false },
		{ DEVICES GPU "/sriov_numvfs", "4", true },
		{ DEVICES GPU "/sriov_numvfs", "-1", false },
		{ DEVICES GPU "/sriov_numvfs", "1000000", false },
		{ DEVICES GPU "/sriov_drivers_autoprobe", "0", true },
		{ DEVICES GPU "/sriov_drivers_autoprobe", "2", false },
		{ DEVICES GPU "/d3cold_allowed", "0", false },
		{ MTTY CREATE, UUID, true },
		{ MTTY CREATE, "1", false },
		{ MTTY "/mdev_supported_types/../create", UUID, false },
		{ MTTY "/../mdev_supported_types/mtty-1/create", UUID,
		  false },
		{ MTTY "/mdev_supported_types/create", UUID, false },
		{ MTTY "/uevent", UUID, false },
		{ "/sys/class/mtty/mtty" CREATE, UUID, false },
		{ DEVICES GPU "/reset", "1", true },
		{ DEVICES GPU "/reset", "0", false },
		{ DEVICES GPU "/power/control", "auto", true },
		{ DEVICES GPU "/power/control", "off", false },
		{ DEVICES GPU "/mdev_supported_types/i915-GVTg_V5_4/create",
		  "01234567-89ab-cdef-0123-456789abcdef", true },
		{ DEVICES GPU "/mdev_supported_types/x/create", "1", false },
		{ "/sys/bus/mdev/devices/01234567-89ab-cdef-0123-456789abcdef"
		  "/remove", "1", true },
		{ "/sys/bus/mdev/devices/0123/remove", "1", false },
		{ "/sys/class/vtconsole/vtcon1/bind", "0", true },
		{ "/sys/class/vtconsole/vtcon1/bind", "1", true },
		{ "/sys/class/vtconsole/vtcon1/bind", "2", false },
		{ "/sys/class/vtconsole/vtcon1/bind", "", false },
		{ "/sys/class/vtconsole/vtcon1/uevent", "0", false },
		{ "/sys/class/vtconsole/vtcon/bind", "0", false },
		{ "/sys/class/vtconsole/vtconx/bind", "0", false },
		{ "/sys/class/vtconsole/../vtcon1/bind", "0", false },
		{ DRIVERS "nvidia/bind", GPU, true },
		{ DRIVERS "nvidia/unbind", "10000:e1:00.0", true },
		{ DRIVERS "nvidia/bind", "01:00.0", false },
		{ DRIVERS "nvidia/bind", "0000:01:00.0 ", false },
		{ DRIVERS "nvidia/new_id", "10de 2684", false },
		{ DRIVERS "../../../kernel/bind", GPU, false },
		{ DRIVERS "a/b/bind", GPU, false },
		{ DRIVERS "/bind", GPU, false },
		{ "/sys/bus/pci/drivers_probe", GPU, true },
		{ "/sys/bus/pci/rescan", "1", false },
		{ "/etc/passwd", "x", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct step step = step_of(cases[i].path, cases[i].value);
		struct err err;
		if (allow_step(&step, &err) != cases[i].good)
			fail_msg("%s <- %s", cases[i].path, cases[i].value);
	}
}

static void only_modprobe_and_services_are_run(void **state)
{
	static const struct { const char *argv[4]; bool good; } cases[] = {
		{ { "modprobe", "vfio-pci" }, true },
		{ { "modprobe", "-b", "pci:v0000d0000" }, true },
		{ { "modprobe", "-r" }, false },
		{ { "modprobe", "-r", "nvidia" }, false },
		{ { "modprobe", "-b", "usb:v1" }, false },
		{ { "modprobe", "-b", "pci:v*" }, false },
		{ { "modprobe", "-C/tmp/x" }, false },
		{ { "modprobe", "a", "b" }, false },
		{ { "modprobe", "../x" }, false },
		{ { "modprobe" }, false },
		{ { "/tmp/modprobe", "vfio-pci" }, false },
		{ { "sh", "-c", "true" }, false },
		{ { "systemctl", "stop", "display-manager.service" }, true },
		{ { "systemctl", "start", "nvidia-persistenced.service" },
		  true },
		{ { "systemctl", "stop", "getty@tty1.service" }, true },
		{ { "systemctl", "kill", "gdm.service" }, false },
		{ { "systemctl", "mask", "gdm.service" }, false },
		{ { "systemctl", "--now", "gdm.service" }, false },
		{ { "systemctl", "stop", "gdm" }, false },
		{ { "systemctl", "stop", "*.service" }, false },
		{ { "systemctl", "stop", "/etc/x.service" }, false },
		{ { "systemctl", "stop", "../x.service" }, false },
		{ { "systemctl", "stop", "-H.service" }, false },
		{ { "systemctl", "stop", "a b.service" }, false },
		{ { "systemctl", "stop", "reboot.target" }, false },
		{ { "systemctl", "stop", ".service" }, false },
		{ { "systemctl", "stop" }, false },
		{ { "systemctl", "reboot" }, false },
		{ { "/bin/systemctl", "stop", "gdm.service" }, false },
		{ { "systemctl", "reset-failed", "gdm.service" }, false },
		{ { "update-grub" }, true },
		{ { "update-grub", "-x" }, false },
		{ { "update-initramfs", "-u" }, true },
		{ { "update-initramfs", "-d" }, false },
		{ { "dracut", "-f" }, true },
		{ { "dracut", "-f", "/etc/passwd" }, false },
		{ { "grub-mkconfig", "-o", "/boot/grub/grub.cfg" }, true },
		{ { "grub-mkconfig", "-o", "/etc/passwd" }, false },
		{ { "grubby", "--update-kernel=ALL", "--args=iommu=pt" },
		  true },
		{ { "grubby", "--update-kernel=ALL", "--args=" }, false },
		{ { "grubby", "--update-kernel=ALL", "--args=a b" }, false },
		{ { "grubby", "--remove-kernel=ALL", "--args=a" }, false },
		{ { "grubby", "--update-kernel=ALL", "--initrd=/x" }, false },
		{ { "rpm-ostree", "kargs", "--append-if-missing=iommu=pt" },
		  true },
		{ { "rpm-ostree", "kargs", "--delete=iommu=pt" }, true },
		{ { "rpm-ostree", "rebase", "--delete=x" }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct step step = { .kind = STEP_RUN, .path = "",
				     .value = "" };
		memcpy(step.argv, cases[i].argv, sizeof step.argv);
		if (allow_step(&step, NULL) != cases[i].good)
			fail_msg("case %zu", i);
	}
}

static struct step unload_of(const char *module, const char *path,
			     const char *value)
{
	return (struct step){
		.kind = STEP_RUN, .path = "", .value = "",
		.argv = { "modprobe", "-r", module },
		.before = { EXPECT_SPARE, path, value },
		.expect = { EXPECT_UNLOADED, path, "" },
	};
}

#define SPARE "nvidia 0000:01:00.0"

/* Those whose unload is refused while they are in use, and are shown to be
 * of no use. */
static void only_spare_modules_of_the_list_are_unloaded(void **state)
{
	static const struct {
		const char *module, *path, *value;
		bool good;
	} cases[] = {
		{ "nvidia", "/sys/module/nvidia", SPARE, true },
		{ "nvidia_drm", "/sys/module/nvidia_drm", SPARE, true },
		{ "i915", "/sys/module/i915", "i915 0000:00:02.0", true },
		{ "nvidia", "/sys/module/nvidia", SPARE " 0000:02:00.0",
		  true },
		{ "nvidia", "/sys/module/nvidia_drm", SPARE, false },
		{ "nvidia", "/sys/module/nvidia", "nvidia", false },
		{ "nvidia", "/sys/module/nvidia", "", false },
		{ "nvidia", "/sys/module/nvidia", "nvidia ", false },
		{ "nvidia", "/sys/module/nvidia", "nvidia 01:00.0", false },
		{ "nvidia", "/sys/module/nvidia", "../x 0000:01:00.0",
		  false },
		{ "nvidia", "/sys/module/../nvidia", SPARE, false },
		{ "amdgpu", "/sys/module/amdgpu", "amdgpu 0000:01:00.0",
		  false },
		{ "nvme", "/sys/module/nvme", "nvme 0000:01:00.0", false },
		{ "-f", "/sys/module/-f", SPARE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct step step = unload_of(cases[i].module, cases[i].path,
					     cases[i].value);
		if (allow_step(&step, NULL) != cases[i].good)
			fail_msg("case %zu", i);
	}
	struct step step = unload_of("nvidia", "/sys/module/nvidia", SPARE);
	step.before = (struct expect){ EXPECT_NOTHING, "", "" };
	assert_false(allow_step(&step, NULL));
	step = unload_of("nvidia", "/sys/module/nvidia", SPARE);
	step.expect = (struct expect){ EXPECT_NOTHING, "", "" };
	assert_false(allow_step(&step, NULL));
}

static void only_listed_paths_are_looked_at(void **state)
{
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);

	(void)state;
	step.expect = (struct expect){ EXPECT_DRIVER, DEVICES GPU "/driver",
				       "" };
	assert_true(allow_step(&step, NULL));
	step.expect = (struct expect){ EXPECT_TEXT, "/etc/shadow", "root" };
	assert_false(allow_step(&step, NULL));
	step.expect.path = DEVICES GPU "/config";
	assert_false(allow_step(&step, NULL));
	step.expect.kind = EXPECT_NOTHING;
	step.before = (struct expect){ EXPECT_EXISTS, "/root/.ssh", "" };
	assert_false(allow_step(&step, NULL));
}

static void only_nodes_of_devices_are_waited_for(void **state)
{
	static const struct { const char *path, *seconds; bool good; } cases[] = {
		{ "/dev/dri/card0", "20", true },
		{ "/dev/dri/renderD128", "0", true },
		{ "/dev/nvidia0", "20", true },
		{ "/dev/nvidiactl", "20", true },
		{ "/dev/nvidia-modeset", "20", true },
		{ "/dev/snd/controlC1", "300", true },
		{ "/dev/kfd", "1", true },
		{ "/dev/dri/card0", "301", false },
		{ "/dev/dri/card0", "", false },
		{ "/dev/dri/card0", "1s", false },
		{ "/dev/sda", "1", false },
		{ "/dev/dri/../sda", "1", false },
		{ "/etc/shadow", "1", false },
		{ "/dev/vfio/13", "1", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct step step = {
			.kind = STEP_CHECK, .path = "", .value = "",
			.expect = { EXPECT_FREE, cases[i].path,
				    cases[i].seconds },
		};
		if (allow_step(&step, NULL) != cases[i].good)
			fail_msg("case %zu: %s", i, cases[i].path);
	}
	/* A node is waited for, and nothing else of it is looked at. */
	struct step step = { .kind = STEP_CHECK, .path = "", .value = "",
			     .expect = { EXPECT_TEXT, "/dev/dri/card0", "" } };
	assert_false(allow_step(&step, NULL));
}

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

/* Mapped and closed, by a name of the host's or of a container. */
static void a_node_that_is_mapped_is_not_free(void **state)
{
	struct tree *tree = *state;
	struct step step = { .kind = STEP_CHECK, .path = "", .value = "",
			     .expect = { EXPECT_FREE, "/dev/dri/card0",
					 "0" } };
	struct stat node, other;
	char line[256];

	make_folder(tree, "/proc/1203/fd");
	make_folder(tree, "/proc/1203/map_files");
	make_folder(tree, "/dev/dri");
	make_file(tree, "/proc/1203/comm", "Xorg\n");
	make_file(tree, "/dev/dri/card0", "");
	make_file(tree, "/dev/dri/card1", "");
	assert_int_equal(stat(in(tree, "/dev/dri/card0"), &node), 0);
	assert_int_equal(stat(in(tree, "/dev/dri/card1"), &other), 0);
	snprintf(line, sizeof line,
		 "00400000-0040b000 r-xp 00000000 fe:00 12   /usr/bin/prog\n"
		 "7f00000-7f01000 rw-p 00000000 00:00 0 \n"
		 "7f02000-7f03000 rw-s 10001000 %02x:%02x %lu   /dev/x\n",
		 major(other.st_dev), minor(other.st_dev),
		 (unsigned long)other.st_ino);
	make_file(tree, "/proc/1203/maps", line);
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	make_link(tree, "/proc/1203/map_files/7f02000-7f03000",
		  in(tree, "/dev/dri/card0"));
	struct reply reply = done_in(tree, &step);
	assert_failed(reply, PHASE_EXPECT, 0);
	assert_string_equal(reply.detail, "Xorg (1203)");
	unlink(in(tree, "/proc/1203/map_files/7f02000-7f03000"));
	snprintf(line, sizeof line,
		 "7f02000-7f03000 rw-s 10001000 %02x:%02x %lu   /dev/x",
		 major(node.st_dev), minor(node.st_dev),
		 (unsigned long)node.st_ino);
	make_file(tree, "/proc/1203/maps", line);
	assert_failed(done_in(tree, &step), PHASE_EXPECT, 0);
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

/* In use, or with a card that is not among those: nothing is run. */
static void a_module_goes_only_when_it_is_spare(void **state)
{
	struct tree *tree = *state;
	struct step step = unload_of("nvidia", "/sys/module/nvidia", SPARE);

	make_folder(tree, "/sbin");
	make_folder(tree, "/sys/module/nvidia");
	make_file(tree, "/sbin/modprobe",
		  "#!/bin/sh\nroot=${0%/sbin/modprobe}\n"
		  "printf '%s ' \"$@\" >\"$root/told\"\n"
		  "rm -r \"$root/sys/module/nvidia\"\n");
	assert_failed(done_in(tree, &step), PHASE_BEFORE, 0);
	make_file(tree, "/sys/module/nvidia/refcnt", "2\n");
	struct reply reply = done_in(tree, &step);
	assert_failed(reply, PHASE_BEFORE, 0);
	assert_string_equal(reply.detail, "2");
	make_file(tree, "/sys/module/nvidia/refcnt", "0\n");
	make_folder(tree, DRIVERS "nvidia/0000:01:00.0");
	make_folder(tree, DRIVERS "nvidia/0000:02:00.0");
	reply = done_in(tree, &step);
	assert_failed(reply, PHASE_BEFORE, 0);
	assert_string_equal(reply.detail, "0000:02:00.0");
	assert_int_equal(access(in(tree, "/told"), F_OK), -1);
	rmdir(in(tree, DRIVERS "nvidia/0000:02:00.0"));
	assert_int_equal(done_in(tree, &step).kind, REPLY_DONE);
	assert_string_equal(read_file(tree, "/told"), "-r nvidia ");
	/* What is gone is not asked to go. */
	step.ensure = true;
	assert_int_equal(done_in(tree, &step).kind, REPLY_KEPT);
	make_file(tree, "/sbin/modprobe", "#!/bin/sh\nexit 0\n");
	make_folder(tree, "/sys/module/nvidia");
	make_file(tree, "/sys/module/nvidia/refcnt", "0\n");
	assert_failed(done_in(tree, &step), PHASE_EXPECT, 0);
}

/* The conversation. */

struct talk {
	pid_t pid;
	int to, from;
};

static struct talk start_talk(struct tree *tree, int deadline_ms,
			      unsigned settle_ms)
{
	struct talk talk;
	int there[2], back[2];

	assert_int_equal(pipe2(there, O_CLOEXEC), 0);
	assert_int_equal(pipe2(back, O_CLOEXEC), 0);
	talk.pid = fork();
	if (talk.pid == 0) {
		struct writer writer = writer_in(tree);
		writer.settle_ms = settle_ms;
		close(there[1]);
		close(back[0]);
		_exit(serve(&writer, there[0], back[1], deadline_ms));
	}
	close(there[0]);
	close(back[1]);
	talk.to = there[1];
	talk.from = back[0];
	return talk;
}

static struct reply hear(const struct talk *talk)
{
	struct pollfd ready = { talk->from, POLLIN, 0 };
	struct reply reply;
	char line[512];
	size_t len = 0;

	for (;;) {
		if (poll(&ready, 1, PATIENCE_MS) != 1)
			fail_msg("no answer");
		assert_int_equal(read(talk->from, line + len, 1), 1);
		if (line[len] == '\n')
			break;
		assert_true(++len < sizeof line);
	}
	line[len] = '\0';
	if (!wire_parse_reply(line, &reply))
		fail_msg("no reply: %s", line);
	return reply;
}

static void tell_line(const struct talk *talk, const char *line)
{
	assert_int_equal(write(talk->to, line, strlen(line)), strlen(line));
}

static void tell(const struct talk *talk, const struct step *step)
{
	struct buf line = {0};

	wire_step(&line, step);
	buf_putc(&line, '\n');
	tell_line(talk, buf_str(&line));
	buf_free(&line);
}

static void end_talk(const struct talk *talk)
{
	int status;

	close(talk->to);
	assert_int_equal(waitpid(talk->pid, &status, 0), talk->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(talk->from);
}

static void steps_are_answered_one_by_one(void **state)
{
	struct talk talk = start_talk(*state, PATIENCE_MS, 0);
	struct step step = step_of(DEVICES GPU "/driver_override", "vfio-pci");

	assert_int_equal(hear(&talk).kind, REPLY_READY);
	tell(&talk, &step);
	assert_int_equal(hear(&talk).kind, REPLY_DONE);
	step.path = "/etc/victim";
	tell(&talk, &step);
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	tell_line(&talk, "rm\t-rf\n");
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	tell_line(&talk, "\n");
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	end_talk(&talk);
	assert_string_equal(read_file(*state, "/etc/victim"), "untouched");
}

static void a_line_without_end_is_refused_as_one(void **state)
{
	struct talk talk = start_talk(*state, PATIENCE_MS, 0);
	struct step step = step_of(DEVICES GPU "/driver_override", "x");

	assert_int_equal(hear(&talk).kind, REPLY_READY);
	for (unsigned i = 0; i < 3 * WIRE_LINE / 16; i++)
		tell_line(&talk, "0123456789abcdef");
	tell_line(&talk, "\n");
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	tell(&talk, &step);
	assert_int_equal(hear(&talk).kind, REPLY_DONE);
	end_talk(&talk);
}

static void a_write_that_blocks_is_stuck_and_stops_everything(void **state)
{
	struct talk talk = start_talk(*state, 50, 0);
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);
	struct step other = step_of(DEVICES GPU "/driver_override", "x");
	char value[64] = "";

	unlink(in(*state, DRIVERS "nvidia/unbind"));
	assert_int_equal(mkfifo(in(*state, DRIVERS "nvidia/unbind"), 0600), 0);
	assert_int_equal(hear(&talk).kind, REPLY_READY);
	tell(&talk, &step);
	struct reply reply = hear(&talk);
	assert_int_equal(reply.kind, REPLY_STUCK);
	assert_true(reply.pid > 1);
	assert_true(reply.ms >= 50);
	tell(&talk, &other);
	assert_failed(hear(&talk), PHASE_REFUSED, 0);

	/* The kernel lets go after all. */
	int fifo = open(in(*state, DRIVERS "nvidia/unbind"), O_RDONLY);
	assert_true(read(fifo, value, sizeof value) > 0);
	assert_string_equal(value, GPU "\n");
	assert_int_equal(hear(&talk).kind, REPLY_RETURNED);
	tell(&talk, &other);
	assert_failed(hear(&talk), PHASE_REFUSED, 0);
	close(fifo);
	end_talk(&talk);
	assert_string_equal(read_file(*state, REAL "/driver_override"),
			    "(null)\n");
}

static void a_stuck_step_does_not_keep_the_writer(void **state)
{
	struct talk talk = start_talk(*state, 50, 0);
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);

	unlink(in(*state, DRIVERS "nvidia/unbind"));
	assert_int_equal(mkfifo(in(*state, DRIVERS "nvidia/unbind"), 0600), 0);
	assert_int_equal(hear(&talk).kind, REPLY_READY);
	tell(&talk, &step);
	assert_int_equal(hear(&talk).kind, REPLY_STUCK);
	end_talk(&talk);
	/* Let the one that waits go. */
	int fifo = open(in(*state, DRIVERS "nvidia/unbind"),
			O_RDONLY | O_NONBLOCK);
	struct pollfd ready = { fifo, POLLIN, 0 };
	poll(&ready, 1, PATIENCE_MS);
	close(fifo);
}

/* A driver that takes the device a moment after it was told to. */
static pid_t start_kernel(struct tree *tree)
{
	pid_t pid = fork();

	if (pid == 0) {
		char value[64];
		int fifo = open(in(tree, DRIVERS "vfio-pci/bind"), O_RDONLY);
		while (read(fifo, value, sizeof value) > 0)
			;
		make_link(tree, REAL "/driver",
			  "../../../bus/pci/drivers/vfio-pci");
		_exit(0);
	}
	return pid;
}

static void what_comes_a_moment_later_is_waited_for(void **state)
{
	struct talk talk = start_talk(*state, PATIENCE_MS, PATIENCE_MS);
	struct step step = step_of(DRIVERS "vfio-pci/bind", GPU);

	unlink(in(*state, DRIVERS "vfio-pci/bind"));
	assert_int_equal(mkfifo(in(*state, DRIVERS "vfio-pci/bind"), 0600), 0);
	pid_t kernel = start_kernel(*state);
	step.before = (struct expect){ EXPECT_DRIVER, DEVICES GPU "/driver",
				       "nvidia" };
	step.expect = (struct expect){ EXPECT_DRIVER, DEVICES GPU "/driver",
				       "vfio-pci" };
	assert_int_equal(hear(&talk).kind, REPLY_READY);
	tell(&talk, &step);
	assert_int_equal(hear(&talk).kind, REPLY_DONE);
	waitpid(kernel, NULL, 0);
	end_talk(&talk);
}

static void a_child_that_dies_is_a_failure(void **state)
{
	struct tree *tree = *state;
	struct step step = step_of(DRIVERS "nvidia/unbind", GPU);
	struct writer writer = writer_in(tree);
	struct child child = {0};
	const int spare[2] = { -1, -1 };
	struct reply reply;

	unlink(in(tree, DRIVERS "nvidia/unbind"));
	assert_int_equal(mkfifo(in(tree, DRIVERS "nvidia/unbind"), 0600), 0);
	assert_true(child_start(&child, &writer, &step, spare));
	assert_int_equal(kill(child.pid, SIGKILL), 0);
	assert_true(child_wait(&child, PATIENCE_MS, &reply));
	assert_failed(reply, PHASE_WRITE, EIO);
}

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

/* The program that is run makes the kernel stumble. */
static void an_oops_ends_everything(void **state)
{
	struct tree *tree = *state;
	static const char *const counts[] = { "/sys/kernel/oops_count",
					      "/proc/sys/kernel/tainted" };
	static const char *const after[] = { "3", "128" };

	make_folder(tree, "/sys/kernel");
	make_folder(tree, "/proc/sys/kernel");
	for (size_t i = 0; i < 2; i++) {
		const struct step load = {
			.kind = STEP_RUN, .path = "", .value = "",
			.argv = { "modprobe", "nouveau" }, .deadline_s = 10,
			.before = { EXPECT_NOTHING, "", "" },
			.expect = { EXPECT_NOTHING, "", "" },
		};
		make_file(tree, counts[i], "0\n");
		make_file(tree, "/sbin/modprobe",
			  arena_printf(&tree->arena,
				       "#!/bin/sh\necho %s >%s%s\n",
				       after[i], tree->root, counts[i]));
		struct talk talk = start_talk(tree, PATIENCE_MS, 0);
		assert_int_equal(hear(&talk).kind, REPLY_READY);
		tell(&talk, &load);
		struct reply reply = hear(&talk);
		assert_int_equal(reply.kind, REPLY_STUCK);
		assert_int_equal(reply.pid, 0);
		tell(&talk, &load);
		assert_failed(hear(&talk), PHASE_REFUSED, 0);
		end_talk(&talk);
		unlink(in(tree, counts[i]));
	}
}

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
		TEST(only_listed_paths_and_values_are_written),
		TEST(only_modprobe_and_services_are_run),
		TEST(only_spare_modules_of_the_list_are_unloaded),
		TEST(a_module_goes_only_when_it_is_spare),
		TEST(only_listed_paths_are_looked_at),
		TEST(only_nodes_of_devices_are_waited_for),
		TEST(a_node_is_free_when_no_process_holds_it),
		TEST(a_node_that_is_mapped_is_not_free),
		TEST(a_service_is_stopped_by_systemctl_alone),
		TEST(steps_are_answered_one_by_one),
		TEST(a_line_without_end_is_refused_as_one),
		TEST(a_write_that_blocks_is_stuck_and_stops_everything),
		TEST(a_stuck_step_does_not_keep_the_writer),
		TEST(what_comes_a_moment_later_is_waited_for),
		TEST(a_child_that_dies_is_a_failure),
		TEST(an_oops_ends_everything),
		TEST(only_listed_files_are_changed),
		TEST(a_file_is_made_changed_and_removed),
		TEST(one_line_is_changed_and_no_other),
		TEST(a_link_to_a_file_or_folder_is_not_followed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
