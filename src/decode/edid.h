// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_EDID_H
#define DECODE_EDID_H

#include "base/arena.h"

#include <stdint.h>

/*
 * Return the monitor's name as its EDID gives it ("DELL U2720Q", or vendor
 * and product number, "DEL 41190", when it has no name descriptor), safe to
 * print; NULL when the first block is no EDID (header or checksum).
 *
 * Source: VESA E-EDID 1.4, 3.3 to 3.10.
 */
const char *edid_monitor(struct arena *arena, const uint8_t *bytes, size_t len);

#endif
