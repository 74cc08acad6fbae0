// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Made machines as the interface is given them: judged by the real rules,
 * with names.
 */
#include "scenes.h"

#include <string.h>

#include "alter.h"
#include "base/err.h"
#include "machine.h"
#include "rule/engine.h"

static const struct made_device shared[] = {
	{ "00:00.0", 0x060000, 0x80863e30, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.0", 0x060400, 0x80861901, "pcieport", 1, PCIE_ROOT_PORT, true,
	  1, false, 0, 0 },
	{ "00:01.1", 0x060400, 0x80861905, "pcieport", 1, PCIE_ROOT_PORT, true,
	  2, false, 0, 0 },
	{ "00:14.0", 0x0c0330, 0x8086a36d, "xhci_hcd", 2, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ "01:00.0", 0x030000, 0x10de2206, "nvidia", 1, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x10de1aef, "snd_hda_intel", 1, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "02:00.0", 0x010802, 0x15b75006, "nvme", 1, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

static const struct made_device gpus[] = {
	{ "00:00.0", 0x060000, 0x10221480, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.1", 0x060400, 0x10221483, "pcieport", 1, PCIE_ROOT_PORT, true,
	  1, true, 0x1f, 0x1d },
	{ "00:03.1", 0x060400, 0x10221483, "pcieport", 2, PCIE_ROOT_PORT, true,
	  2, true, 0x1f, 0x1d },
	{ "01:00.0", 0x030000, 0x100273bf, "amdgpu", 15, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x1002ab28, "snd_hda_intel", 16, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "02:00.0", 0x030000, 0x10de2684, "vfio-pci", 17,
	  PCIE_LEGACY_ENDPOINT, true, 0, false, 0, 0 },
	{ "02:00.1", 0x040300, 0x10de22ba, "vfio-pci", 17, PCIE_ENDPOINT, true,
	  0, false, 0, 0 },
	{ 0 },
};

/* What comes in parts: an NVMe controller with two virtual functions, one of
 * them with a guest; a NIC on UIO. */
static const struct made_device parts[] = {
	{ "00:00.0", 0x060000, 0x8086a700, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 1, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:1b.0", 0x060400, 0x80867a40, "pcieport", 2, PCIE_ROOT_PORT,
	  false, 2, true, 0x1f, 0x1d },
	{ "01:00.0", 0x010802, 0x144da824, "nvme", 10, PCIE_ENDPOINT, false,
	  0, false, 0, 0 },
	{ "01:00.1", 0x010802, 0x144da824, NULL, 3, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "01:00.2", 0x010802, 0x144da824, "vfio-pci", 4, PCIE_ENDPOINT,
	  false, 0, false, 0, 0 },
	{ "02:00.0", 0x020000, 0x80861533, "uio_pci_generic", 11,
	  PCIE_ENDPOINT, false, 0, false, 0, 0 },
	{ 0 },
};

const struct made_scene made_scenes[] = {
	{ "desktop", made_desktop,
	  "connector 00:02.0 DP-1 connected enabled Dell;"
	  "connector 01:00.0 HDMI-A-1 disconnected disabled;"
	  "storage 02:00.0 /" },
	{ "off", made_desktop,
	  "groups -; cfg INTEL_IOMMU_DEFAULT_ON n; vfio loaded 0;"
	  "connector 00:02.0 DP-1 connected enabled Dell;"
	  "storage 02:00.0 /" },
	{ "shared", shared,
	  "connector 01:00.0 DP-1 connected enabled Dell;"
	  "holder 01:00.0 /dev/nvidia0; storage 02:00.0 /home" },
	{ "gpus", gpus,
	  "connector 01:00.0 DP-1 connected enabled Dell;"
	  "host cpu_vendor AuthenticAMD; table +IVRS; table -DMAR;"
	  "cmdline quiet iommu=pt; vfio nodes 17" },
	{ "guest", gpus,
	  "connector 01:00.0 DP-1 connected enabled Dell;"
	  "vfio nodes 17 vfio; access 0600; vfio extensions 0x20a;"
	  "holder 02:00.0 /dev/vfio/17 win10" },
	{ "user", made_desktop,
	  "display ?; holder ?; log ?; cfg ?; storage ?;"
	  "dev 01:00.0 config ?; dev 02:00.0 config ?" },
	{ "parts", parts,
	  "dev 01:00.0 sriov_total 8; dev 01:00.0 sriov_num 2;"
	  "dev 01:00.0 sriov_offset 1; dev 01:00.0 sriov_stride 1;"
	  "dev 01:00.0 sriov_device 0xa824; dev 01:00.0 sriov_autoprobe 0;"
	  "vfbar 01:00.0 0xfe800000 0xfe80ffff 0x200;"
	  "dev 01:00.1 physfn 01:00.0; dev 01:00.2 physfn 01:00.0;"
	  "dev 01:00.2 driver_override vfio-pci;"
	  "vfio nodes vfio 4; holder 01:00.2 /dev/vfio/4;"
	  "uio 02:00.0 12; dev 02:00.0 pin 1;"
	  "mdevtype mtty mtty-1 20 Single port serial;"
	  "mdevtype mtty mtty-2 10 Dual port serial;"
	  "mdev 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 mtty mtty-2 20" },
	{ 0 },
};

static const struct {
	uint32_t id;
	const char *vendor, *device;
} known_names[] = {
	{ 0x8086a700, "Intel Corporation", "Device a700" },
	{ 0x8086a70d, "Intel Corporation",
	  "Raptor Lake PCI Express 5.0 Graphics Port (PEG010)" },
	{ 0x8086a780, "Intel Corporation",
	  "Raptor Lake-S GT1 [UHD Graphics 770]" },
	{ 0x80867a60, "Intel Corporation",
	  "Raptor Lake USB 3.2 Gen 2x2 (20 Gb/s) XHCI Host Controller" },
	{ 0x80867a40, "Intel Corporation",
	  "Raptor Lake PCI Express Root Port #17" },
	{ 0x80867a04, "Intel Corporation", "Z790 Chipset LPC/eSPI Controller" },
	{ 0x80867a23, "Intel Corporation", "Raptor Lake SMBus Controller" },
	{ 0x10de2684, "NVIDIA Corporation", "AD102 [GeForce RTX 4090]" },
	{ 0x10de22ba, "NVIDIA Corporation",
	  "AD102 High Definition Audio Controller" },
	{ 0x10de2206, "NVIDIA Corporation", "GA102 [GeForce RTX 3080]" },
	{ 0x144da80c, "Samsung Electronics Co Ltd",
	  "NVMe SSD Controller S4LV008[Pascal]" },
	{ 0x144da824, "Samsung Electronics Co Ltd",
	  "NVMe SSD Controller PM173X" },
	{ 0x80861533, "Intel Corporation", "I210 Gigabit Network Connection" },
	{ 0x1002744c, "Advanced Micro Devices, Inc. [AMD/ATI]",
	  "Navi 31 [Radeon RX 7900 XT/7900 XTX]" },
	{ 0x1002164e, "Advanced Micro Devices, Inc. [AMD/ATI]", "Raphael" },
	{ 0x10de24dd, "NVIDIA Corporation",
	  "GA104M [GeForce RTX 3070 Mobile / Max-Q]" },
	{ 0x80869a60, "Intel Corporation",
	  "TigerLake-H GT1 [UHD Graphics]" },
	{ 0x10de20b5, "NVIDIA Corporation", "GA100 [A100 PCIe 80GB]" },
	{ 0x1a032000, "ASPEED Technology, Inc.", "ASPEED Graphics Family" },
	{ 0x808656c0, "Intel Corporation",
	  "ATS-M [Data Center GPU Flex 170]" },
	{ 0x100273bf, "Advanced Micro Devices, Inc. [AMD/ATI]",
	  "Navi 21 [Radeon RX 6800/6800 XT / 6900 XT]" },
};

static struct device_name name_of(const struct device *device)
{
	uint32_t id = (uint32_t)device->vendor << 16 | device->device;

	for (size_t i = 0; i < sizeof known_names / sizeof *known_names; i++)
		if (known_names[i].id == id)
			return (struct device_name){ known_names[i].vendor,
						     known_names[i].device,
						     "" };
	return (struct device_name){ "", "", "" };
}

static const struct names *name_all(struct arena *arena,
				    const struct system *system)
{
	struct device_name *items = arena_array(arena, system->device_count,
						sizeof *items);
	struct names *names = arena_alloc(arena, sizeof *names);

	for (unsigned i = 0; i < system->device_count; i++)
		items[i] = name_of(&system->devices[i]);
	*names = (struct names){ items, system->device_count };
	return names;
}

static const struct made_scene *find_scene(const char *name)
{
	static const struct made_scene *const tables[] = { made_scenes,
							   made_gpu_scenes };

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const struct made_scene *scene = tables[i]; scene->name;
		     scene++)
			if (strcmp(scene->name, name) == 0)
				return scene;
	err_die("no such scene: %s", name);
}

struct scene made_scene(struct arena *arena, const char *name)
{
	return made_scene_of(arena, find_scene(name));
}

struct scene made_scene_of(struct arena *arena, const struct made_scene *made)
{
	struct builder builder;

	made_start(&builder, arena);
	made_devices(&builder, made->devices);
	build_freeze(&builder);
	for (unsigned i = 0; i < builder.system->group_count; i++)
		builder.system->groups[i].members_known = KNOWN;
	alter(builder.system, made->edits);
	return (struct scene){
		.system = builder.system,
		.findings = rules_judge(builder.system, arena),
		.names = name_all(arena, builder.system),
	};
}
