// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands between intent and steps: machines that are in the way of a
 * plan.  A gate that words of lib/alter.h can bring about is a row of test_gate.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/machine.h"
#include "lib/planned.h"
#include "plan/plan.h"
#include "unit/plan_machine.h"

/* Gates: what is done to the machine, and what must stand then. */

static const struct made_device crowded[] = {
	{ "00:01.0", 0x060400, 0x80860001, "pcieport", 5, PCIE_ROOT_PORT,
	  false, 1, false, 0, 0 },
	{ "00:1f.0", 0x060100, 0x80860002, NULL, 5, MADE_PCI, true, 0, false,
	  0, 0 },
	{ "00:1f.3", 0x040300, 0x80860003, "snd_hda_intel", 5, MADE_PCI, true,
	  0, false, 0, 0 },
	{ "01:00.0", 0x010802, 0x144da80c, "nvme", 5, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

static void smbus_bound(struct builder *builder)
{
	at(builder, "00:1f.0")->driver = (struct fact_text){ KNOWN,
							     "lpc_ich" };
}

static void bridge_on_shpchp(struct builder *builder)
{
	at(builder, "00:01.0")->driver = (struct fact_text){ KNOWN, "shpchp" };
}

static void class_unread(struct builder *builder)
{
	at(builder, "02:00.0")->identity = UNREAD;
}

static void use_storage(struct builder *builder, const char *what)
{
	struct storage_use *use = arena_alloc(builder->system->arena,
					      sizeof *use);

	*use = (struct storage_use){
		.block = "nvme0n1p1", .what = what, .type = "ext4",
		.source = "/proc/self/mountinfo",
		.device = index_of(builder->system, "02:00.0"),
	};
	builder->system->usage.storage = use;
	builder->system->usage.storage_count = 1;
}

static void mounted(struct builder *builder)
{
	use_storage(builder, "/home");
}

static void root_mounted(struct builder *builder)
{
	use_storage(builder, "/");
}

static void swapping(struct builder *builder)
{
	use_storage(builder, "swap");
}

static void storage_unread(struct builder *builder)
{
	builder->system->usage.storage_known = DENIED;
}

static void use_network(struct builder *builder, bool route, const char *state)
{
	struct interface *interface = arena_alloc(builder->system->arena,
						  sizeof *interface);

	at(builder, "02:00.0")->class = 0x020000;
	*interface = (struct interface){
		.name = "eth0", .operstate = { KNOWN, state },
		.default_route = route,
		.device = index_of(builder->system, "02:00.0"),
	};
	builder->system->usage.interfaces = interface;
	builder->system->usage.interface_count = 1;
}

static void routed(struct builder *builder)
{
	use_network(builder, true, "up");
}

static void network_up(struct builder *builder)
{
	use_network(builder, false, "up");
}

static void routes_unread(struct builder *builder)
{
	use_network(builder, false, "down");
	builder->system->usage.routes_known = UNREAD;
}

static void light(struct builder *builder, const char *address)
{
	*build_connector(builder) = (struct connector){
		.card = "card1", .name = "DP-1", .status = { KNOWN,
		"connected" }, .enabled = { KNOWN, "enabled" },
		.dpms = { KNOWN, "On" },
		.device = index_of(builder->system, address),
	};
}

static void only_screen(struct builder *builder)
{
	light(builder, "01:00.0");
}

static void two_screens(struct builder *builder)
{
	light(builder, "01:00.0");
	light(builder, "00:02.0");
}

static void boot_gpu(struct builder *builder)
{
	at(builder, "01:00.0")->boot_vga = (struct fact_num){ KNOWN, 1 };
}

static void boot_gpu_unread(struct builder *builder)
{
	at(builder, "01:00.0")->boot_vga = (struct fact_num){ UNREAD, 0 };
}

static void console(struct builder *builder)
{
	*build_vtconsole(builder) = (struct vtconsole){
		"vtcon1", { KNOWN, "(M) frame buffer device" }, { KNOWN, 1 } };
	*build_framebuffer(builder) = (struct framebuffer){
		"fb0", { KNOWN, "nvidia-drmdrmfb" },
		index_of(builder->system, "01:00.0"), "" };
}

static void sound_held(struct builder *builder)
{
	held(builder, "01:00.1", "/dev/snd/controlC1");
}

static void guest_holds(struct builder *builder)
{
	on_vfio(builder);
	held(builder, "01:00.0", "/dev/vfio/13");
}

static void holders_unread(struct builder *builder)
{
	builder->system->usage.holders_known = DENIED;
}

static void vfio_holders_unread(struct builder *builder)
{
	on_vfio(builder);
	holders_unread(builder);
}

static void has_functions(struct builder *builder)
{
	at(builder, "02:00.0")->sriov_total = (struct fact_num){ KNOWN, 8 };
	at(builder, "02:00.0")->sriov_num = (struct fact_num){ KNOWN, 2 };
}

static void functions_unread(struct builder *builder)
{
	has_functions(builder);
	at(builder, "02:00.0")->sriov_num = (struct fact_num){ DENIED, 0 };
}

static void asleep(struct builder *builder)
{
	at(builder, "02:00.0")->asleep = true;
	at(builder, "02:00.0")->runtime_status =
		(struct fact_text){ KNOWN, "suspended" };
}

static void cold(struct builder *builder)
{
	at(builder, "02:00.0")->power_state = (struct fact_text){ KNOWN,
								  "D3cold" };
}

static void asleep_on_vfio(struct builder *builder)
{
	on_vfio(builder);
	at(builder, "01:00.0")->asleep = true;
}

static void silent(struct builder *builder)
{
	struct config *config = (struct config *)(uintptr_t)
		at(builder, "02:00.0")->config;

	config->vendor = 0xffff;
}

static void stuck(struct builder *builder)
{
	at(builder, "02:00.0")->silent = true;
}

static void reserve(struct builder *builder, const char *type)
{
	struct reserved *region = arena_alloc(builder->system->arena,
					      sizeof *region);
	int index = system_group(builder->system, 14);

	*region = (struct reserved){ 0x1000, 0x1fff, type };
	builder->system->groups[index].reserved = region;
	builder->system->groups[index].reserved_count = 1;
}

static void direct(struct builder *builder)
{
	reserve(builder, "direct");
}

static void relaxable(struct builder *builder)
{
	reserve(builder, "direct-relaxable");
}

static void regions_unread(struct builder *builder)
{
	builder->system->groups[system_group(builder->system, 14)]
		.reserved_known = UNREAD;
}

static void members_unread(struct builder *builder)
{
	builder->system->groups[system_group(builder->system, 14)]
		.members_known = DENIED;
}

static void strange_member(struct builder *builder)
{
	struct member *members = arena_array(builder->system->arena, 2,
					     sizeof *members);
	struct group *group =
		&builder->system->groups[system_group(builder->system, 14)];

	members[0].name = "0000:02:00.0";
	members[1].name = "PNP0C02:00";
	group->members = members;
	group->member_count = 2;
	group->members_known = KNOWN;
}

static void chips(struct builder *builder, const char *chip)
{
	struct interrupt *lines = arena_array(builder->system->arena, 1,
					      sizeof *lines);

	lines[0] = (struct interrupt){ "24", chip, "nvme", 0, NONE };
	builder->system->host.interrupts = lines;
	builder->system->host.interrupt_count = 1;
}

static void not_remapped(struct builder *builder)
{
	chips(builder, "PCI-MSI");
}

static void not_remapped_allowed(struct builder *builder)
{
	chips(builder, "PCI-MSI");
	builder->system->host.unsafe_type1 = (struct fact_num){ KNOWN, 1 };
}

static void interrupts_unread(struct builder *builder)
{
	builder->system->host.interrupts_known = UNREAD;
}

static void vfio_absent(struct builder *builder)
{
	without_vfio(builder);
	builder->system->host.vfio_module.known = ABSENT;
}

static void stacked(struct builder *builder)
{
	struct stack_use *use = arena_alloc(builder->system->arena,
					    sizeof *use);

	*use = (struct stack_use){ "nvme0n1p2", "dm-0", "CRYPT-LUKS2",
				   index_of(builder->system, "02:00.0") };
	builder->system->usage.stacks = use;
	builder->system->usage.stack_count = 1;
}

static void stacks_unread(struct builder *builder)
{
	builder->system->usage.stacks_known = DENIED;
}

static void logged_in(struct builder *builder)
{
	use_network(builder, false, "up");
	((struct interface *)(uintptr_t)builder->system->usage.interfaces)
		->session = true;
}

static void session_unread(struct builder *builder)
{
	use_network(builder, false, "down");
	builder->system->usage.session_known = DENIED;
}

/* A vfio driver has it: nobody comes in by it. */
static void network_of_guest(struct builder *builder)
{
	at(builder, "02:00.0")->class = 0x020000;
	at(builder, "02:00.0")->driver = (struct fact_text){ KNOWN,
							     "vfio-pci" };
	builder->system->usage.session_known = DENIED;
	builder->system->usage.routes_known = UNREAD;
	builder->system->usage.network_root.known = UNREAD;
}

static void panel(struct builder *builder)
{
	struct backlight *light_of = arena_alloc(builder->system->arena,
						 sizeof *light_of);

	*light_of = (struct backlight){ "intel_backlight", { KNOWN, "raw" },
		index_of(builder->system, "01:00.0") };
	builder->system->host.backlights = light_of;
	builder->system->host.backlight_count = 1;
}

static void sound_plays(struct builder *builder)
{
	struct sound_use *use = arena_alloc(builder->system->arena,
					    sizeof *use);

	*use = (struct sound_use){
		"card0/pcm0p/sub0", "RUNNING", 99,
		index_of(builder->system, "01:00.1"), "mpv" };
	builder->system->usage.sounds = use;
	builder->system->usage.sound_count = 1;
}

static void add_keyboards(struct builder *builder, unsigned count)
{
	struct keyboard *boards = arena_array(builder->system->arena, 2,
					      sizeof *boards);

	boards[0] = (struct keyboard){ "USB Keyboard", "usb-0000:00:14.0-1",
		index_of(builder->system, "00:14.0"), false };
	boards[1] = (struct keyboard){ "AT Keyboard", "isa0060/serio0", NONE,
		false };
	builder->system->usage.keyboards = boards;
	builder->system->usage.keyboard_count = count;
}

static void one_keyboard(struct builder *builder)
{
	add_keyboards(builder, 1);
}

static void two_keyboards(struct builder *builder)
{
	add_keyboards(builder, 2);
}

static void keyboards_unread(struct builder *builder)
{
	builder->system->usage.keyboards_known = DENIED;
}

static void other_framebuffer(struct builder *builder)
{
	console(builder);
	((struct framebuffer *)(uintptr_t)builder->system->framebuffers)
		->node = "fb1";
	*build_framebuffer(builder) = (struct framebuffer){
		"fb0", { KNOWN, "EFI VGA" }, NONE, "efi-framebuffer.0" };
}

enum { SOFT, HARD, OPEN, NO_GATE };	/* OPEN: soft, for it is unknown */

static const struct gate_case {
	const char *id;
	int kind;
	const struct made_device *table;
	void (*change)(struct builder *builder);
	enum intent_kind intent;
	const char *address;
} gate_cases[] = {
	{ "dev-is-bridge", HARD, made_desktop, NULL, INTENT_BIND, "00:01.0" },
	{ "dev-is-bridge", NO_GATE, crowded, NULL, INTENT_BIND, "01:00.0" },
	{ "dev-platform-critical", HARD, made_desktop, NULL, INTENT_BIND,
	  "00:1f.0" },
	{ "dev-platform-critical", HARD, made_desktop, NULL, INTENT_UNBIND,
	  "00:1f.4" },
	{ "dev-platform-critical", OPEN, made_desktop, class_unread,
	  INTENT_BIND, "02:00.0" },
	{ "group-platform-device", HARD, crowded, smbus_bound, INTENT_BIND,
	  "01:00.0" },
	{ "group-platform-device", NO_GATE, crowded, NULL, INTENT_BIND,
	  "01:00.0" },
	{ "group-bridge-foreign-driver", HARD, crowded, bridge_on_shpchp,
	  INTENT_BIND, "01:00.0" },
	{ "group-shared-endpoints", SOFT, crowded, NULL, INTENT_BIND,
	  "01:00.0" },
	{ "group-shared-endpoints", NO_GATE, made_desktop, NULL, INTENT_BIND,
	  "01:00.0" },
	{ "group-shared-endpoints", OPEN, made_desktop, members_unread,
	  INTENT_BIND, "02:00.0" },
	{ "group-not-viable", SOFT, made_desktop, strange_member, INTENT_BIND,
	  "02:00.0" },
	{ "dev-mounted-fs", HARD, made_desktop, mounted, INTENT_BIND,
	  "02:00.0" },
	{ "dev-mounted-fs", HARD, made_desktop, mounted, INTENT_UNBIND,
	  "02:00.0" },
	{ "dev-mounted-fs", OPEN, made_desktop, storage_unread, INTENT_BIND,
	  "02:00.0" },
	{ "dev-mounted-fs", OPEN, made_desktop, storage_unread, INTENT_BIND,
	  "00:14.0" },
	{ "dev-mounted-fs", NO_GATE, made_desktop, storage_unread,
	  INTENT_BIND, "01:00.0" },
	{ "dev-root-fs", HARD, made_desktop, root_mounted, INTENT_BIND,
	  "02:00.0" },
	{ "dev-swap", HARD, made_desktop, swapping, INTENT_BIND, "02:00.0" },
	{ "dev-default-route", HARD, made_desktop, routed, INTENT_BIND,
	  "02:00.0" },
	{ "dev-default-route", OPEN, made_desktop, routes_unread, INTENT_BIND,
	  "02:00.0" },
	{ "dev-default-route", NO_GATE, made_desktop, network_up, INTENT_BIND,
	  "02:00.0" },
	{ "dev-net-up", SOFT, made_desktop, network_up, INTENT_BIND,
	  "02:00.0" },
	{ "dev-display-active", HARD, made_desktop, only_screen, INTENT_BIND,
	  "01:00.0" },
	{ "dev-display-active", SOFT, made_desktop, two_screens, INTENT_BIND,
	  "01:00.0" },
	{ "dev-display-active", OPEN, made_desktop, NULL, INTENT_BIND,
	  "01:00.0" },
	{ "dev-display-active", NO_GATE, made_desktop, on_vfio,
	  INTENT_RESTORE, "01:00.0" },
	{ "dev-is-boot-gpu", SOFT, made_desktop, boot_gpu, INTENT_BIND,
	  "01:00.0" },
	{ "dev-is-boot-gpu", OPEN, made_desktop, boot_gpu_unread, INTENT_BIND,
	  "01:00.0" },
	{ "dev-is-boot-gpu", NO_GATE, made_desktop, NULL, INTENT_BIND,
	  "01:00.0" },
	{ "dev-console-fb", SOFT, made_desktop, console, INTENT_BIND,
	  "01:00.0" },
	{ "dev-console-fb", NO_GATE, made_desktop, other_framebuffer,
	  INTENT_BIND, "01:00.0" },
	{ "dev-storage-stacked", HARD, made_desktop, stacked, INTENT_BIND,
	  "02:00.0" },
	{ "dev-storage-stacked", OPEN, made_desktop, stacks_unread,
	  INTENT_BIND, "02:00.0" },
	{ "dev-ssh-session", HARD, made_desktop, logged_in, INTENT_BIND,
	  "02:00.0" },
	{ "dev-ssh-session", OPEN, made_desktop, session_unread, INTENT_BIND,
	  "02:00.0" },
	{ "dev-ssh-session", NO_GATE, made_desktop, network_of_guest,
	  INTENT_RESTORE, "02:00.0" },
	{ "dev-default-route", NO_GATE, made_desktop, network_of_guest,
	  INTENT_RESTORE, "02:00.0" },
	{ "dev-net-root", NO_GATE, made_desktop, network_of_guest,
	  INTENT_RESTORE, "02:00.0" },
	{ "dev-backlight-owner", SOFT, made_desktop, panel, INTENT_BIND,
	  "01:00.0" },
	{ "dev-audio-running", SOFT, made_desktop, sound_plays, INTENT_BIND,
	  "01:00.0" },
	{ "dev-last-keyboard", HARD, made_desktop, one_keyboard, INTENT_BIND,
	  "00:14.0" },
	{ "dev-last-keyboard", NO_GATE, made_desktop, one_keyboard,
	  INTENT_BIND, "01:00.0" },
	{ "dev-last-keyboard", SOFT, made_desktop, two_keyboards,
	  INTENT_BIND, "00:14.0" },
	{ "dev-last-keyboard", OPEN, made_desktop, keyboards_unread,
	  INTENT_BIND, "00:14.0" },
	{ "dev-gpu-clients", HARD, made_desktop, gpu_held, INTENT_BIND,
	  "01:00.0" },
	{ "dev-gpu-clients", SOFT, made_desktop, sound_held, INTENT_BIND,
	  "01:00.0" },
	{ "dev-gpu-clients", OPEN, made_desktop, holders_unread, INTENT_BIND,
	  "01:00.0" },
	{ "dev-gpu-clients", NO_GATE, made_desktop, holders_unread,
	  INTENT_BIND, "02:00.0" },
	{ "group-in-use-by-vm", HARD, made_desktop, guest_holds,
	  INTENT_RESTORE, "01:00.0" },
	{ "group-in-use-by-vm", HARD, made_desktop, guest_holds,
	  INTENT_UNBIND, "01:00.1" },
	{ "group-in-use-by-vm", OPEN, made_desktop, vfio_holders_unread,
	  INTENT_RESTORE, "01:00.0" },
	{ "dev-sriov-pf-vfs-enabled", HARD, made_desktop, has_functions,
	  INTENT_BIND, "02:00.0" },
	{ "dev-sriov-pf-vfs-enabled", OPEN, made_desktop, functions_unread,
	  INTENT_BIND, "02:00.0" },
	{ "dev-d3cold", SOFT, made_desktop, asleep, INTENT_BIND, "02:00.0" },
	{ "dev-d3cold", SOFT, made_desktop, cold, INTENT_BIND, "02:00.0" },
	{ "dev-d3cold", NO_GATE, made_desktop, asleep_on_vfio,
	  INTENT_RESTORE, "01:00.0" },
	{ "dev-config-ff", SOFT, made_desktop, silent, INTENT_BIND,
	  "02:00.0" },
	{ "dev-stuck", HARD, made_desktop, stuck, INTENT_BIND, "02:00.0" },
	{ "dev-stuck", HARD, made_desktop, stuck, INTENT_UNBIND, "02:00.0" },
	{ "dev-stuck", NO_GATE, made_desktop, stuck, INTENT_BIND, "01:00.0" },
	{ "group-direct-region", HARD, made_desktop, direct, INTENT_BIND,
	  "02:00.0" },
	{ "group-direct-region", NO_GATE, made_desktop, relaxable,
	  INTENT_BIND, "02:00.0" },
	{ "group-direct-region", NO_GATE, made_desktop, direct, INTENT_UNBIND,
	  "02:00.0" },
	{ "group-direct-region", OPEN, made_desktop, regions_unread,
	  INTENT_BIND, "02:00.0" },
	{ "no-interrupt-remapping", SOFT, made_desktop, not_remapped,
	  INTENT_BIND, "02:00.0" },
	{ "no-interrupt-remapping", NO_GATE, made_desktop,
	  not_remapped_allowed, INTENT_BIND, "02:00.0" },
	{ "no-interrupt-remapping", OPEN, made_desktop, interrupts_unread,
	  INTENT_BIND, "02:00.0" },
	{ "no-interrupt-remapping", NO_GATE, made_desktop, NULL, INTENT_BIND,
	  "02:00.0" },
	{ "vfio-not-built", HARD, made_desktop, vfio_absent, INTENT_BIND,
	  "02:00.0" },
};

static const struct gate *gate_of(const struct plan *plan, const char *id)
{
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (strcmp(plan->gates[i].id, id) == 0)
			return &plan->gates[i];
	return NULL;
}

static void check_gate(const struct gate_case *each, const struct plan *plan)
{
	const struct gate *gate = gate_of(plan, each->id);
	int kind = !gate ? NO_GATE : gate->kind == GATE_HARD ? HARD :
		   gate->unknown ? OPEN : SOFT;
	const char *const accept[] = { each->id, NULL };

	if (kind != each->kind)
		fail_msg("%s at %s: %d, not %d", each->id, each->address, kind,
			 each->kind);
	if (!gate)
		return;
	assert_true(*gate->text && *gate->source && *gate->value);
	assert_int_equal(gate->text[strlen(gate->text) - 1], '.');
	if (kind == HARD)
		assert_true(plan_is_refused(plan));
	else if (plan->gate_count == 1)
		assert_true(plan_is_accepted(plan, accept));
	if (kind != HARD)
		assert_false(plan_is_accepted(plan, NULL));
}

static void gates_stand_where_they_must_and_nowhere_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof gate_cases / sizeof *gate_cases; i++) {
		const struct gate_case *each = &gate_cases[i];
		struct arena arena = {0};
		check_gate(
			each,
			planned_for(changed(&arena, each->table, each->change),
				    &arena, each->intent, each->address));
		arena_free(&arena);
	}
}

/* Each by itself would leave the other. */
static void the_last_screens_do_not_go_together(void **state)
{
	struct bdf devices[2];
	const struct intent intent = { .kind = INTENT_BIND, .devices = devices,
				       .device_count = 2 };
	struct arena arena = {0};
	const struct system *system =
		changed(&arena, made_desktop, two_screens);
	unsigned dark = 0;

	(void)state;
	assert_true(bdf_parse("01:00.0", &devices[0]) &&
		    bdf_parse("00:02.0", &devices[1]));
	const struct plan *plan = plan_make(system, &intent, &arena, NULL);
	for (unsigned i = 0; i < plan->gate_count; i++)
		dark += plan->gates[i].kind == GATE_HARD &&
			strcmp(plan->gates[i].id, "dev-display-active") == 0 &&
			strstr(plan->gates[i].text, "none would be left");
	assert_int_equal(dark, 2);
	arena_free(&arena);
}

static void every_open_gate_must_be_named(void **state)
{
	static const char *const one[] = { "no-interrupt-remapping", NULL };
	static const char *const both[] = { "no-interrupt-remapping",
					    "dev-display-active", NULL };
	static const char *const all[] = { "all", NULL };
	static const char *const none[] = { NULL };
	struct arena arena = {0};
	const struct plan *plan =
		planned_for(changed(&arena, made_desktop, not_remapped), &arena,
			    INTENT_BIND, "01:00.0");

	(void)state;
	assert_int_equal(plan->gate_count, 2);
	assert_false(plan_is_accepted(plan, NULL));
	assert_false(plan_is_accepted(plan, none));
	assert_false(plan_is_accepted(plan, one));
	assert_true(plan_is_accepted(plan, both));
	assert_true(plan_is_accepted(plan, all));
	arena_free(&arena);
}

static void a_bridge_in_the_group_is_left_and_named(void **state)
{
	struct arena arena = {0};
	const struct plan *plan = planned_for(made_machine(&arena, crowded),
					      &arena, INTENT_BIND, "01:00.0");

	(void)state;
	assert_int_equal(plan->change_count, 4);
	assert_true(plan->changes[0].left && *plan->changes[0].why_left);
	assert_true(plan->changes[1].left && *plan->changes[1].why_left);
	assert_false(plan->changes[2].left);
	assert_false(plan->changes[3].left);
	assert_false(plan_is_refused(plan));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gates_stand_where_they_must_and_nowhere_else),
		cmocka_unit_test(the_last_screens_do_not_go_together),
		cmocka_unit_test(every_open_gate_must_be_named),
		cmocka_unit_test(a_bridge_in_the_group_is_left_and_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
