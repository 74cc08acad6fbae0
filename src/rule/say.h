// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef RULE_SAY_H
#define RULE_SAY_H

#include "rule/clue.h"
#include "rule/engine.h"

/*
 * Evidence that many rules show, in one form.  Each adds what the machine's
 * own file says about the question; "(absent)" where its lack is the proof.
 */

/* Every occurrence of a kernel parameter, or that there is none. */
void say_parameter(struct judge *judge, const char *name);

/* A line of the kernel's log; nothing where @line is NULL. */
void say_line(struct judge *judge, const char *line);

/* A parameter as it stands on the command line, with all its words: the last
 * one of that name that has @word; "name=word" where there is none.  *rest
 * gets it without @word, NULL where no other word is left. */
const char *say_written(struct judge *judge, const char *name,
			const char *word, const char **rest);

/* @path, or the log's name where only the log told that fact. */
const char *say_source(struct judge *judge, enum logged_fact fact,
		       const char *path);

/* A device's ids with @note, its class, its driver: where they were read. */
void say_id(struct judge *judge, int device, const char *note);
void say_class(struct judge *judge, int device);
void say_driver(struct judge *judge, int device);

/* That the log, complete, lacks @what. */
void say_no_line(struct judge *judge, const char *what);

/* Whether there are groups, and units. */
void say_groups(struct judge *judge);

/* Whether an ACPI table is there. */
void say_table(struct judge *judge, const char *name);

/* How the kernel was built in respect of @symbol; nothing where not known. */
void say_symbol(struct judge *judge, enum symbol symbol);

/* A text or a number read from @path; "(absent)" where it is absent. */
void say_text(struct judge *judge, const char *path,
	      const struct fact_text *fact);
void say_num(struct judge *judge, const char *path,
	     const struct fact_num *fact);

/* Path of an attribute of a device or group: below
 * /sys/bus/pci/devices/<address>, /sys/kernel/iommu_groups/<number>. */
const char *say_device_path(struct judge *judge, int device,
			    const char *attribute);
const char *say_group_path(struct judge *judge, int group,
			   const char *attribute);

/* Where an attribute was read that the log tells too: the path of the device
 * that is judged, or the log. */
const char *say_read(struct judge *judge, const char *attribute);

/* The device that is judged, and the path of an attribute of it. */
const struct device *say_device(const struct judge *judge);
const char *say_path(struct judge *judge, const char *attribute);

/* The group that is judged. */
const struct group *say_group(const struct judge *judge);

/* Address of a device, short where its domain is 0; in the judge's arena. */
const char *say_address(struct judge *judge, int device);

/* What kind of thing a device is, in a word or two: "GPU", "root port". */
const char *say_kind(const struct device *device);

/* Add what the initramfs does to the device, as evidence, and how to have it
 * made anew where its copies are old; or how to have it looked into. */
void say_early(struct judge *judge);

#endif
