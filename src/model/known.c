// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words for what is not known.
 */
#include "model/known.h"

#include "base/i18n.h"

const char *known_why(enum known known)
{
	static const char *const why[KNOWN_COUNT] = {
		[UNREAD] = N_("it was not read"),
		[KNOWN] = "",
		[ABSENT] = "",
		[DENIED] = N_("these rights do not reach it; needs root"),
		[ASLEEP] = N_("the device sleeps, and reading would wake it"),
		[SHORT] = N_("only its first bytes could be read; needs root"),
		[MALFORMED] = N_("what it holds makes no sense"),
		[SILENT] = N_("the kernel did not answer"),
	};

	return *why[known] ? _(why[known]) : "";
}
