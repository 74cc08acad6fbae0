// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef MODEL_BDF_H
#define MODEL_BDF_H

#include <stdbool.h>
#include <stdint.h>

/* The address of a PCI function. */
struct bdf {
	uint32_t domain;	/* VMD makes domains of 0x10000 and above */
	uint8_t bus;
	uint8_t device;		/* [0; 31] */
	uint8_t function;	/* [0; 7] */
};

enum { BDF_TEXT = 20 };	/* bytes that hold any printed address */

/*
 * Parse "0000:01:00.0", "10000:e1:00.0" or "01:00.0" (domain 0); the whole
 * of @text must be an address.  False otherwise.
 */
bool bdf_parse(const char *text, struct bdf *bdf);

/* Print as sysfs does: "0000:01:00.0".  Returns @out. */
char *bdf_print(struct bdf bdf, char out[static BDF_TEXT]);

/* Print without the domain where it is 0: "01:00.0".  Returns @out. */
char *bdf_print_short(struct bdf bdf, char out[static BDF_TEXT]);

/* -1, 0 or 1 in the order of domain, bus, device, function. */
int bdf_compare(struct bdf a, struct bdf b);

/* Whether both are functions of one device (slot). */
bool bdf_same_slot(struct bdf a, struct bdf b);

#endif
