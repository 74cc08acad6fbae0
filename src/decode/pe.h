// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef DECODE_PE_H
#define DECODE_PE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A program for the firmware (PE32+), as far as it is a chest: a unified
 * kernel image keeps the kernel, its command line and its initramfs in
 * sections of their own.
 *
 * Source: Microsoft's PE format, "COFF File Header", "Section Table";
 * the UAPI group's specification of unified kernel images.
 */
enum { PE_HEAD = 4096, PE_NAME = 8 };	/* bytes: of a head that has all
					 * headers; of a section's name */

struct pe_section {
	uint64_t offset, size;	/* in the file; bytes */
};

/* Whether @head, the first bytes of a file, is that of such a program. */
bool pe_is(const uint8_t *head, size_t len);

/* Find a section by its name (".initrd") in the first PE_HEAD bytes of a file,
 * or all of a shorter one; false where it has none, or it is empty.  That its
 * bytes are there is not known. */
bool pe_find(const uint8_t *head, size_t len, const char *name,
	     struct pe_section *section);

#endif
