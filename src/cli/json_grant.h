// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef CLI_JSON_GRANT_H
#define CLI_JSON_GRANT_H

#include "cli/json.h"
#include "model/grant.h"
#include "plan/ask.h"

/* What VFIO granted to who asked, or at which stage it did not; a new
 * reference. */
json_t *json_grant(const struct scene *scene, const struct ask *ask,
		   const struct grant *grant);

#endif
