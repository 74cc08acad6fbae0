// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "lib/machine.h"
#include "plan/choice.h"
#include "plan/plan.h"
#include "plan/wire.h"

/* Whole plans as text: one line a step, so that a change is seen at once. */
static const char *as_text(const struct plan *plan, struct arena *arena)
{
	struct buf buf = {0};

	for (unsigned i = 0; i < plan->step_count; i++) {
		const char *expect = shell_expect(plan, i, arena);
		buf_printf(&buf, "%s%s%s\n", shell_step(plan, i, arena),
			   *expect ? "  # " : "", expect);
	}
	const char *text = arena_text(arena, buf_str(&buf));
	buf_free(&buf);
	return text;
}

static struct intent intent_of(struct arena *arena, enum intent_kind kind,
			       const char *driver, const char *address)
{
	struct bdf *bdf = arena_alloc(arena, sizeof *bdf);

	assert_true(bdf_parse(address, bdf));
	return (struct intent){ .kind = kind, .driver = driver,
				.devices = bdf, .device_count = 1 };
}

static const struct plan *make(const struct system *system,
			       struct arena *arena, enum intent_kind kind,
			       const char *driver, const char *address)
{
	struct intent intent = intent_of(arena, kind, driver, address);
	struct err err = {0};
	const struct plan *plan = plan_make(system, &intent, arena, &err);

	if (!plan)
		fail_msg("%s", err.text);
	return plan;
}

#define D "/sys/bus/pci/devices/0000:01:00"
#define R "/sys/bus/pci/drivers/"

static void a_gpu_goes_to_vfio_with_its_whole_group(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		make(system, &arena, INTENT_BIND, NULL, "01:00.0");

	(void)state;
	assert_string_equal(plan->title, "Bind group 13 to vfio-pci");
	assert_string_equal(as_text(plan, &arena),
		"echo vfio-pci > " D ".0/driver_override\n"
		"echo vfio-pci > " D ".1/driver_override\n"
		"echo 0000:01:00.1 > " R "snd_hda_intel/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"echo 0000:01:00.1 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"test -e /dev/vfio/13  # expects /dev/vfio/13\n");
	assert_int_equal(plan->change_count, 2);
	assert_true(plan->changes[0].named);
	assert_false(plan->changes[1].named);
	assert_false(plan_is_refused(plan));
	arena_free(&arena);
}

/* A machine that @change has altered before it was frozen. */
static const struct system *changed(struct arena *arena,
				    const struct made_device *table,
				    void (*change)(struct builder *builder))
{
	struct builder builder;

	made_start(&builder, arena);
	made_devices(&builder, table);
	build_sort(&builder);
	if (change)
		change(&builder);
	const struct system *system = build_freeze(&builder);
	for (unsigned i = 0; i < system->group_count; i++)
		if (!builder.system->groups[i].members_known)
			builder.system->groups[i].members_known = KNOWN;
	return system;
}

static int index_of(const struct system *system, const char *address)
{
	struct bdf bdf;

	assert_true(bdf_parse(address, &bdf));
	return system_device(system, bdf);
}

static struct device *at(struct builder *builder, const char *address)
{
	return &builder->system->devices[index_of(builder->system, address)];
}

static void without_vfio(struct builder *builder)
{
	struct system *system = builder->system;

	system->vfio.pci_driver = (struct fact_num){ ABSENT, 0 };
	for (unsigned i = 0; i < system->driver_count; i++)
		if (strcmp(system->drivers[i].name, "vfio-pci") == 0)
			system->drivers[i].name = "zzz";
	build_sort(builder);
}

static void the_module_is_loaded_before_anything_is_let_go(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		make(changed(&arena, made_desktop, without_vfio), &arena,
		     INTENT_BIND, NULL, "02:00.0");

	(void)state;
	assert_string_equal(as_text(plan, &arena),
		"modprobe vfio-pci  # expects /sys/bus/pci/drivers/vfio-pci\n"
		"echo vfio-pci > /sys/bus/pci/devices/0000:02:00.0/"
		"driver_override\n"
		"echo 0000:02:00.0 > " R "nvme/unbind  # gives up after 15 s\n"
		"echo 0000:02:00.0 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"test -e /dev/vfio/14  # expects /dev/vfio/14\n");
	assert_false(plan->steps[0].may_fail);
	arena_free(&arena);
}

static void audio_unbound_override_stale(struct builder *builder)
{
	at(builder, "01:00.1")->driver = (struct fact_text){ ABSENT, "" };
	at(builder, "01:00.1")->driver_override =
		(struct fact_text){ KNOWN, "vfio-pci" };
}

static void what_has_no_driver_is_bound_too(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		make(changed(&arena, made_desktop,
			     audio_unbound_override_stale), &arena,
		     INTENT_BIND, NULL, "01:00.0");

	(void)state;
	assert_string_equal(as_text(plan, &arena),
		"echo vfio-pci > " D ".0/driver_override\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"echo 0000:01:00.1 > " R "vfio-pci/bind"
		"  # expects driver vfio-pci\n"
		"test -e /dev/vfio/13  # expects /dev/vfio/13\n");
	arena_free(&arena);
}

static void on_vfio(struct builder *builder)
{
	static const char *const addresses[] = { "01:00.0", "01:00.1" };

	for (size_t i = 0; i < 2; i++) {
		struct device *device = at(builder, addresses[i]);
		device->driver = (struct fact_text){ KNOWN, "vfio-pci" };
		device->driver_override =
			(struct fact_text){ KNOWN, "vfio-pci" };
	}
}

static void a_group_that_is_there_already_needs_nothing(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		make(changed(&arena, made_desktop, on_vfio), &arena,
		     INTENT_BIND, NULL, "01:00.1");

	(void)state;
	assert_true(plan->done_already);
	assert_int_equal(plan->gate_count, 0);
	assert_true(plan->changes[0].left);
	assert_string_equal(plan->changes[0].why_left,
			    "has this driver already");
	arena_free(&arena);
}

static void restoring_probes_the_display_first(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		make(changed(&arena, made_desktop, on_vfio), &arena,
		     INTENT_RESTORE, NULL, "01:00.1");

	(void)state;
	assert_string_equal(plan->title, "Give group 13 back to the host");
	assert_string_equal(as_text(plan, &arena),
		"echo > " D ".0/driver_override\n"
		"echo > " D ".1/driver_override\n"
		"echo 0000:01:00.1 > " R "vfio-pci/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "vfio-pci/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > /sys/bus/pci/drivers_probe"
		"  # expects a driver of the host\n"
		"echo 0000:01:00.1 > /sys/bus/pci/drivers_probe"
		"  # expects a driver of the host\n");
	arena_free(&arena);
}

static void with_modules_to_load(struct builder *builder)
{
	on_vfio(builder);
	at(builder, "01:00.0")->modules =
		(struct fact_text){ KNOWN, "nova nova_core" };
	at(builder, "01:00.1")->modules =
		(struct fact_text){ KNOWN, "snd_new" };
}

static void restoring_loads_what_udev_would(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		make(changed(&arena, made_desktop, with_modules_to_load),
		     &arena, INTENT_RESTORE, NULL, "01:00.0");

	(void)state;
	/* Several candidates: by alias, so that a blacklist holds. */
	assert_string_equal(shell_step(plan, 0, &arena),
			    "modprobe -b pci:v000010DEd00002684");
	assert_string_equal(shell_step(plan, 1, &arena), "modprobe snd_new");
	assert_true(plan->steps[0].may_fail);
	arena_free(&arena);
}

static void a_home_is_aimed_at_and_then_forgotten(void **state)
{
	struct arena arena = {0};
	const struct system *system =
		changed(&arena, made_desktop, with_modules_to_load);
	struct bdf gpu, audio;

	(void)state;
	assert_true(bdf_parse("01:00.0", &gpu));
	assert_true(bdf_parse("01:00.1", &audio));
	const struct home homes[] = { { gpu, "nova-core", NULL },
				      { audio, "", NULL } };
	const struct intent intent = {
		.kind = INTENT_RESTORE, .devices = &gpu, .device_count = 1,
		.homes = homes, .home_count = 2,
	};
	const struct plan *plan = plan_make(system, &intent, &arena, NULL);
	assert_string_equal(as_text(plan, &arena),
		"modprobe nova_core"
		"  # expects /sys/bus/pci/drivers/nova-core\n"
		"echo nova-core > " D ".0/driver_override\n"
		"echo > " D ".1/driver_override\n"
		"echo 0000:01:00.1 > " R "vfio-pci/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "vfio-pci/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "nova-core/bind"
		"  # expects driver nova-core\n"
		"echo > " D ".0/driver_override\n");
	arena_free(&arena);
}

static void a_host_driver_is_given_to_named_devices_only(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		make(system, &arena, INTENT_BIND, "nouveau", "01:00.0");

	(void)state;
	assert_string_equal(plan->title, "Bind 01:00.0 to nouveau");
	assert_string_equal(as_text(plan, &arena),
		"modprobe nouveau  # expects /sys/bus/pci/drivers/nouveau\n"
		"echo nouveau > " D ".0/driver_override\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "nouveau/bind"
		"  # expects driver nouveau\n");
	assert_true(plan->changes[1].left);
	arena_free(&arena);
}

static void unbinding_only_lets_go(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		make(made_machine(&arena, made_desktop), &arena,
		     INTENT_UNBIND, NULL, "01:00.0");

	(void)state;
	assert_string_equal(as_text(plan, &arena),
		"echo 0000:01:00.1 > " R "snd_hda_intel/unbind"
		"  # gives up after 15 s\n"
		"echo 0000:01:00.0 > " R "nvidia/unbind"
		"  # gives up after 15 s\n");
	arena_free(&arena);
}

static void a_module_can_be_loaded_alone(void **state)
{
	struct arena arena = {0};
	const struct intent intent = { .kind = INTENT_LOAD,
				       .driver = "vfio-pci" };
	const struct plan *plan =
		plan_make(changed(&arena, made_desktop, without_vfio),
			  &intent, &arena, NULL);

	(void)state;
	assert_string_equal(as_text(plan, &arena),
		"modprobe vfio-pci  # expects /sys/bus/pci/drivers/vfio-pci\n");
	plan = plan_make(made_machine(&arena, made_desktop), &intent, &arena,
			 NULL);
	assert_true(plan->done_already);
	arena_free(&arena);
}

/* Everything is undone in reverse by what the steps carry. */
static void every_change_knows_its_undo(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		make(made_machine(&arena, made_desktop), &arena, INTENT_BIND,
		     NULL, "01:00.0");
	const struct step *unbind = &plan->steps[3];

	(void)state;
	assert_int_equal(unbind->undo_count, 3);
	assert_string_equal(shell_line(&unbind->undo[0], &arena),
			    "echo nvidia > " D ".0/driver_override");
	assert_string_equal(shell_line(&unbind->undo[1], &arena),
			    "echo 0000:01:00.0 > " R "nvidia/bind");
	assert_string_equal(shell_line(&unbind->undo[2], &arena),
			    "echo > " D ".0/driver_override");
	for (unsigned i = 0; i < plan->step_count; i++) {
		const struct step *step = &plan->steps[i];
		assert_true(step->undo_count || step->kind != STEP_WRITE);
		for (unsigned u = 0; u < step->undo_count; u++) {
			assert_true(step->undo[u].ensure);
			assert_int_not_equal(step->undo[u].expect.kind,
					     EXPECT_NOTHING);
		}
	}
	arena_free(&arena);
}

/* Where no plan can be made. */

static const struct made_device no_groups[] = {
	{ "01:00.0", 0x030000, 0x10de2684, "nvidia", -1, PCIE_ENDPOINT, false,
	  0, false, 0, 0 },
	{ 0 },
};

static const struct made_device some_groups[] = {
	{ "00:02.0", 0x030000, 0x80861234, "i915", 1, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "01:00.0", 0x030000, 0x10de2684, "nvidia", -1, PCIE_ENDPOINT, false,
	  0, false, 0, 0 },
	{ 0 },
};

static void group_unreadable(struct builder *builder)
{
	at(builder, "01:00.0")->group.known = DENIED;
}

static void groups_unreadable(struct builder *builder)
{
	builder->system->groups_known = UNREAD;
}

static void driver_unreadable(struct builder *builder)
{
	at(builder, "01:00.0")->driver.known = UNREAD;
}

static void driver_hostile(struct builder *builder)
{
	at(builder, "01:00.0")->driver.value = "x; reboot";
}

static void no_plan_is_made_without_a_reason(void **state)
{
	static const struct {
		const struct made_device *table;
		void (*change)(struct builder *builder);
		const char *driver, *address, *says;
	} cases[] = {
		{ no_groups, NULL, NULL, "01:00.0", "runs no IOMMU" },
		{ no_groups, groups_unreadable, NULL, "01:00.0",
		  "could not be read" },
		{ some_groups, NULL, NULL, "01:00.0", "does not serve it" },
		{ some_groups, group_unreadable, NULL, "01:00.0",
		  "could not be read" },
		{ made_desktop, NULL, NULL, "07:00.0", "no device 07:00.0" },
		{ made_desktop, NULL, "a b", "01:00.0", "not the name" },
		{ made_desktop, NULL, "", "01:00.0", "not the name" },
		{ made_desktop, NULL, "-b", "01:00.0", "not the name" },
		{ made_desktop, driver_unreadable, NULL, "01:00.0",
		  "driver of 01:00.0 could not be read" },
		{ made_desktop, driver_hostile, NULL, "01:00.0",
		  "a name that no driver has" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct err err = {0};
		struct intent intent =
			intent_of(&arena, INTENT_BIND, cases[i].driver,
				  cases[i].address);
		assert_null(plan_make(changed(&arena, cases[i].table,
					      cases[i].change),
				      &intent, &arena, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("\"%s\" lacks \"%s\"", err.text,
				 cases[i].says);
		arena_free(&arena);
	}
}

static void a_device_without_group_can_still_be_let_go(void **state)
{
	struct arena arena = {0};
	const struct plan *plan =
		make(made_machine(&arena, no_groups), &arena, INTENT_UNBIND,
		     NULL, "01:00.0");

	(void)state;
	assert_string_equal(plan->title, "Leave 01:00.0 without a driver");
	assert_int_equal(plan->step_count, 1);
	arena_free(&arena);
}

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

static void held(struct builder *builder, const char *address,
		 const char *node)
{
	struct holder *holder = arena_alloc(builder->system->arena,
					    sizeof *holder);

	*holder = (struct holder){
		.pid = 912, .command = "Xorg", .node = node,
		.device = index_of(builder->system, address),
	};
	builder->system->usage.holders = holder;
	builder->system->usage.holder_count = 1;
}

static void gpu_held(struct builder *builder)
{
	held(builder, "01:00.0", "/dev/nvidia0");
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
		index_of(builder->system, "00:14.0") };
	boards[1] = (struct keyboard){ "AT Keyboard", "isa0060/serio0", NONE };
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
	{ "dev-backlight-owner", SOFT, made_desktop, panel, INTENT_BIND,
	  "01:00.0" },
	{ "dev-audio-running", SOFT, made_desktop, sound_plays, INTENT_BIND,
	  "01:00.0" },
	{ "dev-last-keyboard", HARD, made_desktop, one_keyboard, INTENT_BIND,
	  "00:14.0" },
	{ "dev-last-keyboard", NO_GATE, made_desktop, one_keyboard,
	  INTENT_BIND, "01:00.0" },
	{ "dev-last-keyboard", NO_GATE, made_desktop, two_keyboards,
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
		check_gate(each, make(changed(&arena, each->table,
					      each->change),
				      &arena, each->intent, NULL,
				      each->address));
		arena_free(&arena);
	}
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
		make(changed(&arena, made_desktop, not_remapped), &arena,
		     INTENT_BIND, NULL, "01:00.0");

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
	const struct plan *plan = make(made_machine(&arena, crowded), &arena,
				       INTENT_BIND, NULL, "01:00.0");

	(void)state;
	assert_int_equal(plan->change_count, 4);
	assert_true(plan->changes[0].left && *plan->changes[0].why_left);
	assert_true(plan->changes[1].left && *plan->changes[1].why_left);
	assert_false(plan->changes[2].left);
	assert_false(plan->changes[3].left);
	assert_false(plan_is_refused(plan));
	arena_free(&arena);
}

static void a_plan_differs_when_the_machine_has_changed(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan =
		make(system, &arena, INTENT_BIND, NULL, "01:00.0");

	(void)state;
	assert_true(plan_is_same(plan, make(system, &arena, INTENT_BIND, NULL,
					    "01:00.0")));
	assert_false(plan_is_same(plan, make(changed(&arena, made_desktop,
						     on_vfio),
					     &arena, INTENT_BIND, NULL,
					     "01:00.0")));
	/* Same steps, but a gate stands that was not shown. */
	assert_false(plan_is_same(plan, make(changed(&arena, made_desktop,
						     gpu_held),
					     &arena, INTENT_BIND, NULL,
					     "01:00.0")));
	arena_free(&arena);
}

/* Shell lines and the wire. */

static void a_shell_takes_every_word_as_one(void **state)
{
	struct arena arena = {0};
	const struct step step = { .kind = STEP_WRITE, .path = "/sys/a b",
				   .value = "it's; $(reboot)" };

	(void)state;
	assert_string_equal(shell_line(&step, &arena),
			    "echo 'it'\\''s; $(reboot)' > '/sys/a b'");
	arena_free(&arena);
}

static const char *on_wire(const struct step *step, struct arena *arena)
{
	struct buf buf = {0};

	wire_step(&buf, step);
	const char *line = arena_text(arena, buf_str(&buf));
	buf_free(&buf);
	return line;
}

static void assert_crosses(const struct step *step, struct arena *arena)
{
	const char *line = on_wire(step, arena);
	struct step back;
	struct err err = {0};

	if (!wire_parse_step(line, arena, &back, &err))
		fail_msg("%s: %s", err.text, line);
	assert_string_equal(on_wire(&back, arena), line);
	assert_int_equal(back.kind, step->kind);
	assert_string_equal(back.path, step->path);
	assert_string_equal(back.value, step->value);
	assert_int_equal(back.expect.kind, step->expect.kind);
	assert_string_equal(back.expect.value, step->expect.value);
	assert_string_equal(back.self, step->self ? step->self : "");
	assert_int_equal(back.ensure, step->ensure);
	assert_int_equal(back.deadline_s, step->deadline_s);
}

static void every_step_crosses_the_wire(void **state)
{
	struct arena arena = {0};
	const struct plan *plans[] = {
		make(changed(&arena, made_desktop, without_vfio), &arena,
		     INTENT_BIND, NULL, "01:00.0"),
		make(changed(&arena, made_desktop, with_modules_to_load),
		     &arena, INTENT_RESTORE, NULL, "01:00.0"),
	};

	(void)state;
	for (size_t p = 0; p < 2; p++)
		for (unsigned i = 0; i < plans[p]->step_count; i++) {
			const struct step *step = &plans[p]->steps[i];
			assert_crosses(step, &arena);
			for (unsigned u = 0; u < step->undo_count; u++)
				assert_crosses(&step->undo[u], &arena);
		}
	struct step odd = { .kind = STEP_WRITE, .path = "/a\tb\n%",
			    .value = "\x01 \xc3\xa4", .deadline_s = 1,
			    .before = { EXPECT_NOTHING, "", "" },
			    .expect = { EXPECT_TEXT, "/x", "" } };
	assert_crosses(&odd, &arena);
	arena_free(&arena);
}

static void what_is_no_step_is_refused(void **state)
{
	static const char *const lines[] = {
		"", "do", "\t\t\t\t\t\t\t\t\t\t\t\t\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\t\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t0\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t601\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t-1\t",
		"undo\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\terase\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\tp\tv\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\tmodprobe\t\t\t-\t\t\t-\t\t\t15\t",
		"do\trun\t/p\tv\tmodprobe\tx\t\t-\t\t\t-\t\t\t15\t",
		"do\trun\t\t\t\tmodprobe\t\t-\t\t\t-\t\t\t15\t",
		"do\trun\t\t\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\tcheck\t\t\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\t-\t/x\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\tsometimes\t/x\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\ttext\tx\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\texists\t/x\ty\t15\t",
		"do\twrite\t/p\ta b\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\t%0\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\t%00\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\t%2f\t\t\t\t-\t\t\t-\t\t\t15\t",
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\tx",
		"do\trun\t\t\tmodprobe\tx\t\t-\t\t\t-\t\t\t15\tx",
		"do\twrite\t/p\t\x7f\t\t\t\t-\t\t\t-\t\t\t15\t",
	};
	static const char good[] =
		"do\twrite\t/p\tv\t\t\t\t-\t\t\t-\t\t\t15\t";
	struct arena arena = {0};
	struct step step;

	(void)state;
	assert_true(wire_parse_step(good, &arena, &step, NULL));
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (wire_parse_step(lines[i], &arena, &step, NULL))
			fail_msg("taken: %s", lines[i]);
	arena_free(&arena);
}

static void replies_cross_the_wire(void **state)
{
	const struct reply reply = { REPLY_FAILED, PHASE_EXPECT, 22, 15000,
				     4711, "nv_pci remove\thelper" };
	struct buf buf = {0};
	struct reply back;

	(void)state;
	wire_reply(&buf, &reply);
	assert_true(wire_parse_reply(buf_str(&buf), &back));
	assert_int_equal(back.kind, reply.kind);
	assert_int_equal(back.phase, reply.phase);
	assert_int_equal(back.errnum, reply.errnum);
	assert_int_equal(back.ms, reply.ms);
	assert_int_equal(back.pid, reply.pid);
	assert_string_equal(back.detail, reply.detail);
	assert_false(wire_parse_reply("done", &back));
	assert_false(wire_parse_reply("done\twrite\t0\t0\t0", &back));
	assert_false(wire_parse_reply("fine\twrite\t0\t0\t0\t", &back));
	assert_false(wire_parse_reply("done\twrite\t-1\t0\t0\t", &back));
	assert_false(wire_parse_reply("done\twrite\t0\tx\t0\t", &back));
	buf_free(&buf);
}

static void a_variant_is_offered_and_taken_when_wanted(void **state)
{
	struct arena arena = {0};
	struct system *system = (struct system *)(uintptr_t)made_machine(
		&arena, made_desktop);
	struct bdf nvme = { .bus = 2 };
	struct device *device = &system->devices[system_device(system, nvme)];
	const char *names[CHOICE_MOST];

	(void)state;
	device->variant = (struct fact_text){ KNOWN, "mlx5_vfio_pci" };
	const struct plan *plan =
		make(system, &arena, INTENT_BIND, NULL, "02:00.0");
	assert_string_equal(plan->changes[0].to, "vfio-pci");
	assert_non_null(strstr(plan->changes[0].note, "mlx5_vfio_pci"));
	plan = make(system, &arena, INTENT_BIND, CHOICE_BEST, "02:00.0");
	assert_string_equal(plan->changes[0].to, "mlx5_vfio_pci");
	assert_string_equal(plan->changes[0].note, "");
	assert_non_null(strstr(as_text(plan, &arena),
			       "modprobe mlx5_vfio_pci"));
	plan = make(system, &arena, INTENT_BIND, CHOICE_BEST, "01:00.0");
	assert_string_equal(plan->changes[0].to, "vfio-pci");

	device->modules = (struct fact_text){ KNOWN, "nvme other_nvme" };
	choice_drivers(system, device, names, &arena);
	static const char *const wanted[] = {
		"mlx5_vfio_pci", "vfio-pci", "nvme", "other_nvme", "pci-stub",
		"uio_pci_generic", "none" };
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		assert_string_equal(names[i], wanted[i]);
	assert_null(names[sizeof wanted / sizeof *wanted]);
	arena_free(&arena);
}

static void uio_says_that_nothing_protects_the_host(void **state)
{
	struct arena arena = {0};
	const struct system *system = made_machine(&arena, made_desktop);
	const struct plan *plan = make(system, &arena, INTENT_BIND,
				       "uio_pci_generic", "02:00.0");
	static const char *const accept[] = { "dev-uio-bound", NULL };
	bool stands = false;

	(void)state;
	for (unsigned i = 0; i < plan->gate_count; i++)
		if (strcmp(plan->gates[i].id, "dev-uio-bound") == 0)
			stands |= plan->gates[i].kind == GATE_SOFT &&
				  strstr(plan->gates[i].text, "all memory");
	assert_true(stands);
	assert_false(plan_is_accepted(plan, NULL));
	assert_true(plan_is_accepted(plan, accept));
	assert_non_null(strstr(as_text(plan, &arena),
			       "modprobe uio_pci_generic"));
	assert_null(strstr(as_text(plan, &arena), "/dev/vfio"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gpu_goes_to_vfio_with_its_whole_group),
		cmocka_unit_test(
			the_module_is_loaded_before_anything_is_let_go),
		cmocka_unit_test(what_has_no_driver_is_bound_too),
		cmocka_unit_test(a_group_that_is_there_already_needs_nothing),
		cmocka_unit_test(restoring_probes_the_display_first),
		cmocka_unit_test(restoring_loads_what_udev_would),
		cmocka_unit_test(a_home_is_aimed_at_and_then_forgotten),
		cmocka_unit_test(a_host_driver_is_given_to_named_devices_only),
		cmocka_unit_test(unbinding_only_lets_go),
		cmocka_unit_test(a_module_can_be_loaded_alone),
		cmocka_unit_test(every_change_knows_its_undo),
		cmocka_unit_test(no_plan_is_made_without_a_reason),
		cmocka_unit_test(a_device_without_group_can_still_be_let_go),
		cmocka_unit_test(gates_stand_where_they_must_and_nowhere_else),
		cmocka_unit_test(every_open_gate_must_be_named),
		cmocka_unit_test(a_bridge_in_the_group_is_left_and_named),
		cmocka_unit_test(a_plan_differs_when_the_machine_has_changed),
		cmocka_unit_test(a_shell_takes_every_word_as_one),
		cmocka_unit_test(every_step_crosses_the_wire),
		cmocka_unit_test(what_is_no_step_is_refused),
		cmocka_unit_test(replies_cross_the_wire),
		cmocka_unit_test(a_variant_is_offered_and_taken_when_wanted),
		cmocka_unit_test(uio_says_that_nothing_protects_the_host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
