// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How things are called before a person.  It says what a thing is, never
 * whether that is good.
 *
 * Source: PCI Code and ID Assignment Specification 1.11, chapter 1.
 */
#include "view/label.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/display.h"
#include "model/topo.h"
#include "view/sign.h"

static const struct {
	uint32_t class, mask;
	const char *word;
} kinds[] = {
	{ 0x010000, 0xffff00, N_("SCSI") },
	{ 0x010100, 0xffff00, N_("IDE") },
	{ 0x010400, 0xffff00, N_("RAID") },
	{ 0x010600, 0xffff00, N_("SATA") },
	{ 0x010700, 0xffff00, N_("SAS") },
	{ 0x010800, 0xffff00, N_("NVMe") },
	{ 0x010000, 0xff0000, N_("Storage") },
	{ 0x020000, 0xffff00, N_("Ethernet") },
	{ 0x020700, 0xffff00, N_("InfiniBand") },
	{ 0x020000, 0xff0000, N_("Network") },
	{ 0x030000, 0xffff00, N_("VGA") },
	{ 0x030200, 0xffff00, N_("3D") },
	{ 0x030000, 0xff0000, N_("Display") },
	{ 0x040000, 0xffff00, N_("Video") },
	{ 0x040100, 0xffff00, N_("Audio") },
	{ 0x040300, 0xffff00, N_("Audio") },
	{ 0x040000, 0xff0000, N_("Multimedia") },
	{ 0x050000, 0xff0000, N_("Memory") },
	{ 0x060000, 0xffff00, N_("Host bridge") },
	{ 0x060100, 0xffff00, N_("ISA bridge") },
	{ 0x060400, 0xffff00, N_("PCI bridge") },
	{ 0x060700, 0xffff00, N_("CardBus") },
	{ 0x060000, 0xff0000, N_("Bridge") },
	{ 0x070000, 0xffff00, N_("Serial port") },
	{ 0x070000, 0xff0000, N_("Comms") },
	{ 0x080500, 0xffff00, N_("SD host") },
	{ 0x080600, 0xffff00, N_("IOMMU") },
	{ 0x080000, 0xff0000, N_("System") },
	{ 0x090000, 0xff0000, N_("Input") },
	{ 0x0b0000, 0xff0000, N_("Processor") },
	{ 0x0c0000, 0xffff00, N_("FireWire") },
	{ 0x0c0340, 0xffffff, N_("USB4") },
	{ 0x0c0300, 0xffff00, N_("USB") },
	{ 0x0c0500, 0xffff00, N_("SMBus") },
	{ 0x0c0000, 0xff0000, N_("Serial bus") },
	{ 0x0d0000, 0xff0000, N_("Wireless") },
	{ 0x100000, 0xff0000, N_("Crypto") },
	{ 0x110000, 0xff0000, N_("Signal") },
	{ 0x120000, 0xff0000, N_("Accelerator") },
};

/* What a PCIe port is, by the type in its capability. */
static const char *port_word(const struct device *device)
{
	const struct config *config = device->config;

	if (config->header != KNOWN || !config->has_pcie)
		return NULL;
	switch (config->pcie_type) {
	case PCIE_ROOT_PORT:
		return N_("Root port");
	case PCIE_UPSTREAM:
		return N_("Upstream port");
	case PCIE_DOWNSTREAM:
		return N_("Downstr. port");
	case PCIE_TO_PCI_BRIDGE:
		return N_("PCIe-PCI bridge");
	default:
		return NULL;
	}
}

const char *label_kind(const struct device *device)
{
	const char *port = topo_is_bridge(device) ? port_word(device) : NULL;

	if (port)
		return _(port);
	if (device->identity != KNOWN)
		return SIGN_UNKNOWN;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if ((device->class & kinds[i].mask) == kinds[i].class)
			return _(kinds[i].word);
	return _("Other");
}

const char *label_address(const struct device *device, struct arena *arena)
{
	char text[BDF_TEXT];

	return arena_text(arena, bdf_print_short(device->address, text));
}

/* Words at the end of a company's name that say nothing. */
static const char *const company_words[] = {
	" Corporation", " Corp.", " Co., Ltd.", " Co., Ltd", " Co. Ltd.",
	", Inc.", " Inc.", ", Ltd.", " Ltd.", " Limited", " GmbH", " LLC",
	" Technology", " Technologies", " Electronics", " Semiconductor",
	" Semiconductors", ",",
};

/* "Advanced Micro Devices, Inc. [AMD/ATI]" is "AMD/ATI", "NVIDIA
 * Corporation" is "NVIDIA". */
static const char *short_vendor(const char *vendor, struct arena *arena)
{
	const char *open = strrchr(vendor, '[');
	const char *close = open ? strchr(open, ']') : NULL;

	if (close && close > open + 1)
		return arena_copy(arena, open + 1, (size_t)(close - open - 1));
	char *name = arena_text(arena, vendor);
	for (size_t i = 0; i < sizeof company_words / sizeof *company_words;) {
		size_t len = strlen(name), tail = strlen(company_words[i]);
		if (len > tail && text_ends(name, company_words[i])) {
			name[len - tail] = '\0';
			i = 0;
		} else {
			i++;
		}
	}
	return name;
}

/* "AD102 [GeForce RTX 4090]" is "GeForce RTX 4090" for a GPU: what stands in
 * brackets is what stands on the box. */
static const char *short_name(const char *name, struct arena *arena)
{
	const char *open = strchr(name, '[');
	const char *close = open ? strchr(open, ']') : NULL;

	if (close && close > open + 3)
		return arena_copy(arena, open + 1, (size_t)(close - open - 1));
	return name;
}

static const char *ids(const struct device *device, struct arena *arena)
{
	if (device->identity != KNOWN)
		return SIGN_UNKNOWN;
	return arena_printf(arena, "%04x:%04x", device->vendor,
			    device->device);
}

const char *label_name(const struct scene *scene, int device,
		       struct arena *arena)
{
	const struct device *self = &scene->system->devices[device];
	struct device_name name = names_of(scene->names, device);

	if (!*name.device)
		return *name.vendor ?
			arena_printf(arena, "%s %s",
				     short_vendor(name.vendor, arena),
				     ids(self, arena)) :
			ids(self, arena);
	if (topo_is_display(self))
		return short_name(name.device, arena);
	return name.device;
}

const char *label_full_name(const struct scene *scene, int device,
			    struct arena *arena)
{
	struct device_name name = names_of(scene->names, device);

	if (!*name.device)
		return label_name(scene, device, arena);
	return arena_printf(arena, "%s %s", short_vendor(name.vendor, arena),
			    name.device);
}

const char *label_device(const struct scene *scene, int device,
			 struct arena *arena)
{
	return arena_printf(
		arena, "%s %s",
		label_address(&scene->system->devices[device], arena),
		label_name(scene, device, arena));
}

struct text label_fact(const struct fact_text *fact)
{
	if (fact->known == KNOWN)
		return (struct text){ fact->value, ROLE_TEXT };
	if (fact->known == ABSENT)
		return (struct text){ SIGN_NONE, ROLE_DIM };
	return (struct text){ SIGN_UNKNOWN, ROLE_UNKNOWN };
}

struct text label_number(const struct fact_num *fact, struct arena *arena)
{
	struct fact_text text = { fact->known, "" };

	if (fact->known == KNOWN)
		text.value = arena_printf(arena, "%lld",
					  (long long)fact->value);
	return label_fact(&text);
}

struct text label_driver(const struct device *device)
{
	struct text text = label_fact(&device->driver);

	if (device->driver.known == KNOWN && topo_is_vfio_driver(text.text))
		text.role = ROLE_GOOD;
	return text;
}

/* Something that is used, after what was said before. */
static void add_use(struct buf *use, const char *sign, const char *what)
{
	if (use->len)
		buf_puts(use, sign && *sign ? "  " : " ");
	if (sign && *sign)
		buf_printf(use, "%s%s", sign, *what ? " " : "");
	buf_puts(use, what);
}

static void use_display(const struct system *system, int device,
			struct buf *use)
{
	bool lit = false;

	for (unsigned i = 0; i < system->connector_count; i++) {
		const struct connector *each = &system->connectors[i];
		if (each->device != device || each->status.known != KNOWN ||
		    strcmp(each->status.value, "connected") != 0)
			continue;
		add_use(use, lit ? "" : SIGN_LIT, each->name);
		lit = true;
	}
	if (!lit && label_is_dark(system, device))
		add_use(use, SIGN_DARK, "");
}

bool label_is_dark(const struct system *system, int device)
{
	bool lit;

	if (!topo_is_display(&system->devices[device]))
		return false;
	for (unsigned i = 0; i < system->connector_count; i++)
		if (system->connectors[i].device == device &&
		    (system->connectors[i].status.known != KNOWN ||
		     strcmp(system->connectors[i].status.value,
			    "disconnected") != 0))
			return false;
	return topo_is_lit(system, device, &lit, NULL) == KNOWN && !lit;
}

static void use_storage(const struct usage *usage, int device,
			struct buf *use)
{
	bool any = false;

	for (unsigned i = 0; i < usage->storage_count; i++) {
		if (usage->storage[i].device != device)
			continue;
		add_use(use, any ? "" : SIGN_DISK, usage->storage[i].what);
		any = true;
	}
}

static void use_network(const struct usage *usage, int device,
			struct buf *use)
{
	for (unsigned i = 0; i < usage->interface_count; i++) {
		const struct interface *each = &usage->interfaces[i];
		if (each->device == device)
			add_use(use, each->default_route ? SIGN_NET : "",
				each->name);
	}
}

/* Processes by name, each once. */
static void use_holders(const struct system *system, int device,
			struct buf *use)
{
	const struct usage *usage = &system->usage;
	bool any = false;

	for (unsigned i = 0; i < usage->holder_count; i++) {
		const struct holder *each = &usage->holders[i];
		bool seen = false;
		if (!display_is_held(system, each, device))
			continue;
		for (unsigned j = 0; j < i; j++)
			if (display_is_held(system, &usage->holders[j],
					    device) &&
			    strcmp(usage->holders[j].command,
				   each->command) == 0)
				seen = true;
		if (seen)
			continue;
		add_use(use, any ? "" : SIGN_HELD, each->command);
		any = true;
	}
}

struct text label_use(const struct scene *scene, int device,
		      struct arena *arena)
{
	const struct system *system = scene->system;
	const struct device *self = &system->devices[device];
	struct buf use = {0};

	if (self->driver.known == KNOWN &&
	    topo_is_vfio_driver(self->driver.value))
		add_use(&use, SIGN_VFIO, "");
	use_display(system, device, &use);
	use_storage(&system->usage, device, &use);
	use_network(&system->usage, device, &use);
	use_holders(system, device, &use);
	if (self->asleep)
		add_use(&use, SIGN_ASLEEP, "");
	struct text text = { arena_text(arena, buf_str(&use)), ROLE_TEXT };
	buf_free(&use);
	return text;
}

/* The kernel says "8.0 GT/s PCIe"; that it is PCIe is known. */
const char *label_link(const struct fact_text *speed,
		       const struct fact_num *width, struct arena *arena)
{
	struct text text = label_fact(speed), lanes = label_number(width,
								   arena);
	size_t len = strlen(text.text);

	if (text_ends(text.text, " PCIe"))
		len -= 5;
	return arena_printf(arena, "%.*s ×%s", (int)len, text.text,
			    lanes.text);
}

const char *label_count_devices(unsigned count, struct arena *arena)
{
	return arena_printf(arena, P_("%u device", "%u devices", count),
			    count);
}

const char *label_size(uint64_t bytes, struct arena *arena)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB",
					     "TiB" };
	unsigned unit = 0;

	while (bytes >= 1024 && bytes % 1024 == 0 && unit < 4) {
		bytes /= 1024;
		unit++;
	}
	return arena_printf(arena, "%" PRIu64 " %s", bytes, units[unit]);
}

const char *label_bytes(uint64_t bytes, struct arena *arena)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB",
					     "PB" };
	uint64_t tenths = bytes * 10;
	unsigned unit = 0;

	if (bytes > UINT64_MAX / 10)
		return "?";
	while (tenths >= 10000 && unit < 5) {
		tenths = (tenths + 500) / 1000;
		unit++;
	}
	if (tenths >= 1000 || !unit)
		return arena_printf(arena, "%" PRIu64 " %s",
				    (tenths + 5) / 10, units[unit]);
	return arena_printf(arena, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10,
			    tenths % 10, units[unit]);
}
