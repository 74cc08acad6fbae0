// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words that the asker and the decoder of its answers share.
 */
#include "model/grant.h"

#include <stddef.h>

const char *grant_stage_word(int stage)
{
	static const char *const words[] = {
		[GRANT_OPEN_GROUP] = "open-group", [GRANT_STATUS] = "status",
		[GRANT_VIABLE] = "viable",
		[GRANT_OPEN_CONTAINER] = "open-container",
		[GRANT_VERSION] = "version",
		[GRANT_SET_CONTAINER] = "set-container",
		[GRANT_NO_IOMMU_KIND] = "no-iommu-kind",
		[GRANT_SET_IOMMU] = "set-iommu", [GRANT_DEVICE_FD] = "device",
		[GRANT_OPEN_DEVICE] = "open-device",
		[GRANT_OPEN_IOMMUFD] = "open-iommufd", [GRANT_BIND] = "bind",
		[GRANT_INFO] = "info",
	};

	_Static_assert(sizeof words / sizeof *words == GRANT_STAGES,
		       "every stage has a word");
	return stage >= 0 && stage < GRANT_STAGES ? words[stage] : NULL;
}
