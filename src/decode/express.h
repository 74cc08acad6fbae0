// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_EXPRESS_H
#define DECODE_EXPRESS_H

#include "model/system.h"

/*
 * What is to be taken out of one capability.  The two lists of config space
 * are walked elsewhere (config.c); here is what their entries hold.
 */
struct capability {
	uint16_t id;
	uint8_t need;		/* bytes that fill reads at the least */
	size_t flag;		/* offset of the has_… in struct config */

	/* Take the fields from @room bytes at @at; false when they end
	 * before the last field.  NULL: being there is all there is. */
	bool (*fill)(const uint8_t *at, size_t room, struct config *out);
};

/* Return the row of a capability id of the list below 0x100, or of the
 * extended list; NULL for what is of no interest here. */
const struct capability *express_standard(uint8_t id);
const struct capability *express_extended(uint16_t id);

#endif
