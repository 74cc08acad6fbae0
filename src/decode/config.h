// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_CONFIG_H
#define DECODE_CONFIG_H

#include "model/system.h"

/*
 * Decode @len bytes of config space (64, 128, 256 or 4096 usually) into *out.
 * @size is the size of the whole as stat tells it (256 or 4096), 0 unknown:
 * with less read than there is, the lists that could not be followed are
 * SHORT, never ABSENT.  Both lists are bounded and loop-proof: a loop, a
 * pointer below 0x40 or past the end makes the list MALFORMED, and what was
 * found before stays.  All bytes ff: header is MALFORMED.
 *
 * Source: PCI Local Bus 3.0, 6.1 and 6.7; PCIe Base 6.0, 7.5 and 7.6;
 * <linux/pci_regs.h>.
 */
void config_decode(const uint8_t *bytes, size_t len, size_t size,
		   struct config *out);

#endif
