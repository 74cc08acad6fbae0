// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_ACPI_H
#define DECODE_ACPI_H

#include "base/arena.h"
#include "model/system.h"

/*
 * Decode the bytes of one ACPI table.  .known is KNOWN, SHORT when the file
 * is shorter than its header says, or MALFORMED when signature or length make
 * no sense; .whole is false when structures do not end where the table ends.
 * What could be read before a fault stays.
 *
 * Source: VT-d specification 4.1, chapter 8; AMD I/O Virtualization 3.07,
 * chapter 5; ACPI 6.5, 5.2.31 (VIOT).
 */
void dmar_decode(struct arena *arena, const uint8_t *bytes, size_t len,
		 struct dmar *out);
void ivrs_decode(struct arena *arena, const uint8_t *bytes, size_t len,
		 struct ivrs *out);
void viot_decode(struct arena *arena, const uint8_t *bytes, size_t len,
		 struct viot *out);
void iort_decode(const uint8_t *bytes, size_t len, struct iort *out);

#endif
