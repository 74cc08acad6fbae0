// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Parse the whole of @text (blanks around it allowed) as an unsigned number.
 * @base is 10 or 16; with 16 a leading "0x" is allowed.  False, and *value
 * untouched, for anything else: empty, a sign, other characters, too large.
 */
bool num_parse(const char *text, unsigned base, uint64_t *value);

/* The same for a signed decimal number, such as numa_node's -1. */
bool num_parse_signed(const char *text, int64_t *value);

/*
 * Take a number from the front of *@text and step past it; blanks before it
 * are skipped.  False, nothing moved, when there is none or it overflows.
 */
bool num_take(const char **text, unsigned base, uint64_t *value);

/* Little-endian values at @offset of @bytes; 0 when past @len. */
uint8_t num_le8(const uint8_t *bytes, size_t len, size_t offset);
uint16_t num_le16(const uint8_t *bytes, size_t len, size_t offset);
uint32_t num_le32(const uint8_t *bytes, size_t len, size_t offset);
uint64_t num_le64(const uint8_t *bytes, size_t len, size_t offset);

#endif
