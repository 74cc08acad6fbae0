// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine's lists as JSON, for other programs.  What each field means is
 * in the manual; what is not known is null.
 */
#include "cli/json.h"

#include <stdio.h>
#include <string.h>

#include "model/ability.h"
#include "model/topo.h"
#include "view/interrupt.h"

void json_print(json_t *json)
{
	json_dumpf(json, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(json);
}

json_t *json_address(const struct system *system, int device)
{
	char text[BDF_TEXT];

	if (device < 0)
		return json_null();
	return json_string(bdf_print(system->devices[device].address, text));
}

json_t *json_text(struct fact_text text)
{
	return text.known == KNOWN ? json_string(text.value) : json_null();
}

json_t *json_num(struct fact_num num)
{
	return num.known == KNOWN ? json_integer(num.value) : json_null();
}

json_t *json_hex(uint64_t value, int digits)
{
	return json_sprintf("0x%0*llx", digits, (unsigned long long)value);
}

json_t *json_wrap(const char *name, json_t *list)
{
	return json_pack("{s:i, s:o}", "schema", 1, name, list);
}

/* In whose hands a device is, in a word; null where nobody can say. */
static json_t *state_of(const struct device *device)
{
	if (device->driver.known == ABSENT)
		return json_string("unbound");
	if (device->driver.known != KNOWN)
		return json_null();
	return json_string(topo_is_vfio_driver(device->driver.value) ?
				   "vfio" : "host");
}

json_t *json_device(const struct scene *scene, unsigned index)
{
	const struct device *device = &scene->system->devices[index];
	struct device_name name = names_of(scene->names, (int)index);
	bool known = device->identity == KNOWN;

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, "
		"s:o, s:b, s:o}",
		"address", json_address(scene->system, (int)index), "class",
		known ? json_hex(device->class, 6) : json_null(), "vendor_id",
		known ? json_hex(device->vendor, 4) : json_null(),
		"device_id", known ? json_hex(device->device, 4) : json_null(),
		"name", name.device, "vendor", name.vendor, "driver",
		json_text(device->driver), "driver_override",
		json_text(device->driver_override), "group",
		json_num(device->group), "iommu", json_text(device->iommu),
		"state", state_of(device), "power_state",
		json_text(device->power_state), "asleep",
		device->runtime_status.known == UNREAD &&
				device->power_state.known == UNREAD ?
			json_null() : json_boolean(device->asleep),
		"silent", (int)device->silent, "slot",
		json_text(device->slot));
}

json_t *json_devices(const struct scene *scene)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < scene->system->device_count; i++) {
		json_t *entry = json_device(scene, i);
		json_object_set_new(entry, "loses",
				    json_loses_of(scene, (int)i));
		json_array_append_new(list, entry);
	}
	return json_wrap("devices", list);
}

static json_t *branch(const struct scene *scene, int index)
{
	const struct device *devices = scene->system->devices;
	json_t *entry = json_device(scene, (unsigned)index);
	json_t *children = json_array();

	for (int at = devices[index].first_child; at != NONE;
	     at = devices[at].next_sibling)
		json_array_append_new(children, branch(scene, at));
	json_object_set_new(entry, "children", children);
	return entry;
}

json_t *json_tree(const struct scene *scene)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < scene->system->device_count; i++)
		if (scene->system->devices[i].parent == NONE)
			json_array_append_new(list, branch(scene, (int)i));
	return json_wrap("tree", list);
}

static json_t *group_entry(const struct scene *scene, unsigned index)
{
	const struct group *group = &scene->system->groups[index];
	struct shared shared = topo_shared(scene->system, group);
	json_t *members = json_array(), *regions = json_array();

	for (unsigned i = 0; i < group->member_count; i++)
		json_array_append_new(members,
				      json_string(group->members[i].name));
	for (unsigned i = 0; i < group->reserved_count; i++)
		json_array_append_new(regions, json_pack(
			"{s:o, s:o, s:s}", "start",
			json_hex(group->reserved[i].start, 1), "end",
			json_hex(group->reserved[i].end, 1), "type",
			group->reserved[i].type));
	return json_pack(
		"{s:i, s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "number",
		(int)group->number, "name", json_text(group->name), "type",
		json_text(group->type), "members", members,
		"reserved_regions",
		group->reserved_known == KNOWN ? regions :
					(json_decref(regions), json_null()),
		"shared", shared.cause != SHARED_NONE, "cause",
		shared.cause == SHARED_NONE ? json_null() :
				json_string(shared_word(shared.cause)),
		"culprit", json_address(scene->system, shared.culprit));
}

json_t *json_groups(const struct scene *scene)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < scene->system->group_count; i++)
		json_array_append_new(list, group_entry(scene, i));
	return json_wrap("groups", list);
}

/* A unit remaps interrupts when it can and the kernel's lines show it. */
static json_t *unit_remaps(const struct system *system,
			   const struct unit *unit)
{
	enum remapping seen = topo_remapping(system);

	if (unit->ecap.known == KNOWN && !(unit->ecap.value & 1 << 3))
		return json_false();
	return seen == REMAP_UNKNOWN ? json_null() :
				       json_boolean(seen == REMAP_ON);
}

static json_t *hex_or_null(struct fact_num num)
{
	return num.known == KNOWN ? json_hex((uint64_t)num.value, 1) :
				    json_null();
}

/* What it can do, in words; null where its registers were not read. */
static json_t *abilities_of(const struct unit *unit)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < ABILITY_COUNT; i++) {
		enum known has = ability_has(unit, i);
		if (!known_is_settled(has)) {
			json_decref(list);
			return json_null();
		}
		if (has == KNOWN)
			json_array_append_new(list, json_string(
				ability_word(i)));
	}
	return list;
}

static json_t *bits_or_null(unsigned bits)
{
	return bits ? json_integer(bits) : json_null();
}

static json_t *unit_entry(const struct scene *scene, const struct unit *unit)
{
	struct unit_named named = ability_named(scene->system, unit);
	json_t *served = json_array();

	for (unsigned i = 0; i < unit->device_count; i++)
		json_array_append_new(served, json_address(scene->system,
							   unit->devices[i]));
	return json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
		"s:o}", "name", unit->name, "kind", unit->kind, "address",
		hex_or_null(unit->address), "interrupt_remapping",
		unit_remaps(scene->system, unit), "cap",
		hex_or_null(unit->cap), "ecap", hex_or_null(unit->ecap),
		"version", json_text(unit->version), "features",
		hex_or_null(unit->features), "abilities", abilities_of(unit),
		"address_bits", bits_or_null(ability_address_bits(unit)),
		"table_bits", bits_or_null(ability_table_bits(unit)), "table",
		*named.table ? json_string(named.table) : json_null(),
		"devices", served);
}

/* --- firmware tables --- */

static const char *state_word(enum known known)
{
	static const char *const words[KNOWN_COUNT] = {
		[UNREAD] = "unread", [KNOWN] = "known", [ABSENT] = "absent",
		[DENIED] = "denied", [ASLEEP] = "asleep", [SHORT] = "short",
		[MALFORMED] = "malformed", [SILENT] = "silent",
	};

	return words[known];
}

static void add_segment(json_t *list, uint16_t segment)
{
	size_t index;
	json_t *each;

	json_array_foreach(list, index, each)
		if (json_integer_value(each) == segment)
			return;
	json_array_append_new(list, json_integer(segment));
}

static json_t *dmar_entry(const struct dmar *dmar)
{
	json_t *bases = json_array(), *ranges = json_array();
	json_t *segments = json_array();
	int include_all = 0;

	for (unsigned i = 0; i < dmar->unit_count; i++) {
		json_array_append_new(bases, json_hex(dmar->units[i].base, 1));
		add_segment(segments, dmar->units[i].segment);
		include_all += dmar->units[i].include_all;
	}
	for (unsigned i = 0; i < dmar->region_count; i++)
		json_array_append_new(ranges, json_pack(
			"[o, o]", json_hex(dmar->regions[i].base, 1),
			json_hex(dmar->regions[i].limit, 1)));
	return json_pack(
		"{s:s, s:i, s:b, s:b, s:b, s:i, s:i, s:i, s:i, s:i, s:i, s:i, "
		"s:i, s:o, s:o, s:o, s:b}", "kind", "DMAR", "address_width",
		(int)dmar->address_width, "intr_remap", dmar->intr_remap,
		"x2apic_optout", dmar->x2apic_optout, "platform_optin",
		dmar->platform_optin, "drhd", (int)dmar->unit_count, "rmrr",
		(int)dmar->region_count, "atsr", (int)dmar->atsr, "rhsa",
		(int)dmar->rhsa, "andd", (int)dmar->andd, "satc",
		(int)dmar->satc, "sidp", (int)dmar->sidp, "include_all",
		include_all, "drhd_bases", bases, "rmrr_ranges", ranges,
		"segments", segments, "whole", dmar->whole);
}

static json_t *ivrs_entry(const struct ivrs *ivrs)
{
	json_t *bases = json_array();

	for (unsigned i = 0; i < ivrs->mmio_count; i++)
		json_array_append_new(bases,
				      json_hex(ivrs->mmio_bases[i], 1));
	return json_pack(
		"{s:s, s:o, s:i, s:i, s:i, s:i, s:o, s:i, s:i, s:i, s:b}",
		"kind", "IVRS", "ivinfo", json_hex(ivrs->ivinfo, 1), "ivhd10",
		(int)ivrs->ivhd10, "ivhd11", (int)ivrs->ivhd11, "ivhd40",
		(int)ivrs->ivhd40, "ivmd", (int)ivrs->ivmd_count,
		"mmio_bases", bases, "ioapics", (int)ivrs->ioapics, "hpets",
		(int)ivrs->hpets, "acpi_hid", (int)ivrs->acpi_hid, "whole",
		ivrs->whole);
}

static json_t *viot_entry(const struct viot *viot)
{
	return json_pack("{s:s, s:i, s:i, s:i, s:i, s:b}", "kind", "VIOT",
			 "nodes", (int)viot->nodes, "pci_ranges",
			 (int)viot->pci_ranges, "virtio_pci",
			 (int)viot->virtio_pci, "virtio_mmio",
			 (int)viot->virtio_mmio, "whole", viot->whole);
}

static json_t *iort_entry(const struct iort *iort)
{
	return json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:b}", "kind", "IORT",
			 "nodes", (int)iort->nodes, "smmus",
			 (int)iort->smmus, "root_complexes",
			 (int)iort->root_complexes, "unmapped",
			 (int)iort->unmapped, "its", (int)iort->its, "whole",
			 iort->whole);
}

/* Whether the content was read far enough to say something. */
static bool is_decoded(enum known known)
{
	return known == KNOWN || known == SHORT || known == MALFORMED;
}

static json_t *tables_list(const struct system *system)
{
	const struct host *host = &system->host;
	const struct { const char *name; enum known known; } tables[] = {
		{ "DMAR", host->dmar.known }, { "IVRS", host->ivrs.known },
		{ "VIOT", host->viot.known }, { "IORT", host->iort.known },
	};
	json_t *list = json_array();

	for (size_t i = 0; i < 4; i++) {
		json_t *entry;
		if (is_decoded(tables[i].known))
			entry = i == 0 ? dmar_entry(&host->dmar) :
				i == 1 ? ivrs_entry(&host->ivrs) :
				i == 2 ? viot_entry(&host->viot) :
					 iort_entry(&host->iort);
		else if (system_has_table(system, tables[i].name) == KNOWN)
			entry = json_pack("{s:s}", "kind", tables[i].name);
		else
			continue;
		if (tables[i].known != KNOWN)
			json_object_set_new(entry, "state", json_string(
				state_word(tables[i].known)));
		json_array_append_new(list, entry);
	}
	return list;
}

/* Units that the log tells of and sysfs does not. */
static json_t *idle_list(const struct scene *scene)
{
	const struct system *system = scene->system;
	json_t *list = json_array();

	for (unsigned i = 0; i < system->host.logged_unit_count; i++) {
		const struct unit *unit = &system->host.logged_units[i];
		if (ability_unit_at(system, (uint64_t)unit->address.value) !=
		    NONE)
			continue;
		json_t *entry = unit_entry(scene, unit);
		json_object_set_new(entry, "at_work",
			known_is_settled(system->units_known) ?
				json_false() : json_null());
		json_array_append_new(list, entry);
	}
	return list;
}

json_t *json_iommus(const struct scene *scene)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < scene->system->unit_count; i++)
		json_array_append_new(list, unit_entry(
			scene, &scene->system->units[i]));
	json_t *whole = json_wrap("iommus", list);
	json_object_set_new(whole, "idle", idle_list(scene));
	json_object_set_new(whole, "tables", tables_list(scene->system));
	return whole;
}

static json_t *modes_list(const struct system *system)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < system->device_count; i++) {
		unsigned lines;
		const char *word = interrupt_word(
			interrupt_kind_of(system, (int)i, &lines));
		enum role remapped = interrupt_remapped(system, (int)i).role;
		json_array_append_new(list, json_pack(
			"{s:o, s:s?, s:i, s:o}", "address",
			json_address(system, (int)i), "mode", word, "lines",
			(int)lines, "remapped",
			remapped == ROLE_GOOD ? json_true() :
			remapped == ROLE_BAD ? json_false() : json_null()));
	}
	return list;
}

json_t *json_interrupts(const struct scene *scene)
{
	const struct host *host = &scene->system->host;
	enum remapping remapping = topo_remapping(scene->system);
	json_t *list = json_array();

	for (unsigned i = 0; i < host->interrupt_count; i++) {
		const struct interrupt *each = &host->interrupts[i];
		if (!*each->chip)
			continue;
		json_array_append_new(list, json_pack(
			"{s:s, s:s, s:b, s:I, s:s, s:b, s:o}", "number",
			each->number, "chip", each->chip, "remapped",
			strncmp(each->chip, "IR-", 3) == 0, "count",
			(json_int_t)each->count, "actions", each->actions,
			"shared", interrupt_is_shared(each), "device",
			json_address(scene->system, each->device)));
	}
	enum known able, posted = interrupt_posted(scene->system, &able);
	json_t *whole = json_wrap("interrupts", list);
	json_object_set_new(whole, "devices", modes_list(scene->system));
	json_object_set_new(whole, "posted", known_is_settled(posted) ?
			    json_boolean(posted == KNOWN) : json_null());
	json_object_set_new(whole, "remapping",
			    remapping == REMAP_UNKNOWN ? json_null() :
			    json_boolean(remapping == REMAP_ON));
	return whole;
}

json_t *json_vfio(const struct scene *scene)
{
	const struct system *system = scene->system;
	const struct vfio *vfio = &system->vfio;
	enum known loaded = system_has_module(system, "vfio_pci");
	json_t *nodes = json_array(), *devices = json_array();

	for (unsigned i = 0; i < vfio->node_count; i++)
		json_array_append_new(nodes, json_string(vfio->nodes[i]));
	for (unsigned i = 0; i < system->device_count; i++)
		if (system->devices[i].driver.known == KNOWN &&
		    topo_is_vfio_driver(system->devices[i].driver.value))
			json_array_append_new(devices,
					      json_address(system, (int)i));
	json_t *whole = json_pack(
		"{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", 1,
		"driver_registered",
		known_is_settled(vfio->pci_driver.known) ?
			json_boolean(vfio->pci_driver.known == KNOWN) :
			json_null(),
		"module_loaded", known_is_settled(loaded) ?
			json_boolean(loaded == KNOWN) : json_null(),
		"module", json_text(system->host.vfio_module), "nodes",
		vfio->nodes_known == KNOWN ? nodes :
			(json_decref(nodes),
			 vfio->nodes_known == ABSENT ? json_array() :
						       json_null()),
		"iommufd", known_is_settled(vfio->iommufd.known) ?
			json_boolean(vfio->iommufd.known == KNOWN) :
			json_null(),
		"allow_unsafe_interrupts", json_num(system->host.unsafe_type1),
		"noiommu", json_num(system->host.noiommu_mode), "devices",
		devices);
	json_vfio_more(scene, whole);
	return whole;
}

json_t *json_holders(const struct scene *scene)
{
	const struct usage *usage = &scene->system->usage;
	json_t *whole = json_wrap("holders", json_holding(scene->system, NONE));

	json_object_set_new(whole, "complete",
			    json_boolean(usage->holders_known == KNOWN));
	json_object_set_new(whole, "processes",
			    json_integer(usage->processes));
	json_object_set_new(whole, "processes_hidden",
			    json_integer(usage->processes_hidden));
	return whole;
}
