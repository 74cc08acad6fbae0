// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel log of a stranger, to lines and from lines to facts.
 */
#include "fuzz.h"

#include <string.h>

#include "decode/kmsg.h"

static void check_text(const struct fact_text *fact)
{
	FUZZ_CHECK(fact->known == UNREAD || fact->known == KNOWN ||
		   fact->known == SHORT);
	FUZZ_CHECK(fact->known == UNREAD || fuzz_is_safe(fact->value));
}

static void check_lines(const struct log *log, size_t len)
{
	FUZZ_CHECK(log->count <= len);
	for (size_t i = 0; i < log->count; i++)
		FUZZ_CHECK(fuzz_is_safe(log->lines[i].text));
}

static void check_facts(const struct host *host)
{
	check_text(&host->release);
	check_text(&host->architecture);
	check_text(&host->cpu_vendor);
	check_text(&host->cpu_model);
	check_text(&host->cmdline);
	check_text(&host->dmi_vendor);
	check_text(&host->dmi_product);
	FUZZ_CHECK(host->tables_known != KNOWN || host->table_count);
	for (unsigned i = 0; i < host->table_count; i++)
		FUZZ_CHECK(fuzz_is_safe(host->tables[i].name));
	for (unsigned i = 0; i < host->parameter_count; i++)
		FUZZ_CHECK(fuzz_is_safe(host->parameters[i].name));
}

static void check_devices(struct arena *arena, const struct log *log)
{
	const struct logged_device *devices;
	bool whole;
	unsigned count = kmsg_devices(arena, log, &devices, &whole);

	FUZZ_CHECK(!whole || (count && log->complete));
	for (unsigned i = 0; i < count; i++) {
		FUZZ_CHECK(!i || bdf_compare(devices[i - 1].address,
					     devices[i].address) < 0);
		for (unsigned b = 0; b < BARS_LOGGED; b++)
			FUZZ_CHECK(!devices[i].bars[b].flags ||
				   (devices[i].bars[b].index == b &&
				    devices[i].bars[b].end >=
					    devices[i].bars[b].start));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena arena = {0};
	struct log log = {0};
	struct host host = {0};

	kmsg_parse(&arena, (const char *)bytes, len, &log);
	check_lines(&log, len);
	kmsg_facts(&arena, &log, &host);
	check_facts(&host);
	check_devices(&arena, &log);
	FUZZ_CHECK(log.begun || !log.complete);
	FUZZ_CHECK(log.begun || host.tables_known == UNREAD);
	arena_free(&arena);
	return 0;
}
