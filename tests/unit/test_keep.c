// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is written down for the next start: plans, and what the model of the
 * kernel's files makes of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "lib/planned.h"
#include "lib/rehearsed.h"
#include "plan/past.h"

static const struct system *machine(struct arena *arena, const char *edits)
{
	return altered(arena, made_desktop, edits);
}

static const struct plan *keep(const struct system *system,
			       const char *address, struct arena *arena)
{
	return planned_for(system, arena, INTENT_KEEP, address);
}

/* All that is kept in files, as text. */
static const char *files(const struct system *system, struct arena *arena)
{
	const struct host *host = &system->host;
	struct buf text = {0};

	for (unsigned i = 0; i < host->override_count; i++)
		buf_printf(&text, "%s=%s\n", host->overrides[i].source,
			   host->overrides[i].text);
	for (unsigned i = 0; i < host->modprobe_count; i++)
		buf_printf(&text, "%s\n", host->modprobe[i].text);
	buf_printf(&text, "%s\n", host->grub_line.known == KNOWN ?
		   host->grub_line.value : "");
	const char *copy = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

#define GIVEN "dev 01:00.0 driver vfio-pci; dev 01:00.1 driver vfio-pci;" \
	      "dev 01:00.0 modules nouveau nvidiafb;" \
	      "dev 01:00.1 modules snd_hda_intel;"
#define BARE "driverctl -; " GIVEN
#define TOOL "driverctl 1; " GIVEN

static const struct row {
	const char *edits, *address;
	const char *after; /* files; the first steps' shell words elsewhere */
} rows[] = {
	/* A file each, named as the device. */
	{ TOOL, "01:00.0",
	  "/etc/driverctl.d/0000:01:00.0=vfio-pci\n"
	  "/etc/driverctl.d/0000:01:00.1=vfio-pci\n\n" },
	/* What is so already is not written again. */
	{ TOOL "override 01:00.0 vfio-pci", "01:00.0",
	  "/etc/driverctl.d/0000:01:00.0=vfio-pci\n"
	  "/etc/driverctl.d/0000:01:00.1=vfio-pci\n\n" },
	/* The host has it back: the word is taken back too. */
	{ "driverctl 1; override 01:00.0 vfio-pci", "01:00.0", "\n" },
	/* Without the tool: ids, and who must wait. */
	{ BARE, "01:00.0",
	  "options vfio-pci ids=10de:2684,10de:22ba\n"
	  "softdep nouveau pre: vfio-pci\nsoftdep nvidiafb pre: vfio-pci\n"
	  "softdep snd_hda_intel pre: vfio-pci\n\n" },
};

static void what_devices_are_is_written_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		const struct system *system =
			machine(&arena, rows[i].edits);
		const struct plan *plan =
			keep(system, rows[i].address, &arena);
		struct transact transact;
		assert_false(plan_is_refused(plan));
		const struct system *after = rehearsed(system, plan, NULL,
						       &transact, &arena);
		assert_int_equal(transact.outcome, OUTCOME_DONE);
		assert_string_equal(files(after, &arena), rows[i].after);
		/* And there is nothing more to do. */
		assert_true(keep(after, rows[i].address,
				 &arena)->done_already);
		arena_free(&arena);
	}
}

static void several_devices_share_one_line(void **state)
{
	struct arena arena = {0};
	const struct system *system = machine(&arena, BARE
		"dev 02:00.0 driver vfio-pci; dev 02:00.0 modules nvme");
	struct transact transact;

	(void)state;
	system = rehearsed(system, keep(system, "02:00.0", &arena), NULL,
			   &transact, &arena);
	assert_string_equal(files(system, &arena),
			    "options vfio-pci ids=144d:a80c\n"
			    "softdep nvme pre: vfio-pci\n\n");
	system = rehearsed(system, keep(system, "01:00.0", &arena), NULL,
			   &transact, &arena);
	assert_non_null(strstr(files(system, &arena),
			       "ids=144d:a80c,10de:2684,10de:22ba\n"));
	/* One goes home: its id goes, the others' stay. */
	int nvme = 0;
	while (system->devices[nvme].class != 0x010802)
		nvme++;
	system->devices[nvme].driver = (struct fact_text){ KNOWN, "nvme" };
	system = rehearsed(system, keep(system, "02:00.0", &arena), NULL,
			   &transact, &arena);
	assert_non_null(strstr(files(system, &arena),
			       "ids=10de:2684,10de:22ba\n"));
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	arena_free(&arena);
}

static void the_initramfs_is_made_anew(void **state)
{
	static const struct { const char *distribution, *line;
	} shells[] = {
		{ "debian", "update-initramfs -u" },
		{ "arch", "mkinitcpio -P" },
		{ "fedora", "dracut -f" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		struct arena arena = {0};
		const struct system *system = machine(&arena, BARE);
		((struct system *)(uintptr_t)system)->host.distribution.value =
			shells[i].distribution;
		const struct plan *plan = keep(system, "01:00.0", &arena);
		assert_int_equal(plan->step_count, 2);
		assert_string_equal(shell_step(plan, 1, &arena),
				    shells[i].line);
		/* Taken back, it is made once more. */
		assert_string_equal(
			shell_line(&plan->steps[0].undo[1], &arena),
			shells[i].line);
		arena_free(&arena);
	}
}

/* --- gates --- */

enum { NO_GATE, SOFT, HARD };

static const struct { const char *id; int kind; const char *edits; } gates[] = {
	{ "keep-ids-elsewhere", HARD, BARE
	  "modprobe options vfio-pci ids=1234:5678" },
	{ "keep-ids-elsewhere", HARD, BARE "cmdline vfio-pci.ids=1234:5678" },
	{ "keep-ids-elsewhere", NO_GATE, TOOL
	  "modprobe options vfio-pci ids=1234:5678" },
	{ "keep-needs-driverctl", HARD, "driverctl -;"
	  "dev 01:00.0 driver pci-stub; dev 01:00.1 driver pci-stub" },
	{ "keep-needs-driverctl", NO_GATE, "driverctl 1;"
	  "dev 01:00.0 driver pci-stub; dev 01:00.1 driver pci-stub" },
	{ "dev-identical-ids", SOFT, BARE "dev 02:00.0 id 0x10de2684" },
	{ "dev-identical-ids", NO_GATE, TOOL "dev 02:00.0 id 0x10de2684" },
	{ "dev-builtin-competitor", SOFT, BARE "dev 01:00.0 builtin 1" },
};

static void what_ids_cannot_tell_apart_is_a_gate(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof gates / sizeof *gates; i++) {
		struct arena arena = {0};
		const struct plan *plan = keep(machine(&arena, gates[i].edits),
					       "01:00.0", &arena);
		int kind = NO_GATE;
		for (unsigned g = 0; g < plan->gate_count; g++)
			if (strcmp(plan->gates[g].id, gates[i].id) == 0)
				kind = plan->gates[g].kind == GATE_HARD ?
					       HARD : SOFT;
		if (kind != gates[i].kind)
			fail_msg("row %zu, %s: %d", i, gates[i].id, kind);
		arena_free(&arena);
	}
}

/* --- taking back --- */

static const struct edit grub = {
	.parameter = "intel_iommu=on", .file = "/etc/default/grub",
	.before = "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"",
	.after = "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"",
	.command = { "update-grub" },
};
static const struct edit grubby = {
	.parameter = "intel_iommu=on",
	.command = { "grubby", "--update-kernel=ALL", "--args=intel_iommu=on" },
	.undo = { "grubby", "--update-kernel=ALL",
		  "--remove-args=intel_iommu=on" },
};

static const struct plan *edit_with(const struct system *system,
				    const struct edit *edit,
				    struct arena *arena)
{
	const struct intent intent = { .kind = INTENT_EDIT, .edit = edit };

	return planned(system, &intent, arena);
}

static const struct system *with_grub(struct arena *arena, const char *edits)
{
	const struct system *system = machine(arena, edits);

	((struct system *)(uintptr_t)system)->host.grub_line =
		(struct fact_text){ KNOWN, grub.before };
	return system;
}

/* Every plan of this kind: undone it leaves nothing, and a fault at any step
 * ends as it began. */
static void check_plan(const struct system *system, const struct plan *plan,
		       struct arena *arena)
{
	const char *before = files(system, arena);
	struct transact transact;
	struct intent undo;
	struct err err = {0};

	assert_true(plan->step_count > 0);
	const struct system *after =
		rehearsed(system, plan, NULL, &transact, arena);
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	const struct past past = past_of_plan(system, plan, 1, 0, arena);
	if (!past_intent(&past, after, arena, &undo, &err))
		fail_msg("%s", err.text);
	const struct plan *back = planned(after, &undo, arena);
	after = rehearsed(after, back, NULL, &transact, arena);
	assert_int_equal(transact.outcome, OUTCOME_DONE);
	assert_string_equal(files(after, arena), before);
	for (unsigned k = 0; k < plan->step_count; k++) {
		const struct rehearse_fault fault = { FAULT_ERRNO, k, EROFS,
						      NULL };
		after = rehearsed(system, plan, &fault, &transact, arena);
		assert_int_equal(transact.outcome, OUTCOME_ROLLED_BACK);
		assert_string_equal(files(after, arena), before);
	}
}

static void every_such_plan_is_taken_back_whole(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct system *system = with_grub(&arena,
							rows[i].edits);
		check_plan(system, keep(system, rows[i].address, &arena),
			   &arena);
	}
	const struct system *system = with_grub(&arena, "");
	const struct plan *plan = edit_with(system, &grub, &arena);
	assert_string_equal(plan->title, "Put intel_iommu=on on the kernel's "
			    "command line");
	check_plan(system, plan, &arena);
	struct transact transact;
	assert_string_equal(files(rehearsed(system, plan, NULL, &transact,
					    &arena), &arena),
			    "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet "
			    "intel_iommu=on\"\n");
	plan = edit_with(system, &grubby, &arena);
	check_plan(system, plan, &arena);
	assert_string_equal(shell_line(plan->steps[0].undo, &arena),
			    "grubby --update-kernel=ALL "
			    "--remove-args=intel_iommu=on");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_devices_are_is_written_down),
		cmocka_unit_test(several_devices_share_one_line),
		cmocka_unit_test(the_initramfs_is_made_anew),
		cmocka_unit_test(what_ids_cannot_tell_apart_is_a_gate),
		cmocka_unit_test(every_such_plan_is_taken_back_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
