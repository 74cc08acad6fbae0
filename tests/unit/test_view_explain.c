// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Explanations: topics, rules, subjects and the walks between devices.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "base/text.h"
#include "lib/scenes.h"
#include "unit/explained.h"
#include "view/explain.h"
#include "view/topic.h"
#include "view/view.h"
#include "view/walk.h"

static unsigned lines_of(const char *text)
{
	unsigned count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* --- topics --- */

static void every_topic_fits_on_a_screen_and_says_something(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");

	(void)state;
	for (const struct topic *topic = topics; topic->id; topic++) {
		const char *text = explained(&scene, topic->id, 80);
		if (lines_of(text) >= 25)
			fail_msg("%s has %u lines", topic->id,
				 lines_of(text));
		assert_says(text, topic->question);
		assert_true(lines_of(text) > 5);
	}
}

static void topics_have_names_of_their_own(void **state)
{
	(void)state;
	for (const struct topic *topic = topics; topic->id; topic++) {
		assert_ptr_equal(topic_find(topic->id), topic);
		assert_null(rule_find(topic->id));
	}
	assert_null(topic_find("nothing"));
}

static void the_list_of_topics_leads_to_each(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");
	struct page page;
	size_t at = 0;

	(void)state;
	page_start(&page, &arena, 0);
	assert_true(explain_page(&scene, "topics", &page));
	for (const struct topic *topic = topics; topic->id; topic++, at++) {
		assert_non_null(page.lines[at].ref);
		assert_true(text_starts(page.lines[at].ref, EXPLAIN_REF));
		assert_string_equal(page.lines[at].ref + strlen(EXPLAIN_REF),
				    topic->id);
	}
}

static void topics_speak_of_the_machine_at_hand(void **state)
{
	static const struct {
		const char *machine, *edits, *topic, *here;
	} cases[] = {
		{ "desktop", "", "interrupt-remapping",
		  "Here: interrupts are remapped" },
		{ "desktop", "irq PCI-MSI-0000:01:00.0 nvidia",
		  "interrupt-remapping", "Here: interrupts are not remapped" },
		{ "shared", "", "acs", "Here: 1 group of 3 holds" },
		{ "desktop", "", "acs", "Here: no group holds" },
		{ "off", "", "dependencies", "Here: there are no groups" },
		{ "desktop", "", "software-iommu", "says that it is hardware" },
		{ "desktop", "unit cap 0xd2008c40660482", "software-iommu",
		  "says that it is emulated" },
		{ "off", "", "software-iommu", "no IOMMU is at work" },
		{ "desktop", "dev 01:00.0 driver uio_pci_generic", "uio",
		  "01:00.0 is on uio_pci_generic" },
		{ "desktop", "cmdline quiet vfio-pci.ids=10de:2684",
		  "vfio-pci-alone", "asks for ids=10de:2684" },
		{ "desktop", "cfg VFIO n", "kvm-vfio", "CONFIG_VFIO is n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene =
			scene_with(cases[i].machine, cases[i].edits);
		assert_says(explained(&scene, cases[i].topic, 0),
			    cases[i].here);
	}
}

static void a_topic_says_nothing_of_what_was_not_read(void **state)
{
	static const struct system nothing;
	const struct findings none = { .system = &nothing };
	struct scene scene = { .system = &nothing, .findings = &none };

	(void)state;
	for (const struct topic *topic = topics; topic->id; topic++)
		assert_silent(explained(&scene, topic->id, 80), "Here:");
}

/* --- rules --- */

static void every_rule_is_explained_on_every_machine(void **state)
{
	(void)state;
	for (const struct made_scene *made = made_scenes; made->name; made++) {
		struct scene scene = made_scene(&arena, made->name);
		for (const struct rule *rule = rule_table(); rule->id;
		     rule++) {
			const char *text = explained(&scene, rule->id, 0);
			assert_says(text, rule->id);
			assert_says(text, rule->well);
			assert_says(text, "On this machine");
		}
	}
}

static void a_rule_that_fails_shows_proof_and_remedy(void **state)
{
	struct scene scene = made_scene(&arena, "off");
	const char *text = explained(&scene, "intel-iommu-default-off", 0);

	(void)state;
	assert_says(text, "What shows it");
	assert_says(text, "intel_iommu=on");
	assert_says(explained(&scene, "dev-sriov-capable", 0),
		    "what it asks about is not here");
}

static void a_rule_leads_to_those_that_explain_it(void **state)
{
	struct scene scene = made_scene(&arena, "off");
	struct page page;
	bool found = false;

	(void)state;
	page_start(&page, &arena, 0);
	assert_true(explain_page(&scene, "no-iommu-groups", &page));
	for (size_t i = 0; i < page.count; i++)
		found |= page.lines[i].ref &&
			 strcmp(page.lines[i].ref, EXPLAIN_REF
				"vtd-disabled-in-firmware") == 0;
	assert_true(found);
}

static void no_line_of_an_explanation_is_too_wide(void **state)
{
	static const char *const words[] = { "group:1", "01:00.0", "acs",
		"iommu:dmar0", "topics", "no-iommu-groups", "line:0" };
	struct scene scene = scene_with("shared", "log DMAR: IOMMU enabled");

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *line = explained(&scene, words[i], 60);
		while (*line) {
			size_t len = strcspn(line, "\n");
			char *copy = arena_copy(&arena, line, len);
			/* Paths and commands are never broken. */
			if (text_width(copy) > 60 && !strchr(copy, '/') &&
			    !strstr(copy, "echo "))
				fail_msg("%s: %s", words[i], copy);
			line += len + (line[len] == '\n');
		}
	}
}

/* --- subjects --- */

static void a_device_is_explained_with_all_its_verdicts(void **state)
{
	struct scene scene = made_scene(&arena, "shared");
	const char *text = explained(&scene, "01:00.0", 0);

	(void)state;
	assert_says(text, "GeForce RTX 3080");
	assert_says(text, "driver     nvidia");
	assert_says(text, "where      below 00:01.0");
	assert_says(text, "group 1: ");
	assert_says(text, "What is well");
	assert_says(text, "explain group:1");
}

static void no_verdict_of_a_subject_is_lost(void **state)
{
	struct scene scene = made_scene(&arena, "shared");
	const char *text = explained(&scene, "group:1", 0);

	(void)state;
	for (unsigned i = 0; i < scene.findings->count; i++) {
		const struct finding *each = &scene.findings->items[i];
		if (each->subject.scope == SCOPE_GROUP &&
		    scene.system->groups[each->subject.index].number == 1 &&
		    each->verdict == VERDICT_FAIL)
			assert_says(text, each->title);
	}
}

static void what_is_not_here_is_not_explained(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");
	struct page page;

	(void)state;
	page_start(&page, &arena, 0);
	assert_false(explain_page(&scene, "09:00.0", &page));
	assert_false(explain_page(&scene, "group:77", &page));
	assert_false(explain_page(&scene, "line:99999", &page));
	assert_false(explain_page(&scene, "nonsense", &page));
	assert_false(explain_knows(&scene, "nonsense"));
	assert_true(explain_knows(&scene, "01:00.0"));
	assert_int_equal(page.count, 0);
}

/* --- walks --- */

static void a_walk_names_each_bridge_and_the_join(void **state)
{
	struct scene scene = made_scene(&arena, "shared");
	const char *text = explained(&scene, "group:1", 0);

	(void)state;
	assert_says(text, "From 01:00.0");
	assert_says(text, "From 02:00.0");
	assert_says(text, "✗ 00:01.0  Root port  does not isolate");
	assert_says(text, "✓ 02:00.0  NVMe  isolates");
	assert_says(text, "joined to 00:01.0");
	assert_says(text, "What would separate them");
	assert_says(text, "It is not recommended");
}

static void a_group_of_one_slot_has_nothing_to_separate(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");
	const char *text = explained(&scene, "group:13", 0);

	(void)state;
	assert_says(text, "One slot: nothing on the way joins it");
	assert_silent(text, "override");
	assert_silent(text, "What would separate them");
}

static void acs_that_was_not_read_isolates_nobody(void **state)
{
	struct topo_step step = { .known = DENIED };

	(void)state;
	assert_says(walk_reason(&step, &arena), "cannot be told");
	assert_string_equal(walk_word(ACS_OFF), "acs-off");
	assert_string_equal(walk_bits(0x1d, &arena), "SV, RR, CR, UF");
	step = (struct topo_step){ .known = KNOWN, .why = ACS_OFF,
				   .missing = 0x0c };
	assert_says(walk_reason(&step, &arena), "RR, CR");
}

/* --- the log --- */

#define TEST(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(every_topic_fits_on_a_screen_and_says_something),
		TEST(topics_have_names_of_their_own),
		TEST(the_list_of_topics_leads_to_each),
		TEST(topics_speak_of_the_machine_at_hand),
		TEST(a_topic_says_nothing_of_what_was_not_read),
		TEST(every_rule_is_explained_on_every_machine),
		TEST(a_rule_that_fails_shows_proof_and_remedy),
		TEST(a_rule_leads_to_those_that_explain_it),
		TEST(no_line_of_an_explanation_is_too_wide),
		TEST(a_device_is_explained_with_all_its_verdicts),
		TEST(no_verdict_of_a_subject_is_lost),
		TEST(what_is_not_here_is_not_explained),
		TEST(a_walk_names_each_bridge_and_the_join),
		TEST(a_group_of_one_slot_has_nothing_to_separate),
		TEST(acs_that_was_not_read_isolates_nobody),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
