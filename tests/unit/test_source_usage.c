// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who uses a device: processes that hold it, other programs, modules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/plant.h"
#include "source/read.h"
#include "source/scout.h"
#include "unit/source_disks.h"

/* --- holders --- */

static void hold(const char *pid, const char *fd, const char *node)
{
	char path[128];

	snprintf(path, sizeof path, "proc/%s/fd/%s", pid, fd);
	plant_link(path, node);
	snprintf(path, sizeof path, "proc/%s/comm", pid);
	plant_text(path, "prog\n");
}

static bool is_held(const struct system *system, const char *address,
		    const char *node)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->holder_count; i++)
		if (strcmp(usage->holders[i].node, node) == 0 &&
		    usage->holders[i].device ==
			    (address ? device_at(system, address) : NONE))
			return true;
	return false;
}

static void put_class(const char *class, const char *name,
		      const char *address)
{
	char path[256], target[256];

	snprintf(path, sizeof path, "sys/devices/pci0000:00/%s/%s/%s/dev",
		 address, class, name);
	plant_text(path, "1:1\n");
	snprintf(path, sizeof path, "sys/class/%s/%s", class, name);
	snprintf(target, sizeof target, "../../devices/pci0000:00/%s/%s/%s",
		 address, class, name);
	plant_link(path, target);
}

static void holders_are_found_by_their_nodes(void **state)
{
	static const struct { const char *class, *name, *node; } nodes[] = {
		{ "drm", "renderD128", "/dev/dri/renderD128" },
		{ "sound", "controlC1", "/dev/snd/controlC1" },
		{ "i2c-dev", "i2c-7", "/dev/i2c-7" },
		{ "uio", "uio0", "/dev/uio0" },
		{ "video4linux", "video3", "/dev/video3" },
		{ "tty", "ttyUSB0", "/dev/ttyUSB0" },
		{ "tty", "ttyS4", "/dev/ttyS4" },
		{ "graphics", "fb0", "/dev/fb0" },
		{ "accel", "accel0", "/dev/accel/accel0" },
		{ "vfio-dev", "vfio0", "/dev/vfio/devices/vfio0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
		char fd[8];
		snprintf(fd, sizeof fd, "%zu", i + 3);
		put_class(nodes[i].class, nodes[i].name, "0000:00:02.0");
		hold("77", fd, nodes[i].node);
	}
	hold("77", "50", "/dev/kfd");
	hold("77", "51", "/dev/tty1");
	hold("77", "52", "/dev/null");
	const struct system *system = look();
	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
		if (!is_held(system, "00:02.0", nodes[i].node))
			fail_msg("nobody holds %s", nodes[i].node);
	assert_true(is_held(system, NULL, "/dev/kfd"));
	assert_int_equal(system->usage.holder_count,
			 sizeof nodes / sizeof *nodes + 1);
	assert_int_equal(system->usage.holders_known, KNOWN);
}

static void a_mouse_s_battery_makes_no_laptop(void **state)
{
	(void)state;
	assert_int_equal(look()->host.battery.known, UNREAD);
	plant_text("sys/class/dmi/id/chassis_type", "10\n");
	plant_text("sys/class/power_supply/AC/type", "Mains\n");
	plant_text("sys/class/power_supply/hidpp_battery_0/type", "Battery\n");
	plant_text("sys/class/power_supply/hidpp_battery_0/scope", "Device\n");
	const struct system *system = look_at_capture();
	assert_int_equal(system->host.chassis.value, 10);
	assert_int_equal(system->host.battery.known, ABSENT);
	plant_text("sys/class/power_supply/BAT0/type", "Battery\n");
	assert_int_equal(look_at_capture()->host.battery.known, KNOWN);
}

/* --- file systems of the network --- */

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

static const struct interface *interface_at(const struct system *system,
					    const char *name)
{
	for (unsigned i = 0; i < system->usage.interface_count; i++)
		if (strcmp(system->usage.interfaces[i].name, name) == 0)
			return &system->usage.interfaces[i];
	fail_msg("there is no %s", name);
	return NULL;
}

static void routes_tell_by_which_card_files_come(void **state)
{
	(void)state;
	put_interface("eth0", "0000:00:02.0");
	put_interface("eth1", "0000:00:04.0");
	plant_text("sys/devices/virtual/net/br0/lower_eth1/x", "");
	plant_link("sys/class/net/br0", "../../devices/virtual/net/br0");
	plant_text("proc/net/route",
		   "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
		   "eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\n"
		   "br0\t0003000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n"
		   "wg0\t0004000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n");
	plant_text("proc/self/mountinfo",
		   "25 1 0:23 / / rw - nfs4 10.0.2.9:/r rw,addr=10.0.2.9\n"
		   "26 25 0:24 / /srv rw - cifs //nas/s rw,addr=10.0.3.9\n");
	const struct system *system = look();
	assert_int_equal(interface_at(system, "eth0")->root, KNOWN);
	assert_string_equal(interface_at(system, "eth0")->mounts.value, "/");
	assert_int_equal(interface_at(system, "eth1")->root, ABSENT);
	assert_string_equal(interface_at(system, "eth1")->mounts.value,
			    "/srv");
	/* By a tunnel, or of a server without an address: by any of them. */
	plant_text("proc/self/mountinfo",
		   "25 1 0:23 / / rw - nfs4 10.0.4.9:/r rw,addr=10.0.4.9\n"
		   "26 25 0:24 / /srv rw - fuse.sshfs nas:/s rw\n");
	system = look();
	assert_int_equal(interface_at(system, "eth0")->root, UNREAD);
	assert_int_equal(interface_at(system, "eth0")->mounts.known, UNREAD);
	/* What was mounted over is not seen. */
	plant_text("proc/self/mountinfo",
		   "25 1 0:23 / / rw - nfs4 10.0.4.9:/r rw,addr=10.0.4.9\n"
		   "26 25 0:24 / / rw - nfs4 10.0.2.9:/r rw,addr=10.0.2.9\n");
	system = look();
	assert_int_equal(interface_at(system, "eth0")->root, KNOWN);
	assert_int_equal(interface_at(system, "eth1")->mounts.known, ABSENT);
}

/* --- one node for all GPUs --- */

/* A processor or GPU as amdkfd numbers it. */
static void put_kfd_node(const char *node, const char *id,
			 const char *properties)
{
	char path[128];

	snprintf(path, sizeof path, "sys/class/kfd/kfd/topology/nodes/%s/gpu_id",
		 node);
	plant_text(path, id);
	snprintf(path, sizeof path,
		 "sys/class/kfd/kfd/topology/nodes/%s/properties", node);
	plant_text(path, properties);
}

static void put_two_gpus(void)
{
	put_device("0000:00:03.0", "", "DRIVER=amdgpu\nPCI_CLASS=38000\n"
		   "PCI_ID=1002:740F\nPCI_SUBSYS_ID=1002:0C34\n");
	put_kfd_node("0", "0\n", "cpu_cores_count 16\nlocation_id 0\n");
	put_kfd_node("1", "5001\n", "simd_count 160\nlocation_id 16\n"
		     "domain 0\ndrm_render_minor 128\n");
	/* Several nodes: the lowest bits have their number. */
	put_kfd_node("2", "5002\n", "simd_count 440\nlocation_id 25\n"
		     "domain 0\ndrm_render_minor 129\n");
}

#define KFD_PROCESS(pid, name) "sys/class/kfd/kfd/proc/" pid "/" name

static unsigned kfd_holders(const struct system *system)
{
	unsigned count = 0;

	for (unsigned i = 0; i < system->usage.holder_count; i++)
		count += strcmp(system->usage.holders[i].node,
				"/dev/kfd") == 0;
	return count;
}

static void who_computes_holds_the_gpu_that_it_uses(void **state)
{
	(void)state;
	put_two_gpus();
	/* Memory on the second; a record of the first says nothing. */
	hold("77", "3", "/dev/kfd");
	plant_text(KFD_PROCESS("77", "pasid"), "32770\n");
	plant_text(KFD_PROCESS("77", "vram_5001"), "0\n");
	plant_text(KFD_PROCESS("77", "vram_5002"), "8388608\n");
	plant_folder(KFD_PROCESS("77", "queues"));
	const struct system *system = look();
	assert_true(is_held(system, "00:03.0", "/dev/kfd"));
	assert_int_equal(kfd_holders(system), 1);
	/* A queue of the first, besides. */
	plant_text(KFD_PROCESS("77", "queues/0/gpuid"), "5001\n");
	system = look_at_capture();
	assert_true(is_held(system, "00:02.0", "/dev/kfd"));
	assert_true(is_held(system, "00:03.0", "/dev/kfd"));
	assert_int_equal(kfd_holders(system), 2);
}

static void who_cannot_be_told_may_hold_every_gpu(void **state)
{
	(void)state;
	put_two_gpus();
	/* Not there: of another namespace, or an older kernel. */
	hold("77", "3", "/dev/kfd");
	/* Nothing used yet. */
	hold("78", "3", "/dev/kfd");
	plant_text(KFD_PROCESS("78", "vram_5001"), "0\n");
	/* A GPU that nobody knows, besides one that is known. */
	hold("79", "3", "/dev/kfd");
	plant_text(KFD_PROCESS("79", "vram_5001"), "4096\n");
	plant_text(KFD_PROCESS("79", "vram_5003"), "4096\n");
	/* The kernel's records are not to be read. */
	hold("80", "3", "/dev/kfd");
	plant_text(KFD_PROCESS("80", "vram_5001"), "?\n");
	const struct system *system = look();
	assert_int_equal(kfd_holders(system), 4);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(system->usage.holders[i].device, NONE);
}

/* A guest's device is a file without a node; its group may be closed. */
static void a_device_without_its_group_is_held_too(void **state)
{
	(void)state;
	hold("77", "3", "anon_inode:[vfio-device]");
	hold("77", "4", "anon_inode:[eventfd]");
	hold("78", "3", "anon_inode:[vfio-device]");
	plant_text("proc/78/fdinfo/3", "pos:\t0\nvfio-device-syspath: "
		   "/sys/devices/pci0000:00/0000:00:02.0\n");
	const struct system *system = look();
	assert_int_equal(system->usage.holder_count, 2);
	assert_true(is_held(system, NULL, "anon_inode:[vfio-device]"));
	assert_true(is_held(system, "00:02.0",
			    "anon_inode:[vfio-device] 0000:00:02.0"));
}

static void a_disk_that_is_open_holds_all_it_rests_on(void **state)
{
	(void)state;
	put_multipath();
	hold("77", "3", "/dev/nvme2n1");
	hold("78", "3", "/dev/mapper/nowhere");
	const struct system *system = look_at_capture();
	assert_true(is_held(system, "00:04.0", "/dev/nvme2n1"));
	assert_true(is_held(system, "00:05.0", "/dev/nvme2n1"));
	assert_int_equal(system->usage.holder_count, 2);
}

/* A controller, a name space past the block layer, and SCSI's own nodes. */
static void a_disk_is_held_by_its_other_nodes_too(void **state)
{
	(void)state;
	put_multipath();
	plant_link("sys/class/nvme/nvme7",
		   "../../devices/pci0000:00/0000:00:04.0/nvme/nvme7");
	plant_folder("sys/devices/pci0000:00/0000:00:04.0/nvme/nvme7");
	plant_link("sys/class/nvme-generic/ng7n1",
		   "../../devices/pci0000:00/0000:00:04.0/nvme/nvme7/ng7n1");
	plant_folder("sys/devices/pci0000:00/0000:00:04.0/nvme/nvme7/ng7n1");
	plant_link("sys/class/scsi_generic/sg3",
		   "../../devices/pci0000:00/0000:00:05.0/sg3");
	plant_folder("sys/devices/pci0000:00/0000:00:05.0/sg3");
	hold("77", "3", "/dev/nvme7");
	hold("78", "3", "/dev/ng7n1");
	hold("79", "3", "/dev/sg3");
	const struct system *system = look_at_capture();
	assert_true(is_held(system, "00:04.0", "/dev/nvme7"));
	assert_true(is_held(system, "00:04.0", "/dev/ng7n1"));
	assert_true(is_held(system, "00:05.0", "/dev/sg3"));
	assert_int_equal(system->usage.holder_count, 3);
}

/* With native multipath it is no controller's but the subsystem's. */
static void a_name_space_is_held_on_every_way_to_it(void **state)
{
	(void)state;
	put_multipath();
	plant_link("sys/class/nvme-generic/ng2n1",
		   "../../devices/virtual/nvme-subsystem/nvme-subsys2/ng2n1");
	plant_folder("sys/devices/virtual/nvme-subsystem/nvme-subsys2/ng2n1");
	hold("77", "3", "/dev/ng2n1");
	const struct system *system = look_at_capture();
	assert_true(is_held(system, "00:04.0", "/dev/ng2n1"));
	assert_true(is_held(system, "00:05.0", "/dev/ng2n1"));
	assert_int_equal(system->usage.holder_count, 2);
}

/* --- who opens a node for a moment --- */

static unsigned *visits;

/* The node is open at the second look only. */
static void poll_it(const char *path)
{
	char full[512];

	if (strcmp(path, "proc/77/fd") != 0)
		return;
	++*visits;
	snprintf(full, sizeof full, "%s/proc/77/fd/9", plant_root);
	if (*visits == 2)
		plant_link("proc/77/fd/9", "/dev/dri/renderD128");
	else
		unlink(full);
}

static bool scout_sees(unsigned areas)
{
	const struct scout_ways ways = { .path = plant_root,
					 .before = poll_it };
	struct scout *scout = scout_make(&ways, &arena);
	struct err err = {0};

	*visits = 0;
	struct root *root = scout_read(scout, areas, NULL, &err);
	if (!root)
		fail_msg("%s", err.text);
	const struct system *system = source_read(root, &arena, AREA_ALL,
						  NULL);
	bool seen = is_held(system, "00:02.0", "/dev/dri/renderD128");
	root_close(root);
	scout_free(scout);
	return seen;
}

static void who_opens_a_node_for_a_moment_is_caught(void **state)
{
	(void)state;
	visits = mmap(NULL, sizeof *visits, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(visits != MAP_FAILED);
	put_class("drm", "renderD128", "0000:00:02.0");
	hold("77", "3", "/dev/null");
	assert_false(scout_sees(AREA_ALL));
	assert_true(scout_sees(AREA_ALL | AREA_LINGER));
	munmap(visits, sizeof *visits);
}

/* A node that was mapped and closed is held all the same; what a descriptor
 * tells better is not told twice. */
static void what_is_mapped_and_closed_is_held(void **state)
{
	(void)state;
	put_class("drm", "renderD128", "0000:00:02.0");
	put_class("uio", "uio0", "0000:00:02.0");
	hold("77", "3", "/dev/null");
	plant_text("proc/77/maps",
		   "00400000-0040b000 r-xp 00000000 fe:00 12   /usr/bin/prog\n"
		   "7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \n"
		   "7f0000002000-7f0000003000 rw-s 10001000 00:06 9"
		   "                /dev/dri/renderD128\n"
		   "7f0000004000-7f0000005000 rw-p 00000000 00:01 7 "
		   "/dev/zero (deleted)\n"
		   "7f0000006000-7f0000007000 rw-s 00000000 00:06 9 /dev/uio0");
	hold("78", "3", "anon_inode:[vfio-device]");
	plant_text("proc/78/fdinfo/3", "pos:\t0\nvfio-device-syspath: "
		   "/sys/devices/pci0000:00/0000:00:02.0\n");
	plant_text("proc/78/maps", "7f0000000000-7f0000001000 rw-s 00000000 "
		   "00:10 9 anon_inode:[vfio-device]\n");
	hold("79", "3", "/dev/null");
	plant_text("proc/79/maps", "7f0000000000-7f0000001000 rw-s 00000000 "
		   "00:10 9 anon_inode:[vfio-device]\n");
	/* Only who is about to do something looks so long. */
	assert_int_equal(look()->usage.holder_count, 1);
	struct root *root = root_open(plant_root, NULL);
	const struct system *system =
		source_read(root, &arena, AREA_ALL | AREA_LINGER, NULL);
	root_close(root);
	assert_true(is_held(system, "00:02.0", "/dev/dri/renderD128"));
	assert_true(is_held(system, "00:02.0", "/dev/uio0"));
	assert_true(is_held(system, "00:02.0",
			    "anon_inode:[vfio-device] 0000:00:02.0"));
	assert_true(is_held(system, NULL, "anon_inode:[vfio-device]"));
	assert_int_equal(system->usage.holder_count, 4);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(system->usage.holders[i].mapped,
				 !strstr(system->usage.holders[i].node,
					 "0000:00:02.0"));
}

/* --- other programs, modules, mediated devices --- */

static void put_claims(void)
{
	plant_folder("proc/1");
	plant_folder("proc/4242");
	plant_text("run/qemu-server/pci-id-reservations",
		   "0000:00:04.0 105 pid:4242\n"
		   "0000:00:05.0 106 pid:4243\n"
		   "0000:00:02.0 107 time:1\n"
		   "nonsense\n0000:00:02.0\n0000:00:02.0 1 pid\n");
	plant_text("run/libvirt/qemu/win10.xml",
		   "<domstatus><domain><devices>\n"
		   "<hostdev mode='subsystem' type='usb'><source>"
		   "<address bus='1' device='2'/></source></hostdev>\n"
		   "<hostdev mode='subsystem' type='pci' managed='yes'>"
		   "<driver name='vfio'/><source>\n"
		   "<address domain='0x0000' bus='0x00' slot='0x02' "
		   "function='0x0'/></source>\n"
		   "<address type='pci' domain='0x0000' bus='0x00' "
		   "slot='0x05' function='0x0'/></hostdev>\n"
		   "</devices></domain></domstatus>\n");
}

static void check_claims(const struct system *system)
{
	const struct usage *usage = &system->usage;

	assert_int_equal(usage->claim_count, 2);
	assert_string_equal(usage->claims[0].who, "Proxmox");
	assert_string_equal(usage->claims[0].guest, "105");
	assert_int_equal(usage->claims[0].device,
			 device_at(system, "00:04.0"));
	assert_string_equal(usage->claims[1].who, "libvirt");
	assert_string_equal(usage->claims[1].guest, "win10");
	assert_int_equal(usage->claims[1].device,
			 device_at(system, "00:02.0"));
}

static void guests_of_others_are_recognised(void **state)
{
	(void)state;
	put_claims();
	check_claims(look());
	check_claims(look_at_capture());
}

#define GUEST "run/libvirt/qemu/win10.xml"

/* The addresses of one claim's devices, in the order of the file. */
static const char *claimed(const struct system *system)
{
	static char text[128];
	char name[BDF_TEXT];

	*text = '\0';
	for (unsigned i = 0; i < system->usage.claim_count; i++) {
		int device = system->usage.claims[i].device;
		strcat(text, bdf_print(system->devices[device].address, name));
		strcat(text, system->usage.claims[i].pool ? " pool " : " ");
	}
	return text;
}

/* An interface of its own, one out of a pool, a disk of NVMe; where the guest
 * sees them is no device of the host. */
static void all_that_a_guest_is_given_is_its_own(void **state)
{
	(void)state;
	plant_folder("run/qemu-server");
	plant_text(GUEST, "<domain><devices>\n"
		   "<disk type='block'><source dev='/dev/x'/>"
		   "<address type='pci' domain='0x0000' bus='0x00' "
		   "slot='0x02' function='0x0'/></disk>\n"
		   "<disk type='nvme'><source type='pci' managed='yes' "
		   "namespace='1'><address domain='0x0000' bus='0x00' "
		   "slot='0x05' function='0x0'/></source></disk>\n"
		   "<interface type='hostdev' managed='yes'><source>"
		   "<address type='pci' domain='0x0000' bus='0x00' "
		   "slot='0x02' function='0x0'/></source></interface>\n"
		   "<interface type='network'><source network='lan'/>"
		   "<actual type='hostdev'><source><address type='pci' "
		   "domain='0x0000' bus='0x00' slot='0x04' function='0x0'/>"
		   "</source></actual></interface></devices></domain>\n");
	assert_string_equal(claimed(look()),
			    "0000:00:05.0 0000:00:02.0 0000:00:04.0 ");
	assert_string_equal(claimed(look_at_capture()),
			    "0000:00:05.0 0000:00:02.0 0000:00:04.0 ");
	plant_text(GUEST, "<disk type='nvme'><source type='pci' namespace='1'>"
		   "<address domain='0x0000' bus='0x00' slot='0x0");
	assert_string_equal(claimed(look()), "");
	assert_int_equal(look()->usage.claims_known, MALFORMED);
}

#define NETWORKS "etc/libvirt/qemu/networks/"

static void a_network_s_pool_is_kept_for_guests(void **state)
{
	(void)state;
	plant_text(NETWORKS "default.xml", "<network><forward mode='nat'>"
		   "<address type='pci' domain='0' bus='0' slot='2' "
		   "function='0'/></forward></network>\n");
	plant_text(NETWORKS "lan.xml", "<network><name>lan</name>\n"
		   "<forward mode='hostdev' managed='yes'>"
		   "<address type='pci' domain='0x0000' bus='0x00' "
		   "slot='0x04' function='0x0'/></forward></network>\n");
	put_interface("eth3", "0000:00:02.0");
	plant_link("sys/devices/pci0000:00/0000:00:02.0/net/eth3/device",
		   "../../../0000:00:02.0");
	plant_link("sys/devices/pci0000:00/0000:00:02.0/virtfn0",
		   "../0000:00:05.0");
	plant_text(NETWORKS "vfs.xml", "<network><forward mode=\"hostdev\">"
		   "<pf dev='eth3'/></forward></network>\n");
	const struct system *system = look_at_capture();
	assert_string_equal(claimed(system),
			    "0000:00:04.0 pool 0000:00:05.0 pool ");
	assert_string_equal(system->usage.claims[0].guest, "lan");
	assert_string_equal(system->usage.claims[1].source,
			    "/" NETWORKS "vfs.xml");
	assert_int_equal(system->usage.pools_known, KNOWN);
}

/* A folder that refuses is a link to itself here: root may open all. */
static void what_is_refused_is_not_free(void **state)
{
	(void)state;
	plant_folder("run/libvirt/qemu");
	plant_folder("run/qemu-server");
	plant_folder("etc/libvirt/qemu/networks");
	const struct system *system = look_at_capture();
	assert_true(known_is_settled(system->usage.claims_known));
	assert_true(known_is_settled(system->usage.pools_known));
	plant_link(NETWORKS "lan.xml", "lan.xml");
	system = look_at_capture();
	assert_true(known_is_settled(system->usage.claims_known));
	assert_false(known_is_settled(system->usage.pools_known));
	plant_link(GUEST, "win10.xml");
	assert_false(known_is_settled(look()->usage.claims_known));
	system = look_at_capture();
	assert_false(known_is_settled(system->usage.claims_known));
}

/* Whether the process of a guest lives is not seen where all are hidden. */
static void a_guest_that_is_hidden_is_not_over(void **state)
{
	(void)state;
	plant_folder("run/libvirt/qemu");
	plant_text("run/qemu-server/pci-id-reservations",
		   "0000:00:05.0 106 pid:4243\n");
	plant_folder("proc/self");
	assert_int_equal(look()->usage.claims_known, DENIED);
	assert_int_equal(look_at_capture()->usage.claims_known, DENIED);
	plant_folder("proc/1");
	assert_int_equal(look()->usage.claims_known, KNOWN);
}

/* As it was kept before anyone asked what could be read. */
static void a_claim_of_old_says_nothing_of_networks(void **state)
{
	(void)state;
	plant_text("vfiotop/claims",
		   "libvirt\t0000:00:02.0\twin10\t/run/x.xml\n");
	const struct system *system = look();
	assert_string_equal(claimed(system), "0000:00:02.0 ");
	assert_int_equal(system->usage.claims_known, UNREAD);
	assert_int_equal(system->usage.pools_known, UNREAD);
}

static void uses_by_other_modules_do_not_count(void **state)
{
	(void)state;
	plant_link("sys/bus/pci/drivers/amdgpu/module",
		   "../../../../module/amdgpu");
	plant_link("sys/bus/pci/drivers/nvme/module",
		   "../../../../module/nvme");
	plant_text("proc/modules",
		   "amdgpu 9000000 5 amdkfd,amdxcp, Live 0x0\n"
		   "nvme 49152 - - Live 0x0\n");
	const struct system *system = look();
	int driver = system_driver(system, "amdgpu");
	assert_int_equal(system->drivers[driver].users.value, 3);
	assert_string_equal(system->host.modules[0], "amdgpu");
	assert_int_equal(system->host.module_users[0].value, 3);
	driver = system_driver(system, "nvme");
	assert_int_equal(system->drivers[driver].users.known, UNREAD);
	assert_int_equal(system->host.module_users[1].known, UNREAD);
}

static void mediated_devices_are_counted(void **state)
{
	(void)state;
	plant_folder("sys/devices/pci0000:00/0000:00:02.0/"
		     "mdev_supported_types/a");
	plant_folder("sys/devices/pci0000:00/0000:00:02.0/aa-bb");
	plant_link("sys/bus/mdev/devices/aa-bb",
		   "../../../devices/pci0000:00/0000:00:02.0/aa-bb");
	const struct system *system = look();
	const struct device *gpu =
		&system->devices[device_at(system, "00:02.0")];
	assert_int_equal(gpu->mdev_count.known, KNOWN);
	assert_int_equal(gpu->mdev_count.value, 1);
}

static void a_serial_line_on_usb_is_known_as_one_s_own(void **state)
{
	(void)state;
	put_class("tty", "ttyUSB0", "0000:00:02.0");
	plant_text("vfiotop/session", "1 - - ttyUSB0\n");
	const struct system *system = look();
	assert_string_equal(system->usage.terminal, "ttyUSB0");
	assert_int_equal(system->usage.terminal_device,
			 device_at(system, "00:02.0"));
	plant_text("vfiotop/session", "1 - -\n");
	assert_string_equal(look()->usage.terminal, "");
	plant_text("vfiotop/session", "1 - - ../../evil\n");
	assert_string_equal(look()->usage.terminal, "");
}

#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(holders_are_found_by_their_nodes),
		T(what_is_mapped_and_closed_is_held),
		T(routes_tell_by_which_card_files_come),
		T(a_mouse_s_battery_makes_no_laptop),
		T(who_computes_holds_the_gpu_that_it_uses),
		T(who_cannot_be_told_may_hold_every_gpu),
		T(a_device_without_its_group_is_held_too),
		T(a_disk_that_is_open_holds_all_it_rests_on),
		T(a_disk_is_held_by_its_other_nodes_too),
		T(a_name_space_is_held_on_every_way_to_it),
		T(who_opens_a_node_for_a_moment_is_caught),
		T(guests_of_others_are_recognised),
		T(all_that_a_guest_is_given_is_its_own),
		T(a_network_s_pool_is_kept_for_guests),
		T(what_is_refused_is_not_free),
		T(a_guest_that_is_hidden_is_not_over),
		T(a_claim_of_old_says_nothing_of_networks),
		T(uses_by_other_modules_do_not_count),
		T(mediated_devices_are_counted),
		T(a_serial_line_on_usb_is_known_as_one_s_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
