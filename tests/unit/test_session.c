// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions as values: who is meant after the machine has changed, how a
 * session stands, and what its plans do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "lib/alter.h"
#include "lib/machine.h"
#include "plan/plan.h"
#include "plan/session.h"

/* The same desktop after a card was put into the first slot: every bus
 * number behind it has moved by one. */
static const struct made_device renumbered[] = {
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 12, PCIE_ROOT_PORT,
	  false, 2, true, 0x1f, 0x1d },
	{ "00:06.0", 0x060400, 0x8086a74d, "pcieport", 11, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "01:00.0", 0x010802, 0x15b75006, "nvme", 20, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "02:00.0", 0x030000, 0x10de2684, "nvidia", 13, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "02:00.1", 0x040300, 0x10de22ba, "snd_hda_intel", 13, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ 0 },
};

/* Another card in the same slot. */
static const struct made_device exchanged[] = {
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 12, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "01:00.0", 0x030000, 0x10de2204, "nvidia", 13, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x10de1aef, "snd_hda_intel", 13, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ 0 },
};

/* Two cards of one kind. */
static const struct made_device twins[] = {
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 12, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:06.0", 0x060400, 0x8086a74d, "pcieport", 11, PCIE_ROOT_PORT,
	  false, 2, true, 0x1f, 0x1d },
	{ "01:00.0", 0x020000, 0x80861533, "igb", 13, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "02:00.0", 0x020000, 0x80861533, "igb", 14, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

static struct system *made(struct arena *arena, const struct made_device *table,
			   const char *edits)
{
	struct builder builder;

	made_start(&builder, arena);
	made_devices(&builder, table);
	build_freeze(&builder);
	for (unsigned i = 0; i < builder.system->device_count; i++) {
		struct device *device = &builder.system->devices[i];
		device->path_known = true;
		device->above_known = device->parent != NONE;
		if (device->above_known)
			device->above = builder.system
				->devices[device->parent].address;
	}
	alter(builder.system, edits);
	return builder.system;
}

static struct session saved(const struct system *system, const char *address,
			    struct arena *arena)
{
	struct session session;
	struct err err = {0};
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	if (!session_make("win11", system, &bdf, 1, NULL, arena, &session,
			  &err))
		fail_msg("%s", err.text);
	return session;
}

static const struct plan *start_of(const struct session *session,
				   const struct system *system,
				   struct arena *arena)
{
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct err err = {0};

	if (!session_start(session, system, arena, intent, &err))
		fail_msg("%s", err.text);
	const struct plan *plan = plan_make(system, intent, arena, &err);
	if (!plan)
		fail_msg("%s", err.text);
	return plan;
}

static const char *refusal(const struct session *session,
			   const struct system *system, struct arena *arena)
{
	struct intent intent;
	struct err *err = arena_alloc(arena, sizeof *err);

	assert_false(session_start(session, system, arena, &intent, err));
	return err->text;
}

static const char *text_of(const struct plan *plan, struct arena *arena)
{
	struct buf buf = {0};

	for (unsigned i = 0; i < plan->step_count; i++)
		buf_printf(&buf, "%s\n", shell_step(plan, i, arena));
	const char *text = arena_text(arena, buf_str(&buf));
	buf_free(&buf);
	return text;
}

static void a_session_holds_the_whole_group(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, made_desktop, "");
	struct session session = saved(system, "01:00.0", &arena);

	(void)state;
	assert_int_equal(session.device_count, 2);
	assert_string_equal(session.devices[0].path, "0000:00/01.0/00.0");
	assert_string_equal(session.devices[1].target, "vfio-pci");
	assert_int_equal(session_state(&session, system), SESSION_ENDED);
	arena_free(&arena);
}

static void names_that_are_no_file_names_are_refused(void **state)
{
	static const char *const bad[] = { "", "a/b", "../x", ".x", "-x", "a b",
					   "a\n" };
	struct arena arena = {0};
	const struct system *system = made(&arena, made_desktop, "");
	struct bdf gpu = { .bus = 1 };
	struct session session;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(session_make(bad[i], system, &gpu, 1, NULL,
					  &arena, &session, NULL));
	assert_true(session_is_service("getty@tty1.service"));
	assert_false(session_is_service("gdm"));
	assert_false(session_is_service("--now.service"));
	arena_free(&arena);
}

static void a_renumbered_card_is_found_and_said(void **state)
{
	struct arena arena = {0};
	struct session session = saved(made(&arena, made_desktop, ""),
				       "01:00.0", &arena);
	const struct system *now = made(&arena, renumbered, "");
	struct found found = session_find(&session.devices[0], now);

	(void)state;
	assert_int_equal(found.kind, FOUND_MOVED);
	assert_string_equal(session_say(&session.devices[0], found, now,
					&arena), "01:00.0 is 02:00.0 now.");
	const struct plan *plan = start_of(&session, now, &arena);
	assert_int_equal(plan->change_count, 2);
	assert_string_equal(plan->changes[0].note,
			    "was 01:00.0 when it was saved");
	assert_non_null(strstr(text_of(plan, &arena), "0000:02:00.0"));
	assert_null(strstr(text_of(plan, &arena), "0000:01:00.0"));
	arena_free(&arena);
}

static void an_exchanged_card_is_noticed_and_refused(void **state)
{
	struct arena arena = {0};
	struct session session = saved(made(&arena, made_desktop, ""),
				       "01:00.0", &arena);
	const struct system *now = made(&arena, exchanged, "");

	(void)state;
	assert_int_equal(session_find(&session.devices[0], now).kind,
			 FOUND_EXCHANGED);
	assert_int_equal(session_state(&session, now), SESSION_ASTRAY);
	assert_non_null(strstr(refusal(&session, now, &arena),
			       "01:00.0 is another device now: 10de:2204 "
			       "instead of 10de:2684"));
	arena_free(&arena);
}

static void a_card_with_another_subsystem_is_another_card(void **state)
{
	struct arena arena = {0};
	struct session session = saved(made(&arena, made_desktop, ""),
				       "01:00.0", &arena);
	struct system *now = made(&arena, made_desktop, "");
	struct bdf gpu = { .bus = 1 };

	(void)state;
	now->devices[system_device(now, gpu)].subdevice ^= 1;
	assert_non_null(strstr(refusal(&session, now, &arena),
			       "another subsystem"));
	arena_free(&arena);
}

static void a_serial_number_tells_twins_apart(void **state)
{
	struct arena arena = {0};
	struct system *then = made(&arena, twins, "");
	struct system *now = made(&arena, twins, "");
	struct config *mine, *other;

	(void)state;
	mine = (struct config *)(uintptr_t)then->devices[2].config;
	mine->has_serial = true;
	mine->serial = 0x1111;
	struct session session = saved(then, "01:00.0", &arena);
	/* The twin is in the slot now; the card itself is gone. */
	other = (struct config *)(uintptr_t)now->devices[2].config;
	other->has_serial = true;
	other->serial = 0x2222;
	mine = (struct config *)(uintptr_t)now->devices[3].config;
	mine->has_serial = true;
	mine->serial = 0x3333;
	assert_int_equal(session_find(&session.devices[0], now).kind,
			 FOUND_EXCHANGED);
	/* They have changed places. */
	mine->serial = 0x1111;
	struct found found = session_find(&session.devices[0], now);
	assert_int_equal(found.kind, FOUND_MOVED);
	assert_int_equal(found.device, 3);
	/* Elsewhere and without its number, it may be the host's own. */
	mine->ecaps = DENIED;
	found = session_find(&session.devices[0], now);
	assert_int_equal(found.kind, FOUND_UNPROVEN);
	assert_int_equal(session_state(&session, now), SESSION_UNKNOWN);
	const char *said = session_say(&session.devices[0], found, now,
				       &arena);
	assert_non_null(strstr(said, "look as root"));
	mine->ecaps = KNOWN;
	/* Asleep, it cannot tell: its place and ids still do. */
	other->ecaps = ASLEEP;
	assert_int_equal(session_find(&session.devices[0], now).kind,
			 FOUND_HERE);
	arena_free(&arena);
}

static void twins_without_a_place_are_not_guessed(void **state)
{
	struct arena arena = {0};
	struct session session = saved(made(&arena, twins, ""), "01:00.0",
				       &arena);
	struct session_device device = session.devices[0];
	const struct system *now = made(&arena, twins, "");

	(void)state;
	device.path = "0000:00/1f.0/00.0";
	assert_int_equal(session_find(&device, now).kind, FOUND_TWICE);
	device.device = 0x1234;
	assert_int_equal(session_find(&device, now).kind, FOUND_MISSING);
	arena_free(&arena);
}

static void only_one_of_two_identical_devices_moves(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, twins, "");
	struct session session = saved(system, "02:00.0", &arena);
	const struct plan *plan = start_of(&session, system, &arena);

	(void)state;
	assert_int_equal(plan->change_count, 1);
	assert_null(strstr(text_of(plan, &arena), "01:00.0"));
	arena_free(&arena);
}

#define D "/sys/bus/pci/devices/0000:01:00"
#define R "/sys/bus/pci/drivers/"

static void services_consoles_and_holders_go_first(void **state)
{
	static const char *const services[] = {
		"display-manager.service", "not-running.service" };
	struct arena arena = {0};
	const struct system *system = made(&arena, made_desktop,
		"service display-manager.service; console 1;"
		"fb 01:00.0 nvidiadrmfb; holder 01:00.0 /dev/nvidia0");
	struct session session = saved(system, "01:00.0", &arena);

	(void)state;
	session.services = services;
	session.service_count = 2;
	session.consoles = true;
	const struct plan *plan = start_of(&session, system, &arena);
	assert_string_equal(text_of(plan, &arena),
		"systemctl stop display-manager.service\n"
		"echo 0 > /sys/class/vtconsole/vtcon1/bind\n"
		"! fuser -s /dev/nvidia0\n"
		"echo vfio-pci > " D ".0/driver_override\n"
		"echo vfio-pci > " D ".1/driver_override\n"
		"echo 0000:01:00.1 > " R "snd_hda_intel/unbind\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind\n"
		"echo 0000:01:00.0 > " R "vfio-pci/bind\n"
		"echo 0000:01:00.1 > " R "vfio-pci/bind\n"
		"test -e /dev/vfio/13\n");
	assert_string_equal(shell_line(plan->steps[0].undo, &arena),
			    "systemctl start display-manager.service");
	/* Holders are waited for, so they are no gate any more. */
	for (unsigned i = 0; i < plan->gate_count; i++)
		assert_string_not_equal(plan->gates[i].id, "dev-gpu-clients");
	assert_false(plan_is_refused(plan));
	arena_free(&arena);
}

static const char *gate_of(const struct plan *plan, const char *id,
			   enum gate_kind kind)
{
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (strcmp(plan->gates[i].id, id) == 0 &&
		    plan->gates[i].kind == kind)
			return plan->gates[i].text;
	return NULL;
}

#define LOADED "users nvidia 0; loaded nvidia 0; loaded nvidia_modeset 0;" \
	       "loaded nvidia_drm 0; loaded nvidia_uvm 0;"

/* Whoever stands on another goes first, and nothing is unbound. */
static void modules_go_in_place_of_an_unbind(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, made_desktop, LOADED);
	struct session session = saved(system, "01:00.0", &arena);

	(void)state;
	session.unload = true;
	const struct plan *plan = start_of(&session, system, &arena);
	assert_string_equal(text_of(plan, &arena),
		"echo vfio-pci > " D ".0/driver_override\n"
		"echo vfio-pci > " D ".1/driver_override\n"
		"modprobe -r nvidia_drm\n"
		"modprobe -r nvidia_modeset\n"
		"modprobe -r nvidia_uvm\n"
		"modprobe -r nvidia\n"
		"echo 0000:01:00.1 > " R "snd_hda_intel/unbind\n"
		"echo 0000:01:00.0 > " R "vfio-pci/bind\n"
		"echo 0000:01:00.1 > " R "vfio-pci/bind\n"
		"test -e /dev/vfio/13\n");
	const struct step *last = &plan->steps[5];
	assert_string_equal(last->before.path, "/sys/module/nvidia");
	assert_string_equal(last->before.value, "nvidia 0000:01:00.0");
	assert_int_equal(last->undo_count, 4);
	assert_string_equal(shell_line(&last->undo[1], &arena),
			    "modprobe nvidia");
	assert_null(gate_of(plan, "driver-module-in-use", GATE_SOFT));
	arena_free(&arena);
}

/* Only what is loaded, and only of a family that lets go so. */
static void other_modules_stay(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, made_desktop,
					   "users nvidia 0");
	struct session session = saved(system, "01:00.0", &arena);

	(void)state;
	session.unload = true;
	const char *text = text_of(start_of(&session, system, &arena),
				   &arena);
	assert_non_null(strstr(text, "modprobe -r nvidia\n"));
	assert_null(strstr(text, "nvidia_drm"));
	assert_null(strstr(text, "-r snd_hda_intel"));
	system = made(&arena, made_desktop, "dev 01:00.0 driver amdgpu");
	session = saved(system, "01:00.0", &arena);
	session.unload = true;
	text = text_of(start_of(&session, system, &arena), &arena);
	assert_null(strstr(text, "modprobe -r"));
	assert_non_null(strstr(text, "amdgpu/unbind"));
	arena_free(&arena);
}

static void an_unload_spares_other_cards_and_users(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, made_desktop, LOADED
					   "dev 02:00.0 driver nvidia");
	struct session session = saved(system, "01:00.0", &arena);

	(void)state;
	session.unload = true;
	const char *text = gate_of(start_of(&session, system, &arena),
				   "driver-module-in-use", GATE_HARD);
	assert_non_null(text);
	assert_non_null(strstr(text, "02:00.0"));
	system = made(&arena, made_desktop,
		      "users nvidia 0; loaded nvidia_uvm 3");
	session = saved(system, "01:00.0", &arena);
	session.unload = true;
	text = gate_of(start_of(&session, system, &arena),
		       "driver-module-in-use", GATE_SOFT);
	assert_non_null(text);
	assert_non_null(strstr(text, "nvidia_uvm is in use (3)"));
	session.unload = false;
	assert_null(gate_of(start_of(&session, system, &arena),
			    "driver-module-in-use", GATE_SOFT));
	arena_free(&arena);
}

static void a_gate_says_where_a_holder_was_seen(void **state)
{
	static const struct { const char *edits, *source; } cases[] = {
		{ "holder 01:00.0 /dev/nvidia0", "/proc/912/fd" },
		{ "mapped 01:00.0 /dev/nvidia0", "/proc/912/maps" },
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct system *system = made(&arena, made_desktop,
						   cases[i].edits);
		struct session session = saved(system, "01:00.0", &arena);
		session.wait_s = 0;
		const struct plan *plan = start_of(&session, system, &arena);
		unsigned gate = 0;
		while (strcmp(plan->gates[gate].id, "dev-gpu-clients") != 0)
			assert_true(++gate < plan->gate_count);
		assert_string_equal(plan->gates[gate].source,
				    cases[i].source);
	}
	arena_free(&arena);
}

static void who_is_not_waited_for_is_still_a_gate(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, made_desktop,
		"holder 01:00.0 /dev/nvidia0");
	struct session session = saved(system, "01:00.0", &arena);
	bool stands = false;

	(void)state;
	session.wait_s = 0;
	const struct plan *plan = start_of(&session, system, &arena);
	for (unsigned i = 0; i < plan->gate_count; i++)
		stands |= strcmp(plan->gates[i].id, "dev-gpu-clients") == 0;
	assert_true(stands);
	arena_free(&arena);
}

static void each_device_goes_to_its_own_target(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, made_desktop, "");
	struct session session = saved(system, "01:00.0", &arena);
	struct session_device devices[3];
	struct bdf nvme = { .bus = 2 };
	struct session other;

	(void)state;
	assert_true(session_make("x", system, &nvme, 1, "pci-stub", &arena,
				 &other, NULL));
	devices[0] = session.devices[0];
	devices[1] = session.devices[1];
	devices[1].target = "";
	devices[2] = other.devices[0];
	session.devices = devices;
	session.device_count = 3;
	const struct plan *plan = start_of(&session, system, &arena);
	assert_string_equal(plan->changes[0].to, "vfio-pci");
	assert_string_equal(plan->changes[1].to, "");
	assert_string_equal(plan->changes[2].to, "pci-stub");
	const char *text = text_of(plan, &arena);
	assert_non_null(strstr(text, "modprobe pci-stub"));
	assert_non_null(strstr(text, "echo 0000:01:00.1 > " R
				     "snd_hda_intel/unbind"));
	assert_null(strstr(text, "echo 0000:01:00.1 > " R "vfio-pci/bind"));
	assert_non_null(strstr(text, "echo 0000:02:00.0 > " R
				     "pci-stub/bind"));
	arena_free(&arena);
}

static void a_new_member_of_the_group_is_a_gate(void **state)
{
	struct arena arena = {0};
	struct session session = saved(made(&arena, made_desktop, ""),
				       "01:00.0", &arena);
	struct system *now = made(&arena, made_desktop, "");
	struct bdf nvme = { .bus = 2 }, gpu = { .bus = 1 };
	int stranger = system_device(now, nvme);
	bool stands = false;

	(void)state;
	now->devices[stranger].group_index =
		now->devices[system_device(now, gpu)].group_index;
	const struct plan *plan = start_of(&session, now, &arena);
	for (unsigned i = 0; i < plan->gate_count; i++)
		stands |= strcmp(plan->gates[i].id,
				 "group-shared-endpoints") == 0 &&
			  plan->gates[i].device == stranger;
	assert_true(stands);
	arena_free(&arena);
}

static void what_is_not_understood_is_not_started(void **state)
{
	struct arena arena = {0};
	const struct system *system = made(&arena, made_desktop, "");
	struct session session = saved(system, "01:00.0", &arena);

	(void)state;
	session.problem = "x.json is no session.";
	assert_string_equal(refusal(&session, system, &arena),
			    "x.json is no session.");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_holds_the_whole_group),
		cmocka_unit_test(names_that_are_no_file_names_are_refused),
		cmocka_unit_test(a_renumbered_card_is_found_and_said),
		cmocka_unit_test(an_exchanged_card_is_noticed_and_refused),
		cmocka_unit_test(a_card_with_another_subsystem_is_another_card),
		cmocka_unit_test(a_serial_number_tells_twins_apart),
		cmocka_unit_test(twins_without_a_place_are_not_guessed),
		cmocka_unit_test(only_one_of_two_identical_devices_moves),
		cmocka_unit_test(services_consoles_and_holders_go_first),
		cmocka_unit_test(modules_go_in_place_of_an_unbind),
		cmocka_unit_test(other_modules_stay),
		cmocka_unit_test(an_unload_spares_other_cards_and_users),
		cmocka_unit_test(a_gate_says_where_a_holder_was_seen),
		cmocka_unit_test(who_is_not_waited_for_is_still_a_gate),
		cmocka_unit_test(each_device_goes_to_its_own_target),
		cmocka_unit_test(a_new_member_of_the_group_is_a_gate),
		cmocka_unit_test(what_is_not_understood_is_not_started),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
