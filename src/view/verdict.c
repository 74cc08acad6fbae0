// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Findings summed up for one place on the screen.  It judges nothing itself.
 */
#include "view/verdict.h"

#include "base/i18n.h"
#include "model/topo.h"

static bool is_about_machine(const struct finding *finding)
{
	return finding->subject.scope == SCOPE_SYSTEM ||
	       finding->subject.scope == SCOPE_IOMMU;
}

/* Whether it was found about the device or its group. */
static bool is_about_device(const struct finding *finding, int device,
			    int group)
{
	switch (finding->subject.scope) {
	case SCOPE_DEVICE:
		return finding->subject.index == device;
	case SCOPE_GROUP:
		return group != NONE && finding->subject.index == group;
	default:
		return false;
	}
}

enum mark verdict_mark(const struct finding *finding)
{
	switch (finding->verdict) {
	case VERDICT_PASS:
		return MARK_GOOD;
	case VERDICT_CANNOT_TELL:
		return MARK_UNKNOWN;
	case VERDICT_FAIL:
		if (finding->aside)
			return MARK_NOTE;
		return finding->severity == SEVERITY_BLOCKER ? MARK_BAD :
		       finding->severity == SEVERITY_WARNING ? MARK_WARN :
							       MARK_NOTE;
	default:
		return MARK_NONE;
	}
}

const enum mark verdict_order[VERDICT_ORDER] = {
	MARK_BAD, MARK_WARN, MARK_UNKNOWN, MARK_NOTE, MARK_GOOD, MARK_NONE,
};

const struct finding *verdict_machine_first(const struct scene *scene,
					    enum severity severity)
{
	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		if (is_about_machine(finding) && !finding->under &&
		    finding->verdict == VERDICT_FAIL &&
		    finding->severity == severity)
			return finding;
	}
	return NULL;
}

const struct finding *verdict_logged_first(const struct scene *scene)
{
	for (unsigned i = 0; scene->system->devices_logged &&
	     i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		if (!is_about_machine(finding) && !finding->under &&
		    verdict_mark(finding) == MARK_BAD)
			return finding;
	}
	return NULL;
}

/* How bad a sign is, to find the worst of several. */
static int weight(enum mark mark)
{
	static const int weights[] = {
		[MARK_NONE] = 0, [MARK_NOTE] = 0, [MARK_GOOD] = 1,
		[MARK_UNKNOWN] = 2, [MARK_WARN] = 3, [MARK_BAD] = 4,
	};

	return weights[mark];
}

/* The weight of a finding: what could not be told counts where it might
 * have been a blocker. */
static enum mark mark_that_counts(const struct finding *finding)
{
	enum mark mark = verdict_mark(finding);

	if (finding->under || mark == MARK_NOTE)
		return MARK_NONE;
	if (mark == MARK_UNKNOWN && finding->severity != SEVERITY_BLOCKER)
		return MARK_NONE;
	return mark;
}

static enum mark worst_of(const struct scene *scene, int device, int group)
{
	enum mark worst = MARK_GOOD;

	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		enum mark mark = mark_that_counts(finding);
		if (is_about_device(finding, device, group) &&
		    weight(mark) > weight(worst))
			worst = mark;
	}
	return worst;
}

enum mark verdict_device(const struct scene *scene, int device)
{
	const struct device *self = &scene->system->devices[device];

	if (topo_is_bridge(self) || topo_is_platform(self))
		return MARK_NOTE;
	if (self->group_index == NONE)
		return self->group.known == ABSENT ? MARK_BAD : MARK_UNKNOWN;
	return worst_of(scene, device, self->group_index);
}

enum mark verdict_group(const struct scene *scene, int group)
{
	const struct group *self = &scene->system->groups[group];
	enum mark worst = worst_of(scene, NONE, group);
	bool ours = self->member_count == 0;

	for (unsigned i = 0; i < self->member_count; i++) {
		int at = self->members[i].device;
		enum mark mark = at == NONE ? MARK_UNKNOWN :
					      verdict_device(scene, at);
		if (mark != MARK_NOTE)
			ours = true;
		if (weight(mark) > weight(worst))
			worst = mark;
	}
	return ours ? worst : MARK_NOTE;
}

static unsigned gather(const struct scene *scene, int device, enum mark wanted,
		       const struct finding **reasons, unsigned room,
		       unsigned count)
{
	const struct subject subject = { SCOPE_DEVICE, device };
	int group = scene->system->devices[device].group_index;

	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		/* A warning about the machine is not one about each device. */
		bool above = finding->severity == SEVERITY_BLOCKER &&
			     findings_concern(scene->findings, finding,
					      subject);
		if (mark_that_counts(finding) != wanted ||
		    !(above || is_about_device(finding, device, group)))
			continue;
		if (count < room)
			reasons[count] = finding;
		count++;
	}
	return count;
}

enum fitness verdict_fitness(const struct scene *scene, int device,
			     const struct finding **reasons, unsigned room,
			     unsigned *count)
{
	const struct device *self = &scene->system->devices[device];
	unsigned bad, unknown, warn;

	bad = gather(scene, device, MARK_BAD, reasons, room, 0);
	unknown = gather(scene, device, MARK_UNKNOWN, reasons, room, bad);
	warn = gather(scene, device, MARK_WARN, reasons, room, unknown);
	*count = warn < room ? warn : room;
	if (bad || self->group.known == ABSENT)
		return FITNESS_BLOCKED;
	if (unknown || self->group_index == NONE)
		return FITNESS_UNKNOWN;
	return warn > unknown ? FITNESS_NEEDS_WORK : FITNESS_READY;
}

static const struct {
	const char *word, *text;
	enum mark mark;
} fitnesses[] = {
	[FITNESS_READY] = { "ready", N_("ready"), MARK_GOOD },
	[FITNESS_NEEDS_WORK] = { "needs-work", N_("needs work"), MARK_WARN },
	[FITNESS_BLOCKED] = { "blocked", N_("blocked"), MARK_BAD },
	[FITNESS_UNKNOWN] = { "unknown", N_("cannot tell"), MARK_UNKNOWN },
};

const char *fitness_word(enum fitness fitness)
{
	return fitnesses[fitness].word;
}

const char *fitness_text(enum fitness fitness)
{
	return _(fitnesses[fitness].text);
}

enum mark fitness_mark(enum fitness fitness)
{
	return fitnesses[fitness].mark;
}

unsigned verdict_count(const struct scene *scene, enum severity severity)
{
	unsigned count = 0;

	for (unsigned i = 0; i < scene->findings->count; i++) {
		const struct finding *finding = &scene->findings->items[i];
		if (!finding->under && !finding->aside &&
		    finding->verdict == VERDICT_FAIL &&
		    finding->severity == severity)
			count++;
	}
	return count;
}

unsigned verdict_count_unknown(const struct scene *scene)
{
	unsigned count = 0;

	for (unsigned i = 0; i < scene->findings->count; i++)
		if (scene->findings->items[i].verdict == VERDICT_CANNOT_TELL &&
		    !scene->findings->items[i].under &&
		    !scene->findings->items[i].aside)
			count++;
	return count;
}
