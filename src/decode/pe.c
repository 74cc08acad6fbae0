// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The headers of a program for the firmware.
 */
#include "decode/pe.h"

#include <string.h>

#include "base/num.h"

enum {
	DOS_NEXT = 0x3c,	/* where "PE\0\0" is */
	SIGNATURE = 4,
	FILE_HEADER = 20, FILE_SECTIONS = 2, FILE_OPTIONAL_SIZE = 16,
	SECTION = 40, SECTION_VIRTUAL_SIZE = 8, SECTION_RAW_SIZE = 16,
	SECTION_RAW = 20,
};

/* Return where the file header begins; 0: nowhere. */
static size_t file_header(const uint8_t *head, size_t len)
{
	if (len < DOS_NEXT + 4 || memcmp(head, "MZ", 2) != 0)
		return 0;
	size_t at = num_le32(head, len, DOS_NEXT);
	if (at > len || len - at < SIGNATURE + FILE_HEADER ||
	    memcmp(head + at, "PE\0", SIGNATURE) != 0)
		return 0;
	return at + SIGNATURE;
}

bool pe_is(const uint8_t *head, size_t len)
{
	return file_header(head, len) != 0;
}

bool pe_find(const uint8_t *head, size_t len, const char *name,
	     struct pe_section *section)
{
	char wanted[PE_NAME] = {0};
	size_t header = file_header(head, len);

	if (!header)
		return false;
	memcpy(wanted, name, strnlen(name, PE_NAME));
	unsigned count = num_le16(head, len, header + FILE_SECTIONS);
	size_t at = header + FILE_HEADER +
		    num_le16(head, len, header + FILE_OPTIONAL_SIZE);
	for (; count && at <= len && len - at >= SECTION;
	     count--, at += SECTION) {
		if (memcmp(head + at, wanted, PE_NAME) != 0)
			continue;
		uint32_t size = num_le32(head, len, at + SECTION_VIRTUAL_SIZE);
		uint32_t raw = num_le32(head, len, at + SECTION_RAW_SIZE);
		/* The raw bytes are rounded up; the other is exact. */
		section->size = size && size < raw ? size : raw;
		section->offset = num_le32(head, len, at + SECTION_RAW);
		return section->size && section->offset;
	}
	return false;
}
