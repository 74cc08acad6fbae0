// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Views as text, commands as a table, references, labels, verdicts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "base/text.h"
#include "lib/machine.h"
#include "lib/scenes.h"
#include "model/topo.h"
#include "view/chain.h"
#include "view/command.h"
#include "view/label.h"
#include "view/ref.h"
#include "view/verdict.h"
#include "view/view.h"
#include "view/view_finding.h"

static struct arena arena;
static struct buf out;

static int clean(void **state)
{
	(void)state;
	arena_free(&arena);
	buf_free(&out);
	return 0;
}

static int at(const struct scene *scene, const char *text)
{
	struct bdf address;

	assert_true(bdf_parse(text, &address));
	return system_device(scene->system, address);
}

static const char *text_of(const char *machine, const char *view,
			   unsigned columns)
{
	struct scene scene = made_scene(&arena, machine);

	buf_reset(&out);
	view_text(view_find(view), &scene, columns, &out);
	return buf_str(&out);
}

static void a_list_as_text_is_what_the_screen_shows(void **state)
{
	(void)state;
	const char *text = text_of("desktop", "groups", 0);
	assert_non_null(strstr(text, "Group"));
	assert_non_null(strstr(text, "GeForce RTX 4090"));
	assert_non_null(strstr(text, "⛁ /"));
	text = text_of("desktop", "tree", 0);
	assert_non_null(strstr(text, "\n00:01.0"));
	assert_non_null(strstr(text, "\n  01:00.0"));
}

static void no_line_of_text_is_wider_than_asked_for(void **state)
{
	(void)state;
	for (unsigned i = 0; view_at(i); i++) {
		const char *line = text_of("shared", view_at(i)->id, 70);
		while (*line) {
			size_t len = strcspn(line, "\n");
			char *copy = arena_copy(&arena, line, len);
			/* Commands are never broken. */
			if (!strstr(copy, "  echo ") &&
			    text_width(copy) > 70)
				fail_msg("%s: %s", view_at(i)->id, copy);
			line += len + (line[len] == '\n');
		}
	}
}

static void an_empty_list_says_why(void **state)
{
	(void)state;
	assert_non_null(strstr(text_of("off", "groups", 0),
			       "There are no IOMMU groups"));
}

static void a_list_that_could_not_be_read_says_so(void **state)
{
	struct scene scene = made_scene(&arena, "off");
	struct system system = *scene.system;

	(void)state;
	system.groups_known = DENIED;
	scene.system = &system;
	buf_reset(&out);
	view_text(&view_groups, &scene, 0, &out);
	assert_non_null(strstr(buf_str(&out), "Not known"));
	assert_null(strstr(buf_str(&out), "There are no"));
}

static void tabs_have_the_digits_in_order(void **state)
{
	(void)state;
	for (unsigned i = 0; i < VIEW_TABS; i++) {
		assert_int_equal(view_at(i)->digit, '1' + (int)i);
		char key[2] = { view_at(i)->digit, '\0' };
		enum command_id id = command_of_name(view_at(i)->id);
		assert_int_not_equal(id, COMMAND_NONE);
		assert_string_equal(commands[id].keys, key);
	}
}

static void every_view_is_a_command(void **state)
{
	(void)state;
	for (unsigned i = 0; view_at(i); i++)
		assert_int_not_equal(command_of_name(view_at(i)->id),
				     COMMAND_NONE);
}

static void no_key_means_two_things_in_one_place(void **state)
{
	(void)state;
	for (int i = 0; i < COMMAND_COUNT; i++)
		for (int j = 0; j < i; j++) {
			const char *keys = commands[i].keys;
			assert_string_not_equal(commands[i].name,
						commands[j].name);
			if (!(commands[i].where & commands[j].where))
				continue;
			for (int stroke; (stroke = stroke_take(&keys));)
				if (stroke_is_among(stroke, commands[j].keys))
					fail_msg("%s and %s", commands[i].name,
						 commands[j].name);
		}
}

static void every_command_says_what_it_does(void **state)
{
	(void)state;
	for (int i = 0; i < COMMAND_COUNT; i++) {
		size_t len = strlen(commands[i].help);
		assert_true(len > 5 && commands[i].help[len - 1] == '.');
	}
}

static void what_is_not_possible_says_why(void **state)
{
	struct scene scene = made_scene(&arena, "off");
	struct situation situation = { .scene = &scene, .where = WHERE_LIST };

	(void)state;
	assert_non_null(command_refusal(COMMAND_BIND, &situation));
	situation.ref = "0000:01:00.0";
	const char *why = command_refusal(COMMAND_BIND, &situation);
	assert_non_null(why);
	assert_non_null(strstr(why, "no IOMMU groups"));
	assert_null(command_refusal(COMMAND_MARK, &situation));
	assert_non_null(command_refusal(COMMAND_CONFIRM, &situation));
	scene = made_scene(&arena, "desktop");
	assert_null(command_refusal(COMMAND_BIND, &situation));
	assert_non_null(command_refusal(COMMAND_WAKE, &situation));
	situation.busy = true;
	assert_non_null(command_refusal(COMMAND_BIND, &situation));
}

static void a_reference_outlives_the_reading(void **state)
{
	struct scene desktop = made_scene(&arena, "desktop");
	struct scene shared = made_scene(&arena, "shared");
	const struct finding *finding;
	struct subject subject = { SCOPE_DEVICE, at(&desktop, "01:00.0") };
	char ref[REF_TEXT];

	(void)state;
	assert_string_equal(ref_print(desktop.system, subject, NULL, ref),
			    "0000:01:00.0");
	assert_true(ref_find(&shared, ref, &subject, &finding));
	assert_int_equal(subject.index, at(&shared, "01:00.0"));
	assert_null(finding);
	assert_true(ref_find(&shared, "group:1", &subject, &finding));
	assert_int_equal(subject.scope, SCOPE_GROUP);
	assert_false(ref_find(&shared, "group:99", &subject, &finding));
	assert_false(ref_find(&shared, "0000:09:00.0", &subject, &finding));
	assert_false(ref_find(&shared, "system no-such-rule", &subject,
			      &finding));
	assert_false(ref_find(&shared, "", &subject, &finding));
}

static void names_are_short_where_a_person_knows_them(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");
	int gpu = at(&scene, "01:00.0");

	(void)state;
	assert_string_equal(label_device(&scene, gpu, &arena),
			    "01:00.0 GeForce RTX 4090");
	assert_string_equal(label_full_name(&scene, gpu, &arena),
			    "NVIDIA AD102 [GeForce RTX 4090]");
	assert_string_equal(label_kind(&scene.system->devices[gpu]), "VGA");
	assert_string_equal(
		label_kind(&scene.system->devices[at(&scene, "00:01.0")]),
		"Root port");
	scene.names = NULL;
	assert_string_equal(label_name(&scene, gpu, &arena), "10de:2684");
}

static void a_gpu_is_dark_only_when_every_output_is_known(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");

	(void)state;
	assert_true(label_is_dark(scene.system, at(&scene, "01:00.0")));
	assert_false(label_is_dark(scene.system, at(&scene, "00:02.0")));
	assert_false(label_is_dark(scene.system, at(&scene, "02:00.0")));
	scene = made_scene(&arena, "user");
	assert_false(label_is_dark(scene.system, at(&scene, "01:00.0")));
}

static void fitness_follows_the_findings(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");
	const struct finding *reasons[4];
	unsigned count;

	(void)state;
	assert_int_equal(verdict_fitness(&scene, at(&scene, "01:00.0"),
					 reasons, 4, &count), FITNESS_READY);
	assert_int_equal(verdict_fitness(&scene, at(&scene, "00:02.0"),
					 reasons, 4, &count),
			 FITNESS_BLOCKED);
	assert_true(count > 0);
	assert_string_equal(reasons[0]->rule, "dev-display-active");
	scene = made_scene(&arena, "off");
	assert_int_equal(verdict_fitness(&scene, at(&scene, "01:00.0"),
					 reasons, 4, &count),
			 FITNESS_BLOCKED);
	assert_string_equal(reasons[0]->rule, "intel-iommu-default-off");
	scene = made_scene(&arena, "user");
	assert_int_equal(verdict_fitness(&scene, at(&scene, "01:00.0"),
					 reasons, 4, &count),
			 FITNESS_UNKNOWN);
	scene = made_scene(&arena, "shared");
	assert_int_equal(verdict_fitness(&scene, at(&scene, "01:00.1"),
					 reasons, 4, &count),
			 FITNESS_NEEDS_WORK);
}

static enum mark mark_of(const struct chain_link *links, unsigned count,
			 const char *label)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(links[i].label, label) == 0)
			return links[i].mark;
	fail_msg("no link %s", label);
	return MARK_NONE;
}

static void the_chain_breaks_where_the_cause_is(void **state)
{
	struct chain_link links[CHAIN_MAX];
	struct scene scene = made_scene(&arena, "off");
	unsigned count = chain_make(&scene, &arena, links);

	(void)state;
	assert_int_equal(mark_of(links, count, "Firmware offers VT-d"),
			 MARK_GOOD);
	assert_int_equal(mark_of(links, count, "Kernel told to"), MARK_BAD);
	assert_int_equal(mark_of(links, count, "Groups"), MARK_BAD);
	scene = made_scene(&arena, "gpus");
	count = chain_make(&scene, &arena, links);
	assert_int_equal(mark_of(links, count, "Firmware offers AMD-Vi"),
			 MARK_GOOD);
	assert_int_equal(mark_of(links, count, "Kernel told to"), MARK_GOOD);
}

static void a_source_that_was_not_read_is_no_verdict(void **state)
{
	struct scene scene = made_scene(&arena, "off");
	struct chain_link links[CHAIN_MAX];
	struct system system = *scene.system;

	(void)state;
	scene.system = &system;
	system.groups_known = system.units_known = UNREAD;
	system.host.cmdline.known = DENIED;
	system.host.tables_known = DENIED;
	system.host.table_count = 0;
	system.host.kconfig.known = ABSENT;
	system.host.interrupts_known = UNREAD;
	system.host.cpu_flags.known = UNREAD;
	system.host.kvm.known = UNREAD;
	system.vfio.pci_driver.known = UNREAD;
	system.host.vfio_module.known = UNREAD;
	/* A whole log tells of each group; one without its beginning may not. */
	system.host.log.complete = false;
	unsigned count = chain_make(&scene, &arena, links);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(links[i].mark, MARK_UNKNOWN);
	system.host.log.complete = true;
	count = chain_make(&scene, &arena, links);
	unsigned bad = 0;
	for (unsigned i = 0; i < count; i++)
		bad += links[i].mark == MARK_BAD;
	assert_int_equal(bad, 1);
}

/* People send the log for what it refuses. */
static void a_log_that_refuses_a_device_is_the_headline(void **state)
{
	static const struct made_device card[] = {
		{ "01:00.0", 0x030000, 0x10de2206, "vfio-pci", 1,
		  PCIE_LEGACY_ENDPOINT, true, 0, false, 0, 0 },
		{ 0 },
	};
	static const struct made_scene made = {
		"log", card, "devices ?;devices log;groups ?;"
		"log pci 0000:01:00.0: Adding to iommu group 1;"
		"log vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xc0000000]",
	};
	struct scene scene = made_scene_of(&arena, &made);
	struct system whole = *scene.system;

	(void)state;
	assert_int_not_equal(findings_overall(scene.findings, NULL),
			     OVERALL_BLOCKED);
	buf_reset(&out);
	view_text(&view_summary, &scene, 0, &out);
	const char *text = buf_str(&out);
	assert_ptr_equal(strstr(text, "✗ By the kernel log, 01:00.0 cannot be "
				      "passed through."), text + 1);
	const char *cause = strstr(text, "Somebody holds part of its memory");
	assert_true(cause && cause < strstr(text, "CPU can virtualise"));
	assert_non_null(strstr(text, "keep the kernel from setting it up"));
	assert_non_null(strstr(text, "maybe not of all."));
	buf_reset(&out);
	view_text(view_find("findings"), &scene, 0, &out);
	assert_true(strstr(buf_str(&out), "✗ ") < strstr(buf_str(&out), "? "));
	/* Any other machine has devices that the host needs. */
	whole.devices_logged = false;
	scene.system = &whole;
	assert_null(verdict_logged_first(&scene));
}

static const char *proof_of(const struct chain_link *links, unsigned count,
			    const char *label)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(links[i].label, label) == 0)
			return links[i].proof;
	fail_msg("no link %s", label);
	return NULL;
}

static void the_chain_names_the_log_where_it_told(void **state)
{
	static const struct {
		const char *machine, *label, *file;
	} links_of[] = {
		{ "desktop", "Groups", "in /sys/kernel/iommu_groups" },
		{ "off", "Kernel told to", "in /proc/cmdline" },
	};
	struct chain_link links[CHAIN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof links_of / sizeof *links_of; i++) {
		const char *label = links_of[i].label;
		struct scene scene = made_scene(&arena, links_of[i].machine);
		struct system system = *scene.system;
		unsigned count = chain_make(&scene, &arena, links);
		assert_non_null(strstr(proof_of(links, count, label),
				       links_of[i].file));
		scene.system = &system;
		system.groups_known = UNREAD;
		system.host.logged_facts |= LOGGED_CMDLINE;
		count = chain_make(&scene, &arena, links);
		assert_non_null(strstr(proof_of(links, count, label),
				       "in the kernel log"));
	}
}

static void a_report_has_title_why_proof_and_remedy(void **state)
{
	struct scene scene = made_scene(&arena, "off");
	const struct finding *cause = findings_cause(scene.findings);

	(void)state;
	assert_non_null(cause);
	buf_reset(&out);
	report_finding(&scene, cause, 0, &out);
	assert_non_null(strstr(buf_str(&out), cause->title));
	assert_non_null(strstr(buf_str(&out), cause->rule));
	assert_non_null(strstr(buf_str(&out), "/proc/cmdline"));
	assert_non_null(strstr(buf_str(&out), "update-grub"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_as_text_is_what_the_screen_shows),
		cmocka_unit_test(no_line_of_text_is_wider_than_asked_for),
		cmocka_unit_test(an_empty_list_says_why),
		cmocka_unit_test(a_list_that_could_not_be_read_says_so),
		cmocka_unit_test(tabs_have_the_digits_in_order),
		cmocka_unit_test(every_view_is_a_command),
		cmocka_unit_test(no_key_means_two_things_in_one_place),
		cmocka_unit_test(every_command_says_what_it_does),
		cmocka_unit_test(what_is_not_possible_says_why),
		cmocka_unit_test(a_reference_outlives_the_reading),
		cmocka_unit_test(names_are_short_where_a_person_knows_them),
		cmocka_unit_test(a_gpu_is_dark_only_when_every_output_is_known),
		cmocka_unit_test(fitness_follows_the_findings),
		cmocka_unit_test(the_chain_breaks_where_the_cause_is),
		cmocka_unit_test(a_source_that_was_not_read_is_no_verdict),
		cmocka_unit_test(a_log_that_refuses_a_device_is_the_headline),
		cmocka_unit_test(the_chain_names_the_log_where_it_told),
		cmocka_unit_test(a_report_has_title_why_proof_and_remedy),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, clean);
}
