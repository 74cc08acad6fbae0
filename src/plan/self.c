// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The few letters that say which device a step was planned for.  It reads
 * nothing.
 */
#include "plan/self.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

void self_member(struct self *self, const char *name)
{
	uint32_t hash = 2166136261u;	/* FNV-1a */

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	self->sum += hash;
	self->members++;
}

const char *self_print(const struct self *self, char out[static SELF_TEXT])
{
	char group[24] = "-";

	if (self->alone)
		snprintf(group, sizeof group, "?");
	else if (self->grouped)
		snprintf(group, sizeof group, "%u:%08x", self->members,
			 self->sum);
	snprintf(out, SELF_TEXT, "%04x:%04x %04x:%04x %06x %s", self->vendor,
		 self->device, self->subvendor, self->subdevice, self->class,
		 group);
	return out;
}

bool self_of(const struct system *system, int device, bool alone,
	     struct self *self)
{
	const struct device *each = &system->devices[device];

	if (each->identity != KNOWN)
		return false;
	*self = (struct self){
		.vendor = each->vendor, .device = each->device,
		.subvendor = each->subvendor, .subdevice = each->subdevice,
		.class = each->class, .grouped = each->group_index != NONE,
		.alone = alone || !known_is_settled(each->group.known),
	};
	if (!self->grouped || self->alone)
		return true;
	const struct group *group = &system->groups[each->group_index];
	if (group->members_known != KNOWN)
		self->alone = true;
	for (unsigned i = 0; i < group->member_count; i++)
		self_member(self, group->members[i].name);
	return true;
}

bool self_is_alone(const char *text)
{
	return text_ends(text, " ?");
}

bool self_is_same_kind(const char *a, const char *b)
{
	const char *end = strrchr(a, ' ');

	return end && strncmp(a, b, (size_t)(end - a) + 1) == 0;
}

bool self_address(const struct step *step, char address[static BDF_TEXT])
{
	static const char devices[] = "/sys/bus/pci/devices/";
	const char *from = step->value;
	size_t len = strlen(from);
	struct bdf bdf;

	if (text_starts(step->path, devices)) {
		from = step->path + sizeof devices - 1;
		len = strcspn(from, "/");
	}
	if (step->kind != STEP_WRITE || !len || len >= BDF_TEXT)
		return false;
	memcpy(address, from, len);
	address[len] = '\0';
	return bdf_parse(address, &bdf);
}
