// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_SYSTEM_H
#define MODEL_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/bdf.h"
#include "model/known.h"
#include "model/usage.h"

/*
 * What one machine was seen to be, at one moment.  Built by the readers,
 * then frozen: nothing changes it, all of it lives in one arena, arrays are
 * sorted, and links between things are indices into arrays (NONE for none).
 * Texts from the machine are already safe to print.
 */

/* A base address register; "resource", lines 0 to 6 (6 is the ROM). */
struct bar {
	uint8_t index;
	uint64_t start;		/* bus address, bytes */
	uint64_t end;		/* last byte */
	uint64_t flags;		/* IORESOURCE_*: 0x100 I/O, 0x200 memory, 0x2000
				 * prefetch, 0x100000 64 bit, 0x20000000 unset */
	uint64_t sizes;		/* that it can be resized to: bit n is 2^n MiB;
				 * 0: not resizable, or not read; resourceN_resize
				 * of displays that are awake */
};

/* PCIe device/port types, PCIe capability register bits 7:4. */
enum pcie_type {
	PCIE_ENDPOINT = 0x0,
	PCIE_LEGACY_ENDPOINT = 0x1,
	PCIE_ROOT_PORT = 0x4,
	PCIE_UPSTREAM = 0x5,
	PCIE_DOWNSTREAM = 0x6,
	PCIE_TO_PCI_BRIDGE = 0x7,
	PCI_TO_PCIE_BRIDGE = 0x8,
	PCIE_RC_ENDPOINT = 0x9,
	PCIE_RC_EVENT = 0xa,
};

/*
 * Config space, decoded.  header: the first 64 bytes.  caps: the list below
 * 0x100.  ecaps: the list from 0x100 on; ABSENT where the device has no
 * extended space.  A field of a list that is not KNOWN means nothing.
 */
struct config {
	enum known header;
	enum known caps;
	enum known ecaps;
	size_t bytes;			/* how many were read */
	uint16_t vendor, device;	/* as read live; ffff: does not answer */
	uint16_t command, status;	/* 0x04, 0x06 */
	uint8_t header_type;		/* 0x0e, without bit 7: 0, 1 or 2 */
	bool multifunction;		/* 0x0e bit 7 */
	uint8_t primary, secondary, subordinate; /* bridges; 0x18 to 0x1a */
	uint8_t interrupt_pin;		/* 0x3d; 0 none, 1 INTA … 4 INTD */

	bool has_pm, has_msi, has_msix, has_pcie, has_af;
	uint8_t pm_state;		/* PMCSR 1:0 */
	bool no_soft_reset;		/* PMCSR bit 3 */
	bool msi_enabled, msix_enabled;
	uint16_t msix_vectors;		/* table size */
	uint8_t pcie_type;		/* enum pcie_type */
	bool pcie_slot;			/* PCIe flags bit 8 */
	bool flr;			/* DevCap bit 28 */
	bool af_flr;			/* AF capability: TP and FLR */
	uint8_t link_speed_max, link_speed;	/* 1: 2.5, 2: 5, 3: 8, 4: 16,
						 * 5: 32, 6: 64 GT/s */
	uint8_t link_width_max, link_width;	/* lanes */
	uint32_t devcap2;		/* atomics: bits 7 to 9 */

	bool has_acs, has_ari, has_ats, has_sriov, has_rebar, has_pasid,
		has_dpc, has_serial;
	uint16_t acs_cap, acs_ctrl;	/* as at +4 and +6 */
	uint32_t acs_ctrl_dword;	/* at +8, for Intel's odd root ports */
	uint16_t sriov_total, sriov_num;
	uint64_t serial;		/* device serial number */
	uint8_t cap_ids[48];		/* in the order found */
	uint8_t cap_count;
	uint16_t ecap_ids[64];
	uint8_t ecap_count;
};

/* One PCI function; /sys/bus/pci/devices/<address>. */
struct device {
	struct bdf address;
	enum known identity;		/* class and ids: uevent, or the files */
	bool uevent_id, uevent_driver;	/* read in uevent, not in files of
					 * their own */
	uint32_t class;			/* 24 bits: base, sub, interface */
	uint16_t vendor, device;
	uint16_t subvendor, subdevice;
	struct fact_num revision;
	struct fact_text driver;	/* ABSENT: no driver bound */
	struct fact_text driver_override; /* ABSENT: none set */
	struct fact_text modalias;
	struct fact_text modules;	/* what could drive it, by modalias;
					 * names with blanks between */
	struct fact_num group;		/* number; ABSENT: in no group */
	struct fact_text iommu;		/* name of the unit that serves it */
	int group_index;		/* into groups */
	int unit_index;			/* into units */
	int driver_index;		/* into drivers */
	bool path_known;		/* its link in /sys/bus/pci told the path */
	bool above_known;		/* …and a bridge stands above it: */
	struct bdf above;		/* that bridge; else on a root bus */
	int parent;			/* bridge above, into devices */
	int first_child, next_sibling;	/* devices on the bus below it */
	struct fact_num secondary_bus;	/* bridges only, else ABSENT */
	struct fact_num subordinate_bus;
	struct fact_text power_state;	/* D0 … D3cold */
	struct fact_text runtime_status; /* active, suspended, … */
	struct fact_text runtime_control; /* on, auto */
	struct fact_num d3cold_allowed;	/* 0 or 1 */
	bool asleep;			/* reading would wake it, or may */
	bool silent;			/* the kernel did not answer a read of
					 * it: something holds its lock */
	struct fact_text reset_method;	/* ABSENT: no function-level reset */
	struct fact_num reset_file;	/* KNOWN 1 when "reset" exists */
	struct fact_num boot_vga;	/* 0 or 1; ABSENT: not a VGA device */
	struct fact_num numa_node;	/* -1: none */
	struct fact_num irq;		/* legacy line; 0: none */
	struct fact_num msi_bus;
	struct fact_num sriov_total, sriov_num;	/* ABSENT: not a PF */
	struct fact_num sriov_offset, sriov_stride;	/* of routing ids:
					 * VF 0 is so far behind the PF, and
					 * each next one behind the one before;
					 * they may change with the number */
	struct fact_num sriov_device;	/* device id of its VFs */
	struct fact_num sriov_autoprobe; /* 1: drivers take new VFs */
	const struct bar *vf_bars;	/* of all VFs together; index 0 to 5 */
	unsigned vf_bar_count;
	int physfn;			/* PF of a VF, into devices */
	struct fact_text speed, speed_max; /* "8.0 GT/s PCIe" */
	struct fact_num width, width_max;
	struct fact_text removable;	/* removable, fixed, unknown */
	struct fact_num config_size;	/* bytes by stat: 256 or 4096 */
	struct fact_num builtin;	/* 1: what could drive it is built in, not
					 * a module; of the first of modules */
	struct fact_text variant;	/* vfio variant module for it */
	struct fact_num mdev;		/* KNOWN 1: makes mediated devices */
	struct fact_num mdev_count;	/* how many there are of it */
	struct fact_num rebar;		/* bits of BARs that can be resized */
	struct fact_text slot;		/* name of its slot: /sys/bus/pci/slots;
					 * ABSENT: none is told */
	enum known consumers_known;
	const struct bdf *consumers;	/* that the kernel says depend on it: links
					 * consumer:pci:*; read of displays */
	unsigned consumer_count;
	enum known resources;
	const struct bar *bars;		/* those in use; bar_count of them */
	unsigned bar_count;
	const struct config *config;	/* never NULL */
};

/* A stretch of reserved addresses; …/reserved_regions. */
struct reserved {
	uint64_t start, end;		/* last byte */
	const char *type;		/* direct, direct-relaxable, reserved,
					 * msi */
};

/* A member of a group: a PCI function, or another bus's device. */
struct member {
	const char *name;		/* as in …/devices */
	int device;			/* into devices; NONE: not seen there */
	struct fact_text driver;	/* of one that is not on PCI; ABSENT: none.
					 * A device of PCI has its own */
};

struct group {
	unsigned number;
	struct fact_text name;		/* vfio-noiommu, or none */
	struct fact_text type;		/* DMA, DMA-FQ, identity, … */
	enum known members_known;
	const struct member *members;	/* sorted by address */
	unsigned member_count;
	enum known reserved_known;
	const struct reserved *reserved;
	unsigned reserved_count;
};

/* /sys/class/iommu/<name> */
struct unit {
	const char *name;
	const char *kind;		/* intel, amd, smmu, virtio, other */
	struct fact_num address;	/* register base */
	struct fact_num cap, ecap;	/* Intel */
	struct fact_text version;	/* Intel: major:minor */
	struct fact_num features;	/* AMD: EFR */
	struct fact_num amd_cap;	/* AMD: capability header */
	enum known devices_known;
	const int *devices;		/* into devices, sorted */
	unsigned device_count;
};

/* /sys/bus/pci/drivers/<name> */
struct driver {
	const char *name;
	struct fact_text module;	/* ABSENT: built in, or not told */
	struct fact_num users;		/* how often the module is in use, other
					 * modules left out; /proc/modules */
};

/* /sys/class/drm/card*-* and the card it is on. */
struct connector {
	const char *card;		/* card0 */
	const char *name;		/* DP-1 */
	struct fact_text status;	/* connected, disconnected, unknown */
	struct fact_text enabled;	/* enabled, disabled */
	struct fact_text dpms;		/* On, Off, … */
	struct fact_text monitor;	/* from the EDID; ABSENT: no EDID */
	int device;			/* into devices; NONE */
};

/* /sys/class/drm/card*, …/renderD* */
struct card {
	const char *name;		/* card0 */
	int device;			/* into devices; NONE: not on PCI */
	struct fact_num boot_display;	/* 6.18 and later */
};

/* /sys/class/graphics/fb* */
struct framebuffer {
	const char *node;		/* fb0 */
	struct fact_text name;		/* bochs-drmdrmfb, EFI VGA */
	int device;
	const char *platform;		/* platform device's name, or "" */
};

/*
 * A framebuffer of the firmware as a device: /sys/bus/platform/devices/
 * simple-framebuffer.0 and the like.  It goes when a GPU's own driver comes.
 */
struct sysfb {
	const char *name;
	struct fact_text driver;	/* ABSENT: none has taken it */
	int device;			/* the GPU it lies on, where the kernel
					 * says so (since 6.9); NONE */
};

/* /sys/class/vtconsole/vtcon* */
struct vtconsole {
	const char *node;
	struct fact_text name;
	struct fact_num bound;
};

/* A range of /proc/iomem that belongs to a firmware framebuffer. */
struct bootfb {
	uint64_t start, end;
	const char *name;		/* BOOTFB, efifb, simpledrm, … */
};

/* One line of /proc/interrupts. */
struct interrupt {
	const char *number;		/* "24" or "NMI" */
	const char *chip;		/* IR-PCI-MSI-0000:00:1f.2; "" for the
					 * architecture's own lines */
	const char *actions;		/* drivers' names, comma separated */
	uint64_t count;			/* over all processors */
	int device;			/* into devices, by chip or by irq; NONE */
};

/* One line of the kernel's log, without time stamp. */
struct log_line {
	uint64_t usec;			/* since boot; 0 when not told */
	const char *text;
};

struct log {
	enum known known;
	bool begun;			/* begins with "Linux version", and is
					 * no excerpt */
	bool complete;			/* and goes on to where drivers take
					 * devices: what it does not say was
					 * not said */
	const char *source;		/* path it was read from */
	const struct log_line *lines;
	size_t count;
};

/* One word of the kernel command line: name, and value or NULL. */
struct parameter {
	const char *name;
	const char *value;
};

/* The symbols of the kernel's configuration that matter here. */
enum symbol {
	CFG_IOMMU_SUPPORT, CFG_IOMMU_API, CFG_INTEL_IOMMU,
	CFG_INTEL_IOMMU_DEFAULT_ON, CFG_INTEL_IOMMU_DEFAULT_OFF,
	CFG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF, CFG_AMD_IOMMU, CFG_IRQ_REMAP,
	CFG_ARM_SMMU, CFG_ARM_SMMU_V3, CFG_VIRTIO_IOMMU, CFG_HYPERV_IOMMU,
	CFG_IOMMU_DEFAULT_PASSTHROUGH, CFG_IOMMU_DEFAULT_DMA_STRICT,
	CFG_IOMMU_DEFAULT_DMA_LAZY, CFG_VFIO, CFG_VFIO_GROUP,
	CFG_VFIO_CONTAINER, CFG_VFIO_IOMMU_TYPE1, CFG_VFIO_DEVICE_CDEV,
	CFG_IOMMUFD, CFG_VFIO_PCI, CFG_VFIO_PCI_VGA, CFG_VFIO_PCI_IGD,
	CFG_VFIO_NOIOMMU, CFG_VFIO_VIRQFD, CFG_VFIO_MDEV, CFG_KVM,
	CFG_KVM_INTEL, CFG_KVM_AMD, CFG_KVM_VFIO, CFG_PCI_IOV, CFG_PCI_ATS,
	CFG_PCI_QUIRKS, CFG_PCI_STUB, CFG_PCI_MMCONFIG, CFG_VGA_ARB,
	CFG_VGA_SWITCHEROO, CFG_SYSFB_SIMPLEFB, CFG_DRM_SIMPLEDRM, CFG_FB_EFI,
	CFG_FB_VESA, CFG_FB_DEVICE, CFG_UIO, CFG_UIO_PCI_GENERIC,
	CFG_STRICT_DEVMEM, CFG_SECURITY_LOCKDOWN_LSM, CFG_XEN_PCIDEV_BACKEND,
	CFG_INTEL_IOMMU_SVM, CFG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON,
	CFG_IOMMUFD_VFIO_CONTAINER, CFG_VFIO_PCI_CORE, CFG_PCI_PRI,
	CFG_PCI_PASID, CFG_HOTPLUG_PCI_PCIE, CFG_SYSFB, CFG_DRM_EFIDRM,
	CFG_DRM_VESADRM, CFG_FB_SIMPLE, CFG_IO_STRICT_DEVMEM,
	CFG_SECURITY_DMESG_RESTRICT, SYMBOL_COUNT
};

/* Name of a symbol with its prefix: "CONFIG_VFIO". */
const char *symbol_name(enum symbol symbol);

struct kconfig {
	enum known known;		/* of the file */
	const char *source;		/* path it was read from, or "" */
	char value[SYMBOL_COUNT];	/* 'y', 'm', or 'n' where not set */
};

/* What /proc/cpuinfo says of the first processor. */
enum cpu_flag {
	CPU_VMX = 1 << 0,
	CPU_SVM = 1 << 1,
	CPU_HYPERVISOR = 1 << 2,
};

/* An ACPI table by name; from the directory, else from the log. */
struct acpi_name {
	const char *name;		/* DMAR */
	enum known content;		/* DENIED without root */
};

/* A device scope of DMAR: type as in the table, path resolved. */
struct scope_entry {
	uint8_t type;		/* 1 endpoint, 2 bridge, 3 IOAPIC, 4 HPET, 5 ACPI */
	uint8_t flags;
	uint8_t id;		/* enumeration id */
	uint8_t start_bus;
	uint8_t path_count;
	struct { uint8_t device, function; } path[8];
};

struct dmar_unit {			/* DRHD */
	uint64_t base;
	uint16_t segment;
	bool include_all;
	const struct scope_entry *scopes;
	unsigned scope_count;
};

struct dmar_region {			/* RMRR */
	uint64_t base, limit;		/* limit is the last byte */
	uint16_t segment;
	const struct scope_entry *scopes;
	unsigned scope_count;
};

/* DMAR (Intel), decoded. */
struct dmar {
	enum known known;
	bool whole;			/* structures end where the table ends */
	unsigned address_width;
	bool intr_remap, x2apic_optout, platform_optin, remap_optout;
	const struct dmar_unit *units;
	unsigned unit_count;
	const struct dmar_region *regions;
	unsigned region_count;
	unsigned atsr, rhsa, andd, satc, sidp;	/* how many */
};

struct ivmd {
	uint8_t type;			/* 0x20 all, 0x21 one, 0x22 range */
	uint8_t flags;			/* b0 unity, b3 exclusion */
	uint16_t devid, last;
	uint64_t start, length;
};

/* IVRS (AMD), decoded. */
struct ivrs {
	enum known known;
	bool whole;
	uint32_t ivinfo;
	unsigned ivhd10, ivhd11, ivhd40;
	const uint64_t *mmio_bases;	/* distinct, sorted */
	unsigned mmio_count;
	unsigned ioapics, hpets;	/* distinct special entries */
	unsigned acpi_hid;
	const struct ivmd *ivmds;
	unsigned ivmd_count;
};

/* VIOT (virtual machines), decoded. */
struct viot {
	enum known known;
	bool whole;
	unsigned nodes, pci_ranges, virtio_pci, virtio_mmio;
};

/* IORT (Arm), decoded as far as it tells whether there is an SMMU. */
struct iort {
	enum known known;
	bool whole;
	unsigned nodes, smmus, its, root_complexes, rmrs;
	unsigned unmapped;	/* root complexes that no SMMU serves */
};

/* A line of modprobe.d: "options vfio-pci ids=10de:2684". */
struct config_line {
	const char *source;	/* /etc/modprobe.d/vfio.conf */
	const char *text;
};

/* When a module is loaded that an initramfs was told to load: before udev
 * looks for drivers, beside it, behind it. */
enum load_time { LOAD_FIRST, LOAD_BESIDE, LOAD_BEHIND };

struct early_load {
	const char *source;	/* conf/modules, in the image */
	const char *module;
	enum load_time time;
};

/* The initramfs of the kernel that runs, as it lies on the disk now.  It is
 * looked into only where that was asked for: else UNREAD. */
struct initramfs {
	enum known known;	/* MALFORMED: not walked to its end */
	const char *image;	/* /boot/initrd.img-6.1.0-56-amd64; "" */
	const char *flaw;	/* a clause, to be translated; "" */
	const struct config_line *modprobe;	/* .source: in the image,
						 * etc/modprobe.d/vfio.conf */
	unsigned modprobe_count;
	const struct early_load *loads;	/* in order */
	unsigned load_count;
	const char *const *modules;	/* sorted, with underscores */
	unsigned module_count;
};

/* A backlight: the laptop's own panel; /sys/class/backlight. */
struct backlight {
	const char *name;
	struct fact_text type;	/* raw, platform, firmware */
	int device;
};

/* A line of vga_switcheroo: "1:DIS: :DynOff:0000:01:00.0". */
struct switcheroo {
	const char *text;
	int device;
};

/* A file or directory that a boot loader or distribution leaves behind. */
enum trace {
	TRACE_OSTREE, TRACE_NIXOS, TRACE_PROXMOX, TRACE_PROXMOX_BOOT_TOOL,
	TRACE_DEFAULT_GRUB, TRACE_GRUBBY, TRACE_BLS, TRACE_BLS_EFI,
	TRACE_KERNEL_CMDLINE, TRACE_UPDATE_GRUB, TRACE_COUNT
};

/* Facts that only the log told, for want of a better source. */
enum logged_fact {
	LOGGED_RELEASE = 1 << 0, LOGGED_CMDLINE = 1 << 1,
	LOGGED_CPU = 1 << 2, LOGGED_FLAGS = 1 << 3, LOGGED_DMI = 1 << 4,
};

struct host {
	unsigned logged_facts;		/* enum logged_fact, ored */
	struct fact_text release;	/* of the kernel: 6.12.9-amd64 */
	struct fact_text boot;		/* random, of each start: a UUID */
	struct fact_text hostname;
	struct fact_text distribution;	/* ID of os-release */
	struct fact_text architecture;	/* x86_64, aarch64 … */
	struct fact_text cpu_vendor;	/* GenuineIntel … */
	struct fact_text cpu_model;
	struct fact_num cpu_flags;	/* enum cpu_flag */
	struct fact_text cmdline;
	const struct parameter *parameters;	/* in order */
	unsigned parameter_count;
	struct fact_text dmi_vendor, dmi_product;
	struct fact_num chassis;	/* as SMBIOS numbers it: 3 desktop, 10
					 * notebook; /sys/class/dmi/id */
	struct fact_num battery;	/* KNOWN 1: it runs on one; of
					 * /sys/class/power_supply */
	struct fact_text xen_capabilities;	/* /proc/xen/capabilities */
	struct fact_text hypervisor;	/* /sys/hypervisor/type */
	struct fact_text container;	/* which mark was seen; ABSENT: none */
	bool root;			/* read with root's rights */
	struct fact_num kvm;		/* KNOWN 1 when /dev/kvm exists */
	enum known tables_known;	/* of the list of table names */
	const char *tables_source;	/* directory, or "kernel log" */
	const struct acpi_name *tables;
	unsigned table_count;
	struct dmar dmar;
	struct ivrs ivrs;
	struct viot viot;
	struct kconfig kconfig;
	enum known modules_known;	/* of the list of loaded modules */
	const char *const *modules;	/* sorted, with underscores */
	const struct fact_num *module_users;	/* of each, how often it is in
					 * use, other modules left out; NULL:
					 * not told */
	unsigned module_count;
	struct fact_text vfio_module;	/* where vfio-pci is installed: the line
					 * of modules.dep or modules.builtin;
					 * ABSENT: not installed */
	struct fact_num unsafe_type1;	/* allow_unsafe_interrupts, 0 or 1 */
	struct fact_num unsafe_iommufd;
	struct fact_num noiommu_mode;
	struct fact_num enable_sriov;	/* of vfio_pci: 1 lets the PFs on it
					 * have VFs */
	struct fact_num trace[TRACE_COUNT];	/* KNOWN 1 when there */
	struct fact_text grub_line;	/* GRUB_CMDLINE_LINUX_DEFAULT=… as it
					 * stands in /etc/default/grub */
	struct fact_text kernel_line;	/* first line of /etc/kernel/cmdline */
	enum known interrupts_known;
	const struct interrupt *interrupts;	/* in the file's order */
	unsigned interrupt_count;
	struct log log;
	struct iort iort;
	struct fact_num devicetree;	/* KNOWN 1: the machine has one */
	struct fact_num devicetree_smmu; /* KNOWN 1: and an SMMU in it */
	struct fact_text type1_module;	/* as vfio_module, vfio_iommu_type1 */
	struct fact_num apicv, avic;	/* of kvm_intel and kvm_amd; 0 or 1 */
	enum known modprobe_known;
	const struct config_line *modprobe;	/* in the order read */
	unsigned modprobe_count;
	enum known overrides_known;	/* of driverctl's folder */
	const struct config_line *overrides;	/* source: the file, named as
					 * the address; text: the driver */
	unsigned override_count;
	struct fact_num driverctl;	/* KNOWN 1: it is installed, and so its
					 * rule for udev */
	enum known services_known;	/* ABSENT: no systemd runs here */
	const char *const *services;	/* systemd's that run: full names, and
					 * display-manager.service where that
					 * means one of them */
	unsigned service_count;
	enum known modules_load_known;
	const struct config_line *modules_load;	/* names, one a line */
	unsigned modules_load_count;
	struct initramfs initramfs;
	struct fact_num memory_bytes;	/* MemTotal */
	struct fact_num memlock_bytes;	/* soft limit of this process; -1:
					 * unlimited */
	struct fact_num capabilities;	/* CapEff of this process */
	struct fact_num secure_boot;	/* 0 or 1 */
	struct fact_text sleep_states;	/* /sys/power/state: "freeze mem" */
	struct fact_text numa_nodes;	/* online: "0-1" */
	enum known backlights_known;
	const struct backlight *backlights;
	unsigned backlight_count;
	enum known switcheroo_known;
	const struct switcheroo *switcheroos;
	unsigned switcheroo_count;
	const struct unit *logged_units;	/* VT-d's, as the log tells:
					 * at work or not */
	unsigned logged_unit_count;
	struct fact_num lockdown;	/* 0 none, 1 integrity, 2 confidential */
	struct fact_num dmesg_restrict;
};

/* Who may open a node of /dev. */
struct node_access {
	const char *node;		/* /dev/vfio/13 */
	struct fact_num mode;		/* permission bits; ABSENT: no such node */
	uint32_t uid, gid;
};

/* A device that a vfio driver has: /sys/class/vfio-dev/<name>. */
struct vfio_device {
	const char *name;		/* vfio0 */
	const char *owner;		/* whose it is: an address of PCI, a UUID, a
					 * name on another bus */
	int device;			/* into devices; NONE: not on PCI */
};

/* A parameter of a module of vfio's. */
struct module_parameter {
	const char *module;		/* vfio_pci */
	const char *name;		/* disable_idle_d3 */
	struct fact_text value;
};

/* /dev/vfio and what stands with it. */
struct vfio {
	enum known nodes_known;		/* of /dev/vfio; ABSENT: not there */
	const char *const *nodes;	/* "vfio", "13", "noiommu-0" */
	unsigned node_count;
	struct fact_num iommufd;	/* /dev/iommu */
	struct fact_num pci_driver;	/* KNOWN 1: vfio-pci is registered */
	const struct node_access *access;
	unsigned access_count;
	enum known devices_known;	/* of /sys/class/vfio-dev; ABSENT: there
					 * are none, or the kernel is older */
	const struct vfio_device *devices;
	unsigned device_count;
	enum known cdevs_known;		/* of /dev/vfio/devices */
	enum known extensions_known;	/* of what the container was asked;
					 * ABSENT: vfio is not loaded */
	uint32_t extensions;		/* bit n: it has extension n */
	int version;			/* of its interface: 0 */
	const struct module_parameter *parameters;
	unsigned parameter_count;
};

/* A device whose driver makes mediated devices; /sys/class/mdev_bus. */
struct mdev_parent {
	const char *name;		/* as there: an address, or "mtty" */
	int device;			/* into devices; NONE: not on PCI */
	enum known types_known;
};

/* What a parent can make; …/mdev_supported_types/<id>. */
struct mdev_type {
	int parent;			/* into parents */
	const char *id;			/* folder: nvidia-63, mtty-1 */
	struct fact_text name;		/* for people; ABSENT: none told */
	struct fact_text description;	/* its lines joined by commas */
	struct fact_text api;		/* vfio-pci, vfio-ccw … */
	struct fact_num available;	/* how many more can be made now */
};

/* A mediated device; /sys/bus/mdev/devices/<uuid>. */
struct mdev {
	const char *uuid;
	int parent;			/* into parents; NONE: not seen */
	struct fact_text type;		/* id of its type */
	struct fact_text driver;	/* ABSENT: none bound */
	struct fact_num group;		/* ABSENT: in no group */
};

struct mdevs {
	enum known parents_known;	/* ABSENT: no driver offers any */
	const struct mdev_parent *parents;	/* sorted by name */
	unsigned parent_count;
	const struct mdev_type *types;	/* by parent, then by id */
	unsigned type_count;
	enum known items_known;		/* ABSENT: mdev is not loaded */
	const struct mdev *items;	/* sorted by uuid */
	unsigned item_count;
};

/* A region of a UIO device; /sys/class/uio/<node>/maps/map<N>. */
struct uio_map {
	struct fact_text name;
	struct fact_num address, size;	/* bytes */
};

/* A device that UIO gives to a program; /sys/class/uio/<node>. */
struct uio {
	const char *node;		/* uio0: /dev/uio0 */
	struct fact_text name;		/* that its driver gave it */
	struct fact_text version;
	struct fact_num event;		/* interrupts counted */
	int device;			/* into devices; NONE: not on PCI */
	enum known maps_known;
	const struct uio_map *maps;	/* in the order of their numbers */
	unsigned map_count;
};

/* A read that failed, for the person who wonders. */
struct problem {
	const char *path;
	int errnum;			/* errno of the read */
};

enum origin_kind {
	ORIGIN_LIVE, ORIGIN_DIRECTORY, ORIGIN_CAPTURE, ORIGIN_DUMP,
};

struct origin {
	enum origin_kind kind;
	const char *path;		/* what -r was given; "/" when live */
	const char *time;		/* of the reading, ISO 8601; "" unknown */
	bool complete;			/* live, or the manifest says so */
	bool lent;			/* live, and root has read it for
					 * somebody else */
};

struct system {
	struct arena *arena;		/* everything below is in it */
	struct origin origin;
	enum known devices_known;	/* whether these are all */
	bool devices_logged;		/* the kernel's log alone told of them,
					 * as they were when it started */
	struct device *devices;		/* sorted by address */
	unsigned device_count;
	enum known groups_known;	/* of /sys/kernel/iommu_groups */
	struct group *groups;		/* sorted by number */
	unsigned group_count;
	enum known units_known;		/* of /sys/class/iommu */
	struct unit *units;		/* sorted by name */
	unsigned unit_count;
	enum known drivers_known;
	struct driver *drivers;		/* sorted by name */
	unsigned driver_count;
	enum known display_known;	/* of /sys/class/drm */
	const struct card *cards;
	unsigned card_count;
	const struct connector *connectors;
	unsigned connector_count;
	const struct framebuffer *framebuffers;
	unsigned framebuffer_count;
	const struct vtconsole *vtconsoles;
	unsigned vtconsole_count;
	enum known sysfbs_known;
	const struct sysfb *sysfbs;
	unsigned sysfb_count;
	enum known iomem_known;		/* addresses readable: root */
	const struct bootfb *bootfbs;
	unsigned bootfb_count;
	struct host host;
	struct vfio vfio;
	struct mdevs mdevs;
	enum known uios_known;		/* of /sys/class/uio; ABSENT: UIO is
					 * not loaded */
	const struct uio *uios;		/* sorted by name */
	unsigned uio_count;
	struct usage usage;
	const struct problem *problems;
	unsigned problem_count;
};

/* The names that the list of PCI ids gives, one per device of a system;
 * loaded late, so a device may have none yet ("" then, never NULL). */
struct device_name {
	const char *vendor;		/* NVIDIA Corporation */
	const char *device;		/* AD102 [GeForce RTX 4090] */
	const char *class;		/* VGA compatible controller */
};

struct names {
	const struct device_name *devices;	/* as system->devices */
	unsigned count;
};

/* Return the name of a device, empty strings where @names has none. */
struct device_name names_of(const struct names *names, int device);

/* Return the index of the device at @address, or NONE. */
int system_device(const struct system *system, struct bdf address);

/* Return the index of the group with that number, or NONE. */
int system_group(const struct system *system, unsigned number);

/* Return the index of the driver with that name, or NONE. */
int system_driver(const struct system *system, const char *name);

/* Return the name of the registered driver that the module of @len bytes
 * brought, or NULL.  - and _ are one. */
const char *system_driver_of(const struct system *system, const char *module,
			     size_t len);

/* Whether the module is loaded; unknown as the list is. - and _ are one. */
enum known system_has_module(const struct system *system, const char *name);

/* Return the kernel's version as major * 1000 + minor, 6012; 0: not known. */
unsigned system_kernel(const struct system *system);

/* Return who may open a node, by its full path; NULL: nobody looked. */
const struct node_access *system_access(const struct system *system,
					const char *node);

/* Return the first of those from *@from on that hold the node open, and set
 * *@from behind it; NULL when there is none. */
const struct holder *system_holder(const struct system *system,
				   unsigned *from, const char *node);

/* Return what a vfio driver made for a device, by its index or, where that is
 * NONE, by its @owner; NULL. */
const struct vfio_device *system_vfio_device(const struct system *system,
					     int device, const char *owner);

/* Whether the machine is a laptop, by the chassis that its firmware tells
 * (SMBIOS 3.7, 7.4.1) and by a battery; UNREAD where neither says. */
enum known system_is_laptop(const struct system *system);

/* Whether the table exists: KNOWN, ABSENT or not known. */
enum known system_has_table(const struct system *system, const char *name);

/* Return the last value that the command line gives @name ("" when it has
 * none), or NULL when the word is not there. - and _ are one. */
const char *system_parameter(const struct system *system, const char *name);

/* Return the first log line from *@from on that holds @part (case counts),
 * and set *@from behind it; NULL when there is none. */
const struct log_line *log_find(const struct log *log, size_t *from,
				const char *part);

#endif
