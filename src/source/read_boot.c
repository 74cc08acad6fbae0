// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what decides the next start and the limits of this one: modprobe.d,
 * modules-load.d, module parameters, secure boot, sleep, memory.  It changes
 * none of it.
 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "source/read_lines.h"

static void read_modprobe(struct reader *reader)
{
	static const char *const folders[] = {
		"etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d",
		"usr/lib/modprobe.d", "lib/modprobe.d",
	};
	struct host *host = &reader->system->host;
	struct lines lines = {0};
	struct buf real = {0};

	host->modprobe_known = ABSENT;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		/* /lib is /usr/lib today: do not read it twice. */
		if (i == 4 && root_real(reader->root, NULL, folders[i],
					&real) == KNOWN &&
		    strcmp(buf_str(&real), folders[3]) == 0)
			break;
		read_lines_folder(reader, "/", "", folders[i], &lines,
				  &host->modprobe_known);
	}
	buf_free(&real);
	host->modprobe = lines.items;
	host->modprobe_count = lines.count;
}

static void read_modules_load(struct reader *reader)
{
	static const char *const folders[] = {
		"etc/modules-load.d", "run/modules-load.d",
		"usr/lib/modules-load.d",
	};
	struct host *host = &reader->system->host;
	struct lines lines = {0};

	host->modules_load_known = ABSENT;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		read_lines_folder(reader, "/", "", folders[i], &lines,
				  &host->modules_load_known);
	if (read_file(reader, "etc/modules") == KNOWN)
		read_lines(reader, "/etc/modules", &lines);
	host->modules_load = lines.items;
	host->modules_load_count = lines.count;
}

/* What driverctl was told to do at every start: a file for each device. */
static void read_overrides(struct reader *reader)
{
	static const char folder[] = "etc/driverctl.d";
	static const char *const tools[] = { "usr/sbin/driverctl",
					     "usr/bin/driverctl",
					     "sbin/driverctl" };
	struct host *host = &reader->system->host;
	struct arena names = {0};
	struct listing listing;
	struct lines lines = {0};

	host->overrides_known =
		root_list(reader->root, NULL, folder, &names, &listing);
	for (unsigned i = 0; host->overrides_known == KNOWN &&
			     i < listing.count; i++) {
		const char *path = arena_printf(&names, "%s/%s", folder,
						listing.names[i]);
		struct bdf address;
		if (bdf_parse(listing.names[i], &address) &&
		    read_file(reader, path) == KNOWN)
			read_lines(reader, arena_printf(reader->arena, "/%s",
							path), &lines);
	}
	host->overrides = lines.items;
	host->override_count = lines.count;
	for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
		host->driverctl = read_exists(reader, NULL, tools[i]);
		if (host->driverctl.known == KNOWN)
			break;
	}
	arena_free(&names);
}

/* "MemTotal:       32577072 kB" */
static struct fact_num field_of(struct reader *reader, const char *path,
				const char *key, unsigned base)
{
	enum known known = read_file(reader, path);
	const char *at = buf_str(&reader->text), *line;
	size_t len;

	while (known == KNOWN &&
	       text_line(&at, buf_end(&reader->text), &line, &len)) {
		const char *rest = line + strlen(key);
		uint64_t value;
		if (!text_starts(line, key))
			continue;
		if (num_take(&rest, base, &value))
			return (struct fact_num){ KNOWN, (int64_t)value };
		return (struct fact_num){ KNOWN, -1 };	/* unlimited */
	}
	return (struct fact_num){ known == KNOWN ? ABSENT : known, 0 };
}

/* Four bytes of attributes, then 0 or 1. */
static struct fact_num read_secure_boot(struct reader *reader)
{
	enum known known = read_file(
		reader, "sys/firmware/efi/efivars/"
			"SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");

	if (known != KNOWN)
		return (struct fact_num){ known, 0 };
	if (reader->text.len < 5)
		return (struct fact_num){ MALFORMED, 0 };
	return (struct fact_num){ KNOWN, reader->text.data[4] == 1 };
}

static void read_limits(struct reader *reader)
{
	struct host *host = &reader->system->host;

	host->memory_bytes = field_of(reader, "proc/meminfo", "MemTotal:", 10);
	host->memory_bytes.value *= 1024;
	host->memlock_bytes = field_of(reader, "proc/self/limits",
				       "Max locked memory", 10);
	host->capabilities =
		field_of(reader, "proc/self/status", "CapEff:", 16);
}

void read_boot(struct reader *reader)
{
	struct host *host = &reader->system->host;

	read_modprobe(reader);
	read_modules_load(reader);
	read_overrides(reader);
	read_limits(reader);
	host->secure_boot = read_secure_boot(reader);
	host->sleep_states = read_text(reader, NULL, "sys/power/state");
	host->numa_nodes =
		read_text(reader, NULL, "sys/devices/system/node/online");
	host->apicv = read_flag(reader, "sys/module/kvm_intel/parameters/"
					"enable_apicv");
	host->avic = read_flag(reader, "sys/module/kvm_amd/parameters/avic");
}
