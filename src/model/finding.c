// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Findings as values: subjects printed, verdicts summed up.
 */
#include "model/finding.h"

#include <stdio.h>
#include <string.h>

char *subject_print(const struct system *system, struct subject subject,
		    char out[static SUBJECT_TEXT])
{
	char address[BDF_TEXT];

	switch (subject.scope) {
	case SCOPE_SYSTEM:
		snprintf(out, SUBJECT_TEXT, "system");
		break;
	case SCOPE_IOMMU:
		snprintf(out, SUBJECT_TEXT, "iommu:%.20s",
			 system->units[subject.index].name);
		break;
	case SCOPE_GROUP:
		snprintf(out, SUBJECT_TEXT, "group:%u",
			 system->groups[subject.index].number);
		break;
	case SCOPE_DEVICE:
		bdf_print(system->devices[subject.index].address, address);
		snprintf(out, SUBJECT_TEXT, "%s", address);
		break;
	}
	return out;
}

bool subject_is_same(struct subject a, struct subject b)
{
	return a.scope == b.scope && a.index == b.index;
}

static bool concerns_device(const struct system *system,
			    const struct finding *finding, int device)
{
	const struct device *self = &system->devices[device];

	switch (finding->subject.scope) {
	case SCOPE_GROUP:
		return finding->subject.index == self->group_index;
	case SCOPE_IOMMU:
		return finding->subject.index == self->unit_index;
	default:
		return false;
	}
}

bool findings_concern(const struct findings *findings,
		      const struct finding *finding, struct subject subject)
{
	if (finding->subject.scope == SCOPE_SYSTEM ||
	    subject_is_same(finding->subject, subject))
		return true;
	return subject.scope == SCOPE_DEVICE && findings->system &&
	       concerns_device(findings->system, finding, subject.index);
}

/* What counts for the machine as a whole; see the header. */
static bool is_about_machine(const struct finding *finding)
{
	return finding->subject.scope == SCOPE_SYSTEM ||
	       finding->subject.scope == SCOPE_IOMMU;
}

enum overall findings_overall(const struct findings *findings,
			      const struct subject *subject)
{
	bool unknown = false, warned = false;

	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->under ||
		    !(subject ? findings_concern(findings, finding, *subject) :
				is_about_machine(finding)))
			continue;
		if (finding->verdict == VERDICT_FAIL) {
			if (finding->severity == SEVERITY_BLOCKER)
				return OVERALL_BLOCKED;
			if (finding->severity == SEVERITY_WARNING)
				warned = true;
		} else if (finding->verdict == VERDICT_CANNOT_TELL &&
			   finding->severity == SEVERITY_BLOCKER) {
			unknown = true;
		}
	}
	return unknown ? OVERALL_UNKNOWN : warned ? OVERALL_WARNINGS :
						    OVERALL_READY;
}

const struct finding *findings_cause(const struct findings *findings)
{
	const struct finding *other = NULL;

	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->under || finding->aside ||
		    finding->verdict != VERDICT_FAIL ||
		    finding->severity == SEVERITY_INFO)
			continue;
		if (finding->subject.scope == SCOPE_SYSTEM)
			return finding;
		if (!other)
			other = finding;
	}
	return other;
}

const struct finding *findings_of(const struct findings *findings,
				  const char *rule, struct subject subject)
{
	for (unsigned i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (subject_is_same(finding->subject, subject) &&
		    strcmp(finding->rule, rule) == 0)
			return finding;
	}
	return NULL;
}
