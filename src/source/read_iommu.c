// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads IOMMU units and groups: /sys/class/iommu, /sys/kernel/iommu_groups
 * (Documentation/ABI/testing/sysfs-class-iommu*, sysfs-kernel-iommu_groups).
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read.h"

/* "0x00000000fee00000 0x00000000feefffff msi", one a line. */
static void take_reserved(struct reader *reader, struct group *group)
{
	const char *at = buf_str(&reader->text);
	const char *end = buf_end(&reader->text), *line;
	size_t len, room = 0;

	while (text_line(&at, end, &line, &len)) {
		struct reserved region;
		const char *rest = line;
		if (!num_take(&rest, 16, &region.start) ||
		    !num_take(&rest, 16, &region.end) || rest > line + len)
			continue;
		region.type = text_safe(reader->arena, rest,
					(size_t)(line + len - rest));
		struct reserved *regions = arena_grow(
			reader->arena, (void *)(uintptr_t)group->reserved,
			group->reserved_count, &room, sizeof *regions);
		group->reserved = regions;
		regions[group->reserved_count++] = region;
	}
}

/* The driver of a member that is not on PCI; the way to it leads out of the
 * group's folder. */
static struct fact_text read_elsewhere(struct reader *reader, unsigned group,
				       const char *name)
{
	struct bdf address;
	char path[128];

	if (bdf_parse(name, &address) || strlen(name) > 60)
		return (struct fact_text){ UNREAD, "" };
	snprintf(path, sizeof path,
		 "sys/kernel/iommu_groups/%u/devices/%s/driver", group, name);
	return read_link(reader, NULL, path);
}

static void read_members(struct reader *reader, const struct place *at,
			 struct group *group)
{
	struct arena names = {0};
	struct listing listing;

	group->members_known =
		root_list(reader->root, at, "devices", &names, &listing);
	struct member *members = arena_array(reader->arena, listing.count + 1u,
					     sizeof *members);
	for (unsigned i = 0; i < listing.count; i++)
		members[i] = (struct member){
			.name = text_safe(reader->arena, listing.names[i],
					  strlen(listing.names[i])),
			.device = NONE,
			.driver = read_elsewhere(reader, group->number,
						 listing.names[i]),
		};
	group->members = members;
	group->member_count = listing.count;
	arena_free(&names);
}

static void read_group(struct reader *reader, const char *name,
		       unsigned number)
{
	struct group *group = build_group(&reader->builder, number);
	struct place at;
	char path[64];

	snprintf(path, sizeof path, "sys/kernel/iommu_groups/%s", name);
	enum known known = root_enter(reader->root, NULL, path, &at);
	if (known != KNOWN) {
		group->members_known = group->reserved_known = known;
		return;
	}
	read_members(reader, &at, group);
	group->name = read_text(reader, &at, "name");
	group->type = read_text(reader, &at, "type");
	group->reserved_known = root_read(reader->root, &at,
					  "reserved_regions", 65536,
					  &reader->text);
	if (group->reserved_known == KNOWN)
		take_reserved(reader, group);
	root_leave(reader->root, &at);
}

static void read_groups(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;

	reader->system->groups_known = root_list(
		reader->root, NULL, "sys/kernel/iommu_groups", &names,
		&listing);
	for (unsigned i = 0; i < listing.count; i++) {
		uint64_t number;
		if (strlen(listing.names[i]) < 11 &&
		    num_parse(listing.names[i], 10, &number) &&
		    number < UINT32_MAX)
			read_group(reader, listing.names[i],
				   (unsigned)number);
	}
	arena_free(&names);
}

/* The unit's own list, for devices whose "iommu" link was not read. */
static void read_served(struct reader *reader, const struct place *at,
			struct unit *unit)
{
	struct arena names = {0};
	struct listing listing;

	unit->devices_known =
		root_list(reader->root, at, "devices", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++) {
		struct bdf address;
		if (!bdf_parse(listing.names[i], &address))
			continue;
		int device = system_device(reader->system, address);
		if (device != NONE &&
		    reader->system->devices[device].iommu.known != KNOWN)
			reader->system->devices[device].iommu =
				(struct fact_text){ KNOWN, unit->name };
	}
	arena_free(&names);
}

/* "features" is EFR2:EFR, or EFR alone on older kernels. */
static struct fact_num last_part(struct fact_text text)
{
	const char *colon = strrchr(text.value, ':');
	uint64_t value;

	if (text.known != KNOWN)
		return (struct fact_num){ text.known, 0 };
	if (!num_parse(colon ? colon + 1 : text.value, 16, &value))
		return (struct fact_num){ MALFORMED, 0 };
	return (struct fact_num){ KNOWN, (int64_t)value };
}

static const char *kind_of(const char *name)
{
	return text_starts(name, "dmar")   ? "intel" :
	       text_starts(name, "ivhd")   ? "amd" :
	       text_starts(name, "smmu")   ? "smmu" :
	       text_starts(name, "virtio") ? "virtio" : "other";
}

static void read_unit(struct reader *reader, const char *entry)
{
	const char *name = text_safe(reader->arena, entry, strlen(entry));
	struct unit *unit = build_unit(&reader->builder, name);
	struct place at;
	char path[320];

	unit->kind = kind_of(name);
	snprintf(path, sizeof path, "sys/class/iommu/%.200s", entry);
	enum known known = root_enter(reader->root, NULL, path, &at);
	if (known != KNOWN) {
		unit->devices_known = known;
		return;
	}
	read_served(reader, &at, unit);
	if (strcmp(unit->kind, "intel") == 0) {
		unit->address = read_num(reader, &at, "intel-iommu/address",
					 16);
		unit->cap = read_num(reader, &at, "intel-iommu/cap", 16);
		unit->ecap = read_num(reader, &at, "intel-iommu/ecap", 16);
		unit->version = read_text(reader, &at, "intel-iommu/version");
	} else if (strcmp(unit->kind, "amd") == 0) {
		unit->amd_cap = read_num(reader, &at, "amd-iommu/cap", 16);
		unit->features = last_part(
			read_text(reader, &at, "amd-iommu/features"));
	}
	root_leave(reader->root, &at);
}

void read_iommu(struct reader *reader)
{
	struct arena names = {0};
	struct listing listing;

	read_groups(reader);
	reader->system->units_known = root_list(
		reader->root, NULL, "sys/class/iommu", &names, &listing);
	for (unsigned i = 0; i < listing.count; i++)
		read_unit(reader, listing.names[i]);
	arena_free(&names);
}
