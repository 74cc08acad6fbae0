// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An EDID of a stranger, as it is and with its checksum put right.
 */
#include "fuzz.h"

#include <string.h>

#include "decode/edid.h"

enum { BLOCK_BYTES = 128 };

static void look(const uint8_t *bytes, size_t len)
{
	struct arena arena = {0};
	const char *monitor = edid_monitor(&arena, bytes, len);

	FUZZ_CHECK(!monitor || (*monitor && fuzz_is_safe(monitor)));
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t whole[BLOCK_BYTES], sum = 0;

	look(bytes, len);
	if (len < BLOCK_BYTES)
		return 0;
	memcpy(whole, bytes, BLOCK_BYTES);
	for (size_t i = 0; i < BLOCK_BYTES - 1; i++)
		sum = (uint8_t)(sum + whole[i]);
	whole[BLOCK_BYTES - 1] = (uint8_t)-sum;
	look(whole, BLOCK_BYTES);
	return 0;
}
