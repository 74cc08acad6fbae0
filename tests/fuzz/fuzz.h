// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * A fuzz target: do what the program does with @len bytes of a stranger, and
 * check what must hold whatever they are.  Called by libFuzzer, or by the
 * driver with the corpus.  Returns 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* End the run where something does not hold that must. */
#define FUZZ_CHECK(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", \
				__FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/* Whether no byte of @text could move a terminal's cursor. */
static inline int fuzz_is_safe(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return 0;
	return 1;
}

#endif
