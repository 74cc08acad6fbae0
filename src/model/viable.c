// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether a group could be given out as its members stand.  It knows drivers
 * by name; that the kernel says the same is for the inspector to see.
 */
#include "model/viable.h"

#include <string.h>

#include "model/topo.h"

bool viable_is_harmless(const struct device *member, unsigned version)
{
	return topo_is_harmless_driver(member->driver.value) ||
	       (version >= 4013 && version < 5019 && topo_is_bridge(member));
}

const struct fact_text *viable_driver(const struct system *system,
				      const struct member *member)
{
	return member->device == NONE ?
		       &member->driver :
		       &system->devices[member->device].driver;
}

bool viable_is_mediated(const char *name)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	for (i = 0; form[i] && name[i]; i++)
		if (form[i] == '-' ? name[i] != '-' :
				     !strchr("0123456789abcdefABCDEF", name[i]))
			return false;
	return !form[i] && !name[i];
}

/* Drivers of other buses that leave DMA to a guest. */
static bool is_vfio_elsewhere(const char *driver)
{
	static const char *const names[] = {
		"vfio-platform", "vfio-amba", "vfio-fsl-mc", "vfio-cdx",
		"vfio_ap", "vfio_ccw",
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(driver, names[i]) == 0)
			return true;
	return false;
}

static bool is_on_vfio(const struct member *member, const char *driver)
{
	/* A mediated device has no DMA of its own: its driver is vfio's. */
	return member->device == NONE ? is_vfio_elsewhere(driver) ||
						viable_is_mediated(member->name) :
					topo_is_vfio_driver(driver);
}

static bool is_harmless(const struct system *system,
			const struct member *member, const char *driver)
{
	return is_on_vfio(member, driver) ||
	       (member->device != NONE &&
		viable_is_harmless(&system->devices[member->device],
				   system_kernel(system)));
}

/* Whether a bridge's driver does harm depends on the kernel's age. */
static bool is_in_doubt(const struct system *system,
			const struct member *member)
{
	return member->device != NONE && !system_kernel(system) &&
	       topo_is_bridge(&system->devices[member->device]);
}

struct viable viable_group(const struct system *system,
			   const struct group *group)
{
	struct viable viable = {
		.known = known_is_settled(group->members_known) ?
				 KNOWN : group->members_known,
		.culprit = NONE,
	};

	for (unsigned i = 0; i < group->member_count; i++) {
		const struct member *member = &group->members[i];
		const struct fact_text *driver = viable_driver(system, member);
		if (driver->known == ABSENT)
			continue;
		if (driver->known != KNOWN) {
			if (viable.known == KNOWN) {
				viable.known = driver->known;
				viable.culprit = (int)i;
			}
		} else if (is_on_vfio(member, driver->value)) {
			viable.on_vfio = true;
		} else if (is_harmless(system, member, driver->value)) {
			continue;
		} else if (is_in_doubt(system, member)) {
			if (viable.known == KNOWN) {
				viable.known = UNREAD;
				viable.culprit = (int)i;
			}
		} else if (viable.known != ABSENT) {
			viable.known = ABSENT;
			viable.culprit = (int)i;
		}
	}
	return viable;
}
