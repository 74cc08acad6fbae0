// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pages that explain: topics, rules, subjects, walks, lines of the log; and
 * the views of interrupts, units, configuration and log.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "base/text.h"
#include "lib/alter.h"
#include "lib/scenes.h"
#include "model/ability.h"
#include "rule/line.h"
#include "view/explain.h"
#include "view/interrupt.h"
#include "view/label.h"
#include "view/ref.h"
#include "view/symbol.h"
#include "view/topic.h"
#include "view/view.h"
#include "view/walk.h"

static struct arena arena;
static struct buf out;

static int clean(void **state)
{
	(void)state;
	arena_free(&arena);
	buf_free(&out);
	return 0;
}

/* A made machine with a few things changed, and judged anew. */
static struct scene scene_with(const char *machine, const char *edits)
{
	struct scene scene = made_scene(&arena, machine);
	struct system *system = arena_alloc(&arena, sizeof *system);

	*system = *scene.system;
	alter(system, edits);
	scene.system = system;
	scene.findings = rules_judge(system, &arena);
	return scene;
}

static const char *explained(const struct scene *scene, const char *word,
			     unsigned columns)
{
	struct page page;

	page_start(&page, &arena, columns);
	assert_true(explain_page(scene, word, &page));
	buf_reset(&out);
	page_text(&page, false, &out);
	return buf_str(&out);
}

static const char *listed(const struct scene *scene, const char *view)
{
	buf_reset(&out);
	view_text(view_find(view), scene, 0, &out);
	return buf_str(&out);
}

static unsigned lines_of(const char *text)
{
	unsigned count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

#define assert_says(text, part) \
	do { \
		if (!strstr(text, part)) \
			fail_msg("\"%s\" is not in:\n%s", part, text); \
	} while (0)

#define assert_silent(text, part) assert_null(strstr(text, part))

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

/* --- units --- */

static void a_unit_says_in_words_what_it_can(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");
	const char *text = explained(&scene, "iommu:dmar0", 0);

	(void)state;
	assert_says(text, "✓ interrupt remapping");
	assert_says(text, "– posted interrupts");
	assert_says(text, "48 bits");
	assert_says(text, "01:00.0 GeForce RTX 4090");
	/* That it is no emulation is no lack. */
	assert_silent(text, "caching mode");
	scene = scene_with("desktop", "unit ecap ?");
	assert_says(explained(&scene, "iommu:dmar0", 0),
		    "? interrupt remapping");
}

static void every_ability_has_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ABILITY_COUNT; i++) {
		assert_true(strlen(label_ability(i)) > 2);
		assert_true(strlen(label_ability_use(i)) > 8);
		assert_null(strchr(ability_word(i), ' '));
	}
}

static void units_that_nobody_started_are_listed(void **state)
{
	static const struct dmar_unit unit = { .base = 0xfed90000 };
	struct scene scene = made_scene(&arena, "off");
	struct system system = *scene.system;

	(void)state;
	system.host.dmar = (struct dmar){ .known = KNOWN, .units = &unit,
					  .unit_count = 1 };
	scene.system = &system;
	assert_says(listed(&scene, "iommus"), "0xfed90000");
	assert_says(listed(&scene, "iommus"), "not at work");
	system.units_known = UNREAD;
	assert_silent(listed(&scene, "iommus"), "not at work");
}

/* --- interrupts --- */

static void the_view_of_interrupts_says_how_it_stands(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");

	(void)state;
	assert_says(listed(&scene, "interrupts"),
		    "✓ Interrupts are remapped.");
	scene = scene_with("desktop", "irq PCI-MSI-0000:01:00.0 nvidia");
	assert_says(listed(&scene, "interrupts"),
		    "✗ Interrupts are not remapped.");
	scene = scene_with("desktop", "irq ?");
	assert_says(interrupt_summary(&scene, &arena).text,
		    "? Whether interrupts are remapped is not known.");
}

static struct interrupt line_of(const char *number, const char *chip,
				const char *actions, int device)
{
	return (struct interrupt){ .number = number, .chip = chip,
				   .actions = actions, .device = device };
}

static void shared_lines_and_modes_are_told(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");
	struct system system = *scene.system;
	struct bdf gpu = { 0, 1, 0, 0 };
	int device = system_device(&system, gpu);
	struct device *self = &system.devices[device];
	struct config config = *self->config;
	struct interrupt lines[] = {
		line_of("16", "IR-IO-APIC", "i801_smbus, nvidia", device),
		line_of("17", "IR-PCI-MSI-0000:01:00.0", "nvidia", NONE),
	};

	(void)state;
	config.msi_enabled = config.msix_enabled = false;
	config.interrupt_pin = 1;
	self->config = &config;
	self->irq = (struct fact_num){ KNOWN, 16 };
	system.host.interrupts = lines;
	system.host.interrupt_count = 2;
	scene.system = &system;
	assert_true(interrupt_is_shared(&lines[0]));
	assert_false(interrupt_is_shared(&lines[1]));
	assert_string_equal(interrupt_mode(&system, device, &arena).text,
			    "INTA, line 16, shared");
	assert_says(listed(&scene, "interrupts"), "1 line is shared.");
	config.has_msix = config.msix_enabled = true;
	config.msix_vectors = 9;
	lines[1].device = device;
	assert_string_equal(interrupt_mode(&system, device, &arena).text,
			    "MSI-X 1/9");
	config.header = DENIED;
	lines[1].device = NONE;
	assert_string_equal(interrupt_mode(&system, device, &arena).text,
			    "?");
}

static void interrupts_are_posted_only_when_all_can_and_kvm_asks(void **state)
{
	struct scene scene = scene_with("desktop",
				     "unit cap 0x8d2008c40660462");
	struct system system = *scene.system;
	enum known able;

	(void)state;
	system.host.avic = (struct fact_num){ ABSENT, 0 };
	system.host.apicv = (struct fact_num){ KNOWN, 1 };
	assert_int_equal(interrupt_posted(&system, &able), KNOWN);
	system.host.apicv.value = 0;
	assert_int_equal(interrupt_posted(&system, &able), ABSENT);
	assert_int_equal(able, KNOWN);
	system.host.apicv = (struct fact_num){ DENIED, 0 };
	assert_int_equal(interrupt_posted(&system, &able), DENIED);
	scene = made_scene(&arena, "desktop");
	assert_int_equal(interrupt_posted(scene.system, &able), ABSENT);
	scene = made_scene(&arena, "off");
	assert_int_equal(interrupt_posted(scene.system, &able), UNREAD);
}

/* --- configuration --- */

static void every_symbol_has_its_place_once(void **state)
{
	unsigned seen[SYMBOL_COUNT] = {0};

	(void)state;
	for (const struct symbol_use *use = symbol_uses; use->part || use->use;
	     use++) {
		if (use->part)
			continue;
		seen[use->symbol]++;
		if (*use->rule && !rule_find(use->rule))
			fail_msg("%s: no rule %s", symbol_name(use->symbol),
				 use->rule);
	}
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		if (seen[i] != 1)
			fail_msg("%s: %u times", symbol_name(i), seen[i]);
}

static void the_configuration_has_values_or_says_why_not(void **state)
{
	struct scene scene = scene_with("desktop", "cfg VFIO_PCI m");

	(void)state;
	assert_says(listed(&scene, "config"), "m VFIO_PCI ");
	assert_says(listed(&scene, "config"), "/boot/config-");
	scene = scene_with("desktop", "cfg ?");
	assert_says(listed(&scene, "config"), "Not known:");
	assert_says(listed(&scene, "config"), "? VFIO_PCI ");
}

/* --- the log --- */

static void every_kind_of_line_knows_its_rule(void **state)
{
	(void)state;
	for (const struct line_kind *kind = line_kinds; kind->part; kind++) {
		if (*kind->rule && !rule_find(kind->rule))
			fail_msg("%s: no rule %s", kind->part, kind->rule);
		if (!strchr(kind->part, '*'))
			assert_non_null(line_kind_of(kind->part));
	}
}

static void lines_are_known_in_the_wording_of_any_kernel(void **state)
{
	static const struct {
		const char *line, *rule;
	} cases[] = {
		{ "DMAR: [DMA Read NO_PASID] Request device [01:00.0] fault "
		  "addr 0x7f000 [fault reason 0x06] PTE Read access is not "
		  "set", "iommu-faults" },
		{ "DMAR: [DMA Write] Request device [01:00.0] fault addr 0",
		  "iommu-faults" },
		{ "amdgpu 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT "
		  "domain=0x000f address=0x0 flags=0x0000]", "iommu-faults" },
		{ "vfio-pci: probe of 0000:01:00.0 failed with error -22",
		  "dev-vfio-probe-failed" },
		{ "vfio-pci 0000:01:00.0: probe with driver vfio-pci failed "
		  "with error -22", "dev-vfio-probe-failed" },
		{ "vfio_iommu_type1_attach_group: No interrupt remapping "
		  "support.  Use the module param", "no-interrupt-remapping" },
		{ "AMD-Vi: Unknown option - 'on'", "amd-iommu-on-noop" },
		{ "AMD-Vi: Unknown option - 'pt'", "unknown-iommu-param" },
		{ "DMAR-IR: Enabled IRQ remapping in x2apic mode",
		  "no-interrupt-remapping" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct line_kind *kind = line_kind_of(cases[i].line);
		assert_non_null(kind);
		assert_string_equal(kind->rule, cases[i].rule);
	}
	assert_null(line_kind_of("usb 1-1: new high-speed USB device"));
}

static void a_line_names_its_device_in_every_form(void **state)
{
	struct scene scene = made_scene(&arena, "desktop");
	struct bdf gpu = { 0, 1, 0, 0 };
	int device = system_device(scene.system, gpu);

	(void)state;
	assert_int_equal(line_device(scene.system, "DMAR: [DMA Read] Request "
				     "device [01:00.0] fault addr 0"), device);
	assert_int_equal(line_device(scene.system, "AMD-Vi: Event logged "
				     "[IO_PAGE_FAULT device=01:00.0 "
				     "domain=0x1]"), device);
	assert_int_equal(line_device(scene.system, "pci 0000:01:00.0: Adding "
				     "to iommu group 13"), device);
	assert_int_equal(line_device(scene.system, "nothing at 12:30"), NONE);
}

static void faults_are_counted_by_device(void **state)
{
	struct scene scene = scene_with("desktop",
		"log DMAR: [DMA Read] Request device [01:00.0] fault addr 1;"
		"log DMAR: [DMA Write] Request device [01:00.0] fault addr 2;"
		"log DMAR: [DMA Read] Request device [77:00.0] fault addr 3;"
		"log DMAR: Intel(R) Virtualization Technology for Directed "
		"I/O");
	const char *text = listed(&scene, "log");

	(void)state;
	assert_says(text, "2 faults of 01:00.0 GeForce RTX 4090");
	assert_says(text, "1 fault of devices that are not here");
	assert_says(text, "VT-d works: this line proves it");
}

static void a_line_of_the_log_leads_to_its_rule(void **state)
{
	struct scene scene = scene_with("desktop",
		"log DMAR: [DMA Read] Request device [01:00.0] fault addr 1");
	struct rows rows = { .arena = &arena };
	struct page page;

	(void)state;
	view_find("log")->build(&scene, &rows);
	assert_int_equal(rows.count, 1);
	assert_non_null(rows.items[0].open);
	page_start(&page, &arena, 0);
	assert_true(explain_open(&scene, rows.items[0].open, &page));
	buf_reset(&out);
	page_text(&page, false, &out);
	assert_says(buf_str(&out), "fault addr 1");
	assert_says(buf_str(&out), "iommu-faults");
	assert_says(buf_str(&out), "01:00.0 GeForce RTX 4090");
}

static void many_alike_are_told_once_and_counted(void **state)
{
	struct scene scene = scene_with("desktop",
		"log pci 0000:00:00.0: Adding to iommu group 0;"
		"log pci 0000:00:01.0: Adding to iommu group 1;"
		"log pci 0000:00:02.0: Adding to iommu group 2;"
		"log pci 0000:00:14.0: Adding to iommu group 3");
	struct rows rows = { .arena = &arena };

	(void)state;
	view_find("log")->build(&scene, &rows);
	assert_int_equal(rows.count, 2);
	assert_says(listed(&scene, "log"), "(and 2 more)");
}

static void a_log_without_its_beginning_says_so(void **state)
{
	struct scene scene = scene_with("desktop", "log DMAR: IOMMU enabled;"
						"log cut");

	(void)state;
	assert_says(listed(&scene, "log"), "not the whole start");
	scene = scene_with("desktop", "log ?");
	assert_says(listed(&scene, "log"), "Not known:");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, clean)
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
		TEST(a_unit_says_in_words_what_it_can),
		TEST(every_ability_has_words),
		TEST(units_that_nobody_started_are_listed),
		TEST(the_view_of_interrupts_says_how_it_stands),
		TEST(shared_lines_and_modes_are_told),
		TEST(interrupts_are_posted_only_when_all_can_and_kvm_asks),
		TEST(every_symbol_has_its_place_once),
		TEST(the_configuration_has_values_or_says_why_not),
		TEST(every_kind_of_line_knows_its_rule),
		TEST(lines_are_known_in_the_wording_of_any_kernel),
		TEST(a_line_names_its_device_in_every_form),
		TEST(faults_are_counted_by_device),
		TEST(a_line_of_the_log_leads_to_its_rule),
		TEST(many_alike_are_told_once_and_counted),
		TEST(a_log_without_its_beginning_says_so),
	};

	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
