// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hands what a device was heard to grant to the decoder.
 */
#include "source/granted.h"

#include "decode/vfio.h"

const struct grant *granted_read(const char *record, size_t len,
			       struct arena *arena)
{
	struct grant *grant = arena_alloc(arena, sizeof *grant);

	return vfio_decode(record, len, arena, grant) ? grant : NULL;
}
