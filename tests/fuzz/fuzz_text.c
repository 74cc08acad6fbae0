// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text of a stranger; the first byte says which decoder reads it: command
 * line, kernel configuration or /proc/interrupts.
 */
#include "fuzz.h"

#include <string.h>

#include "decode/cmdline.h"
#include "decode/interrupts.h"
#include "decode/kconfig.h"

static void try_cmdline(struct arena *arena, const char *text, size_t len)
{
	const struct parameter *items;
	unsigned count = cmdline_parse(arena, arena_copy(arena, text, len),
				       &items);

	FUZZ_CHECK(count <= len);
	for (unsigned i = 0; i < count; i++) {
		FUZZ_CHECK(fuzz_is_safe(items[i].name));
		FUZZ_CHECK(!items[i].value || fuzz_is_safe(items[i].value));
	}
}

static void try_kconfig(const char *text, size_t len)
{
	struct kconfig kconfig = {0};

	kconfig_parse(text, len, &kconfig);
	FUZZ_CHECK(kconfig.known == KNOWN || kconfig.known == MALFORMED);
	for (unsigned i = 0; i < SYMBOL_COUNT; i++)
		FUZZ_CHECK(memchr("ymn", kconfig.value[i], 3));
}

static void try_interrupts(struct arena *arena, const char *text, size_t len)
{
	const struct interrupt *items;
	unsigned count = interrupts_parse(arena, text, len, &items);

	FUZZ_CHECK(count <= len);
	for (unsigned i = 0; i < count; i++) {
		FUZZ_CHECK(fuzz_is_safe(items[i].number));
		FUZZ_CHECK(fuzz_is_safe(items[i].chip));
		FUZZ_CHECK(fuzz_is_safe(items[i].actions));
		FUZZ_CHECK(items[i].device == NONE);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = {0};

	if (!len)
		return 0;
	const char *text = (const char *)bytes + 1;
	switch (bytes[0] % 3) {
	case 0:
		try_cmdline(&arena, text, len - 1);
		break;
	case 1:
		try_kconfig(text, len - 1);
		break;
	case 2:
		try_interrupts(&arena, text, len - 1);
		break;
	}
	arena_free(&arena);
	return 0;
}
