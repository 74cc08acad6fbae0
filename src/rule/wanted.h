// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_WANTED_H
#define RULE_WANTED_H

#include "model/system.h"

/*
 * What vfio-pci was told to take by ids: vfio-pci.ids= on the kernel's
 * command line, and ids= in "options vfio-pci" lines of modprobe.d.
 */
struct wanted {
	const char *source;	/* /proc/cmdline, /etc/modprobe.d/vfio.conf */
	const char *ids;	/* "10de:2684,10de:22ba", and what follows */
};

/* Take the next list; *at begins as 0.  False at the end. */
bool wanted_next(const struct system *system, unsigned *at,
		 struct wanted *wanted);

/* Take the next id of a list and step past it; *at is NULL at the end.
 * False when it is none. */
bool wanted_take_id(const char **at, uint64_t *vendor, uint64_t *device);

/* Whether a device is asked for; *wanted gets the list, and may be NULL. */
bool wanted_has(const struct system *system, const struct device *device,
		struct wanted *wanted);

/* The same, by pci-stub, which holds a device that nobody is to drive;
 * drivers/pci/pci-stub.c, pci_stub_init(). */
bool wanted_by_stub(const struct system *system, const struct device *device,
		    struct wanted *wanted);

/* The same as the first, asked for by one of these lines of modprobe.d; by the kernel's
 * command line or the initramfs's copy of modprobe.d. */
bool wanted_in(const struct config_line *lines, unsigned count,
	       const struct device *device, struct wanted *wanted);
bool wanted_early(const struct system *system, const struct device *device,
		  struct wanted *wanted);

/* Whether all places are known where it could be asked for; else why not, and
 * *source which. */
enum known wanted_known(const struct system *system, const char **source);

/*
 * Whether vfio-pci's denylist is switched off (disable_denylist): as the loaded
 * module says, else as it was told for the next time it is loaded, where the
 * last word wins and what the kernel takes for no bool says nothing.  ABSENT:
 * it is not; else why not known.  *source gets where it stands, or what could not be
 * read, and *value what stands there, NULL where nothing does.
 * Source: kernel/params.c, param_set_bool(); lib/kstrtox.c, kstrtobool().
 */
enum known wanted_lifts_denylist(const struct system *system,
				 const char **source, const char **value);

#endif
