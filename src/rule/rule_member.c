// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Members of a group: which drivers hold them, who uses the group, and what
 * is worth a word about it.  Why they are together is rule_group's matter.
 *
 * Sources: Documentation/driver-api/vfio.rst; drivers/pci/quirks.c.
 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/quirk.h"
#include "rule/rules.h"
#include "rule/say.h"

/* What the members of a group come to. */
struct census {
	unsigned endpoints, bridges, platform, strangers;
	unsigned on_vfio, unbound, on_host;	/* of the endpoints */
	const struct device *unknown;	/* one whose driver is not known */
	const struct device *unknown_bridge;	/* a bridge of that kind */
	const struct device *foreign;	/* bridge on a harmful driver */
	const struct device *held;	/* platform device on a driver */
	int first;			/* first endpoint */
	bool one_slot;			/* all endpoints are in one */
};

static void count_driver(struct census *census, const struct device *member)
{
	if (member->driver.known == ABSENT)
		census->unbound++;
	else if (member->driver.known != KNOWN)
		census->unknown = member;
	else if (topo_is_vfio_driver(member->driver.value))
		census->on_vfio++;
	else if (!topo_is_harmless_driver(member->driver.value))
		census->on_host++;
}

static bool is_on_host(const struct device *member)
{
	return member->driver.known == KNOWN &&
	       !topo_is_harmless_driver(member->driver.value);
}

static void count_bridge(struct census *census, const struct device *member)
{
	census->bridges++;
	if (is_on_host(member))
		census->foreign = member;
	if (!known_is_settled(member->driver.known))
		census->unknown = census->unknown_bridge = member;
}

static void count_endpoint(const struct system *system, struct census *census,
			   int at)
{
	const struct device *member = &system->devices[at];

	if (census->first == NONE)
		census->first = at;
	else if (!bdf_same_slot(system->devices[census->first].address,
				member->address))
		census->one_slot = false;
	census->endpoints++;
	count_driver(census, member);
	if (!topo_is_platform(member))
		return;
	census->platform++;
	if (is_on_host(member))
		census->held = member;
}

static struct census take_census(const struct judge *judge)
{
	const struct group *group = say_group(judge);
	struct census census = { .first = NONE, .one_slot = true };

	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at == NONE)
			census.strangers++;
		else if (topo_is_bridge(&judge->system->devices[at]))
			count_bridge(&census, &judge->system->devices[at]);
		else
			count_endpoint(judge->system, &census, at);
	}
	return census;
}

static enum verdict drivers_unknown(struct judge *judge,
				    const struct census *census)
{
	return judge_unknown(judge, _("drivers of members"),
			     census->unknown->driver.known);
}

static void say_drivers(struct judge *judge, bool bridges)
{
	const struct group *group = say_group(judge);

	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at != NONE &&
		    topo_is_bridge(&judge->system->devices[at]) == bridges)
			say_driver(judge, at);
	}
}

enum verdict rule_group_mixed(struct judge *judge)
{
	struct census census = take_census(judge);

	if (!census.on_vfio)
		return census.unknown ? drivers_unknown(judge, &census) :
					VERDICT_NOT_HERE;
	if (census.unknown)
		return drivers_unknown(judge, &census);
	if (!census.unbound || census.on_host)
		return VERDICT_PASS;
	say_drivers(judge, false);
	return VERDICT_FAIL;
}

/* A member that speaks with the id of another, or NONE. */
static int alias_among(const struct judge *judge)
{
	const struct system *system = judge->system;
	const struct group *group = say_group(judge);

	for (unsigned i = 0; i < group->member_count; i++)
		for (unsigned j = 0; j < group->member_count; j++) {
			int a = group->members[i].device;
			int b = group->members[j].device;
			if (a == NONE || b == NONE)
				continue;
			const struct device *one = &system->devices[a];
			const struct device *two = &system->devices[b];
			if (one->address.domain == two->address.domain &&
			    one->address.bus == two->address.bus &&
			    quirk_aliases(one, two->address.device,
					  two->address.function))
				return a;
		}
	return NONE;
}

static const struct device *nameless(const struct judge *judge)
{
	const struct group *group = say_group(judge);

	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at != NONE &&
		    judge->system->devices[at].identity != KNOWN)
			return &judge->system->devices[at];
	}
	return NULL;
}

enum verdict rule_group_dma_alias(struct judge *judge)
{
	const struct shared *shared = clues_shared(
		judge->clues, judge->system, judge->subject.index);
	const struct device *unknown = nameless(judge);
	const char *line;

	if (topo_endpoints(judge->system, say_group(judge)) < 2)
		return VERDICT_NOT_HERE;
	int at = shared->cause == SHARED_REAL_DMA ? shared->culprit :
						    alias_among(judge);
	if (at == NONE)
		return unknown ? judge_unknown(judge, _("ids of members"),
					       unknown->identity) :
				 VERDICT_PASS;
	say_id(judge, at, "");
	if (shared->cause == SHARED_REAL_DMA)
		judge_why(judge,
			  _("Devices behind Intel's VMD controller (%s) speak "
			    "under its name, so the IOMMU cannot tell them "
			    "apart."), say_address(judge, at));
	if (clue_logged(judge->system, "Enabling fixed DMA alias", &line) ==
	    KNOWN)
		say_line(judge, line);
	return VERDICT_FAIL;
}

enum verdict rule_group_ports_only(struct judge *judge)
{
	struct census census = take_census(judge);

	if (!census.bridges || !census.endpoints)
		return VERDICT_NOT_HERE;
	if (!census.one_slot || census.strangers || census.foreign)
		return VERDICT_PASS;
	if (census.unknown)
		return drivers_unknown(judge, &census);
	say_drivers(judge, true);
	return VERDICT_FAIL;
}

enum verdict rule_group_bridge_driver(struct judge *judge)
{
	struct census census = take_census(judge);
	unsigned kernel = judge->clues->kernel;

	if (!census.bridges || !(census.endpoints + census.strangers))
		return VERDICT_NOT_HERE;
	if (!census.foreign)
		return census.unknown_bridge ? drivers_unknown(judge, &census) :
					       VERDICT_PASS;
	if (!kernel)
		return judge_unknown(judge, "/proc/sys/kernel/osrelease",
				     judge->system->host.release.known);
	if (kernel < 5019)
		return VERDICT_PASS;
	say_driver(judge, (int)(census.foreign - judge->system->devices));
	say_text(judge, say_source(judge, LOGGED_RELEASE,
				   "/proc/sys/kernel/osrelease"),
		 &judge->system->host.release);
	judge_remedy(judge, NULL,
		     _("Unbind that driver from the bridge: only pcieport and "
		       "no driver at all are harmless since Linux 5.19."));
	return VERDICT_FAIL;
}

enum verdict rule_group_platform(struct judge *judge)
{
	struct census census = take_census(judge);

	/* Of platform devices alone nobody wants to give any away. */
	if (!census.platform || census.platform == census.endpoints)
		return VERDICT_NOT_HERE;
	if (!census.held)
		return census.unknown ? drivers_unknown(judge, &census) :
					VERDICT_PASS;
	int at = (int)(census.held - judge->system->devices);
	judge_title(judge, _("Group %u holds a part that the host needs: %s"),
		    say_group(judge)->number, say_kind(census.held));
	say_class(judge, at);
	say_driver(judge, at);
	judge_remedy(judge, NULL,
		     _("Take a device that is not in this group, or put the "
		       "card into another slot; leave the host's own parts "
		       "alone."));
	return VERDICT_FAIL;
}

/* Whether a process holds the node of a single device of the group. */
static bool holds_member(const struct judge *judge, const struct holder *holder)
{
	return holder->device != NONE &&
	       judge->system->devices[holder->device].group_index ==
		       judge->subject.index &&
	       text_starts(holder->node, "/dev/vfio/devices/");
}

/* Whether some process holds the group's node, or that of a member. */
static const struct holder *holder_of(const struct judge *judge)
{
	const struct usage *usage = &judge->system->usage;
	char node[32];

	snprintf(node, sizeof node, "/dev/vfio/%u", say_group(judge)->number);
	for (unsigned i = 0; i < usage->holder_count; i++)
		if (strcmp(usage->holders[i].node, node) == 0 ||
		    holds_member(judge, &usage->holders[i]))
			return &usage->holders[i];
	return NULL;
}

enum verdict rule_group_in_use(struct judge *judge)
{
	const struct holder *holder = holder_of(judge);
	struct census census = take_census(judge);

	if (holder) {
		judge_evidence(judge,
			       arena_printf(judge->arena, "/proc/%u/fd",
					    holder->pid),
			       "%s: %s", holder->command, holder->node);
		return VERDICT_FAIL;
	}
	if (!census.on_vfio)
		return VERDICT_NOT_HERE;
	return judge->system->usage.holders_known == KNOWN ?
		       VERDICT_PASS :
		       judge_unknown(judge, "/proc/*/fd",
				     judge->system->usage.holders_known);
}

/* Whether /dev/vfio has it. */
static bool has_node(const struct vfio *vfio, const char *name)
{
	for (unsigned i = 0; i < vfio->node_count; i++)
		if (strcmp(vfio->nodes[i], name) == 0)
			return true;
	return false;
}

/* Whether a device has a node of its own, in /dev/vfio/devices. */
static bool has_own_node(const struct judge *judge, int device)
{
	const struct vfio *vfio = &judge->system->vfio;

	for (unsigned i = 0; i < vfio->device_count; i++)
		if (vfio->devices[i].device == device &&
		    system_access(judge->system,
				  arena_printf(judge->arena,
					       "/dev/vfio/devices/%s",
					       vfio->devices[i].name)))
			return true;
	return false;
}

/* A member on vfio without such a node, or NONE. */
static int without_own_node(const struct judge *judge)
{
	const struct group *group = say_group(judge);

	for (unsigned i = 0; i < group->member_count; i++) {
		int at = group->members[i].device;
		if (at == NONE)
			continue;
		const struct fact_text *driver =
			&judge->system->devices[at].driver;
		if (driver->known == KNOWN &&
		    topo_is_vfio_driver(driver->value) &&
		    !has_own_node(judge, at))
			return at;
	}
	return NONE;
}

enum verdict rule_group_node(struct judge *judge)
{
	const struct vfio *vfio = &judge->system->vfio;
	struct census census = take_census(judge);
	char node[16];

	if (!census.on_vfio)
		return VERDICT_NOT_HERE;
	snprintf(node, sizeof node, "%u", say_group(judge)->number);
	if (has_node(vfio, node))
		return VERDICT_PASS;
	if (!known_is_settled(vfio->nodes_known))
		return judge_unknown(judge, "/dev/vfio", vfio->nodes_known);
	if (has_node(vfio, "devices")) {
		if (without_own_node(judge) == NONE)
			return VERDICT_PASS;
		if (!known_is_settled(vfio->cdevs_known))
			return judge_unknown(judge, "/dev/vfio/devices",
					     vfio->cdevs_known);
		/* Which device such a node is of. */
		if (!known_is_settled(vfio->devices_known))
			return judge_unknown(judge, "/sys/class/vfio-dev",
					     vfio->devices_known);
	}
	judge_evidence(judge,
		       arena_printf(judge->arena, "/dev/vfio/%s", node), "%s",
		       _("(absent)"));
	say_symbol(judge, CFG_VFIO_GROUP);
	judge_remedy(judge, NULL,
		     _("udev or devtmpfs makes the node.  A kernel without "
		       "CONFIG_VFIO_GROUP has only nodes of single devices, "
		       "for guests that use iommufd."));
	return VERDICT_FAIL;
}

enum verdict rule_group_relaxable(struct judge *judge)
{
	const struct group *group = say_group(judge);

	for (unsigned i = 0; i < group->reserved_count; i++)
		if (strcmp(group->reserved[i].type, "direct-relaxable") == 0)
			judge_evidence(
				judge,
				say_group_path(judge, judge->subject.index,
					       "reserved_regions"),
				"0x%016llx 0x%016llx direct-relaxable",
				(unsigned long long)group->reserved[i].start,
				(unsigned long long)group->reserved[i].end);
	return judge->finding->evidence_count ? VERDICT_FAIL : VERDICT_PASS;
}

enum verdict rule_group_single(struct judge *judge)
{
	const struct group *group = say_group(judge);

	if (group->member_count != 1)
		return VERDICT_PASS;
	judge_evidence(judge,
		       say_group_path(judge, judge->subject.index, "devices"),
		       "%s", group->members[0].name);
	return VERDICT_FAIL;
}

enum verdict rule_group_perms(struct judge *judge)
{
	enum { OTHERS_MAY = 066 };
	const struct vfio *vfio = &judge->system->vfio;
	char node[16];

	snprintf(node, sizeof node, "%u", say_group(judge)->number);
	for (unsigned i = 0; i < vfio->node_count; i++) {
		if (strcmp(vfio->nodes[i], node) != 0)
			continue;
		const char *path = arena_printf(judge->arena, "/dev/vfio/%s",
						node);
		const struct node_access *access =
			system_access(judge->system, path);
		if (!access || access->mode.known != KNOWN)
			return judge_unknown(judge, path,
					     access ? access->mode.known :
						      UNREAD);
		if (access->uid || access->mode.value & OTHERS_MAY)
			return VERDICT_PASS;
		judge_evidence(judge, path, _("mode 0%03llo, owner %u"),
			       (unsigned long long)access->mode.value,
			       access->uid);
		judge_remedy(judge, NULL,
			     _("libvirt does it by itself.  For a guest that "
			       "another user starts: a udev rule with "
			       "SUBSYSTEM==\"vfio\", OWNER=\"…\"."));
		return VERDICT_FAIL;
	}
	return VERDICT_NOT_HERE;
}
