// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is read in the explorer, and what is taken out of it: explanations,
 * help, pages over one another, remedies and plans copied, exports.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "base/text.h"
#include "lib/stage.h"

static void a_command_is_completed_and_given(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, ":");
	type(stage, "gr");
	SEES(stage, ":gr");
	SEES(stage, "groups");
	press(stage, "Tab Enter");
	SEES(stage, "Group");
	ON(stage, "00:00.0");
	command(stage, "01:00.0");
	SEES(stage, "NVIDIA AD102");
	press(stage, "Esc :");
	type(stage, "group:13");
	press(stage, "Enter");
	SEES(stage, "Group 13");
	command(stage, "passthrough");
	SEES(stage, "There is no command, device or group \"passthrough\"");
	command(stage, "iommus");
	SEES(stage, "dmar0");
	end(stage);
}

static void a_word_is_explained_and_completed(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, ":");
	type(stage, "explain interrupt-r");
	SEES(stage, "interrupt-remapping");
	press(stage, "Tab Enter");
	SEES(stage, "What is interrupt remapping");
	SEES(stage, "Here: interrupts are remapped.");
	press(stage, "Esc :");
	type(stage, "explain vfio-not-built");
	press(stage, "Enter");
	SEES(stage, "passes when");
	press(stage, "Esc :");
	type(stage, "explain group:13");
	press(stage, "Enter");
	SEES(stage, "Group 13");
	press(stage, "G");
	SEES(stage, "What is well");
	press(stage, "Esc :");
	type(stage, "explain nonsense");
	press(stage, "Enter");
	SEES(stage, "There is no command, device or group");
	end(stage);
}

static void help_leads_to_the_topics(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "? G");
	SEES(stage, "myths");
	press(stage, "Enter");
	SEES(stage, "What is said, and is not so");
	press(stage, "Esc");
	SEES(stage, "myths");
	end(stage);
}

static void the_chain_leads_to_its_views(void **state)
{
	struct stage *stage = begin("off");

	(void)state;
	press(stage, "Down Down Enter");
	SEES(stage, "IOMMUs");
	press(stage, "1 Down Enter");
	SEES(stage, "Kernel configuration");
	end(stage);
}

static void a_rule_is_opened_from_the_list_of_rules(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, ":");
	type(stage, "rules");
	press(stage, "Enter Down Enter");
	SEES(stage, "wsl-no-iommu  blocker, about the machine");
	SEES(stage, "Nothing: what it asks about is not here.");
	press(stage, "b");
	SEES(stage, "Go to a device or a group first");
	end(stage);
}

static void pages_open_over_one_another_and_close(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "4 Enter");
	SEES(stage, "NVIDIA AD102");
	/* From link to link: the group of the device. */
	press(stage, "Down Enter");
	SEES(stage, "Group 13");
	press(stage, "Esc");
	SEES(stage, "NVIDIA AD102");
	press(stage, "Esc");
	SEES(stage, "Verdict");
	assert_int_equal(press(stage, "Esc"), EFFECT_NONE);
	end(stage);
}

static void a_finding_is_opened_from_the_summary(void **state)
{
	struct stage *stage = begin("off");

	(void)state;
	press(stage, "Down Enter");
	SEES(stage, "intel-iommu-default-off");
	SEES(stage, "What shows it");
	press(stage, "Esc 2 e");
	SEES(stage, "What shows it");
	end(stage);
}

static void a_remedy_is_copied(void **state)
{
	struct stage *stage = begin("off");

	(void)state;
	assert_int_equal(press(stage, "y"), EFFECT_COPY);
	assert_true(text_starts(app_words(stage->app), "update-grub\n"));
	press(stage, "2");
	assert_int_equal(press(stage, "y"), EFFECT_COPY);
	assert_string_equal(app_words(stage->app), "0000:00:00.0");
	end(stage);
}

static void a_plan_is_copied_as_shell(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "4 b");
	assert_int_equal(press(stage, "c"), EFFECT_COPY);
	assert_non_null(strstr(app_words(stage->app),
			       "echo vfio-pci > /sys/bus/pci/devices/"
			       "0000:01:00.0/driver_override\n"));
	end(stage);
}

static void a_capture_goes_where_it_is_told(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "c");
	SEES(stage, "capture to: made.vfiotop.tar.zst");
	app_key(stage->app, 21);
	type(stage, "/tmp/x");
	assert_int_equal(press(stage, "Enter"), EFFECT_CAPTURE);
	assert_string_equal(app_words(stage->app), "/tmp/x");
	press(stage, "c");
	assert_int_equal(press(stage, "Esc"), EFFECT_PAINT);
	end(stage);
}

static void an_export_is_a_page_to_copy_and_to_write(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "7 / 0 1 : 0 0 . 0 Enter E");
	SEES(stage, "export:");
	SEES(stage, "libvirt");
	type(stage, "q");
	press(stage, "Tab");
	SEES(stage, "export: qemu");
	press(stage, "Enter");
	SEES(stage, "host=0000:01:00.0,");
	SEES(stage, "# Options of QEMU");
	assert_int_equal(press(stage, "y"), EFFECT_COPY);
	assert_non_null(strstr(app_words(stage->app), "multifunction=on"));
	/* Another one is of the same devices; this one is written. */
	press(stage, ":");
	type(stage, "export dr");
	press(stage, "Tab Enter");
	SEES(stage, "driverctl set-override 0000:01:00.1 vfio-pci");
	assert_int_equal(command(stage, "export driverctl vm.sh"),
			 EFFECT_WRITE);
	assert_string_equal(app_words(stage->app), "vm.sh");
	assert_true(text_starts(app_handout(stage->app), "# Takes effect"));
	end(stage);
}

static void what_cannot_be_exported_says_why(void **state)
{
	struct stage *stage = begin("desktop");

	(void)state;
	press(stage, "7 / 0 0 : 0 1 . 0 Enter E");
	type(stage, "qemu");
	press(stage, "Enter");
	SEES(stage, "is a bridge");
	press(stage, "E");
	type(stage, "horses");
	press(stage, "Enter");
	SEES(stage, "One of: qemu");
	end(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_is_completed_and_given),
		cmocka_unit_test(a_word_is_explained_and_completed),
		cmocka_unit_test(help_leads_to_the_topics),
		cmocka_unit_test(the_chain_leads_to_its_views),
		cmocka_unit_test(a_rule_is_opened_from_the_list_of_rules),
		cmocka_unit_test(pages_open_over_one_another_and_close),
		cmocka_unit_test(a_finding_is_opened_from_the_summary),
		cmocka_unit_test(a_remedy_is_copied),
		cmocka_unit_test(a_plan_is_copied_as_shell),
		cmocka_unit_test(a_capture_goes_where_it_is_told),
		cmocka_unit_test(an_export_is_a_page_to_copy_and_to_write),
		cmocka_unit_test(what_cannot_be_exported_says_why),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
