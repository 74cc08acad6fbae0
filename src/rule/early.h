// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_EARLY_H
#define RULE_EARLY_H

#include "model/system.h"

/*
 * What the initramfs makes of a device, before the files of the root are ever
 * seen.
 */
enum early_kind {
	EARLY_UNKNOWN,	/* it was not looked into, or could not be */
	EARLY_NOTHING,	/* nothing in it takes the device */
	EARLY_OWN,	/* .module is in it, and takes it first */
	EARLY_VFIO,	/* vfio-pci takes it there */
	EARLY_OPEN,	/* both are loaded there, in no order */
};

struct early {
	enum early_kind kind;
	const char *module;
	const char *source;	/* "/boot/initrd.img-6.1.0: conf/modules", or the
				 * image alone */
	const char *line;	/* what stands there, or "" */
	bool has_vfio;		/* vfio-pci is in it, or built in */
	bool loads_vfio;	/* and loaded there, with these ids or not */
	/* A line on the device that /etc/modprobe.d or its copy in the image
	 * has alone, and where; NULL where they agree, or neither matters. */
	const char *stale_source, *stale_line;
	bool stale_in_image;	/* the copy has it */
};

/* In @arena. */
struct early early_of(const struct system *system, int device,
		      struct arena *arena);

/* Why it is not known what the initramfs does, as the end of a sentence:
 * "the initramfs was not looked into"; and the image, or "". */
const char *early_why(const struct system *system, struct arena *arena);

/* --- lines of modprobe.d --- */

/* Take word after word of "nouveau nvidiafb". */
size_t early_next_word(const char **text);

/* The line "VERB MODULE …" that, with @pre, says that @pre comes first; NULL:
 * there is none. */
const struct config_line *early_line(const struct config_line *lines,
				     unsigned count, const char *verb,
				     const char *module, size_t len,
				     const char *pre);

/* Whether the kernel's command line has @module on a blacklist. */
bool early_blacklisted(const struct system *system, const char *module,
		       size_t len);

#endif
