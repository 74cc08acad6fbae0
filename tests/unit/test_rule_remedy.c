// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The remedy "change a kernel parameter", per boot loader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/alter.h"
#include "lib/machine.h"
#include "rule/engine.h"

/* A machine that lacks intel_iommu=on, or has =off, and its boot loader. */
struct row {
	const char *edits;
	const char *says;	/* in the first remedy's text */
	const char *command;	/* one of its commands; NULL: any */
};

static const struct row adding[] = {
	{ "", "/etc/default/grub", "update-grub" },
	{ "host grub_line GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"",
	  "/etc/default/grub",
	  "+ GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"" },
	{ "host grub_line GRUB_CMDLINE_LINUX_DEFAULT=\"\"",
	  "/etc/default/grub",
	  "+ GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=on\"" },
	{ "host grub_line GRUB_CMDLINE_LINUX_DEFAULT='a b'",
	  "/etc/default/grub",
	  "+ GRUB_CMDLINE_LINUX_DEFAULT='a b intel_iommu=on'" },
	{ "trace none; trace default-grub; host distribution arch; "
	  "cmdline BOOT_IMAGE=/vmlinuz-linux quiet",
	  "/etc/default/grub", "grub-mkconfig -o /boot/grub/grub.cfg" },
	{ "trace none; trace default-grub; host distribution "
	  "opensuse-tumbleweed",
	  "/etc/default/grub", "grub2-mkconfig -o /boot/grub2/grub.cfg" },
	{ "trace grubby; host distribution fedora", "intel_iommu=on",
	  "grubby --update-kernel=ALL --args=\"intel_iommu=on\"" },
	{ "trace ostree", "intel_iommu=on",
	  "rpm-ostree kargs --append-if-missing=\"intel_iommu=on\"" },
	{ "trace nixos", "boot.kernelParams",
	  "boot.kernelParams = [ \"intel_iommu=on\" ];" },
	{ "trace proxmox; trace kernel-cmdline; "
	  "cmdline initrd=\\EFI\\proxmox\\initrd.img root=ZFS=rpool",
	  "/etc/kernel/cmdline", "proxmox-boot-tool refresh" },
	{ "trace proxmox; trace kernel-cmdline; "
	  "cmdline BOOT_IMAGE=/boot/vmlinuz",
	  "/etc/default/grub", "update-grub" },
	{ "trace none; trace kernel-cmdline; host distribution arch; "
	  "host kernel_line root=/dev/sda2 rw",
	  "/etc/kernel/cmdline", "+ root=/dev/sda2 rw intel_iommu=on" },
	{ "trace none; trace kernel-cmdline; host distribution arch",
	  "/etc/kernel/cmdline", "mkinitcpio -P" },
	{ "trace none; trace bls", "/boot/loader/entries", NULL },
	{ "trace none; host distribution pop; trace kernel-cmdline",
	  "intel_iommu=on", "kernelstub -a \"intel_iommu=on\"" },
	{ "trace none; host distribution -", "/etc/default/grub", NULL },
	{ "trace none; host distribution -; cmdline initrd=\\initramfs.img "
	  "root=/dev/sda2", "efibootmgr", NULL },
};

static const struct row removing[] = {
	{ "", "/etc/default/grub", "update-grub" },
	{ "host grub_line GRUB_CMDLINE_LINUX_DEFAULT=\"quiet "
	  "intel_iommu=off splash\"",
	  "/etc/default/grub",
	  "+ GRUB_CMDLINE_LINUX_DEFAULT=\"quiet splash\"" },
	{ "host grub_line GRUB_CMDLINE_LINUX_DEFAULT=\"quiet "
	  "intel_iommu=off\"",
	  "/etc/default/grub",
	  "+ GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"" },
	{ "host grub_line GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=off\"",
	  "/etc/default/grub", "+ GRUB_CMDLINE_LINUX_DEFAULT=\"\"" },
	/* Not in this line: it must come from elsewhere. */
	{ "host grub_line GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=offx\"",
	  "take intel_iommu=off out", NULL },
	{ "trace grubby", "intel_iommu=off",
	  "grubby --update-kernel=ALL --remove-args=\"intel_iommu=off\"" },
	/* As it is written, or the line would not be found. */
	{ "cmdline quiet intel-iommu=off,sm_on; host grub_line "
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel-iommu=off,sm_on\"",
	  "/etc/default/grub",
	  "+ GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel-iommu=sm_on\"" },
	/* Not every word that ends so is it. */
	{ "cmdline intel_iommu=off intel_iommu=igfx_off; host grub_line "
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=off quiet\"",
	  "/etc/default/grub", "+ GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"" },
	{ "trace ostree", "intel_iommu=off",
	  "rpm-ostree kargs --delete=\"intel_iommu=off\"" },
};

/* Of iommu=pt,off only the one word goes. */
static const struct row part[] = {
	{ "", "iommu=pt,off (all but iommu=pt)", "update-grub" },
	{ "host grub_line GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt,off\"",
	  "/etc/default/grub",
	  "+ GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt\"" },
	{ "trace grubby", "iommu=pt,off",
	  "grubby --update-kernel=ALL --remove-args=\"iommu=pt,off\" "
	  "--args=\"iommu=pt\"" },
	{ "trace ostree", "iommu=pt,off",
	  "rpm-ostree kargs --delete=\"iommu=pt,off\" "
	  "--append-if-missing=\"iommu=pt\"" },
	{ "trace nixos", "boot.kernelParams",
	  "boot.kernelParams = [ \"iommu=pt\" ];" },
	{ "trace none; host distribution pop; trace kernel-cmdline; "
	  "cmdline iommu=off,pt", "iommu=off,pt (all but iommu=pt)",
	  "kernelstub -d \"iommu=off,pt\" -a \"iommu=pt\"" },
};

static bool has_command(const struct remedy *remedy, const char *command)
{
	for (unsigned i = 0; i < remedy->command_count; i++)
		if (strcmp(remedy->commands[i], command) == 0)
			return true;
	return false;
}

static void check(const struct row *row, const char *machine, const char *rule)
{
	static const struct subject whole = { SCOPE_SYSTEM, 0 };
	struct arena arena = {0};
	struct system *system = (struct system *)(uintptr_t)made_machine(
		&arena, made_desktop);

	alter(system, machine);
	alter(system, row->edits);
	const struct finding *found =
		findings_of(rules_judge(system, &arena), rule, whole);
	assert_non_null(found);
	assert_int_equal(found->verdict, VERDICT_FAIL);
	assert_true(found->remedy_count > 0);
	const struct remedy *remedy = &found->remedies[0];
	if (!strstr(remedy->text, row->says))
		fail_msg("\"%s\": %s", row->edits, remedy->text);
	if (row->command && !has_command(remedy, row->command)) {
		for (unsigned i = 0; i < remedy->command_count; i++)
			print_error("  %s\n", remedy->commands[i]);
		fail_msg("\"%s\": not %s", row->edits, row->command);
	}
	arena_free(&arena);
}

static void a_parameter_is_added_the_loaders_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof adding / sizeof *adding; i++)
		check(&adding[i], "groups -; cfg INTEL_IOMMU_DEFAULT_ON n",
		      "intel-iommu-default-off");
}

static void a_parameter_is_removed_the_loaders_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof removing / sizeof *removing; i++)
		check(&removing[i], "groups -; cmdline intel_iommu=off",
		      "intel-iommu-off-param");
}

static void of_a_parameter_only_the_word_is_removed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		check(&part[i], "groups -; cmdline iommu=pt,off",
		      "cmdline-iommu-off");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_parameter_is_added_the_loaders_way),
		cmocka_unit_test(a_parameter_is_removed_the_loaders_way),
		cmocka_unit_test(of_a_parameter_only_the_word_is_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
