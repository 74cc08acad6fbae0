// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A stranger tells the privileged writer what to do: whatever parses must
 * print again the same, and whatever is allowed must stay where it belongs.
 */
#include "fuzz.h"

#include <string.h>

#include "apply/allow.h"
#include "base/text.h"
#include "plan/wire.h"

static void stays_in_place(const struct step *step)
{
	if (step->kind == STEP_RUN) {
		FUZZ_CHECK(strcmp(step->argv[0], "modprobe") == 0);
		FUZZ_CHECK(*step->argv[1] != '-' ||
			   strcmp(step->argv[1], "-b") == 0);
		return;
	}
	if (step->kind != STEP_WRITE)
		return;
	FUZZ_CHECK(text_starts(step->path, "/sys/bus/"));
	FUZZ_CHECK(!strstr(step->path, "/.") && !strstr(step->path, "//"));
	FUZZ_CHECK(strlen(step->path) < 256 && strlen(step->value) < 64);
	FUZZ_CHECK(fuzz_is_safe(step->path) && fuzz_is_safe(step->value));
	if (allow_value_is_address(step))
		FUZZ_CHECK(allow_address(step->value));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = {0};
	struct buf again = {0};
	struct step step;
	struct reply reply;
	const char *line = arena_copy(&arena, bytes, len);

	if (wire_parse_step(line, &arena, &step, NULL)) {
		struct step twin;
		wire_step(&again, &step);
		FUZZ_CHECK(wire_parse_step(buf_str(&again), &arena, &twin,
					   NULL));
		FUZZ_CHECK(strcmp(step.path, twin.path) == 0 &&
			   strcmp(step.value, twin.value) == 0);
		if (allow_step(&step, NULL))
			stays_in_place(&step);
	}
	wire_parse_reply(line, &reply);
	buf_free(&again);
	arena_free(&arena);
	return 0;
}
