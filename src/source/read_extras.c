// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what only some devices have: mediated devices, BARs that can be
 * resized, what the kernel links to a display (Documentation/ABI/testing/
 * sysfs-bus-pci; drivers/pci/quirks.c, quirk_gpu_hda and its like).
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "source/read.h"

/* The sizes that a BAR can be given: reading them asks the device, which must
 * be awake for it (drivers/pci/pci-sysfs.c, __resource_resize_show). */
static void read_sizes(struct reader *reader, const struct place *at,
		       struct device *device, const char *name, int index)
{
	struct bar *bars = (void *)(uintptr_t)device->bars;

	if (device->asleep)
		return;
	struct fact_num sizes = read_num(reader, at, name, 16);
	for (unsigned i = 0; i < device->bar_count; i++)
		if (bars[i].index == index && sizes.known == KNOWN)
			bars[i].sizes = (uint64_t)sizes.value;
}

/* What the kernel knows to be of no use without a display: its sound, USB and
 * UCSI functions, by the names of the links to them. */
static void read_consumers(struct reader *reader, struct device *device)
{
	static const char prefix[] = "consumer:pci:";
	struct arena names = {0};
	struct listing listing;
	char path[64], address[BDF_TEXT];

	snprintf(path, sizeof path, "sys/bus/pci/devices/%s",
		 bdf_print(device->address, address));
	device->consumers_known = root_list(reader->root, NULL, path, &names,
					    &listing);
	struct bdf *all = arena_array(reader->arena, listing.count + 1u,
				      sizeof *all);
	device->consumers = all;
	for (unsigned i = 0; i < listing.count; i++)
		if (text_starts(listing.names[i], prefix) &&
		    bdf_parse(listing.names[i] + strlen(prefix),
			      &all[device->consumer_count]))
			device->consumer_count++;
	arena_free(&names);
}

/* Mediated devices and resizable BARs show by names that exist. */
/* "0000:01:00" in the file "address" of a slot: all functions are in it. */
void read_slots(struct reader *reader)
{
	struct system *system = reader->system;
	struct arena names = {0};
	struct listing listing;
	enum known known = root_list(reader->root, NULL, "sys/bus/pci/slots",
				     &names, &listing);

	for (unsigned i = 0; i < system->device_count; i++)
		system->devices[i].slot = (struct fact_text){
			known == KNOWN ? ABSENT : known, "" };
	for (unsigned i = 0; i < listing.count; i++) {
		struct buf path = {0};
		struct bdf address;
		buf_printf(&path, "sys/bus/pci/slots/%s/address",
			   listing.names[i]);
		struct fact_text text =
			read_text(reader, NULL, buf_str(&path));
		buf_reset(&path);
		buf_printf(&path, "%s.0", text.value);
		bool is = bdf_parse(buf_str(&path), &address);
		buf_free(&path);
		const char *name = text_safe(reader->arena, listing.names[i],
					     strlen(listing.names[i]));
		for (unsigned d = 0; is && d < system->device_count; d++)
			if (bdf_same_slot(system->devices[d].address, address))
				system->devices[d].slot =
					(struct fact_text){ KNOWN, name };
	}
	arena_free(&names);
}

void read_extras(struct reader *reader, const struct place *at,
			struct device *device)
{
	static const char *const names[] = {
		"resource0_resize", "resource1_resize", "resource2_resize",
		"resource3_resize", "resource4_resize", "resource5_resize",
	};

	device->mdev = read_exists(reader, at, "mdev_supported_types");
	device->rebar = (struct fact_num){ ABSENT, 0 };
	if (device->class >> 16 != 0x03)
		return;
	read_consumers(reader, device);
	for (int i = 0; i < 6; i++) {
		struct fact_num file = read_exists(reader, at, names[i]);
		if (file.known == KNOWN) {
			device->rebar = (struct fact_num){
				KNOWN, device->rebar.value | 1 << i,
			};
			read_sizes(reader, at, device, names[i], i);
		} else if (file.known != ABSENT && device->rebar.known != KNOWN)
			device->rebar.known = file.known;
	}
}
