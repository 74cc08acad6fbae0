// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What there can be several of: parameters, tables, symbols, lines of
 * modprobe.d, screens, file systems.  Each is a table of pairs; pairs are
 * compared alike, whatever they stand for.
 */
#include "model/diff_part.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* One of several: what tells it from the others, and what it says. */
struct pair {
	int device;		/* that it is about; NONE: the machine */
	const char *key;
	const char *value;	/* NULL: not known */
};

struct pairs {
	struct arena *arena;
	struct pair *items;
	size_t count, room;
};

static void add(struct pairs *pairs, int device, const char *key,
		const char *value)
{
	pairs->items = arena_grow(pairs->arena, pairs->items, pairs->count,
				  &pairs->room, sizeof *pairs->items);
	pairs->items[pairs->count++] = (struct pair){ device, key, value };
}

static const char *fact_value(const struct fact_text *fact)
{
	return known_is_settled(fact->known) ? fact->value : NULL;
}

/* --- of the machine --- */

static enum known parameters_known(const struct system *system)
{
	return system->host.cmdline.known;
}

/* A parameter given twice is one with both values: some take the last, some
 * all of them. */
static void add_parameters(const struct system *system, struct pairs *pairs)
{
	const struct host *host = &system->host;

	for (unsigned i = 0; i < host->parameter_count; i++) {
		const struct parameter *each = &host->parameters[i];
		const char *value = each->value ? each->value : "";
		size_t p = 0;
		while (p < pairs->count &&
		       strcmp(pairs->items[p].key, each->name) != 0)
			p++;
		if (p == pairs->count)
			add(pairs, NONE, each->name, value);
		else
			pairs->items[p].value =
				arena_printf(pairs->arena, "%s, %s",
					     pairs->items[p].value, value);
	}
}

static enum known tables_known(const struct system *system)
{
	return system->host.tables_known;
}

static void add_tables(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->host.table_count; i++)
		add(pairs, NONE, system->host.tables[i].name, "");
}

static enum known dmar_known(const struct system *system)
{
	return system->host.dmar.known;
}

static void add_dmar(const struct system *system, struct pairs *pairs)
{
	const struct dmar *dmar = &system->host.dmar;

	if (dmar->known != KNOWN)
		return;
	add(pairs, NONE, "intr_remap", dmar->intr_remap ? "1" : "0");
	add(pairs, NONE, "x2apic_optout", dmar->x2apic_optout ? "1" : "0");
	add(pairs, NONE, "platform_optin", dmar->platform_optin ? "1" : "0");
	add(pairs, NONE, "drhd",
	    arena_printf(pairs->arena, "%u", dmar->unit_count));
	add(pairs, NONE, "rmrr",
	    arena_printf(pairs->arena, "%u", dmar->region_count));
}

static enum known ivrs_known(const struct system *system)
{
	return system->host.ivrs.known;
}

static void add_ivrs(const struct system *system, struct pairs *pairs)
{
	const struct ivrs *ivrs = &system->host.ivrs;

	if (ivrs->known != KNOWN)
		return;
	add(pairs, NONE, "units",
	    arena_printf(pairs->arena, "%u", ivrs->mmio_count));
	add(pairs, NONE, "ioapics",
	    arena_printf(pairs->arena, "%u", ivrs->ioapics));
	add(pairs, NONE, "ivmd",
	    arena_printf(pairs->arena, "%u", ivrs->ivmd_count));
}

static enum known symbols_known(const struct system *system)
{
	return system->host.kconfig.known;
}

static void add_symbols(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		add(pairs, NONE, symbol_name(i),
		    arena_printf(pairs->arena, "%c",
				 system->host.kconfig.value[i]));
}

static enum known modules_known(const struct system *system)
{
	return system->host.modules_known;
}

/* Of the loaded modules, those that giving a device away stands on. */
static void add_modules(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->host.module_count; i++) {
		const char *name = system->host.modules[i];
		if (text_starts(name, "vfio") || text_starts(name, "iommufd") ||
		    text_starts(name, "kvm") || text_starts(name, "mdev") ||
		    text_ends(name, "_vfio_pci"))
			add(pairs, NONE, name, "");
	}
}

static enum known modprobe_known(const struct system *system)
{
	return system->host.modprobe_known;
}

static void add_modprobe(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->host.modprobe_count; i++)
		add(pairs, NONE, system->host.modprobe[i].text, "");
}

static enum known modules_load_known(const struct system *system)
{
	return system->host.modules_load_known;
}

static void add_modules_load(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->host.modules_load_count; i++)
		add(pairs, NONE, system->host.modules_load[i].text, "");
}

static enum known overrides_known(const struct system *system)
{
	return system->host.overrides_known;
}

static void add_overrides(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->host.override_count; i++)
		add(pairs, NONE, system->host.overrides[i].source,
		    system->host.overrides[i].text);
}

static enum known nodes_known(const struct system *system)
{
	return system->vfio.nodes_known;
}

static void add_nodes(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->vfio.node_count; i++)
		add(pairs, NONE,
		    arena_printf(pairs->arena, "/dev/vfio/%s",
				 system->vfio.nodes[i]), "");
}

static enum known units_known(const struct system *system)
{
	return system->units_known;
}

/* What a unit can do, as its registers say it. */
static const char *abilities(const struct unit *unit, struct arena *arena)
{
	const struct fact_num *facts[] = { &unit->cap, &unit->ecap,
					   &unit->features };
	struct buf text = {0};

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (facts[i]->known == KNOWN)
			buf_printf(&text, "%s%llx", text.len ? " " : "",
				   (unsigned long long)facts[i]->value);
	const char *copy = arena_text(arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

static void add_units(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->unit_count; i++)
		add(pairs, NONE, system->units[i].name,
		    abilities(&system->units[i], pairs->arena));
}

/* --- of devices --- */

/* A group is known by its first device: its number may change. */
static int first_device(const struct group *group)
{
	for (unsigned i = 0; i < group->member_count; i++)
		if (group->members[i].device != NONE)
			return group->members[i].device;
	return NONE;
}

static enum known groups_known(const struct system *system)
{
	return system->groups_known;
}

static void add_types(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->group_count; i++)
		if (first_device(&system->groups[i]) != NONE)
			add(pairs, first_device(&system->groups[i]), "",
			    fact_value(&system->groups[i].type));
}

static void add_reserved(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->group_count; i++) {
		const struct group *group = &system->groups[i];
		int device = first_device(group);
		for (unsigned r = 0; device != NONE &&
				     r < group->reserved_count; r++)
			add(pairs, device,
			    arena_printf(pairs->arena, "0x%llx-0x%llx",
				(unsigned long long)group->reserved[r].start,
				(unsigned long long)group->reserved[r].end),
			    group->reserved[r].type);
	}
}

static enum known display_known(const struct system *system)
{
	return system->display_known;
}

static void add_connectors(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->connector_count; i++) {
		const struct connector *each = &system->connectors[i];
		add(pairs, each->device, each->name,
		    fact_value(&each->status));
	}
}

static void add_monitors(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->connector_count; i++) {
		const struct connector *each = &system->connectors[i];
		if (each->monitor.known == KNOWN)
			add(pairs, each->device, each->name,
			    each->monitor.value);
	}
}

static enum known storage_known(const struct system *system)
{
	return system->usage.storage_known;
}

static void add_storage(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->usage.storage_count; i++) {
		const struct storage_use *each = &system->usage.storage[i];
		add(pairs, each->device, each->what, each->block);
	}
}

static enum known interfaces_known(const struct system *system)
{
	return system->usage.interfaces_known;
}

static void add_interfaces(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->usage.interface_count; i++) {
		const struct interface *each = &system->usage.interfaces[i];
		add(pairs, each->device, each->name,
		    fact_value(&each->operstate));
	}
}

/* Disks are told apart by their serial numbers: where one is not known, none
 * can be called gone. */
static enum known disks_known(const struct system *system)
{
	const struct usage *usage = &system->usage;

	for (unsigned i = 0; i < usage->disk_count; i++)
		if (usage->disks[i].whole == NONE &&
		    !known_is_settled(usage->disks[i].serial.known))
			return usage->disks[i].serial.known;
	return usage->disks_known;
}

/* A disk's name, sda, may change from start to start. */
static void add_disks(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->usage.disk_count; i++) {
		const struct disk *each = &system->usage.disks[i];
		const char *model = fact_value(&each->model);
		const char *serial = fact_value(&each->serial);
		if (each->whole != NONE)
			continue;
		if (!model || !*model)
			model = each->name;
		add(pairs, each->device, serial && *serial ?
			    arena_printf(pairs->arena, "%s %s", model, serial) :
			    model, "");
	}
}

static enum known usb_known(const struct system *system)
{
	return system->usage.usb_known;
}

/* "K120 (4.2)": the ports from the controller on; the number of the bus, "1-",
 * may change. */
static void add_usb(const struct system *system, struct pairs *pairs)
{
	for (unsigned i = 0; i < system->usage.usb_device_count; i++) {
		const struct usb_device *each = &system->usage.usb_devices[i];
		const char *model = fact_value(&each->model);
		const char *ports = strchr(each->name, '-');
		if (each->hub == NONE || !ports)
			continue;
		if (!model || !*model)
			model = arena_printf(pairs->arena, "%04x:%04x",
					     (unsigned)each->vendor.value,
					     (unsigned)each->product.value);
		add(pairs, each->device,
		    arena_printf(pairs->arena, "%s (%s)", model, ports + 1),
		    "");
	}
}

/* --- compared --- */

/* How a set is compared. */
enum {
	BOTH = 1 << 0,		/* told only where both have it */
	OF_GROUP = 1 << 1,	/* of a device's group: not told where it has
				 * none in either, which says more */
};

static const struct {
	const char *fact;
	enum known (*known)(const struct system *system);
	void (*add)(const struct system *system, struct pairs *pairs);
	unsigned how;
} sets[] = {
	{ "group_type", groups_known, add_types, BOTH | OF_GROUP },
	{ "reserved_region", groups_known, add_reserved, OF_GROUP },
	{ "connector", display_known, add_connectors, 0 },
	{ "monitor", display_known, add_monitors, 0 },
	{ "mounted", storage_known, add_storage, 0 },
	{ "interface", interfaces_known, add_interfaces, 0 },
	{ "disk", disks_known, add_disks, 0 },
	{ "usb_device", usb_known, add_usb, 0 },
	{ "parameter", parameters_known, add_parameters, 0 },
	{ "iommu_unit", units_known, add_units, 0 },
	{ "table", tables_known, add_tables, 0 },
	{ "dmar", dmar_known, add_dmar, 0 },
	{ "ivrs", ivrs_known, add_ivrs, 0 },
	{ "symbol", symbols_known, add_symbols, 0 },
	{ "module", modules_known, add_modules, 0 },
	{ "vfio_node", nodes_known, add_nodes, 0 },
	{ "modprobe", modprobe_known, add_modprobe, 0 },
	{ "modules_load", modules_load_known, add_modules_load, 0 },
	{ "driverctl", overrides_known, add_overrides, 0 },
};

static const struct pair *find(const struct pairs *pairs, int device,
			       const char *key)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->items[i].device == device &&
		    strcmp(pairs->items[i].key, key) == 0)
			return &pairs->items[i];
	return NULL;
}

static struct difference about(const char *fact, int before, int after,
			       const char *key)
{
	bool device = before != NONE || after != NONE;

	return (struct difference){
		.fact = fact, .scope = device ? SCOPE_DEVICE : SCOPE_SYSTEM,
		.before = device ? before : 0, .after = device ? after : 0,
		.name = key,
	};
}

/* What a pair says: its value; where there is nothing but a name, that. */
static const char *said(const struct pair *pair)
{
	return *pair->value ? pair->value : pair->key;
}

static bool is_moot(const struct compare *compare, unsigned how, int before,
		    int after)
{
	return how & OF_GROUP && before != NONE && after != NONE &&
	       (compare->before->devices[before].group.known != KNOWN ||
		compare->after->devices[after].group.known != KNOWN);
}

static void compare_both(struct compare *compare, const char *fact, int after,
			 const struct pair *was, const struct pair *is)
{
	if (!was->value || !is->value) {
		compare->untold += !was->value != !is->value;
		return;
	}
	compare_texts(compare, about(fact, was->device, after, was->key),
		      was->value, is->value);
}

/* What the later one has and the earlier one has not.  What belongs to a
 * device that is gone, or new, is not told again. */
static void add_new(struct compare *compare, const char *fact, unsigned how,
		    const struct pairs *before, const struct pairs *after)
{
	for (size_t i = 0; i < after->count; i++) {
		const struct pair *is = &after->items[i];
		int then = is->device == NONE ? NONE :
						compare->back[is->device];
		if ((is->device == NONE || then != NONE) && is->value &&
		    !is_moot(compare, how, then, is->device) &&
		    !find(before, then, is->key))
			compare_texts(compare, about(fact, then, is->device,
						     is->key),
				      NULL, said(is));
	}
}

static void compare_set(struct compare *compare, const char *fact,
			unsigned how,
			const struct pairs *before, const struct pairs *after)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct pair *was = &before->items[i];
		int now = was->device == NONE ? NONE :
						compare->match[was->device];
		const struct pair *is = find(after, now, was->key);
		if ((was->device != NONE && now == NONE) ||
		    is_moot(compare, how, was->device, now))
			continue;
		if (is)
			compare_both(compare, fact, now, was, is);
		else if (was->value && !(how & BOTH))
			compare_texts(compare, about(fact, was->device, now,
						     was->key),
				      said(was), NULL);
	}
	if (!(how & BOTH))
		add_new(compare, fact, how, before, after);
}

void compare_sets(struct compare *compare)
{
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		struct pairs before = { .arena = compare->arena };
		struct pairs after = { .arena = compare->arena };
		if (!compare_is_told(compare, sets[i].known(compare->before),
				     sets[i].known(compare->after)))
			continue;
		sets[i].add(compare->before, &before);
		sets[i].add(compare->after, &after);
		compare_set(compare, sets[i].fact, sets[i].how, &before,
			    &after);
	}
}
