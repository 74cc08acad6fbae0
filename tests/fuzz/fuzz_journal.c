// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A journal that something has damaged: it is read or refused, and what is
 * read is whole.
 */
#include "fuzz.h"

#include <string.h>

#include "act/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = {0};
	struct record record;
	const char *text = arena_copy(&arena, bytes, len);

	if (record_parse(text, &arena, &record)) {
		FUZZ_CHECK(record.title && record.intent);
		for (unsigned i = 0; i < record.device_count; i++)
			FUZZ_CHECK(record.devices[i].driver &&
				   record.devices[i].ids);
		for (unsigned i = 0; i < record.step_count; i++)
			for (unsigned u = 0; u < record.steps[i].undo_count;
			     u++)
				FUZZ_CHECK(record.steps[i].undo[u].path);
	}
	arena_free(&arena);
	return 0;
}
