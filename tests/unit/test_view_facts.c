// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What units can do, how interrupts stand, how the kernel is configured, and
 * what its log says, each with what it means.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "lib/scenes.h"
#include "model/ability.h"
#include "rule/line.h"
#include "unit/explained.h"
#include "view/explain.h"
#include "view/interrupt.h"
#include "view/label.h"
#include "view/symbol.h"
#include "view/view.h"

static const char *listed(const struct scene *scene, const char *view)
{
	buf_reset(&out);
	view_text(view_find(view), scene, 0, &out);
	return buf_str(&out);
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

#define TEST(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
	static const struct CMUnitTest tests[] = {
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
