// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What other programs are told about devices that are given away: the lines
 * that count, and the reasons beside them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "plan/export.h"

/* Two cards of one kind, a VF, a conventional card, processor graphics. */
static const struct made_device lab[] = {
	{ "00:01.0", 0x060400, 0x80861901, "pcieport", 1, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:01.1", 0x060400, 0x80861905, "pcieport", 2, PCIE_ROOT_PORT,
	  false, 2, true, 0x1f, 0x1d },
	{ "00:02.0", 0x030000, 0x8086a780, "i915", 3, PCIE_RC_ENDPOINT, false,
	  0, false, 0, 0 },
	{ "00:1e.0", 0x060401, 0x80862448, NULL, 4, PCIE_TO_PCI_BRIDGE, false,
	  3, false, 0, 0 },
	{ "01:00.0", 0x030000, 0x10de2684, "nvidia", 13, PCIE_ENDPOINT, true,
	  0, true, 0, 0 },
	{ "01:00.1", 0x040300, 0x10de22ba, "snd_hda_intel", 14, PCIE_ENDPOINT,
	  true, 0, true, 0, 0 },
	{ "02:00.0", 0x030000, 0x10de2684, "nvidia", 15, PCIE_ENDPOINT, true,
	  0, false, 0, 0 },
	{ "02:00.2", 0x0c0330, 0x10de1ad8, "xhci_hcd", 15, PCIE_ENDPOINT, true,
	  0, false, 0, 0 },
	{ "03:04.0", 0x040100, 0x10130001, "snd_cs4281", 4, MADE_PCI, false,
	  0, false, 0, 0 },
	{ 0 },
};

/* Export what blanks part in @names; false with the reason in *err. */
static bool export_of(const struct system *system, enum export_kind kind,
		      const char *names, struct buf *out, struct err *err)
{
	struct bdf devices[8];
	unsigned count = 0;

	for (const char *at = names; *at; count++) {
		char name[BDF_TEXT] = "";
		size_t len = strcspn(at, " ");
		memcpy(name, at, len);
		assert_true(bdf_parse(name, &devices[count]));
		at += len + (at[len] == ' ');
	}
	const struct export_wish wish = {
		.kind = kind, .system = system, .devices = devices,
		.device_count = count,
	};
	return export_make(&wish, out, err);
}

/* The text without its comments. */
static const char *plain(const struct buf *text, struct arena *arena)
{
	const char *at = buf_str(text), *end = buf_end(text), *line;
	struct buf out = {0};
	size_t len;

	while (text_line(&at, end, &line, &len))
		if (!len || *line != '#')
			buf_printf(&out, "%.*s\n", (int)len, line);
	const char *copy = arena_text(arena, buf_str(&out));
	buf_free(&out);
	return copy;
}

/* The comments as one text: how they are broken into lines does not count. */
static const char *notes(const struct buf *text, struct arena *arena)
{
	const char *at = buf_str(text), *end = buf_end(text), *line;
	struct buf out = {0};
	size_t len;

	while (text_line(&at, end, &line, &len))
		if (len && *line == '#')
			buf_printf(&out, "%.*s", (int)len - 1, line + 1);
	const char *copy = arena_text(arena, buf_str(&out));
	buf_free(&out);
	return copy;
}

static void check(const struct made_device *table, const char *edits,
		  enum export_kind kind, const char *names, const char *wanted)
{
	struct arena arena = {0};
	struct buf out = {0};
	struct err err = {0};

	if (!export_of(altered(&arena, table, edits), kind, names, &out, &err))
		fail_msg("refused: %s", err.text);
	assert_string_equal(plain(&out, &arena), wanted);
	buf_free(&out);
	arena_free(&arena);
}

static void check_note(const struct made_device *table, const char *edits,
		       enum export_kind kind, const char *names,
		       const char *wanted)
{
	struct arena arena = {0};
	struct buf out = {0};
	struct err err = {0};

	if (!export_of(altered(&arena, table, edits), kind, names, &out, &err))
		fail_msg("refused: %s", err.text);
	if (!strstr(notes(&out, &arena), wanted))
		fail_msg("not said: %s\nbut: %s", wanted,
			 notes(&out, &arena));
	buf_free(&out);
	arena_free(&arena);
}

static void check_refusal(const char *edits, enum export_kind kind,
			  const char *names, const char *wanted)
{
	struct arena arena = {0};
	struct buf out = {0};
	struct err err = {0};

	assert_false(export_of(altered(&arena, made_desktop, edits), kind,
			       names, &out, &err));
	if (!strstr(err.text, wanted))
		fail_msg("not said: %s\nbut: %s", wanted, err.text);
	assert_int_equal(out.len, 0);
	buf_free(&out);
	arena_free(&arena);
}

static void a_card_keeps_its_functions_in_one_slot(void **state)
{
	(void)state;
	check(made_desktop, "", EXPORT_QEMU, "01:00.0",
	      "-device pcie-root-port,id=vfio-port1,bus=pcie.0,chassis=100,"
	      "slot=1\n"
	      "-device vfio-pci,host=0000:01:00.0,bus=vfio-port1,addr=00.0,"
	      "multifunction=on\n"
	      "-device vfio-pci,host=0000:01:00.1,bus=vfio-port1,addr=00.1\n");
	check(lab, "", EXPORT_QEMU, "02:00.2",
	      "-device pcie-root-port,id=vfio-port1,bus=pcie.0,chassis=100,"
	      "slot=1\n"
	      "-device vfio-pci,host=0000:02:00.0,bus=vfio-port1,addr=00.0,"
	      "multifunction=on\n"
	      "-device vfio-pci,host=0000:02:00.2,bus=vfio-port1,addr=00.2\n");
}

static void a_slot_always_has_a_function_0(void **state)
{
	(void)state;
	check(lab, "", EXPORT_QEMU, "01:00.1",
	      "-device pcie-root-port,id=vfio-port1,bus=pcie.0,chassis=100,"
	      "slot=1\n"
	      "-device vfio-pci,host=0000:01:00.1,bus=vfio-port1,addr=00.0\n");
	check_note(lab, "", EXPORT_QEMU, "01:00.1",
		   "01:00.0 [10de:2684] is of the same card and in a group of "
		   "its own");
}

static void each_card_has_a_port_of_its_own(void **state)
{
	(void)state;
	check(made_desktop, "", EXPORT_QEMU, "01:00.0 02:00.0",
	      "-device pcie-root-port,id=vfio-port1,bus=pcie.0,chassis=100,"
	      "slot=1\n"
	      "-device vfio-pci,host=0000:01:00.0,bus=vfio-port1,addr=00.0,"
	      "multifunction=on\n"
	      "-device vfio-pci,host=0000:01:00.1,bus=vfio-port1,addr=00.1\n"
	      "-device pcie-root-port,id=vfio-port2,bus=pcie.0,chassis=101,"
	      "slot=2\n"
	      "-device vfio-pci,host=0000:02:00.0,bus=vfio-port2,addr=00.0\n");
}

static void a_conventional_card_sits_on_the_root_bus(void **state)
{
	(void)state;
	check(lab, "", EXPORT_QEMU, "03:04.0",
	      "-device vfio-pci,host=0000:03:04.0,bus=pcie.0\n");
}

static void processor_graphics_stay_at_their_place(void **state)
{
	(void)state;
	check(lab, "", EXPORT_QEMU, "00:02.0",
	      "-device vfio-pci,host=0000:00:02.0,bus=pcie.0,addr=02.0,"
	      "x-igd-opregion=on\n");
	check_note(lab, "", EXPORT_QEMU, "00:02.0",
		   "which this kernel lacks");
	check_note(lab, "cfg VFIO_PCI_IGD y", EXPORT_QEMU, "00:02.0",
		   "with the OpRegion");
	check_note(lab, "", EXPORT_QEMU, "00:02.0",
		   "virtio-vga until the guest's driver works");
	check_note(lab, "", EXPORT_LIBVIRT, "00:02.0", "");
}

static void iommufd_is_used_where_the_host_has_nothing_else(void **state)
{
	static const char only[] = "vfio iommufd 1; cfg VFIO_DEVICE_CDEV y;"
				   "cfg VFIO_GROUP n";

	(void)state;
	check(made_desktop, only, EXPORT_QEMU, "02:00.0",
	      "-object iommufd,id=iommufd0\n"
	      "-device pcie-root-port,id=vfio-port1,bus=pcie.0,chassis=100,"
	      "slot=1\n"
	      "-device vfio-pci,host=0000:02:00.0,bus=vfio-port1,addr=00.0,"
	      "iommufd=iommufd0\n");
	check_note(made_desktop, "vfio iommufd 1; cfg VFIO_DEVICE_CDEV y",
		   EXPORT_QEMU, "02:00.0", "This host has iommufd too");
}

static void a_rom_file_is_asked_for_where_the_firmware_ran_it(void **state)
{
	static const char rom[] = "bar 01:00.0 0xe0000000 0xefffffff 0x2200";

	(void)state;
	/* Which BAR is the ROM: number 6, and the made one is number 0. */
	check_note(made_desktop, rom, EXPORT_QEMU, "01:00.0",
		   "no ROM file; it has no ROM");
	check_note(made_desktop, "dev 01:00.0 boot_vga 1; dev 01:00.0 "
				 "resources ?", EXPORT_QEMU, "01:00.0",
		   "needs a ROM file (romfile=");
	check_note(made_desktop, "dev 01:00.0 boot_vga 0; dev 01:00.0 "
				 "resources ?", EXPORT_QEMU, "01:00.0",
		   "no ROM file; the firmware did not run its ROM");
}

static void the_emulated_display_fits_the_card(void **state)
{
	(void)state;
	check_note(made_desktop, "", EXPORT_QEMU, "02:00.0",
		   "none of these is a GPU");
	check_note(made_desktop, "", EXPORT_QEMU, "01:00.0",
		   "none (-vga none) once a monitor");
	check_note(made_desktop, "dev 01:00.0 class 0x030200", EXPORT_QEMU,
		   "01:00.0", "the GPU has no connector");
}

static void a_virtual_function_has_neither_rom_nor_connector(void **state)
{
	(void)state;
	/* Of the device at index 4, 01:00.0. */
	check_note(lab, "dev 02:00.0 physfn 4", EXPORT_QEMU, "02:00.0",
		   "a virtual function has no ROM");
	check_note(lab, "dev 02:00.0 physfn 4; dev 01:00.0 driver vfio-pci",
		   EXPORT_QEMU, "02:00.0", "needs vf-token=UUID");
	/* A VF's number says nothing of its neighbours'. */
	check(lab, "dev 02:00.0 physfn 4; dev 02:00.2 physfn 4", EXPORT_QEMU,
	      "02:00.0",
	      "-device pcie-root-port,id=vfio-port1,bus=pcie.0,chassis=100,"
	      "slot=1\n"
	      "-device vfio-pci,host=0000:02:00.0,bus=vfio-port1,addr=00.0\n"
	      "-device pcie-root-port,id=vfio-port2,bus=pcie.0,chassis=101,"
	      "slot=2\n"
	      "-device vfio-pci,host=0000:02:00.2,bus=vfio-port2,addr=00.0\n");
}

static void x_vga_is_told_by_the_kernel(void **state)
{
	(void)state;
	check_note(made_desktop, "", EXPORT_QEMU, "01:00.0",
		   "x-vga=on is not possible");
	check_note(made_desktop, "cfg VFIO_PCI_VGA y", EXPORT_QEMU, "01:00.0",
		   "x-vga=on is for guests that start with SeaBIOS");
}

static void what_is_in_use_is_said_and_not_refused(void **state)
{
	(void)state;
	check_note(made_desktop, "storage 02:00.0 /", EXPORT_QEMU, "02:00.0",
		   "Not as things are: ");
}

static void what_can_never_be_passed_is_refused(void **state)
{
	(void)state;
	check_refusal("", EXPORT_QEMU, "00:01.0", "is a bridge");
	check_refusal("", EXPORT_LIBVIRT, "00:1f.0", "part of the board");
	check_refusal("groups -", EXPORT_QEMU, "01:00.0", "IOMMU group");
	check_refusal("group 13 reserved direct", EXPORT_QEMU, "01:00.0",
		      "mapped as it is");
	check_refusal("", EXPORT_MODPROBE, "09:00.0", "There is no device");
	check_refusal("", EXPORT_MODPROBE, "", "no device to give away");
}

static void ids_that_catch_another_card_are_warned_of(void **state)
{
	(void)state;
	check(lab, "", EXPORT_MODPROBE, "02:00.0",
	      "options vfio-pci ids=10de:2684,10de:1ad8\n"
	      "softdep nvidia pre: vfio-pci\n"
	      "softdep xhci_hcd pre: vfio-pci\n");
	check_note(lab, "", EXPORT_MODPROBE, "02:00.0",
		   "WARNING: 01:00.0 [10de:2684] has the same ids");
	check_note(lab, "", EXPORT_CMDLINE, "02:00.0",
		   "WARNING: 01:00.0 [10de:2684] has the same ids");
}

static void the_subsystem_tells_cards_apart(void **state)
{
	struct arena arena = {0};
	struct system *system = altered(&arena, lab, "");
	struct buf out = {0};

	(void)state;
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].address.bus == 2) {
			system->devices[i].subvendor = 0x1043;
			system->devices[i].subdevice = 0x889a;
		}
	assert_true(export_of(system, EXPORT_CMDLINE, "02:00.0", &out, NULL));
	assert_string_equal(plain(&out, &arena),
			    "vfio-pci.ids=10de:2684:1043:889a,10de:1ad8\n");
	buf_free(&out);
	arena_free(&arena);
}

static void host_drivers_wait_for_vfio(void **state)
{
	(void)state;
	check(made_desktop, "dev 01:00.0 modules nouveau nvidia;"
			    "dev 01:00.1 modules snd_hda_intel",
	      EXPORT_MODPROBE, "01:00.0",
	      "options vfio-pci ids=10de:2684,10de:22ba\n"
	      "softdep nouveau pre: vfio-pci\n"
	      "softdep nvidia pre: vfio-pci\n"
	      "softdep snd_hda_intel pre: vfio-pci\n");
	check_note(made_desktop, "dev 02:00.0 builtin 1", EXPORT_MODPROBE,
		   "02:00.0", "is built into the kernel");
}

static void driverctl_goes_by_address(void **state)
{
	(void)state;
	check(made_desktop, "", EXPORT_DRIVERCTL, "01:00.1",
	      "driverctl set-override 0000:01:00.0 vfio-pci\n"
	      "driverctl set-override 0000:01:00.1 vfio-pci\n");
	check_note(made_desktop, "driverctl -", EXPORT_DRIVERCTL, "01:00.1",
		   "driverctl is not installed here");
}

static void the_command_line_switches_vtd_on_where_it_is_off(void **state)
{
	(void)state;
	check(made_desktop, "", EXPORT_CMDLINE, "02:00.0",
	      "vfio-pci.ids=144d:a80c\n");
	check(made_desktop, "cfg INTEL_IOMMU_DEFAULT_ON n", EXPORT_CMDLINE,
	      "02:00.0", "intel_iommu=on vfio-pci.ids=144d:a80c\n");
}

static void libvirt_has_the_same_slots(void **state)
{
	struct arena arena = {0};
	struct buf out = {0};

	(void)state;
	assert_true(export_of(altered(&arena, made_desktop, ""), EXPORT_LIBVIRT,
			      "01:00.0", &out, NULL));
	static const char *const parts[] = {
		"<controller type='pci' index='16' model='pcie-root-port'/>",
		"<address domain='0x0000' bus='0x01' slot='0x00' "
		"function='0x1'/>",
		"<address type='pci' domain='0x0000' bus='0x10' slot='0x00' "
		"function='0x0' multifunction='on'/>",
		"<address type='pci' domain='0x0000' bus='0x10' slot='0x00' "
		"function='0x1'/>",
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!strstr(buf_str(&out), parts[i]))
			fail_msg("no %s in\n%s", parts[i], buf_str(&out));
	buf_free(&out);
	arena_free(&arena);
}

static void a_comment_of_xml_holds_no_two_hyphens(void **state)
{
	struct arena arena = {0};
	struct system *system = altered(&arena, made_desktop, "");
	struct device_name *items = arena_array(&arena, system->device_count,
						sizeof *items);
	struct names names = { items, system->device_count };
	struct bdf device;
	struct buf out = {0};

	(void)state;
	for (unsigned i = 0; i < system->device_count; i++)
		items[i] = (struct device_name){ "A", "--> <x/> <!-- B --",
						 "" };
	assert_true(bdf_parse("02:00.0", &device));
	const struct export_wish wish = {
		.kind = EXPORT_LIBVIRT, .system = system, .names = &names,
		.devices = &device, .device_count = 1,
	};
	assert_true(export_make(&wish, &out, NULL));
	assert_null(strstr(buf_str(&out), "--> <x/>"));
	assert_null(strstr(buf_str(&out), "B --\n"));
	buf_free(&out);
	arena_free(&arena);
}

static void a_mediated_device_brings_its_screen(void **state)
{
	static const char *const uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001";
	struct arena arena = {0};
	struct buf out = {0};
	struct err err;
	struct export_wish wish = {
		.kind = EXPORT_QEMU, .mdevs = &uuid, .mdev_count = 1,
		.system = altered(&arena, made_desktop, ""),
	};

	(void)state;
	assert_true(export_is_mdev(uuid));
	assert_false(export_is_mdev("0000:01:00.0"));
	assert_false(export_is_mdev("83b8f4f2-509f-382f-3c1e-e6bfe0fa100x"));
	assert_true(export_make(&wish, &out, &err));
	assert_string_equal(plain(&out, &arena),
			    "-device vfio-pci-nohotplug,sysfsdev=/sys/bus/mdev/"
			    "devices/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001,"
			    "display=on,ramfb=on\n");
	buf_reset(&out);
	wish.kind = EXPORT_DRIVERCTL;
	assert_false(export_make(&wish, &out, &err));
	assert_non_null(strstr(err.text, "is a mediated device"));
	buf_free(&out);
	arena_free(&arena);
}

static void the_tree_is_drawn_with_its_groups(void **state)
{
	struct arena arena = {0};
	struct buf out = {0};

	(void)state;
	assert_true(export_of(altered(&arena, made_desktop, ""), EXPORT_DOT,
			      "01:00.0", &out, NULL));
	static const char *const parts[] = {
		"digraph pci {", "\"0000:00\" -> \"0000:00:01.0\";",
		"\"0000:00:01.0\" -> \"0000:01:00.0\";",
		"[label=\"01:00.0 [10de:2684]\\nnvidia\\ngroup 13\"",
		"penwidth=3",
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!strstr(buf_str(&out), parts[i]))
			fail_msg("no %s in\n%s", parts[i], buf_str(&out));
	buf_free(&out);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card_keeps_its_functions_in_one_slot),
		cmocka_unit_test(a_slot_always_has_a_function_0),
		cmocka_unit_test(each_card_has_a_port_of_its_own),
		cmocka_unit_test(a_conventional_card_sits_on_the_root_bus),
		cmocka_unit_test(processor_graphics_stay_at_their_place),
		cmocka_unit_test(
			iommufd_is_used_where_the_host_has_nothing_else),
		cmocka_unit_test(
			a_rom_file_is_asked_for_where_the_firmware_ran_it),
		cmocka_unit_test(the_emulated_display_fits_the_card),
		cmocka_unit_test(
			a_virtual_function_has_neither_rom_nor_connector),
		cmocka_unit_test(x_vga_is_told_by_the_kernel),
		cmocka_unit_test(what_is_in_use_is_said_and_not_refused),
		cmocka_unit_test(what_can_never_be_passed_is_refused),
		cmocka_unit_test(ids_that_catch_another_card_are_warned_of),
		cmocka_unit_test(the_subsystem_tells_cards_apart),
		cmocka_unit_test(host_drivers_wait_for_vfio),
		cmocka_unit_test(driverctl_goes_by_address),
		cmocka_unit_test(
			the_command_line_switches_vtd_on_where_it_is_off),
		cmocka_unit_test(libvirt_has_the_same_slots),
		cmocka_unit_test(a_comment_of_xml_holds_no_two_hyphens),
		cmocka_unit_test(a_mediated_device_brings_its_screen),
		cmocka_unit_test(the_tree_is_drawn_with_its_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
