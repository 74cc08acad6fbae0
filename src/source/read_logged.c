// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices from the kernel's log, where nothing else tells of any: ids, BARs,
 * buses and groups as they were when the machine started.  Drivers, power and
 * all the rest stay unread.
 */
#include "decode/kmsg.h"
#include "source/read.h"

static const struct fact_text unread = { UNREAD, "" };

static void add_bars(struct reader *reader, const struct logged_device *logged,
		     struct device *device)
{
	struct bar *bars = arena_array(reader->arena, BARS_LOGGED,
				       sizeof *bars);

	for (unsigned i = 0; i < BARS_LOGGED; i++)
		if (logged->bars[i].flags)
			bars[device->bar_count++] = logged->bars[i];
	device->bars = bars;
}

static void add_device(struct reader *reader,
		       const struct logged_device *logged)
{
	struct device *device = build_device(&reader->builder,
					     logged->address);

	device->identity = KNOWN;
	device->class = logged->class;
	device->vendor = logged->vendor;
	device->device = logged->device;
	device->driver = device->driver_override = unread;
	device->modalias = device->modules = device->iommu = unread;
	device->power_state = device->runtime_status = unread;
	device->runtime_control = device->reset_method = unread;
	device->speed = device->speed_max = device->removable = unread;
	device->variant = device->slot = unread;
	if (logged->grouped)
		device->group = (struct fact_num){ KNOWN, logged->group };
	if (logged->bridges) {
		device->secondary_bus =
			(struct fact_num){ KNOWN, logged->secondary };
		device->subordinate_bus =
			(struct fact_num){ KNOWN, logged->subordinate };
	}
	add_bars(reader, logged, device);
}

/* A group for each number that devices name. */
static void add_groups(struct reader *reader)
{
	const struct system *system = reader->system;

	for (unsigned i = 0; i < system->device_count; i++) {
		const struct fact_num *group = &system->devices[i].group;
		bool seen = group->known != KNOWN;
		for (unsigned g = 0; g < system->group_count && !seen; g++)
			seen = system->groups[g].number ==
			       (unsigned)group->value;
		if (!seen)
			build_group(&reader->builder, (unsigned)group->value);
	}
}

/* The log; of its own where read_host had no business. */
static const struct log *log_of(struct reader *reader, struct log *own)
{
	const struct log *log = &reader->system->host.log;
	const char *source;

	if (reader->areas & AREA_HOST)
		return log->known == KNOWN ? log : NULL;
	if (root_log(reader->root, &reader->text, &source) != KNOWN)
		return NULL;
	kmsg_parse(reader->arena, buf_str(&reader->text), reader->text.len,
		   own);
	return own;
}

void read_logged(struct reader *reader)
{
	struct system *system = reader->system;
	const struct logged_device *devices;
	struct log own = {0};
	bool whole;

	if (system->devices_known != UNREAD || system->device_count)
		return;
	const struct log *log = log_of(reader, &own);
	if (!log)
		return;
	unsigned count = kmsg_devices(reader->arena, log, &devices, &whole);
	for (unsigned i = 0; i < count; i++)
		add_device(reader, &devices[i]);
	system->devices_logged = count != 0;
	if (whole)
		system->devices_known = KNOWN;
	if (system->groups_known == UNREAD && !system->group_count)
		add_groups(reader);
	build_sort(&reader->builder);
}
