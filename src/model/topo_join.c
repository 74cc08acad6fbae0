// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How the kernel makes groups: which device joins which, why, and so why
 * devices are together.  Whether that is good or bad is not known here.
 *
 * Source: drivers/iommu/iommu.c, pci_device_group(); drivers/pci/search.c,
 * pci_for_each_dma_alias(); the same from 6.1 to 7.2.
 */
#include "model/topo.h"

#include "model/quirk.h"

enum {
	VMD_DOMAIN = 0x10000,	/* the first that a VMD gets */
	CHAIN = 64,		/* bridges above one another, at most */
};

/*
 * A question: which group @device would get.  Groups of the others are those
 * made so far: heads of a prediction, or else those of the machine.
 */
struct asking {
	const struct system *system;
	const int *heads;	/* NULL: the machine's own groups */
	int device;
	enum known wanting;	/* what could not be told; KNOWN: nothing */
};

struct join {
	enum known known;
	enum shared_cause cause;	/* SHARED_NONE: begins a group */
	int with;
	int culprit;
	uint16_t missing;
};

static const struct device *at(const struct asking *asking, int device)
{
	return &asking->system->devices[device];
}

static bool is_above(const struct system *system, int device, int above)
{
	int up = system->devices[device].parent;

	while (up != NONE && up != above)
		up = system->devices[up].parent;
	return up != NONE;
}

/* Whether @other has its group when @device asks for one.  The kernel goes by
 * address, bridges before what is below them. */
static bool has_group(const struct asking *asking, int other)
{
	if (other == asking->device)
		return false;
	if (asking->heads)
		return asking->heads[other] != NONE;
	return at(asking, other)->group_index != NONE &&
	       (other < asking->device ||
		is_above(asking->system, asking->device, other));
}

static struct join found(enum shared_cause cause, int with, int culprit)
{
	return (struct join){ KNOWN, cause, with, culprit, 0 };
}

static struct join not_told(enum known known)
{
	return (struct join){ known == ABSENT ? UNREAD : known,
			      SHARED_UNKNOWN, NONE, NONE, 0 };
}

/* How a bridge passes on the requester ids of what is behind it. */
enum passing { PASSES, TAKES_OVER, ENDS_WALK, PASSING_UNKNOWN };

static enum passing passing_of(const struct system *system,
			       const struct device *bridge)
{
	const struct config *config = bridge->config;

	if (quirk_ends_walk(bridge))
		return ENDS_WALK;
	if (config->header == KNOWN && config->has_pcie) {
		if (config->pcie_type == PCI_TO_PCIE_BRIDGE)
			return TAKES_OVER;
		return config->pcie_type == PCIE_TO_PCI_BRIDGE &&
		       !quirk_passes_ids(bridge) ? TAKES_OVER : PASSES;
	}
	if (topo_is_pcie(bridge) == ABSENT)
		return TAKES_OVER;
	if (bridge->parent == NONE && topo_is_pcie(bridge) == KNOWN)
		return PASSES;		/* on a root bus: a root port */
	/* Without its capabilities: what is plain PCI hangs behind one that
	 * takes over, and what is PCIe behind a port. */
	for (int child = bridge->first_child; child != NONE;
	     child = system->devices[child].next_sibling)
		switch (topo_is_pcie(&system->devices[child])) {
		case ABSENT:
			return TAKES_OVER;
		case KNOWN:
			return PASSES;
		default:
			break;
		}
	return PASSING_UNKNOWN;
}

/* The VMD that a device behind one sends through; else the device. */
static int real_dma(const struct system *system, int device)
{
	int up = device;

	while (up != NONE && system->devices[up].address.domain >= VMD_DOMAIN)
		up = system->devices[up].parent;
	return up == NONE ? device : up;
}

/*
 * Follow the ids under which transfers of the device arrive.  True when one of
 * those who lend theirs has a group.  *last gets the last of them.
 */
static bool follow_ids(struct asking *asking, int *last, struct join *join)
{
	*last = real_dma(asking->system, asking->device);
	if (*last != asking->device && has_group(asking, *last)) {
		*join = found(SHARED_REAL_DMA, *last, *last);
		return true;
	}
	for (int up = at(asking, *last)->parent; up != NONE;
	     up = at(asking, up)->parent) {
		enum passing passing = passing_of(asking->system,
						  at(asking, up));
		if (passing == ENDS_WALK)
			break;
		if (passing == PASSING_UNKNOWN)
			asking->wanting = topo_acs(asking->system,
						   at(asking, up)).known;
		if (passing != TAKES_OVER)
			continue;
		*last = up;
		if (!has_group(asking, up))
			continue;
		*join = found(SHARED_CONV_BRIDGE, up, up);
		return true;
	}
	return false;
}

static enum shared_cause cause_of_port(enum acs_why why)
{
	switch (why) {
	case ACS_OFF:
		return SHARED_PORT_ACS_OFF;
	case ACS_CONVENTIONAL:
	case ACS_BRIDGE:
		return SHARED_CONV_BRIDGE;
	case ACS_NO_EXTENDED:
		return SHARED_NO_EXTENDED;
	default:
		return SHARED_PORT_NO_ACS;
	}
}

/* The nearest from @bridge up that does not isolate; NONE when all do. */
static int leak_above(const struct asking *asking, int bridge,
		      struct acs *acs, enum known *wanting)
{
	*wanting = KNOWN;
	for (int up = bridge; up != NONE; up = at(asking, up)->parent) {
		*acs = topo_acs(asking->system, at(asking, up));
		if (acs->known != KNOWN)
			*wanting = acs->known;
		else if (!acs->isolated)
			return up;
	}
	return NONE;
}

/* Go up as long as the path above does not isolate. */
static bool climb(struct asking *asking, int *last, struct join *join)
{
	for (int up = at(asking, *last)->parent; up != NONE;
	     up = at(asking, up)->parent) {
		struct acs acs;
		enum known wanting;
		int culprit = leak_above(asking, up, &acs, &wanting);
		if (culprit == NONE && wanting != KNOWN) {
			*join = not_told(wanting);
			return true;
		}
		if (culprit == NONE)
			return false;
		*last = up;
		if (!has_group(asking, up))
			continue;
		*join = found(cause_of_port(acs.why), up, culprit);
		join->missing = acs.missing;
		return true;
	}
	return false;
}

static bool is_same_bus(const struct device *a, const struct device *b)
{
	return a->address.domain == b->address.domain &&
	       a->address.bus == b->address.bus;
}

static bool are_aliases(const struct device *a, const struct device *b)
{
	return quirk_aliases(a, b->address.device, b->address.function) ||
	       quirk_aliases(b, a->address.device, a->address.function);
}

/* Devices of the kernel's bitmap of one bus that were looked at. */
struct looked {
	uint64_t bits[4];
};

static bool look_at(struct looked *looked, const struct device *device)
{
	unsigned devfn = device->address.device * 8u +
			 device->address.function;
	uint64_t bit = (uint64_t)1 << devfn % 64;
	bool again = looked->bits[devfn / 64] & bit;

	looked->bits[devfn / 64] |= bit;
	return !again;
}

/* First and one past the last device of its bus: they stand together. */
static void bus_of(const struct system *system, int device, int *first,
		   int *end)
{
	const struct device *devices = system->devices;

	*first = *end = device;
	while (*first > 0 &&
	       is_same_bus(&devices[*first - 1], &devices[device]))
		--*first;
	while ((unsigned)*end < system->device_count &&
	       is_same_bus(&devices[*end], &devices[device]))
		++*end;
}

static bool join_functions(struct asking *asking, int device,
			   struct looked *looked, struct join *join);

/* Join whoever uses the same id on this bus. */
static bool join_aliases(struct asking *asking, int device,
			 struct looked *looked, struct join *join)
{
	int first, end;

	if (!look_at(looked, at(asking, device)))
		return false;
	if (has_group(asking, device)) {
		join->with = device;
		return true;
	}
	bus_of(asking->system, device, &first, &end);
	for (int other = first; other < end; other++) {
		const struct device *self = at(asking, device);
		if (other == device || !are_aliases(self, at(asking, other)))
			continue;
		int culprit = quirk_has_alias(self) ? device : other;
		if (!join_aliases(asking, other, looked, join) &&
		    !join_functions(asking, other, looked, join))
			continue;
		join->known = KNOWN;
		join->cause = SHARED_DMA_ALIAS;
		join->culprit = culprit;
		return true;
	}
	return false;
}

static enum shared_cause cause_of_slot(const struct device *a,
				       const struct device *b,
				       const struct acs *acs)
{
	bool ports = topo_is_bridge(a) && topo_is_bridge(b);

	if (acs->why == ACS_CONVENTIONAL)
		return SHARED_LEGACY_PCI;
	if (ports && acs->why == ACS_OFF)
		return SHARED_PORT_ACS_OFF;
	if (ports && acs->why == ACS_NO_EXTENDED)
		return SHARED_NO_EXTENDED;
	return ports ? SHARED_ROOT_MF_NO_ACS : SHARED_MF_NO_ACS;
}

/* Join another function of the slot, if neither isolates itself. */
static bool join_functions(struct asking *asking, int device,
			   struct looked *looked, struct join *join)
{
	const struct system *system = asking->system;
	const struct device *self = at(asking, device);
	struct acs acs = topo_acs(system, self);
	int first, end;

	if (!topo_is_multifunction(system, self) ||
	    (acs.known == KNOWN && acs.isolated))
		return false;
	bus_of(system, device, &first, &end);
	for (int other = first; other < end; other++) {
		const struct device *sibling = at(asking, other);
		if (other == device ||
		    !bdf_same_slot(self->address, sibling->address))
			continue;
		struct acs its = topo_acs(system, sibling);
		if (its.known == KNOWN && its.isolated)
			continue;
		if (acs.known != KNOWN || its.known != KNOWN) {
			if (has_group(asking, other))
				asking->wanting = acs.known != KNOWN ?
							  acs.known :
							  its.known;
			continue;
		}
		if (!join_aliases(asking, other, looked, join))
			continue;
		join->known = KNOWN;
		join->cause = cause_of_slot(self, sibling, &acs);
		join->culprit = device;
		join->missing = acs.missing;
		return true;
	}
	return false;
}

static struct join join_of(struct asking asking)
{
	struct join join = found(SHARED_NONE, NONE, NONE);
	struct looked looked = {{0}};
	int last;

	asking.wanting = KNOWN;
	if (follow_ids(&asking, &last, &join) ||
	    climb(&asking, &last, &join))
		return join;
	if (asking.wanting == KNOWN &&
	    (join_aliases(&asking, last, &looked, &join) ||
	     join_functions(&asking, last, &looked, &join)))
		return join;
	return asking.wanting == KNOWN ? found(SHARED_NONE, NONE, NONE) :
					 not_told(asking.wanting);
}

static struct join join_really(const struct system *system, int device)
{
	return join_of((struct asking){ system, NULL, device, KNOWN });
}

bool topo_predict(const struct system *system, int *heads)
{
	bool all = true;

	for (unsigned i = 0; i < system->device_count; i++)
		heads[i] = NONE;
	for (unsigned i = 0; i < system->device_count; i++) {
		if (system->devices[i].class >> 8 == CLASS_IOMMU)
			continue;
		struct join join = join_of((struct asking){
			system, heads, (int)i, KNOWN });
		if (join.known != KNOWN)
			all = false;
		else
			heads[i] = join.with == NONE ? (int)i :
						       heads[join.with];
	}
	return all;
}

/* A device, what it joined, what that joined …, up to a group's first. */
struct chain {
	int devices[CHAIN];
	struct join joins[CHAIN];	/* how each came to the next */
	unsigned count;
	enum known wanting;		/* KNOWN: it is whole */
};

static struct chain follow(const struct system *system, int device)
{
	int group = system->devices[device].group_index;
	struct chain chain = { .wanting = KNOWN };

	while (device != NONE && chain.count < CHAIN) {
		struct join join = join_really(system, device);
		chain.devices[chain.count] = device;
		chain.joins[chain.count++] = join;
		if (join.known != KNOWN)
			chain.wanting = join.known;
		device = join.known == KNOWN ? join.with : NONE;
		/* Where the kernel disagrees, it knows more. */
		if (device != NONE &&
		    system->devices[device].group_index != group)
			break;
	}
	return chain;
}

static int place_in(const struct chain *chain, int device)
{
	for (unsigned i = 0; i < chain->count; i++)
		if (chain->devices[i] == device)
			return (int)i;
	return NONE;
}

static void blame(const struct join *join, int victim, struct shared *shared)
{
	if (join->cause >= shared->cause)
		return;
	*shared = (struct shared){ join->cause, join->culprit, victim,
				   join->with == join->culprit ? NONE :
								 join->with,
				   join->missing, KNOWN };
}

/*
 * The last steps of both before they meet are what holds them together.  One
 * to a neighbour tells more than one to a bridge above: without it, what
 * leaks there would not reach the other.
 */
static void blame_meeting(const struct system *system, const struct chain *a,
			  const struct chain *b, struct shared *shared)
{
	for (unsigned j = 0; j < b->count; j++) {
		int i = place_in(a, b->devices[j]), meeting = b->devices[j];
		if (i == NONE)
			continue;
		bool up_a = i > 0 && is_above(system, a->devices[i - 1],
					      meeting);
		bool up_b = j > 0 && is_above(system, b->devices[j - 1],
					      meeting);
		if (i > 0 && (up_b || j == 0 || !up_a))
			blame(&a->joins[i - 1], a->devices[0], shared);
		if (j > 0 && (up_a || i == 0 || !up_b))
			blame(&b->joins[j - 1], b->devices[0], shared);
		return;
	}
}

static bool is_endpoint(const struct system *system, int device)
{
	return device != NONE && !topo_is_bridge(&system->devices[device]);
}

struct shared topo_shared(const struct system *system, const struct group *group)
{
	struct shared none = { SHARED_NONE, NONE, NONE, NONE, 0, KNOWN };
	struct shared shared = { SHARED_UNKNOWN, NONE, NONE, NONE, 0, KNOWN };
	struct chain first = { .count = 0 };
	bool slots = false;

	for (unsigned i = 0; i < group->member_count; i++) {
		int device = group->members[i].device;
		if (!is_endpoint(system, device))
			continue;
		if (!first.count) {
			first = follow(system, device);
			continue;
		}
		if (bdf_same_slot(system->devices[device].address,
				  system->devices[first.devices[0]].address))
			continue;
		slots = true;
		struct chain other = follow(system, device);
		if (other.wanting != KNOWN)
			shared.why_unknown = other.wanting;
		blame_meeting(system, &first, &other, &shared);
	}
	if (!slots)
		return none;
	if (shared.cause == SHARED_UNKNOWN && first.wanting != KNOWN)
		shared.why_unknown = first.wanting;
	return shared;
}

unsigned topo_walk(const struct system *system, int device,
		   struct topo_step *steps, unsigned room)
{
	int group = system->devices[device].group_index;
	unsigned count = 0;

	for (int up = device; up != NONE && count < room;
	     up = system->devices[up].parent) {
		const struct device *self = &system->devices[up];
		struct acs acs = topo_acs(system, self);
		struct join join = join_really(system, up);
		steps[count++] = (struct topo_step){
			.device = up, .known = acs.known,
			.isolated = acs.isolated, .why = acs.why,
			.quirk = acs.quirk, .missing = acs.missing,
			.pcie = self->config->header == KNOWN &&
				self->config->has_pcie,
			.type = self->config->pcie_type,
			.same_group = group != NONE &&
				      self->group_index == group,
			.joins = join.cause, .with = join.with,
			.culprit = join.culprit,
		};
	}
	return count;
}

const char *shared_word(enum shared_cause cause)
{
	static const char *const words[SHARED_COUNT] = {
		[SHARED_NONE] = "",
		[SHARED_CONV_BRIDGE] = "conv-bridge",
		[SHARED_PORT_NO_ACS] = "port-no-acs",
		[SHARED_PORT_ACS_OFF] = "port-acs-off",
		[SHARED_NO_EXTENDED] = "noext",
		[SHARED_ROOT_MF_NO_ACS] = "root-mf-no-acs",
		[SHARED_MF_NO_ACS] = "mf-no-acs",
		[SHARED_DMA_ALIAS] = "dma-alias",
		[SHARED_LEGACY_PCI] = "legacy-pci",
		[SHARED_REAL_DMA] = "real-dma",
		[SHARED_UNKNOWN] = "unknown",
	};

	return words[cause];
}
