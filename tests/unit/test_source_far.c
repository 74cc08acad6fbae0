// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host runs from on disks that come over the network, and by which
 * card.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "lib/plant.h"
#include "unit/source_disks.h"

#define ISCSI "platform/host3/session1/target3:0:0/3:0:0:0/block"
#define CONNECTION "sys/class/iscsi_connection/connection1:0/"

static void put_interface(const char *name, const char *address)
{
	char path[256], target[256];

	snprintf(path, sizeof path,
		 "sys/devices/pci0000:00/%s/net/%s/operstate", address, name);
	plant_text(path, "up\n");
	snprintf(path, sizeof path, "sys/class/net/%s", name);
	snprintf(target, sizeof target, "../../devices/pci0000:00/%s/net/%s",
		 address, name);
	plant_link(path, target);
}

/* eth0 leads to 10.0.2.0/24 and all else, eth1 to 10.0.3.0/24. */
static int start_network(void **state)
{
	if (start(state))
		return -1;
	put_interface("eth0", "0000:00:02.0");
	put_interface("eth1", "0000:00:04.0");
	plant_text("vfiotop/addresses", "eth0 10.0.2.5\neth1 10.0.3.5\n");
	plant_text("proc/net/route",
		   "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
		   "eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\n"
		   "eth1\t0003000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n");
	return 0;
}

static void put_root(const char *number, const char *node)
{
	char text[128];

	snprintf(text, sizeof text, "25 1 %s / / rw - ext4 %s rw\n", number,
		 node);
	plant_text("proc/self/mountinfo", text);
}

/* By eth0 and by eth1 it does or does not come. */
static void check(const struct system *system, const char *what,
		  enum known first, enum known second)
{
	const struct usage *usage = &system->usage;

	assert_int_equal(usage->network_root.known, KNOWN);
	assert_string_equal(usage->network_root.value, what);
	assert_int_equal(usage->interface_count, 2);
	assert_int_equal(usage->interfaces[0].root, first);
	assert_int_equal(usage->interfaces[1].root, second);
}

static void put_iscsi(void)
{
	put_block("sda", ISCSI, "8:0\n");
	plant_text(CONNECTION "address", "10.0.3.9\n");
	plant_text("sys/class/iscsi_connection/connection12:0/address",
		   "10.0.2.9\n");
}

static void the_session_of_a_disk_tells_its_card(void **state)
{
	(void)state;
	put_iscsi();
	put_root("8:0", "/dev/sda");
	check(look(), "/ ext4, iSCSI", ABSENT, KNOWN);
	check(look_at_capture(), "/ ext4, iSCSI", ABSENT, KNOWN);
	const struct net_mount *mount = look()->usage.net_mounts;
	assert_string_equal(mount->source, "/" CONNECTION "address");
	assert_string_equal(mount->way, "/proc/net/route");
}

/* A volume on an encrypted partition of it. */
static void a_volume_on_it_comes_as_it_does(void **state)
{
	(void)state;
	put_iscsi();
	put_block("sda2", ISCSI "/sda", "8:2\n");
	put_block("dm-0", "virtual/block", "254:0\n");
	plant_link("sys/devices/virtual/block/dm-0/slaves/sda2", "/x");
	put_block("dm-1", "virtual/block", "254:1\n");
	plant_link("sys/devices/virtual/block/dm-1/slaves/dm-0", "/x");
	put_root("254:1", "/dev/mapper/vg-root");
	check(look(), "/ ext4, iSCSI", ABSENT, KNOWN);
	check(look_at_capture(), "/ ext4, iSCSI", ABSENT, KNOWN);
}

static void a_peer_that_is_gone_is_known_by_its_settings(void **state)
{
	(void)state;
	put_iscsi();
	plant_text(CONNECTION "address", "");
	plant_text(CONNECTION "persistent_address", "10.0.3.9\n");
	put_root("8:0", "/dev/sda");
	check(look(), "/ ext4, iSCSI", ABSENT, KNOWN);
}

/* What is bound, and what has another's address, goes by no route. */
static void a_session_that_is_bound_goes_by_no_route(void **state)
{
	(void)state;
	put_iscsi();
	put_root("8:0", "/dev/sda");
	plant_text("sys/class/iscsi_host/host3/netdev", "default\n");
	plant_text("sys/class/iscsi_host/host3/ipaddress", "10.0.3.5\n");
	check(look(), "/ ext4, iSCSI", ABSENT, KNOWN);
	plant_text("sys/class/iscsi_host/host3/ipaddress", "10.0.2.5\n");
	check(look(), "/ ext4, iSCSI", UNREAD, UNREAD);
	plant_text("sys/class/iscsi_host/host3/netdev", "eth0\n");
	check(look(), "/ ext4, iSCSI", KNOWN, ABSENT);
	assert_string_equal(look()->usage.net_mounts->way,
			    "/sys/class/iscsi_host/host3/netdev");
}

static void an_unknown_server_may_be_behind_any_card(void **state)
{
	(void)state;
	put_block("nbd0p1", "virtual/block/nbd0", "43:1\n");
	put_root("43:1", "/dev/nbd0p1");
	check(look_at_capture(), "/ ext4, nbd", UNREAD, UNREAD);
	put_block("rbd0", "rbd/0/block", "252:0\n");
	put_root("252:0", "/dev/rbd0");
	check(look(), "/ ext4, Ceph", UNREAD, UNREAD);
	put_block("drbd1", "virtual/block", "147:1\n");
	put_root("147:1", "/dev/drbd1");
	check(look(), "/ ext4, DRBD", UNREAD, UNREAD);
	put_block("sdb", "platform/vhci_hcd.0/usb5/5-1/5-1:1.0/host4/"
		  "target4:0:0/4:0:0:0/block", "8:16\n");
	put_root("8:16", "/dev/sdb");
	check(look(), "/ ext4, USB/IP", UNREAD, UNREAD);
}

static void some_disks_name_their_interface(void **state)
{
	(void)state;
	put_block("etherd!e0.0", "virtual/block", "152:0\n");
	plant_text("sys/devices/virtual/block/etherd!e0.0/netif",
		   "eth1\n");
	put_root("152:0", "/dev/etherd/e0.0");
	check(look(), "/ ext4, AoE", ABSENT, KNOWN);
	plant_text("sys/devices/virtual/block/etherd!e0.0/netif",
		   "eth0,eth1\n");
	check(look(), "/ ext4, AoE", KNOWN, KNOWN);
	assert_string_equal(look()->usage.interfaces[1].mounts.value, "/");
	put_block("sdc", "virtual/net/eth1.7/ctlr_0/host5/rport-5:0-1/"
		  "target5:0:0/5:0:0:0/block", "8:32\n");
	plant_text("sys/devices/virtual/net/eth1.7/lower_eth1/x", "");
	plant_link("sys/class/net/eth1.7", "../../devices/virtual/net/eth1.7");
	put_root("8:32", "/dev/sdc");
	check(look(), "/ ext4, FCoE", ABSENT, KNOWN);
}

#define SUBSYSTEM "virtual/nvme-subsystem/nvme-subsys3"

#define CONTROLLERS "virtual/nvme-fabrics/ctl"

static void put_fabrics(const char *name, const char *transport,
			const char *address)
{
	char path[128], target[128];

	snprintf(path, sizeof path, "sys/devices/" CONTROLLERS "/%s/transport",
		 name);
	plant_text(path, transport);
	snprintf(path, sizeof path, "sys/devices/" CONTROLLERS "/%s/address",
		 name);
	plant_text(path, address);
	snprintf(path, sizeof path, "sys/devices/" SUBSYSTEM "/%s", name);
	snprintf(target, sizeof target, "../../nvme-fabrics/ctl/%s", name);
	plant_link(path, target);
	snprintf(path, sizeof path, "sys/class/nvme/%s", name);
	snprintf(target, sizeof target, "../../devices/" CONTROLLERS "/%s",
		 name);
	plant_link(path, target);
}

static void controllers_over_fabrics_tell_their_server(void **state)
{
	(void)state;
	put_block("nvme3n1", SUBSYSTEM, "259:7\n");
	put_fabrics("nvme3", "tcp\n",
		    "traddr=10.0.3.9,trsvcid=4420,src_addr=10.0.3.5\n");
	put_root("259:7", "/dev/nvme3n1");
	check(look_at_capture(), "/ ext4, NVMe over tcp", ABSENT, KNOWN);
	/* A second path by the other card. */
	put_fabrics("nvme4", "rdma\n",
		    "traddr=10.0.3.10,trsvcid=4420,host_iface=eth0\n");
	check(look(), "/ ext4, NVMe over tcp", KNOWN, KNOWN);
}

/* Its own disk, of the same kernel. */
static void a_loop_over_fabrics_is_no_network(void **state)
{
	(void)state;
	put_block("nvme3n1", CONTROLLERS "/nvme3", "259:7\n");
	put_fabrics("nvme3", "loop\n", "\n");
	put_root("259:7", "/dev/nvme3n1");
	assert_int_equal(look()->usage.network_root.known, ABSENT);
}

static void a_port_of_fibre_channel_is_its_adapter_s(void **state)
{
	(void)state;
	put_block("nvme3n1", SUBSYSTEM, "259:7\n");
	put_fabrics("nvme3", "fc\n", "traddr=nn-0x5:pn-0x6,"
		    "host_traddr=nn-0x200000109b1a2b3c:pn-0x100000109b1a2b3c\n");
	put_root("259:7", "/dev/nvme3n1");
	assert_int_equal(look()->usage.network_root.known, UNREAD);
	plant_text("sys/devices/pci0000:00/0000:00:05.0/host7/fc_host/host7/"
		   "port_name", "0x100000109b1a2b3c\n");
	plant_link("sys/class/fc_host/host7", "../../devices/pci0000:00/"
		   "0000:00:05.0/host7/fc_host/host7");
	const struct system *system = look_at_capture();
	assert_int_equal(system->usage.network_root.known, ABSENT);
	assert_string_equal(stored(system, "00:05.0")->what, "/");
}

static void swap_and_var_count_too_and_the_rest_does_not(void **state)
{
	(void)state;
	put_iscsi();
	plant_text("proc/self/mountinfo",
		   "25 1 259:0 / / rw - ext4 /dev/nvme0n1 rw\n"
		   "26 25 8:0 / /srv rw - ext4 /dev/sda rw\n");
	const struct system *system = look();
	assert_int_equal(system->usage.network_root.known, ABSENT);
	assert_string_equal(system->usage.interfaces[1].mounts.value, "/srv");
	assert_int_equal(system->usage.interfaces[1].root, ABSENT);
	plant_text("proc/swaps", "Filename Type Size Used Priority\n"
		   "/dev/sda partition 1 0 -2\n");
	check(look(), "swap, iSCSI", ABSENT, KNOWN);
	plant_text("proc/swaps", "Filename Type Size Used Priority\n");
	plant_text("proc/self/mountinfo",
		   "25 1 259:0 / / rw - ext4 /dev/nvme0n1 rw\n"
		   "26 25 8:0 / /var rw - xfs /dev/sda rw\n");
	check(look(), "/var xfs, iSCSI", ABSENT, KNOWN);
}

/* Nobody kept where the disk is: it may be anywhere. */
static void a_disk_that_was_not_looked_at_may_be_far(void **state)
{
	char full[512];

	(void)state;
	put_root("8:0", "/dev/sda");
	assert_int_equal(look()->usage.network_root.known, ABSENT);
	plant_path(full, "sys/dev/block");
	assert_int_equal(plant_remove(full), 0);
	assert_int_equal(look()->usage.network_root.known, UNREAD);
	assert_int_equal(look()->usage.interfaces[0].root, UNREAD);
}

#define T(name) cmocka_unit_test_setup_teardown(name, start_network, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_session_of_a_disk_tells_its_card),
		T(a_volume_on_it_comes_as_it_does),
		T(a_peer_that_is_gone_is_known_by_its_settings),
		T(a_session_that_is_bound_goes_by_no_route),
		T(an_unknown_server_may_be_behind_any_card),
		T(some_disks_name_their_interface),
		T(controllers_over_fabrics_tell_their_server),
		T(a_loop_over_fabrics_is_no_network),
		T(a_port_of_fibre_channel_is_its_adapter_s),
		T(swap_and_var_count_too_and_the_rest_does_not),
		T(a_disk_that_was_not_looked_at_may_be_far),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
