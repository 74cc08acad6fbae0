// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which GPU to give away: all of them in order, and a sentence about the
 * first.  The verdicts are the findings', not this file's.
 */
#include "view/candidate.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "model/display.h"
#include "model/topo.h"
#include "view/label.h"
#include "view/verdict.h"
#include "view/view_finding.h"

enum { MOST_REASONS = 16, MOST_GPUS = 256 };

/* What counts, most telling first; less is better. */
enum { BY_BMC, BY_FITNESS, BY_BLOCKERS, BY_LIT, BY_HOLDERS, BY_BOOT, BY_REASONS,
       BY_GROUP, BY_WORTH, BY_RESET, BY_ADDRESS, COUNTS };

struct rank {
	int device;
	unsigned cost[COUNTS];
};

static unsigned fitness_cost(enum fitness fitness)
{
	static const unsigned costs[] = {
		[FITNESS_READY] = 0, [FITNESS_NEEDS_WORK] = 1,
		[FITNESS_UNKNOWN] = 2, [FITNESS_BLOCKED] = 3,
	};

	return costs[fitness];
}

static unsigned group_cost(enum grouping grouping)
{
	switch (grouping) {
	case GROUPING_SHARED_ENDPOINTS:
		return 1;
	case GROUPING_SHARED_GPU:
		return 2;
	case GROUPING_NONE:
		return 3;
	default:
		return 0;
	}
}

/* A guest gains most by a card in a slot; a virtual function costs the host
 * nothing, so it goes before the device it is of. */
static unsigned worth_cost(const struct device *device)
{
	bool on_root = device->parent == NONE;

	return device->physfn != NONE ? 0 : on_root ? 2 : 1;
}

static bool is_lit(const struct system *system, int device)
{
	bool lit;

	return topo_is_lit(system, device, &lit, NULL) == KNOWN && lit;
}

static bool is_boot(const struct system *system, int device)
{
	bool boot;

	topo_is_boot_display(system, device, &boot);
	return boot;
}

static void weigh(const struct scene *scene, int device, struct rank *rank)
{
	const struct system *system = scene->system;
	const struct device *self = &system->devices[device];
	const struct finding *reasons[MOST_REASONS];
	struct holding holding;
	unsigned count;
	enum fitness fitness = verdict_fitness(scene, device, reasons,
					       MOST_REASONS, &count);

	*rank = (struct rank){ .device = device };
	unsigned *cost = rank->cost;
	cost[BY_BMC] = display_is_bmc(self);
	cost[BY_FITNESS] = fitness_cost(fitness);
	for (unsigned i = 0; i < count; i++)
		cost[BY_BLOCKERS] += verdict_mark(reasons[i]) == MARK_BAD;
	cost[BY_LIT] = is_lit(system, device);
	cost[BY_BOOT] = is_boot(system, device);
	cost[BY_HOLDERS] = display_holdings(system, device, &holding, 1);
	cost[BY_REASONS] = count;
	cost[BY_GROUP] = group_cost(topo_grouping(system, device));
	cost[BY_WORTH] = worth_cost(self);
	cost[BY_RESET] = self->reset_method.known == ABSENT;
	cost[BY_ADDRESS] = (unsigned)device;
}

static int order_ranks(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	for (unsigned i = 0; i < COUNTS; i++)
		if (x->cost[i] != y->cost[i])
			return x->cost[i] < y->cost[i] ? -1 : 1;
	return 0;
}

unsigned candidate_order(const struct scene *scene, int *order, unsigned room)
{
	struct rank ranks[MOST_GPUS];
	unsigned count = 0;

	for (unsigned i = 0; i < scene->system->device_count; i++)
		if (topo_is_display(&scene->system->devices[i]) &&
		    count < MOST_GPUS)
			weigh(scene, (int)i, &ranks[count++]);
	if (count)
		qsort(ranks, count, sizeof *ranks, order_ranks);
	if (count > room)
		count = room;
	for (unsigned i = 0; i < count; i++)
		order[i] = ranks[i].device;
	return count;
}

/* --- in a sentence --- */

static const char *about_screens(const struct system *system, int device)
{
	return label_is_dark(system, device) ? _("no screen") :
		is_lit(system, device)	     ? _("a lit screen") :
					       _("a dark screen");
}

static const char *about_holders(const struct system *system, int device)
{
	struct holding holding;

	if (display_holdings(system, device, &holding, 1))
		return _("programs hold it");
	return system->usage.holders_known == KNOWN ? _("nobody holds it") :
						      _("no holder was seen");
}

static const char *about_group(const struct system *system, int device,
			       struct arena *arena)
{
	long long number = (long long)system->devices[device].group.value;

	switch (topo_grouping(system, device)) {
	case GROUPING_SHARED_ENDPOINTS:
	case GROUPING_SHARED_GPU:
		return arena_printf(arena, _("group %lld has others too"),
				    number);
	case GROUPING_NONE:
		return !known_is_settled(system->devices[device].group.known) ?
			       _("group not known") :
		       system->devices[device].group_index == NONE ?
			       _("in no group") :
			       _("who else is in its group is not known");
	default:
		return arena_printf(arena, _("group %lld is its own"), number);
	}
}

static const char *about_reset(const struct device *device,
			       struct arena *arena)
{
	/* The kernel tries the first of them first. */
	if (device->reset_method.known == KNOWN)
		return arena_printf(
			arena, _("resets by %s"),
			arena_copy(arena, device->reset_method.value,
				   strcspn(device->reset_method.value, " ")));
	return device->reset_method.known == ABSENT ? _("cannot be reset") :
						      _("reset not known");
}

static const char *praise(const struct system *system, int device,
			  struct arena *arena)
{
	return arena_printf(arena, "%s, %s, %s, %s",
			    about_screens(system, device),
			    about_holders(system, device),
			    about_group(system, device, arena),
			    about_reset(&system->devices[device], arena));
}

struct text candidate_advice(const struct scene *scene, struct arena *arena)
{
	const struct system *system = scene->system;
	const struct finding *reasons[1];
	unsigned count;
	int best;

	/* Another may be there that nothing tells of. */
	if (system->devices_known != KNOWN ||
	    !candidate_order(scene, &best, 1))
		return (struct text){ "", ROLE_TEXT };
	const struct device *self = &system->devices[best];
	const char *name = label_address(self, arena);
	enum fitness fitness = verdict_fitness(scene, best, reasons, 1,
					       &count);
	const char *first = count ? finding_title(reasons[0]) : "";
	enum role role = sign_role(fitness_mark(fitness));
	if (display_is_bmc(self))
		return (struct text){
			_("The only display is the management controller's: "
			  "it shows the remote console; no guest needs it."),
			ROLE_DIM };
	switch (fitness) {
	case FITNESS_READY:
		return (struct text){
			arena_printf(arena,
				     topo_is_vfio_driver(self->driver.value) ?
					     _("%s is with vfio already: %s.") :
					     _("Pass %s: %s."),
				     name, praise(system, best, arena)),
			role };
	case FITNESS_NEEDS_WORK:
		return (struct text){
			arena_printf(arena, _("%s is the best. First see to: "
					      "%s."), name, first), role };
	case FITNESS_BLOCKED:
		return (struct text){
			arena_printf(arena,
				     _("None can go now. %s comes closest; in "
				       "its way: %s."),
				     name, *first ? first :
						    _("it is in no group")),
			role };
	default:
		return (struct text){
			arena_printf(arena, _("%s may do, but nobody can "
					      "tell: %s."), name,
				     *first ? first : _("its group is not "
							"known")), role };
	}
}

const char *candidate_hybrid(const struct scene *scene, int device,
			     struct arena *arena)
{
	const struct system *system = scene->system;
	struct hybrid hybrid = display_hybrid(system);
	bool panel = device == hybrid.panel;

	if (hybrid.kind == HYBRID_NONE ||
	    (!panel && device != hybrid.other))
		return NULL;
	const char *with = label_address(
		&system->devices[panel ? hybrid.other : hybrid.panel], arena);
	const char *off = !panel && hybrid.off ?
		_("; switched off while nobody uses it") : "";
	switch (hybrid.kind) {
	case HYBRID_MUXLESS:
		return panel ?
			arena_printf(arena, _("the built-in panel hangs on it "
					      "alone; %s renders through it "
					      "(muxless)"), with) :
			arena_printf(arena, _("no wire to the built-in panel: "
					      "%s shows its pictures "
					      "(muxless)%s"), with, off);
	case HYBRID_MUXED:
		return panel ?
			arena_printf(arena, _("has the built-in panel now; a "
					      "switch can give it to %s "
					      "(muxed)"), with) :
			arena_printf(arena, _("the built-in panel is with %s "
					      "now; a switch can give it here "
					      "(muxed)%s"), with, off);
	default:
		return arena_printf(arena, _("shares a laptop with %s; who is "
					     "wired to the panel could not be "
					     "seen"), with);
	}
}
