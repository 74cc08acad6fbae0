// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Made machines that differ in their GPUs, and in what the host does with
 * what it has.
 */
#include "scenes.h"

#include "machine.h"

/* An APU alone. */
static const struct made_device one_gpu[] = {
	{ "00:00.0", 0x060000, 0x102214d8, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.1", 0x060400, 0x102214db, "pcieport", 1, PCIE_ROOT_PORT, true,
	  1, true, 0x1f, 0x1d },
	{ "01:00.0", 0x030000, 0x1002744c, "amdgpu", 14, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x1002ab30, "snd_hda_intel", 15, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ 0 },
};

/* An APU and a card with four functions. */
static const struct made_device two_gpus[] = {
	{ "00:00.0", 0x060000, 0x102214d8, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.1", 0x060400, 0x102214db, "pcieport", 1, PCIE_ROOT_PORT, true,
	  1, true, 0x1f, 0x1d },
	{ "00:08.1", 0x060400, 0x102214dd, "pcieport", 2, PCIE_ROOT_PORT, true,
	  5, true, 0x1f, 0x1d },
	{ "01:00.0", 0x030000, 0x1002744c, "amdgpu", 14, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x1002ab30, "snd_hda_intel", 14, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.2", 0x0c0330, 0x10027446, "xhci_hcd", 14, PCIE_ENDPOINT, true,
	  0, false, 0, 0 },
	{ "01:00.3", 0x0c0380, 0x10027444, NULL, 14, PCIE_ENDPOINT, true, 0,
	  false, 0, 0 },
	{ "05:00.0", 0x030000, 0x1002164e, "amdgpu", 20, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ 0 },
};

/* Two cards of one kind. */
static const struct made_device twins[] = {
	{ "00:00.0", 0x060000, 0x8086a700, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 1, PCIE_ROOT_PORT, true,
	  1, true, 0x1f, 0x1d },
	{ "00:01.1", 0x060400, 0x8086a72d, "pcieport", 2, PCIE_ROOT_PORT, true,
	  2, true, 0x1f, 0x1d },
	{ "01:00.0", 0x030000, 0x10de2206, "nvidia", 13, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x10de1aef, "snd_hda_intel", 13, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "02:00.0", 0x030000, 0x10de2206, "nvidia", 14, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "02:00.1", 0x040300, 0x10de1aef, "snd_hda_intel", 14, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ 0 },
};

/* A laptop; what differs between muxless and muxed is in the edits. */
static const struct made_device laptop[] = {
	{ "00:00.0", 0x060000, 0x80869a36, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.0", 0x060400, 0x80869a01, "pcieport", 1, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:02.0", 0x030000, 0x80869a60, "i915", 2, PCIE_RC_ENDPOINT, false,
	  0, false, 0, 0 },
	{ "01:00.0", 0x030200, 0x10de24dd, "nouveau", 16,
	  PCIE_LEGACY_ENDPOINT, false, 0, false, 0, 0 },
	{ 0 },
};

/* A server with a controller's display and a card without outputs. */
static const struct made_device server[] = {
	{ "00:00.0", 0x060000, 0x80863450, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:1c.0", 0x060400, 0x8086a190, "pcieport", 3, PCIE_ROOT_PORT,
	  false, 3, true, 0x1f, 0x1d },
	{ "03:00.0", 0x030000, 0x1a032000, "ast", 20, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ "16:02.0", 0x060400, 0x8086347a, "pcieport", 30, PCIE_ROOT_PORT,
	  false, 23, true, 0x1f, 0x1d },
	{ "17:00.0", 0x030200, 0x10de20b5, "nvidia", 31, PCIE_ENDPOINT, false,
	  0, true, 0x1f, 0x1d },
	{ 0 },
};

static const struct made_device bmc_only[] = {
	{ "00:00.0", 0x060000, 0x80863450, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:1c.0", 0x060400, 0x8086a190, "pcieport", 3, PCIE_ROOT_PORT,
	  false, 3, true, 0x1f, 0x1d },
	{ "03:00.0", 0x030000, 0x1a032000, "ast", 20, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ 0 },
};

/* The same with a card that has virtual functions. */
static const struct made_device sriov[] = {
	{ "00:00.0", 0x060000, 0x80863450, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:1c.0", 0x060400, 0x8086a190, "pcieport", 3, PCIE_ROOT_PORT,
	  false, 3, true, 0x1f, 0x1d },
	{ "03:00.0", 0x030000, 0x1a032000, "ast", 20, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ "16:02.0", 0x060400, 0x8086347a, "pcieport", 30, PCIE_ROOT_PORT,
	  false, 23, true, 0x1f, 0x1d },
	{ "17:00.0", 0x038000, 0x808656c0, "i915", 31, PCIE_ENDPOINT, false, 0,
	  true, 0x1f, 0x1d },
	{ "17:00.1", 0x038000, 0x808656c0, "vfio-pci", 32, PCIE_ENDPOINT,
	  false, 0, false, 0, 0 },
	{ "17:00.2", 0x038000, 0x808656c0, NULL, 33, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

/* A desktop where all is of use. */
static const struct made_device busy[] = {
	{ "00:00.0", 0x060000, 0x8086a700, NULL, 0, MADE_PCI, false, 0, false,
	  0, 0 },
	{ "00:01.0", 0x060400, 0x8086a70d, "pcieport", 12, PCIE_ROOT_PORT,
	  false, 1, true, 0x1f, 0x1d },
	{ "00:02.0", 0x030000, 0x8086a780, "i915", 1, PCIE_RC_ENDPOINT, false,
	  0, false, 0, 0 },
	{ "00:14.0", 0x0c0330, 0x80867a60, "xhci_hcd", 4, MADE_PCI, false, 0,
	  false, 0, 0 },
	{ "00:1b.0", 0x060400, 0x80867a40, "pcieport", 8, PCIE_ROOT_PORT,
	  false, 2, true, 0x1f, 0x1d },
	{ "00:1c.0", 0x060400, 0x80867a38, "pcieport", 9, PCIE_ROOT_PORT,
	  false, 3, true, 0x1f, 0x1d },
	{ "00:1f.0", 0x060100, 0x80867a04, "lpc_ich", 10, MADE_PCI, true, 0,
	  false, 0, 0 },
	{ "01:00.0", 0x030000, 0x10de2684, "nvidia", 13, PCIE_LEGACY_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "01:00.1", 0x040300, 0x10de22ba, "snd_hda_intel", 13, PCIE_ENDPOINT,
	  true, 0, false, 0, 0 },
	{ "02:00.0", 0x010802, 0x144da80c, "nvme", 14, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ "03:00.0", 0x020000, 0x808615f3, "igc", 15, PCIE_ENDPOINT, false, 0,
	  false, 0, 0 },
	{ 0 },
};

const struct made_scene made_gpu_scenes[] = {
	{ "one-gpu", one_gpu,
	  "host cpu_vendor AuthenticAMD; table +IVRS; table -DMAR;"
	  "cmdline quiet iommu=pt; dev 01:00.0 boot_vga 1;"
	  "connector 01:00.0 DP-1 connected enabled Dell;"
	  "connector 01:00.0 HDMI-A-1 disconnected disabled;"
	  "fb 01:00.0 amdgpudrmfb; console 1; card 01:00.1 card0 HDMI;"
	  "memory 01:00.0 0 0x400000000 0x7f00;"
	  "hold 01:00.0 /dev/dri/card0 1203 gnome-shell master;"
	  "hold 01:00.0 /dev/dri/renderD128 1203 gnome-shell;"
	  "hold 01:00.0 /dev/dri/renderD128 2201 firefox;"
	  "hold 01:00.1 /dev/snd/controlC0 1100 pipewire" },
	{ "two-gpus", two_gpus,
	  "host cpu_vendor AuthenticAMD; table +IVRS; table -DMAR;"
	  "cmdline quiet iommu=pt; dev 01:00.0 boot_vga 0;"
	  "dev 05:00.0 boot_vga 1;"
	  "connector 05:00.0 DP-1 connected enabled Dell;"
	  "connector 01:00.0 HDMI-A-1 disconnected disabled;"
	  "fb 05:00.0 amdgpudrmfb; console 1; card 01:00.1 card0 HDMI;"
	  "memory 01:00.0 0 0x10000000 0x7f00;"
	  "consumer 01:00.0 01:00.1; consumer 01:00.0 01:00.2;"
	  "hold 05:00.0 /dev/dri/card1 1203 gnome-shell master;"
	  "hold 01:00.0 /dev/dri/renderD128 2201 blender" },
	{ "twins", twins,
	  "dev 01:00.0 boot_vga 1; dev 02:00.0 boot_vga 0;"
	  "connector 01:00.0 DP-1 connected enabled Dell;"
	  "connector 02:00.0 HDMI-A-1 connected disabled LG;"
	  "memory 01:00.0 1 0x10000000 0; memory 02:00.0 1 0x10000000 0;"
	  "sysfb 01:00.0 simple-framebuffer.0 simple-framebuffer;"
	  "hold 01:00.0 /dev/nvidia0 1203 Xorg;"
	  "hold - /dev/nvidia-modeset 1203 Xorg" },
	{ "muxless", laptop,
	  "connector 00:02.0 eDP-1 connected enabled Panel;"
	  "connector 00:02.0 HDMI-A-1 disconnected disabled;"
	  "backlight 00:02.0; dev 01:00.0 asleep 1;"
	  "switch 00:02.0 0:IGD:+:Pwr:0000:00:02.0;"
	  "switch 01:00.0 1:DIS: :DynOff:0000:01:00.0;"
	  "fb 00:02.0 i915drmfb; console 1;"
	  "hold 00:02.0 /dev/dri/card0 1203 gnome-shell master" },
	{ "muxed", laptop,
	  "dev 01:00.0 class 0x030000; dev 01:00.0 boot_vga 0;"
	  "connector 00:02.0 eDP-1 connected enabled Panel;"
	  "connector 01:00.0 eDP-2 disconnected disabled;"
	  "connector 01:00.0 HDMI-A-1 disconnected disabled;"
	  "backlight 00:02.0;"
	  "switch 00:02.0 0:IGD:+:Pwr:0000:00:02.0;"
	  "switch 01:00.0 1:DIS: :Pwr:0000:01:00.0;"
	  "hold 00:02.0 /dev/dri/card0 1203 gnome-shell master" },
	{ "server", server,
	  "dev 03:00.0 boot_vga 1;"
	  "connector 03:00.0 VGA-1 connected enabled;"
	  "fb 03:00.0 astdrmfb; console 1;"
	  "memory 17:00.0 1 0x2000000000 0x3fe00;"
	  "hold 17:00.0 /dev/nvidia0 912 nvidia-persistenced;"
	  "hold 17:00.0 /dev/nvidia0 4410 python3;"
	  "hold - /dev/nvidia-uvm 4410 python3" },
	{ "bmc-only", bmc_only,
	  "dev 03:00.0 boot_vga 1;"
	  "connector 03:00.0 VGA-1 disconnected disabled;"
	  "fb 03:00.0 astdrmfb; console 1" },
	{ "sriov", sriov,
	  "dev 03:00.0 boot_vga 1;"
	  "connector 03:00.0 VGA-1 disconnected disabled;"
	  "drm 17:00.0 card1; dev 17:00.0 sriov_total 31; dev 17:00.0 sriov_num 2;"
	  "dev 17:00.1 physfn 4; dev 17:00.2 physfn 4;"
	  "dev 17:00.1 reset_method flr; dev 17:00.2 reset_method flr;"
	  "vfio nodes 32" },
	{ "busy", busy,
	  "connector 00:02.0 DP-1 connected enabled Dell;"
	  "connector 01:00.0 HDMI-A-1 connected enabled LG;"
	  "disk 02:00.0 nvme0n1 2000398934016 S6XNNS0T Samsung 990 PRO;"
	  "part nvme0n1 nvme0n1p1 536870912 vfat;"
	  "part nvme0n1 nvme0n1p2 1000000000000 crypto_LUKS;"
	  "part nvme0n1 nvme0n1p3 8589934592 swap;"
	  "part nvme0n1 nvme0n1p4 900000000000 ntfs;"
	  "mount 02:00.0 nvme0n1p1 /boot/efi vfat;"
	  "mount 02:00.0 vg0-root / ext4 luks-x (LUKS), nvme0n1p2;"
	  "mount 02:00.0 nvme0n1p3 swap swap;"
	  "usbhub 00:14.0 usb1 4; usbdev usb1 1 1-1 keyboard Logitech K120;"
	  "usbdev usb1 3 1-3 bluetooth AX211; gear 00:14.0 bluetooth hci0;"
	  "keys 00:14.0 usb1/1-1 Logitech K120;"
	  "card 01:00.1 card1 NVidia; sound 01:00.1 RUNNING;"
	  "hold 01:00.1 /dev/snd/pcmC1D3p 912 mpv;"
	  "gear 00:1f.0 tpm tpm0;"
	  "iface 03:00.0 eth0 up 10.0.2.15 default" },
	{ 0 },
};
