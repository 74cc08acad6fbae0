// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Config space of a stranger: the first byte says what stat told of its size,
 * the rest is what was read.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "decode/config.h"

static bool is_one_of(enum known known, enum known a, enum known b,
		      enum known c, enum known d)
{
	return known == a || known == b || known == c || known == d;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const size_t sizes[] = { 0, 64, 256, 4096 };
	struct config config, again;

	if (!len)
		return 0;
	size_t size = sizes[bytes[0] % 4];
	memset(&config, 0xaa, sizeof config);
	config_decode(bytes + 1, len - 1, size, &config);
	config_decode(bytes + 1, len - 1, size, &again);
	FUZZ_CHECK(is_one_of(config.header, KNOWN, SHORT, MALFORMED, KNOWN));
	FUZZ_CHECK(is_one_of(config.caps, KNOWN, ABSENT, SHORT, MALFORMED));
	FUZZ_CHECK(is_one_of(config.ecaps, KNOWN, ABSENT, SHORT, MALFORMED));
	FUZZ_CHECK(config.header == again.header && config.caps == again.caps &&
		   config.ecaps == again.ecaps);
	FUZZ_CHECK(config.cap_count <= sizeof config.cap_ids);
	FUZZ_CHECK(config.ecap_count <= sizeof config.ecap_ids /
						sizeof *config.ecap_ids);
	FUZZ_CHECK(config.caps != ABSENT || !config.has_pcie);
	FUZZ_CHECK(config.ecaps != ABSENT || !config.has_acs);
	FUZZ_CHECK(config.msix_vectors <= 2048);
	return 0;
}
