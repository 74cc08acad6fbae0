// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What VFIO granted, as JSON: the kernel's numbers, with words for its bits.
 */
#include "cli/json_grant.h"

#include <stdio.h>

#include "model/vfio_abi.h"
#include "view/label_grant.h"

static json_t *bits(uint32_t flags, const char *(*name)(unsigned bit))
{
	json_t *list = json_array();

	for (unsigned bit = 0; bit < 32; bit++) {
		char text[16];
		if (!(flags >> bit & 1))
			continue;
		snprintf(text, sizeof text, "bit-%u", bit);
		json_array_append_new(list, json_string(
			name(bit) ? name(bit) : text));
	}
	return list;
}

static json_t *hex(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "0x%llx", (unsigned long long)value);
	return json_string(text);
}

/* Areas of a region: where and how long; ranges of IOVAs: first and last. */
static json_t *spans(const struct grant_cap *cap, bool sizes)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < cap->span_count; i++)
		json_array_append_new(list, sizes ?
			json_pack("{s:o, s:I}", "offset",
				  hex(cap->spans[i].a), "size",
				  (json_int_t)cap->spans[i].b) :
			json_pack("{s:o, s:o}", "first", hex(cap->spans[i].a),
				  "last", hex(cap->spans[i].b)));
	return list;
}

static json_t *cap_entry(enum grant_owner owner, const struct grant_cap *cap)
{
	const char *name = label_cap(owner, cap->id);
	json_t *entry = json_pack(
		"{s:i, s:i, s:o, s:b}", "id", (int)cap->id, "version",
		(int)cap->version, "name", name ? json_string(name) :
		json_null(), "complete", cap->known != SHORT);

	if (cap->spans)
		json_object_set_new(entry, "spans",
				    spans(cap, owner == GRANT_OF_REGION));
	if (owner == GRANT_OF_REGION && cap->id == 2) {
		json_object_set_new(entry, "type", hex(cap->value[0]));
		json_object_set_new(entry, "subtype", hex(cap->value[1]));
	} else if (cap->known == KNOWN && !cap->spans) {
		json_object_set_new(entry, "value", hex(cap->value[0]));
	}
	return entry;
}

static json_t *caps(enum grant_owner owner, const struct grant_caps *list)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < list->count; i++)
		json_array_append_new(array, cap_entry(owner,
						       &list->items[i]));
	return array;
}

static json_t *regions(const struct grant *grant)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < grant->region_count; i++) {
		const struct grant_region *region = &grant->regions[i];
		const char *name = grant->flags & ABI_DEVICE_IS_PCI ?
			label_region(region->index) : NULL;
		if (region->errnum || region->known != KNOWN)
			continue;
		json_array_append_new(list, json_pack(
			"{s:i, s:o, s:I, s:o, s:o, s:o, s:b}", "index",
			(int)region->index, "name",
			name ? json_string(name) : json_null(), "size",
			(json_int_t)region->size, "offset",
			hex(region->offset), "flags",
			bits(region->flags & ~(uint32_t)ABI_REGION_HAS_CAPS,
			     label_region_flag), "capabilities",
			caps(GRANT_OF_REGION, &region->caps), "complete",
			known_is_settled(region->caps.known)));
	}
	return list;
}

static json_t *irqs(const struct grant *grant)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < grant->irq_count; i++) {
		const struct grant_irq *irq = &grant->irqs[i];
		const char *name = grant->flags & ABI_DEVICE_IS_PCI ?
			label_irq(irq->index) : NULL;
		if (irq->errnum || irq->known != KNOWN)
			continue;
		json_array_append_new(list, json_pack(
			"{s:i, s:o, s:I, s:o}", "index", (int)irq->index,
			"name", name ? json_string(name) : json_null(),
			"count", (json_int_t)irq->count, "flags",
			bits(irq->flags, label_irq_flag)));
	}
	return list;
}

/* By its own node the kernel says whose each device is; by a group whoever
 * has the group has its devices. */
static json_t *victims(const struct scene *scene, const struct ask *ask,
		       const struct grant *grant)
{
	const struct system *system = scene->system;
	bool by_id = grant->reset_flags & ABI_RESET_BY_ID;
	json_t *list = json_array();

	for (unsigned i = 0; i < grant->victim_count; i++) {
		const struct grant_victim *victim = &grant->victims[i];
		struct bdf address = {
			.domain = victim->segment, .bus = victim->bus,
			.device = victim->devfn >> 3,
			.function = victim->devfn & 7,
		};
		char text[BDF_TEXT];
		int device = system_device(system, address);
		json_t *group = !by_id ? json_integer(victim->id) :
			device == NONE ? json_null() :
			json_num(system->devices[device].group);
		bool owned = by_id ? victim->id != UINT32_MAX :
			ask->group != NONE &&
			system->groups[ask->group].number == victim->id;
		json_array_append_new(list, json_pack(
			"{s:o, s:s, s:b, s:o}", "group", group, "address",
			bdf_print(address, text), "owned", owned, "driver",
			device == NONE ? json_null() :
				json_text(system->devices[device].driver)));
	}
	return list;
}

static json_t *iommu(const struct grant *grant)
{
	json_t *sizes = json_array();

	if (grant->iommu_known != KNOWN) {
		json_decref(sizes);
		return json_null();
	}
	for (unsigned bit = 0; bit < 63; bit++)
		if (grant->page_sizes >> bit & 1)
			json_array_append_new(sizes, json_integer(
				(json_int_t)1 << bit));
	const char *kind = grant->iommu_kind == NONE ? NULL :
		label_extension((unsigned)grant->iommu_kind);
	return json_pack("{s:o, s:o, s:o, s:b}", "kind",
			 kind ? json_string(kind) : json_null(), "page_sizes",
			 sizes, "capabilities",
			 caps(GRANT_OF_IOMMU, &grant->iommu_caps), "complete",
			 known_is_settled(grant->iommu_caps.known));
}

static json_t *features(const struct grant *grant)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < sizeof grant->features; i++) {
		const char *name = label_feature(i);
		if (grant->features[i])
			json_array_append_new(list, json_pack(
				"{s:i, s:o, s:b, s:b}", "number", (int)i,
				"name", name ? json_string(name) : json_null(),
				"can_get", grant->features[i] & GRANT_GET,
				"can_set", grant->features[i] & GRANT_SET));
	}
	return list;
}

json_t *json_grant(const struct scene *scene, const struct ask *ask,
		   const struct grant *grant)
{
	struct arena arena = {0};
	json_t *whole = json_pack(
		"{s:i, s:s, s:s, s:s, s:b}", "schema", 1, "address", ask->name,
		"api", grant->api == GRANT_CDEV ? "cdev" : "group", "node",
		ask->step.path, "granted", grant->whole);

	if (!grant->whole) {
		json_object_set_new(whole, "stage", json_string(
			grant_stage_word((int)grant->stage)));
		json_object_set_new(whole, "errno",
				    json_integer(grant->errnum));
		json_object_set_new(whole, "message", json_string(
			label_refusal(scene, ask, grant, &arena)));
		arena_free(&arena);
		return whole;
	}
	json_object_set_new(whole, "flags", bits(
		grant->flags & ~(uint32_t)ABI_DEVICE_HAS_CAPS,
		label_device_flag));
	json_object_set_new(whole, "region_count",
			    json_integer(grant->regions_told));
	json_object_set_new(whole, "irq_count",
			    json_integer(grant->irqs_told));
	json_object_set_new(whole, "capabilities",
			    caps(GRANT_OF_DEVICE, &grant->caps));
	json_object_set_new(whole, "regions", regions(grant));
	json_object_set_new(whole, "irqs", irqs(grant));
	json_object_set_new(whole, "hot_reset",
			    victims(scene, ask, grant));
	json_object_set_new(whole, "iommu", iommu(grant));
	json_object_set_new(whole, "features", features(grant));
	arena_free(&arena);
	return whole;
}
