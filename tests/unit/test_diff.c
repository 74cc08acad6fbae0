// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "model/diff.h"

/* A board with two slots below one another's bus numbers: two GPUs of one
 * kind, a NIC, and the second slot's bus. */
static const struct made_device early[] = {
	{ "00:01.0", 0x060400, 0x80861901, "pcieport", 1, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:02.0", 0x060400, 0x80861902, "pcieport", 2, PCIE_ROOT_PORT,
	  false, 2, true, 0x1f, 0x1d },
	{ "01:00.0", 0x030000, 0x10de2684, "nvidia", 13, PCIE_ENDPOINT, true,
	  0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x10de22ba, "snd_hda_intel", 13, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "02:00.0", 0x030000, 0x10de2684, "nvidia", 14, PCIE_ENDPOINT, false,
	  0, false, 0, 0 },
	{ 0 },
};

/* The same with a card before them: buses and groups are counted anew. */
static const struct made_device later[] = {
	{ "00:00.1", 0x060400, 0x80861900, "pcieport", 1, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:01.0", 0x060400, 0x80861901, "pcieport", 2, PCIE_ROOT_PORT,
	  false, 2, true, 0x1f, 0x1d },
	{ "00:02.0", 0x060400, 0x80861902, "pcieport", 3, PCIE_ROOT_PORT,
	  false, 3, true, 0x1f, 0x1d },
	{ "01:00.0", 0x020000, 0x80861533, "igb", 15, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "02:00.0", 0x030000, 0x10de2684, "nvidia", 16, PCIE_ENDPOINT, true,
	  0, false, 0, 0 },
	{ "02:00.1", 0x040300, 0x10de22ba, "snd_hda_intel", 16, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "03:00.0", 0x030000, 0x10de2684, "nvidia", 17, PCIE_ENDPOINT, false,
	  0, false, 0, 0 },
	{ 0 },
};

static struct system *place(struct system *system)
{
	for (unsigned i = 0; i < system->device_count; i++)
		system->devices[i].path_known = true;
	return system;
}

/* The differences as lines: "kind subject fact name: from -> to". */
static const char *lines_of(const struct diff *diff, struct arena *arena)
{
	struct buf text = {0};

	for (unsigned i = 0; i < diff->count; i++) {
		const struct difference *each = &diff->items[i];
		char subject[SUBJECT_TEXT];
		buf_printf(&text, "%s %s %s%s%s: %s -> %s\n",
			   difference_word(each->kind),
			   difference_subject(diff, each, subject),
			   each->fact, *each->name ? " " : "", each->name,
			   each->from ? each->from : "-",
			   each->to ? each->to : "-");
	}
	const char *copy = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

static void check(const struct made_device *table, const char *before,
		  const char *after, const char *wanted)
{
	struct arena arena = {0};
	struct diff diff = diff_make(altered(&arena, table, before),
				     altered(&arena, table, after), NULL, NULL,
				     &arena);

	assert_string_equal(lines_of(&diff, &arena), wanted);
	arena_free(&arena);
}

static void a_machine_is_like_itself(void **state)
{
	(void)state;
	check(made_desktop, "", "", "");
	check(made_desktop, "dev 01:00.0 config ?", "dev 01:00.0 config ?",
	      "");
}

static void a_card_that_moved_is_the_same_card(void **state)
{
	struct arena arena = {0};
	struct diff diff = diff_make(place(altered(&arena, early, "")),
				     place(altered(&arena, later, "")), NULL,
				     NULL, &arena);

	(void)state;
	/* Two GPUs of one kind: where they sit tells them apart. */
	assert_string_equal(lines_of(&diff, &arena),
		"moved 0000:02:00.0 device: 0000:01:00.0 -> 0000:02:00.0\n"
		"moved 0000:02:00.1 device: 0000:01:00.1 -> 0000:02:00.1\n"
		"moved 0000:03:00.0 device: 0000:02:00.0 -> 0000:03:00.0\n"
		"appeared 0000:00:00.1 device: - -> 8086:1900\n"
		"appeared 0000:01:00.0 device: - -> 8086:1533\n"
		"moved group:2 group: 1 -> 2\n"
		"moved group:3 group: 2 -> 3\n"
		"moved group:16 group: 13 -> 16\n"
		"moved group:17 group: 14 -> 17\n");
	arena_free(&arena);
}

static void without_places_a_kind_that_is_as_many_is_told_by_order(void **state)
{
	struct arena arena = {0};
	const struct system *before = altered(&arena, early, "");
	const struct system *after = altered(&arena, later, "");
	const int *match = diff_match(before, after, &arena);

	(void)state;
	for (unsigned i = 0; i < before->device_count; i++) {
		assert_int_not_equal(match[i], NONE);
		assert_int_equal(before->devices[i].device,
				 after->devices[match[i]].device);
	}
	arena_free(&arena);
}

static void a_serial_number_finds_its_card_in_another_slot(void **state)
{
	struct arena arena = {0};
	struct system *before = place(altered(&arena, early, ""));
	struct system *after = place(altered(&arena, early, ""));
	struct config a = { .ecaps = KNOWN, .has_serial = true, .serial = 1 };
	struct config b = { .ecaps = KNOWN, .has_serial = true, .serial = 2 };
	int first = 2, second = 4;

	(void)state;
	before->devices[first].config = after->devices[second].config = &a;
	before->devices[second].config = after->devices[first].config = &b;
	const int *match = diff_match(before, after, &arena);
	assert_int_equal(match[first], second);
	assert_int_equal(match[second], first);
	arena_free(&arena);
}

static void another_card_in_the_same_place_is_said_so(void **state)
{
	(void)state;
	check(made_desktop, "", "dev 02:00.0 id 0x144da808",
	      "exchanged 0000:02:00.0 device: 144d:a80c -> 144d:a808\n");
}

static void what_a_device_says_is_compared(void **state)
{
	(void)state;
	check(made_desktop, "",
	      "dev 01:00.0 driver vfio-pci; dev 02:00.0 driver -;"
	      "bar 01:00.0 0x1000000 0x1ffffff 0x200",
	      "changed 0000:01:00.0 driver: nvidia -> vfio-pci\n"
	      "appeared 0000:01:00.0 bars: - -> 0: 16M\n"
	      "gone 0000:02:00.0 driver: nvme -> -\n");
}

static void a_group_that_splits_is_told_of_its_devices(void **state)
{
	static const struct made_device split[] = {
		{ "01:00.0", 0x030000, 0x10de2684, "nvidia", 13,
		  PCIE_ENDPOINT, true, 0, false, 0, 0 },
		{ "01:00.1", 0x040300, 0x10de22ba, "snd_hda_intel", 15,
		  PCIE_ENDPOINT, true, 0, false, 0, 0 },
		{ 0 },
	};
	static const struct made_device joined[] = {
		{ "01:00.0", 0x030000, 0x10de2684, "nvidia", 13,
		  PCIE_ENDPOINT, true, 0, false, 0, 0 },
		{ "01:00.1", 0x040300, 0x10de22ba, "snd_hda_intel", 13,
		  PCIE_ENDPOINT, true, 0, false, 0, 0 },
		{ 0 },
	};
	struct arena arena = {0};
	struct diff diff = diff_make(altered(&arena, joined, ""),
				     altered(&arena, split, ""), NULL, NULL,
				     &arena);

	(void)state;
	assert_string_equal(lines_of(&diff, &arena),
		"changed 0000:01:00.0 group: 13 + 01:00.1 -> 13\n"
		"changed 0000:01:00.1 group: 13 + 01:00.0 -> 15\n");
	arena_free(&arena);
}

static void what_the_machine_says_is_compared(void **state)
{
	(void)state;
	check(made_desktop, "cmdline quiet iommu=pt",
	      "cmdline quiet intel_iommu=off; table -DMAR;"
	      "cfg INTEL_IOMMU n; vfio nodes vfio 13; host release 6.1.0",
	      "changed system kernel: 6.12.9-amd64 -> 6.1.0\n"
	      "gone system parameter iommu: pt -> -\n"
	      "appeared system parameter intel_iommu: - -> off\n"
	      "gone system table DMAR: DMAR -> -\n"
	      "changed system symbol CONFIG_INTEL_IOMMU: y -> n\n"
	      "appeared system vfio_node /dev/vfio/13: - -> /dev/vfio/13\n");
}

static void a_screen_and_a_file_system_belong_to_their_device(void **state)
{
	(void)state;
	check(made_desktop,
	      "connector 00:02.0 DP-1 disconnected disabled;"
	      "storage 02:00.0 /home",
	      "connector 00:02.0 DP-1 connected enabled Dell",
	      "changed 0000:00:02.0 connector DP-1: disconnected -> "
	      "connected\n"
	      "appeared 0000:00:02.0 monitor DP-1: - -> Dell\n"
	      "gone 0000:02:00.0 mounted /home: sda1 -> -\n");
}

static void what_is_plugged_in_belongs_to_its_controller(void **state)
{
	(void)state;
	check(made_desktop,
	      "disk 02:00.0 nvme0n1 1000 S6XN 990 PRO;"
	      "usbhub 00:14.0 usb1 4; usbdev usb1 2 1-2 keyboard K120",
	      /* Other names of the same are no difference. */
	      "disk 02:00.0 nvme1n1 1000 S6XN 990 PRO;"
	      "disk 02:00.0 nvme2n1 1000 S7 990 PRO;"
	      "usbhub 00:14.0 usb3 4; usbdev usb3 2 3-2 keyboard K120;"
	      "usbdev usb3 3 3-3 mouse M90",
	      "appeared 0000:02:00.0 disk 990 PRO S7: - -> 990 PRO S7\n"
	      "appeared 0000:00:14.0 usb_device M90 (3): - -> M90 (3)\n");
	check(made_desktop,
	      "disk 02:00.0 nvme0n1 1000 S6XN 990 PRO;"
	      "usbhub 00:14.0 usb1 4; usbdev usb1 2 1-2 keyboard K120",
	      "disk 02:00.0 nvme0n1 1000 ? 990 PRO;"
	      "usbhub 00:14.0 usb1 4; usbdev usb1 3 1-3 keyboard K120",
	      "gone 0000:00:14.0 usb_device K120 (2): K120 (2) -> -\n"
	      "appeared 0000:00:14.0 usb_device K120 (3): - -> K120 (3)\n");
}

static void what_one_does_not_know_is_no_difference(void **state)
{
	struct arena arena = {0};
	struct diff diff = diff_make(altered(&arena, made_desktop, ""),
				     altered(&arena, made_desktop,
					  "cmdline ?; cfg ?; display ?"),
				     NULL, NULL, &arena);

	(void)state;
	assert_int_equal(diff.count, 0);
	/* The parameters, the symbols, the screens and what they show. */
	assert_int_equal(diff.untold, 4);
	arena_free(&arena);
}

static struct finding said(const char *rule, enum verdict verdict)
{
	return (struct finding){
		.rule = rule, .severity = SEVERITY_BLOCKER, .title = rule,
		.verdict = verdict, .subject = { SCOPE_SYSTEM, 0 },
	};
}

static void findings_come_and_go(void **state)
{
	struct arena arena = {0};
	const struct system *system = altered(&arena, made_desktop, "");
	const struct finding before[] = {
		said("stays", VERDICT_FAIL), said("goes", VERDICT_FAIL),
		said("hides", VERDICT_FAIL), said("comes", VERDICT_PASS),
	};
	const struct finding after[] = {
		said("stays", VERDICT_FAIL), said("goes", VERDICT_PASS),
		said("hides", VERDICT_CANNOT_TELL),
		said("comes", VERDICT_FAIL),
	};
	const struct findings was = { before, 4, system };
	const struct findings is = { after, 4, system };
	struct diff diff = diff_make(system, system, &was, &is, &arena);

	(void)state;
	assert_string_equal(lines_of(&diff, &arena),
			    "appeared system finding comes: - -> comes\n"
			    "gone system finding goes: goes -> -\n");
	assert_int_equal(diff.untold, 1);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_is_like_itself),
		cmocka_unit_test(a_card_that_moved_is_the_same_card),
		cmocka_unit_test(
			without_places_a_kind_that_is_as_many_is_told_by_order),
		cmocka_unit_test(
			a_serial_number_finds_its_card_in_another_slot),
		cmocka_unit_test(another_card_in_the_same_place_is_said_so),
		cmocka_unit_test(what_a_device_says_is_compared),
		cmocka_unit_test(a_group_that_splits_is_told_of_its_devices),
		cmocka_unit_test(what_the_machine_says_is_compared),
		cmocka_unit_test(
			a_screen_and_a_file_system_belong_to_their_device),
		cmocka_unit_test(what_is_plugged_in_belongs_to_its_controller),
		cmocka_unit_test(what_one_does_not_know_is_no_difference),
		cmocka_unit_test(findings_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
