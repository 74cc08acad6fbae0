// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The common beginning of rules that explain why there are no groups.  The
 * explanations are in the rules.
 */
#include "rule/begin.h"

bool begin_groupless(struct judge *judge, enum verdict *verdict)
{
	enum known groups = judge->clues->groups;

	if (groups == ABSENT)
		return true;
	*verdict = groups == KNOWN ?
			   VERDICT_PASS :
			   judge_unknown(judge, "/sys/kernel/iommu_groups",
					 groups);
	return false;
}

bool begin_groupless_on(struct judge *judge, enum cpu_maker maker,
			enum verdict *verdict)
{
	if (judge->clues->maker == MAKER_UNKNOWN) {
		if (begin_groupless(judge, verdict))
			*verdict = judge_unknown(
				judge, "/proc/cpuinfo",
				judge->system->host.cpu_vendor.known);
		return false;
	}
	if (judge->clues->maker == maker)
		return begin_groupless(judge, verdict);
	*verdict = VERDICT_NOT_HERE;
	return false;
}
