// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef SOURCE_READ_H
#define SOURCE_READ_H

#include "base/buf.h"
#include "base/err.h"
#include "model/build.h"
#include "source/root.h"

/* What to read; a command that shows less may read less. */
enum reading {
	AREA_DEVICES = 1 << 0,	/* ids, class, driver, group, path */
	AREA_DETAIL = 1 << 1,	/* power, reset, links, BARs, config… */
	AREA_IOMMU = 1 << 2,	/* units and groups */
	AREA_DRIVERS = 1 << 3,	/* drivers, modules, candidates, vfio */
	AREA_DISPLAY = 1 << 4,
	AREA_HOST = 1 << 5,
	AREA_USAGE = 1 << 6,	/* mounts, routes, holders */
	AREA_ALL = (1 << 7) - 1,
	AREA_LINGER = 1 << 7,	/* and look for a second who holds nodes: some
				 * open them for moments only, some have
				 * them mapped and closed */
	AREA_INITRAMFS = 1 << 8, /* and unpack the initramfs, which takes as
				  * long as a second; with AREA_HOST */
};

/*
 * Read the machine behind @root into @arena.  It wakes no device (law 1): a
 * device listed in @wake, if any, is read all the same.  Never fails as a
 * whole: what could not be read is not known.
 */
const struct system *source_read(struct root *root, struct arena *arena,
				 unsigned areas, const struct bdf *wake);

/* --- for the readers themselves --- */

struct reader {
	struct root *root;
	struct arena *arena;
	struct builder builder;
	struct system *system;
	const struct bdf *wake;
	unsigned areas;
	struct buf text;	/* of the latest read */
	size_t access_room, parameter_room;	/* of lists that grow */
};

/* Read one attribute: a line of text, or a number. */
struct fact_text read_text(struct reader *reader, const struct place *at,
			   const char *path);
struct fact_num read_num(struct reader *reader, const struct place *at,
			 const char *path, unsigned base);
/* Read a parameter that prints Y or N, or 1 or 0. */
struct fact_num read_flag(struct reader *reader, const char *path);
/* Read a file of any length into reader->text. */
enum known read_file(struct reader *reader, const char *path);
/* Read a link and return the last name of its target. */
struct fact_text read_link(struct reader *reader, const struct place *at,
			   const char *path);
/* KNOWN 1 when the name is there, ABSENT when it is not. */
struct fact_num read_exists(struct reader *reader, const struct place *at,
			    const char *path);
/* Whether to look at processes: on this machine, and in a folder that does not
 * keep in @kept what was seen of them; not where that is recalled. */
bool read_looks(struct reader *reader, const char *kept);
/* The device whose address comes last in a path; NONE when there is none. */
int device_in_path(const struct system *system, const char *path);
/* The device behind a class entry, by where its folder really is. */
int device_behind(struct reader *reader, const char *path);

void read_devices(struct reader *reader);
/* What few have: of all devices, the names of their slots; of the device at
 * @at, before its config space, the rest. */
void read_slots(struct reader *reader);
void read_extras(struct reader *reader, const struct place *at,
		 struct device *device);
void read_iommu(struct reader *reader);
void read_drivers(struct reader *reader);
void read_mdevs(struct reader *reader);
void read_uios(struct reader *reader);
void read_vfio(struct reader *reader);
void read_display(struct reader *reader);
/* Before read_host, which takes from the log what is lacking. */
void read_firmware(struct reader *reader);
void read_host(struct reader *reader);
/* Behind it, and before all that asks for devices. */
void read_logged(struct reader *reader);
void read_boot(struct reader *reader);
/* Behind read_host and read_boot. */
void read_initramfs(struct reader *reader);
void read_services(struct reader *reader);
void read_input(struct reader *reader);
void read_gear(struct reader *reader);
void read_usb(struct reader *reader);
void read_disks(struct reader *reader);
void read_storage(struct reader *reader);
void read_network(struct reader *reader);
void read_claims(struct reader *reader);
void read_holders(struct reader *reader);
/* Behind it: marks those that are masters of a card. */
void read_masters(struct reader *reader);
/* The interface by which this connection came in; "" for none. */
void read_session(struct reader *reader, char *name, size_t room);
/* Which interface has which address: "eth0 10.0.2.15" lines are added to
 * @out. */
enum known read_addresses(struct reader *reader, struct buf *out);
/* What could drive each device, by libkmod; from the capture elsewhere. */
void read_candidates(struct reader *reader);

#endif
