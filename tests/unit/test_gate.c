// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gates from what is used, shown and held: a machine changed by words, and
 * what must stand then.  Those of a device's kind and group are in
 * test_plan.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lib/alter.h"
#include "lib/machine.h"
#include "plan/plan.h"

enum { NO_GATE, SOFT, HARD, OPEN };	/* OPEN: soft, for it is unknown */

#define DARK "connector 01:00.0 DP-1 disconnected disabled;" \
	     "connector 00:02.0 DP-2 connected enabled Dell;"

#define RADIOS "gear 00:14.0 bluetooth hci0; gear 02:00.0 bluetooth hci1;"

static const struct row {
	const char *id;
	int kind;
	const char *edits;
	enum intent_kind intent;
	const char *address;
} rows[] = {
	/* Storage. */
	{ "dev-mounted-fs", HARD, "elsewhere 02:00.0 /data", INTENT_BIND,
	  "02:00.0" },
	/* A container's root is not the host's. */
	{ "dev-root-fs", NO_GATE, "elsewhere 02:00.0 /", INTENT_BIND,
	  "02:00.0" },
	{ "dev-mounted-fs", HARD, "elsewhere 02:00.0 /", INTENT_BIND,
	  "02:00.0" },
	{ "dev-mounted-fs", OPEN, "elsewhere ?", INTENT_BIND, "02:00.0" },
	{ "dev-mounted-fs", NO_GATE, "elsewhere ?", INTENT_BIND, "01:00.0" },
	{ "dev-disk-open", HARD, "holder 02:00.0 /dev/nvme0n1", INTENT_BIND,
	  "02:00.0" },
	{ "dev-disk-open", HARD, "holder 02:00.0 /dev/dm-3", INTENT_UNBIND,
	  "02:00.0" },
	{ "dev-disk-open", HARD, "holder 02:00.0 /dev/ng0n1", INTENT_BIND,
	  "02:00.0" },
	{ "dev-gpu-clients", SOFT, "holder 02:00.0 /dev/nvme0", INTENT_BIND,
	  "02:00.0" },
	/* Who cannot be looked into may have it open. */
	{ "dev-disk-open", OPEN, "holder ?", INTENT_BIND, "02:00.0" },
	{ "dev-gpu-clients", OPEN, "holder ?", INTENT_BIND, "00:14.0" },
	{ "dev-disk-open", NO_GATE, "holder ?; dev 02:00.0 driver -",
	  INTENT_BIND, "02:00.0" },
	/* Of a network device its clock and its verbs are nodes. */
	{ "dev-gpu-clients", NO_GATE, "holder ?; dev 02:00.0 class 0x020000",
	  INTENT_BIND, "02:00.0" },
	{ "dev-gpu-clients", OPEN, "holder ?; dev 02:00.0 class 0x020000;"
	  "gear 02:00.0 clock ptp0", INTENT_BIND, "02:00.0" },
	{ "dev-gpu-clients", OPEN, "holder ?; dev 02:00.0 class 0x020000;"
	  "gear 02:00.0 rdma mlx5_0", INTENT_BIND, "02:00.0" },
	{ "dev-gpu-clients", OPEN, "holder ?; dev 02:00.0 class 0x020000;"
	  "gear ?", INTENT_BIND, "02:00.0" },
	{ "dev-gpu-clients", SOFT, "dev 02:00.0 class 0x020000;"
	  "holder 02:00.0 /dev/ptp0", INTENT_BIND, "02:00.0" },
	/* What hangs on no PCI device is a laptop's own, or an old port's. */
	{ "dev-last-keyboard", SOFT, "keyboard 00:14.0; keyboard -",
	  INTENT_BIND, "00:14.0" },
	{ "dev-last-keyboard", SOFT, "keyboard 00:14.0; keyboard -;"
	  "host chassis 3", INTENT_BIND, "00:14.0" },
	{ "dev-last-keyboard", NO_GATE, "keyboard 00:14.0; keyboard -;"
	  "host chassis 10", INTENT_BIND, "00:14.0" },
	{ "dev-last-keyboard", NO_GATE, "keyboard 00:14.0; keyboard -",
	  INTENT_BIND, "01:00.0" },
	/* One of two radios. */
	{ "dev-last-keyboard", OPEN, RADIOS "keys far x K380", INTENT_BIND,
	  "00:14.0" },
	{ "dev-last-keyboard", OPEN, RADIOS "keys far x K380", INTENT_BIND,
	  "02:00.0" },
	{ "dev-last-keyboard", NO_GATE, RADIOS "keys far x K380", INTENT_BIND,
	  "01:00.0" },
	{ "dev-last-keyboard", NO_GATE, RADIOS "keys far x K380;"
	  "keyboard 01:00.0", INTENT_BIND, "00:14.0" },
	{ "dev-last-keyboard", NO_GATE, RADIOS "keys far x K380;"
	  "keyboard 01:00.0", INTENT_BIND, "01:00.0" },
	{ "dev-last-keyboard", OPEN, RADIOS "keys far x K380;"
	  "keyboard 00:14.0", INTENT_BIND, "00:14.0" },
	{ "dev-last-keyboard", OPEN, "gear ?; keys far x K380", INTENT_BIND,
	  "00:14.0" },
	/* Network. */
	{ "dev-net-root", HARD, "dev 02:00.0 class 0x020000;"
	  "net 02:00.0 up 0; netroot nfs4", INTENT_BIND, "02:00.0" },
	{ "dev-net-root", HARD, "dev 02:00.0 class 0x020000;"
	  "net 02:00.0 down 0; netroot nfs4; netby 02:00.0 /", INTENT_BIND,
	  "02:00.0" },
	{ "dev-net-root", HARD, "dev 02:00.0 class 0x020000;"
	  "net 02:00.0 up 0; netroot nfs4; netby ? /", INTENT_BIND,
	  "02:00.0" },
	{ "dev-net-root", HARD, "dev 02:00.0 class 0x020000;"
	  "net 02:00.0 up 0; netdisk nbd /sys/class/block/nbd0 -",
	  INTENT_BIND, "02:00.0" },
	{ "dev-net-root", OPEN, "dev 02:00.0 class 0x020000;"
	  "net 02:00.0 up 0; netroot ?", INTENT_BIND, "02:00.0" },
	{ "dev-net-root", NO_GATE, "netroot ?", INTENT_BIND, "02:00.0" },
	{ "dev-net-root", NO_GATE, "dev 02:00.0 class 0x020000;"
	  "net 02:00.0 up 0; netroot nfs4; netby - /", INTENT_BIND,
	  "02:00.0" },
	{ "dev-net-root", NO_GATE, "dev 02:00.0 class 0x020000;"
	  "net 02:00.0 down 0; netroot nfs4", INTENT_BIND, "02:00.0" },
	{ "dev-net-root", NO_GATE, "dev 02:00.0 class 0x020000;"
	  "net 02:00.0 up 0", INTENT_BIND, "02:00.0" },
	/* The terminal. */
	{ "dev-own-terminal", HARD, "terminal 00:14.0 ttyUSB0", INTENT_BIND,
	  "00:14.0" },
	{ "dev-own-terminal", NO_GATE, "terminal 00:14.0 ttyUSB0",
	  INTENT_BIND, "02:00.0" },
	/* Screens. */
	{ "dev-display-active", NO_GATE, DARK, INTENT_BIND, "01:00.0" },
	{ "dev-display-active", HARD, "fb 01:00.0 x; console 1;"
	  "connector 00:02.0 DP-2 connected enabled Dell;"
	  "connector 01:00.0 DP-1 connected enabled Dell", INTENT_BIND,
	  "01:00.0" },
	{ "dev-display-active", HARD,
	  "bar 01:00.0 0xc0000000 0xc0ffffff 0x40200; bootfb 0xc0000000 0xc07fffff "
	  "BOOTFB; connector 00:02.0 DP-2 connected enabled Dell;"
	  "connector 01:00.0 DP-1 connected enabled Dell", INTENT_BIND,
	  "01:00.0" },
	{ "dev-sysfb-holds-bar", SOFT, DARK
	  "bar 01:00.0 0xc0000000 0xc0ffffff 0x40200; bootfb 0xc0000000 0xc07fffff "
	  "BOOTFB", INTENT_BIND, "01:00.0" },
	{ "dev-sysfb-holds-bar", NO_GATE, DARK
	  "bar 01:00.0 0xd0000000 0xd0ffffff 0x40200; bootfb 0xc0000000 0xc07fffff "
	  "BOOTFB", INTENT_BIND, "01:00.0" },
	{ "dev-only-gpu", SOFT, "dev 00:02.0 class 0x020000", INTENT_BIND,
	  "01:00.0" },
	{ "dev-only-gpu", SOFT, "dev 00:02.0 driver vfio-pci", INTENT_BIND,
	  "01:00.0" },
	{ "dev-only-gpu", NO_GATE, "", INTENT_BIND, "01:00.0" },
	/* Holders, by what their driver does with them. */
	{ "dev-gpu-clients", HARD, "holder - /dev/nvidia-uvm", INTENT_BIND,
	  "01:00.0" },
	{ "dev-gpu-clients", NO_GATE, "holder - /dev/nvidia-uvm", INTENT_BIND,
	  "02:00.0" },
	/* It works with another card, and the shared node says nothing. */
	{ "dev-gpu-clients", NO_GATE, "dev 00:02.0 driver nvidia;"
	  "holder 00:02.0 /dev/nvidia1; holder - /dev/nvidiactl",
	  INTENT_BIND, "01:00.0" },
	{ "dev-gpu-clients", HARD, "dev 01:00.0 driver amdgpu;"
	  "holder - /dev/kfd", INTENT_BIND, "01:00.0" },
	{ "dev-gpu-clients", NO_GATE, "holder - /dev/kfd", INTENT_BIND,
	  "01:00.0" },
	{ "dev-gpu-clients", HARD, "dev 01:00.0 driver amdgpu;"
	  "holder 01:00.0 /dev/dri/card1", INTENT_UNBIND, "01:00.0" },
	{ "dev-gpu-clients", SOFT, "dev 01:00.0 driver nouveau;"
	  "holder 01:00.0 /dev/dri/card1", INTENT_BIND, "01:00.0" },
	{ "dev-gpu-clients", SOFT, "dev 01:00.0 driver i915;"
	  "holder 01:00.0 /dev/i2c-5", INTENT_BIND, "01:00.0" },
	{ "dev-gpu-clients", HARD, "holder 01:00.0 /dev/i2c-5", INTENT_BIND,
	  "01:00.0" },
	{ "dev-gpu-clients", SOFT, "holder 00:14.0 /dev/ttyUSB0",
	  INTENT_BIND, "00:14.0" },
	{ "dev-gpu-clients", SOFT, "holder 02:00.0 /dev/uio0", INTENT_UNBIND,
	  "02:00.0" },
	{ "dev-gpu-clients", SOFT, "holder 00:14.0 /dev/video0", INTENT_BIND,
	  "00:14.0" },
	/* The group's node stands for each of its devices. */
	{ "group-in-use-by-vm", HARD, "dev 01:00.0 driver vfio-pci;"
	  "dev 01:00.1 driver vfio-pci; holder 01:00.0 /dev/vfio/13",
	  INTENT_RESTORE, "01:00.1" },
	{ "group-in-use-by-vm", HARD, "dev 01:00.0 driver vfio-pci;"
	  "dev 01:00.1 driver vfio-pci; holder - /dev/vfio/13",
	  INTENT_UNBIND, "01:00.1" },
	{ "group-in-use-by-vm", NO_GATE, "dev 01:00.0 driver vfio-pci;"
	  "dev 01:00.1 driver vfio-pci; holder - /dev/vfio/14",
	  INTENT_RESTORE, "01:00.1" },
	/* A device without its group: the kernel may not say which. */
	{ "group-in-use-by-vm", SOFT, "dev 01:00.0 driver vfio-pci;"
	  "dev 01:00.1 driver vfio-pci; holder - anon_inode:[vfio-device]",
	  INTENT_RESTORE, "01:00.0" },
	{ "group-in-use-by-vm", HARD, "dev 01:00.0 driver vfio-pci;"
	  "dev 01:00.1 driver vfio-pci;"
	  "holder 01:00.1 anon_inode:[vfio-device]",
	  INTENT_RESTORE, "01:00.0" },
	{ "group-in-use-by-vm", NO_GATE, "dev 01:00.0 driver vfio-pci;"
	  "dev 01:00.1 driver vfio-pci; dev 02:00.0 driver vfio-pci;"
	  "holder 02:00.0 /dev/vfio/14; holder - anon_inode:[vfio-device]",
	  INTENT_RESTORE, "01:00.0" },
	{ "group-in-use-by-vm", NO_GATE,
	  "holder - anon_inode:[vfio-device]", INTENT_BIND, "01:00.0" },
	/* What holds it and is no process. */
	{ "driver-module-in-use", SOFT, "users nvidia 2", INTENT_BIND,
	  "01:00.0" },
	{ "driver-module-in-use", NO_GATE, "users nvidia 0", INTENT_BIND,
	  "01:00.0" },
	{ "driver-module-in-use", NO_GATE, "users nvme 1;"
	  "storage 02:00.0 /home", INTENT_BIND, "02:00.0" },
	{ "driver-module-in-use", NO_GATE, "users nvidia 2",
	  INTENT_BIND, "02:00.0" },
	/* Others' words. */
	{ "dev-claimed", HARD, "claim 01:00.1 libvirt win10", INTENT_BIND,
	  "01:00.0" },
	{ "dev-claimed", HARD, "dev 01:00.0 driver vfio-pci;"
	  "claim 01:00.0 Proxmox 105", INTENT_RESTORE, "01:00.0" },
	{ "dev-claimed", SOFT, "dev 02:00.0 class 0x020000;"
	  "pool 02:00.0 libvirt lan", INTENT_BIND, "02:00.0" },
	{ "dev-claimed", OPEN, "claim ?", INTENT_BIND, "01:00.0" },
	{ "dev-claimed", OPEN, "dev 02:00.0 class 0x020000; pool ?",
	  INTENT_BIND, "02:00.0" },
	{ "dev-claimed", NO_GATE, "pool ?", INTENT_BIND, "01:00.0" },
	{ "dev-claimed", NO_GATE, "claim 02:00.0 libvirt win10", INTENT_BIND,
	  "01:00.0" },
	{ "dev-driverctl-claim", SOFT, "override 01:00.0 nouveau",
	  INTENT_BIND, "01:00.0" },
	{ "dev-driverctl-claim", NO_GATE, "override 01:00.0 vfio-pci",
	  INTENT_BIND, "01:00.0" },
	{ "dev-driverctl-claim", NO_GATE, "override 01:00.0 none",
	  INTENT_UNBIND, "01:00.0" },
	/* What hangs on it. */
	{ "dev-mdev-active", HARD, "dev 00:02.0 mdevs 2", INTENT_BIND,
	  "00:02.0" },
	{ "dev-mdev-active", NO_GATE, "dev 00:02.0 mdevs 0", INTENT_BIND,
	  "00:02.0" },
	{ "dev-mdev-active", OPEN, "dev 00:02.0 mdevs ?", INTENT_BIND,
	  "00:02.0" },
	{ "dev-vmd-children", HARD, "dev 02:00.0 child 0", INTENT_BIND,
	  "02:00.0" },
	{ "dev-vmd-children", NO_GATE, "", INTENT_BIND, "02:00.0" },
	{ "dev-behind-vmd", HARD, "dev 02:00.0 domain 0x10000", INTENT_BIND,
	  "10000:02:00.0" },
	{ "dev-behind-vmd", NO_GATE, "dev 02:00.0 domain 0x10000",
	  INTENT_UNBIND, "10000:02:00.0" },
	/* A virtual function lives by its physical one. */
	{ "dev-vf-pf-elsewhere", NO_GATE, "dev 02:00.0 physfn 01:00.0",
	  INTENT_BIND, "02:00.0" },
	{ "dev-vf-token", NO_GATE, "dev 02:00.0 physfn 01:00.0", INTENT_BIND,
	  "02:00.0" },
	{ "dev-vf-token", SOFT, "dev 02:00.0 physfn 01:00.0;"
	  "dev 01:00.0 driver vfio-pci", INTENT_BIND, "02:00.0" },
	{ "dev-vf-pf-elsewhere", NO_GATE, "dev 02:00.0 physfn 01:00.0;"
	  "dev 01:00.0 driver vfio-pci", INTENT_BIND, "02:00.0" },
	{ "dev-vf-pf-elsewhere", HARD, "dev 02:00.0 physfn 01:00.0;"
	  "dev 01:00.0 driver vfio-pci; dev 02:00.0 driver vfio-pci",
	  INTENT_RESTORE, "02:00.0" },
	{ "dev-vf-token", NO_GATE, "dev 02:00.0 physfn 01:00.0;"
	  "dev 01:00.0 driver vfio-pci; dev 02:00.0 driver vfio-pci",
	  INTENT_RESTORE, "02:00.0" },
	{ "dev-vf-pf-elsewhere", SOFT, "dev 02:00.0 physfn 01:00.0;"
	  "dev 01:00.0 driver -", INTENT_BIND, "02:00.0" },
	{ "dev-vf-pf-elsewhere", SOFT, "dev 02:00.0 physfn 01:00.0;"
	  "dev 01:00.0 driver pci-stub", INTENT_BIND, "02:00.0" },
	{ "dev-vf-pf-elsewhere", OPEN, "dev 02:00.0 physfn 01:00.0;"
	  "dev 01:00.0 driver ?", INTENT_BIND, "02:00.0" },
	/* Without a driver it needs none. */
	{ "dev-vf-pf-elsewhere", NO_GATE, "dev 02:00.0 physfn 01:00.0;"
	  "dev 01:00.0 driver -", INTENT_UNBIND, "02:00.0" },
	/* What may not come back. */
	{ "dev-untrusted", SOFT, "dev 02:00.0 removable removable",
	  INTENT_BIND, "02:00.0" },
	{ "dev-untrusted", NO_GATE, "dev 02:00.0 removable fixed",
	  INTENT_BIND, "02:00.0" },
	{ "dev-no-reset", SOFT, "dev 00:14.0 reset_method -;"
	  "dev 00:14.0 reset_file -", INTENT_BIND, "00:14.0" },
	{ "dev-no-reset", OPEN, "dev 00:14.0 reset_method ?;"
	  "dev 00:14.0 reset_file ?", INTENT_BIND, "00:14.0" },
	{ "dev-no-reset", NO_GATE, "dev 00:14.0 reset_method flr",
	  INTENT_BIND, "00:14.0" },
	{ "dev-amd-reset-bug", SOFT, "dev 01:00.0 id 0x100267df",
	  INTENT_BIND, "01:00.0" },
};

static const struct plan *make(const struct row *row, struct arena *arena)
{
	struct builder builder;
	struct intent *intent = arena_alloc(arena, sizeof *intent);
	struct bdf *address = arena_alloc(arena, sizeof *address);
	struct err err = {0};

	made_start(&builder, arena);
	made_devices(&builder, made_desktop);
	build_freeze(&builder);
	alter(builder.system, row->edits);
	assert_true(bdf_parse(row->address, address));
	*intent = (struct intent){ .kind = row->intent, .devices = address,
				   .device_count = 1 };
	const struct plan *plan =
		plan_make(builder.system, intent, arena, &err);
	if (!plan)
		fail_msg("%s at %s: %s", row->id, row->address, err.text);
	return plan;
}

static void each_gate_stands_where_it_must(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct arena arena = {0};
		const struct plan *plan = make(row, &arena);
		int kind = NO_GATE;
		for (unsigned g = 0; g < plan->gate_count; g++) {
			const struct gate *gate = &plan->gates[g];
			if (strcmp(gate->id, row->id) != 0)
				continue;
			kind = gate->kind == GATE_HARD ? HARD :
			       gate->unknown ? OPEN : SOFT;
			assert_true(*gate->text && *gate->source &&
				    *gate->value);
		}
		if (kind != row->kind)
			fail_msg("row %zu, %s at %s after \"%s\": %d, not %d",
				 i, row->id, row->address, row->edits, kind,
				 row->kind);
		assert_true(kind != HARD || plan_is_refused(plan));
		arena_free(&arena);
	}
}

/* How many were not looked into is said in words. */
static void hidden_processes_are_counted(void **state)
{
	static const struct row row = { "", OPEN, "holder ?", INTENT_BIND,
					"01:00.0" };
	struct arena arena = {0};
	struct builder builder;
	struct bdf address;

	(void)state;
	made_start(&builder, &arena);
	made_devices(&builder, made_desktop);
	build_freeze(&builder);
	alter(builder.system, row.edits);
	builder.system->usage.processes = 412;
	builder.system->usage.processes_hidden = 300;
	assert_true(bdf_parse(row.address, &address));
	const struct intent intent = { .kind = INTENT_BIND,
				       .devices = &address,
				       .device_count = 1 };
	const struct plan *plan =
		plan_make(builder.system, &intent, &arena, NULL);
	bool said = false;
	for (unsigned i = 0; i < plan->gate_count; i++)
		said |= strstr(plan->gates[i].text, "300 of 412") != NULL;
	assert_true(said);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_gate_stands_where_it_must),
		cmocka_unit_test(hidden_processes_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
